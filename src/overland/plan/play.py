"""Play a plan through: what follows from the decisions of a state, and the use of the shared limits."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from overland.plan.boarding import board, members_of
from overland.plan.cars import CarWays, way_cost, way_rows
from overland.plan.chains import follow_chain
from overland.plan.state import MOST_TRIPS, State
from overland.plan.tables import Tables

Ints = NDArray[np.int64]


@njit(cache=True, nogil=True)
def play_everything(tables: Tables, cars: CarWays, state: State) -> None:
    """Play all places from the decisions, and set the use of the limits and the totals."""
    places = len(state.side)
    for v in range(len(state.count)):
        leave = np.zeros(MOST_TRIPS, np.int64)
        state.driven[v] = follow_chain(
            tables, state.type[v], state.depot[v], state.available[v],
            state.count[v], state.place[v], state.option[v], state.target[v], state.depart[v], leave,
        )  # fmt: skip
    state.bus_count[:] = 0
    for v in range(len(state.count)):
        for i in range(state.count[v]):
            list_bus(state, state.place[v, i], state.depart[v, i], v, state.option[v, i])
    for p in range(places):
        play_place(tables, state, p, state.side, state.side[p])
    for h in tables.hubs:
        play_place(tables, state, h, state.side, state.side[h])
    state.total[:] = 0.0
    state.use[:] = 0
    for g in range(len(state.way)):
        state.total[3] += driver_cost(tables, cars, state, g, state.way[g], state.step[g])
        if state.way[g] >= 0:
            for row in way_rows(tables, cars, state.way[g], state.step[g]):
                if row >= 0:
                    state.use[row] += state.driver_size[g]
    for p in range(places):
        state.total[0] += state.cost[state.side[p], p]
        state.total[2] += state.breach[state.side[p], p]
        count_use(state, p, state.side[p], 1)
    for v in range(len(state.count)):
        state.total[1] += state.driven[v]
    for row in range(len(tables.limit)):
        state.total[2] += max(0, state.use[row] - tables.limit[row])


@njit(cache=True, nogil=True)
def play_place(tables: Tables, state: State, p: int, sides: Ints, side: int) -> None:
    """Play one place; ``side`` is the side written, ``sides`` what is read of other places."""
    group, since, able, transit = members_of(tables, state, p, sides)
    choice = np.empty(len(group), np.int64)
    board(tables, state, p, group, since, able, transit, side, choice)


@njit(cache=True, nogil=True)
def count_use(state: State, p: int, side: int, sign: int) -> None:
    """Add (1) or take away (-1) the use of a place."""
    for i in range(state.uses[side, p]):
        state.use[state.use_row[side, p, i]] += sign * state.use_people[side, p, i]


@njit(cache=True, nogil=True)
def shift_use(tables: Tables, state: State, p: int, side: int, sign: int) -> tuple[int, float]:
    """Add or take away the use of a place; returns by how much excess and tolls change."""
    excess, tolls = sign * state.breach[side, p], 0.0
    for i in range(state.uses[side, p]):
        row = state.use_row[side, p, i]
        limit = tables.limit[row]
        excess -= max(0, state.use[row] - limit)
        state.use[row] += sign * state.use_people[side, p, i]
        tolls += sign * state.use_people[side, p, i] * state.toll[row]
        excess += max(0, state.use[row] - limit)
    return excess, tolls


@njit(cache=True, nogil=True)
def driver_cost(tables: Tables, cars: CarWays, state: State, g: int, way: int, step: int) -> float:
    """Exposure of a driver, counted from its ready step."""
    h = cars.cohort_of[g]
    p, weight = cars.cohort_place[h], tables.weights[cars.cohort_rank[h]]
    since = cars.hazard[p, min(cars.cohort_ready[h], tables.horizon)]
    return state.driver_size[g] * weight * (way_cost(tables, cars, p, way, step) - since)


@njit(cache=True, nogil=True)
def list_bus(state: State, p: int, step: int, v: int, o: int) -> None:
    """Add a bus to the departures of a place."""
    i = state.bus_count[p]
    state.bus_step[p, i], state.bus_vehicle[p, i], state.bus_option[p, i] = step, v, o
    state.bus_count[p] += 1


@njit(cache=True, nogil=True)
def unlist_bus(state: State, p: int, step: int, v: int) -> None:
    """Take a bus out of the departures of a place."""
    last = state.bus_count[p] - 1
    for i in range(last + 1):
        if state.bus_vehicle[p, i] == v and state.bus_step[p, i] == step:
            state.bus_step[p, i], state.bus_vehicle[p, i] = (
                state.bus_step[p, last],
                state.bus_vehicle[p, last],
            )
            state.bus_option[p, i] = state.bus_option[p, last]
            state.bus_count[p] = last
            return
