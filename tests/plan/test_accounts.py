"""What a solution of a subproblem costs by itself and what it uses add up to what it costs with prices."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from overland.case import read_case
from overland.case.model import Case
from overland.case.starter import new_case
from overland.plan.accounts import account_least, account_person, account_schedule
from overland.plan.increments import fares_of
from overland.plan.pricing import Prices, hub_values, person_values, trip_price
from overland.plan.queues import queues_of
from overland.plan.schedules import cheapest_schedule
from tests.builders import small_case
from tests.plan.arrays import Arrays, random_prices
from tests.strategies import tiny_cases

SOME = settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
MANY_LABELS, FEW_LABELS = 1_000_000, 2


def priced(arrays: Arrays, prices: Prices, cost: float, use: np.ndarray, trips: np.ndarray) -> float:
    """Own cost, tolls of what is used and the prices of the trips."""
    total = cost + float(prices.toll @ use)
    for y, o, p, t, vehicles in trips:
        total += vehicles * trip_price(arrays.tables, prices, int(y), int(o), int(p), int(t))
    return total


def check_schedules(case: Case, seed: int, scale: float) -> int:
    """Compare the accounts of the cheapest schedule of every place; returns how many places there were."""
    arrays = Arrays.of(case)
    tables, prices = arrays.tables, random_prices(arrays, np.random.default_rng(seed), scale)
    hubs = hub_values(tables, prices, len(arrays.problem.places))
    places = [p for p in range(len(arrays.problem.places)) if np.diff(tables.rider_first)[p]]
    for p in places:
        queues, rest = queues_of(tables, p)
        if len(rest.kind):
            fares = fares_of(tables, prices, hubs, p, rest)
            own, with_prices, use, trips = account_least(tables, hubs, p, rest, fares)
            assert with_prices == pytest.approx(priced(arrays, prices, own, use, trips))
        fares = fares_of(tables, prices, hubs, p, queues)
        for loads, labels in ((4, 0), (4, MANY_LABELS), (60, MANY_LABELS), (4, FEW_LABELS)):
            found, actions = cheapest_schedule(tables, prices, p, queues, fares, loads, labels)
            own, with_prices, use, trips = account_schedule(tables, prices, hubs, p, queues, fares, actions)
            assert with_prices == pytest.approx(priced(arrays, prices, own, use, trips))
            if labels == 0:
                assert found == pytest.approx(with_prices)
            else:
                assert found <= with_prices * (1 + 1e-9) + 1e-6
    return len(places)


@SOME
@given(tiny_cases(), st.integers(0, 1000), st.sampled_from([0.0, 3.0, 30.0]))
def test_a_schedule_costs_what_its_parts_cost(case: Case, seed: int, scale: float) -> None:
    check_schedules(case, seed, scale)


@pytest.mark.parametrize("seed", range(4))
def test_so_it_does_in_the_small_case_and_in_the_starter_case(tmp_path: Path, seed: int) -> None:
    new_case(tmp_path / "case")
    assert check_schedules(small_case(), seed, 10.0) == 3
    assert check_schedules(read_case(tmp_path / "case"), seed, 20.0) > 1


@SOME
@given(tiny_cases(), st.integers(0, 1000), st.sampled_from([0.0, 3.0, 30.0]))
def test_a_person_costs_what_its_way_costs(case: Case, seed: int, scale: float) -> None:
    arrays = Arrays.of(case)
    tables, prices = arrays.tables, random_prices(arrays, np.random.default_rng(seed), scale)
    hubs = hub_values(tables, prices, len(arrays.problem.places))
    for g, p in enumerate(arrays.problem.riders.place):
        value, ref, ref_type = person_values(tables, prices, hubs[3], hubs[0], p, tables.penalty)
        kind, rank, ready = (int(a[g]) for a in (tables.kind, tables.rank, tables.ready))
        own, use, trips = account_person(tables, hubs, ref, ref_type, p, kind, rank, ready, 3.0)
        waited_before = tables.weights[rank] * tables.hazard[p, ready]
        expected = 3.0 * (value[kind, rank, ready] + waited_before)
        assert priced(arrays, prices, own, use, trips) == pytest.approx(expected)
