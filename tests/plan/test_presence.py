"""Where a vehicle can be, however it comes there: the bound must not think it cannot."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from overland.case.model import Case, Mode, Role
from overland.plan.build import stranded_cost
from tests.builders import centre, crossing, fleet, group, mode, place, policy, road, small_case
from tests.oracle import optimum
from tests.plan.arrays import Arrays


def beyond_the_crossing() -> Case:
    """A city to which a bus comes only by way of a crossing, where it has taken the people of a town."""
    return small_case(
        horizon_hours=12,
        step_minutes=60,
        places=(place("town", Role.ASSEMBLY, Role.DEPOT), place("city")),
        roads=(road("town", "west", 60), road("west", "city", 60)),
        crossings=(crossing("west", "PL"),),
        crossing_modes=(mode("west", Mode.BUS, 60, 0, turnaround_hours=0),),
        reception=(centre("PL"),),
        groups=(group("G1", "town"), group("G2", "city")),
        fleets=(fleet("buses", "town", 1),),
        policy=policy(loading_minutes=0, unloading_minutes=0),
    )


def beyond_the_inn() -> Case:
    """A city that is farther from the depot than a crew may drive, with a place on the way where it rests."""
    return replace(
        beyond_the_crossing(),
        horizon_hours=30,
        places=(place("depot", Role.DEPOT), place("inn", Role.JUNCTION), place("city")),
        roads=(road("depot", "inn", 240), road("inn", "city", 240), road("city", "west", 60)),
        groups=(group("G1", "city"),),
        fleets=(fleet("buses", "depot", 1, max_driving_hours=5, rest_hours=2),),
    )


def test_a_bus_comes_to_a_place_beyond_a_crossing_by_a_trip_to_it() -> None:
    arrays = Arrays.of(beyond_the_crossing())
    assert arrays.tables.first_bus.tolist() == [[0, 2]]


@pytest.mark.parametrize("case", [beyond_the_crossing(), beyond_the_inn()], ids=["crossing", "inn"])
@pytest.mark.parametrize("price", [0.0, 30.0, 3000.0])
def test_no_price_of_a_bus_that_can_come_lifts_the_bound_above_the_optimum(case: Case, price: float) -> None:
    arrays = Arrays.of(case)
    bound = arrays.bound()
    prices = bound.zero_prices()
    prices.call[:] = price * np.linspace(1.0, 0.0, prices.call.shape[2])
    prices.call[:, arrays.problem.places.index("city")] = price
    highest = optimum(case).cost + 1e-6 - stranded_cost(arrays.problem)
    assert bound.evaluate(prices).value <= highest
