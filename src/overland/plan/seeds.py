"""Columns of the master taken from a plan, so that the bound starts where the search already is."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from overland.plan.cars import CarWays, way_cost, way_rows
from overland.plan.journeys import Stage
from overland.plan.options import HUB
from overland.plan.tables import Tables

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def stage_use(tables: Tables, stage: Stage) -> tuple[int, list[int]]:
    """Step at which a stage is safe (across, or at the hub), and the shared limits each person uses."""
    rows: list[int] = []
    if tables.boarding_row[stage.place, stage.step] >= 0:
        rows.append(int(tables.boarding_row[stage.place, stage.step]))
    if stage.call >= 0:
        e = stage.call
        rows += range(int(tables.leg_first[e]), int(tables.leg_last[e]) + 1)
        safe, gate, country = int(tables.call_safe[e]), int(tables.call_gate[e]), int(tables.call_country[e])
    else:
        o = stage.option
        safe = int(tables.safe[stage.step, o])
        gate = -1 if tables.option_kind[o] == HUB else int(tables.option_gate[o])
        country = int(tables.option_country[o])
    if gate >= 0:
        rows += [int(tables.gate_row[gate, safe]), int(tables.reception_row[gate, safe])]
        if tables.country_row[country] >= 0:
            rows.append(int(tables.country_row[country]))
    return safe, rows


def plan_columns(
    tables: Tables,
    stages: list[list[Stage]],
    types: Ints,
    subproblem_of: Ints,
) -> Iterator[tuple[int, float, Ints, Floats, Floats]]:
    """Columns of the riders' subproblems that together are a plan.

    Parameters
    ----------
    stages : list of list of Stage
        Journeys of all rider groups.
    types : int64 (vehicles,)
        Type of each vehicle.
    subproblem_of : int64 (groups,)
        Subproblem of each rider group.

    Yields
    ------
    subproblem, cost, limits, people, trips
        As :meth:`Master.add` takes them; a bus is shared out by the people aboard.
    """
    load: dict[tuple[int, int, int, int], int] = {}
    for g, journey in enumerate(stages):
        for stage in journey:
            load[stage.trip] = load.get(stage.trip, 0) + int(tables.size[g])
    place_of = np.searchsorted(tables.rider_first, np.arange(len(tables.size)), side="right") - 1
    for subproblem in np.unique(subproblem_of):
        use = np.zeros(len(tables.limit))
        trips: dict[tuple[int, int, int, int], float] = {}
        cost = 0.0
        for g in np.flatnonzero(subproblem_of == subproblem).tolist():
            people, weight, p = int(tables.size[g]), tables.weight[g], int(place_of[g])
            if not stages[g]:
                cost += people * weight * (tables.hazard[p, -1] + tables.penalty)
                continue
            since, base = 0, p
            for stage in stages[g]:
                safe, rows = stage_use(tables, stage)
                use[rows] += people
                waited = tables.hazard[base, stage.step] - tables.hazard[base, since]
                cost += people * weight * (waited + tables.hours * (safe - stage.step))
                if stage.call < 0:
                    share = people / load[stage.trip]
                    key = (int(types[stage.vehicle]), *_option_of(tables, stage))
                    trips[key] = trips.get(key, 0.0) + share
                    cost += share * tables.driven_cost * tables.road[stage.first_step, stage.trip_option]
                    since, base = safe, int(tables.option_station[stage.option])
                else:
                    since, base = safe, int(tables.call_hub[stage.call])
        used = np.flatnonzero(use)
        table = np.array([(*key, n) for key, n in trips.items()], dtype=np.float64).reshape(-1, 5)
        yield int(subproblem), cost, used, use[used], table


def _option_of(tables: Tables, stage: Stage) -> tuple[int, int, int]:
    """Option, place and step of the trip of a stage; of a line, of the variant that the bound knows."""
    option, line = stage.trip_option, int(tables.option_line[stage.trip_option])
    if line >= 0:
        family = int(np.searchsorted(tables.family_first, line, side="right")) - 1
        option = int(tables.line_option[tables.family_first[family]])
    return option, stage.first_place, stage.first_step


def car_columns(
    tables: Tables, cars: CarWays, ways: Ints, steps: Ints, size: Ints, base: int
) -> Iterator[tuple[int, float, Ints, Floats, Floats]]:
    """Columns of the drivers' subproblems that together are an assignment; see :func:`plan_columns`."""
    for cohort in range(len(cars.cohort_ready)):
        use = np.zeros(len(tables.limit))
        p, weight, cost = int(cars.cohort_place[cohort]), tables.weights[cars.cohort_rank[cohort]], 0.0
        for g in np.flatnonzero(cars.cohort_of == cohort):
            people, way, step = int(size[g]), int(ways[g]), int(steps[g])
            if way >= 0:
                use[[row for row in way_rows(tables, cars, way, step) if row >= 0]] += people
            cost += people * weight * way_cost(tables, cars, p, way, step)
        used = np.flatnonzero(use)
        yield base + cohort, cost, used, use[used], np.empty((0, 5))
