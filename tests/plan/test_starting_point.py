"""A plan can be what the next search starts from."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from overland.case import read_case
from overland.case.model import Case
from overland.case.starter import new_case
from overland.errors import PlanError
from overland.plan import solve
from overland.plan.build import draft_plan
from overland.plan.document import Plan
from overland.plan.play import play_everything
from overland.plan.starting_point import take_up
from tests.builders import small_case
from tests.plan.arrays import Arrays
from tests.strategies import tiny_cases


def cost_taken_up(case: Case, plan: Plan) -> float:
    """What a plan costs when its decisions are played through again."""
    arrays = Arrays.of(case)
    state = arrays.state()
    take_up(arrays.problem, arrays.tables, arrays.cars, state, plan)
    play_everything(arrays.tables, arrays.cars, state)
    assert state.total[2] == 0, "within all limits"
    return draft_plan(arrays.problem, arrays.tables, arrays.cars, state).cost


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(tiny_cases())
def test_a_plan_of_the_planner_is_always_accepted_back(case: Case) -> None:
    plan = solve(case, time_limit=0.3)
    assert cost_taken_up(case, plan) == pytest.approx(plan.certificate.cost)


def test_what_comes_of_a_plan_costs_no_more(tmp_path: Path) -> None:
    new_case(tmp_path / "case")
    case = read_case(tmp_path / "case")
    first = solve(case, time_limit=0.5)
    second = solve(case, time_limit=0.5, seed=5, start=first)
    assert second.certificate.cost <= first.certificate.cost + 1e-6


def test_a_plan_with_a_vehicle_that_the_case_does_not_have_is_refused() -> None:
    case = small_case()
    plan = solve(case, time_limit=0.3)
    trips = [plan.trips[0].model_copy(update={"vehicle": "ghost-01"}), *plan.trips[1:]]
    with pytest.raises(PlanError, match="no such vehicle"):
        solve(case, time_limit=0.3, start=plan.model_copy(update={"trips": trips}))
