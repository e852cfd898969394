"""The bound is valid at any prices: it never exceeds the optimum that trying everything finds."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from overland.case.model import Case
from overland.plan.bound import CHECK, PROVE, StoppedError, mix
from overland.plan.build import stranded_cost
from overland.plan.pricing import Prices, fleet_value, trip_price
from tests.builders import fleet, hours, small_case
from tests.oracle import TooLargeError, optimum
from tests.plan.arrays import Arrays, random_prices
from tests.strategies import tiny_cases

SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much]


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=SLOW)
@given(tiny_cases(), st.integers(0, 1000))
def test_no_prices_lift_the_bound_above_the_optimum(case: Case, seed: int) -> None:
    try:
        best = optimum(case).cost
    except TooLargeError:
        assume(False)
    arrays, random = Arrays.of(case), np.random.default_rng(seed)
    bound = arrays.bound()
    constant = stranded_cost(arrays.problem)
    highest = best + 1e-6 * max(1.0, best) - constant
    bound.take(bound.evaluate(bound.zero_prices()))
    for _ in range(3):
        bound.improve(5.0)
    bound.prove()
    assert bound.best is not None
    good = bound.best.prices
    assert max(bound.history) <= highest
    for scale in (1.0, 5.0, 25.0):
        prices = random_prices(arrays, random, scale)
        assert bound.evaluate(prices).value <= highest
        assert bound.evaluate(mix(good, prices, 0.8)).value <= highest


def test_a_proof_that_is_told_to_stop_keeps_what_it_has_proved() -> None:
    bound = Arrays.of(small_case()).bound()
    bound.take(bound.evaluate(bound.zero_prices()))
    bound.improve(5.0)
    bound.prove()
    assert bound.leader is not None
    checked = bound.evaluate(bound.leader.prices, CHECK)
    proved = bound.evaluate(bound.leader.prices, PROVE)
    values = []
    for places in range(len(checked.schedules) + 1):
        bound.best, left = checked, iter(range(places))
        bound.stop = lambda left=left: next(left, None) is None
        if places < len(checked.schedules):
            with pytest.raises(StoppedError):
                bound.prove()
        else:
            bound.prove()
        values.append(bound.value)
    assert values == sorted(values)
    assert values[0] == checked.value
    assert values[-1] == pytest.approx(max(checked.value, proved.value))


def collected(arrays: Arrays, prices: Prices, y: int, station: int, step: int) -> float:
    """The most that a rested vehicle can collect, by trying everything it can do in each step."""
    tables = arrays.tables
    f, limit, rest = tables.type_profile[y], tables.type_driving[y], tables.type_rest[y]
    m = tables.type_make[y]

    @cache
    def best(t: int, at: int, driven: int, stood: int) -> float:
        if t >= tables.horizon:
            return 0.0
        behind = 0 if stood >= rest else driven
        most = best(t + 1, at, driven, min(stood + 1, rest))
        for p in range(len(arrays.problem.places)):
            road = int(tables.empty[f, t, at, p])
            if p != at and 0 <= road <= limit - behind:
                most = max(most, best(t + road, p, behind + road, 0) - tables.driven_cost * road)
        leave = t + tables.loading
        if at < len(arrays.problem.places) and leave < tables.horizon:
            for o in range(tables.option_first[at, m], tables.option_first[at, m + 1]):
                price, road = trip_price(tables, prices, y, o, at, leave), int(tables.road[leave, o])
                if price < np.inf and behind + road <= limit:
                    then = best(int(tables.free[leave, o]), int(tables.option_station[o]), behind + road, 0)
                    most = max(most, price + then)
        return most

    return best(step, station, 0, 0)


@pytest.mark.parametrize("seed", range(6))
def test_a_vehicle_is_worth_what_the_best_chain_of_trips_collects(seed: int) -> None:
    buses = fleet("buses", "capital", max_driving_hours=4, rest_hours=2, available=hours(seed / 2))
    arrays = Arrays.of(small_case(horizon_hours=16, fleets=(buses,)))
    prices = random_prices(arrays, np.random.default_rng(seed), 20.0)
    tables, vehicles = arrays.tables, arrays.problem.vehicles
    sizes = len(arrays.problem.places), len(arrays.problem.stations)
    exact, rounded = (fleet_value(tables, prices, 0, *sizes, level) for level in (1, 3))
    depot, available = int(vehicles.depot[0]), int(vehicles.available[0])
    expected = collected(arrays, prices, 0, depot, available)
    assert expected > 0
    assert exact[depot, available] == pytest.approx(expected)
    assert np.all(rounded >= exact - 1e-9), "rounding the driving down must not make a vehicle worth less"
