"""Small cases made in memory, for any test that needs one: ``from tests.builders import small_case``."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

from overland.case.model import (
    Case,
    Crossing,
    CrossingMode,
    EntryRule,
    Fleet,
    Group,
    Mode,
    Place,
    Policy,
    Reception,
    Road,
    Role,
)

START = datetime(2022, 2, 17, 6, 0, tzinfo=UTC)  # 08:00 in Kyiv


def hours(number: float) -> datetime:
    """The moment so many hours after the start of the small case."""
    return START + timedelta(hours=number)


def place(key: str, *roles: Role, **others: Any) -> Place:
    """A place; an assembly area if no role is given."""
    values: dict[str, Any] = {"name": key.title(), "latitude": 50.0, "longitude": 30.0}
    return Place(id=key, roles=frozenset(roles or (Role.ASSEMBLY,)), **(values | others))


def road(start: str, end: str, km: float, **others: Any) -> Road:
    """A road of class M (60 km/h by car) named after its ends."""
    values: dict[str, Any] = {"id": f"{start}-{end}", "road_class": "M"}
    return Road(start=start, end=end, km=km, **(values | others))


def crossing(key: str, country: str, **others: Any) -> Crossing:
    """A crossing into a country, received by ``<country>-centre``."""
    values: dict[str, Any] = {"name": key.title(), "latitude": 49.0, "longitude": 23.0}
    values["reception"] = f"{country.lower()}-centre"
    return Crossing(id=key, country=country, **(values | others))


def mode(
    crossing: str, mode: Mode, rate_per_hour: float = 60, wait_hours: float = 1, **others: Any
) -> CrossingMode:
    """One way of passing a crossing."""
    return CrossingMode(
        crossing=crossing, mode=mode, rate_per_hour=rate_per_hour, wait_hours=wait_hours, **others
    )


def centre(country: str, intake_per_day: int = 1000) -> Reception:
    """The reception centre of a country."""
    return Reception(
        id=f"{country.lower()}-centre",
        name=f"{country} centre",
        country=country,
        latitude=49.0,
        longitude=22.0,
        intake_per_day=intake_per_day,
    )


def group(key: str, place: str, size: int = 4, **others: Any) -> Group:
    """Citizens, ready at the start, who ride."""
    values: dict[str, Any] = {"category": "citizens", "ready": START}
    return Group(id=key, place=place, size=size, **(values | others))


def fleet(key: str, depot: str, count: int = 2, seats: int = 20, **others: Any) -> Fleet:
    """Buses that may leave from the start."""
    values: dict[str, Any] = {"available": START}
    return Fleet(id=key, depot=depot, count=count, seats=seats, **(values | others))


def policy(**overrides: Any) -> Policy:
    """Three categories, no cap on any country, buses as fast as cars, no notice."""
    values: dict[str, Any] = {
        "weights": {"vulnerable": 3.0, "citizens": 1.0, "kin": 0.9},
        "country_share": {},
        "speeds_kmh": {"M": 60.0, "N": 40.0},
        "bus_speed_factor": 1.0,
    }
    return Policy(**(values | overrides))


def small_case(**overrides: Any) -> Case:
    """A well-formed case of three places, two crossings, a fleet of two buses and five groups (17 people).

    ::

        capital --120 km-- hub --60 km-- west (PL: bus 1 h wait, foot 0.5 h, car 2 h)
           |                |
           60 km            90 km
           |                |
          town             south (HU: bus, open 08:00-20:00)

    It runs for 48 h in steps of 30 minutes. Any field of :class:`Case` can be overridden.
    """
    case = Case(
        id="small",
        title="A small case",
        sponsor="IL",
        country="UA",
        time_zone="Europe/Kyiv",
        start=START,
        horizon_hours=48,
        step_minutes=30,
        policy=policy(),
        places=(
            place("capital", Role.ASSEMBLY, Role.DEPOT, hazard=2.0, boarding_per_hour=60),
            place("town"),
            place("hub", Role.ASSEMBLY, Role.HUB, waiting_capacity=40),
        ),
        roads=(
            road("capital", "town", 60, road_class="N"),
            road("capital", "hub", 120),
            road("hub", "west", 60),
            road("hub", "south", 90),
        ),
        crossings=(crossing("west", "PL"), crossing("south", "HU")),
        crossing_modes=(
            mode("west", Mode.BUS, 20, 1),
            mode("west", Mode.FOOT, 10, 0.5),
            mode("west", Mode.CAR, 10, 2),
            mode("south", Mode.BUS, 40, 0.5, opens=time(8), closes=time(20)),
        ),
        reception=(centre("PL"), centre("HU")),
        groups=(
            group("G1", "capital", 4, category="vulnerable", can_walk=False),
            group("G2", "capital", 6),
            group("G3", "town", 3, kin=1, kin_nationality="UA", category="kin"),
            group("G4", "town", 2, own_car=True, ready=hours(4)),
            group("G5", "hub", 2, ready=hours(2.5)),
        ),
        fleets=(fleet("buses", "capital"),),
        entry_rules=(EntryRule(country="*", nationality="*", papers="*", admitted=True),),
    )
    return replace(case, **overrides)
