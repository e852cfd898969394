"""From ways cut into pieces to the segments of a network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from overland.errors import NetworkError
from overland.roads.network import NEVER, Segments
from overland.roads.osm.contraction import contract, strong_parts
from overland.roads.osm.extract import Ways
from overland.roads.osm.pieces import LONGEST, Course, Pieces, cut, piece_metres, piece_millis, step_metres

Ints = NDArray[np.int64]
Nodes = NDArray[np.int32]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class Lengths(NamedTuple):
    """Metres of each step of a course and of each way as a whole: float64 (positions,), float64 (ways,)."""

    step: Floats
    way: Floats

    @classmethod
    def of(cls, course: Course, longitude: Floats, latitude: Floats, ways: int) -> Lengths:
        """The lengths of a course over vertices of known places."""
        step = step_metres(course, longitude, latitude)
        return cls(step, np.bincount(course.way, step, minlength=ways).astype(np.float64))


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """Pieces of ways between nodes.

    Attributes
    ----------
    course : Course
    pieces : Pieces
    vertex : int64 (nodes,)
        Vertex of the map that a node is; sorted.
    start, end : int32 (pieces,)
        Nodes.
    way : int32 (pieces,)
    metres : float64 (pieces,)
    along, against : int32 (pieces,)
        Milliseconds; ``NEVER`` where that is not allowed.
    """

    course: Course
    pieces: Pieces
    vertex: Ints
    start: Nodes
    end: Nodes
    way: Nodes
    metres: Floats
    along: Nodes
    against: Nodes

    @classmethod
    def of(cls, ways: Ways, course: Course, lengths: Lengths, vertices: int, forced: Ints) -> Graph:
        """The graph of a course, cut where roads meet and at some vertices by force."""
        pieces = cut(course, vertices, forced)
        ends = np.concatenate([course.node[pieces.first], course.node[pieces.last]])
        vertex, node = np.unique(ends, return_inverse=True)
        way = course.way[pieces.first]
        metres = piece_metres(pieces, lengths.step)
        share = np.divide(metres, lengths.way[way], out=np.zeros(len(way)), where=lengths.way[way] > 0)
        seconds = ways.seconds[way]
        return cls(
            course=course,
            pieces=pieces,
            vertex=vertex.astype(np.int64),
            start=node[: len(pieces)].astype(np.int32),
            end=node[len(pieces) :].astype(np.int32),
            way=way,
            metres=metres,
            along=piece_millis(metres, ways.along[way], share, seconds),
            against=piece_millis(metres, ways.against[way], share, seconds),
        )

    def largest_part(self) -> Bools:
        """Pieces of the strongly connected part that has the most kilometres: bool (pieces,)."""
        part = strong_parts(len(self.vertex), self.start, self.end, self.along, self.against)
        within = part[self.start] == part[self.end]
        metres = np.bincount(part[self.start[within]], self.metres[within], minlength=1)
        kept: Bools = within & (part[self.start] == np.argmax(metres))
        return kept

    def segments(
        self, ways: Ways, forced: Ints, longitude: Floats, latitude: Floats
    ) -> tuple[Segments, Ints]:
        """Segments of rows of pieces, and the vertex of each of their nodes; those ``forced`` stay nodes."""
        stays = np.isin(self.vertex, forced)
        kind = ways.road_class[self.way].astype(np.int64) * 256 + ways.marks[self.way]
        first, piece, turned = contract(
            len(self.vertex), self.start, self.end, self.along, self.against, kind, stays
        )
        tail, head = piece[first[:-1]], piece[first[1:] - 1]
        start = np.where(turned[first[:-1]], self.end[tail], self.start[tail])
        end = np.where(turned[first[1:] - 1], self.start[head], self.end[head])
        used, node = np.unique(np.concatenate([start, end]), return_inverse=True)
        point_first, position = self._lines(first, piece, turned)
        way_first, way = _without_repeats(first, self.way[piece])
        vertex = self.course.node[position]
        segments = Segments(
            start=node[: len(start)].astype(np.int32),
            end=node[len(start) :].astype(np.int32),
            metres=np.add.reduceat(self.metres[piece], first[:-1]),
            along=_times(np.where(turned, self.against[piece], self.along[piece]), first),
            against=_times(np.where(turned, self.along[piece], self.against[piece]), first),
            road_class=ways.road_class[self.way[tail]],
            marks=ways.marks[self.way[tail]],
            name=_names(ways, self.way[piece], self.metres[piece], first),
            way_first=way_first,
            way=ways.identifier[way],
            point_first=point_first,
            point=np.column_stack([longitude[vertex], latitude[vertex]]),
        )
        return segments, self.vertex[used]

    def _lines(self, first: Ints, piece: Ints, turned: Bools) -> tuple[Ints, Ints]:
        """Positions along rows of pieces: where two pieces meet only once."""
        begins, ends = self.pieces.first[piece], self.pieces.last[piece]
        opens = np.zeros(len(piece), dtype=np.int64)
        opens[first[:-1]] = 1
        count = ends - begins + opens
        bound = np.concatenate([[0], np.cumsum(count)])
        within = np.arange(bound[-1]) - np.repeat(bound[:-1] + opens - 1, count)
        position = np.where(
            np.repeat(turned, count), np.repeat(ends, count) - within, np.repeat(begins, count) + within
        )
        return bound[first].astype(np.int64), position


def _times(millis: Nodes, first: Ints) -> Nodes:
    """Times of rows of pieces, which are all ``NEVER`` or none."""
    total = np.add.reduceat(millis.astype(np.int64), first[:-1])
    total[millis[first[:-1]] == NEVER] = NEVER
    if total.max(initial=0) >= LONGEST:
        raise NetworkError(
            "a road or ferry of this map takes more than 24 days; mend its maxspeed or duration"
        )
    return total.astype(np.int32)


def _without_repeats(first: Ints, way: Nodes) -> tuple[Ints, Nodes]:
    """Ways of rows of pieces, each once for all its pieces that follow one another."""
    new = np.ones(len(way), dtype=np.bool_)
    new[1:] = way[1:] != way[:-1]
    new[first[:-1]] = True
    return np.concatenate([[0], np.cumsum(new)])[first].astype(np.int64), way[new]


def _names(ways: Ways, way: Nodes, metres: Floats, first: Ints) -> tuple[str, ...]:
    """The name that holds for most of a row of pieces."""
    row = np.repeat(np.arange(len(first) - 1), np.diff(first))
    pairs, which = np.unique(row * len(ways.names) + ways.name[way], return_inverse=True)
    length = np.bincount(which, metres)
    of_row, name = np.divmod(pairs, len(ways.names))
    order = np.lexsort((length, of_row))
    longest = order[np.append(np.flatnonzero(np.diff(of_row[order])), len(order) - 1)]
    return tuple(ways.names[i] for i in name[longest].tolist())
