"""Prices of one case bound the plans of another; what an estimate at them says, and what it does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from overland.case.model import Case, Mode, SingleVehicle
from overland.errors import PlanError
from overland.plan import solve_with_proof
from overland.plan.bound import whole_prices
from overland.plan.explain.changes import changes_of
from overland.plan.explain.estimates import Estimator, most_in_transit
from overland.plan.pricing import Prices
from overland.plan.problem import build_problem
from overland.plan.proof import Proof
from overland.plan.proving import prices_of, proof_of
from overland.roads import RoadTimes
from tests.builders import fleet, group, hours, mode, small_case
from tests.oracle import TooLargeError, optimum
from tests.plan.arrays import Arrays, bound_at, random_prices
from tests.plan.explain.everything import everything
from tests.strategies import tiny_cases
from tests.verify.handmade import good_plan, rich_case

SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much]
CANNOT_HARM = (
    "fleet",
    "service",
    "hub",
)  # their limits are no part of the loading rule or of who is stranded


def proof_at(arrays: Arrays, prices: Prices) -> Proof:
    """Prices on paper."""
    bound = arrays.bound()
    bound.take(bound.evaluate(whole_prices(prices)))
    return proof_of(arrays.problem, bound)


def proof_at_random(case: Case, seed: int, scale: float) -> Proof:
    """Prices drawn at random, on paper."""
    arrays = Arrays.of(case)
    return proof_at(arrays, random_prices(arrays, np.random.default_rng(seed), scale))


def best_cost(case: Case) -> float:
    """What the best plan costs, by trying everything."""
    try:
        return optimum(case).cost
    except TooLargeError:
        assume(False)
        raise


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=SLOW)
@given(tiny_cases(), st.data(), st.integers(0, 1000), st.sampled_from([1.0, 5.0, 25.0]))
def test_prices_of_a_case_bound_the_plans_of_the_changed_case(
    case: Case, data: st.DataObject, seed: int, scale: float
) -> None:
    change = data.draw(st.sampled_from(changes_of(case)))
    proof = proof_at_random(case, seed, scale)
    best = best_cost(change.case)
    assert bound_at(change.case, proof) <= best + 1e-6 * max(1.0, best)


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=SLOW)
@given(tiny_cases(), st.data())
def test_more_vehicles_seats_and_places_to_wait_never_cost(case: Case, data: st.DataObject) -> None:
    changes = [change for change in changes_of(case) if change.kind in CANNOT_HARM]
    assume(changes)
    change = data.draw(st.sampled_from(changes))
    before = best_cost(case)
    assert best_cost(change.case) <= before + 1e-6 * max(1.0, before)


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=SLOW)
@given(tiny_cases(), st.integers(0, 1000), st.sampled_from([1.0, 25.0]))
def test_an_estimate_is_what_the_bound_loses_at_the_same_prices(case: Case, seed: int, scale: float) -> None:
    proof = proof_at_random(case, seed, scale)
    estimator = Estimator.of(case, RoadTimes.of(case), proof)
    toll, limits = estimator.evaluation.prices.toll, estimator.problem.limits
    for change in changes_of(case):
        if change.kind == "hub":
            continue
        lost = estimator.value - bound_at(change.case, proof)
        assert estimator.saving(change) == pytest.approx(lost, abs=1e-6), change.what
        if change.kind == "service":
            more = build_problem(change.case).limits.limit - limits.limit
            assert lost >= float(toll @ more) - 1e-6, "a place may gain by the seats beyond their tolls"


def test_of_a_type_whose_vehicles_are_all_lost_prices_say_nothing() -> None:
    case = replace(everything(), vehicles=(SingleVehicle(fleet="vans", number=1, lost=True),))
    estimator = Estimator.of(case, RoadTimes.of(case), proof_at_random(case, 3, 25.0))
    change = next(c for c in changes_of(case) if (c.kind, c.subject) == ("fleet", "vans"))
    assert estimator.saving(change) is None


def test_a_new_vehicle_is_there_when_its_fleet_is_not_when_a_late_one_is() -> None:
    case = replace(everything(), vehicles=(SingleVehicle(fleet="vans", number=1, available=hours(6)),))
    proof = proof_at_random(case, 3, 25.0)
    estimator = Estimator.of(case, RoadTimes.of(case), proof)
    change = next(c for c in changes_of(case) if (c.kind, c.subject) == ("fleet", "vans"))
    lost = estimator.value - bound_at(change.case, proof)
    assert lost > 0
    assert estimator.saving(change) == pytest.approx(lost, abs=1e-6)


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=SLOW)
@given(tiny_cases(), st.integers(0, 1000))
def test_prices_come_back_from_paper_as_they_were(case: Case, seed: int) -> None:
    arrays = Arrays.of(case)
    prices = whole_prices(random_prices(arrays, np.random.default_rng(seed), 20.0))
    found = prices_of(arrays.problem, proof_at(arrays, prices))
    assert all(np.array_equal(a, b) for a, b in zip(found, prices, strict=True))


def test_prices_of_what_a_case_does_not_have_are_refused() -> None:
    arrays = Arrays.of(small_case())
    proof = proof_at(arrays, random_prices(arrays, np.random.default_rng(0), 20.0))
    fewer = small_case(fleets=(fleet("others", "capital"),))
    with pytest.raises(PlanError, match="fleet that the case does not have: buses"):
        prices_of(build_problem(fewer), proof)
    with pytest.raises(PlanError, match="96 steps; the case has 48"):
        prices_of(build_problem(small_case(horizon_hours=24)), proof)


def crowd(**others: object) -> Case:
    """Eighty people in the capital, many buses and one narrow crossing."""
    values: dict[str, object] = {
        "groups": tuple(group(f"G{i:02d}", "capital", 4) for i in range(20)),
        "fleets": (fleet("buses", "capital", count=10),),
        "crossing_modes": (mode("west", Mode.BUS, 4, 0.5),),
    }
    return small_case(**(values | others))


def test_only_what_people_queue_for_is_a_candidate() -> None:
    case = crowd()
    plan, proof = solve_with_proof(case, work=8, time_limit=600)
    estimator = Estimator.of(case, RoadTimes.of(case), proof)
    found = {(change.kind, change.subject) for change in estimator.candidates(plan)}
    assert ("crossing", "west") in found
    assert ("crossing", "south") not in found
    assert ("reception", "hu-centre") not in found
    saved = {change.kind: estimator.saving(change) for change in estimator.candidates(plan)}
    assert max(saved, key=lambda kind: saved[kind] or 0.0) == "crossing"


def test_prices_say_nothing_of_hubs_and_only_full_ones_are_candidates() -> None:
    case = everything()
    estimator = Estimator.of(case, RoadTimes.of(case), proof_at_random(case, 1, 20.0))
    plan = good_plan(rich_case())
    hubs = [change for change in estimator.candidates(plan) if change.kind == "hub"]
    assert most_in_transit(case, plan, "hub") <= 4
    assert [change.subject for change in hubs] == ["hub"], "a large group may find no room"
    assert estimator.saving(hubs[0]) is None


def test_people_in_transit_are_counted_from_arrival_to_departure() -> None:
    case, plan = everything(), good_plan(rich_case())
    changing = [t for t in plan.trips if t.destination == "hub"] + [
        r for r in plan.rides if r.destination == "hub"
    ]
    size = {g.id: g.size for g in case.groups}
    assert changing, "somebody changes there"
    assert most_in_transit(case, plan, "hub") == max(sum(size[g] for g in leg.groups) for leg in changing)
    assert most_in_transit(case, plan, "town") == 0
