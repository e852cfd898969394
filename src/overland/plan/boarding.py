"""Who boards what: the loading rule at one departure."""

from __future__ import annotations

from overland.plan.kernels import inner_kernel
from overland.plan.options import FOOT, HUB
from overland.plan.state import (
    BEHIND,
    BUS_OPTION,
    BUS_REST,
    BUS_RIDE,
    BUS_SAFE,
    BUS_SEATS,
    BUS_STEP,
    BUS_VEHICLE,
    CHOICE,
    KIND,
    LEFT,
    SINCE,
    SIZE,
    State,
)
from overland.plan.tables import Tables
from overland.plan.told import left_otherwise, told_otherwise, way_number
from overland.plan.waiting import NOBODY, hub_number

UNFILLED = -2

# Step, step across (at the hub, for a hub), seats, token, call, gate, country, hub, whether on foot, access,
# convoy; where there is no call, gate, hub or convoy, it is -1. A ride on a trip of a line that need not be
# filled has call UNFILLED. Last stands the option that those who board cannot take; -1 if they may.
Departure = tuple[int, int, int, int, int, int, int, int, bool, int, int, int]


@inner_kernel
def service_departure(tables: Tables, state: State, e: int) -> Departure:
    """A service call as a departure."""
    return (
        tables.call_step[e], tables.call_safe[e], state.open[e], -2 - e,
        e, tables.call_gate[e], tables.call_country[e], tables.call_hub[e], False,
        tables.call_access[e], -1, -1,
    )  # fmt: skip


@inner_kernel
def bus_departure(tables: Tables, state: State, p: int, b: int) -> Departure:
    """A bus in the list of a place as a departure."""
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
def depart(tables: Tables, state: State, p: int, side: int, departure: Departure) -> int:
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
            _note_boarding(state, p, g, t)
            changed += n * told_otherwise(tables, g, own, t, way_number(to, gate, call >= 0))
            scratch.by_size[n] -= 1
            scratch.waiting[0] -= 1
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
def _note_boarding(state: State, p: int, g: int, t: int) -> None:
    scratch = state.scratch
    i = scratch.boarded_last[p]
    scratch.boarded[i, 0], scratch.boarded[i, 1] = g, t
    scratch.boarded_last[p] = i + 1


@inner_kernel
def take_boardings(tables: Tables, state: State, p: int) -> None:
    """Let all who were noted to board at a place, or be left there, have done so."""
    scratch, first, last = state.scratch, tables.rider_first[p], tables.rider_first[p + 1]
    for i in range(scratch.boarded_first[p], scratch.boarded_last[p]):
        g = scratch.boarded[i, 0]
        if first <= g < last:
            state.gone[g] = scratch.boarded[i, 1]
        else:
            state.passed_on[g] = scratch.boarded[i, 1]


@inner_kernel
def _send(state: State, p: int, side: int, g: int, hub: int, safe: int) -> None:
    i = state.changes[side, p, hub]
    state.change_group[side, p, hub, i], state.change_step[side, p, hub, i] = g, safe
    state.changes[side, p, hub] = i + 1


@inner_kernel
def leave_the_rest(tables: Tables, state: State, p: int, side: int) -> None:
    """Leave those who are still in the queues."""
    first, last = tables.rider_first[p], tables.rider_first[p + 1]
    for k in range(len(state.scratch.head)):
        g = state.scratch.head[k]
        while g >= 0:
            n, since = state.rider[g, SIZE], state.scratch.member[g, SINCE]
            state.left[side, p] += n
            _note_boarding(state, p, g, LEFT)
            if not first <= g < last:
                state.stuck[side, p] += n  # nobody may be brought to a hub and left there
            staying = tables.hazard[p, tables.horizon] - tables.hazard[p, min(since, tables.horizon)]
            state.cost[side, p] += tables.weight[g] * n * (staying + tables.penalty)
            state.cost[side, p] += tables.change_price * n * left_otherwise(tables, g, first <= g < last)
            state.waited[side, p] += tables.weight[g] * n * staying
            g = state.scratch.member[g, BEHIND]


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
