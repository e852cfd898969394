"""A road network by what it lets through: people who leave, roads with capacity and time, one sink."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from overland.errors import FlowError

Ints = NDArray[np.int64]

MOST_PEOPLE = 1_000_000_000
MOST_STEPS = 30_000  # of a transit or a release; arrivals are counted in 16 bits
NO_WAY = 1 << 40
SAFE = "(safe)"
"""Name of the sink behind several sinks."""


@dataclass(frozen=True, slots=True, eq=False)
class FlowNetwork:
    """Nodes and arcs with people at sources. Make one with :meth:`of`.

    Attributes
    ----------
    names : tuple of str
        Of the nodes.
    tail, head : int64 (arcs,)
        In the order of the tails.
    capacity : int64 (arcs,)
        Persons who may enter an arc in one step.
    transit : int64 (arcs,)
        Steps from entering an arc to being at its head.
    supply : int64 (nodes,)
        People at each node at the beginning.
    release : int64 (nodes,)
        First step at which they may leave.
    sink : int
        Node where everybody is safe; nobody goes on from it.
    """

    names: tuple[str, ...]
    tail: Ints
    head: Ints
    capacity: Ints
    transit: Ints
    supply: Ints
    release: Ints
    sink: int

    @classmethod
    def of(
        cls,
        names: Sequence[str],
        arcs: Sequence[tuple[int, int, int, int]] | Ints,
        supply: Mapping[int, int],
        sinks: Sequence[int],
        release: Mapping[int, int] | None = None,
    ) -> FlowNetwork:
        """Check and sort what a network is made of.

        Parameters
        ----------
        names : sequence of str
            A node each.
        arcs : sequence of (int, int, int, int)
            Tail, head, capacity in persons a step, transit in steps (may be 0).
        supply : mapping of int to int
            People at nodes.
        sinks : sequence of int
            Nodes where people are safe. Several lead to one more node without transit and limit.
        release : mapping of int to int, optional
            First step at which the people of a node may leave; 0 where it is not given.

        Raises
        ------
        FlowError
            Saying what is wrong and what would be right.
        """
        table = np.array(arcs, dtype=np.int64).reshape(-1, 4)
        names, sinks = list(names), sorted(set(sinks))
        _check(names, table, supply, sinks, release or {})
        table = table[~np.isin(table[:, 0], sinks) & (table[:, 0] != table[:, 1])]  # these lead nowhere
        sink = sinks[0]
        if len(sinks) > 1:
            sink = len(names)
            names.append(SAFE)
            people = sum(n for v, n in supply.items() if v not in sinks)
            table = np.concatenate([table, [(v, sink, max(1, people), 0) for v in sinks]])
        table = table[np.argsort(table[:, 0], kind="stable")]
        amounts, first = np.zeros((2, len(names)), dtype=np.int64)
        amounts[list(supply)] = list(supply.values())
        if release:
            first[list(release)] = list(release.values())
        tail, head, capacity, transit = (np.ascontiguousarray(column) for column in table.T)
        network = cls(tuple(names), tail, head, capacity, transit, amounts, first, sink)
        network._check_reachable()
        return network

    def __len__(self) -> int:
        """Number of nodes."""
        return len(self.names)

    @property
    def people(self) -> int:
        """All people."""
        return int(self.supply.sum())

    def nearness(self) -> tuple[Ints, Ints]:
        """Steps from each node to the sink on empty roads, and its place in the order of being near.

        ``NO_WAY`` where there is no way. On a shortest way to the sink, places fall.
        """
        by_head = np.argsort(self.head, kind="stable")
        first = np.searchsorted(self.head[by_head], np.arange(len(self) + 1)).tolist()
        tail, transit = self.tail[by_head].tolist(), self.transit[by_head].tolist()
        usable = (self.capacity[by_head] > 0).tolist()
        steps, place, settled = [NO_WAY] * len(self), [NO_WAY] * len(self), 0
        steps[self.sink] = 0
        waiting = [(0, self.sink)]
        while waiting:
            reached, v = heapq.heappop(waiting)
            if place[v] < NO_WAY:
                continue
            place[v], settled = settled, settled + 1
            for k in range(first[v], first[v + 1]):
                if usable[k] and reached + transit[k] < steps[tail[k]]:
                    steps[tail[k]] = reached + transit[k]
                    heapq.heappush(waiting, (steps[tail[k]], tail[k]))
        return np.array(steps, dtype=np.int64), np.array(place, dtype=np.int64)

    def _check_reachable(self) -> None:
        steps, _ = self.nearness()
        lost = np.flatnonzero((self.supply > 0) & (steps >= NO_WAY))
        if len(lost):
            some = ", ".join(self.names[v] for v in lost[:5])
            raise FlowError(
                f"{int(self.supply[lost].sum()):,} people have no way to a sink, at {len(lost):,} sources "
                f"({some}{', …' if len(lost) > 5 else ''}); add roads for them or leave them out"
            )


def _check(
    names: Sequence[str],
    arcs: Ints,
    supply: Mapping[int, int],
    sinks: Sequence[int],
    release: Mapping[int, int],
) -> None:
    def refuse(message: str) -> None:
        raise FlowError(message)

    for v in (*supply, *sinks, *release):
        if not 0 <= v < len(names):
            refuse(f"node number {v} is not one of the {len(names):,} nodes")
    if len(arcs) and not (arcs[:, :2].min() >= 0 and arcs[:, :2].max() < len(names)):
        refuse(f"an arc leads from or to a node that is not one of the {len(names):,} nodes")
    if not sinks:
        refuse("there is no sink; name at least one node where people are safe")
    if len(arcs) and arcs[:, 2].min() < 0:
        refuse("a capacity is negative; it must be 0 or more persons a step")
    if len(arcs) and not 0 <= arcs[:, 3].min() <= arcs[:, 3].max() <= MOST_STEPS:
        refuse(f"the time of an arc must be between 0 and {MOST_STEPS:,} steps; take longer steps")
    if any(n < 0 for n in supply.values()):
        refuse("a source has a negative number of people; it must be 0 or more")
    if any(not 0 <= first <= MOST_STEPS for first in release.values()):
        refuse(f"people must be free to leave between step 0 and step {MOST_STEPS:,}")
    total = sum(supply.values())
    if not 0 < total <= MOST_PEOPLE:
        refuse(f"there are {total:,} people at sources; there must be 1 to {MOST_PEOPLE:,}")
