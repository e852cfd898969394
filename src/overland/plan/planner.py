"""Plan a case: search and bound side by side, then the document."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from overland.case.model import Case
from overland.plan.anneal import anneal
from overland.plan.bound import Bound, StoppedError
from overland.plan.build import Draft, draft_plan, drop_empty_trips, plan_document, stranded_cost
from overland.plan.cars import CarWays, car_ways
from overland.plan.document import Plan
from overland.plan.envelope import envelope
from overland.plan.hazard import cumulative_hazard
from overland.plan.journeys import journeys_of
from overland.plan.play import play_everything
from overland.plan.problem import Problem, build_problem
from overland.plan.proof import Proof
from overland.plan.proving import proof_of
from overland.plan.starting_point import take_up
from overland.plan.state import State, new_state, with_hints
from overland.plan.tables import Tables, tables_of
from overland.plan.values import marginal_values
from overland.roads import RoadTimes

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

FIRST_SHARE = 0.04  # of the time, until the bound is given the first plan to start from
HOT, WARM, COLD = 50.0, 6.0, 3.0  # temperatures: at first, at first from a good plan, and in the end
HINTED = 0.7  # of the time, until which the search follows what the bound learns
PROVED = 0.75  # of the time: when prices are no longer looked for, and the best are proved
WRITING = 1.0  # seconds before the time is over: when the search stops


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


@dataclass(slots=True)
class _Clock:
    limit: float
    started: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started

    @property
    def share(self) -> float:
        return self.seconds / self.limit


@dataclass(slots=True)
class _Hints:
    """What the bound tells the search; handed over between threads whole."""

    trips: Floats
    ways: list[tuple[int, int, int, float]]
    toll: Floats


def solve(
    case: Case,
    *,
    time_limit: float = 110.0,
    seed: int = 0,
    times: RoadTimes | None = None,
    start: Plan | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Plan:
    """Plan the evacuation of a case: the plan of :func:`solve_with_proof`."""
    return solve_with_proof(
        case, time_limit=time_limit, seed=seed, times=times, start=start, progress=progress
    )[0]


def solve_with_proof(
    case: Case,
    *,
    time_limit: float = 110.0,
    seed: int = 0,
    times: RoadTimes | None = None,
    start: Plan | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> tuple[Plan, Proof]:
    """Plan the evacuation of a case, and prove how good the plan is.

    Parameters
    ----------
    case : Case
        A sound case.
    time_limit : float
        Seconds to search; compiling the kernels on the first run of an installation comes on top.
    seed : int
        Of the search.
    times : RoadTimes, optional
        Road times of the case, if they are at hand.
    start : Plan, optional
        A plan of the case to start from; what comes out costs no more.
    progress : callable, optional
        Told now and then how far the run is, and asked nothing.

    Returns
    -------
    Plan
        A feasible plan with a valid bound. An interrupt (Ctrl-C) ends the search early; the plan is the best
        until then.
    Proof
        The prices from which anybody can work out the bound.

    Raises
    ------
    PlanError
        If the plan to start from is none of this case.
    """
    clock = _Clock(time_limit)
    problem = build_problem(case, times)
    tables = tables_of(problem)
    cars = car_ways(problem, tables, cumulative_hazard(case))
    run = _Run(problem, tables, cars, clock, seed, progress)
    if start is not None:
        take_up(problem, tables, cars, run.state, start)
    run.search(warm=start is not None)
    curve = envelope(problem, tables, cars)
    draft = run.draft()
    values = marginal_values(problem, run.bound.best) if run.bound.best else []
    run.bound.stop = lambda: False
    proof = proof_of(problem, run.bound)
    bound = max(run.bound.value, 0.0) + stranded_cost(problem)
    return plan_document(problem, draft, bound, curve, values, seed, clock.seconds), proof


class _Run:
    """One run: the search in this thread, the bound in another."""

    def __init__(
        self,
        problem: Problem,
        tables: Tables,
        cars: CarWays,
        clock: _Clock,
        seed: int,
        progress: Callable[[Progress], None] | None,
    ) -> None:
        self._problem, self._tables, self._cars = problem, tables, cars
        self._clock, self._seed, self._progress = clock, seed, progress
        self._state = new_state(problem, tables, cars)
        self._best = self._decisions()
        self._best_cost = np.inf
        self._constant = stranded_cost(problem)
        self._hints: _Hints | None = None
        self._stop = threading.Event()
        self._failure: BaseException | None = None
        self.bound = Bound(problem, tables, cars)
        riders, vehicles = len(tables.size), len(problem.vehicles.name)
        self._most_moves = 4_000 * (riders + vehicles + len(cars.cohort_of)) + 4_000

    def _decisions(self) -> tuple[Ints, ...]:
        s = self._state
        return tuple(a.copy() for a in (s.count, s.place, s.option, s.target, s.open, s.way, s.step))

    @property
    def state(self) -> State:
        """The plan as it stands."""
        return self._state

    def search(self, *, warm: bool = False) -> None:
        """Search and prove until the time is over, the gap is closed, or the user interrupts.

        ``warm`` says that the state is a good plan already, which the search is to keep to.
        """
        play_everything(self._tables, self._cars, self._state)
        self._remember()
        worker = threading.Thread(target=self._tighten, name="bound", daemon=True)
        try:
            if not warm:
                self._anneal("first plan", 200.0, 4.0, FIRST_SHARE)
                self._restore()
            self._first = journeys_of(self._tables, self._state), self._state.way, self._state.step
            worker.start()
            settle = max(0.5, 1 - WRITING / self._clock.limit)
            self._anneal("search", WARM if warm else HOT, COLD, settle)
            while worker.is_alive() and self._clock.share < settle and not self._is_closed():
                worker.join(0.05)  # the search of a small case is soon at its end: the proof may take longer
                self._tell("bound")
        except KeyboardInterrupt:
            pass
        finally:
            self._stop.set()
            if worker.ident is not None:
                worker.join()
        if self._failure is not None:
            raise self._failure

    def _remember(self) -> None:
        """Keep the present state as the best plan if it is within all limits."""
        total = self._state.total
        if total[2] <= 0:
            cost = total[0] + self._tables.driven_cost * total[1] + total[3]
            if cost < self._best_cost:
                self._best, self._best_cost = self._decisions(), float(cost)

    def _restore(self) -> None:
        """Go back to the best plan."""
        s = self._state
        targets = (s.count, s.place, s.option, s.target, s.open, s.way, s.step)
        for array, kept in zip(targets, self._best, strict=True):
            array[:] = kept
        play_everything(self._tables, self._cars, s)

    def _anneal(self, phase: str, hot: float, cold: float, until: float) -> None:
        begin, moves, chunk = self._clock.share, 0, 2_000
        seed, hinted = self._seed, False
        while self._clock.share < until and moves < self._most_moves and not self._is_closed():
            if self._hints is not None:
                self._follow_hints()
                if not hinted:
                    hinted, begin = True, self._clock.share  # heated again, now that it knows where to look
            done = max((self._clock.share - begin) / max(1e-9, until - begin), moves / self._most_moves)
            temperature = hot * (cold / hot) ** min(1.0, done)
            if done > 0.8:
                self._state.toll[:] *= 0.98
            self._best_cost, _ = anneal(
                self._tables, self._cars, self._state, chunk, temperature,
                60.0 + 400.0 * done, seed, self._best_cost, self._best,
            )  # fmt: skip
            seed = -1
            moves += chunk
            self._tell(phase)

    def _follow_hints(self) -> None:
        hints = self._hints
        assert hints is not None
        self._hints = None
        self._state = with_hints(self._state, hints.trips, hints.ways, hints.toll)

    def _is_closed(self) -> bool:
        return self._best_cost - self.bound.value <= 1e-6 * max(1.0, self._best_cost)

    def _tell(self, phase: str) -> None:
        if self._progress is not None:
            cost, bound = self._best_cost + self._constant, self.bound.value + self._constant
            self._progress(Progress(phase, self._clock.seconds, cost, bound))

    def _tighten(self) -> None:
        """Improve the bound until told to stop, or until it is time to prove the best (in its own thread)."""
        try:
            bound = self.bound
            bound.stop = self._is_over
            bound.learn(*self._first)
            bound.take(bound.evaluate(bound.zero_prices()))
            more = True
            while more and self._clock.share < PROVED and not self._is_closed():
                before = bound.value
                more = bound.improve(max(1.0, PROVED * self._clock.limit - self._clock.seconds))
                if bound.has_mix and bound.value > before and self._clock.share < HINTED:
                    trips, ways = bound.hints()
                    assert bound.best is not None
                    self._hints = _Hints(trips, ways, bound.best.prices.toll)
            if not self._is_closed():
                bound.prove()
        except StoppedError:
            pass
        except BaseException as failure:  # handed to the main thread, which raises it
            self._failure = failure

    def _is_over(self) -> bool:
        return self._stop.is_set() or self._clock.seconds >= self._clock.limit

    def draft(self) -> Draft:
        """The best plan on paper."""
        self._restore()
        drop_empty_trips(self._tables, self._cars, self._state)
        return draft_plan(self._problem, self._tables, self._cars, self._state)
