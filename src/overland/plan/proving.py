"""From the bound to the proof on paper: prices as whole numbers, and the bound at those prices."""

from __future__ import annotations

from math import floor
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

import overland
from overland.case import digest
from overland.plan.bound import Evaluation
from overland.plan.build import stranded_cost
from overland.plan.pricing import Prices
from overland.plan.problem import Problem
from overland.plan.proof import UNITS_PER_HOUR, Proof, Toll, VehicleType, packed
from overland.roads import RoadTimes

Ints = NDArray[np.int64]

MOST_HOURS = 500_000.0  # of a price; far beyond what any person or vehicle is worth


class Priced(Protocol):
    """What is asked of a bound: the best prices it knows, and its value at any."""

    best: Evaluation | None

    def zero_prices(self) -> Prices:
        """Prices at which everything is free."""
        ...

    def evaluate(self, prices: Prices) -> Evaluation:
        """The bound at given prices."""
        ...


def whole_prices(prices: Prices) -> Prices:
    """The nearest prices that can be written down: multiples of the unit of a proof; tolls not below 0."""

    def nearest(values: NDArray[np.float64], least: float) -> NDArray[np.float64]:
        return np.asarray(np.rint(np.clip(values, least, MOST_HOURS) * UNITS_PER_HOUR) / UNITS_PER_HOUR)

    return Prices(
        nearest(prices.call, -MOST_HOURS), nearest(prices.back, -MOST_HOURS), nearest(prices.toll, 0.0)
    )


def proof_of(problem: Problem, bound: Priced) -> Proof:
    """Write down the best prices that a bound knows, and what the bound is at them.

    The value is computed anew at the prices as they are written down, and rounded down.
    """
    prices = whole_prices(bound.zero_prices() if bound.best is None else bound.best.prices)
    value = bound.evaluate(prices).value + stranded_cost(problem)
    return Proof(
        case=problem.case.id,
        case_digest=digest(problem.case),
        overland=overland.__version__,
        steps=problem.horizon,
        bound=max(0, floor(value * UNITS_PER_HOUR)),
        vehicles=_vehicles(problem, prices),
        tolls=_tolls(problem, prices),
    )


def _vehicles(problem: Problem, prices: Prices) -> list[VehicleType]:
    profiles, vehicles, case = problem.profiles, problem.vehicles, problem.case
    of_type: dict[int, list[str]] = {}
    numbers = iter(vehicles.type.tolist())
    for fleet in case.fleets:
        types = {next(numbers) for _ in range(fleet.count)}
        for y in types:
            assert profiles[vehicles.type_profile[y]] == RoadTimes.profile_of(fleet)
            of_type.setdefault(y, []).append(fleet.id)
    return [
        VehicleType(
            fleets=of_type[y],
            call=packed(problem.places, _units(prices.call[y])),
            back=packed(problem.stations, _units(prices.back[y])),
        )
        for y in sorted(of_type)
    ]


def _units(hours: NDArray[np.float64]) -> list[list[int]]:
    units: list[list[int]] = np.rint(hours * UNITS_PER_HOUR).astype(np.int64).tolist()
    return units


def _tolls(problem: Problem, prices: Prices) -> list[Toll]:
    rows = problem.limits.rows
    return [
        Toll(
            kind=rows[i].kind,
            subject=rows[i].subject,
            detail=rows[i].detail,
            period=rows[i].period,
            price=round(float(prices.toll[i]) * UNITS_PER_HOUR),
        )
        for i in np.flatnonzero(prices.toll).tolist()
    ]
