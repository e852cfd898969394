"""Ways cut where roads meet: from the nodes of the map to a graph, all in flat arrays.

A *position* is one node on one way; positions stand way by way. A *step* leads from a position to the next
one. A *piece* is a row of steps between two positions where roads meet or end.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from overland.roads.network import NEVER

Ints = NDArray[np.int64]
Nodes = NDArray[np.int32]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

LONGEST = np.iinfo(np.int32).max  # ms: 24 days
EQUATOR, FLATTENING = 6_378_137.0, 1 / 298.257223563  # WGS 84: metres; ratio


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """Ways as rows of positions.

    Attributes
    ----------
    node : int32 (positions,)
        Vertex of the map at a position.
    way : int32 (positions,)
    linked : bool (positions,)
        Whether a step leads from a position to the next.
    """

    node: Nodes
    way: Nodes
    linked: Bools

    def used(self) -> Bools:
        """Positions with a step to or from them."""
        used = self.linked.copy()
        used[1:] |= self.linked[:-1]
        return used

    def only(self, steps: Bools) -> Course:
        """The same course with only some of its steps."""
        return Course(self.node, self.way, self.linked & steps)


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Pieces of ways: ``first`` and ``last`` are positions of a course, int64 (pieces,)."""

    first: Ints
    last: Ints

    def __len__(self) -> int:
        """Number of pieces."""
        return len(self.first)

    def steps(self, of: Bools, positions: int) -> Bools:
        """The steps of some of the pieces: bool (positions,)."""
        change = np.zeros(positions + 1, dtype=np.int8)
        change[self.first[of]] += 1
        change[self.last[of]] -= 1
        return np.cumsum(change[:-1]).astype(np.bool_)


def course(first: Ints, node: Nodes, located: Bools) -> Course:
    """Ways of vertices as positions; a step leads only between vertices whose place is known.

    A vertex that a way names twice in a row counts once.
    """
    way = np.repeat(np.arange(len(first) - 1, dtype=np.int32), np.diff(first))
    again = np.zeros(len(node), dtype=np.bool_)
    again[1:] = (node[1:] == node[:-1]) & (way[1:] == way[:-1])
    node, way = node[~again], way[~again]
    linked = np.zeros(len(node), dtype=np.bool_)
    linked[:-1] = (way[1:] == way[:-1]) & located[node[1:]] & located[node[:-1]]
    return Course(node, way, linked)


def cut(course: Course, vertices: int, forced: Ints) -> Pieces:
    """Cut a course where it begins or ends, where vertices are met more than once, and at some by force."""
    used = course.used()
    special = np.bincount(course.node[used], minlength=vertices) >= 2
    special[forced] = True
    at_end = used.copy()  # of a row of steps
    at_end[1:] &= ~(course.linked[1:] & course.linked[:-1])
    cuts = np.flatnonzero(used & (at_end | special[course.node]))
    begins = course.linked[cuts]
    return Pieces(cuts[begins], cuts[np.flatnonzero(begins) + 1])


def step_metres(course: Course, longitude: Floats, latitude: Floats) -> Floats:
    """Length of each step in metres: float64 (positions,).

    Steps are short, so the ellipsoid is taken as flat with its radii of curvature at their middle (WGS 84);
    wrong by less than 1 in 100,000 up to 50 km, where a sphere is wrong by up to 1 in 200.
    """
    here = np.flatnonzero(course.linked)
    a, b = course.node[here], course.node[here + 1]
    sine, cosine = _sine_cosine((latitude[a] + latitude[b]) / 2)
    eccentricity = FLATTENING * (2 - FLATTENING)
    curved = 1 - eccentricity * sine**2
    north = np.radians(latitude[b] - latitude[a]) * EQUATOR * (1 - eccentricity) / curved**1.5
    turn = (longitude[b] - longitude[a] + 180) % 360 - 180  # the short way around the world
    east = np.radians(turn) * cosine * EQUATOR / np.sqrt(curved)
    metres = np.zeros(len(course.node))
    metres[here] = np.hypot(north, east)
    return metres


def piece_metres(pieces: Pieces, metres: Floats) -> Floats:
    """Length of each piece, from the lengths of the steps."""
    if not len(pieces):
        return np.zeros(0)
    bounds = np.column_stack([pieces.first, pieces.last]).ravel()
    return np.add.reduceat(np.append(metres, 0.0), bounds)[::2]


def piece_millis(metres: Floats, kmh: Floats, share: Floats, seconds: Floats) -> Nodes:
    """Time over each piece in milliseconds, 1 to ``LONGEST``; ``NEVER`` where the speed is 0.

    ``share`` is the part of its way that a piece is, ``seconds`` the time for the whole way, where known.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        of_speed = metres * 3600 / kmh
    millis = np.where(seconds > 0, 1000 * seconds * share, of_speed)
    whole = np.clip(np.rint(np.where(kmh > 0, millis, 0)), 1, LONGEST)
    return np.where(kmh > 0, whole, NEVER).astype(np.int32)


def _sine_cosine(degrees: Floats) -> tuple[Floats, Floats]:
    radians = np.radians(degrees)
    return np.sin(radians), np.cos(radians)
