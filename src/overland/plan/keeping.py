"""What of a running plan is still possible, as the state a re-plan starts from, and what people were told."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from overland.case.model import Mode
from overland.plan.build import start_of
from overland.plan.cars import CarWays, assign_cars, way_rows
from overland.plan.chains import follow_chain
from overland.plan.document import Plan
from overland.plan.linepaper import option_of_line
from overland.plan.problem import Problem
from overland.plan.standing import Leg, all_legs, legs_by_group
from overland.plan.starting_point import KINDS, way_of
from overland.plan.state import MOST_TRIPS, State
from overland.plan.tables import Tables
from overland.plan.told import way_number
from overland.plan.used import mode_of

Ints = NDArray[np.int64]

ELSEWHERE = -2
"""A way that was told and that the problem does not know: whatever is done now is something else."""


def keep_possible(problem: Problem, tables: Tables, cars: CarWays, state: State, running: Plan) -> None:
    """Set the decisions of a state to those of a running plan, as far as they can still be carried out.

    A trip that its vehicle cannot make any more is left out, and is not replaced; a driver who cannot go as
    told goes the cheapest way that is left. Shared limits may be exceeded by riders.
    """
    _keep_trips(problem, tables, state, running)
    _keep_rides(problem, tables, state, running)
    _keep_drives(problem, tables, cars, state, running)


def _keep_trips(problem: Problem, tables: Tables, state: State, running: Plan) -> None:
    vehicle_of = {name: v for v, name in enumerate(problem.vehicles.name)}
    option_of = {
        (problem.places[p], m, *way_of(problem, tables, o)): (p, o)
        for p in range(len(problem.places))
        for m in range(len(problem.makes))
        for o in range(tables.option_first[p, m], tables.option_first[p, m + 1])
    }
    depart, leave = np.zeros(MOST_TRIPS, np.int64), np.zeros(MOST_TRIPS, np.int64)
    state.count[:] = 0
    for trip in sorted(running.trips, key=lambda trip: trip.depart):
        step = problem.case.step_of(trip.depart, up=False)
        v = vehicle_of.get(trip.vehicle, -1)
        if step < problem.now or v < 0:
            continue
        make = int(tables.type_make[state.type[v]])
        found = option_of.get((trip.origin, make, KINDS[trip.kind], trip.destination, trip.convoy))
        if trip.line is not None:
            line = option_of_line(problem, tables, v, trip)
            found = line if line[0] >= 0 else None
        n = int(state.count[v])
        if found is None or n >= MOST_TRIPS - 1:
            continue
        state.place[v, n], state.option[v, n] = found
        only = int(tables.option_only[found[1]])
        state.target[v, n] = step if only < 0 else only  # its convoy may leave later than it did
        chain = state.place[v], state.option[v], state.target[v], depart, leave
        if follow_chain(tables, *start_of(state, v), n + 1, *chain) >= 0:
            state.count[v] = n + 1


def _keep_rides(problem: Problem, tables: Tables, state: State, running: Plan) -> None:
    calls = problem.calls
    call_of = {key: e for e, key in enumerate(zip(calls.run, calls.origin, calls.destination, strict=True))}
    size = {group.id: group.size for group in problem.case.groups}
    room = tables.limit.copy()
    state.open[:] = 0
    for ride in running.rides:
        e = call_of.get((ride.run, ride.origin, ride.destination), -1)
        if e < 0 or problem.case.step_of(ride.depart, up=False) < problem.now:
            continue
        legs = slice(calls.leg_first[e], calls.leg_last[e] + 1)
        wanted = sum(size.get(group, 0) for group in ride.groups)
        seats = min(wanted, int(tables.call_seats[e]), int(room[legs].min()))
        state.open[e] = seats
        room[legs] -= seats


def _keep_drives(problem: Problem, tables: Tables, cars: CarWays, state: State, running: Plan) -> None:
    """Let drivers go as told where the limits allow, the others the cheapest way after them."""
    room, told = tables.limit.copy(), _told_drives(problem, cars, running)
    others = []
    state.way[:], state.step[:] = -1, -1
    for g in range(len(problem.drivers.id)):
        way, step = told[g]
        ready = int(problem.drivers.ready[g])
        rows: tuple[int, ...] = ()
        if way >= 0 and step >= ready and cars.safe[way, step] >= 0:
            rows = way_rows(tables, cars, way, step)
        if rows and all(row < 0 or room[row] >= problem.drivers.size[g] for row in rows):
            state.way[g], state.step[g] = way, step
            for row in rows:
                if row >= 0:
                    room[row] -= problem.drivers.size[g]
        else:
            others.append(g)
    drivers = problem.drivers
    order = sorted(others, key=lambda g: (-drivers.weight[g], drivers.ready[g], -drivers.size[g]))
    ways, steps = assign_cars(tables, cars, room, np.array(order, dtype=np.int64), drivers.size)
    for g in others:
        state.way[g], state.step[g] = ways[g], steps[g]


def _told_drives(problem: Problem, cars: CarWays, running: Plan) -> list[tuple[int, int]]:
    """Way and step of each driver in the running plan; ``ELSEWHERE`` where the way is not known."""
    told = {drive.group: drive for drive in running.drives}
    found = []
    for g, name in enumerate(problem.drivers.id):
        drive = told.get(name)
        if drive is None:
            found.append((ELSEWHERE, -1))
            continue
        p = cars.cohort_place[cars.cohort_of[g]]
        step = problem.case.step_of(drive.depart, up=False)
        ways = [
            w
            for w in range(cars.first[p], cars.first[p + 1])
            if problem.borders.gates[cars.gate[w]][0] == drive.destination
            and drive.origin == problem.drivers.place[g]
        ]
        found.append((ways[0] if ways else ELSEWHERE, step))
    return found


def with_instructions(problem: Problem, tables: Tables, cars: CarWays, running: Plan, price: float) -> Tables:
    """The same tables with what people were told, and the price of telling one person something else."""
    case, now = problem.case, problem.now
    ahead = legs_by_group(leg for leg in all_legs(running) if case.step_of(leg.depart, up=False) >= now)
    for g, name in enumerate(problem.riders.id):
        for stage, leg in enumerate(ahead.get(name, [])):
            tables.told_step[stage, g] = case.step_of(leg.depart, up=False)
            tables.told_way[stage, g] = _way(problem, leg)
    for g, (way, step) in enumerate(_told_drives(problem, cars, running)):
        name = problem.drivers.id[g]
        if name in ahead:
            tables.told_car_step[g] = max(0, step) if step >= 0 else _first_step(problem, ahead[name])
            tables.told_car_way[g] = way
    return tables._replace(change_price=price)


def _first_step(problem: Problem, legs: list[Leg]) -> int:
    return problem.case.step_of(legs[0].depart, up=False)


def _way(problem: Problem, leg: Leg) -> int:
    """The number of a way told to riders; ``ELSEWHERE`` for that of a driver."""
    mode = None if leg.passed is None else mode_of(leg)
    if mode is Mode.CAR:
        return ELSEWHERE
    by_service = not hasattr(leg, "vehicle")
    if mode is None:
        hubs = [problem.places[h] for h in problem.hubs]
        return (
            way_number(hubs.index(leg.destination), -1, by_service) if leg.destination in hubs else ELSEWHERE
        )
    gate = (leg.destination, mode)
    gates = problem.borders.gates
    return way_number(-1, gates.index(gate), by_service) if gate in gates else ELSEWHERE
