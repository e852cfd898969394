"""When each road can be used: closures, threats that close roads, and corridors that keep them open."""

from __future__ import annotations

from functools import reduce

from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from overland.case.model import Case, Corridor, CorridorStatus, Threat
from overland.roads.intervals import Interval, between, merged, without


def threat_area(threat: Threat) -> BaseGeometry:
    """The area of a threat in degrees; rings count even-odd, so a ring inside another is a hole."""
    rings: list[BaseGeometry] = [Polygon(ring) for ring in threat.rings]
    return reduce(lambda area, ring: area.symmetric_difference(ring), rings)


def closed_times(
    case: Case, avoids_level: int | None = None, escorted: str = ""
) -> dict[str, list[Interval]]:
    """When each road is impassable.

    Parameters
    ----------
    case : Case
        The case.
    avoids_level : int, optional
        For crews that do not drive where the threat level is this or higher.
    escorted : str
        For a convoy: the escorted corridor that is open to it.

    Returns
    -------
    dict of str to list of (float, float)
        Road id → disjoint, sorted intervals in minutes after the start; roads that never close are absent.
    """
    closed: dict[str, list[Interval]] = {}
    for closure in case.closures:
        closed.setdefault(closure.road, []).append(between(case.start, closure.start, closure.end))
    corridors = _corridor_windows(case, escorted)
    lines = _road_lines(case)
    for threat in case.threats:
        shunned = avoids_level is not None and threat.level >= avoids_level
        if not (threat.closes_roads or shunned):
            continue
        area = threat_area(threat)
        active = between(case.start, threat.start, threat.end)
        for road, line in lines.items():
            if line.intersects(area):
                windows = [] if shunned else corridors.get(road, [])
                closed.setdefault(road, []).extend(without(active, windows))
    return {road: whole for road, intervals in closed.items() if (whole := merged(intervals))}


def open_corridors(case: Case, escorted: str = "") -> list[Corridor]:
    """The accepted corridors that are open to everybody, or to a convoy of the corridor named."""
    return [
        corridor
        for corridor in case.corridors
        if corridor.status is CorridorStatus.ACCEPTED and (not corridor.escorted or corridor.id == escorted)
    ]


def _corridor_windows(case: Case, escorted: str) -> dict[str, list[Interval]]:
    windows: dict[str, list[Interval]] = {}
    for corridor in open_corridors(case, escorted):
        for road in corridor.roads:
            windows.setdefault(road, []).append(between(case.start, corridor.start, corridor.end))
    return windows


def _road_lines(case: Case) -> dict[str, LineString]:
    at = {p.id: (p.longitude, p.latitude) for p in case.places}
    at |= {x.id: (x.longitude, x.latitude) for x in case.crossings}
    return {road.id: LineString([at[road.start], at[road.end]]) for road in case.roads}
