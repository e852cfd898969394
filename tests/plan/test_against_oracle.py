"""The planner on random small cases: bound ≤ optimum ≤ plan, and the plan verifies."""

from hypothesis import HealthCheck, assume, given, settings

import overland.plan
from overland.case.model import Case
from overland.verify import verify
from tests.oracle import TooLargeError, optimum
from tests.strategies import tiny_cases


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(tiny_cases())
def test_the_optimum_lies_between_the_bound_and_the_plan(case: Case) -> None:
    try:
        best = optimum(case)
    except TooLargeError:
        assume(False)
    plan = overland.plan.solve(case, time_limit=1.0, seed=1)
    assert [str(violation) for violation in verify(case, plan)] == []
    slack = 1e-6 * max(1.0, best.cost)
    assert plan.certificate.bound <= best.cost + slack
    assert best.cost <= plan.certificate.cost + slack
