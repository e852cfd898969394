"""Plan a case: search and bound side by side, then the document."""

from __future__ import annotations

from collections.abc import Callable

from overland.case.model import Case
from overland.plan.build import plan_document, stranded_cost
from overland.plan.cars import car_ways
from overland.plan.document import Plan
from overland.plan.envelope import envelope
from overland.plan.hazard import cumulative_hazard
from overland.plan.pace import Clock
from overland.plan.problem import build_problem
from overland.plan.proof import Proof
from overland.plan.proving import proof_of
from overland.plan.run import Progress, Run
from overland.plan.starting_point import take_up
from overland.plan.state import new_state
from overland.plan.tables import tables_of
from overland.plan.values import marginal_values
from overland.roads import RoadTimes

__all__ = ["Progress", "solve", "solve_with_proof"]


def solve(
    case: Case,
    *,
    time_limit: float = 110.0,
    seed: int = 0,
    work: int | None = None,
    times: RoadTimes | None = None,
    start: Plan | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Plan:
    """Plan the evacuation of a case: the plan of :func:`solve_with_proof`."""
    return solve_with_proof(
        case, time_limit=time_limit, seed=seed, work=work, times=times, start=start, progress=progress
    )[0]


def solve_with_proof(
    case: Case,
    *,
    time_limit: float = 110.0,
    seed: int = 0,
    work: int | None = None,
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
    tables = tables_of(problem)
    cars = car_ways(problem, tables, cumulative_hazard(case))
    state = new_state(problem, tables, cars)
    if start is not None:
        take_up(problem, tables, cars, state, start)
    run = Run(problem, tables, cars, state, clock, seed=seed, rounds=work, progress=progress)
    run.go(warm=start is not None)
    curve = envelope(problem, tables, cars)
    draft = run.draft()
    values = marginal_values(problem, run.bound.best) if run.bound.best else []
    run.bound.stop = lambda: False
    proof = proof_of(problem, run.bound)
    bound = max(run.bound.value, 0.0) + stranded_cost(problem)
    return plan_document(problem, draft, bound, curve, values, seed, run.work, clock.seconds), proof
