"""A network of real roads (or railways) as flat arrays: what an import makes and every search works on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Nodes = NDArray[np.int32]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

CLASSES = ("motorway", "trunk", "primary", "secondary", "tertiary", "minor", "ferry", "rail")
"""Classes of segments, greatest first; ``Segments.road_class`` counts in it."""

# Marks of segments: bits of ``Segments.marks``.
BRIDGE, TUNNEL, FERRY, URBAN, UNPAVED, TOLL = 1, 2, 4, 8, 16, 32

NEVER = -1  # time of a segment in a direction it cannot be driven


@dataclass(frozen=True, slots=True, eq=False)
class Segments:
    """Stretches of road between two nodes, each drawn by a line and driven in one direction or both.

    A segment does not change its marks along the way, so a bridge is a segment of its own.

    Attributes
    ----------
    start, end : int32 (segments,)
        Nodes at the ends of the line.
    metres : float64 (segments,)
    along, against : int32 (segments,)
        Free-flow time in milliseconds from start to end and back; ``NEVER`` where that is not allowed.
    road_class : int8 (segments,)
        Number in ``CLASSES``.
    marks : uint8 (segments,)
    name : tuple of str
        Name or number of the road; empty where it has none.
    way_first, way : int64 (segments + 1,), int64
        Ways of the source (identifiers) that a segment is made of, from start to end.
    point_first, point : int64 (segments + 1,), float64 (points, 2)
        Line of a segment: longitude and latitude from start to end, both included.
    """

    start: Nodes
    end: Nodes
    metres: Floats
    along: Nodes
    against: Nodes
    road_class: NDArray[np.int8]
    marks: NDArray[np.uint8]
    name: tuple[str, ...]
    way_first: Ints
    way: Ints
    point_first: Ints
    point: Floats

    def __len__(self) -> int:
        """Number of segments."""
        return len(self.start)

    def line(self, segment: int) -> Floats:
        """Longitude and latitude of a segment's line from start to end: float64 (points, 2)."""
        return self.point[self.point_first[segment] : self.point_first[segment + 1]]

    def lines(self, width: float = 1.0) -> NDArray[np.object_]:
        """All lines as shapes: object (segments,); longitudes times ``width``, to measure on them."""
        from shapely import linestrings

        owner = np.repeat(np.arange(len(self)), np.diff(self.point_first))
        shapes: NDArray[np.object_] = linestrings(self.point * [width, 1.0], indices=owner)
        return shapes

    def part(self, segment: int, start: float, end: float) -> Floats:
        """The line of a segment between two shares of its length (0–1), backwards if the first is greater."""
        line = self.line(segment)
        steps = np.diff(line, axis=0) * [np.cos(np.radians(line[:, 1].mean())), 1.0]
        along = np.concatenate([[0.0], np.cumsum(np.hypot(steps[:, 0], steps[:, 1]))])
        low, high = min(start, end) * along[-1], max(start, end) * along[-1]
        wanted = np.concatenate([[low], along[(along > low) & (along < high)], [high]])
        cut = np.stack([np.interp(wanted, along, line[:, i]) for i in range(2)], axis=1)
        return cut if start <= end else cut[::-1]

    def ways(self, segment: int) -> Ints:
        """Identifiers of the ways that a segment is made of."""
        return self.way[self.way_first[segment] : self.way_first[segment + 1]]

    def renumbered(self, number: Ints) -> Segments:
        """The same segments where node ``i`` is called ``number[i]``, in the order of their starts."""
        start, end = number[self.start].astype(np.int32), number[self.end].astype(np.int32)
        order = np.argsort(start, kind="stable")
        way_first, way = _picked(self.way_first, self.way, order)
        point_first, point = _picked(self.point_first, self.point, order)
        return Segments(
            start[order],
            end[order],
            self.metres[order],
            self.along[order],
            self.against[order],
            self.road_class[order],
            self.marks[order],
            tuple(self.name[i] for i in order),
            way_first,
            way,
            point_first,
            point,
        )


@dataclass(frozen=True, slots=True)
class Landmark:
    """Something on the map by itself, with the node of the network where it is reached."""

    node: int
    longitude: float
    latitude: float
    name: str  # empty where the map has none
    identifier: int  # of the node in the source


@dataclass(frozen=True, slots=True)
class BorderPoint(Landmark):
    """A border-control point found on the map: it may be offered as a crossing."""


@dataclass(frozen=True, slots=True)
class Station(Landmark):
    """A railway station or halt."""


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Nodes, arcs and segments of a road or rail network. Make one with :meth:`of`.

    Nodes stand in the order of a space-filling curve, so that a search finds in the processor's cache what it
    needs next: random numbers cost three times as long.

    Attributes
    ----------
    longitude, latitude : float64 (nodes,)
    first : int64 (nodes + 1,)
        Arcs out of node ``i`` are ``first[i]`` … ``first[i + 1] - 1``.
    head : int32 (arcs,)
        Node an arc leads to.
    millis : int32 (arcs,)
        Free-flow time of an arc in milliseconds.
    segment : int32 (arcs,)
        Segment an arc drives along.
    forward : bool (arcs,)
        Whether from its start to its end.
    borders, stations : tuple of BorderPoint, tuple of Station
    source : dict of str to str
        Where the network comes from: file, date, classes, what was dropped.
    """

    longitude: Floats
    latitude: Floats
    first: Ints
    head: Nodes
    millis: Nodes
    segment: Nodes
    forward: Bools
    segments: Segments
    borders: tuple[BorderPoint, ...] = ()
    stations: tuple[Station, ...] = ()
    source: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        longitude: Floats,
        latitude: Floats,
        segments: Segments,
        borders: tuple[BorderPoint, ...] = (),
        source: dict[str, str] | None = None,
        stations: tuple[Station, ...] = (),
    ) -> Network:
        """The network of some nodes and segments, numbered afresh along a space-filling curve."""
        order = np.argsort(hilbert_index(longitude, latitude), kind="stable")
        number = np.empty(len(order), dtype=np.int64)
        number[order] = np.arange(len(order))
        segments = segments.renumbered(number)
        there, back = np.flatnonzero(segments.along != NEVER), np.flatnonzero(segments.against != NEVER)
        tail = np.concatenate([segments.start[there], segments.end[back]])
        by_tail = np.argsort(tail, kind="stable")

        def arcs(of_there: NDArray[Any], of_back: NDArray[Any]) -> NDArray[Any]:
            return np.concatenate([of_there, of_back])[by_tail]

        return cls(
            longitude=longitude[order],
            latitude=latitude[order],
            first=np.searchsorted(tail[by_tail], np.arange(len(order) + 1)).astype(np.int64),
            head=arcs(segments.end[there], segments.start[back]).astype(np.int32),
            millis=arcs(segments.along[there], segments.against[back]).astype(np.int32),
            segment=arcs(there, back).astype(np.int32),
            forward=arcs(np.ones(len(there), np.bool_), np.zeros(len(back), np.bool_)).astype(np.bool_),
            segments=segments,
            borders=tuple(replace(border, node=int(number[border.node])) for border in borders),
            stations=tuple(replace(station, node=int(number[station.node])) for station in stations),
            source=dict(source or {}),
        )

    def __len__(self) -> int:
        """Number of nodes."""
        return len(self.longitude)


def hilbert_index(longitude: Floats, latitude: Floats, bits: int = 20) -> Ints:
    """Position of points along a Hilbert curve over their bounding box: int64 (points,).

    Points near each other on the curve are near each other on the map (Warren, *Hacker's Delight*, ch. 16).
    """
    if not len(longitude):
        return np.zeros(0, dtype=np.int64)
    reach = max(float(np.ptp(longitude)), float(np.ptp(latitude)), 1e-12)
    side = (1 << bits) - 1
    x = ((longitude - longitude.min()) / reach * side).astype(np.int64)
    y = ((latitude - latitude.min()) / reach * side).astype(np.int64)
    position = np.zeros(len(x), dtype=np.int64)
    for bit in range(bits - 1, -1, -1):
        right, up = (x >> bit) & 1, (y >> bit) & 1
        position += (3 * right ^ up) << (2 * bit)
        turned, flipped = up == 0, (up == 0) & (right == 1)
        x, y = np.where(flipped, side - x, x), np.where(flipped, side - y, y)
        x, y = np.where(turned, y, x), np.where(turned, x, y)
    return position


def _picked(first: Ints, values: NDArray[Any], order: Ints) -> tuple[Ints, NDArray[Any]]:
    """Rows of a ragged array in another order."""
    lengths = np.diff(first)[order]
    new_first = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    within = np.arange(int(lengths.sum())) - np.repeat(new_first[:-1], lengths)
    return new_first, values[np.repeat(first[:-1][order], lengths) + within]
