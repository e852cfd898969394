"""Play a plan through: what follows from the decisions of a state, and the use of the shared limits."""

from __future__ import annotations

from overland.plan.cars import CarWays, way_cost, way_rows
from overland.plan.chains import time_trips
from overland.plan.journal import board
from overland.plan.kernels import inner_kernel, kernel, subkernel
from overland.plan.linetrips import SETTLING, enter_bus, list_line, remove_bus, seat_lines, unlist_line
from overland.plan.state import BUS_RIDE, BUS_STEP, BUS_VEHICLE, State
from overland.plan.tables import Tables
from overland.plan.told import drives_otherwise


@kernel
def play_everything(tables: Tables, cars: CarWays, state: State) -> None:
    """Play all places from the decisions, and set the use of the limits and the totals.

    The last trips of a vehicle that cannot make them are dropped: a chain that aims at the steps at which it
    left may be timed another way than it was, with more driving or a longer duty.
    """
    places = len(state.side)
    for v in range(len(state.count)):
        n = state.count[v]
        while not time_trips(
            tables, state.type[v], state.depot[v], state.available[v], state.driven_before[v],
            state.began_before[v], 0, n, state.place[v], state.option[v], state.target[v],
            state.depart[v], state.road[v], state.freed[v], state.since_rest[v], state.began[v],
        ):  # fmt: skip
            n -= 1
        state.count[v] = n
        state.driven[v] = state.road[v, :n].sum()
    state.bus_count[:] = 0
    for v in range(len(state.count)):
        for i in range(state.count[v]):
            list_bus(tables, state, state.place[v, i], state.depart[v, i], v, state.option[v, i])
    _play_places(tables, state)
    unsettled = 0
    if len(tables.line_place) > 0:
        for _ in range(SETTLING):
            unsettled = seat_lines(tables, state, state.side)
            if unsettled == 0:
                break
            _play_places(tables, state)
    state.total[:] = 0.0
    state.total[2] = unsettled
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
        count_use(state, p, state.side[p], 0, state.uses[state.side[p], p], 1)
    for v in range(len(state.count)):
        state.total[1] += state.driven[v]
    for row in range(len(tables.limit)):
        state.total[2] += max(0, state.use[row] - tables.limit[row])


@inner_kernel
def count_use(state: State, p: int, side: int, begin: int, end: int, sign: int) -> None:
    """Add (1) or take away (-1) some entries of the use of a place."""
    for i in range(begin, end):
        state.use[state.use_row[side, p, i]] += sign * state.use_people[side, p, i]


@inner_kernel
def shift_use(
    tables: Tables, state: State, p: int, side: int, begin: int, end: int, sign: int
) -> tuple[int, float]:
    """Add or take away some entries of the use of a place; returns by how much excess and tolls change."""
    excess, tolls = 0, 0.0
    for i in range(begin, end):
        row, people = state.use_row[side, p, i], sign * state.use_people[side, p, i]
        before = state.use[row] - tables.limit[row]
        state.use[row] += people
        tolls += people * state.toll[row]
        excess += max(0, before + people) - max(0, before)
    return excess, tolls


@subkernel
def driver_cost(tables: Tables, cars: CarWays, state: State, g: int, way: int, step: int) -> float:
    """Exposure of a driver, counted from its ready step."""
    h = cars.cohort_of[g]
    p, weight = cars.cohort_place[h], tables.weights[cars.cohort_rank[h]]
    since = cars.hazard[p, min(cars.cohort_ready[h], tables.horizon)]
    exposure = state.driver_size[g] * weight * (way_cost(tables, cars, p, way, step) - since)
    return exposure + tables.change_price * state.driver_size[g] * drives_otherwise(tables, g, way, step)


@subkernel
def list_bus(tables: Tables, state: State, p: int, step: int, v: int, o: int) -> None:
    """Add a bus to the departures of a place, or a trip of a line to those of its stops."""
    if tables.option_line[o] >= 0:
        list_line(tables, state, step, v, tables.option_line[o])
    else:
        seats = min(tables.type_seats[state.type[v]], tables.room[step, o])
        enter_bus(tables, state, p, step, step, v, o, -1, -1, seats)


@subkernel
def unlist_bus(tables: Tables, state: State, p: int, step: int, v: int, o: int) -> None:
    """Take a bus out of the departures of a place, or a trip of a line out of those of its stops."""
    if tables.option_line[o] >= 0:
        unlist_line(tables, state, step, v, tables.option_line[o])
        return
    bus, i = state.bus[p], 0
    while bus[i, BUS_VEHICLE] != v or bus[i, BUS_STEP] != step or bus[i, BUS_RIDE] >= 0:
        i += 1
    remove_bus(state, p, i)


@subkernel
def _play_places(tables: Tables, state: State) -> None:
    """Play all places, hubs last, as those who come to change are known then."""
    for p in range(len(state.side)):
        board(tables, state, p, state.side, state.side[p])
    for h in tables.hubs:
        board(tables, state, h, state.side, state.side[h])
