"""Moves of the search: changes of chains, seats and drivers, steered by the bound where it has spoken."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from overland.plan.chains import next_trip
from overland.plan.change import Change
from overland.plan.draws import (
    random_departure,
    random_place,
    random_target,
    stands,
    waiting_place,
)
from overland.plan.kernels import inner_kernel, subkernel
from overland.plan.state import MOST_TRIPS, State
from overland.plan.tables import Tables

Ints = NDArray[np.int64]

LATE = 6.0  # what a step of delay counts for against a road step when a gap is chosen
LATEST = 24  # steps of delay beyond which a gap is not considered
GUIDED = 0.03  # part of the moves of chains that look for the chain that a trip fits best
SEAT_STEP = 10  # seats of a service are opened and closed in tens


@subkernel
def propose(tables: Tables, state: State, change: Change) -> bool:
    """Draw a change of seats or chains, into ``change``; says whether there is one to try."""
    change.vehicle[:] = -1
    change.call[:] = -1
    vehicles, calls = len(state.count), len(tables.call_step)
    draw = np.random.random()
    if len(state.side) == 0:
        return False  # a re-plan when everybody is gone has no places
    if vehicles == 0 or (calls > 0 and draw < 0.08):
        return calls > 0 and _open_seats(tables, state, change)
    if np.random.random() < GUIDED:
        return _guided_insertion(tables, state, change)
    v = np.random.randint(vehicles)
    copy_chain(state, v, 0, change)
    if change.count[0] == 0 or draw < 0.22:
        return _random_insertion(tables, state, change)
    i = np.random.randint(change.count[0])
    if draw < 0.30:
        _remove(change, 0, i)
        return True
    if draw < 0.52:
        if np.random.random() < 0.3:
            change.target[0, i] = random_target(tables, change.place[0, i], state.depart[v, i])
        else:
            change.target[0, i] = max(0, state.depart[v, i] + np.random.randint(-6, 7))
        return True
    if draw < 0.78:
        return _another_way(tables, state, change, i, draw >= 0.66)
    second = np.random.randint(vehicles)
    if second == v or tables.type_make[state.type[second]] != tables.type_make[state.type[v]]:
        return False  # options belong to a make
    copy_chain(state, second, 1, change)
    return _give(change, i) if draw < 0.88 else _swap_tails(change, i)


@subkernel
def _open_seats(tables: Tables, state: State, change: Change) -> bool:
    call = np.random.randint(len(tables.call_step))
    most = tables.call_seats[call]
    if np.random.random() < 0.4:
        seats = most if state.open[call] == 0 else 0
    else:
        seats = state.open[call] + SEAT_STEP * np.random.randint(-3, 4)
    seats = max(0, min(most, seats))
    change.call[0], change.call[1] = call, seats
    return seats != state.open[call]


@subkernel
def _random_insertion(tables: Tables, state: State, change: Change) -> bool:
    v, n = change.vehicle[0], change.count[0]
    if n >= MOST_TRIPS - 1:
        return False
    at = np.random.randint(n + 1)
    p = random_place(state, stands(tables, state, v, at))
    o, t = random_departure(tables, state, p, state.type[v], 0 if at == 0 else state.depart[v, at - 1])
    if o >= 0:
        insert_trip(change, 0, at, p, o, t)
    return o >= 0


@subkernel
def _guided_insertion(tables: Tables, state: State, change: Change) -> bool:
    """Put a trip where people wait into the chain it fits best."""
    p = waiting_place(state)
    if p < 0:
        return False
    groups = tables.rider_first[p + 1] - tables.rider_first[p]
    some = state.type[np.random.randint(len(state.type))]
    o, t = random_departure(tables, state, p, some, 0)
    if o < 0:
        return False
    if tables.option_only[o] >= 0:
        t = tables.option_only[o]
    elif groups > 0 and np.random.random() < 0.7:
        t = tables.ready[tables.rider_first[p] + np.random.randint(groups)] + np.random.randint(4)
    elif t == 0 or np.random.random() < 0.2:
        t = np.random.randint(min(tables.horizon, 200))
    t = max(t, tables.first_bus[some, p])
    if t >= tables.horizon:
        return False
    v, at = best_gap(tables, state, p, o, t)
    if v >= 0:
        copy_chain(state, v, 0, change)
        for i in range(at, change.count[0]):  # what follows keeps its time if it can
            change.target[0, i] = state.depart[v, i]
        insert_trip(change, 0, at, p, o, t)
    return v >= 0


@subkernel
def best_gap(tables: Tables, state: State, p: int, o: int, target: int) -> tuple[int, int]:
    """The vehicle and the position in its chain where a trip fits with least delay and detour; -1 if none.

    The score of each is blurred, so that the search does not always meet the same answer.
    """
    best, chosen, where = np.inf, -1, -1
    m = 0
    while not tables.option_first[p, m] <= o < tables.option_first[p, m + 1]:
        m += 1
    back = max(target, int(tables.free[target, o]))
    for v in range(len(state.count)):
        y, n = state.type[v], state.count[v]
        if tables.type_make[y] != m or n >= MOST_TRIPS - 1:
            continue
        for i in range(n + 1):
            if i < n and state.depart[v, i] + LATEST < back:
                continue  # the next trip would be much too late
            now = state.freed[v, i - 1] if i > 0 else state.available[v]
            if now > target + LATEST:
                break
            blur = 0.5 + np.random.random()
            score = blur * _delay_in_gap(tables, state, v, i, now, p, o, target, best / blur)
            if score < best:
                best, chosen, where = score, v, i
    return chosen, where


@inner_kernel
def _delay_in_gap(
    tables: Tables, state: State, v: int, i: int, now: int, p: int, o: int, target: int, most: float
) -> float:
    """Delays and road steps if a vehicle, free at a step, makes a trip before its trip ``i``.

    Infinite if it does not fit, or if they are certainly ``most`` at least.
    """
    y, at = state.type[v], stands(tables, state, v, i)
    f, driven = tables.type_profile[y], state.since_rest[v, i - 1] if i > 0 else state.driven_before[v]
    began = state.began[v, i - 1] if i > 0 else state.began_before[v]
    leave = max(now, tables.now)
    sure = 0.0  # what the score is at least
    if at != p:
        empty = int(state.quickest[f, at, p])
        late = leave + empty + tables.loading - target
        sure = empty + LATE * max(0, late)
        if late > LATEST or sure >= most:
            return np.inf
    if i < state.count[v]:
        there, following = tables.option_station[o], state.place[v, i]
        empty = 0 if there == following else int(state.quickest[f, there, following])
        late = int(tables.free[target, o]) + empty + tables.loading - state.depart[v, i]
        if sure + LATE * max(0, late) >= most:
            return np.inf
    depart, _, road, since, duty = next_trip(tables, y, now, at, driven, began, p, o, target)
    if depart >= min(target + LATEST, tables.horizon):  # at the horizon: it does not fit at all
        return np.inf
    delay = depart - target
    if i < state.count[v]:
        then, _, _, _, _ = next_trip(
            tables, y, int(tables.free[depart, o]), tables.option_station[o], since, duty,
            state.place[v, i], state.option[v, i], state.depart[v, i],
        )  # fmt: skip
        delay += then - state.depart[v, i]
    return LATE * delay + road


@subkernel
def _another_way(tables: Tables, state: State, change: Change, i: int, elsewhere: bool) -> bool:
    """Send a trip another way, from its place or from another one."""
    v = change.vehicle[0]
    if elsewhere:
        change.place[0, i] = random_place(state, stands(tables, state, v, i))
    o, t = random_departure(tables, state, change.place[0, i], state.type[v], state.depart[v, i])
    if o < 0:
        return False
    change.option[0, i] = o
    if np.random.random() < 0.7:
        change.target[0, i] = t
    return True


@subkernel
def _give(change: Change, i: int) -> bool:
    """Give a trip of the first vehicle to the second."""
    if change.count[1] >= MOST_TRIPS - 1:
        return False
    at = np.random.randint(change.count[1] + 1)
    insert_trip(change, 1, at, change.place[0, i], change.option[0, i], change.target[0, i])
    _remove(change, 0, i)
    return True


@subkernel
def _swap_tails(change: Change, i: int) -> bool:
    """Swap what the first vehicle does from a trip on with what the second does from some trip on."""
    j = np.random.randint(change.count[1] + 1)
    tail0, tail1 = change.count[0] - i, change.count[1] - j
    if i + tail1 >= MOST_TRIPS or j + tail0 >= MOST_TRIPS:
        return False
    for k in range(max(tail0, tail1)):
        a, b = i + k, j + k
        if a < MOST_TRIPS and b < MOST_TRIPS:
            for chain in (change.place, change.option, change.target):
                chain[0, a], chain[1, b] = chain[1, b], chain[0, a]
    change.count[0], change.count[1] = i + tail1, j + tail0
    return True


@subkernel
def copy_chain(state: State, v: int, i: int, change: Change) -> None:
    """Begin a change of a vehicle with its trips as they are."""
    change.vehicle[i], change.count[i] = v, state.count[v]
    for a in range(state.count[v]):
        change.place[i, a], change.option[i, a] = state.place[v, a], state.option[v, a]
        change.target[i, a] = state.target[v, a]


@subkernel
def insert_trip(change: Change, i: int, at: int, p: int, o: int, t: int) -> None:
    """Put a trip into the chain of a changed vehicle."""
    for chain in (change.place, change.option, change.target):
        for j in range(change.count[i], at, -1):
            chain[i, j] = chain[i, j - 1]
    change.place[i, at], change.option[i, at], change.target[i, at] = p, o, t
    change.count[i] += 1


@subkernel
def _remove(change: Change, i: int, at: int) -> None:
    for chain in (change.place, change.option, change.target):
        for j in range(at, change.count[i] - 1):
            chain[i, j] = chain[i, j + 1]
    change.count[i] -= 1
