"""What closes real roads for a time: areas (threats, fronts, curfews), single roads and bridges; corridors.

Whatever touches an area is closed while the area is: a road is a segment of the network, from one junction to
the next, so nobody is sent into a dead end that begins at a front. A front that moves is a row of areas, each
with its own time. An agreed corridor keeps its roads open in areas within its window; what closes a road by
itself (a blown bridge) no corridor opens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from overland.case.model import Case, way_number
from overland.errors import NetworkError
from overland.roads.intervals import Interval, between, merged, without
from overland.roads.network import Network
from overland.roads.passability import open_corridors, threat_area

NAMED = 10  # roads named in a message


@dataclass(frozen=True, slots=True, eq=False)
class Closing:
    """Roads that are closed, or kept open, for a time.

    Attributes
    ----------
    name : str
        As shown to people.
    intervals : tuple of (float, float)
        From and until, in minutes after the start.
    area : geometry, optional
        In degrees: roads that touch it.
    ways : frozenset of int
        Ways of the map (identifiers), for a single road or bridge.
    corridor : bool
        Keeps its roads open where they run through areas, instead of closing them.
    for_good : bool
        No corridor opens it.
    """

    name: str
    intervals: tuple[Interval, ...]
    area: BaseGeometry | None = None
    ways: frozenset[int] = frozenset()
    corridor: bool = False
    for_good: bool = False


def closings_of(case: Case, avoids_level: int | None = None, escorted: str = "") -> list[Closing]:
    """What a case knows of closed roads: closures, threats that close roads, and agreed corridors.

    Parameters
    ----------
    avoids_level : int, optional
        For crews that do not drive where the threat level is this or higher, corridor or not.
    escorted : str
        For a convoy: the escorted corridor that is open to it.
    """
    found = [
        Closing(
            f"closure of {closure.road}",
            (between(case.start, closure.start, closure.end),),
            ways=_ways(closure.road),
        )
        for closure in case.closures
    ]
    for threat in case.threats:
        shunned = avoids_level is not None and threat.level >= avoids_level
        if threat.closes_roads or shunned:
            when = between(case.start, threat.start, threat.end)
            found.append(Closing(threat.name, (when,), threat_area(threat), for_good=shunned))
    found += [
        Closing(
            corridor.name,
            (between(case.start, corridor.start, corridor.end),),
            ways=_ways(*corridor.roads),
            corridor=True,
        )
        for corridor in open_corridors(case, escorted)
    ]
    return found


def _ways(*roads: str) -> frozenset[int]:
    return frozenset(number for road in roads if (number := way_number(road)) is not None)


def closed_intervals(network: Network, closings: Sequence[Closing]) -> dict[int, list[Interval]]:
    """When each segment is closed.

    Returns
    -------
    dict of int to list of (float, float)
        Segment → disjoint, sorted intervals in minutes; segments that never close are absent.
    """
    areas = any(closing.area is not None for closing in closings)
    tree = shapely.STRtree(network.segments.lines()) if areas else None
    windows: dict[int, list[Interval]] = {}
    for corridor in (one for one in closings if one.corridor):
        for segment in _touched(network, tree, corridor):
            windows.setdefault(segment, []).extend(corridor.intervals)
    closed: dict[int, list[Interval]] = {}
    for closing in (one for one in closings if not one.corridor):
        of_ways = _of_ways(network, closing.ways)
        for segment in _touched(network, tree, closing):
            kept_open = [] if closing.for_good or segment in of_ways else windows.get(segment, [])
            for interval in closing.intervals:
                closed.setdefault(segment, []).extend(without(interval, kept_open))
    return {segment: whole for segment, found in closed.items() if (whole := merged(found))}


def check_ways(network: Network, case: Case) -> None:
    """Refuse a case whose closures or corridors name what the network does not have.

    A bridge one believes closed, and that is not, costs lives.

    Raises
    ------
    NetworkError
        Naming the first of them.
    """
    named = [closure.road for closure in case.closures]
    named += [road for corridor in case.corridors for road in corridor.roads]
    known = set(network.segments.way.tolist())
    unknown = [road for road in dict.fromkeys(named) if way_number(road) not in known]
    if unknown:
        more = f" and {len(unknown) - NAMED:,} more" if len(unknown) > NAMED else ""
        raise NetworkError(
            f"the network has no {', '.join(unknown[:NAMED])}{more}, named in closures.csv or corridors.csv; "
            "name ways of the map (way/4711), or import it with more classes of roads"
        )


def _touched(network: Network, tree: shapely.STRtree | None, closing: Closing) -> set[int]:
    touched = _of_ways(network, closing.ways)
    if closing.area is not None and tree is not None:
        touched |= set(tree.query(closing.area, predicate="intersects").tolist())
    return touched


def _of_ways(network: Network, ways: frozenset[int]) -> set[int]:
    if not ways:
        return set()
    found = np.flatnonzero(np.isin(network.segments.way, np.array(sorted(ways), dtype=np.int64)))
    return set((np.searchsorted(network.segments.way_first, found, side="right") - 1).tolist())
