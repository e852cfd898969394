"""Search for a good plan: simulated annealing on the chains of trips of all vehicles.

A move changes the chain of one or two vehicles, or the seats opened on a service; the places it touches are played through
again by the loading rule (boarding.py). Shared limits may be exceeded on the way at a price; the best plan kept never does.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from overland.plan.boarding import board, members_of
from overland.plan.cars import CarWays, way_cost, way_rows
from overland.plan.chains import follow_chain, next_trip
from overland.plan.state import MOST_DEPARTURES, MOST_TRIPS, State
from overland.plan.tables import Tables

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

TRIP_FEE = 4.0  # times the temperature, in the search only: keeps empty trips out of the chains
LATE = 6.0  # what a step of delay counts for against a road step when a gap is chosen
LATEST = 24  # steps of delay beyond which a gap is not considered
SEAT_STEP = 10  # seats of a service are opened and closed in tens


@njit(cache=True, nogil=True)
def play_everything(tables: Tables, cars: CarWays, state: State, crowding: float) -> None:
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
            _list_bus(state, state.place[v, i], state.depart[v, i], v, state.option[v, i])
    for p in range(places):
        _play(tables, state, p, state.side, state.side[p], crowding)
    for h in tables.hubs:
        _play(tables, state, h, state.side, state.side[h], crowding)
    state.total[:] = 0.0
    state.use[:] = 0
    for g in range(len(state.way)):
        state.total[3] += _driver_cost(tables, cars, state, g, state.way[g], state.step[g])
        if state.way[g] >= 0:
            for row in way_rows(tables, cars, state.way[g], state.step[g]):
                if row >= 0:
                    state.use[row] += state.driver_size[g]
    for p in range(places):
        state.total[0] += state.cost[state.side[p], p]
        _count_use(state, p, state.side[p], 1)
    for v in range(len(state.count)):
        state.total[1] += state.driven[v]
    for row in range(len(tables.limit)):
        state.total[2] += max(0, state.use[row] - tables.limit[row])


@njit(cache=True, nogil=True)
def _play(tables: Tables, state: State, p: int, sides: Ints, side: int, crowding: float) -> None:
    group, since, able, transit = members_of(tables, state, p, sides)
    choice = np.empty(len(group), np.int64)
    board(tables, state, p, group, since, able, transit, side, crowding, choice)


@njit(cache=True, nogil=True)
def _count_use(state: State, p: int, side: int, sign: int) -> None:
    for i in range(state.uses[side, p]):
        state.use[state.use_row[side, p, i]] += sign * state.use_people[side, p, i]


@njit(cache=True, nogil=True)
def _shift_use(tables: Tables, state: State, p: int, side: int, sign: int) -> tuple[int, float]:
    """Add or take away the use of a place; returns the change of the excess over the limits and of the tolls."""
    excess, tolls = 0, 0.0
    for i in range(state.uses[side, p]):
        row = state.use_row[side, p, i]
        limit = tables.limit[row]
        excess -= max(0, state.use[row] - limit)
        state.use[row] += sign * state.use_people[side, p, i]
        tolls += sign * state.use_people[side, p, i] * state.toll[row]
        excess += max(0, state.use[row] - limit)
    return excess, tolls


@njit(cache=True, nogil=True)
def _driver_cost(tables: Tables, cars: CarWays, state: State, g: int, way: int, step: int) -> float:
    """Exposure of a driver, counted from its ready step."""
    h = cars.cohort_of[g]
    p, weight = cars.cohort_place[h], tables.weights[cars.cohort_rank[h]]
    since = cars.hazard[p, min(cars.cohort_ready[h], tables.horizon)]
    return state.driver_size[g] * weight * (way_cost(tables, cars, p, way, step) - since)


@njit(cache=True, nogil=True)
def _redirect_driver(
    tables: Tables, cars: CarWays, state: State, temperature: float, excess_price: float
) -> bool:
    """Try another way and step for a driver."""
    g = np.random.randint(len(state.way))
    h = cars.cohort_of[g]
    p = cars.cohort_place[h]
    ways = cars.first[p + 1] - cars.first[p]
    if ways == 0:
        return False
    hints = state.way_first[h + 1] - state.way_first[h]
    if hints > 0 and np.random.random() < 0.6:
        i = state.way_first[h] + np.random.randint(hints)
        w, t = state.way_hint[i], state.way_step[i]
    else:
        w = cars.first[p] + np.random.randint(ways)
        t = cars.cohort_ready[h] + int(-6.0 * np.log(1.0 - np.random.random()))
    if t >= tables.horizon or cars.safe[w, t] < 0 or not (cars.cohort_admits[h] >> cars.country[w]) & 1:
        return False
    cost = _driver_cost(tables, cars, state, g, w, t) - _driver_cost(
        tables, cars, state, g, state.way[g], state.step[g]
    )
    n, excess, tolls = state.driver_size[g], 0, 0.0
    for turn in range(2):
        way, step, sign = (state.way[g], state.step[g], -1) if turn == 0 else (w, t, 1)
        if way < 0:
            continue
        for row in way_rows(tables, cars, way, step):
            if row >= 0:
                excess -= max(0, state.use[row] - tables.limit[row])
                state.use[row] += sign * n
                excess += max(0, state.use[row] - tables.limit[row])
                tolls += sign * n * state.toll[row]
    worse = cost + tolls + excess_price * excess
    if worse <= 0 or np.random.random() < np.exp(-worse / temperature):
        state.way[g], state.step[g] = w, t
        state.total[2] += excess
        state.total[3] += cost
        return True
    for turn in range(2):
        way, step, sign = (state.way[g], state.step[g], 1) if turn == 0 else (w, t, -1)
        if way >= 0:
            for row in way_rows(tables, cars, way, step):
                if row >= 0:
                    state.use[row] += sign * n
    return False


@njit(cache=True, nogil=True)
def _list_bus(state: State, p: int, step: int, v: int, o: int) -> None:
    i = state.bus_count[p]
    state.bus_step[p, i], state.bus_vehicle[p, i], state.bus_option[p, i] = step, v, o
    state.bus_count[p] += 1


@njit(cache=True, nogil=True)
def _unlist_bus(state: State, p: int, step: int, v: int) -> None:
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


@njit(cache=True, nogil=True)
def attempt(
    tables: Tables,
    state: State,
    first: int,
    second: int,
    count: Ints,
    place: Ints,
    option: Ints,
    target: Ints,
    call: int,
    seats: int,
    temperature: float,
    excess_price: float,
    crowding: float,
) -> bool:
    """Try new chains of one or two vehicles and, or, new seats on a call; keep them or undo them.

    Parameters
    ----------
    first, second : int
        Vehicles; -1 for none.
    count : int64 (2,); place, option, target : int64 (2, MOST_TRIPS)
        Their new chains.
    call, seats : int
        Service call and the seats to open on it; -1 for none.

    Returns
    -------
    bool
        Whether the move was kept.
    """
    places = len(state.side)
    touched = np.zeros(places, np.bool_)
    depart = np.zeros((2, MOST_TRIPS), np.int64)
    leave = np.zeros(MOST_TRIPS, np.int64)
    driven = np.zeros(2, np.int64)
    vehicles = (first, second)
    for i in range(2):
        v = vehicles[i]
        if v < 0:
            continue
        driven[i] = follow_chain(
            tables, state.type[v], state.depot[v], state.available[v],
            count[i], place[i], option[i], target[i], depart[i], leave,
        )  # fmt: skip
        if driven[i] < 0:
            return False
    road, trips = 0, 0
    for i in range(2):
        v = vehicles[i]
        if v < 0:
            continue
        trips += count[i] - state.count[v]
        road += driven[i] - state.driven[v]
        for a in range(state.count[v]):
            if not _has_trip(
                state.place[v, a],
                state.option[v, a],
                state.depart[v, a],
                count[i],
                place[i],
                option[i],
                depart[i],
            ):
                touched[state.place[v, a]] = True
        for b in range(count[i]):
            old = _has_trip(
                place[i, b],
                option[i, b],
                depart[i, b],
                state.count[v],
                state.place[v],
                state.option[v],
                state.depart[v],
            )
            if not old:
                touched[place[i, b]] = True
                if state.bus_count[place[i, b]] + count[i] >= MOST_DEPARTURES:
                    return False
    was_open = 0
    if call >= 0:
        was_open = state.open[call]
        state.open[call] = seats
        p = np.searchsorted(tables.call_first, call, side="right") - 1
        touched[p] = True
    for i in range(2):
        v = vehicles[i]
        if v >= 0:
            for a in range(state.count[v]):
                if touched[state.place[v, a]]:
                    _unlist_bus(state, state.place[v, a], state.depart[v, a], v)
    for i in range(2):
        v = vehicles[i]
        if v >= 0:
            for b in range(count[i]):
                if touched[place[i, b]]:
                    _list_bus(state, place[i, b], depart[i, b], v, option[i, b])
    sides = state.side.copy()
    for p in range(places):
        if touched[p]:
            sides[p] = 1 - state.side[p]
            _play(tables, state, p, sides, sides[p], crowding)
    for h in tables.hubs:
        concerned = touched[h]
        for p in range(places):
            if touched[p] and not concerned:
                concerned = _sends(state, state.side[p], p, h) or _sends(state, sides[p], p, h)
        if concerned:
            touched[h] = True
            sides[h] = 1 - state.side[h]
            _play(tables, state, h, sides, sides[h], crowding)
    change, excess, tolls = 0.0, 0, 0.0
    for sign in (-1, 1):
        for p in range(places):
            if touched[p]:
                side = state.side[p] if sign < 0 else sides[p]
                change += sign * state.cost[side, p]
                more_excess, more_tolls = _shift_use(tables, state, p, side, sign)
                excess += more_excess
                tolls += more_tolls
    worse = (
        change + tolls + tables.driven_cost * road + TRIP_FEE * temperature * trips + excess_price * excess
    )
    if worse <= 0 or np.random.random() < np.exp(-worse / temperature):
        for p in range(places):
            state.side[p] = sides[p]
        for i in range(2):
            v = vehicles[i]
            if v >= 0:
                state.count[v], state.driven[v] = count[i], driven[i]
                state.place[v], state.option[v], state.target[v] = place[i], option[i], target[i]
                state.depart[v] = depart[i]
        state.total[0] += change
        state.total[1] += road
        state.total[2] += excess
        return True
    for p in range(places):
        if touched[p]:
            _count_use(state, p, sides[p], -1)
            _count_use(state, p, state.side[p], 1)
    for i in range(2):
        v = vehicles[i]
        if v >= 0:
            for b in range(count[i]):
                if touched[place[i, b]]:
                    _unlist_bus(state, place[i, b], depart[i, b], v)
    for i in range(2):
        v = vehicles[i]
        if v >= 0:
            for a in range(state.count[v]):
                if touched[state.place[v, a]]:
                    _list_bus(state, state.place[v, a], state.depart[v, a], v, state.option[v, a])
    if call >= 0:
        state.open[call] = was_open
    return False


@njit(cache=True, nogil=True)
def _sends(state: State, side: int, p: int, h: int) -> bool:
    for i in range(state.changes[side, p]):
        if state.change_hub[side, p, i] == h:
            return True
    return False


@njit(cache=True, nogil=True)
def _has_trip(p: int, o: int, t: int, count: int, place: Ints, option: Ints, depart: Ints) -> bool:
    for i in range(count):
        if place[i] == p and option[i] == o and depart[i] == t:
            return True
    return False


@njit(cache=True, nogil=True)
def _random_place(tables: Tables, state: State, station: int) -> int:
    """A place where people are left, some of the time; otherwise one near a station."""
    places = len(state.side)
    if np.random.random() < 0.3:
        waiting = 0
        for p in range(places):
            waiting += state.left[state.side[p], p]
        if waiting > 0:
            draw = np.random.randint(waiting)
            for p in range(places):
                draw -= state.left[state.side[p], p]
                if draw < 0:
                    return p
    return min(places - 1, int(np.searchsorted(state.nearness[station], np.random.random(), side="right")))


@njit(cache=True, nogil=True)
def _stands(tables: Tables, state: State, v: int, i: int) -> int:
    """The station where a vehicle is before its trip ``i``."""
    return tables.option_station[state.option[v, i - 1]] if i > 0 else state.depot[v]


@njit(cache=True, nogil=True)
def _random_option(tables: Tables, state: State, p: int, y: int) -> int:
    """One of the shortlisted options, the first more often."""
    f = tables.type_profile[y]
    found = 0
    while found < state.shortlist.shape[2] and state.shortlist[p, f, found] >= 0:
        found += 1
    if found == 0:
        return -1
    draw = np.random.random()
    return state.shortlist[p, f, int(found * draw * draw)]


@njit(cache=True, nogil=True)
def _random_departure(tables: Tables, state: State, p: int, y: int, around: int) -> tuple[int, int]:
    """An option (-1: none) and a step to aim at, often those of a trip in the bound's mix."""
    f = tables.type_profile[y]
    first, last = state.hint_first[p], state.hint_first[p + 1]
    if last > first and np.random.random() < 0.7:
        draw = np.random.random()
        i = first
        while i < last - 1 and state.hint_chance[i] < draw:
            i += 1
        o = state.hint_option[i]
        if tables.option_first[p, f] <= o < tables.option_first[p, f + 1]:
            return o, max(0, state.hint_step[i] + np.random.randint(-1, 2))
    return _random_option(tables, state, p, y), _random_target(tables, p, around)


@njit(cache=True, nogil=True)
def _random_target(tables: Tables, p: int, around: int) -> int:
    """A step to aim at: as soon as possible, when some group of the place is ready, or a while after ``around``."""
    draw = np.random.random()
    groups = tables.rider_first[p + 1] - tables.rider_first[p]
    if draw < 0.45:
        return 0
    if draw < 0.75 and groups > 0:
        return tables.ready[tables.rider_first[p] + np.random.randint(groups)]
    return min(tables.horizon - 1, around + int(-12.0 * np.log(1.0 - np.random.random())))


@njit(cache=True, nogil=True)
def _copy_chain(state: State, v: int, i: int, count: Ints, place: Ints, option: Ints, target: Ints) -> None:
    count[i] = state.count[v]
    place[i], option[i], target[i] = state.place[v], state.option[v], state.target[v]


@njit(cache=True, nogil=True)
def _insert(
    i: int, at: int, p: int, o: int, t: int, count: Ints, place: Ints, option: Ints, target: Ints
) -> None:
    for j in range(count[i], at, -1):
        place[i, j], option[i, j], target[i, j] = place[i, j - 1], option[i, j - 1], target[i, j - 1]
    place[i, at], option[i, at], target[i, at] = p, o, t
    count[i] += 1


@njit(cache=True, nogil=True)
def _remove(i: int, at: int, count: Ints, place: Ints, option: Ints, target: Ints) -> None:
    for j in range(at, count[i] - 1):
        place[i, j], option[i, j], target[i, j] = place[i, j + 1], option[i, j + 1], target[i, j + 1]
    count[i] -= 1


@njit(cache=True, nogil=True)
def _waiting_place(state: State) -> int:
    """A place drawn by the cost of waiting there; -1 if nobody waits."""
    places, total = len(state.side), 0.0
    for p in range(places):
        total += state.waited[state.side[p], p]
    draw = np.random.random() * total
    for p in range(places):
        draw -= state.waited[state.side[p], p]
        if draw < 0.0:
            return p
    return -1


@njit(cache=True, nogil=True)
def _best_gap(tables: Tables, state: State, p: int, o: int, target: int) -> tuple[int, int]:
    """The vehicle and the position in its chain where a trip fits with least delay and detour; -1 if none.

    The score of each is blurred, so that the search does not always meet the same answer.
    """
    best, chosen, where = np.inf, -1, -1
    f = 0
    while not tables.option_first[p, f] <= o < tables.option_first[p, f + 1]:
        f += 1
    for v in range(len(state.count)):
        y = state.type[v]
        if tables.type_profile[y] != f or state.count[v] >= MOST_TRIPS - 1:
            continue
        now, at, driven = state.available[v], state.depot[v], 0
        for i in range(state.count[v] + 1):
            if now > target + LATEST:
                break
            depart, _, road, since = next_trip(tables, y, now, at, driven, p, o, target)
            if depart < target + LATEST:
                score = LATE * (depart - target) + road
                if i < state.count[v]:
                    then, _, _, _ = next_trip(
                        tables, y, tables.free[depart, o], tables.option_station[o], since,
                        state.place[v, i], state.option[v, i], state.depart[v, i],
                    )  # fmt: skip
                    score += LATE * (then - state.depart[v, i])
                score *= 0.5 + np.random.random()
                if score < best:
                    best, chosen, where = score, v, i
            if i < state.count[v]:
                q, way, t = state.place[v, i], state.option[v, i], state.depart[v, i]
                _, _, _, driven = next_trip(tables, y, now, at, driven, q, way, t)
                now, at = tables.free[t, way], tables.option_station[way]
    return chosen, where


@njit(cache=True, nogil=True)
def _guided_insertion(
    tables: Tables, state: State, count: Ints, place: Ints, option: Ints, target: Ints
) -> int:
    """Put a trip where people wait into the chain it fits best; returns the vehicle, -1 if none."""
    p = _waiting_place(state)
    if p < 0:
        return -1
    groups = tables.rider_first[p + 1] - tables.rider_first[p]
    some = state.type[np.random.randint(len(state.type))]
    o, t = _random_departure(tables, state, p, some, 0)
    if o < 0:
        return -1
    if groups > 0 and np.random.random() < 0.7:
        t = tables.ready[tables.rider_first[p] + np.random.randint(groups)] + np.random.randint(4)
    elif t == 0 or np.random.random() < 0.2:
        t = np.random.randint(min(tables.horizon, 200))
    t = max(t, tables.first_bus[some, p])
    if t >= tables.horizon:
        return -1
    v, at = _best_gap(tables, state, p, o, t)
    if v >= 0:
        _copy_chain(state, v, 0, count, place, option, target)
        for i in range(at, count[0]):  # what follows keeps its time if it can
            target[0, i] = state.depart[v, i]
        _insert(0, at, p, o, t, count, place, option, target)
    return v


@njit(cache=True, nogil=True)
def one_move(
    tables: Tables,
    cars: CarWays,
    state: State,
    count: Ints,
    place: Ints,
    option: Ints,
    target: Ints,
    temperature: float,
    excess_price: float,
    crowding: float,
) -> bool:
    """Draw a move and try it; the arrays are scratch, as in :func:`attempt`."""
    vehicles, calls = len(state.count), len(tables.call_step)
    if len(state.way) > 0 and np.random.random() < 0.15:
        return _redirect_driver(tables, cars, state, temperature, excess_price)
    draw = np.random.random()
    first, second, call, seats = -1, -1, -1, 0
    if vehicles == 0 or (calls > 0 and draw < 0.08):
        if calls == 0:
            return False
        call = np.random.randint(calls)
        most = tables.call_seats[call]
        if np.random.random() < 0.4:
            seats = most if state.open[call] == 0 else 0
        else:
            seats = state.open[call] + SEAT_STEP * np.random.randint(-3, 4)
        seats = max(0, min(most, seats))
        if seats == state.open[call]:
            return False
        return attempt(
            tables,
            state,
            -1,
            -1,
            count,
            place,
            option,
            target,
            call,
            seats,
            temperature,
            excess_price,
            crowding,
        )
    if np.random.random() < 0.3:
        first = _guided_insertion(tables, state, count, place, option, target)
        if first < 0:
            return False
        return attempt(
            tables, state, first, -1, count, place, option, target, -1, 0, temperature, excess_price, crowding
        )
    first = np.random.randint(vehicles)
    _copy_chain(state, first, 0, count, place, option, target)
    n = count[0]
    y = state.type[first]
    if n == 0 or draw < 0.22:  # insert a trip
        if n >= MOST_TRIPS - 1:
            return False
        at = np.random.randint(n + 1)
        p = _random_place(tables, state, _stands(tables, state, first, at))
        o, t = _random_departure(tables, state, p, y, 0 if at == 0 else state.depart[first, at - 1])
        if o < 0:
            return False
        _insert(0, at, p, o, t, count, place, option, target)
    else:
        i = np.random.randint(n)
        if draw < 0.30:
            _remove(0, i, count, place, option, target)
        elif draw < 0.52:  # shift
            if np.random.random() < 0.3:
                target[0, i] = _random_target(tables, place[0, i], state.depart[first, i])
            else:
                target[0, i] = max(0, state.depart[first, i] + np.random.randint(-6, 7))
        elif draw < 0.78:  # another way, from here or from another place
            if draw >= 0.66:
                place[0, i] = _random_place(tables, state, _stands(tables, state, first, i))
            o, t = _random_departure(tables, state, place[0, i], y, state.depart[first, i])
            if o < 0:
                return False
            option[0, i] = o
            if np.random.random() < 0.7:
                target[0, i] = t
        else:
            second = np.random.randint(vehicles)
            if second == first:
                return False
            _copy_chain(state, second, 1, count, place, option, target)
            if tables.type_profile[state.type[second]] != tables.type_profile[y]:
                return False  # options belong to a profile
            if draw < 0.88:  # give a trip to another vehicle
                if count[1] >= MOST_TRIPS - 1:
                    return False
                at = np.random.randint(count[1] + 1)
                _insert(1, at, place[0, i], option[0, i], target[0, i], count, place, option, target)
                _remove(0, i, count, place, option, target)
            else:  # swap tails
                j = np.random.randint(count[1] + 1)
                tail0, tail1 = n - i, count[1] - j
                if i + tail1 >= MOST_TRIPS or j + tail0 >= MOST_TRIPS:
                    return False
                for k in range(max(tail0, tail1)):
                    a, b = i + k, j + k
                    if a < MOST_TRIPS and b < MOST_TRIPS:
                        place[0, a], place[1, b] = place[1, b], place[0, a]
                        option[0, a], option[1, b] = option[1, b], option[0, a]
                        target[0, a], target[1, b] = target[1, b], target[0, a]
                count[0], count[1] = i + tail1, j + tail0
    return attempt(
        tables, state, first, second, count, place, option, target, -1, 0, temperature, excess_price, crowding
    )


@njit(cache=True, nogil=True)
def anneal(
    tables: Tables,
    cars: CarWays,
    state: State,
    moves: int,
    temperature: float,
    excess_price: float,
    crowding: float,
    seed: int,
    best_cost: float,
    best: tuple[Ints, Ints, Ints, Ints, Ints, Ints, Ints],
) -> tuple[float, int]:
    """Make moves at one temperature and remember the best plan within all limits.

    Parameters
    ----------
    best : tuple of int64 arrays
        Output: count, place, option, target, open, way and step of the best plan; overwritten by a better one.

    Returns
    -------
    best_cost : float
        Of people and driving.
    kept : int
        Moves kept.
    """
    if seed >= 0:
        np.random.seed(seed)
    count = np.zeros(2, np.int64)
    place, option = np.zeros((2, MOST_TRIPS), np.int64), np.zeros((2, MOST_TRIPS), np.int64)
    target = np.zeros((2, MOST_TRIPS), np.int64)
    kept = 0
    for _ in range(moves):
        if one_move(tables, cars, state, count, place, option, target, temperature, excess_price, crowding):
            kept += 1
            cost = state.total[0] + tables.driven_cost * state.total[1] + state.total[3]
            if state.total[2] <= 0 and cost < best_cost - 1e-6:
                best_cost = cost
                best[0][:], best[1][:], best[2][:] = state.count, state.place, state.option
                best[3][:], best[4][:] = state.target, state.open
                best[5][:], best[6][:] = state.way, state.step
    return best_cost, kept
