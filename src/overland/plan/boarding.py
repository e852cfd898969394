"""Who boards what: the loading rule played through at one place."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from overland.plan.kernels import inner_kernel, kernel
from overland.plan.options import FOOT, HUB
from overland.plan.state import (
    BEHIND,
    BESIDE,
    BUS_OPTION,
    BUS_REST,
    BUS_RIDE,
    BUS_SAFE,
    BUS_SEATS,
    BUS_STEP,
    BUS_VEHICLE,
    CHOICE,
    KIND,
    QUEUE,
    READY,
    SINCE,
    SIZE,
    State,
)
from overland.plan.tables import Tables
from overland.plan.told import left_otherwise, told_otherwise, way_number

Ints = NDArray[np.int64]

NOBODY = -(2**62)
NEVER = 2**62
UNFILLED = -2

# Step, step across (at the hub, for a hub), seats, token, call, gate, country, hub, whether on foot, access,
# convoy; where there is no call, gate, hub or convoy, it is -1. A ride on a trip of a line that need not be
# filled has call UNFILLED. Last stands the option that those who board cannot take; -1 if they may.
Departure = tuple[int, int, int, int, int, int, int, int, bool, int, int, int]


@kernel
def board(tables: Tables, state: State, p: int, sides: Ints, side: int) -> None:
    """Play all departures of a place and write the consequences to one side of the state.

    Those who wait stand in one queue for each class, in the order in which they could board first: their own
    groups before those that came to change. What each group takes is left in ``state.scratch.member``:
    vehicle ``v`` as ``v * (T + 1) + step`` (on ride ``r`` of a trip of a line, ``v`` and ``r + 1`` times as
    many as there are vehicles), call ``e`` as ``-2 - e``, nothing ``NOBODY``.

    Parameters
    ----------
    sides : int64 (places,)
        The side of the state with the consequences of each place that sends people to change here.
    side : int
        The side written.
    """
    hub = hub_number(tables, p)
    _open_queues(tables, state, p)
    if hub >= 0:
        _gather_arrivals(tables, state, hub, sides)
    state.cost[side, p] = state.waited[side, p] = 0.0
    state.left[side, p] = state.breach[side, p] = state.uses[side, p] = state.idle[side, p] = 0
    state.changes[side, p] = 0
    e, last_call = tables.call_first[p], tables.call_first[p + 1]
    b, count = 0, state.bus_count[p]
    while e < last_call or b < count:
        if e < last_call and (b >= count or tables.call_step[e] <= state.bus[p, b, BUS_STEP]):
            departure = _service_departure(tables, state, e)
            e += 1
        else:
            departure = _bus_departure(tables, state, p, b)
            state.aboard[side, p, b] = 0
            b += 1
        if departure[2] > 0:
            _queue_up(state, p, hub, departure[0])
            aboard = _depart(tables, state, p, side, departure)
            if departure[4] < 0:
                state.aboard[side, p, b - 1] = aboard
        elif departure[4] == -1:
            state.idle[side, p] += 1
    _queue_up(state, p, hub, NEVER)
    _leave_the_rest(tables, state, p, side)
    if hub >= 0 and tables.hub_capacity[hub] >= 0:
        state.breach[side, p] += _crowding(tables, state, tables.hub_capacity[hub])


@inner_kernel
def hub_number(tables: Tables, p: int) -> int:
    """Position of a place among the hubs; -1 if it is none."""
    for h in range(len(tables.hubs)):
        if tables.hubs[h] == p:
            return h
    return -1


@inner_kernel
def _open_queues(tables: Tables, state: State, p: int) -> None:
    scratch = state.scratch
    for k in range(len(scratch.head)):
        scratch.head[k] = -1
        scratch.coming[k] = state.class_first[p, k]
    scratch.by_size[:] = 0
    scratch.least[0] = len(scratch.by_size)
    for g in range(tables.rider_first[p], tables.rider_first[p + 1]):
        scratch.member[g, CHOICE] = NOBODY
        scratch.member[g, SINCE] = state.rider[g, READY]


@inner_kernel
def _gather_arrivals(tables: Tables, state: State, hub: int, sides: Ints) -> None:
    """Note who comes to a hub to change, by the step from which each can board."""
    scratch = state.scratch
    scratch.from_step[:] = -1
    scratch.crowd[:] = scratch.standing[:] = 0
    scratch.gathered[0] = 0
    for g in range(tables.rider_first[tables.hubs[hub]], tables.rider_first[tables.hubs[hub] + 1]):
        if tables.arrived[g] >= 0:
            scratch.standing[tables.arrived[g]] += state.rider[g, SIZE]
    for q in range(len(sides) - 1, -1, -1):  # backwards, as each is put before those noted already
        side = sides[q]
        for i in range(state.changes[side, q, hub] - 1, -1, -1):
            g, step = state.change_group[side, q, hub, i], state.change_step[side, q, hub, i]
            scratch.member[g, CHOICE] = NOBODY
            scratch.member[g, SINCE] = step
            scratch.member[g, BESIDE] = scratch.from_step[step + tables.change]
            scratch.from_step[step + tables.change] = g
            scratch.crowd[step] += state.rider[g, SIZE]


@inner_kernel
def _queue_up(state: State, p: int, hub: int, t: int) -> None:
    """Let those join the queues who can board by a step."""
    scratch = state.scratch
    if hub >= 0:
        last = min(t, len(scratch.from_step) - 1)
        for step in range(scratch.gathered[0], last + 1):
            g = scratch.from_step[step]
            if g >= 0:
                _join_own(state, p, step)
            while g >= 0:
                _join(state, state.rider[g, QUEUE], g)
                g = scratch.member[g, BESIDE]
        scratch.gathered[0] = last + 1
    _join_own(state, p, t)


@inner_kernel
def _join_own(state: State, p: int, t: int) -> None:
    scratch = state.scratch
    for k in range(len(scratch.head)):
        g = scratch.coming[k]
        while g < state.class_first[p, k + 1] and state.rider[g, READY] <= t:
            _join(state, k, g)
            g += 1
        scratch.coming[k] = g


@inner_kernel
def _join(state: State, k: int, g: int) -> None:
    """Put a group at the end of the queue of a class."""
    scratch = state.scratch
    scratch.member[g, BEHIND] = -1
    if scratch.head[k] < 0:
        scratch.head[k] = g
    else:
        scratch.member[scratch.tail[k], BEHIND] = g
    scratch.tail[k] = g
    scratch.by_size[state.rider[g, SIZE]] += 1
    scratch.least[0] = min(scratch.least[0], state.rider[g, SIZE])


@inner_kernel
def _service_departure(tables: Tables, state: State, e: int) -> Departure:
    return (
        tables.call_step[e], tables.call_safe[e], state.open[e], -2 - e,
        e, tables.call_gate[e], tables.call_country[e], tables.call_hub[e], False,
        tables.call_access[e], -1, -1,
    )  # fmt: skip


@inner_kernel
def _bus_departure(tables: Tables, state: State, p: int, b: int) -> Departure:
    bus = state.bus[p, b]
    t, o = bus[BUS_STEP], bus[BUS_OPTION]
    hub = tables.option_station[o] if tables.option_kind[o] == HUB else -1
    code, call, ride = bus[BUS_VEHICLE], -1, bus[BUS_RIDE]
    if ride >= 0:
        code += (1 + ride // 2) * len(state.count)
        call = -1 if ride % 2 == 1 else UNFILLED
    return (
        t, bus[BUS_SAFE], bus[BUS_SEATS], code * (tables.horizon + 1) + t,
        call, tables.option_gate[o], tables.option_country[o], hub, tables.option_kind[o] == FOOT,
        tables.option_access[o], tables.option_convoy[o], bus[BUS_REST],
    )  # fmt: skip


@inner_kernel
def _depart(tables: Tables, state: State, p: int, side: int, departure: Departure) -> int:
    """Fill a departure from the queues, the highest class first; returns the people aboard."""
    t, safe, seats, token, call, gate, country, hub, foot, access, convoy, rest = departure
    scratch = state.scratch
    room, least = seats, scratch.least[0]
    waited, carried, changed = 0.0, 0.0, 0
    first, last = tables.rider_first[p], tables.rider_first[p + 1]
    to = hub_number(tables, hub)
    for k in range(len(scratch.head)):
        before, g = -1, scratch.head[k]
        weight = tables.weights[len(scratch.head) - 1 - k]
        while g >= 0 and room >= least:
            n, own, following = state.rider[g, SIZE], first <= g < last, scratch.member[g, BEHIND]
            kind = state.rider[g, KIND]
            if (
                n > room
                or (to >= 0 and not own)
                or not tables.kind_fits[kind, access]
                or not _may_take(tables, kind, country, foot, hub, safe)
                or (rest >= 0 and _may_ride(tables, kind, rest, t))
            ):
                before, g = g, following
                continue
            room -= n
            waited += weight * n * (tables.hazard[p, t] - tables.hazard[p, scratch.member[g, SINCE]])
            carried += weight * n
            scratch.member[g, CHOICE] = token
            if to >= 0:
                _send(state, p, side, g, to, safe)
            if not own:
                scratch.crowd[t] -= n
            elif tables.arrived[g] >= 0:
                scratch.standing[t] -= n
            changed += n * told_otherwise(tables, g, own, t, way_number(to, gate, call >= 0))
            scratch.by_size[n] -= 1
            while least < len(scratch.by_size) and scratch.by_size[least] == 0:
                least += 1
            if before < 0:
                scratch.head[k] = following
            else:
                scratch.member[before, BEHIND] = following
            if following < 0:
                scratch.tail[k] = before
            g = following
    scratch.least[0] = least
    state.waited[side, p] += waited
    state.cost[side, p] += waited + carried * tables.hours * (safe - t) + tables.change_price * changed
    if room < seats:
        _enter_departure(tables, state, side, p, t, call, gate, country, hub, safe, seats - room)
        _enter(state, side, p, convoy, 1)
    elif call == -1:
        state.idle[side, p] += 1
    return seats - room


@inner_kernel
def _may_take(tables: Tables, c: int, country: int, foot: bool, hub: int, safe: int) -> bool:
    """Whether people of a kind may take a departure to a country, or get across from its hub in time."""
    if hub >= 0:
        return safe + tables.change <= tables.kind_hub_last[c, hub]
    return (tables.kind_admits[c] >> country) & 1 == 1 and not (foot and not tables.kind_walks[c])


@inner_kernel
def _may_ride(tables: Tables, c: int, o: int, t: int) -> bool:
    """Whether people of a kind may take a ride on a trip of a line that leaves at a step."""
    safe, hub = tables.safe[t, o], tables.option_station[o] if tables.option_kind[o] == HUB else -1
    return safe >= 0 and _may_take(
        tables, c, tables.option_country[o], tables.option_kind[o] == FOOT, hub, safe
    )


@inner_kernel
def _send(state: State, p: int, side: int, g: int, hub: int, safe: int) -> None:
    i = state.changes[side, p, hub]
    state.change_group[side, p, hub, i], state.change_step[side, p, hub, i] = g, safe
    state.changes[side, p, hub] = i + 1


@inner_kernel
def _leave_the_rest(tables: Tables, state: State, p: int, side: int) -> None:
    """Leave those who are still in the queues."""
    first, last = tables.rider_first[p], tables.rider_first[p + 1]
    for k in range(len(state.scratch.head)):
        g = state.scratch.head[k]
        while g >= 0:
            n, since = state.rider[g, SIZE], state.scratch.member[g, SINCE]
            state.left[side, p] += n
            if not first <= g < last:
                state.breach[side, p] += n  # nobody may be brought to a hub and left there
                state.scratch.crowd[tables.horizon] -= n
            staying = tables.hazard[p, tables.horizon] - tables.hazard[p, min(since, tables.horizon)]
            state.cost[side, p] += tables.weight[g] * n * (staying + tables.penalty)
            state.cost[side, p] += tables.change_price * n * left_otherwise(tables, g, first <= g < last)
            state.waited[side, p] += tables.weight[g] * n * staying
            g = state.scratch.member[g, BEHIND]


@inner_kernel
def _crowding(tables: Tables, state: State, capacity: int) -> int:
    """Person-steps in transit above the capacity of a hub; who is on the way there already may come."""
    present, standing, excess = 0, 0, 0
    for t in range(tables.horizon + 1):
        present += state.scratch.crowd[t]
        standing += state.scratch.standing[t]
        excess += max(0, min(present, present + standing - capacity))
    return excess


@inner_kernel
def _enter_departure(
    tables: Tables, state: State, side: int, p: int,
    t: int, call: int, gate: int, country: int, hub: int, safe: int, aboard: int,
) -> None:  # fmt: skip
    """Write down what a departure uses of the limits."""
    _enter(state, side, p, tables.boarding_row[p, t], aboard)
    if call >= 0:
        for leg in range(tables.leg_first[call], tables.leg_last[call] + 1):
            _enter(state, side, p, leg, aboard)
    if hub < 0:
        _enter(state, side, p, tables.gate_row[gate, safe], aboard)
        _enter(state, side, p, tables.reception_row[gate, safe], aboard)
        _enter(state, side, p, tables.country_row[country], aboard)


@inner_kernel
def _enter(state: State, side: int, p: int, row: int, people: int) -> None:
    if row >= 0:
        i = state.uses[side, p]
        state.use_row[side, p, i] = row
        state.use_people[side, p, i] = people
        state.uses[side, p] = i + 1


def left_step(tables: Tables, token: int) -> int:
    """The step at which a choice leaves the place; the horizon for nothing."""
    if token == NOBODY:
        return tables.horizon
    return int(tables.call_step[-2 - token]) if token < 0 else token % (tables.horizon + 1)
