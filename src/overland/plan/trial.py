"""Try a change of the plan: play the places it touches through again, then keep it or undo it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from overland.plan.cars import CarWays, way_rows
from overland.plan.chains import follow_chain
from overland.plan.play import count_use, driver_cost, list_bus, play_place, shift_use, unlist_bus
from overland.plan.state import MOST_DEPARTURES, MOST_TRIPS, State
from overland.plan.tables import Tables

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

TRIP_FEE = 4.0  # times the temperature, in the search only: keeps empty trips out of the chains


class Change(NamedTuple):
    """New chains of up to two vehicles and, or, new seats on a service call; written again for each move."""

    vehicle: Ints  # (2,) -1: none
    count: Ints  # type: ignore[assignment]  # (2,); hides tuple.count
    place: Ints  # (2, MOST_TRIPS)
    option: Ints
    target: Ints
    depart: Ints  # follows from the targets, as does `driven`
    driven: Ints  # (2,)
    call: Ints  # (2,) service call (-1: none), and the seats to open on it


class Terms(NamedTuple):
    """On what terms a change is kept."""

    temperature: float
    excess_price: float  # of one person above a shared limit


@njit(cache=True, nogil=True)
def no_change() -> Change:
    """A change that changes nothing yet."""
    return Change(
        np.full(2, -1, np.int64),
        np.zeros(2, np.int64),
        np.zeros((2, MOST_TRIPS), np.int64),
        np.zeros((2, MOST_TRIPS), np.int64),
        np.zeros((2, MOST_TRIPS), np.int64),
        np.zeros((2, MOST_TRIPS), np.int64),
        np.zeros(2, np.int64),
        np.full(2, -1, np.int64),
    )


@njit(cache=True, nogil=True)
def attempt(tables: Tables, state: State, change: Change, terms: Terms) -> bool:
    """Try a change; keep it or undo it. Returns whether it was kept."""
    places = len(state.side)
    touched = np.zeros(places, np.bool_)
    if not _follow(tables, state, change) or not _mark(state, change, touched):
        return False
    call, seats = change.call
    was_open = 0
    if call >= 0:
        was_open = state.open[call]
        state.open[call] = seats
        touched[np.searchsorted(tables.call_first, call, side="right") - 1] = True
    _unlist_present(state, change, touched)
    _list_change(state, change, touched)
    sides = state.side.copy()
    _play_touched(tables, state, touched, sides)

    cost, excess, tolls = 0.0, 0, 0.0
    for sign in (-1, 1):
        for p in range(places):
            if touched[p]:
                side = state.side[p] if sign < 0 else sides[p]
                cost += sign * state.cost[side, p]
                more_excess, more_tolls = shift_use(tables, state, p, side, sign)
                excess += more_excess
                tolls += more_tolls
    road, trips = 0, 0
    for i in range(2):
        v = change.vehicle[i]
        if v >= 0:
            road += change.driven[i] - state.driven[v]
            trips += change.count[i] - state.count[v]
    fees = TRIP_FEE * terms.temperature * trips
    worse = cost + tolls + tables.driven_cost * road + fees + terms.excess_price * excess
    if worse <= 0 or np.random.random() < np.exp(-worse / terms.temperature):
        _keep(state, change, sides)
        state.total[0] += cost
        state.total[1] += road
        state.total[2] += excess
        return True

    for p in range(places):
        if touched[p]:
            count_use(state, p, sides[p], -1)
            count_use(state, p, state.side[p], 1)
    _unlist_change(state, change, touched)
    _list_present(state, change, touched)
    if call >= 0:
        state.open[call] = was_open
    return False


@njit(cache=True, nogil=True)
def _follow(tables: Tables, state: State, change: Change) -> bool:
    """Time the new chains; says whether the vehicles can make them."""
    leave = np.zeros(MOST_TRIPS, np.int64)
    for i in range(2):
        v = change.vehicle[i]
        if v < 0:
            continue
        change.driven[i] = follow_chain(
            tables, state.type[v], state.depot[v], state.available[v],
            change.count[i], change.place[i], change.option[i], change.target[i], change.depart[i], leave,
        )  # fmt: skip
        if change.driven[i] < 0:
            return False
    return True


@njit(cache=True, nogil=True)
def _mark(state: State, change: Change, touched: Bools) -> bool:
    """Mark the places whose departures change; says whether their lists have room for the new ones."""
    for i in range(2):
        v = change.vehicle[i]
        if v < 0:
            continue
        count, place, option, depart = change.count[i], change.place[i], change.option[i], change.depart[i]
        for a in range(state.count[v]):
            p, o, t = state.place[v, a], state.option[v, a], state.depart[v, a]
            if not _has_trip(p, o, t, count, place, option, depart):
                touched[p] = True
        for b in range(count):
            p, o, t = place[b], option[b], depart[b]
            if not _has_trip(p, o, t, state.count[v], state.place[v], state.option[v], state.depart[v]):
                touched[p] = True
                if state.bus_count[p] + count >= MOST_DEPARTURES:
                    return False
    return True


@njit(cache=True, nogil=True)
def _has_trip(p: int, o: int, t: int, count: int, place: Ints, option: Ints, depart: Ints) -> bool:
    for i in range(count):  # noqa: SIM110 - kernels know no generators
        if place[i] == p and option[i] == o and depart[i] == t:
            return True
    return False


@njit(cache=True, nogil=True)
def _list_present(state: State, change: Change, touched: Bools) -> None:
    for v in change.vehicle:
        if v >= 0:
            for a in range(state.count[v]):
                if touched[state.place[v, a]]:
                    list_bus(state, state.place[v, a], state.depart[v, a], v, state.option[v, a])


@njit(cache=True, nogil=True)
def _unlist_present(state: State, change: Change, touched: Bools) -> None:
    for v in change.vehicle:
        if v >= 0:
            for a in range(state.count[v]):
                if touched[state.place[v, a]]:
                    unlist_bus(state, state.place[v, a], state.depart[v, a], v)


@njit(cache=True, nogil=True)
def _list_change(state: State, change: Change, touched: Bools) -> None:
    for i in range(2):
        v = change.vehicle[i]
        if v >= 0:
            for b in range(change.count[i]):
                p = change.place[i, b]
                if touched[p]:
                    list_bus(state, p, change.depart[i, b], v, change.option[i, b])


@njit(cache=True, nogil=True)
def _unlist_change(state: State, change: Change, touched: Bools) -> None:
    for i in range(2):
        v = change.vehicle[i]
        if v >= 0:
            for b in range(change.count[i]):
                if touched[change.place[i, b]]:
                    unlist_bus(state, change.place[i, b], change.depart[i, b], v)


@njit(cache=True, nogil=True)
def _play_touched(tables: Tables, state: State, touched: Bools, sides: Ints) -> None:
    """Play the touched places on their other sides, then the hubs that they send people to, now or before."""
    places = len(sides)
    for p in range(places):
        if touched[p]:
            sides[p] = 1 - state.side[p]
            play_place(tables, state, p, sides, sides[p])
    for h in tables.hubs:
        concerned = touched[h]
        for p in range(places):
            if touched[p] and not concerned:
                concerned = _sends(state, state.side[p], p, h) or _sends(state, sides[p], p, h)
        if concerned:
            touched[h] = True
            sides[h] = 1 - state.side[h]
            play_place(tables, state, h, sides, sides[h])


@njit(cache=True, nogil=True)
def _sends(state: State, side: int, p: int, h: int) -> bool:
    for i in range(state.changes[side, p]):  # noqa: SIM110 - kernels know no generators
        if state.change_hub[side, p, i] == h:
            return True
    return False


@njit(cache=True, nogil=True)
def _keep(state: State, change: Change, sides: Ints) -> None:
    for p in range(len(sides)):
        state.side[p] = sides[p]
    for i in range(2):
        v = change.vehicle[i]
        if v >= 0:
            state.count[v], state.driven[v] = change.count[i], change.driven[i]
            state.place[v], state.option[v] = change.place[i], change.option[i]
            state.target[v], state.depart[v] = change.target[i], change.depart[i]


@njit(cache=True, nogil=True)
def redirect_driver(
    tables: Tables, cars: CarWays, state: State, g: int, way: int, step: int, terms: Terms
) -> bool:
    """Try another way and step for a driver; returns whether it was kept."""
    now, then = state.way[g], state.step[g]
    cost = driver_cost(tables, cars, state, g, way, step) - driver_cost(tables, cars, state, g, now, then)
    less_excess, less_tolls = _shift_driver(tables, cars, state, g, now, then, -1)
    more_excess, more_tolls = _shift_driver(tables, cars, state, g, way, step, 1)
    excess = less_excess + more_excess
    worse = cost + (less_tolls + more_tolls) + terms.excess_price * excess
    if worse <= 0 or np.random.random() < np.exp(-worse / terms.temperature):
        state.way[g], state.step[g] = way, step
        state.total[2] += excess
        state.total[3] += cost
        return True
    _shift_driver(tables, cars, state, g, way, step, -1)
    _shift_driver(tables, cars, state, g, now, then, 1)
    return False


@njit(cache=True, nogil=True)
def _shift_driver(
    tables: Tables, cars: CarWays, state: State, g: int, way: int, step: int, sign: int
) -> tuple[int, float]:
    """Add or take away the use of a driver; returns the change of the excess and of the tolls."""
    excess, tolls = 0, 0.0
    if way >= 0:
        people = sign * state.driver_size[g]
        for row in way_rows(tables, cars, way, step):
            if row >= 0:
                excess -= max(0, state.use[row] - tables.limit[row])
                state.use[row] += people
                excess += max(0, state.use[row] - tables.limit[row])
                tolls += people * state.toll[row]
    return excess, tolls
