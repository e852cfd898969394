"""How far a run is: by the clock, or by the work that it has done."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from math import inf
from typing import Protocol

CHUNK = 2_000  # moves at one temperature, and between two looks at the clock
WRITING = 1.0  # seconds before the time is over: when the search stops
MOVES_A_ROUND = 80  # of work, for each rider group, vehicle and driver: about as long as the bound takes


@dataclass(slots=True)
class Clock:
    """The time that a run has taken, in seconds, and that it may take."""

    limit: float
    started: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """Since the start."""
        return time.monotonic() - self.started

    @property
    def is_over(self) -> bool:
        """Whether nothing may go on any longer."""
        return self.seconds >= self.limit


class Pace(Protocol):
    """What says how far a run is, and so what temperature the search has and when prices are proved."""

    @property
    def share(self) -> float:
        """Part of the run that is done."""
        ...

    @property
    def end(self) -> float:
        """Share at which the search ends: what remains is for writing."""
        ...

    @property
    def last(self) -> float:
        """Share until which the proof may go on when the search has ended."""
        ...

    @property
    def moves(self) -> int:
        """Moves of a round."""
        ...

    @property
    def is_cut_short(self) -> bool:
        """Whether the search has to end, however far it is."""
        ...

    def seconds_until(self, share: float) -> float:
        """Seconds that a part of a round may take, so that the run is no farther than a share then."""
        ...

    def advance(self) -> None:
        """End a round."""
        ...


@dataclass(slots=True)
class ByClock:
    """The share of its time that a run has taken; its rounds are short, and nobody waits at their end."""

    clock: Clock
    moves: int = CHUNK

    @property
    def share(self) -> float:
        """Part of the time that is over."""
        return self.clock.seconds / self.clock.limit

    @property
    def end(self) -> float:
        """The last second is for writing, or half the time if that is less."""
        return max(0.5, 1 - WRITING / self.clock.limit)

    @property
    def last(self) -> float:
        """As the search."""
        return self.end

    @property
    def is_cut_short(self) -> bool:
        """Never: its share says when it is over."""
        return False

    def seconds_until(self, share: float) -> float:
        """What is left until then; at least a second."""
        return max(1.0, share * self.clock.limit - self.clock.seconds)

    def advance(self) -> None:
        """Let the clock do it."""


@dataclass(slots=True)
class ByWork:
    """The share of its rounds that a run has done: the same on every machine, however quick."""

    clock: Clock
    rounds: int
    moves: int
    done: int = 0

    @property
    def share(self) -> float:
        """Part of the rounds that are done."""
        return self.done / self.rounds

    @property
    def end(self) -> float:
        """All of it."""
        return 1.0

    @property
    def last(self) -> float:
        """The proof takes the time that it takes."""
        return inf

    @property
    def is_cut_short(self) -> bool:
        """Whether the time is over before the work is done."""
        return self.clock.seconds >= self.clock.limit - min(WRITING, 0.5 * self.clock.limit)

    def seconds_until(self, share: float) -> float:  # noqa: ARG002 (what takes long does not count)
        """No limit: what ends by the clock is not the same the next time."""
        return inf

    def advance(self) -> None:
        """Count the round."""
        self.done += 1


def moves_a_round(riders: int, vehicles: int, drivers: int) -> int:
    """Moves of a round of work, for a case of so many groups that ride, vehicles, and groups that drive."""
    return CHUNK * max(1, round(MOVES_A_ROUND * (riders + vehicles + drivers) / CHUNK))
