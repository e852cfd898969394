"""Try a change of the plan: play the places it touches through again, then keep it or undo it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from overland.plan.arrivals import count_crowd, gather_arrivals, sends_otherwise
from overland.plan.boarding import take_boardings
from overland.plan.chains import time_trips
from overland.plan.change import Change, Terms
from overland.plan.journal import board
from overland.plan.kernels import inner_kernel, subkernel
from overland.plan.linetrips import SETTLING, note_dirty, seat_line, seat_lines
from overland.plan.play import count_use, list_bus, shift_use, unlist_bus
from overland.plan.state import MOST_DEPARTURES, State
from overland.plan.tables import Tables
from overland.plan.waiting import hub_number

Ints = NDArray[np.int64]

HOPELESS = 15.0  # temperatures by which a change may be worse before all of it is played, to be given up
HOPE = 1.0  # part of the cost of waiting at a place that is hoped to be saved, at most
LEAVES_HOPE = 1e6  # the same of one person left there


@subkernel
def attempt(tables: Tables, state: State, change: Change, terms: Terms) -> bool:
    """Try a change; keep it or undo it. Returns whether it was kept."""
    if not _follow(tables, state, change):
        return False
    call, seats, was_open = change.call[0], change.call[1], 0
    if call >= 0:
        was_open = state.open[call]
        state.open[call] = seats
    hopeless = HOPELESS * terms.temperature + terms.excess_price * state.total[2]
    touched = _mark(tables, state, change)
    is_settled = False
    for _ in range(SETTLING):
        touched = _play_touched(tables, state, touched, hopeless)
        if touched < 0:
            break
        dirty = _seat_lines(tables, state, change) if len(tables.line_place) > 0 else 0
        if dirty == 0:
            is_settled = True
            break
        for i in range(dirty):
            touched = _touch(state, state.scratch.dirty[i], touched)
    if not is_settled:
        _undo(tables, state, change, was_open)
        return False

    scratch = state.scratch
    cost, excess, tolls, idle, road = 0.0, 0, 0.0, 0, 0
    for i in range(touched):
        p = scratch.place[i]
        now, then = state.side[p], scratch.side[p]
        if now == then:
            continue
        cost += state.cost[then, p] - state.cost[now, p]
        idle += state.idle[then, p] - state.idle[now, p]
        for side, sign in ((now, -1), (then, 1)):
            end = state.uses[side, p] - scratch.alike[p]
            more_excess, more_tolls = shift_use(tables, state, p, side, scratch.same[p], end, sign)
            excess += more_excess + sign * state.breach[side, p]
            tolls += more_tolls
    for i in range(2):
        v = change.vehicle[i]
        if v >= 0:
            road += change.driven[i] - state.driven[v]
    worse = cost + tolls + tables.driven_cost * road + terms.idle_fee * idle + terms.excess_price * excess
    if worse <= 0 or np.random.random() < np.exp(-worse / terms.temperature):
        _keep(tables, state, change, touched)
        state.total[0] += cost
        state.total[1] += road
        state.total[2] += excess
        return True

    for i in range(touched):
        p = scratch.place[i]
        if scratch.side[p] == state.side[p]:
            continue
        for side, sign in ((scratch.side[p], -1), (state.side[p], 1)):
            count_use(state, p, side, scratch.same[p], state.uses[side, p] - scratch.alike[p], sign)
    _undo(tables, state, change, was_open)
    return False


@inner_kernel
def _undo(tables: Tables, state: State, change: Change, was_open: int) -> None:
    """Put the lists of departures and the seats of services back as they were."""
    _relist(tables, state, change, False)
    if change.call[0] >= 0:
        state.open[change.call[0]] = was_open
    if len(tables.line_place) > 0:
        seat_lines(tables, state, state.side)


@inner_kernel
def _follow(tables: Tables, state: State, change: Change) -> bool:
    """Time the new chains; says whether the vehicles can make them and the places have room for the buses."""
    for i in range(2):
        v = change.vehicle[i]
        if v < 0:
            continue
        n, m, a = change.count[i], state.count[v], 0
        while (
            a < min(n, m)
            and change.place[i, a] == state.place[v, a]
            and change.option[i, a] == state.option[v, a]
            and change.target[i, a] == state.target[v, a]
        ):
            change.depart[i, a], change.road[i, a] = state.depart[v, a], state.road[v, a]
            change.freed[i, a], change.since_rest[i, a] = state.freed[v, a], state.since_rest[v, a]
            change.began[i, a] = state.began[v, a]
            a += 1
        change.begin[i], change.after[i] = a, 0
        if not time_trips(
            tables, state.type[v], state.depot[v], state.available[v], state.driven_before[v],
            state.began_before[v], a, n, change.place[i], change.option[i], change.target[i],
            change.depart[i], change.road[i], change.freed[i], change.since_rest[i], change.began[i],
        ):  # fmt: skip
            return False
        change.driven[i] = 0
        for b in range(n):
            change.driven[i] += change.road[i, b]
            if b >= a and not _has_room(tables, state, change.place[i, b], change.option[i, b], n):
                return False
        while a < min(n, m) and _leaves_as_before(state, change, i, n - 1, m - 1):
            n, m = n - 1, m - 1
            change.after[i] += 1
    return True


@inner_kernel
def _has_room(tables: Tables, state: State, p: int, o: int, trips: int) -> bool:
    """Whether the lists of departures take so many trips more, of which one goes by an option."""
    line = tables.option_line[o]
    if line < 0:
        return state.bus_count[p] + trips < MOST_DEPARTURES
    rides = tables.ride_first[line + 1] - tables.ride_first[line]
    for r in range(tables.ride_first[line], tables.ride_first[line + 1]):
        if state.bus_count[tables.ride_place[r]] + trips * rides >= MOST_DEPARTURES:
            return False
    return True


@inner_kernel
def _leaves_as_before(state: State, change: Change, i: int, new: int, old: int) -> bool:
    v = change.vehicle[i]
    return (
        change.place[i, new] == state.place[v, old]
        and change.option[i, new] == state.option[v, old]
        and change.depart[i, new] == state.depart[v, old]
    )


@inner_kernel
def _mark(tables: Tables, state: State, change: Change) -> int:
    """Put the changed trips in the lists of departures; note the places concerned, and return how many."""
    scratch, touched = state.scratch, 0
    for p in range(len(state.side)):
        scratch.touched[p] = 0
        scratch.side[p] = state.side[p]
    call = change.call[0]
    if call >= 0:
        p = 0
        while tables.call_first[p + 1] <= call:
            p += 1
        touched = _touch(state, p, touched)
    for i in range(2):
        v = change.vehicle[i]
        if v >= 0:
            for a in range(change.begin[i], state.count[v] - change.after[i]):
                touched = _touch_trip(tables, state, state.place[v, a], state.option[v, a], touched)
            for b in range(change.begin[i], change.count[i] - change.after[i]):
                touched = _touch_trip(tables, state, change.place[i, b], change.option[i, b], touched)
    _relist(tables, state, change, True)
    return touched


@inner_kernel
def _touch(state: State, p: int, touched: int) -> int:
    if state.scratch.touched[p]:
        return touched
    state.scratch.touched[p] = 1
    state.scratch.place[touched] = p
    return touched + 1


@inner_kernel
def _touch_trip(tables: Tables, state: State, p: int, o: int, touched: int) -> int:
    """Note the place of a trip, or all places where people get on a trip of a line."""
    line = tables.option_line[o]
    if line < 0:
        return _touch(state, p, touched)
    for r in range(tables.ride_first[line], tables.ride_first[line + 1]):
        touched = _touch(state, tables.ride_place[r], touched)
    return touched


@subkernel
def _seat_lines(tables: Tables, state: State, change: Change) -> int:
    """Seat the trips of lines as the change leaves them; return in how many places seats have changed."""
    dirty = 0
    for v in range(len(state.count)):
        k = 0 if v == change.vehicle[0] else 1 if v == change.vehicle[1] else -1
        for i in range(state.count[v] if k < 0 else change.count[k]):
            line = tables.option_line[state.option[v, i] if k < 0 else change.option[k, i]]
            if line >= 0:
                step = state.depart[v, i] if k < 0 else change.depart[k, i]
                p = seat_line(tables, state, v, step, line, state.scratch.side)
                if p >= 0:
                    dirty = note_dirty(state, p, dirty)
    return dirty


@subkernel
def _relist(tables: Tables, state: State, change: Change, to_new: bool) -> None:
    """Put the new trips of a change into the lists of departures instead of the present ones, or back."""
    for enters in (False, True):
        is_new = enters == to_new
        for i in range(2):
            v = change.vehicle[i]
            if v < 0:
                continue
            count = change.count[i] if is_new else state.count[v]
            for a in range(change.begin[i], count - change.after[i]):
                p = change.place[i, a] if is_new else state.place[v, a]
                o = change.option[i, a] if is_new else state.option[v, a]
                step = change.depart[i, a] if is_new else state.depart[v, a]
                if enters:
                    list_bus(tables, state, p, step, v, o)
                else:
                    unlist_bus(tables, state, p, step, v, o)


@inner_kernel
def _play_touched(tables: Tables, state: State, touched: int, hopeless: float) -> int:
    """Play the touched places on their other sides, hubs last; returns how many places are touched then.

    A hub is touched, too, if others come to change there than before. Returns -1 as soon as the places played
    have become dearer by ``hopeless`` more than those not yet played can be hoped to become cheaper: hubs by
    nothing, other places by what waiting there costs.
    """
    scratch, direct, boarded, worse, hope = state.scratch, touched, 0, 0.0, 0.0
    for i in range(touched):
        p = scratch.place[i]
        if hub_number(tables, p) < 0:
            hope += _hope(state, p)
    for i in range(touched):
        p = scratch.place[i]
        if hub_number(tables, p) < 0:
            now, side = state.side[p], 1 - state.side[p]
            hope -= _hope(state, p)
            scratch.boarded_first[p] = scratch.boarded_last[p] = boarded
            scratch.side[p] = now
            if board(tables, state, p, scratch.side, side):
                scratch.side[p] = side
                boarded = scratch.boarded_last[p]
                worse += state.cost[side, p] - state.cost[now, p]
                if worse > hopeless + hope:
                    return -1
    for j in range(len(tables.hubs)):
        h = tables.hubs[j]
        for i in range(direct):
            q = scratch.place[i]
            if not scratch.touched[h] and scratch.side[q] != state.side[q] and sends_otherwise(state, q, j):
                touched = _touch(state, h, touched)
        if scratch.touched[h]:
            side = 1 - state.side[h]
            scratch.boarded_first[h] = scratch.boarded_last[h] = boarded
            scratch.side[h] = state.side[h]
            if board(tables, state, h, scratch.side, side):
                scratch.side[h] = side
                boarded = scratch.boarded_last[h]
    return touched


@inner_kernel
def _hope(state: State, p: int) -> float:
    return HOPE * state.waited[state.side[p], p] + LEAVES_HOPE * state.left[state.side[p], p]


@inner_kernel
def _keep(tables: Tables, state: State, change: Change, touched: int) -> None:
    scratch = state.scratch
    for i in range(touched):
        p = scratch.place[i]
        if scratch.side[p] != state.side[p]:
            state.side[p] = scratch.side[p]
            take_boardings(tables, state, p)
    for i in range(touched):
        hub = hub_number(tables, scratch.place[i])
        if hub >= 0:
            gather_arrivals(tables, state, hub)
            count_crowd(tables, state, hub)
    for i in range(2):
        v = change.vehicle[i]
        if v >= 0:
            state.count[v], state.driven[v] = change.count[i], change.driven[i]
            for a in range(change.begin[i], change.count[i]):
                state.place[v, a], state.option[v, a] = change.place[i, a], change.option[i, a]
                state.target[v, a], state.depart[v, a] = change.target[i, a], change.depart[i, a]
                state.road[v, a], state.freed[v, a] = change.road[i, a], change.freed[i, a]
                state.since_rest[v, a], state.began[v, a] = change.since_rest[i, a], change.began[i, a]
