"""A first plan from the bound's mix of schedules: whole trips, and the vehicles that make them."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from overland.plan.chains import next_trip
from overland.plan.problem import Problem
from overland.plan.state import MOST_TRIPS, State
from overland.plan.tables import Tables

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

LATE = 8.0  # cost of leaving a step late against a road step of the empty move


def whole_trips(trips: Floats, seats: Ints) -> list[tuple[int, int, int, int]]:
    """Round a mix of trips to whole ones.

    At each place, and for each size of bus, a trip leaves whenever the trips of the mix until then add up to another whole one.

    Parameters
    ----------
    trips : float64 (trips, 5)
        Type, option, place, step, number.
    seats : int64 (types,)
        Seats by type.

    Returns
    -------
    list of (step, place, option, seats)
        In order of time.
    """
    size = seats[trips[:, 0].astype(np.int64)]
    result: list[tuple[int, int, int, int]] = []
    for place, bus in {(int(p), int(s)) for p, s in zip(trips[:, 2], size, strict=True)}:
        mine = trips[(trips[:, 2] == place) & (size == bus)]
        mine = mine[np.argsort(mine[:, 3], kind="stable")]
        passed = np.floor(np.cumsum(mine[:, 4]) + 0.5)
        options: dict[int, float] = {}
        before = 0
        for row, until in zip(mine, passed, strict=True):
            options[int(row[1])] = options.get(int(row[1]), 0.0) + float(row[4])
            for _ in range(int(until) - before):
                option = max(options, key=lambda o: options[o])
                options[option] -= 1.0
                result.append((int(row[3]), place, option, bus))
            before = int(until)
    return sorted(result)


@njit(cache=True, nogil=True)
def _best_vehicle(
    tables: Tables,
    type_of: Ints,
    now: Ints,
    at: Ints,
    driven: Ints,
    count: Ints,
    seats: int,
    p: int,
    options: Ints,
    target: int,
) -> tuple[int, int, int]:
    """The vehicle that makes a trip with least delay and empty driving; -1 if none can."""
    best, chosen, leaves, after = np.inf, -1, 0, 0
    for v in range(len(type_of)):
        y = type_of[v]
        o = options[tables.type_profile[y]]
        if tables.type_seats[y] != seats or o < 0 or count[v] >= MOST_TRIPS - 4:
            continue
        depart, _, road, since = next_trip(tables, y, now[v], at[v], driven[v], p, o, target)
        if depart >= tables.horizon:
            continue
        cost = LATE * (depart - target) + road + 0.05 * (depart - now[v])
        if cost < best:
            best, chosen, leaves, after = cost, v, depart, since
    return chosen, leaves, after


def dispatch(problem: Problem, tables: Tables, state: State, trips: Floats) -> None:
    """Replace the chains of a state by whole trips of a mix, each given to the vehicle that suits it best."""
    now, at = state.available.copy(), state.depot.copy()
    driven = np.zeros(len(now), dtype=np.int64)
    state.count[:] = 0
    twins = _twin_options(problem, tables)
    for target, p, option, seats in whole_trips(trips, tables.type_seats):
        v, depart, after = _best_vehicle(
            tables, state.type, now, at, driven, state.count, seats, p, twins[option], target
        )
        if v < 0:
            continue
        o = int(twins[option][tables.type_profile[state.type[v]]])
        i = state.count[v]
        state.place[v, i], state.option[v, i], state.target[v, i] = p, o, target
        state.count[v] += 1
        now[v], at[v], driven[v] = tables.free[depart, o], tables.option_station[o], after


def _twin_options(problem: Problem, tables: Tables) -> Ints:
    """The same option of a place for each profile: (options, profiles), -1 where there is none."""
    profiles = len(problem.profiles)
    twins = np.full((len(tables.option_kind), profiles), -1, dtype=np.int64)
    for p in range(len(problem.places)):
        by_key: dict[tuple[int, int, int], list[int]] = {}
        for f in range(profiles):
            for o in range(int(tables.option_first[p, f]), int(tables.option_first[p, f + 1])):
                key = (int(tables.option_kind[o]), int(tables.option_station[o]), int(tables.option_gate[o]))
                by_key.setdefault(key, [-1] * profiles)[f] = o
        for same in by_key.values():
            for o in same:
                if o >= 0:
                    twins[o] = same
    return twins
