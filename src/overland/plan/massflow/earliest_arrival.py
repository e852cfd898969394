"""The earliest-arrival flow: as many as possible are safe by every step, all at once.

For one last step of arrivals after the other, people are brought to the sink at that step until no more can
be, without taking back what arrived before (Minieka 1973). What can no longer be reached then never will be,
so it is looked at no more, and it is the proof: it lies behind a least cut of the network up to that step.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from math import inf

import numpy as np

from overland.errors import FlowError
from overland.plan.massflow.augmentation import augment, open_step
from overland.plan.massflow.checking import people_out, upper_bound
from overland.plan.massflow.expansion import FEW_BITS, FORWARD, NEVER, Room, empty_room, enlarged, layout_of
from overland.plan.massflow.flow_network import FlowNetwork
from overland.plan.massflow.mass_flow import Cuts, MassFlow, Pattern

COPIES_AT_A_TIME = 200_000  # looked at between two looks at the clock
MOST_BITS = 14  # steps: 16,384
MOST_COPIES = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a search is.

    Attributes
    ----------
    seconds : float
    step : int
        Arrivals by earlier steps are the most possible.
    out, people : int
        How many are under way or safe, and all of them.
    """

    seconds: float
    step: int
    out: int
    people: int


Watcher = Callable[[Progress], None]


def earliest_arrival(
    network: FlowNetwork, time_limit: float = inf, progress: Watcher | None = None
) -> MassFlow:
    """Find the flow that has most people safe by every step.

    Parameters
    ----------
    network : FlowNetwork
    time_limit : float
        Seconds after which the rest is brought out without undoing anything, which takes little longer. An
        interruption (Ctrl+C) has the same effect.
    progress : callable, optional
        Called now and then.

    Raises
    ------
    FlowError
        If the network over time is too large.
    """
    started = time.monotonic()
    search = _Search(network)
    interrupted = False
    try:
        while not search.done:
            search.advance()
            seconds = time.monotonic() - started
            if progress is not None:
                progress(Progress(seconds, search.step, search.out, network.people))
            if seconds > time_limit:
                break
    except KeyboardInterrupt:
        interrupted = True
    cuts = search.cuts()
    search.complete()
    pattern = search.pattern()
    out = people_out(network, pattern)
    most = upper_bound(network, cuts, len(out))
    return MassFlow(network, pattern, cuts, out, most, time.monotonic() - started, interrupted)


def warm_up() -> None:
    """Compile the kernels, or load them, before the clock starts."""
    earliest_arrival(FlowNetwork.of(("a", "z"), [(0, 1, 1, 1)], {0: 2}, [1]))


class _Search:
    """The state of a search; consistent whenever a kernel has returned."""

    def __init__(self, network: FlowNetwork) -> None:
        self.network = network
        self.step = 0
        self._layout = layout_of(network)
        self._room = self._checked(lambda: empty_room(network, self._layout, FEW_BITS), FEW_BITS)
        self._opened = -1
        self._proving = True
        self._proven = -1

    @property
    def out(self) -> int:
        """People who have been brought out."""
        return self.network.people - int(self._room.left.sum())

    @property
    def done(self) -> bool:
        """Whether everybody is."""
        return not self._room.left.any()

    def advance(self) -> None:
        """Bring more people to the sink at the present step, or go on to the next."""
        if self._opened < self.step:
            if self.step + 1 >= 1 << self._room.bits:
                bits = self._room.bits + 1
                self._room = self._checked(lambda: enlarged(self._room, self.network, self._layout), bits)
            open_step(self._layout, self._room, self.step)
            self._opened = self.step
        if augment(self._layout, self._room, self.step, COPIES_AT_A_TIME):
            self._proven = max(self._proven, self.step if self._proving else -1)
            self.step += 1

    def complete(self) -> None:
        """Bring the others out, too, without undoing anything."""
        if self.done:
            return
        self._layout = self._layout._replace(most=FORWARD)
        self._proving = False
        room = self._room
        room.label[room.label > FORWARD] = NEVER
        while not self.done:
            self.advance()

    def cuts(self) -> Cuts:
        """What lies behind the least cuts of the steps that are done."""
        behind = self._room.death.reshape(len(self.network), -1)[:, : self._proven + 2].copy()
        behind[behind > self._proven] = -1
        return Cuts(self._proven, behind)

    def pattern(self) -> Pattern:
        """The flow."""
        steps = 1 << self._room.bits
        arc, enter = np.nonzero(self._room.flow.reshape(-1, steps))
        source, leave = np.nonzero(self._room.depart.reshape(-1, steps))
        return Pattern(
            arc, enter, self._room.flow.reshape(-1, steps)[arc, enter].astype(np.int64),
            source, leave, self._room.depart.reshape(-1, steps)[source, leave].astype(np.int64),
        )  # fmt: skip

    def _checked(self, make: Callable[[], Room], bits: int) -> Room:
        copies = max(len(self.network), len(self.network.tail)) << bits
        if bits > MOST_BITS or copies > MOST_COPIES:
            raise FlowError(
                f"people would be on the way for more than {(1 << bits - 1) - 1:,} steps, too long for a "
                f"network of {len(self.network.tail):,} roads; take longer steps"
            )
        return make()
