"""Travel times by road between the nodes of a case, for every departure step."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from overland.case.model import Case, Fleet
from overland.roads.ground import Ground
from overland.roads.passability import closed_times
from overland.roads.route import line_of_arcs
from overland.roads.search.departures import all_departures
from overland.roads.search.earliest import arcs_of_way, single_departure
from overland.roads.search.graph import RoadGraph, flat_closures, in_millis
from overland.roads.search.threads import threads

Steps = NDArray[np.int16]

LONG_METRES = 1_500.0  # of a segment whose ends are mentioned in a route
GRACE_MILLIS = 100  # that do not make a step more: each road's time is rounded to a millisecond


@dataclass(slots=True)
class RoadTimes:
    """Earliest arrivals by road; computed when asked for, then kept.

    ``docs/problem.md`` (Roads) says what they mean. Make one with :meth:`of`.
    """

    case: Case
    nodes: tuple[str, ...]
    index: dict[str, int]
    ground: Ground | None = None
    _graphs: dict[str, RoadGraph] = field(default_factory=dict)
    _rows: dict[tuple[str, int], tuple[Steps, NDArray[np.int32]]] = field(default_factory=dict)

    @classmethod
    def of(cls, case: Case) -> RoadTimes:
        """The road times of a case.

        Raises
        ------
        NetworkError
            If the case names a network that cannot be read, or that has not the roads the case speaks of.
        """
        nodes = tuple(p.id for p in case.places) + tuple(x.id for x in case.crossings)
        index = {node: i for i, node in enumerate(nodes)}
        return cls(case, nodes, index, None if case.network is None else Ground.of(case))

    @staticmethod
    def profile_of(fleet: Fleet) -> str:
        """The profile a fleet's vehicles drive by."""
        return "bus" if fleet.avoids_level is None else f"bus-avoid-{fleet.avoids_level}"

    @classmethod
    def convoy_profile(cls, fleet: Fleet, corridor: str) -> str:
        """The profile a fleet's vehicles drive by in a convoy to which an escorted corridor is open."""
        return f"{cls.profile_of(fleet)}+{corridor}"

    def steps(self, profile: str, a: str, b: str, t: int) -> int:
        """Steps from node ``a`` to node ``b`` leaving at step ``t``; -1 if not reachable by the horizon."""
        if not 0 <= t < self.case.steps:
            return 0 if a == b else -1
        travel, row = self._compact(profile, a)
        steps = int(travel[row[t], self.index[b]])
        return steps if t + steps <= self.case.steps else -1

    def table(self, profile: str, a: str) -> Steps:
        """Steps from node ``a`` to every node for every departure step.

        Returns
        -------
        int16 (T, nodes)
            -1 where not reachable within the horizon. Columns are in the order of ``nodes``.
        """
        travel, row = self._compact(profile, a)
        steps: Steps = travel[row]
        steps[steps + np.arange(self.case.steps)[:, None] > self.case.steps] = -1
        return steps

    def _compact(self, profile: str, a: str) -> tuple[Steps, NDArray[np.int32]]:
        """Travel steps from a node to all, kept only where they differ, and which hold at each step."""
        key = (profile, self.index[a])
        if key not in self._rows:
            step, everywhere = in_millis(self.case.step_minutes), self._base + np.arange(len(self.nodes))
            self._rows[key] = all_departures(
                everywhere[key[1]], self.case.steps, step, GRACE_MILLIS, self.graph(profile), everywhere
            )
        return self._rows[key]

    def prepare(self, show: Callable[[int, int], None] | None = None) -> None:
        """Compute all travel steps a plan asks for now, on all cores, rather than one by one.

        Own cars leave from places, the vehicles of fleets from crossings, too.

        Parameters
        ----------
        show : callable, optional
            Told after each node how many are done, of how many.
        """
        fleets = dict.fromkeys(self.profile_of(fleet) for fleet in self.case.fleets if fleet.count)
        wanted = [("car", place.id) for place in self.case.places]
        wanted += [(profile, node) for profile in fleets for node in self.nodes]
        wanted += [
            (self.convoy_profile(fleet, convoy.corridor), convoy.place)
            for fleet in self.case.fleets
            if fleet.count
            for convoy in self.case.convoys
        ]
        wanted = list(dict.fromkeys(wanted))
        for profile, _ in wanted:
            self.graph(profile)  # before the threads, which would each make one
        with ThreadPoolExecutor(threads(len(wanted))) as pool:
            try:
                for done, _ in enumerate(pool.map(lambda one: self._compact(*one), wanted), start=1):
                    if show is not None:
                        show(done, len(wanted))
            finally:
                pool.shutdown(wait=True, cancel_futures=True)

    def route(self, profile: str, a: str, b: str, t: int) -> list[str]:
        """Nodes along the fastest way, both ends included; empty if not reachable within the horizon.

        On real roads, between its ends, the ends of its longer segments: ``road-17`` is node 17 of the
        network. :meth:`position` says where they are.
        """
        if a == b or self.steps(profile, a, b, t) < 0:
            return [a] if a == b else []
        graph, arcs = self.graph(profile), self.arcs(profile, a, b, t)
        if self.ground is None:
            return [a, *(self.nodes[node] for node in graph.head[arcs].tolist())]
        segments, network = self.ground.network.segments, self.ground.network
        long = arcs[np.abs(graph.share[arcs] @ [1, -1]) == 1]
        long = long[segments.metres[graph.segment[long]] >= LONG_METRES]
        ends = np.stack([segments.start, segments.end], axis=1)[graph.segment[long]]
        ends = np.where(graph.share[long, :1] == 0, ends, ends[:, ::-1]).ravel()
        between = dict.fromkeys(node for node in ends.tolist() if node < len(network))
        return [a, *(f"road-{node}" for node in between), b]

    def position(self, node: str) -> tuple[float, float]:
        """Longitude and latitude of a node of a route."""
        number = self.index.get(node, -1)
        if 0 <= number < len(self.case.places):
            return self.case.places[number].longitude, self.case.places[number].latitude
        if number >= 0:
            crossing = self.case.crossings[number - len(self.case.places)]
            return crossing.longitude, crossing.latitude
        assert self.ground is not None
        number = int(node.removeprefix("road-"))
        return float(self.ground.network.longitude[number]), float(self.ground.network.latitude[number])

    def line(self, profile: str, a: str, b: str, t: int) -> NDArray[np.float64]:
        """Longitude and latitude along the fastest way on real roads: float64 (points, 2).

        Empty if not reachable within the horizon.

        Raises
        ------
        ValueError
            If the case has no network of real roads.
        """
        if self.ground is None:
            raise ValueError("the case has no network of real roads")
        if a == b or self.steps(profile, a, b, t) < 0:
            return np.empty((0, 2))
        return line_of_arcs(self.ground.network, self.graph(profile), self.arcs(profile, a, b, t))

    def arcs(self, profile: str, a: str, b: str, t: int) -> NDArray[np.int64]:
        """Arcs of the fastest way, in order."""
        graph = self.graph(profile)
        source, target = self._base + self.index[a], self._base + self.index[b]
        wanted = np.arange(len(graph.terminal)) == target
        _, via, _, _ = single_departure(source, t * in_millis(self.case.step_minutes), graph, wanted)
        return arcs_of_way(graph, via, source, target)

    @property
    def _base(self) -> int:
        """Number of the first node of the case among those of the graph."""
        return 0 if self.ground is None else len(self.ground.network)

    def graph(self, profile: str) -> RoadGraph:
        """The road graph of a profile."""
        if profile not in self._graphs:
            kind, _, escorted = profile.partition("+")
            avoids = int(kind.removeprefix("bus-avoid-")) if kind.startswith("bus-avoid-") else None
            slower = 1.0 if kind == "car" else 1 / self.case.policy.bus_speed_factor
            if self.ground is None:
                self._graphs[profile] = _drawn_graph(self.case, self.index, avoids, slower, escorted)
            else:
                self._graphs[profile] = self.ground.graph(self.case, avoids, slower, escorted)
        return self._graphs[profile]


def _drawn_graph(
    case: Case, index: dict[str, int], avoids: int | None, slower: float, escorted: str
) -> RoadGraph:
    """The graph of ``roads.csv``."""
    arcs: list[tuple[int, int, int, int]] = []
    for number, road in enumerate(case.roads):
        speed = road.speed_kmh or case.policy.speeds_kmh[road.road_class]
        millis = in_millis(60 * road.km / speed * slower)
        arcs.append((index[road.start], index[road.end], millis, number))
        if not road.one_way:
            arcs.append((index[road.end], index[road.start], millis, number))
    arcs.sort()
    closed = closed_times(case, avoids, escorted)
    numbers = {number: closed[road.id] for number, road in enumerate(case.roads) if road.id in closed}
    columns = np.array(arcs, dtype=np.int64).reshape(-1, 4).T
    return RoadGraph.of(
        len(index),
        (columns[0], columns[1], columns[2], columns[3]),
        flat_closures(len(case.roads), numbers),
        terminal=range(len(case.places), len(index)),
    )
