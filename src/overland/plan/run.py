"""One run of the planner: the search in this thread, the bound beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from overland.plan.bound import Bound
from overland.plan.build import Draft, draft_plan, drop_empty_trips, stranded_cost
from overland.plan.document import Work
from overland.plan.pace import CHUNK, ByClock, ByWork, Clock, Pace, moves_a_round
from overland.plan.pricing import Prices
from overland.plan.prover import FreeProver, Prover, SteppedProver
from overland.plan.search import Hints, Search
from overland.plan.setting import Setting
from overland.plan.state import State

FIRST_SHARE = 0.04  # of the run, until the bound is given the first plan to start from
FIRST_HOT, FIRST_COLD = 200.0, 4.0  # temperatures until then
HOT, WARM, COLD = 50.0, 6.0, 3.0  # temperatures: at first, at first from a good plan, and in the end
APART = 1_000_003  # between the seeds of one annealing and the next, so that none is like another
MOST_MOVES = 40_000  # of a search by the clock, for each rider group, vehicle and driver


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is."""

    phase: str
    seconds: float
    cost: float  # of the best plan so far; infinite before the first
    bound: float  # best bound so far; -infinite before the first

    @property
    def gap(self) -> float:
        """Certified gap so far; 1 before there is a plan and a bound."""
        if not np.isfinite(self.cost) or not np.isfinite(self.bound) or self.cost <= 0:
            return 1.0
        return max(0.0, (self.cost - self.bound) / self.cost)


class Run:
    """The search for a plan of least cost, and for a bound.

    Parameters
    ----------
    state : State
        What to start from.
    rounds : int or None
        Rounds of work to do; None to work by the clock.
    """

    def __init__(
        self,
        setting: Setting,
        state: State,
        clock: Clock,
        *,
        seed: int,
        rounds: int | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> None:
        problem, tables, cars = setting.problem, setting.tables, setting.cars
        self._setting, self._problem, self._seed, self._progress = setting, problem, seed, progress
        size = len(tables.size), len(problem.vehicles.name), len(cars.cohort_of)
        self._clock = clock
        self._pace: Pace = ByClock(clock) if rounds is None else ByWork(clock, rounds, moves_a_round(*size))
        self._most_moves = MOST_MOVES * (sum(size) + 1) if rounds is None else 2**62
        self._constant = stranded_cost(problem)
        self._search = Search(tables, cars, state)
        self._prover: Prover | None = None
        self._hints: Hints | None = None
        self._prices: Prices | None = None
        self._is_stopped = False
        self._annealings = 0
        self.is_interrupted = False  # by the user
        self.deadline: int | None = None  # step by which the plans of the bound clear; None: all plans
        self.bound = Bound(problem, tables, cars)

    def go(self, *, warm: bool = False, prices: Prices | None = None) -> None:
        """Search and prove until the run is over, nothing is left to be gained, or the user interrupts.

        ``warm`` says that the state is a good plan already, which the search is to keep to; ``prices`` are
        good ones to look for better ones from, if some are known.
        """
        self._prices = prices
        try:
            self._course(warm=warm)
            self._is_stopped = self._pace.is_cut_short and not self._is_closed()
        except KeyboardInterrupt:
            self._is_stopped = self.is_interrupted = True
        finally:
            self._close_prover()

    def _course(self, *, warm: bool) -> None:
        if not warm:
            self._anneal("first plan", FIRST_HOT, FIRST_COLD, FIRST_SHARE)
            self._search.restore()
        self._prove_beside(self._prices)
        self._anneal("search", WARM if warm else HOT, COLD, self._pace.end)
        self._wait_for_proof()

    def _prove_beside(self, prices: Prices | None = None) -> None:
        """Begin to work on the bound beside the search, from prices if some are known."""
        kind = SteppedProver if isinstance(self._pace, ByWork) else FreeProver
        self._prover = kind(self.bound, self._search, self._pace, self._clock, prices)

    def _wait_for_proof(self) -> None:
        """Give the proof the time there is: the search of a small case is soon at its end."""
        while self._prover is not None and not self._is_over(self._pace.last) and self._prover.wait(0.05):
            self._tell("bound")

    def _close_prover(self) -> None:
        prover, self._prover = self._prover, None
        if prover is not None:
            prover.close()

    def _anneal(
        self, phase: str, hot: float, cold: float, until: float, reached: Callable[[], bool] = lambda: False
    ) -> bool:
        """Search while the temperature falls, until a share of the run; says whether a goal was reached."""
        pace, search, moves = self._pace, self._search, 0
        begin, hinted, seed, found = pace.share, False, (self._seed + APART * self._annealings) % 2**31, False
        self._annealings += 1
        while not found and moves < self._most_moves and not self._is_over(until):
            if self._prover is not None:
                self._prover.begin_round()
            for _ in range(0, pace.moves, CHUNK):
                done = max((pace.share - begin) / max(1e-9, until - begin), moves / self._most_moves)
                search.anneal(hot * (cold / hot) ** min(1.0, done), done, seed)
                seed, moves, found = -1, moves + CHUNK, reached()
                if found or pace.is_cut_short:
                    break
            hints = self._prover.end_round() if self._prover is not None else None
            pace.advance()
            if hints is not None:
                self._hints = hints
                search.follow(hints)
                if not hinted:
                    hinted, begin = True, pace.share  # heated again, now that it knows where to look
            self._tell(phase)
        return found

    def _is_over(self, until: float) -> bool:
        """Whether there is nothing more to do until a share of the run."""
        return self._pace.share >= until or self._pace.is_cut_short or self._is_closed()

    def _is_closed(self) -> bool:
        """Whether nothing is left to be gained."""
        cost, bound = self._search.best_cost, self._prover.value if self._prover else -np.inf
        return bool(cost - bound <= 1e-6 * max(1.0, cost))

    def _cost(self) -> float:
        """Of the best plan so far, without the stranded."""
        return self._search.best_cost

    def _tell(self, phase: str) -> None:
        if self._progress is not None:
            cost, bound = self._cost() + self._constant, self.bound.value + self._constant
            self._progress(Progress(phase, self._clock.seconds, cost, bound))

    @property
    def has_plan(self) -> bool:
        """Whether the search has met a plan within all limits."""
        return bool(np.isfinite(self._search.best_cost))

    @property
    def work(self) -> Work | None:
        """The work that was asked for, and how much of it was done; None for a run by the clock."""
        pace = self._pace
        if not isinstance(pace, ByWork):
            return None
        return Work(rounds=pace.rounds, done=pace.done, stopped=self._is_stopped)

    def draft(self) -> Draft:
        """The best plan on paper."""
        return draft_plan(self._problem, self._setting.tables, self._setting.cars, self._final_state())

    def _final_state(self) -> State:
        """The best plan, without empty trips."""
        search = self._search
        search.restore()
        drop_empty_trips(search.tables, search.cars, search.state)
        return search.state
