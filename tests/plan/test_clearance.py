"""Plans that clear early: what is proven of each level lies below the optimum, the plan above it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from overland.case.model import Case, Mode
from overland.plan import solve_with_proof
from overland.plan.bound import Bound
from overland.plan.build import stranded_cost
from overland.plan.document import Objective, Plan
from overland.plan.options import HUB
from overland.plan.planner import Progress
from overland.plan.setting import Setting
from overland.verify import verify
from overland.verify.proof import certify
from tests.builders import fleet, group, hours, mode, policy, small_case
from tests.oracle import TooLargeError, clearest, optimum
from tests.plan.arrays import Arrays, random_prices
from tests.strategies import tiny_cases

SLOW = list(HealthCheck)


def planned(case: Case, objective: Objective, *, seed: int = 1, work: int = 8) -> Plan:
    """A plan that keeps every rule, with a proof that holds."""
    plan, proof = solve_with_proof(case, objective=objective, seed=seed, work=work, time_limit=600)
    assert [str(violation) for violation in verify(case, plan)] == []
    assert [str(violation) for violation in certify(case, plan, proof).violations] == []
    assert plan.objective == objective
    return plan


def left(plan: Plan) -> int:
    """People left who are not stranded."""
    return plan.totals.people - plan.totals.out - plan.totals.stranded


def cleared(case: Case, plan: Plan) -> int:
    """Step at which the last one is out; -1 for nobody."""
    return -1 if plan.totals.cleared is None else case.step_of(plan.totals.cleared, up=True)


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=SLOW)
@given(tiny_cases())
def test_the_best_plan_lies_between_what_is_proven_and_the_plan(case: Case) -> None:
    try:
        best = clearest(case)
        plan = planned(case, "lexicographic")
        claims = plan.certificate
        within = None if claims.deadline is None else case.step_of(claims.deadline, up=True)
        cheapest = optimum(case, deadline=within).cost
    except TooLargeError:
        assume(False)
    slack = 1e-6 * max(1.0, cheapest)
    assert claims.least_left <= best.left <= left(plan)
    assert claims.bound <= cheapest + slack
    if best.left == left(plan):
        if claims.earliest_cleared is not None:
            assert case.step_of(claims.earliest_cleared, up=True) <= best.cleared
        assert best.cleared <= cleared(case, plan)
        if best.cleared == cleared(case, plan):
            assert claims.bound - slack <= best.cost <= claims.cost + slack


@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=SLOW)
@given(tiny_cases(), st.integers(0, 1000), st.integers(0, 16))
def test_no_prices_lift_the_bound_above_the_best_plan_that_meets_a_deadline(
    case: Case, seed: int, deadline: int
) -> None:
    try:
        best = optimum(case, deadline=min(deadline, case.steps)).cost
    except TooLargeError:
        assume(False)
    arrays = Arrays.of(case)
    narrow = Setting.of(arrays.problem).out_by(min(deadline, case.steps))
    bound = Bound(narrow.problem, narrow.tables, narrow.cars)
    highest = best + 1e-6 * max(1.0, best) - stranded_cost(arrays.problem)
    assert bound.evaluate(bound.zero_prices()).value <= highest
    random = np.random.default_rng(seed)
    for scale in (1.0, 5.0, 25.0):
        assert bound.evaluate(random_prices(arrays, random, scale)).value <= highest


@pytest.mark.parametrize("objective", ["clearance", "lexicographic"])
def test_the_small_case_is_cleared_as_early_as_can_be(objective: Objective) -> None:
    plan = planned(small_case(), objective)
    assert plan.left == []
    assert plan.totals.cleared == plan.certificate.earliest_cleared


def test_what_costs_least_need_not_clear_first() -> None:
    """One bus, eight who wait at much risk, one who waits at little: to clear first, the one goes along."""
    case = replace(
        small_case(
            groups=(group("G1", "capital", 8), group("G2", "capital", 1, ready=hours(3))),
            fleets=(fleet("bus", "capital", 1, 20),),
            crossing_modes=(mode("west", Mode.BUS, 100, 0),),
            policy=policy(left_penalty_hours=336.0),
        )
    )
    cheap, early = planned(case, "exposure"), planned(case, "lexicographic")
    assert len(early.trips) == 1 < len(cheap.trips)
    assert early.totals.cleared is not None
    assert cheap.totals.cleared is not None
    assert early.totals.cleared < cheap.totals.cleared
    assert early.totals.cleared == early.certificate.earliest_cleared
    assert early.certificate.cost > cheap.certificate.cost
    assert early.certificate.deadline == early.totals.cleared


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=SLOW)
@given(tiny_cases())
def test_what_comes_of_a_plan_clears_no_later(case: Case) -> None:
    first = planned(case, "lexicographic", seed=3, work=4)
    second = solve_with_proof(case, objective="lexicographic", seed=4, work=2, start=first, time_limit=600)[0]
    assert verify(case, second) == []
    before, after = ((left(plan), cleared(case, plan)) for plan in (first, second))
    assert after <= before
    if after == before:
        assert second.certificate.cost <= first.certificate.cost + 1e-6


def test_an_interruption_leaves_a_whole_plan() -> None:
    """Ctrl-C while a deadline is tried: the best plan until then, and a bound of all plans."""
    case = small_case()
    told: list[str] = []

    def interrupt(progress: Progress) -> None:
        told.append(progress.phase)
        if len(told) == 3:
            raise KeyboardInterrupt

    plan, proof = solve_with_proof(
        case, objective="lexicographic", work=40, time_limit=600, progress=interrupt
    )
    assert verify(case, plan) == []
    assert certify(case, plan, proof).violations == ()
    assert plan.work is not None
    assert plan.work.stopped
    assert plan.totals.out > 0


def test_a_case_in_which_nobody_gets_out_has_nothing_to_clear() -> None:
    shut = (mode("west", Mode.BUS, 0), mode("west", Mode.CAR, 0))
    plan = planned(small_case(crossing_modes=shut), "lexicographic")
    assert plan.totals.cleared is None
    assert plan.certificate.earliest_cleared is None
    assert plan.certificate.least_left == 17


@pytest.mark.parametrize("deadline", [0, 9, 40, 96])
def test_a_deadline_strikes_out_what_leads_across_later_and_nothing_else(deadline: int) -> None:
    setting = Setting.of(Arrays.of(small_case()).problem)
    narrow = setting.out_by(deadline)
    across = setting.tables.option_kind != HUB
    safe = setting.tables.safe[:, across]
    assert np.array_equal(narrow.tables.safe[:, across], np.where(safe <= deadline, safe, -1))
    assert np.array_equal(narrow.cars.safe, np.where(setting.cars.safe <= deadline, setting.cars.safe, -1))
