"""The recomputed bound is one at any prices, and no lower than the planner's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from overland.case.model import Case
from overland.plan.bound import Bound, mix, whole_prices
from overland.plan.build import stranded_cost
from overland.plan.setting import Setting
from tests.builders import fleet, small_case
from tests.oracle import TooLargeError, optimum
from tests.plan.arrays import Arrays, random_prices
from tests.plan.test_presence import beyond_the_crossing, beyond_the_inn
from tests.strategies import tiny_cases
from tests.verify.handmade import rich_case
from tests.verify.proof.proofs import planners_bound, proof_at, recomputed

SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much]


@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=SLOW)
@given(tiny_cases(), st.integers(0, 1000))
def test_no_prices_lift_it_above_the_optimum_and_it_is_no_lower_than_the_planners(
    case: Case, seed: int
) -> None:
    try:
        best = optimum(case).cost
    except TooLargeError:
        assume(False)
    arrays, random = Arrays.of(case), np.random.default_rng(seed)
    bound = arrays.bound()
    bound.take(bound.evaluate(bound.zero_prices()))
    for _ in range(2):
        bound.improve(5.0)
    assert bound.best is not None
    wild = [random_prices(arrays, random, scale) for scale in (1.0, 25.0, 1000.0)]
    for prices in [bound.best.prices, mix(bound.best.prices, wild[0], 0.8), *wild]:
        anew = recomputed(case, proof_at(arrays, prices)).hours
        assert anew <= best + 1e-9 * max(1.0, best)
        planners = planners_bound(arrays, prices)
        assert anew >= planners - 1e-6 * max(1.0, abs(planners))


@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=SLOW)
@given(tiny_cases(), st.integers(0, 1000), st.integers(2, 16))
def test_with_a_deadline_it_is_a_bound_of_the_plans_that_meet_it(
    case: Case, seed: int, deadline: int
) -> None:
    deadline = min(deadline, case.steps)
    try:
        best = optimum(case, deadline=deadline).cost
    except TooLargeError:
        assume(False)
    arrays, random = Arrays.of(case), np.random.default_rng(seed)
    narrow = Setting.of(arrays.problem).out_by(deadline)
    bound = Bound(narrow.problem, narrow.tables, narrow.cars)
    for scale in (0.0, 1.0, 25.0):
        prices = random_prices(arrays, random, scale)
        proof = proof_at(arrays, prices).model_copy(update={"deadline": deadline})
        anew = recomputed(case, proof).hours
        assert anew <= best + 1e-9 * max(1.0, best)
        planners = bound.evaluate(whole_prices(prices)).value + stranded_cost(arrays.problem)
        assert anew >= planners - 1e-6 * max(1.0, abs(planners))
        assert anew >= recomputed(case, proof_at(arrays, prices)).hours - 1e-9, "fewer plans cost no less"


@pytest.mark.parametrize("case", [beyond_the_crossing(), beyond_the_inn()], ids=["crossing", "inn"])
def test_a_vehicle_may_come_by_way_of_anything(case: Case) -> None:
    arrays = Arrays.of(case)
    prices = arrays.bound().zero_prices()
    prices.call[:] = 3000.0
    assert recomputed(case, proof_at(arrays, prices)).hours <= optimum(case).cost


def test_a_case_with_something_of_everything_is_recomputed_as_the_planner_computes_it() -> None:
    case = rich_case()
    arrays = Arrays.of(case)
    bound = arrays.bound()
    bound.take(bound.evaluate(bound.zero_prices()))
    for _ in range(3):
        bound.improve(5.0)
    assert bound.best is not None
    anew, planners = (
        recomputed(case, proof_at(arrays, bound.best.prices)),
        planners_bound(arrays, bound.best.prices),
    )
    assert planners > 0
    assert planners - 1e-6 * planners <= anew.hours <= 1.05 * planners


def test_at_no_prices_everybody_goes_the_cheapest_way_there_is() -> None:
    case = small_case(groups=small_case().groups[1:2], fleets=(fleet("buses", "capital"),))
    arrays = Arrays.of(case)
    proof = proof_at(arrays, arrays.bound().zero_prices())
    # six people wait half an hour at hazard 2, drive three and stand half an hour at the foot crossing
    anew = recomputed(case, proof)
    assert anew.hours == pytest.approx(6 * (0.5 * 2 + 3 + 0.5) + 0.1 * 3, abs=1e-4)
    assert anew.vehicles == anew.limits == anew.stranded == 0
