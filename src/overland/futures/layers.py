"""The roads of all profiles as one graph, a layer for each, and the ways of a plan through it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from overland.case.model import Case
from overland.roads import RoadTimes
from overland.roads.search.departures import arc_tails
from overland.roads.search.graph import RoadGraph

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Rows = NDArray[np.void]

ARC = np.dtype([(name, "i8") for name in ("tail", "head", "millis", "segment")])
WAY = np.dtype([(name, "i8") for name in ("first", "end", "layer", "origin", "target", "gate", "passes")])


class LayerTables(NamedTuple):
    """The graph of all layers.

    Attributes
    ----------
    first : int64 (layers * nodes + 1,)
        Node ``i`` of a layer is ``j = layer * nodes + i``, its arcs ``first[j]`` to before ``first[j + 1]``.
    arc : ARC (arcs,)
        ``tail`` and ``head`` (nodes), ``millis``, and ``segment``: ``layer * segments`` and its number.
    closed_first, closed : int64
        Foreseen closures of each segment, as in :class:`~overland.roads.search.graph.RoadGraph`.
    terminal : bool (layers * nodes,)
        Ends of roads (crossings), never passed through.
    region : int64 (nodes,)
        Region in which each node lies: that of the nearest place.
    nodes, segments : int
        Nodes and segments of a layer.
    base : int
        Number of the first node of the case in a layer; those of a network of real roads come before.
    """

    first: Ints
    arc: Rows
    closed_first: Ints
    closed: Ints
    terminal: NDArray[np.bool_]
    region: Ints
    nodes: int
    segments: int
    base: int


@dataclass(frozen=True, slots=True)
class Layers:
    """The layers of a case, one for each profile that something in it drives by.

    Attributes
    ----------
    number : dict
        Layer of each profile.
    regions : tuple of str
        Names of the regions, in the order of the places.
    middle, km : float64 (segments, 2), (segments,)
        Longitude and latitude of the middle of each road or segment, and its length.
    names : tuple of str
        Ids of the roads; of a network ``segment/`` and the number of each segment.
    """

    number: dict[str, int]
    regions: tuple[str, ...]
    middle: Floats
    km: Floats
    names: tuple[str, ...]
    tables: LayerTables

    @classmethod
    def of(cls, case: Case, times: RoadTimes) -> Layers:
        """The layers of a case."""
        profiles = dict.fromkeys(["car", *(RoadTimes.profile_of(fleet) for fleet in case.fleets)])
        profiles |= dict.fromkeys(
            RoadTimes.convoy_profile(fleet, convoy.corridor)
            for fleet in case.fleets
            for convoy in case.convoys
        )
        graphs = [times.graph(profile) for profile in profiles]
        nodes, segments = len(graphs[0].first) - 1, len(graphs[0].closed_first) - 1
        position, middle, km, names = _geography(case, times)
        regions = tuple(dict.fromkeys(place.region for place in case.places))
        region_of_place = np.array([regions.index(place.region) for place in case.places], dtype=np.int64)
        return cls(
            number={profile: i for i, profile in enumerate(profiles)},
            regions=regions,
            middle=middle,
            km=km,
            names=names,
            tables=LayerTables(
                first=_joined([graph.first for graph in graphs]),
                arc=_arcs(graphs, nodes, segments),
                closed_first=_joined([graph.closed_first for graph in graphs]),
                closed=np.concatenate([graph.closed for graph in graphs]),
                terminal=np.concatenate([graph.terminal for graph in graphs]),
                region=region_of_place[
                    _nearest(position, position[nodes - len(times.nodes) :][: len(case.places)])
                ],
                nodes=nodes,
                segments=segments,
                base=nodes - len(times.nodes),
            ),
        )


def _joined(firsts: list[Ints]) -> Ints:
    """One list of where rows begin, of several for rows that follow one another."""
    ends = np.cumsum([0, *(first[-1] for first in firsts)])
    return np.concatenate([[0], *(first[1:] + ends[i] for i, first in enumerate(firsts))]).astype(np.int64)


def _arcs(graphs: list[RoadGraph], nodes: int, segments: int) -> Rows:
    arcs = np.zeros(sum(len(graph.head) for graph in graphs), dtype=ARC)
    begin = 0
    for i, graph in enumerate(graphs):
        mine = arcs[begin : begin + len(graph.head)]
        mine["tail"], mine["head"] = arc_tails(graph) + i * nodes, graph.head + i * nodes
        mine["millis"], mine["segment"] = graph.millis, graph.segment + i * segments
        begin += len(graph.head)
    return arcs


def _geography(case: Case, times: RoadTimes) -> tuple[Floats, Floats, Floats, tuple[str, ...]]:
    """Positions of the nodes of a layer; middles, lengths and names of its segments."""
    own = np.array([times.position(node) for node in times.nodes]).reshape(-1, 2)
    if times.ground is None:
        ends = np.array(
            [[times.index[road.start], times.index[road.end]] for road in case.roads], dtype=np.int64
        )
        middle = own[ends.reshape(-1, 2)].mean(axis=1)
        return own, middle, np.array([road.km for road in case.roads]), tuple(road.id for road in case.roads)
    network = times.ground.network
    points = np.stack([network.longitude, network.latitude], axis=1)
    segments = network.segments
    ends = np.stack([segments.start, segments.end], axis=1)
    names = tuple(f"segment/{number}" for number in range(len(ends)))
    return np.concatenate([points, own]), points[ends].mean(axis=1), segments.metres / 1000, names


def _nearest(points: Floats, places: Floats) -> Ints:
    """Which place is nearest to each point, on a plane that is true enough within a country."""
    if not len(places):
        return np.zeros(len(points), dtype=np.int64)
    scale = np.array([np.cos(np.radians(points[:, 1].mean())), 1.0])
    nearest = np.empty(len(points), dtype=np.int64)
    for begin in range(0, len(points), 4096):
        some = points[begin : begin + 4096]
        far = (((some[:, None] - places[None]) * scale) ** 2).sum(axis=2)
        nearest[begin : begin + 4096] = far.argmin(axis=1)
    return nearest


class WayTables(NamedTuple):
    """Ways along the roads, as they are planned.

    Attributes
    ----------
    way : WAY (ways,)
        Arcs ``arc[first:end]`` of a ``layer`` from ``origin`` to ``target`` (nodes of the case). Of own cars
        the ``gate``, and the step at which it is to be passed (``passes``); -1 for others.
    arc : int64
        Arcs of the layers.
    """

    way: Rows
    arc: Ints


@dataclass(slots=True)
class Ways:
    """Collects the ways of a plan; those that are alike are one."""

    times: RoadTimes
    layers: Layers
    arcs: list[Ints] = field(default_factory=list)
    layer: list[int] = field(default_factory=list)
    origin: list[int] = field(default_factory=list)
    target: list[int] = field(default_factory=list)
    gate: list[int] = field(default_factory=list)
    passes: list[int] = field(default_factory=list)
    _first_arc: Ints | None = None

    def add(self, profile: str, origin: str, target: str, depart: int) -> int:
        """Add the fastest way at a step of departure; returns its number."""
        if self._first_arc is None:
            counts = [len(self.times.graph(name).head) for name in self.layers.number]
            self._first_arc = np.cumsum([0, *counts])
        layer = self.layers.number[profile]
        self.arcs.append(self.times.arcs(profile, origin, target, depart) + self._first_arc[layer])
        self.layer.append(layer)
        self.origin.append(self.times.index[origin])
        self.target.append(self.times.index[target])
        self.gate.append(-1)
        self.passes.append(-1)
        return len(self.arcs) - 1

    def tables(self) -> WayTables:
        """All ways so far."""
        ends = np.cumsum([0, *map(len, self.arcs)])
        columns = (ends[:-1], ends[1:], self.layer, self.origin, self.target, self.gate, self.passes)
        way = np.array(list(zip(*columns, strict=True)), dtype=WAY)
        return WayTables(way, np.concatenate([np.empty(0, dtype=np.int64), *self.arcs]).astype(np.int64))
