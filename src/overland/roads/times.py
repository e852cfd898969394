"""Travel times by road between the nodes of a case, for every departure step."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from overland.case.model import Case, Fleet
from overland.roads.earliest import all_departures, single_departure
from overland.roads.graph import RoadGraph, flat_closures, in_millis
from overland.roads.passability import closed_times

Steps = NDArray[np.int16]

GRACE_MILLIS = 100  # that do not make a step more: each road's time is rounded to a millisecond


@dataclass(slots=True)
class RoadTimes:
    """Earliest arrivals by road; computed when asked for, then kept.

    ``docs/problem.md`` (Roads) says what they mean. Make one with :meth:`of`.
    """

    case: Case
    nodes: tuple[str, ...]
    index: dict[str, int]
    _graphs: dict[str, RoadGraph] = field(default_factory=dict)
    _rows: dict[tuple[str, int], tuple[Steps, NDArray[np.int32]]] = field(default_factory=dict)

    @classmethod
    def of(cls, case: Case) -> RoadTimes:
        """The road times of a case."""
        nodes = tuple(p.id for p in case.places) + tuple(x.id for x in case.crossings)
        return cls(case, nodes, {node: i for i, node in enumerate(nodes)})

    @staticmethod
    def profile_of(fleet: Fleet) -> str:
        """The profile a fleet's vehicles drive by."""
        return "bus" if fleet.avoids_level is None else f"bus-avoid-{fleet.avoids_level}"

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
            step, everywhere = in_millis(self.case.step_minutes), np.arange(len(self.nodes))
            self._rows[key] = all_departures(
                key[1], self.case.steps, step, GRACE_MILLIS, self.graph(profile), everywhere
            )
        return self._rows[key]

    def route(self, profile: str, a: str, b: str, t: int) -> list[str]:
        """Nodes along the fastest way, both ends included; empty if not reachable within the horizon."""
        if self.steps(profile, a, b, t) < 0:
            return []
        graph = self.graph(profile)
        source, target = self.index[a], self.index[b]
        wanted = np.arange(len(self.nodes)) == target
        _, via, _, _ = single_departure(source, t * in_millis(self.case.step_minutes), graph, wanted)
        tail = np.repeat(np.arange(len(self.nodes)), np.diff(graph.first))
        way = [target]
        while way[-1] != source:
            way.append(int(tail[via[way[-1]]]))
        return [self.nodes[i] for i in reversed(way)]

    def graph(self, profile: str) -> RoadGraph:
        """The road graph of a profile."""
        if profile not in self._graphs:
            self._graphs[profile] = _build_graph(self.case, profile, self.index)
        return self._graphs[profile]


def _build_graph(case: Case, profile: str, index: dict[str, int]) -> RoadGraph:
    avoids = int(profile.removeprefix("bus-avoid-")) if profile.startswith("bus-avoid-") else None
    factor = 1.0 if profile == "car" else case.policy.bus_speed_factor
    arcs: list[tuple[int, int, int, int]] = []
    for number, road in enumerate(case.roads):
        speed = (road.speed_kmh or case.policy.speeds_kmh[road.road_class]) * factor
        millis = in_millis(60 * road.km / speed)
        arcs.append((index[road.start], index[road.end], millis, number))
        if not road.one_way:
            arcs.append((index[road.end], index[road.start], millis, number))
    arcs.sort()
    closed = closed_times(case, avoids)
    numbers = {number: closed[road.id] for number, road in enumerate(case.roads) if road.id in closed}
    columns = np.array(arcs, dtype=np.int64).reshape(-1, 4).T
    return RoadGraph.of(
        len(index),
        (columns[0], columns[1], columns[2], columns[3]),
        flat_closures(len(case.roads), numbers),
        terminal=range(len(case.places), len(index)),
    )
