"""From the state of the search to a plan on paper."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from overland.plan.cars import CarWays
from overland.plan.chains import follow_chain
from overland.plan.document import (
    Drive,
    Left,
    Move,
    Ride,
    Totals,
    Trip,
)
from overland.plan.journeys import Stage, journeys_of
from overland.plan.legs import legs_of
from overland.plan.linepaper import line_trip
from overland.plan.options import ACROSS, HUB, LINE
from overland.plan.play import play_everything
from overland.plan.problem import Problem
from overland.plan.state import MOST_TRIPS, State
from overland.plan.tables import Tables

Ints = NDArray[np.int64]

NO_ROOM = "No seat or crossing was left for it that the limits allow by the horizon."


def drop_empty_trips(tables: Tables, cars: CarWays, state: State) -> None:
    """Take trips that carry nobody out of the chains; the others leave when they did, or earlier never.

    Where a vehicle cannot do without an empty trip, because the way to its next place is longer than its
    crew may drive at once, it makes no further trips; should the people then crowd elsewhere, the last trips
    go too.
    """
    while True:
        used = {stage.trip[:3] for journey in journeys_of(tables, state) for stage in journey}
        dropped = False
        for v in range(len(state.count)):
            n = int(state.count[v])
            keep = [i for i in range(n) if (int(state.place[v, i]), int(state.depart[v, i]), v) in used]
            if len(keep) < n:
                state.target[v, :n] = state.depart[v, :n]
                keep_trips(tables, state, v, keep)
                dropped = True
        play_everything(tables, cars, state)
        while state.total[2] > 0 and drop_latest(state):
            dropped = True
            play_everything(tables, cars, state)
        if not dropped:
            return


def keep_trips(tables: Tables, state: State, v: int, keep: list[int]) -> None:
    """Keep these trips of a vehicle, as far as it can make them without the others."""
    n = len(keep)
    for array in (state.place, state.option, state.target):
        array[v, :n] = array[v, keep]
    depart, leave = np.zeros(MOST_TRIPS, np.int64), np.zeros(MOST_TRIPS, np.int64)
    chain = state.place[v], state.option[v], state.target[v], depart, leave
    while follow_chain(tables, *start_of(state, v), n, *chain) < 0:
        n -= 1
    state.count[v] = n


def start_of(state: State, v: int) -> tuple[int, int, int, int, int]:
    """Type, station, step, driving and duty of a vehicle before its first trip."""
    return state.type[v], state.depot[v], state.available[v], state.driven_before[v], state.began_before[v]


def drop_latest(state: State) -> bool:
    """Drop the trip that leaves last of all, or else close all services; says whether there was anything."""
    busy = np.flatnonzero(state.count)
    if len(busy):
        state.count[busy[np.argmax(state.depart[busy, state.count[busy] - 1])]] -= 1
        return True
    was_open = bool(state.open.any())
    state.open[:] = 0
    return was_open


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan on paper without its certificate."""

    trips: list[Trip]
    moves: list[Move]
    rides: list[Ride]
    drives: list[Drive]
    left: list[Left]
    totals: Totals
    cost: float


def draft_plan(problem: Problem, tables: Tables, cars: CarWays, state: State) -> Draft:
    """Write down the plan of a state; empty trips must have been dropped."""
    journeys = journeys_of(tables, state)
    trips, moves = _vehicle_events(problem, tables, state, journeys)
    drives, drivers_left = _drives(problem, cars, state)
    left = [Left(group=g, stranded=True, reason=reason) for g, reason in problem.stranded.items()]
    left += [
        Left(group=problem.riders.id[g], stranded=False, reason=NO_ROOM)
        for g, journey in enumerate(journeys)
        if not journey
    ]
    left += [Left(group=g, stranded=False, reason=NO_ROOM) for g in drivers_left]
    rides = _rides(problem, tables, journeys)
    totals, cost = _totals(problem, tables, cars, state, journeys, trips, rides, drives, left)
    return Draft(trips, moves, rides, drives, left, totals, cost)


def _vehicle_events(
    problem: Problem, tables: Tables, state: State, journeys: list[list[Stage]]
) -> tuple[list[Trip], list[Move]]:
    time_of = problem.case.time_of
    aboard: dict[tuple[int, int, int, int], list[tuple[str, Stage]]] = {}
    for g, journey in enumerate(journeys):
        for stage in journey:
            if stage.call < 0:
                aboard.setdefault(stage.trip, []).append((problem.riders.id[g], stage))
    kinds = {ACROSS: "across", HUB: "hub"}
    rows: list[tuple[int, int, Trip]] = []
    moves: list[Move] = []
    leave = np.zeros(MOST_TRIPS, dtype=np.int64)
    for v in range(len(state.count)):
        n, name = int(state.count[v]), problem.vehicles.name[v]
        follow_chain(
            tables, *start_of(state, v),
            n, state.place[v], state.option[v], state.target[v], state.depart[v], leave,
        )  # fmt: skip
        at = int(state.depot[v])
        f = tables.type_profile[state.type[v]]
        for i in range(n):
            p, o, t = (int(a[v, i]) for a in (state.place, state.option, state.depart))
            if leave[i] >= 0:
                arrive = int(leave[i]) + int(tables.empty[f, leave[i], at, p])
                moves.append(
                    Move(
                        vehicle=name,
                        origin=problem.stations[at],
                        destination=problem.places[p],
                        depart=time_of(int(leave[i])),
                        arrive=time_of(arrive),
                    )
                )
            kind, row = int(tables.option_kind[o]), int(tables.option_convoy[o])
            trip = Trip(
                id="",
                vehicle=name,
                origin=problem.places[p],
                kind=kinds.get(kind, "foot"),  # type: ignore[arg-type]
                destination=problem.stations[tables.option_station[o]],
                depart=time_of(t),
                arrive=time_of(t + int(tables.road[t, o])),
                passed=None if kind in (HUB, LINE) else time_of(int(tables.safe[t, o])),
                free=time_of(int(tables.free[t, o])),
                groups=sorted(name for name, _ in aboard[p, t, v, -1]),
                convoy=problem.limits.rows[row].subject if row >= 0 else None,
            )
            if kind == LINE:
                trip = line_trip(problem, tables, trip, o, t, aboard[p, t, v, -1])
            rows.append((t, v, trip))
            at = int(tables.option_station[o])
    rows.sort(key=lambda row: row[:2])  # the order of the loading rule
    return [row[2].model_copy(update={"id": f"T{i + 1:05d}"}) for i, row in enumerate(rows)], moves


def _rides(problem: Problem, tables: Tables, journeys: list[list[Stage]]) -> list[Ride]:
    calls, time_of = problem.calls, problem.case.time_of
    aboard: dict[int, list[str]] = {}
    for g, journey in enumerate(journeys):
        for stage in journey:
            if stage.call >= 0:
                aboard.setdefault(stage.call, []).append(problem.riders.id[g])
    return [
        Ride(
            run=calls.run[e],
            origin=calls.origin[e],
            destination=calls.destination[e],
            depart=time_of(int(calls.step[e])),
            arrive=time_of(int(calls.arrive[e])),
            passed=None if calls.hub[e] >= 0 else time_of(int(tables.call_safe[e])),
            groups=sorted(groups),
        )
        for e, groups in sorted(aboard.items(), key=lambda item: (calls.step[item[0]], item[0]))
    ]


def _drives(problem: Problem, cars: CarWays, state: State) -> tuple[list[Drive], list[str]]:
    drivers, time_of = problem.drivers, problem.case.time_of
    drives: list[Drive] = []
    left: list[str] = []
    for g, name in enumerate(drivers.id):
        way, step = int(state.way[g]), int(state.step[g])
        if way < 0:
            left.append(name)
            continue
        crossing = problem.borders.gates[cars.gate[way]][0]
        road = problem.times.steps("car", drivers.place[g], crossing, step)
        drives.append(
            Drive(
                group=name,
                origin=drivers.place[g],
                destination=crossing,
                depart=time_of(step),
                arrive=time_of(step + road),
                passed=time_of(int(cars.safe[way, step])),
            )
        )
    return drives, left


def stranded_cost(problem: Problem) -> float:
    """Cost of the groups that no plan can get out; the same in every plan."""
    from overland.plan.hazard import cumulative_hazard
    from overland.plan.standing import ready_step

    case = problem.case
    hazard = cumulative_hazard(case)
    total = 0.0
    for group in case.groups:
        if group.id in problem.stranded:
            ready = min(ready_step(case, group), problem.horizon)
            hours = hazard[group.place][-1] - hazard[group.place][ready] + problem.left_penalty
            total += case.policy.weights[group.category] * group.size * hours
    return total


def _totals(
    problem: Problem,
    tables: Tables,
    cars: CarWays,
    state: State,
    journeys: list[list[Stage]],
    trips: list[Trip],
    rides: list[Ride],
    drives: list[Drive],
    left: list[Left],
) -> tuple[Totals, float]:
    case = problem.case
    size = {g.id: g.size for g in case.groups}
    lost = stranded_cost(problem)
    for g, journey in enumerate(journeys):
        if not journey:
            p, ready = int(problem.riders.place[g]), min(int(tables.ready[g]), tables.horizon)
            hours = tables.hazard[p, -1] - tables.hazard[p, ready] + tables.penalty
            lost += float(tables.weight[g] * tables.size[g] * hours)
    for g in np.flatnonzero(state.way < 0).tolist():
        h = int(cars.cohort_of[g])
        p = int(cars.cohort_place[h])
        hours = cars.hazard[p, -1] - cars.hazard[p, cars.cohort_ready[h]] + tables.penalty
        lost += float(tables.weights[cars.cohort_rank[h]] * problem.drivers.size[g] * hours)
    driven = float(state.total[1]) * tables.hours
    all_people = float(state.total[0] + state.total[3]) + stranded_cost(problem)
    passed = [d.passed for d in drives]
    passed += [leg.passed for leg in legs_of(trips) if leg.passed is not None]
    passed += [ride.passed for ride in rides if ride.passed is not None]
    missing = sum(size[row.group] for row in left)
    totals = Totals(
        people=sum(size.values()),
        out=sum(size.values()) - missing,
        stranded=sum(size[g] for g in problem.stranded),
        exposure=all_people - lost,
        left_cost=lost,
        vehicle_hours=driven,
        cleared=max(passed) if passed else None,
    )
    return totals, all_people + case.policy.vehicle_hour_cost * driven
