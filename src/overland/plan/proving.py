"""From the bound to the proof on paper: prices as whole numbers, and the bound at those prices."""

from __future__ import annotations

from math import floor
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

import overland
from overland.case import digest
from overland.plan.bound import Evaluation, whole_prices
from overland.plan.build import stranded_cost
from overland.plan.pricing import Prices
from overland.plan.problem import Problem
from overland.plan.proof import UNITS_PER_HOUR, Proof, Toll, VehicleType, packed
from overland.roads import RoadTimes

Ints = NDArray[np.int64]


class Priced(Protocol):
    """What is asked of a bound: the best prices it knows, and its value at any."""

    best: Evaluation | None

    def zero_prices(self) -> Prices:
        """Prices at which everything is free."""
        ...

    def evaluate(self, prices: Prices) -> Evaluation:
        """The bound at given prices."""
        ...


def proof_of(problem: Problem, bound: Priced, deadline: int | None = None) -> Proof:
    """Write down the best prices that a bound knows, and what the bound is at them.

    The value is that at the prices as they are written down, rounded down: it is computed anew unless the
    best prices are such already.
    """
    best = bound.best or bound.evaluate(bound.zero_prices())
    prices = whole_prices(best.prices)
    same = all(np.array_equal(a, b) for a, b in zip(prices, best.prices, strict=True))
    value = (best if same else bound.evaluate(prices)).value + stranded_cost(problem)
    return Proof(
        case=problem.case.id,
        case_digest=digest(problem.case),
        overland=overland.__version__,
        steps=problem.horizon,
        deadline=deadline,
        bound=max(0, floor(value * UNITS_PER_HOUR)),
        vehicles=_vehicles(problem, prices),
        tolls=_tolls(problem, prices),
    )


def _vehicles(problem: Problem, prices: Prices) -> list[VehicleType]:
    profiles, vehicles, case = problem.profiles, problem.vehicles, problem.case
    of_type: dict[int, list[str]] = {}
    numbers = iter(vehicles.type.tolist())
    for fleet in case.fleets:
        types = {next(numbers) for _ in case.vehicles_of(fleet)}
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
    tolls = []
    for i in np.flatnonzero(prices.toll).tolist():
        row = problem.limits.rows[i]
        if row.kind != "convoy":  # of vehicles: no person pays for it
            price = round(float(prices.toll[i]) * UNITS_PER_HOUR)
            toll = Toll(kind=row.kind, subject=row.subject, detail=row.detail, period=row.period, price=price)
            tolls.append(toll)
    return tolls
