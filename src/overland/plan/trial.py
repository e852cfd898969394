"""Try a change of the plan: play the places it touches through again, then keep it or undo it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from overland.plan.boarding import board, hub_number
from overland.plan.cars import CarWays, way_rows
from overland.plan.chains import time_trips
from overland.plan.kernels import inner_kernel, kernel
from overland.plan.linetrips import SETTLING, note_dirty, seat_line, seat_lines
from overland.plan.play import count_use, driver_cost, list_bus, shared_entries, shift_use, unlist_bus
from overland.plan.state import MOST_DEPARTURES, MOST_TRIPS, State
from overland.plan.tables import Tables

Ints = NDArray[np.int64]


class Change(NamedTuple):
    """New chains of up to two vehicles and, or, new seats on a service call; written again for each move."""

    vehicle: Ints  # (2,) -1: none
    count: Ints  # type: ignore[assignment]  # (2,); hides tuple.count
    place: Ints  # (2, MOST_TRIPS)
    option: Ints
    target: Ints
    depart: Ints  # this and the following as in the state: they follow from the targets
    road: Ints
    freed: Ints
    since_rest: Ints
    began: Ints
    driven: Ints  # (2,)
    begin: Ints  # (2,) trips at the beginning of the chain that stay as they are
    after: Ints  # (2,) trips at its end that still leave when they did
    call: Ints  # (2,) service call (-1: none), and the seats to open on it


class Terms(NamedTuple):
    """On what terms a change is kept."""

    temperature: float
    excess_price: float  # of one person above a shared limit
    idle_fee: float  # of one more trip with nobody aboard, in the search only: keeps them out of the chains


def no_change() -> Change:
    """A change that changes nothing yet."""

    def trips() -> Ints:
        return np.zeros((2, MOST_TRIPS), dtype=np.int64)

    def pair(value: int) -> Ints:
        return np.full(2, value, dtype=np.int64)

    return Change(
        vehicle=pair(-1),
        count=pair(0),
        place=trips(),
        option=trips(),
        target=trips(),
        depart=trips(),
        road=trips(),
        freed=trips(),
        since_rest=trips(),
        began=trips(),
        driven=pair(0),
        begin=pair(0),
        after=pair(0),
        call=pair(-1),
    )


@kernel
def attempt(tables: Tables, state: State, change: Change, terms: Terms) -> bool:
    """Try a change; keep it or undo it. Returns whether it was kept."""
    if not _follow(tables, state, change):
        return False
    call, seats, was_open = change.call[0], change.call[1], 0
    if call >= 0:
        was_open = state.open[call]
        state.open[call] = seats
    touched = _play_touched(tables, state, _mark(tables, state, change))
    is_settled = True
    if len(tables.line_place) > 0:
        touched, is_settled = _settle_lines(tables, state, change, touched)

    scratch = state.scratch
    cost, excess, tolls, idle, road = 0.0, 0, 0.0, 0, 0
    for i in range(touched):
        p = scratch.place[i]
        now, then = state.side[p], scratch.side[p]
        cost += state.cost[then, p] - state.cost[now, p]
        idle += state.idle[then, p] - state.idle[now, p]
        scratch.same[p], scratch.alike[p] = shared_entries(state, p)
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
    if is_settled and (worse <= 0 or np.random.random() < np.exp(-worse / terms.temperature)):
        _keep(state, change, touched)
        state.total[0] += cost
        state.total[1] += road
        state.total[2] += excess
        return True

    for i in range(touched):
        p = scratch.place[i]
        for side, sign in ((scratch.side[p], -1), (state.side[p], 1)):
            count_use(state, p, side, scratch.same[p], state.uses[side, p] - scratch.alike[p], sign)
    _list(tables, state, change, -1)
    _list_present(tables, state, change, 1)
    if call >= 0:
        state.open[call] = was_open
    if len(tables.line_place) > 0:
        seat_lines(tables, state, state.side)
    return False


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
    _list_present(tables, state, change, -1)
    _list(tables, state, change, 1)
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


@kernel
def _settle_lines(tables: Tables, state: State, change: Change, touched: int) -> tuple[int, bool]:
    """Seat the trips of lines as the change leaves them, and play places again, until nothing changes.

    Returns how many places are touched, and whether that came to an end.
    """
    for _ in range(SETTLING):
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
        if dirty == 0:
            return touched, True
        for i in range(dirty):
            touched = _touch(state, state.scratch.dirty[i], touched)
        touched = _play_touched(tables, state, touched)
    return touched, False


@kernel
def _list_present(tables: Tables, state: State, change: Change, sign: int) -> None:
    """Put the trips that a change does away with in the lists of departures (1), or take them out (-1)."""
    for i in range(2):
        v = change.vehicle[i]
        if v >= 0:
            for a in range(change.begin[i], state.count[v] - change.after[i]):
                if sign > 0:
                    list_bus(tables, state, state.place[v, a], state.depart[v, a], v, state.option[v, a])
                else:
                    unlist_bus(tables, state, state.place[v, a], state.depart[v, a], v, state.option[v, a])


@kernel
def _list(tables: Tables, state: State, change: Change, sign: int) -> None:
    """Put the new trips of a change in the lists of departures (1), or take them out (-1)."""
    for i in range(2):
        v = change.vehicle[i]
        if v >= 0:
            for b in range(change.begin[i], change.count[i] - change.after[i]):
                if sign > 0:
                    list_bus(tables, state, change.place[i, b], change.depart[i, b], v, change.option[i, b])
                else:
                    unlist_bus(tables, state, change.place[i, b], change.depart[i, b], v, change.option[i, b])


@inner_kernel
def _play_touched(tables: Tables, state: State, touched: int) -> int:
    """Play the touched places on their other sides, hubs last; returns how many places are touched then.

    A hub is touched, too, if others come to change there than before.
    """
    scratch, direct = state.scratch, touched
    for i in range(touched):
        p = scratch.place[i]
        if hub_number(tables, p) < 0:
            scratch.side[p] = 1 - state.side[p]
            board(tables, state, p, scratch.side, scratch.side[p])
    for j in range(len(tables.hubs)):
        h = tables.hubs[j]
        for i in range(direct):
            if not scratch.touched[h] and not _sends_alike(state, scratch.place[i], j):
                touched = _touch(state, h, touched)
        if scratch.touched[h]:
            scratch.side[h] = 1 - state.side[h]
            board(tables, state, h, scratch.side, scratch.side[h])
    return touched


@inner_kernel
def _sends_alike(state: State, p: int, hub: int) -> bool:
    """Whether a place sends the same groups to a hub at the same steps on both of its sides."""
    n = state.changes[0, p, hub]
    if n != state.changes[1, p, hub]:
        return False
    for i in range(n):
        if (
            state.change_group[0, p, hub, i] != state.change_group[1, p, hub, i]
            or state.change_step[0, p, hub, i] != state.change_step[1, p, hub, i]
        ):
            return False
    return True


@inner_kernel
def _keep(state: State, change: Change, touched: int) -> None:
    for i in range(touched):
        p = state.scratch.place[i]
        state.side[p] = state.scratch.side[p]
    for i in range(2):
        v = change.vehicle[i]
        if v >= 0:
            state.count[v], state.driven[v] = change.count[i], change.driven[i]
            for a in range(change.begin[i], change.count[i]):
                state.place[v, a], state.option[v, a] = change.place[i, a], change.option[i, a]
                state.target[v, a], state.depart[v, a] = change.target[i, a], change.depart[i, a]
                state.road[v, a], state.freed[v, a] = change.road[i, a], change.freed[i, a]
                state.since_rest[v, a], state.began[v, a] = change.since_rest[i, a], change.began[i, a]


@kernel
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


@kernel
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
