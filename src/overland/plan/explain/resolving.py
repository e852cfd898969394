"""Planning anew: a case and a changed one from the same plan, prices, seeds and effort."""

from __future__ import annotations

from dataclasses import dataclass

from overland.case.model import Case
from overland.plan.bound import Bound
from overland.plan.build import stranded_cost
from overland.plan.document import Plan
from overland.plan.pace import Clock
from overland.plan.problem import build_problem
from overland.plan.proof import Proof
from overland.plan.proving import prices_of
from overland.plan.run import Run
from overland.plan.setting import Setting
from overland.plan.starting_point import take_up
from overland.roads import RoadTimes


class InterruptedRunError(Exception):
    """The user ended a run before its time."""


class NoPlanError(Exception):
    """The plan is none of the changed case, and the search met no other within all limits in its time."""


@dataclass(frozen=True, slots=True)
class Trial:
    """How each case is planned anew.

    Attributes
    ----------
    seconds : float
        A search may take.
    rounds : int or None
        Of work; None to go by the clock.
    """

    seeds: tuple[int, ...]
    seconds: float
    rounds: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What planning a case anew has come to.

    Attributes
    ----------
    costs : tuple of float
        Of the plan found with each seed.
    bound : float
        No plan of the case costs less.
    """

    costs: tuple[float, ...]
    bound: float

    @property
    def noise(self) -> float | None:
        """How far costs differ by chance; None if there is but one."""
        return max(self.costs) - min(self.costs) if len(self.costs) > 1 else None


def plan_anew(
    case: Case,
    times: RoadTimes,
    plan: Plan,
    proof: Proof,
    trial: Trial,
) -> Outcome:
    """Plan a case from a plan and prices that may be those of a case much like it.

    Raises
    ------
    InterruptedRunError
        If the user interrupts a search.
    NoPlanError
        If a search meets no plan within all limits, which tells nothing of the case.
    """
    problem = build_problem(case, times)
    setting, prices = Setting.of(problem), prices_of(problem, proof)
    # a short run may not come to these prices, let alone to better ones
    known = Bound(problem, setting.tables, setting.cars).evaluate(prices).value + stranded_cost(problem)
    costs, bounds = [], [0.0, known]
    for seed in trial.seeds:
        state = setting.state()
        take_up(problem, setting.tables, setting.cars, state, plan)
        clock = Clock(trial.seconds)
        run = Run(setting, state, clock, seed=seed, rounds=trial.rounds)
        run.go(warm=True, prices=prices)
        if run.is_interrupted:
            raise InterruptedRunError
        if not run.has_plan:
            raise NoPlanError
        costs.append(run.draft().cost)
        bounds.append(run.bound.value + stranded_cost(problem))
    return Outcome(tuple(costs), max(bounds))
