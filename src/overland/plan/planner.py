"""Plan a case: search and bound side by side, then the document."""

from __future__ import annotations

from collections.abc import Callable

from overland.case.model import Case
from overland.plan.build import stranded_cost
from overland.plan.clearance import ClearanceRun
from overland.plan.document import Objective, Plan
from overland.plan.envelope import envelope
from overland.plan.pace import Clock
from overland.plan.paper import Making, certificate_of, plan_document
from overland.plan.problem import build_problem
from overland.plan.proof import Proof
from overland.plan.proving import proof_of
from overland.plan.run import Progress, Run
from overland.plan.setting import Setting
from overland.plan.starting_point import take_up
from overland.plan.values import marginal_values
from overland.roads import RoadTimes

__all__ = ["Progress", "solve", "solve_with_proof"]


def solve(
    case: Case,
    *,
    time_limit: float = 110.0,
    seed: int = 0,
    work: int | None = None,
    objective: Objective = "exposure",
    times: RoadTimes | None = None,
    start: Plan | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Plan:
    """Plan the evacuation of a case: the plan of :func:`solve_with_proof`."""
    return solve_with_proof(
        case,
        time_limit=time_limit,
        seed=seed,
        work=work,
        objective=objective,
        times=times,
        start=start,
        progress=progress,
    )[0]


def solve_with_proof(
    case: Case,
    *,
    time_limit: float = 110.0,
    seed: int = 0,
    work: int | None = None,
    objective: Objective = "exposure",
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
    work : int, optional
        Rounds of work to do. The same seed and work then give the same plan on any machine with the same
        versions of the libraries, unless the time limit ends the run earlier: the plan says so. Without it
        the run is as long as the time limit.
    objective : str
        What is to be least: ``exposure`` (cost), or people left and then the step at which the last one is
        out (``clearance``), and then the cost with a bound of its own (``lexicographic``).
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
    clock = Clock(time_limit)
    problem = build_problem(case, times)
    setting = Setting.of(problem)
    state = setting.state()
    if start is not None:
        take_up(problem, setting.tables, setting.cars, state, start)
    curve = envelope(problem, setting.tables, setting.cars)
    run: Run
    if objective == "exposure":
        run = Run(setting, state, clock, seed=seed, rounds=work, progress=progress)
    else:
        bounds_cost = objective == "lexicographic"
        run = ClearanceRun(
            setting, state, clock, curve, bounds_cost=bounds_cost, seed=seed, rounds=work, progress=progress
        )
    run.go(warm=start is not None)
    draft = run.draft()
    values = marginal_values(problem, run.bound.best) if run.bound.best else []
    run.bound.resume()
    proof = proof_of(problem, run.bound, run.deadline)
    bound = max(run.bound.value, 0.0) + stranded_cost(problem)
    certificate = certificate_of(case, draft, bound, curve, run.deadline)
    made = Making(objective=objective, seed=seed, work=run.work, seconds=clock.seconds)
    return plan_document(case, draft, certificate, values, made), proof
