"""From the bound to the proof on paper and back: prices as whole numbers, the bound at those prices."""

from __future__ import annotations

from collections.abc import Mapping
from math import floor
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

import overland
from overland.case import digest
from overland.errors import PlanError
from overland.plan.bound import Evaluation, whole_prices
from overland.plan.build import stranded_cost
from overland.plan.pricing import Prices
from overland.plan.problem import Problem
from overland.plan.proof import UNITS_PER_HOUR, Proof, Table, Toll, VehicleType, packed, unpacked
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


def prices_of(problem: Problem, proof: Proof) -> Prices:
    """The prices of a proof, laid out for a problem: that of its case, or of one much like it.

    Raises
    ------
    PlanError
        If the proof speaks of a fleet, a node or a limit that the problem does not have, or of other steps.
    """
    if proof.steps != problem.horizon:
        raise PlanError(f"the proof is of {proof.steps:,} steps; the case has {problem.horizon:,}.")
    types, steps = len(problem.vehicles.type_seats), problem.horizon + 1
    call = np.zeros((types, len(problem.places), steps))
    back = np.zeros((types, len(problem.stations), steps))
    type_of = {fleet: y for y, fleets in _fleets_of_types(problem).items() for fleet in fleets}
    for row in proof.vehicles:
        for y in sorted({_found(type_of, fleet, "fleet") for fleet in row.fleets}):
            _lay_out(call[y], problem.places, row.call)
            _lay_out(back[y], problem.stations, row.back)
    number_of = {(r.kind, r.subject, r.detail, r.period): i for i, r in enumerate(problem.limits.rows)}
    toll = np.zeros(len(problem.limits.rows))
    for paid in proof.tolls:
        name = paid.kind, paid.subject, paid.detail, paid.period
        toll[_found(number_of, name, "limit")] = paid.price / UNITS_PER_HOUR
    return Prices(call, back, toll)


def _lay_out(values: NDArray[np.float64], nodes: tuple[str, ...], table: Table) -> None:
    """Put a table of prices where its nodes are."""
    number_of = {node: i for i, node in enumerate(nodes)}
    for node, row in zip(table.nodes, unpacked(table, values.shape[1]), strict=True):
        values[_found(number_of, node, "node")] = np.array(row) / UNITS_PER_HOUR


def _found(numbers: Mapping[Any, int], name: Any, what: str) -> int:
    if name not in numbers:
        raise PlanError(f"the proof speaks of a {what} that the case does not have: {name}.")
    return numbers[name]


def _fleets_of_types(problem: Problem) -> dict[int, list[str]]:
    """The fleets of each type of vehicle."""
    profiles, vehicles = problem.profiles, problem.vehicles
    of_type: dict[int, list[str]] = {}
    numbers = iter(vehicles.type.tolist())
    for fleet in problem.case.fleets:
        types = {next(numbers) for _ in problem.case.vehicles_of(fleet)}
        for y in types:
            assert profiles[vehicles.type_profile[y]] == RoadTimes.profile_of(fleet)
            of_type.setdefault(y, []).append(fleet.id)
    return of_type


def _vehicles(problem: Problem, prices: Prices) -> list[VehicleType]:
    of_type = _fleets_of_types(problem)
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
