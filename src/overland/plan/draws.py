"""Draw the parts of a move: where to look, which way to go, when."""

from __future__ import annotations

import numpy as np

from overland.plan.cars import CarWays, way_cost, way_rows
from overland.plan.kernels import subkernel
from overland.plan.state import State
from overland.plan.tables import Tables

WAYS_DRAWN = 6  # ways of a driver looked at, the cheapest of which is tried


@subkernel
def random_place(state: State, station: int) -> int:
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
    low, high, chance = 0, places - 1, np.random.random()
    while low < high:
        middle = (low + high) // 2
        if state.nearness[station, middle] > chance:
            high = middle
        else:
            low = middle + 1
    return low


@subkernel
def stands(tables: Tables, state: State, v: int, i: int) -> int:
    """The station where a vehicle is before its trip ``i``."""
    return tables.option_station[state.option[v, i - 1]] if i > 0 else state.depot[v]


@subkernel
def _random_option(tables: Tables, state: State, p: int, y: int) -> int:
    """One of the shortlisted options, the first more often."""
    m = tables.type_make[y]
    found = 0
    while found < state.shortlist.shape[2] and state.shortlist[p, m, found] >= 0:
        found += 1
    if found == 0:
        return -1
    draw = np.random.random()
    return state.shortlist[p, m, int(found * draw * draw)]


@subkernel
def random_departure(tables: Tables, state: State, p: int, y: int, around: int) -> tuple[int, int]:
    """An option (-1: none) and a step to aim at, often those of a trip in the bound's mix."""
    m = tables.type_make[y]
    first, last = state.hint_first[p], state.hint_first[p + 1]
    if last > first and np.random.random() < 0.7:
        draw = np.random.random()
        i = first
        while i < last - 1 and state.hint_chance[i] < draw:
            i += 1
        o = state.hint_option[i]
        if tables.option_first[p, m] <= o < tables.option_first[p, m + 1]:
            if tables.option_only[o] >= 0:
                return o, tables.option_only[o]
            return o, max(0, state.hint_step[i] + np.random.randint(-1, 2))
    o = _random_option(tables, state, p, y)
    if o >= 0 and tables.option_only[o] >= 0:
        return o, tables.option_only[o]
    return o, random_target(tables, p, around)


@subkernel
def random_target(tables: Tables, p: int, around: int) -> int:
    """A step to aim at: the first, one at which some group is ready, or a while after ``around``."""
    draw = np.random.random()
    groups = tables.rider_first[p + 1] - tables.rider_first[p]
    if draw < 0.45:
        return 0
    if draw < 0.75 and groups > 0:
        return tables.ready[tables.rider_first[p] + np.random.randint(groups)]
    return min(tables.horizon - 1, around + int(-12.0 * np.log(1.0 - np.random.random())))


@subkernel
def waiting_place(state: State) -> int:
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


@subkernel
def random_driver_way(tables: Tables, cars: CarWays, state: State) -> tuple[int, int, int]:
    """A driver, another way (-1: none) and a step to leave at, often those of the bound's mix."""
    g = np.random.randint(len(state.way))
    h = cars.cohort_of[g]
    p = cars.cohort_place[h]
    ways = cars.first[p + 1] - cars.first[p]
    if ways == 0:
        return g, -1, -1
    hints = state.way_first[h + 1] - state.way_first[h]
    if hints > 0 and np.random.random() < 0.4:
        i = state.way_first[h] + np.random.randint(hints)
        return g, state.way_hint[i], state.way_step[i]
    best, way, step = np.inf, -1, -1
    for _ in range(WAYS_DRAWN):
        w = cars.first[p] + np.random.randint(ways)
        t = cars.cohort_ready[h] + int(-4.0 * np.log(1.0 - np.random.random()))
        if t >= tables.horizon or cars.safe[w, t] < 0 or not (cars.cohort_admits[h] >> cars.country[w]) & 1:
            continue
        cost = tables.weights[cars.cohort_rank[h]] * way_cost(tables, cars, p, w, t)
        for row in way_rows(tables, cars, w, t):
            if row >= 0:
                cost += state.toll[row]
        if cost < best:
            best, way, step = cost, w, t
    return g, way, step
