"""Trips of lines in the state of the search: their rides in the lists of departures, and who fills them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from overland.plan.kernels import inner_kernel, subkernel
from overland.plan.state import (
    BUS_HEAD,
    BUS_OPTION,
    BUS_REST,
    BUS_RIDE,
    BUS_SAFE,
    BUS_SEATS,
    BUS_STEP,
    BUS_VEHICLE,
    State,
)
from overland.plan.tables import Tables

Ints = NDArray[np.int64]

SETTLING = 100  # times that places are played again, at most, until the seats of lines are settled


@inner_kernel
def enter_bus(
    tables: Tables,
    state: State,
    p: int,
    step: int,
    head: int,
    v: int,
    o: int,
    ride: int,
    rest: int,
    seats: int,
) -> None:
    """Put a bus, or a ride on a trip of a line, in its place among the departures."""
    bus, i = state.bus[p], state.bus_count[p]
    while i > 0 and (
        bus[i - 1, BUS_STEP],
        bus[i - 1, BUS_HEAD],
        bus[i - 1, BUS_VEHICLE],
        bus[i - 1, BUS_RIDE],
    ) > (step, head, v, ride):
        for column in range(bus.shape[1]):
            bus[i, column] = bus[i - 1, column]
        i -= 1
    bus[i, BUS_STEP], bus[i, BUS_VEHICLE], bus[i, BUS_OPTION] = step, v, o
    bus[i, BUS_SAFE], bus[i, BUS_SEATS] = tables.safe[step, o], seats
    bus[i, BUS_HEAD], bus[i, BUS_RIDE], bus[i, BUS_REST] = head, ride, rest
    state.bus_count[p] += 1


@inner_kernel
def remove_bus(state: State, p: int, i: int) -> None:
    """Take an entry out of the departures of a place."""
    bus, last = state.bus[p], state.bus_count[p] - 1
    for j in range(i, last):
        for column in range(bus.shape[1]):
            bus[j, column] = bus[j + 1, column]
    state.bus_count[p] = last


@subkernel
def list_line(tables: Tables, state: State, step: int, v: int, line: int) -> None:
    """Add the rides of a trip of a line, by a variant of it, to the departures of their places.

    The filling ride is given what the caps leave at least; :func:`seat_line` gives it the rest.
    """
    first, last = tables.ride_first[line], tables.ride_first[line + 1] - 1
    left = tables.type_seats[state.type[v]]
    for r in range(first, last + 1):
        cap = int(abs(tables.ride_part[r]) * tables.type_seats[state.type[v]])
        leave, o = tables.ride_leaves[step, r], tables.ride_option[r]
        if leave < 0 or tables.safe[leave, o] < 0 or cap == 0:
            continue
        seats = min(left if r == last else cap, tables.room[leave, o])
        ride = 2 * (r - first) + int(r == last)
        enter_bus(tables, state, tables.ride_place[r], leave, step, v, o, ride, tables.ride_rest[r], seats)


@subkernel
def unlist_line(tables: Tables, state: State, step: int, v: int, line: int) -> None:
    """Take the rides of a trip of a line out of the departures."""
    first, last = tables.ride_first[line], tables.ride_first[line + 1] - 1
    for r in range(first, last + 1):
        leave = tables.ride_leaves[step, r]
        if leave >= 0:
            i = find_ride(state, tables.ride_place[r], leave, v, 2 * (r - first) + int(r == last))
            if i >= 0:
                remove_bus(state, tables.ride_place[r], i)


@inner_kernel
def find_ride(state: State, p: int, step: int, v: int, ride: int) -> int:
    """Position of an entry among the departures of a place; -1 if it is not there."""
    bus, low, high = state.bus[p], 0, state.bus_count[p]
    while low < high:
        middle = (low + high) // 2
        if bus[middle, BUS_STEP] < step:
            low = middle + 1
        else:
            high = middle
    while low < state.bus_count[p] and bus[low, BUS_STEP] == step:
        if bus[low, BUS_VEHICLE] == v and bus[low, BUS_RIDE] == ride:
            return low
        low += 1
    return -1


@subkernel
def seat_line(tables: Tables, state: State, v: int, step: int, line: int, sides: Ints) -> int:
    """Give the filling ride of a trip of a line what the people on its other rides leave.

    Returns
    -------
    int
        The place of that ride if its seats have changed; else -1.
    """
    first, last = tables.ride_first[line], tables.ride_first[line + 1] - 1
    p, leave, o = tables.ride_place[last], tables.ride_leaves[step, last], tables.ride_option[last]
    filling = -1 if leave < 0 else find_ride(state, p, leave, v, 2 * (last - first) + 1)
    if filling < 0:
        return -1
    seats = tables.type_seats[state.type[v]]
    for r in range(first, last):
        q, leaves = tables.ride_place[r], tables.ride_leaves[step, r]
        i = -1 if leaves < 0 else find_ride(state, q, leaves, v, 2 * (r - first))
        if i >= 0:
            seats -= state.aboard[sides[q], q, i]
    seats = min(seats, tables.room[leave, o])
    if state.bus[p, filling, BUS_SEATS] == seats:
        return -1
    state.bus[p, filling, BUS_SEATS] = seats
    return p


@subkernel
def seat_lines(tables: Tables, state: State, sides: Ints) -> int:
    """Do :func:`seat_line` for every trip of a line; return in how many places seats have changed.

    They are noted in ``scratch.dirty``.
    """
    changed = 0
    for v in range(len(state.count)):
        for i in range(state.count[v]):
            line = tables.option_line[state.option[v, i]]
            if line >= 0:
                p = seat_line(tables, state, v, state.depart[v, i], line, sides)
                if p >= 0:
                    changed = note_dirty(state, p, changed)
    return changed


@inner_kernel
def note_dirty(state: State, p: int, known: int) -> int:
    """Note a place once; returns how many are known."""
    for i in range(known):
        if state.scratch.dirty[i] == p:
            return known
    state.scratch.dirty[known] = p
    return known + 1
