"""Travel times by road between the nodes of a case, for every departure step."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from overland.case.model import Case, Fleet
from overland.roads.earliest import all_departures, single_departure
from overland.roads.passability import closed_times

Steps = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class RoadGraph:
    """The roads of a case for one profile, as flat arrays (compressed sparse rows).

    Attributes
    ----------
    first : int64 (nodes + 1,)
        Arcs of node ``i`` are ``first[i]`` … ``first[i + 1] - 1``.
    head : int64 (arcs,)
        Node an arc leads to.
    minutes : float64 (arcs,)
        Time to drive it.
    closed_first : int64 (arcs + 1,)
        Closed intervals of an arc, as rows of ``closed``.
    closed : float64 (intervals, 2)
        From and until, minutes after the start, sorted for each arc.
    terminal : bool (nodes,)
        Crossings: ends of roads, never passed through.
    """

    first: NDArray[np.int64]
    head: NDArray[np.int64]
    minutes: NDArray[np.float64]
    closed_first: NDArray[np.int64]
    closed: NDArray[np.float64]
    terminal: NDArray[np.bool_]


@dataclass(slots=True)
class RoadTimes:
    """Earliest arrivals by road; computed when asked for, then kept.

    ``docs/problem.md`` (Roads) says what they mean. Make one with :meth:`of`.
    """

    case: Case
    nodes: tuple[str, ...]
    index: dict[str, int]
    _graphs: dict[str, RoadGraph] = field(default_factory=dict)
    _steps: dict[tuple[str, int], Steps] = field(default_factory=dict)

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
        return int(self.table(profile, a)[t, self.index[b]])

    def table(self, profile: str, a: str) -> Steps:
        """Steps from node ``a`` to every node for every departure step.

        Returns
        -------
        int16 (T, nodes)
            -1 where not reachable within the horizon. Columns are in the order of ``nodes``.
        """
        key = (profile, self.index[a])
        if key not in self._steps:
            graph = self.graph(profile)
            self._steps[key] = all_departures(
                key[1],
                self.case.steps,
                float(self.case.step_minutes),
                graph.first,
                graph.head,
                graph.minutes,
                graph.closed_first,
                graph.closed,
                graph.terminal,
            )
        return self._steps[key]

    def route(self, profile: str, a: str, b: str, t: int) -> list[str]:
        """Nodes along the fastest way, both ends included; empty if not reachable within the horizon."""
        if self.steps(profile, a, b, t) < 0:
            return []
        graph = self.graph(profile)
        source, target = self.index[a], self.index[b]
        _, previous = single_departure(
            source,
            float(t * self.case.step_minutes),
            graph.first,
            graph.head,
            graph.minutes,
            graph.closed_first,
            graph.closed,
            graph.terminal,
        )
        way = [target]
        while way[-1] != source:
            way.append(int(previous[way[-1]]))
        return [self.nodes[i] for i in reversed(way)]

    def graph(self, profile: str) -> RoadGraph:
        """The road graph of a profile."""
        if profile not in self._graphs:
            self._graphs[profile] = _build_graph(self.case, profile, self.index)
        return self._graphs[profile]


def _build_graph(case: Case, profile: str, index: dict[str, int]) -> RoadGraph:
    avoids = int(profile.removeprefix("bus-avoid-")) if profile.startswith("bus-avoid-") else None
    factor = 1.0 if profile == "car" else case.policy.bus_speed_factor
    closed = closed_times(case, avoids)
    arcs: list[tuple[int, int, float, str]] = []
    for road in case.roads:
        speed = (road.speed_kmh or case.policy.speeds_kmh[road.road_class]) * factor
        minutes = 60 * road.km / speed
        arcs.append((index[road.start], index[road.end], minutes, road.id))
        if not road.one_way:
            arcs.append((index[road.end], index[road.start], minutes, road.id))
    arcs.sort()
    intervals = [closed.get(road, []) for _, _, _, road in arcs]
    tails = np.array([a[0] for a in arcs], dtype=np.int64)
    return RoadGraph(
        first=np.searchsorted(tails, np.arange(len(index) + 1)).astype(np.int64),
        head=np.array([a[1] for a in arcs], dtype=np.int64),
        minutes=np.array([a[2] for a in arcs], dtype=np.float64),
        closed_first=np.cumsum([0, *map(len, intervals)], dtype=np.int64),
        closed=np.array([i for arc in intervals for i in arc], dtype=np.float64).reshape(-1, 2),
        terminal=np.array([False] * len(case.places) + [True] * len(case.crossings)),
    )
