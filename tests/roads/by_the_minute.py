"""Roads tried minute by minute, straight from ``docs/problem.md`` and without ``overland.roads``.

Only for cases whose towns lie on one parallel, whose threats are bands of longitude across it, and whose
roads and moments are whole minutes.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from hypothesis import strategies as st

from overland.case.model import Case, Closure, Corridor, CorridorStatus, Mode, Road, Threat
from tests.builders import crossing, hours, mode, place, policy, small_case

HOURS = 5
MINUTES = HOURS * 60
TOWNS = ("alder", "birch", "cedar", "dogwood")
CROSSINGS = ("north", "south")
NODES = TOWNS + CROSSINGS
PROFILES = ("car", "bus", "bus-avoid-3")
NEVER = 10**9


def is_open(case: Case, profile: str, road: Road, minute: int) -> bool:
    """Whether a road can be used throughout the minute that begins then."""
    if any(closure.road == road.id and _holds(closure, minute) for closure in case.closures):
        return False
    touching = [threat for threat in case.threats if _holds(threat, minute) and _touches(case, threat, road)]
    if profile.startswith("bus-avoid-") and any(
        threat.level >= int(profile.removeprefix("bus-avoid-")) for threat in touching
    ):
        return False
    kept_open = any(
        corridor.status is CorridorStatus.ACCEPTED and road.id in corridor.roads and _holds(corridor, minute)
        for corridor in case.corridors
    )
    return kept_open or not any(threat.closes_roads for threat in touching)


class Way(NamedTuple):
    """One direction of a road."""

    start: str
    end: str
    minutes: int
    shuts: list[int]  # for each minute: the first one from then on in which the road is closed


def ways_of(case: Case, profile: str) -> list[Way]:
    """Each direction of each road."""
    factor = 1.0 if profile == "car" else case.policy.bus_speed_factor
    ways = []
    for road in case.roads:
        length = round(road.km / case.policy.speeds_kmh[road.road_class] * 60 / factor)
        shuts = [NEVER]
        for minute in reversed(range(MINUTES)):
            shuts.append(shuts[-1] if is_open(case, profile, road, minute) else minute)
        shuts.reverse()
        ways.append(Way(road.start, road.end, length, shuts))
        ways += [] if road.one_way else [Way(road.end, road.start, length, shuts)]
    return ways


def arrivals(ways: list[Way], source: str, depart: int) -> dict[str, int]:
    """The first minute at which each node can be reached within the horizon, waiting wherever one likes."""
    first = {source: depart}
    for minute in range(depart, MINUTES):
        for start, end, length, shuts in ways:
            there = first.get(start, NEVER) <= minute and (start in TOWNS or start == source)
            if there and minute + length <= min(MINUTES, shuts[minute]):
                first[end] = min(first.get(end, NEVER), minute + length)
    return first


def _holds(row: Closure | Threat | Corridor, minute: int) -> bool:
    moment = hours(minute / 60)
    return row.start <= moment and (row.end is None or moment < row.end)


def _touches(case: Case, threat: Threat, road: Road) -> bool:
    at = {node.id: node.longitude for node in (*case.places, *case.crossings)}
    west, east = min(x for x, _ in threat.rings[0]), max(x for x, _ in threat.rings[0])
    return max(at[road.start], at[road.end]) >= west and min(at[road.start], at[road.end]) <= east


def band(key: str, west: float, east: float, start: datetime, end: datetime | None, **others: Any) -> Threat:
    """A threat between two meridians that closes roads."""
    values: dict[str, Any] = {"name": key, "level": 4, "hazard": 2.0, "closes_roads": True}
    ring = ((west, 49.0), (east, 49.0), (east, 51.0), (west, 51.0), (west, 49.0))
    return Threat(id=key, start=start, end=end, rings=(ring,), **(values | others))


@st.composite
def road_cases(draw: st.DrawFn) -> Case:
    """Four towns and two crossings with up to nine roads, closures, threats and corridors over five hours."""

    def moment() -> datetime:
        return hours(draw(st.integers(-60, MINUTES)) / 60)

    def window() -> dict[str, Any]:
        start = moment()
        return {"start": start, "end": start + (hours(draw(st.integers(1, 240)) / 60) - hours(0))}

    def open_ended() -> dict[str, Any]:
        return window() if draw(st.booleans()) else {"start": moment(), "end": None}

    roads = []
    for i in range(draw(st.integers(3, 9))):
        start, end = draw(st.permutations(NODES))[:2]
        km, one_way = draw(st.integers(1, 90)), draw(st.sampled_from([False, False, True]))
        roads.append(Road(id=f"r{i}", start=start, end=end, km=km, road_class="M", one_way=one_way))
    names = st.sampled_from([road.id for road in roads])
    threats = [
        band(
            f"t{i}",
            *sorted(draw(st.lists(st.integers(28, 35), min_size=2, max_size=2, unique=True))),
            **open_ended(),
            level=draw(st.integers(2, 4)),
            closes_roads=draw(st.booleans()),
        )
        for i in range(draw(st.integers(0, 2)))
    ]
    corridors = [
        Corridor(
            id=f"c{i}",
            name=f"c{i}",
            roads=tuple(draw(st.lists(names, min_size=1, max_size=3, unique=True))),
            status=draw(st.sampled_from([CorridorStatus.ACCEPTED, CorridorStatus.ACCEPTED, *CorridorStatus])),
            **window(),
        )
        for i in range(draw(st.integers(0, 2)))
    ]
    closures = [Closure(road=draw(names), **open_ended()) for _ in range(draw(st.integers(0, 4)))]
    return small_case(
        horizon_hours=HOURS,
        step_minutes=draw(st.sampled_from([15, 30])),
        policy=policy(bus_speed_factor=0.5),
        places=tuple(place(town, longitude=30.0 + i) for i, town in enumerate(TOWNS)),
        crossings=tuple(
            crossing(key, "PL", latitude=50.0, longitude=longitude)
            for key, longitude in zip(CROSSINGS, (29.0, 34.0), strict=True)
        ),
        crossing_modes=tuple(mode(key, Mode.BUS) for key in CROSSINGS),
        roads=tuple(roads),
        closures=tuple(closures),
        threats=tuple(threats),
        corridors=tuple(corridors),
        groups=(),
        fleets=(),
    )
