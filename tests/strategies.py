"""Random cases that are small enough for ``tests.oracle``, with every feature of the planning problem."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st

from overland.case.model import (
    Case,
    Closure,
    Convoy,
    Corridor,
    CorridorStatus,
    EntryRule,
    Mode,
    Papers,
    Place,
    Road,
    Role,
    Service,
    ServiceStop,
    Threat,
    WaitForecast,
)
from tests.builders import centre, crossing, fleet, group, mode, place, policy, road

Draw = st.DrawFn

NOTHING: frozenset[str] = frozenset()
CHAIR, STRETCHER = frozenset(["wheelchair"]), frozenset(["stretcher"])


@st.composite
def tiny_cases(draw: Draw) -> Case:
    """A case with at most four groups, two vehicles, two towns, a hub, two crossings and 16 steps."""
    start = datetime(2022, 2, 17, draw(st.sampled_from([5, 12, 19])), tzinfo=UTC)
    step_minutes = draw(st.sampled_from([30, 60]))
    horizon_hours = draw(st.integers(5, 8)) * step_minutes // 30

    def moment(latest: float) -> datetime:
        return start + timedelta(minutes=draw(st.integers(0, int(latest * 4))) * 15)

    with_hub, with_city = draw(st.sampled_from([True, True, False])), draw(st.booleans())
    places = _places(draw, with_hub, with_city)
    towns = [p.id for p in places]
    roads = _roads(draw, step_minutes, with_hub, with_city)
    extras: dict[str, Any] = {}
    if draw(st.sampled_from([True, True, False])):
        extras |= _services(draw, start, step_minutes, towns)
    if draw(st.booleans()):
        extras |= _dangers(draw, moment, horizon_hours, roads, towns)
    return Case(
        id="tiny",
        title="A tiny case",
        sponsor="IL",
        country="UA",
        time_zone="Europe/Kyiv",
        start=start,
        horizon_hours=horizon_hours,
        step_minutes=step_minutes,
        policy=_policy(draw),
        places=places,
        roads=roads,
        crossings=(crossing("north", "PL"), crossing("south", "HU")),
        crossing_modes=_modes(draw, step_minutes),
        reception=(centre("PL", draw(st.sampled_from([5, 1000]))), centre("HU", 1000)),
        groups=_groups(draw, towns, moment, horizon_hours / 3),
        fleets=_fleets(draw, towns, moment, step_minutes),
        entry_rules=_entry_rules(draw),
        waits=tuple(
            WaitForecast(crossing="north", mode=Mode.BUS, start=moment(horizon_hours), wait_hours=hours)
            for hours in draw(st.lists(st.sampled_from([0.0, 0.5, 2.0]), max_size=1))
        ),
        **extras,
    )


def _places(draw: Draw, with_hub: bool, with_city: bool) -> tuple[Place, ...]:
    boarding = draw(st.sampled_from([None, None, 3.0, 8.0]))
    capacity = draw(st.sampled_from([None, 2, 6]))
    hazard = draw(st.sampled_from([1.0, 4.0]))
    places = [place("town", Role.ASSEMBLY, Role.DEPOT, hazard=hazard, boarding_per_hour=boarding)]
    if with_city:
        places.append(place("city", longitude=31.0))
    if with_hub:
        places.append(place("hub", Role.HUB, longitude=28.0, waiting_capacity=capacity, hazard=0.5))
    return tuple(places)


def _roads(draw: Draw, step_minutes: int, with_hub: bool, with_city: bool) -> tuple[Road, ...]:
    def km() -> float:
        return draw(st.integers(2, 10)) * step_minutes / 4  # half a step to two steps and a half, at 60 km/h

    roads = [] if with_hub and draw(st.booleans()) else [road("town", "north", km())]
    if draw(st.booleans()):
        roads.append(road("town", "south", km(), one_way=draw(st.booleans())))
    if with_city:
        roads.append(road("city", "town", km()))
        roads += [road("city", "south", km())] * draw(st.booleans())
    if with_hub:
        roads += [road("town", "hub", km()), road("hub", "north", km())]
        roads += [road("hub", "south", km())] * draw(st.booleans())
    return tuple(roads)


def _modes(draw: Draw, step_minutes: int) -> tuple[Any, ...]:
    step = step_minutes / 60
    hours: dict[str, Any] = {}
    if draw(st.booleans()):
        hours = {"opens": time(draw(st.integers(0, 23))), "closes": time(draw(st.integers(0, 23)))}

    def one(key: str, how: Mode, **others: Any) -> Any:
        rate = draw(st.sampled_from([4.0, 7.5, 60.0])) / step
        wait = draw(st.sampled_from([0, 0, 0.75, 1, 2])) * step
        return mode(key, how, rate, wait, turnaround_hours=draw(st.integers(0, 2)) * step, **others)

    modes = [one("north", Mode.BUS), one("south", Mode.BUS, **hours), one("north", Mode.RAIL)]
    modes += [one("north", Mode.FOOT)] * draw(st.booleans())
    modes += [one("north", Mode.CAR, **hours)] * draw(st.booleans())
    modes += [one("south", Mode.CAR)] * draw(st.booleans())
    return tuple(modes)


def _groups(draw: Draw, towns: list[str], moment: Any, latest: float) -> tuple[Any, ...]:
    groups = []
    for i in range(draw(st.sampled_from([1, 2, 3, 3, 4, 4]))):
        size = draw(st.integers(1, 6))
        kin = draw(st.sampled_from([0, 0, 1, size]))
        groups.append(
            group(
                f"G{i + 1}",
                draw(st.sampled_from(["town", *towns])),
                size,
                category=draw(st.sampled_from(["vulnerable", "citizens", "citizens", "kin"])),
                ready=moment(latest),
                kin=kin,
                kin_nationality="UA" if kin else "",
                papers=draw(st.sampled_from([Papers.VALID] * 3 + [Papers.EXPIRED, Papers.NONE])),
                own_car=draw(st.sampled_from([False, False, False, True])),
                can_walk=draw(st.sampled_from([True, True, False])),
                needs=draw(st.sampled_from([NOTHING] * 4 + [CHAIR, CHAIR | STRETCHER])),
            )
        )
    return tuple(groups)


def _fleets(draw: Draw, towns: list[str], moment: Any, step_minutes: int) -> tuple[Any, ...]:
    def one(key: str, count: int) -> Any:
        driving = draw(st.sampled_from([2, 4, 9])) * step_minutes / 60
        hours = draw(st.none() | st.sampled_from([2, 5, 9]))
        hours = None if hours is None else max(driving, hours * step_minutes / 60)
        return fleet(
            key,
            draw(st.sampled_from(towns)),
            count,
            draw(st.integers(2, 12)),
            available=moment(2),
            max_driving_hours=driving,
            rest_hours=draw(st.sampled_from([1, 3])) * step_minutes / 60,
            max_duty_hours=hours,
            avoids_level=draw(st.sampled_from([None, None, 3])),
            access=draw(st.sampled_from([NOTHING, CHAIR, CHAIR | STRETCHER])),
        )

    counts = draw(st.sampled_from([(1, 1), (2,), (1,), (1, 1), (2,), (0,)]))
    return tuple(one(key, count) for key, count in zip(("buses", "vans"), counts, strict=False))


def _policy(draw: Draw) -> Any:
    return policy(
        country_share={"PL": draw(st.sampled_from([0.3, 0.6, 1.0]))} if draw(st.booleans()) else {},
        rate_window_minutes=draw(st.sampled_from([60, 120])),
        notice_hours=draw(st.sampled_from([0.0, 0.0, 1.0])),
        loading_minutes=draw(st.sampled_from([0, 30])),
        unloading_minutes=draw(st.sampled_from([0, 30])),
        hub_change_minutes=draw(st.sampled_from([0, 30])),
        left_penalty_hours=draw(st.sampled_from([6.0, 48.0, 48.0])),
        vehicle_hour_cost=draw(st.sampled_from([0.1, 5.0])),
    )


def _entry_rules(draw: Draw) -> tuple[EntryRule, ...]:
    anybody = EntryRule(country="*", nationality="*", papers="*", admitted=True)
    if draw(st.sampled_from([True, True, False])):
        return (anybody,)
    no_papers = EntryRule(country="PL", nationality="*", papers="none", admitted=False)
    no_kin = EntryRule(country="HU", nationality="UA", papers="*", admitted=draw(st.booleans()))
    valid = EntryRule(country="*", nationality="*", papers="valid", admitted=True)
    expired = EntryRule(country="*", nationality="IL", papers="*", admitted=True)
    return (no_papers, no_kin, valid, expired)


def _services(draw: Draw, start: datetime, step_minutes: int, towns: list[str]) -> dict[str, Any]:
    lines = [["town", "north"]]
    if "hub" in towns:
        lines = [["town", "hub"], ["town", "hub", "north"], ["hub", "north"]]
    stops = draw(st.sampled_from(lines))
    minute = 0
    rows = []
    for i, stop in enumerate(stops):
        rows.append(ServiceStop(service="train", sequence=i + 1, stop=stop, minutes=minute))
        minute += draw(st.integers(3, 8)) * step_minutes // 4
    departs = time((start.hour + 2 + draw(st.integers(0, 3))) % 24, draw(st.sampled_from([0, 10, 45])))
    day = date(2022, 2, 17)
    seats = draw(st.sampled_from([0, 4, 6, 9]))
    last = day + timedelta(days=1)
    train = Service(
        id="train",
        name="Train",
        seats=seats,
        departs=departs,
        first_day=day,
        last_day=last,
        access=draw(st.sampled_from([NOTHING, CHAIR])),
    )
    return {"services": (train,), "service_stops": tuple(rows)}


def _dangers(
    draw: Draw, moment: Any, horizon: float, roads: tuple[Road, ...], towns: list[str]
) -> dict[str, Any]:
    closed, passage = draw(st.sampled_from(roads)).id, draw(st.sampled_from(roads)).id
    start = moment(horizon)
    end = draw(st.none() | st.just(start + timedelta(hours=2)))
    opens = moment(horizon)
    west, east = draw(st.sampled_from([(29.5, 30.5), (22.0, 24.0), (30.5, 31.5), (27.5, 28.5)]))
    threat = Threat(
        id="front",
        name="Front",
        level=draw(st.integers(2, 4)),
        hazard=draw(st.sampled_from([1.0, 3.0])),
        closes_roads=draw(st.booleans()),
        start=moment(horizon),
        end=draw(st.none() | st.just(start + timedelta(hours=3))),
        rings=(((west, 48.0), (east, 48.0), (east, 51.0), (west, 51.0), (west, 48.0)),),
    )
    corridor = Corridor(
        id="corridor",
        name="Corridor",
        roads=(passage,),
        start=opens,
        end=opens + timedelta(hours=3),
        status=draw(st.sampled_from([CorridorStatus.ACCEPTED, CorridorStatus.REQUESTED])),
        escorted=draw(st.booleans()),
    )
    convoy = Convoy(
        id="convoy",
        corridor="corridor",
        place=draw(st.sampled_from(towns)),
        departs=opens + timedelta(minutes=draw(st.integers(0, 6)) * 15),
        vehicles=draw(st.integers(1, 2)),
    )
    return {
        "closures": (Closure(road=closed, start=start, end=end),) * draw(st.booleans()),
        "threats": (threat,) * draw(st.booleans()),
        "corridors": (corridor,),
        "convoys": (convoy,) * corridor.escorted,
    }
