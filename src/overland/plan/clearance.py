"""Plans that clear early: fewest people left, then the last one out as early as can be, then least cost.

A deadline is tried: the search then knows only departures that get people across by it. Between the step
before which no plan can clear and that of the best plan so far, the deadline is bisected, each search
starting from the best plan with its late departures struck out.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from overland.plan.bound import Bound
from overland.plan.candidate import NOBODY_OUT, Candidate, judge, people_left, played
from overland.plan.envelope import earliest_clearance
from overland.plan.pace import Clock
from overland.plan.run import COLD, FIRST_COLD, FIRST_HOT, FIRST_SHARE, HOT, WARM, Progress, Run
from overland.plan.search import Decisions, Search
from overland.plan.setting import Setting
from overland.plan.state import State

Ints = NDArray[np.int64]

BROAD = 0.25  # of the run, until which deadlines are not looked at
SQUEEZED = 0.6  # of the run, until which they are tried
TRIAL = 0.06  # of the run: one deadline


class ClearanceRun(Run):
    """A run that looks for the earliest clearance.

    Parameters
    ----------
    curve : int64 (T + 1,)
        The envelope: people out by each step at most.
    bounds_cost : bool
        Whether the bound is to be that of the plans that clear by the earliest step found, not of all plans.
    """

    def __init__(
        self,
        setting: Setting,
        state: State,
        clock: Clock,
        curve: Ints,
        *,
        bounds_cost: bool,
        seed: int,
        rounds: int | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> None:
        super().__init__(setting, state, clock, seed=seed, rounds=rounds, progress=progress)
        self._curve, self._bounds_cost = curve, bounds_cost
        self._people = int(setting.tables.size.sum() + setting.problem.drivers.size.sum())
        self._best: Candidate | None = None
        self._is_last_level = False
        self._there = setting  # where the search is

    def _course(self, *, warm: bool) -> None:
        whole = self._setting
        heads = whole.counting_heads()
        self._take_up(heads, whole.decisions(self._search.state))
        if warm:
            self._consider()
        else:
            self._anneal("first plan", FIRST_HOT, FIRST_COLD, FIRST_SHARE)
            self._search.restore()
        self._prove_beside()
        self._anneal("search", WARM if warm else HOT, COLD, BROAD)
        best = self._squeeze(heads, self._consider())
        narrow = whole if best.cleared == NOBODY_OUT else whole.out_by(best.cleared)
        self._take_up(narrow.keeping_all(), best.decisions)
        if self._bounds_cost and narrow is not whole:
            self._prove_narrowed(narrow, best.cleared)
        self._is_last_level = True
        self._anneal("search", WARM, COLD, self._pace.end)
        self._wait_for_proof()

    def _take_up(self, setting: Setting, decisions: Decisions) -> None:
        """Go on in another setting."""
        search = Search(setting.tables, setting.cars, setting.state(decisions))
        if self._hints is not None:
            search.follow(self._hints)
        self._there, self._search = setting, search

    def _squeeze(self, heads: Setting, best: Candidate) -> Candidate:
        """Try deadlines, as long as there is time for it and a plan that meets one might exist."""
        failed = -1  # latest deadline that was missed
        while self._pace.share < SQUEEZED and not self._pace.is_cut_short:
            earliest = self._earliest(best)
            if best.cleared <= earliest:
                break
            failed = max(failed, earliest - 1)
            if failed + 1 >= best.cleared:
                failed = earliest - 1  # all missed once: begin again
            deadline = earliest if failed < earliest else (failed + best.cleared) // 2
            if self._is_met(heads.out_by(deadline), deadline, best):
                best = self._consider()
            else:
                failed = deadline
        return best

    def _is_met(self, setting: Setting, deadline: int, best: Candidate) -> bool:
        """Look for a plan that meets a deadline and leaves no more people than the best."""
        self._take_up(setting, best.decisions)
        case = self._problem.case
        moment = case.time_of(deadline).astimezone(case.zone)
        until = min(SQUEEZED, self._pace.share + TRIAL)
        return self._anneal(f"out by {moment:%a %H:%M}", WARM, COLD, until, lambda: self._leaves(best.left))

    def _leaves(self, most: int) -> bool:
        """Whether the plan as it stands is within all limits and leaves so many at most; then it is kept."""
        search = self._search
        if search.state.total[2] > 0 or people_left(search.state) > most:
            return False
        search.keep()
        return True

    def _consider(self) -> Candidate:
        """Judge the best plan of the search; the better of it and the best until now."""
        self._search.restore()
        found = judge(self._setting, self._there.decisions(self._search.state))
        if self._best is None or found.rank < self._best.rank:
            self._best = found
        return self._best

    def _earliest(self, candidate: Candidate) -> int:
        """Step before which no plan with as many people out can clear."""
        return earliest_clearance(self._curve, self._people - candidate.left)

    def _prove_narrowed(self, narrow: Setting, deadline: int) -> None:
        """Go on with the bound of the plans that clear by a deadline, from the prices known for all plans."""
        self._close_prover()
        known = self.bound.best
        columns = self.bound.columns
        self.bound = Bound(narrow.problem, narrow.tables, narrow.cars)
        self.bound.know(column for column in columns if narrow.allows(column))
        self.deadline = deadline
        self._prove_beside(known.prices if known else None)

    def _is_closed(self) -> bool:
        """Whether nothing is left to be gained: what leaving costs in the search is not what it costs."""
        best = self._best
        proves = self._is_last_level and self._bounds_cost and best is not None and best.left == 0
        return proves and super()._is_closed()

    def _cost(self) -> float:
        return self._best.cost if self._best else np.inf

    def _final_state(self) -> State:
        return played(self._setting, self._consider().decisions)
