"""What the search for an earliest-arrival flow returns: who enters which road when, and its proof."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from overland.plan.massflow.flow_network import FlowNetwork

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """A flow over time.

    Attributes
    ----------
    arc, enter, persons : int64 (rows,)
        So many enter an arc (its number in the network) at a step.
    source, leave, leaving : int64 (departures,)
        So many set out from a source (a node) at a step.
    """

    arc: Ints
    enter: Ints
    persons: Ints
    source: Ints
    leave: Ints
    leaving: Ints

    def first_arcs(self, network: FlowNetwork) -> list[tuple[int, int, int, int]]:
        """Departures by the arc they set out on: (source, step, arc, persons), for traffic control.

        Who drives through a source keeps to the arcs in their order; who sets out takes what is left of them.
        Who is at the sink from the beginning takes none: -1.
        """
        entering: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for arc, enter, persons in zip(
            *(c.tolist() for c in (self.arc, self.enter, self.persons)), strict=True
        ):
            entering.setdefault((int(network.tail[arc]), enter), []).append((arc, persons))
        rows: list[tuple[int, int, int, int]] = []
        for v, step, persons in zip(
            *(c.tolist() for c in (self.source, self.leave, self.leaving)), strict=True
        ):
            for arc, room in reversed(entering.get((v, step), [])):
                taken = min(room, persons)
                if taken:
                    rows.append((v, step, arc, taken))
                persons -= taken
            if persons:  # they are at the sink
                rows.append((v, step, -1, persons))
        return rows


@dataclass(frozen=True, slots=True, eq=False)
class Cuts:
    """Cuts of the network over time, one for each step: what lies behind a cut is reached only through it.

    Attributes
    ----------
    until : int
        There is a cut for each last step of arrivals up to this one; -1: for none.
    behind : int16 (nodes, 1 + steps)
        Last step of arrivals from which on a copy lies behind the cut, -1 for never. Column 0 are those who
        wait at a node, column ``t + 1`` is the node at step ``t``.
    """

    until: int
    behind: NDArray[np.int16]


@dataclass(frozen=True, slots=True, eq=False)
class MassFlow:
    """A flow that brings everybody to the sink, with its proof.

    Attributes
    ----------
    network : FlowNetwork
    pattern : Pattern
    cuts : Cuts
    out : int64 (clearance + 1,)
        People at the sink by each step.
    most_out : int64 (clearance + 1,)
        People who can be there by each step in any flow: the envelope.
    seconds : float
        Time of the search.
    interrupted : bool
        Whether it was ended from outside.
    """

    network: FlowNetwork
    pattern: Pattern
    cuts: Cuts
    out: Ints
    most_out: Ints
    seconds: float = 0.0
    interrupted: bool = False

    @property
    def clearance(self) -> int:
        """Step at which the last one is safe."""
        return len(self.out) - 1

    @property
    def clearance_bound(self) -> int:
        """No flow has everybody safe before this step."""
        return int(np.argmax(self.most_out >= self.network.people))

    @property
    def total(self) -> int:
        """Sum of the arrival steps of all people."""
        return int((self.network.people - self.out).sum())

    @property
    def bound(self) -> int:
        """No flow has a smaller sum of arrival steps."""
        return int((self.network.people - self.most_out).sum())

    @property
    def gap(self) -> float:
        """How much of the sum could be saved at most; 0 if it is the least possible."""
        return (self.total - self.bound) / self.total if self.total else 0.0

    @property
    def mean(self) -> float:
        """Mean arrival step."""
        return self.total / self.network.people

    def step_of_share(self, share: float) -> int:
        """First step at which a share (0–1) of the people is safe."""
        return int(np.argmax(self.out >= np.ceil(share * self.network.people - 1e-9)))
