"""Own cars: where each driver can cross, what that costs under prices, and who goes where."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from overland.case.model import Mode
from overland.plan.accounts import use_gate
from overland.plan.pricing import gate_toll
from overland.plan.problem import Problem
from overland.plan.tables import Tables

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Shorts = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class CarWays:
    """Ways out by own car and the cohorts that take them.

    A *cohort* is all drivers of one place, ready step, class and admission. Ways of place ``p`` are rows ``first[p]`` …
    ``first[p + 1] - 1`` of ``gate``, ``country`` and ``safe`` (step across by departure step; -1 impossible).
    """

    places: tuple[str, ...]
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
        places=places,
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


@njit(cache=True, nogil=True)
def price_cars(
    tables: Tables,
    toll: Floats,
    first: Ints,
    gate: Ints,
    country: Ints,
    safe: Shorts,
    hazard: Floats,
    p: int,
    ready: int,
    rank: int,
    admits: int,
) -> tuple[float, int, int]:
    """Cheapest way of one person of a cohort under tolls.

    Returns
    -------
    cost : float
        Weighted hours from step 0 and tolls.
    way, step : int
        Row of the ways and departure step; -1 for being left.
    """
    horizon, weight = tables.horizon, tables.weights[rank]
    best, best_way, best_step = weight * (hazard[p, horizon] + tables.penalty), -1, horizon
    for w in range(first[p], first[p + 1]):
        if not (admits >> country[w]) & 1:
            continue
        for t in range(ready, horizon):
            s = safe[w, t]
            if s < 0:
                continue
            cost = weight * (hazard[p, t] + tables.hours * (s - t))
            if cost < best:
                cost += gate_toll(tables, toll, gate[w], country[w], s)
                if cost < best:
                    best, best_way, best_step = cost, w, t
    return best, best_way, best_step


@njit(cache=True, nogil=True)
def account_car(
    tables: Tables,
    gate: Ints,
    country: Ints,
    safe: Shorts,
    hazard: Floats,
    p: int,
    rank: int,
    way: int,
    step: int,
    people: float,
) -> tuple[float, Floats]:
    """Cost without tolls, counted from step 0, and use of the limits, of people who take a way at a step."""
    use = np.zeros(len(tables.limit))
    weight = tables.weights[rank]
    if way < 0:
        return people * weight * (hazard[p, tables.horizon] + tables.penalty), use
    s = safe[way, step]
    use_gate(tables, use, gate[way], country[way], s, people)
    return people * weight * (hazard[p, step] + tables.hours * (s - step)), use


@njit(cache=True, nogil=True)
def assign_cars(
    tables: Tables,
    toll: Floats,
    room: Ints,
    order: Ints,
    size: Ints,
    cohort_of: Ints,
    first: Ints,
    gate: Ints,
    country: Ints,
    safe: Shorts,
    hazard: Floats,
    place: Ints,
    ready: Ints,
    rank: Ints,
    admits: Ints,
) -> tuple[Ints, Ints]:
    """Send every driver, one after another, the cheapest way under tolls that the limits still allow.

    ``room`` (limits,) is what the limits have left; it is reduced in place.

    Returns
    -------
    way, step : int64 (drivers,)
        -1 for those left.
    """
    ways, steps = np.full(len(size), -1, np.int64), np.full(len(size), -1, np.int64)
    horizon = tables.horizon
    for g in order:
        h = cohort_of[g]
        p, weight, n = place[h], tables.weights[rank[h]], size[g]
        best = weight * (hazard[p, horizon] + tables.penalty)
        for w in range(first[p], first[p + 1]):
            if not (admits[h] >> country[w]) & 1:
                continue
            for t in range(ready[h], horizon):
                s = safe[w, t]
                if s < 0:
                    continue
                cost = weight * (hazard[p, t] + tables.hours * (s - t))
                if cost >= best:
                    continue
                cost += gate_toll(tables, toll, gate[w], country[w], s)
                if cost >= best or room[tables.gate_row[gate[w], s]] < n:
                    continue
                if room[tables.reception_row[gate[w], s]] < n:
                    continue
                nation = tables.country_row[country[w]]
                if nation >= 0 and room[nation] < n:
                    continue
                best, ways[g], steps[g] = cost, w, t
        if ways[g] >= 0:
            s, w = safe[ways[g], steps[g]], ways[g]
            room[tables.gate_row[gate[w], s]] -= n
            room[tables.reception_row[gate[w], s]] -= n
            if tables.country_row[country[w]] >= 0:
                room[tables.country_row[country[w]]] -= n
    return ways, steps
