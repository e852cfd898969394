"""The bound at work beside the search: freely in a thread of its own, or round by round."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

import numpy as np

from overland.plan.bound import Bound, StoppedError
from overland.plan.journeys import journeys_of
from overland.plan.pace import Clock, Pace
from overland.plan.pricing import Prices
from overland.plan.search import Hints, Search

HINTED = 0.7  # of what is left of the run, until which the search follows what the bound learns
PROVED = 0.85  # of the same: when prices are no longer looked for, and the best are proved


class Prover(Protocol):
    """What works on the bound while the search goes on."""

    @property
    def value(self) -> float:
        """The bound, as far as the search may know it; -infinite before the first."""
        ...

    def begin_round(self) -> None:
        """Work on the bound while the search makes the moves of a round."""
        ...

    def end_round(self) -> Hints | None:
        """What the bound has learned since it was asked last; None for nothing new."""
        ...

    def wait(self, seconds: float) -> bool:
        """Work on without the search for so long at most; says whether the bound may still rise."""
        ...

    def close(self) -> None:
        """End the work; raises what went wrong in it."""
        ...


class _Work:
    """The work on a bound, in rounds, and what it has to tell the search."""

    def __init__(self, bound: Bound, search: Search, pace: Pace, prices: Prices | None) -> None:
        self.bound, self._pace, self._prices, self._begin = bound, pace, prices, pace.share
        state = search.state
        self._plan = journeys_of(search.tables, state), state.way.copy(), state.step.copy()
        self._hints: Hints | None = None
        self.is_proving = False

    def rounds(self) -> Iterator[None]:
        """Look for prices round by round, then prove the best."""
        bound, pace = self.bound, self._pace
        hinted, proved = (self._begin + part * (1 - self._begin) for part in (HINTED, PROVED))
        bound.learn(*self._plan)
        bound.take(bound.evaluate(bound.zero_prices()))
        if self._prices is not None:
            bound.begin_at(self._prices)
        more = True
        while more and pace.share < proved:
            before = bound.estimate
            more = bound.improve(pace.seconds_until(proved))
            if bound.has_mix and bound.estimate > before and pace.share < hinted:
                trips, ways = bound.hints()
                assert bound.leader is not None
                self._hints = Hints(trips, ways, bound.leader.prices.toll)
            yield
        self.is_proving = True
        yield
        bound.prove()

    def take_hints(self) -> Hints | None:
        """The latest hints, once."""
        hints, self._hints = self._hints, None
        return hints


class FreeProver:
    """Works without waiting for the search; which hints come when depends on the machine."""

    def __init__(self, bound: Bound, search: Search, pace: Pace, clock: Clock, prices: Prices | None) -> None:
        self._work = _Work(bound, search, pace, prices)
        bound.stop = lambda: bound.is_halted or clock.is_over
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="bound", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            for _ in self._work.rounds():
                pass
        except StoppedError:
            pass
        except BaseException as failure:  # handed to the main thread, which raises it
            self._failure = failure

    @property
    def value(self) -> float:
        """The bound as it stands."""
        return self._work.bound.value

    def begin_round(self) -> None:
        """Do nothing: it works all the time."""

    def end_round(self) -> Hints | None:
        """The latest hints, once."""
        return self._work.take_hints()

    def wait(self, seconds: float) -> bool:
        """Give it some time; says whether it is still at work."""
        self._thread.join(seconds)
        return self._thread.is_alive()

    def close(self) -> None:
        """Stop the thread, and raise its failure."""
        self._work.bound.halt()
        self._thread.join()
        if self._failure is not None:
            raise self._failure


class SteppedProver:
    """Does a round for each of the search's and waits for it, so that neither depends on who is quicker.

    Only the proof of the best prices, which tells the search nothing, goes on while the search does its last
    rounds.
    """

    def __init__(self, bound: Bound, search: Search, pace: Pace, clock: Clock, prices: Prices | None) -> None:
        self._work = _Work(bound, search, pace, prices)
        bound.stop = lambda: bound.is_halted or clock.is_over
        self._rounds = self._work.rounds()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="bound")
        self._round: Future[bool] | None = None
        self._is_proving = self._is_done = False
        self._value = -np.inf

    @property
    def value(self) -> float:
        """The bound after the last round that has ended."""
        return self._value

    def begin_round(self) -> None:
        """Start a round, unless the proof is under way."""
        if self._round is None and not self._is_done:
            self._round = self._pool.submit(self._step)

    def _step(self) -> bool:
        """One round; says whether there is another."""
        return next(self._rounds, self) is None

    def end_round(self) -> Hints | None:
        """Wait for the round, but for the proof; the latest hints, once."""
        if self._round is not None and not self._is_proving:
            self._settle(self._round, None)
        return self._work.take_hints()

    def wait(self, seconds: float) -> bool:
        """Go on for some time; says whether there is more to do."""
        self.begin_round()
        if self._round is not None:
            self._settle(self._round, seconds)
        return not self._is_done

    def _settle(self, running: Future[bool], seconds: float | None) -> None:
        """Take what has come of a round, if it has ended by then."""
        try:
            self._is_done = not running.result(seconds)
        except TimeoutError:
            return
        except StoppedError:
            self._is_done = True
        self._round, self._value = None, self._work.bound.value
        self._is_proving = self._work.is_proving

    def close(self) -> None:
        """Stop the round that is under way, and raise its failure."""
        self._work.bound.halt()
        try:
            if self._round is not None:
                self._settle(self._round, None)
        finally:
            self._pool.shutdown()
