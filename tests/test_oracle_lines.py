"""The oracle's plans with lines keep every rule, by the judgement of the verifier."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, event, given, settings

from overland.case.model import Case
from overland.verify import recompute, verify
from tests.lines import line_cases
from tests.oracle import TooLargeError, optimum


@settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(line_cases())
def test_the_cheapest_plan_breaks_no_rule(case: Case) -> None:
    try:
        best = optimum(case)
    except TooLargeError:
        assume(False)
    event(f"lines used: {any(trip.line for trip in best.plan.trips)}")
    assert [str(violation) for violation in verify(case, best.plan)] == []
    assert recompute(case, best.plan).cost == pytest.approx(best.cost)


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(line_cases())
def test_whoever_only_a_line_reaches_is_not_stranded(case: Case) -> None:
    """Lines never strand anybody, and never make the best plan cost more where nobody else decides."""
    try:
        with_lines, without = optimum(case), optimum(replace(case, lines=()))
    except TooLargeError:
        assume(False)
    called = {left.group for left in with_lines.plan.left if left.stranded}
    assert called <= {left.group for left in without.plan.left if left.stranded}
