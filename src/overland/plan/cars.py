"""Own cars: where each driver can cross, what that costs under prices, and who goes where."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from overland.case.model import Mode
from overland.plan.kernels import array_kernel, kernel, open_inner_kernel
from overland.plan.pricing import gate_toll
from overland.plan.problem import Problem
from overland.plan.tables import Tables

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Shorts = NDArray[np.int16]


class CarWays(NamedTuple):
    """Ways out by own car and the cohorts that take them, in the form that kernels take.

    A *cohort* is all drivers of one place, ready step, class and admission. Ways of place ``p`` are rows
    ``first[p]`` … ``first[p + 1] - 1`` of ``gate``, ``country`` and ``safe`` (step across by departure step;
    -1 impossible).
    """

    first: Ints
    gate: Ints
    country: Ints
    safe: Shorts
    hazard: Floats  # (places, T + 1)
    cohort_place: Ints
    cohort_ready: Ints
    cohort_rank: Ints
    cohort_admits: Ints
    cohort_people: Ints
    cohort_of: Ints  # (drivers,)


def car_ways(problem: Problem, tables: Tables, hazard: dict[str, Floats]) -> CarWays:
    """Tabulate the ways of the drivers of a problem."""
    drivers, borders = problem.drivers, problem.borders
    country_of = {x.id: problem.countries.index(x.country) for x in problem.case.crossings}
    places = tuple(sorted(set(drivers.place)))
    first, gate, country, safe = [0], [], [], []
    departs = np.arange(problem.horizon)
    for place in places:
        table = problem.times.table("car", place).astype(np.int64)
        for g, (crossing, mode) in enumerate(borders.gates):
            if mode is not Mode.CAR:
                continue
            road = table[:, problem.times.index[crossing]]
            across = borders.passed[g][departs + np.maximum(road, 0)]
            across = np.where(road >= 0, across, -1)
            if (across >= 0).any():
                gate.append(g)
                country.append(country_of[crossing])
                safe.append(across)
        first.append(len(gate))
    keys = [
        (places.index(p), int(r), int(np.searchsorted(tables.weights, w)), int(m))
        for p, r, w, m in zip(drivers.place, drivers.ready, drivers.weight, drivers.admits, strict=True)
    ]
    cohorts = sorted(set(keys))
    number = {key: i for i, key in enumerate(cohorts)}
    cohort_of = np.array([number[key] for key in keys], dtype=np.int64)
    table_of = np.array(cohorts, dtype=np.int64).reshape(-1, 4)
    people = np.bincount(cohort_of, weights=drivers.size, minlength=len(cohorts)) if keys else np.zeros(0)
    return CarWays(
        first=np.array(first, dtype=np.int64),
        gate=np.array(gate, dtype=np.int64),
        country=np.array(country, dtype=np.int64),
        safe=np.array(safe, dtype=np.int16).reshape(-1, problem.horizon),
        hazard=np.array([hazard[p] for p in places]).reshape(len(places), problem.horizon + 1),
        cohort_place=np.ascontiguousarray(table_of[:, 0]),
        cohort_ready=np.ascontiguousarray(table_of[:, 1]),
        cohort_rank=np.ascontiguousarray(table_of[:, 2]),
        cohort_admits=np.ascontiguousarray(table_of[:, 3]),
        cohort_people=people.astype(np.int64),
        cohort_of=cohort_of,
    )


@open_inner_kernel
def way_cost(tables: Tables, cars: CarWays, p: int, way: int, step: int) -> float:
    """Hazard-weighted hours of one person of weight 1 who takes a way (-1: is left), counted from step 0."""
    if way < 0:
        return cars.hazard[p, tables.horizon] + tables.penalty
    return cars.hazard[p, step] + tables.hours * (cars.safe[way, step] - step)


@kernel
def price_cars(tables: Tables, toll: Floats, cars: CarWays, cohort: int) -> tuple[float, int, int]:
    """Cheapest way of one person of a cohort under tolls.

    Returns
    -------
    cost : float
        Weighted hours from step 0 and tolls.
    way, step : int
        Row of the ways and departure step; -1 for being left.
    """
    p, weight = cars.cohort_place[cohort], tables.weights[cars.cohort_rank[cohort]]
    best, best_way, best_step = weight * way_cost(tables, cars, p, -1, 0), -1, tables.horizon
    for w in range(cars.first[p], cars.first[p + 1]):
        if not (cars.cohort_admits[cohort] >> cars.country[w]) & 1:
            continue
        for t in range(cars.cohort_ready[cohort], tables.horizon):
            s = cars.safe[w, t]
            if s < 0:
                continue
            cost = weight * way_cost(tables, cars, p, w, t)
            if cost < best:
                cost += gate_toll(tables, toll, cars.gate[w], cars.country[w], s)
                if cost < best:
                    best, best_way, best_step = cost, w, t
    return best, best_way, best_step


@open_inner_kernel
def way_rows(tables: Tables, cars: CarWays, way: int, step: int) -> tuple[int, int, int]:
    """The limits that taking a way uses: gate, reception and country (-1: no limit)."""
    s = cars.safe[way, step]
    gate = cars.gate[way]
    return tables.gate_row[gate, s], tables.reception_row[gate, s], tables.country_row[cars.country[way]]


@array_kernel
def assign_cars(tables: Tables, cars: CarWays, room: Ints, order: Ints, size: Ints) -> tuple[Ints, Ints]:
    """Send every driver, one after another, the cheapest way that the limits still allow.

    ``room`` (limits,) is what the limits have left; it is reduced in place.

    Returns
    -------
    way, step : int64 (drivers,)
        -1 for those left.
    """
    ways, steps = np.full(len(size), -1, np.int64), np.full(len(size), -1, np.int64)
    for g in order:
        h, n = cars.cohort_of[g], size[g]
        p = cars.cohort_place[h]
        best = way_cost(tables, cars, p, -1, 0)
        for w in range(cars.first[p], cars.first[p + 1]):
            if not (cars.cohort_admits[h] >> cars.country[w]) & 1:
                continue
            for t in range(cars.cohort_ready[h], tables.horizon):
                if cars.safe[w, t] < 0:
                    continue
                cost = way_cost(tables, cars, p, w, t)
                if cost >= best:
                    continue
                fits = True
                for row in way_rows(tables, cars, w, t):
                    fits = fits and (row < 0 or room[row] >= n)
                if fits:
                    best, ways[g], steps[g] = cost, w, t
        if ways[g] >= 0:
            for row in way_rows(tables, cars, ways[g], steps[g]):
                if row >= 0:
                    room[row] -= n
    return ways, steps
