"""The oracle's plans keep every rule, by the judgement of a verifier that shares no code with it."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings

from overland.case.model import Case, Mode
from overland.verify import recompute, verify
from tests.builders import fleet, group, hours, mode, policy, small_case
from tests.oracle import TooLargeError, optimum
from tests.strategies import tiny_cases


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(tiny_cases())
def test_the_cheapest_plan_breaks_no_rule(case: Case) -> None:
    try:
        best = optimum(case)
    except TooLargeError:
        assume(False)
    assert [str(violation) for violation in verify(case, best.plan)] == []
    assert recompute(case, best.plan).cost == pytest.approx(best.cost)


def tiny(**overrides: Any) -> Case:
    """One group of four at the capital, one bus, ten hours."""
    values: dict[str, Any] = {
        "horizon_hours": 10,
        "step_minutes": 60,
        "groups": (group("G1", "capital", 4),),
        "fleets": (fleet("buses", "capital", 1),),
        "crossing_modes": (mode("west", Mode.BUS, 20, 1),),
        "policy": policy(vehicle_hour_cost=0.0, left_penalty_hours=24.0),
    }
    return small_case(**(values | overrides))


def test_a_group_leaves_as_soon_as_the_bus_is_loaded() -> None:
    # one hour of loading at hazard 2, three of driving, one of waiting
    assert optimum(tiny()).cost == 4 * (1 * 2 + 3 + 1)


def test_driving_is_paid() -> None:
    dear = policy(vehicle_hour_cost=1.0, left_penalty_hours=24.0)
    assert optimum(tiny(policy=dear)).cost == 4 * 6 + 3


def test_without_a_bus_the_group_is_stranded() -> None:
    best = optimum(tiny(fleets=()))
    assert best.cost == 4 * (10 * 2 + 24)
    assert best.plan.left[0].stranded


def test_walking_across_is_chosen_where_it_is_quicker() -> None:
    modes = (mode("west", Mode.BUS, 20, 3), mode("west", Mode.FOOT, 20, 0))
    assert optimum(tiny(crossing_modes=modes)).cost == 4 * (2 + 3)
    cannot = (group("G1", "capital", 4, can_walk=False),)
    assert optimum(tiny(crossing_modes=modes, groups=cannot)).cost == 4 * (2 + 3 + 3)


def test_the_bus_waits_for_the_second_group_when_there_is_only_one() -> None:
    both = (group("G1", "capital", 4), group("G2", "capital", 4, ready=hours(2)))
    best = optimum(tiny(groups=both, horizon_hours=8))
    assert best.cost == 4 * (2 * 2 + 4) + 4 * 4  # the first waits two hours in all, at hazard 2
    assert len(best.plan.trips) == 1


def test_a_rate_lets_only_some_pass_in_time() -> None:
    both = (group("G1", "capital", 4), group("G2", "capital", 3))
    slow = (mode("west", Mode.BUS, 2, 1),)  # four people in two hours
    best = optimum(tiny(groups=both, crossing_modes=slow, horizon_hours=6))
    assert [left.group for left in best.plan.left] == ["G2"]


def test_a_second_round_needs_the_way_back_and_the_rest() -> None:
    case = tiny(
        groups=(group("G1", "hub", 4), group("G2", "hub", 4)),
        fleets=(fleet("vans", "hub", 1, 4),),
        crossing_modes=(mode("west", Mode.FOOT, 20, 0),),
    )
    # the first at 1, over at 2, free at 3, back at 4, the second at 5, over at 6
    assert optimum(case).cost == 4 * 2 + 4 * 6
    tired = replace(case.fleets[0], max_driving_hours=2.0, rest_hours=2.0)
    # three hours of driving in all: stands from 3 to 5, back at 6, the second at 7, over at 8
    assert optimum(replace(case, fleets=(tired,))).cost == 4 * 2 + 4 * 8
