"""Places put on the road nearest to them, and the graph with these places in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from overland.errors import NetworkError
from overland.roads.intervals import Interval
from overland.roads.network import NEVER, Network
from overland.roads.search.graph import RoadGraph, flat_closures

Floats = NDArray[np.float64]

Arc = tuple[int, int, int, int, float, float]
"""Tail, head, time (ms), segment, and from where to where along it."""

METRES_PER_DEGREE = 111_195.0  # of latitude, on a sphere of 6,371 km
FARTHEST_METRES = 5_000.0
JUNCTION_METRES = 30.0  # from a junction, along the road: nearer, a place is at the junction


@dataclass(frozen=True, slots=True)
class Snap:
    """Where a place meets the road.

    Attributes
    ----------
    segment : int
    share : float
        How far along the segment, 0 at its start and 1 at its end.
    longitude, latitude : float
        The point on the road.
    metres : float
        From the place to it.
    """

    segment: int
    share: float
    longitude: float
    latitude: float
    metres: float


def snap(
    network: Network, points: Sequence[tuple[str, float, float]], farthest_metres: float = FARTHEST_METRES
) -> list[Snap]:
    """Put places on their nearest road.

    Parameters
    ----------
    points : sequence of (str, float, float)
        Name, longitude and latitude of each.
    farthest_metres : float
        Farther from any road, a place is refused.

    Raises
    ------
    NetworkError
        Naming every place that is too far from any road, and how far it is.
    """
    segments = network.segments
    if not len(segments):
        raise NetworkError("the network has no roads")
    middle = float(np.mean(network.latitude))
    narrow = np.array([np.cos(np.radians(middle)), 1.0])  # a degree of longitude is shorter
    lines = segments.lines(narrow[0])
    at = np.array([(longitude, latitude) for _, longitude, latitude in points]).reshape(-1, 2)
    spots = shapely.points(at * narrow)
    nearest = shapely.STRtree(lines).nearest(spots)
    share = shapely.line_locate_point(lines[nearest], spots, normalized=True)
    feet = shapely.line_interpolate_point(lines[nearest], share, normalized=True)
    on_road = shapely.get_coordinates(feet) / narrow
    metres = great_circle(at[:, 0], at[:, 1], on_road[:, 0], on_road[:, 1])
    far = [
        f"{name} is {distance / 1000:.1f} km from the nearest road"
        for (name, _, _), distance in zip(points, metres, strict=True)
        if not distance <= farthest_metres  # a distance that is not a number is too far, too
    ]
    if far:
        raise NetworkError(
            "; ".join(far) + f": at most {farthest_metres / 1000:g} km; check latitude and longitude, or "
            "import a map that covers it"
        )
    return [
        Snap(int(segment), float(part), float(x), float(y), float(distance))
        for segment, part, (x, y), distance in zip(nearest, share, on_road, metres, strict=True)
    ]


def great_circle(longitude: Floats, latitude: Floats, to_longitude: Floats, to_latitude: Floats) -> Floats:
    """Distances in metres on a sphere (haversine)."""
    a, b = np.radians(latitude), np.radians(to_latitude)
    half = np.sin((b - a) / 2) ** 2
    half = half + np.cos(a) * np.cos(b) * np.sin(np.radians(to_longitude - longitude) / 2) ** 2
    metres: Floats = np.degrees(2 * np.arcsin(np.sqrt(np.minimum(half, 1.0)))) * METRES_PER_DEGREE
    return metres


def graph_with(
    network: Network,
    snaps: Sequence[Snap],
    closed: Mapping[int, Sequence[Interval]] | None = None,
    slower: float = 1.0,
    terminal: Sequence[int] = (),
) -> RoadGraph:
    """The graph of a network with some places in it as its last nodes.

    A place is a node in the middle of its segment: the time of the segment is shared out between the pieces,
    to the millisecond. A place at a junction can be left by any of its roads, and a terminal place stands at
    the roadside, so that others can drive past it.

    Parameters
    ----------
    closed : mapping of int to sequence of (float, float), optional
        When segments are closed, in minutes; it holds for every piece of a segment.
    slower : float
        What the times of the network are multiplied by.
    terminal : sequence of int
        Places (numbers in ``snaps``) at which all driving ends.
    """
    nodes, ends = len(network), set(terminal)
    parts: dict[int, list[tuple[float, int]]] = {}
    spurs: list[Arc] = []
    count = nodes + len(snaps)
    beside = len(network.segments)  # a segment that never closes
    for number, found in enumerate(snaps):
        on_road = _junction_at(network, found)
        if on_road is None:
            on_road = nodes + number
            if number in ends:
                on_road, count = count, count + 1
            parts.setdefault(found.segment, []).append((found.share, on_road))
        if on_road != nodes + number:
            spurs += [
                (a, nodes + number + on_road - a, 0, beside, 0.0, 0.0) for a in (on_road, nodes + number)
            ]
    pieces = [arc for segment, at in parts.items() for arc in _pieces(network, segment, sorted(at), slower)]
    whole = ~np.isin(network.segment, np.array(list(parts), dtype=np.int32))
    tail = np.repeat(np.arange(nodes), np.diff(network.first))[whole]
    extra = np.array(pieces + spurs).reshape(-1, 6)
    times = np.rint(network.millis[whole] * slower)
    share = np.where(network.forward[whole, None], [0.0, 1.0], [1.0, 0.0])
    columns = (tail, network.head[whole], times, network.segment[whole])
    return RoadGraph.of(
        count,
        tuple(np.concatenate([a, extra[:, i]]).astype(np.int64) for i, a in enumerate(columns)),
        flat_closures(beside + 1, closed or {}),
        [nodes + number for number in terminal],
        np.concatenate([share, extra[:, 4:]]),
    )


def _junction_at(network: Network, found: Snap) -> int | None:
    """The junction that a place is at, if its road goes on from there within a few steps."""
    segments, length = network.segments, float(network.segments.metres[found.segment])
    if found.share * length <= JUNCTION_METRES:
        return int(segments.start[found.segment])
    if (1 - found.share) * length <= JUNCTION_METRES:
        return int(segments.end[found.segment])
    return None


def _pieces(network: Network, segment: int, at: list[tuple[float, int]], slower: float) -> list[Arc]:
    """Arcs of a segment that is cut at some nodes."""
    segments = network.segments
    chain = [int(segments.start[segment]), *(node for _, node in at), int(segments.end[segment])]
    share = [0.0, *(part for part, _ in at), 1.0]
    arcs: list[Arc] = []
    for millis, forward in ((int(segments.along[segment]), True), (int(segments.against[segment]), False)):
        if millis == NEVER:
            continue
        moments = [round(millis * slower * part) for part in share]
        for i in range(len(chain) - 1):
            a, b = (i, i + 1) if forward else (i + 1, i)
            arcs.append((chain[a], chain[b], moments[i + 1] - moments[i], segment, share[a], share[b]))
    return arcs
