"""Taking up a plan document as the state that the search starts from."""

from __future__ import annotations

import numpy as np

from overland.errors import PlanError
from overland.plan.cars import CarWays
from overland.plan.document import Plan
from overland.plan.linepaper import option_of_line
from overland.plan.options import ACROSS, FOOT, HUB
from overland.plan.problem import Problem
from overland.plan.state import MOST_TRIPS, State
from overland.plan.tables import Tables

KINDS = {"across": ACROSS, "foot": FOOT, "hub": HUB}


def take_up(problem: Problem, tables: Tables, cars: CarWays, state: State, plan: Plan) -> None:
    """Set the decisions of a state to those of a plan; who boards what follows from the loading rule.

    Raises
    ------
    PlanError
        If the plan has a vehicle, a trip, a ride or a drive that the problem knows nothing of, or is a
        re-plan: its past need not keep the rules of the case as it is now.
    """
    if plan.replanned is not None:
        raise PlanError("a re-plan cannot be what a plan from scratch starts from; re-plan it instead.")
    _take_up_trips(problem, tables, state, plan)
    _take_up_rides(problem, tables, state, plan)
    _take_up_drives(problem, cars, state, plan)


def _take_up_trips(problem: Problem, tables: Tables, state: State, plan: Plan) -> None:
    vehicle_of = {name: v for v, name in enumerate(problem.vehicles.name)}
    place_of = {name: p for p, name in enumerate(problem.places)}
    option_of = {
        (p, m, *way_of(problem, tables, o)): o
        for p in range(len(problem.places))
        for m in range(len(problem.makes))
        for o in range(tables.option_first[p, m], tables.option_first[p, m + 1])
    }
    state.count[:] = 0
    for trip in sorted(plan.trips, key=lambda trip: trip.depart):
        v, p = vehicle_of.get(trip.vehicle, -1), place_of.get(trip.origin, -1)
        if v < 0 or p < 0:
            raise PlanError(f"trip {trip.id}: the case has no such vehicle or place of departure.")
        if trip.line is not None:
            p, o = option_of_line(problem, tables, v, trip)
        else:
            make = int(tables.type_make[state.type[v]])
            o = option_of.get((p, make, KINDS[trip.kind], trip.destination, trip.convoy), -1)
        n = int(state.count[v])
        if o < 0 or n >= MOST_TRIPS:
            raise PlanError(f"trip {trip.id}: {trip.vehicle} cannot go from {trip.origin} that way.")
        state.place[v, n], state.option[v, n] = p, o
        state.target[v, n] = problem.case.step_of(trip.depart, up=False)
        state.count[v] = n + 1


def way_of(problem: Problem, tables: Tables, o: int) -> tuple[int, str, str | None]:
    """Kind, destination and convoy of a bus option."""
    row = int(tables.option_convoy[o])
    convoy = problem.limits.rows[row].subject if row >= 0 else None
    return int(tables.option_kind[o]), problem.stations[tables.option_station[o]], convoy


def _take_up_rides(problem: Problem, tables: Tables, state: State, plan: Plan) -> None:
    calls = problem.calls
    call_of = {key: e for e, key in enumerate(zip(calls.run, calls.origin, calls.destination, strict=True))}
    size = {group.id: group.size for group in problem.case.groups}
    state.open[:] = 0
    for ride in plan.rides:
        e = call_of.get((ride.run, ride.origin, ride.destination), -1)
        if e < 0:
            raise PlanError(f"the case has no run {ride.run} from {ride.origin} to {ride.destination}.")
        state.open[e] = min(int(tables.call_seats[e]), sum(size.get(group, 0) for group in ride.groups))


def _take_up_drives(problem: Problem, cars: CarWays, state: State, plan: Plan) -> None:
    driver_of = {name: g for g, name in enumerate(problem.drivers.id)}
    state.way[:], state.step[:] = -1, -1
    for drive in plan.drives:
        g = driver_of.get(drive.group, -1)
        if g < 0:
            raise PlanError(f"group {drive.group} has no car of its own to leave in.")
        p = cars.cohort_place[cars.cohort_of[g]]
        ways = np.arange(cars.first[p], cars.first[p + 1])
        there = [w for w in ways if problem.borders.gates[cars.gate[w]][0] == drive.destination]
        step = problem.case.step_of(drive.depart, up=False)
        if not there or not 0 <= step < problem.horizon or cars.safe[there[0], step] < 0:
            raise PlanError(f"group {drive.group} cannot drive from {drive.origin} to {drive.destination}.")
        state.way[g], state.step[g] = there[0], step
