"""A case with something of everything, and a good plan for it, worked out by hand.

::

    capital --2 h-- hub --1 h-- west (PL: bus 1 h, foot 0.5 h, rail 0.5 h, car 2 h wait)
       |             |
     1.5 h         1.5 h
       |             |
      town          south (HU: bus, 0.5 h wait, open 08:00-20:00)
         |
       island (the road is closed for good)

Three buses (20 seats) stand at the capital, a van (8 seats, 3 h of driving, then 2 h of rest) at the hub; a
train calls at the capital (2:05 h after the start), the hub (4:15 h) and at west (6:15 h). Steps are half
hours; loading, unloading and a change take one step each. Hours below count from the start.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from overland.case import digest
from overland.case.model import (
    Case,
    Closure,
    Convoy,
    Corridor,
    CorridorStatus,
    EntryRule,
    Mode,
    Papers,
    Role,
    Service,
    ServiceStop,
)
from overland.plan.document import Certificate, Drive, Left, Move, Plan, Ride, Totals, Trip, Value
from overland.verify import recompute
from tests.builders import START, fleet, group, hours, mode, place, policy, road, small_case

TRAIN = "train@2022-02-17"


def rich_case(**overrides: Any) -> Case:
    """Thirty-three people in eleven groups."""
    base = small_case()
    admitted = EntryRule(country="*", nationality="*", papers="*", admitted=True)
    values: dict[str, Any] = {
        "places": (
            place("capital", Role.ASSEMBLY, Role.DEPOT, hazard=2.0, boarding_per_hour=12),
            place("town"),
            place("hub", Role.ASSEMBLY, Role.HUB, Role.DEPOT, waiting_capacity=4),
            place("island", longitude=33.0),
        ),
        "roads": (*base.roads, road("town", "island", 30)),
        "closures": (Closure(road="town-island", start=START),),
        "crossing_modes": (*base.crossing_modes, mode("west", Mode.RAIL, 20, 0.5)),
        "groups": (
            group("G1", "capital", 4, category="vulnerable", can_walk=False),
            group("G2", "capital", 6),
            group("G3", "town", 3, category="kin", kin=1, kin_nationality="UA"),
            group("G4", "town", 2, own_car=True, ready=hours(4)),
            group("G5", "hub", 2, ready=hours(2.5)),
            group("G6", "capital", 5, papers=Papers.NONE),
            group("G7", "capital", 4, ready=hours(1)),
            group("G8", "island", 2),
            group("G9", "town", 1, ready=hours(40)),
            group("G10", "capital", 2, category="kin", ready=hours(1.5)),
            group("G11", "hub", 2, ready=hours(14)),
        ),
        "fleets": (
            fleet("buses", "capital", 3, 20),
            fleet("vans", "hub", 1, 8, available=hours(1), max_driving_hours=3, rest_hours=2, avoids_level=4),
        ),
        "entry_rules": (EntryRule(country="PL", nationality="*", papers="none", admitted=False), admitted),
        "corridors": (
            Corridor(
                id="escort",
                name="Under escort to the west",
                roads=("hub-west",),
                start=START,
                end=hours(48),
                status=CorridorStatus.ACCEPTED,
                escorted=True,
            ),
        ),
        "convoys": (Convoy(id="first", corridor="escort", place="hub", departs=hours(14), vehicles=2),),
        "services": (
            Service(
                id="train",
                name="Train to the west",
                seats=10,
                departs=time(10, 5),
                first_day=date(2022, 2, 17),
                last_day=date(2022, 2, 18),
            ),
        ),
        "service_stops": (
            ServiceStop(service="train", sequence=1, stop="capital", minutes=0),
            ServiceStop(service="train", sequence=2, stop="hub", minutes=130),
            ServiceStop(service="train", sequence=3, stop="west", minutes=250),
        ),
        "policy": policy(country_share={"PL": 0.95}),
    }
    return small_case(**(values | overrides))


def good_plan(case: Case) -> Plan:
    """Everybody out but the two on the island and one who is ready too late for a bus."""
    plan = Plan(
        case=case.id,
        case_digest=digest(case),
        overland="by hand",
        seed=0,
        seconds=0.0,
        trips=[
            trip("T0001", "buses-01", "capital", "across", "west", (0.5, 3.5, 4.5, 6.5), "G1", "G2"),
            trip("T0002", "buses-02", "capital", "across", "south", (0.5, 4, 4.5, 6.5), "G6"),
            trip("T0003", "vans-01", "hub", "foot", "west", (5, 6, 6.5, 6.5), "G5", "G7"),
            trip("T0004", "buses-03", "town", "hub", "hub", (2, 5.5, None, 6), "G3"),
            trip("T0005", "vans-01", "hub", "foot", "west", (8, 9, 9.5, 9.5), "G3"),
            trip("T0006", "vans-01", "hub", "across", "west", (14, 15, 16, 18), "G11", convoy="first"),
        ],
        moves=[
            move("buses-03", "capital", "town", 0, 1.5),
            move("vans-01", "west", "hub", 6.5, 7.5),
            move("vans-01", "west", "hub", 12, 13),
        ],
        rides=[
            ride("capital", "hub", (2, 4.5, None), "G7"),
            ride("capital", "west", (2, 6.5, 7), "G10"),
        ],
        drives=[
            Drive(
                group="G4",
                origin="town",
                destination="west",
                depart=hours(4),
                arrive=hours(8.5),
                passed=hours(10.5),
            )
        ],
        left=[
            Left(group="G8", stranded=True, reason="the road off the island is closed"),
            Left(group="G9", stranded=False, reason="no bus is worth the way"),
        ],
        totals=Totals(people=0, out=0, stranded=0, exposure=0, left_cost=0, vehicle_hours=0, cleared=None),
        certificate=Certificate(
            cost=0,
            bound=0,
            gap=0,
            envelope=[(hours(0), 0), (hours(4.5), 25), (hours(48), 33)],  # 21 by then at most, in fact
        ),
        values=[
            Value(limit="buses at capital", kind="fleet", subject="capital", unit="one more bus", saves=12.5),
            Value(limit="west by bus", kind="crossing", subject="west", unit="ten more an hour", saves=3.0),
        ],
    )
    return with_figures(case, plan)


def with_figures(case: Case, plan: Plan) -> Plan:
    """The plan with its own totals and cost, and a bound a tenth below."""
    right = recompute(case, plan)
    totals = Totals(
        people=right.people,
        out=right.out,
        stranded=right.stranded,
        exposure=right.exposure,
        left_cost=right.left_cost,
        vehicle_hours=right.vehicle_hours,
        cleared=right.cleared,
    )
    certificate = plan.certificate.model_copy(
        update={"cost": right.cost, "bound": 0.9 * right.cost, "gap": 0.1 if right.cost else 0.0}
    )
    return plan.model_copy(update={"totals": totals, "certificate": certificate})


def trip(
    key: str,
    vehicle: str,
    origin: str,
    kind: Any,
    destination: str,
    moments: tuple[float, float, float | None, float],
    *groups: str,
    convoy: str | None = None,
) -> Trip:
    """A trip; moments are depart, arrive, passed and free, in hours."""
    depart, arrive, passed, free = moments
    return Trip(
        id=key,
        vehicle=vehicle,
        origin=origin,
        kind=kind,
        destination=destination,
        depart=hours(depart),
        arrive=hours(arrive),
        passed=_moment(passed),
        free=hours(free),
        groups=list(groups),
        convoy=convoy,
    )


def move(vehicle: str, origin: str, destination: str, depart: float, arrive: float) -> Move:
    """An empty move; moments in hours."""
    return Move(
        vehicle=vehicle, origin=origin, destination=destination, depart=hours(depart), arrive=hours(arrive)
    )


def ride(origin: str, destination: str, moments: tuple[float, float, float | None], *groups: str) -> Ride:
    """A ride on the train of the first day; moments are depart, arrive and passed, in hours."""
    depart, arrive, passed = moments
    return Ride(
        run=TRAIN,
        origin=origin,
        destination=destination,
        depart=hours(depart),
        arrive=hours(arrive),
        passed=_moment(passed),
        groups=list(groups),
    )


def _moment(number: float | None) -> datetime | None:
    return None if number is None else hours(number)
