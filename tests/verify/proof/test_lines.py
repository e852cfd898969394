"""Bounds with lines are bounds at any prices, the planner's and the recomputed one, and of every deadline."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from overland.case.model import Case
from tests.lines import line_cases
from tests.plan import test_bound as of_the_planner
from tests.verify.proof import test_recomputation as recomputed

SOME = settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@SOME
@given(line_cases(), st.integers(0, 1000))
def test_no_prices_lift_the_planners_bound_above_the_optimum(case: Case, seed: int) -> None:
    of_the_planner.test_no_prices_lift_the_bound_above_the_optimum.hypothesis.inner_test(case, seed)


@SOME
@given(line_cases(), st.integers(0, 1000))
def test_no_prices_lift_the_recomputed_one_and_it_is_no_lower_than_the_planners(
    case: Case, seed: int
) -> None:
    test = recomputed.test_no_prices_lift_it_above_the_optimum_and_it_is_no_lower_than_the_planners
    test.hypothesis.inner_test(case, seed)


@SOME
@given(line_cases(), st.integers(0, 1000), st.integers(2, 12))
def test_with_a_deadline_it_is_a_bound_of_the_plans_that_meet_it(
    case: Case, seed: int, deadline: int
) -> None:
    test = recomputed.test_with_a_deadline_it_is_a_bound_of_the_plans_that_meet_it
    test.hypothesis.inner_test(case, seed, deadline)
