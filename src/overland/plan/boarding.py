"""Who boards what: the loading rule played through at one place."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from overland.plan.options import FOOT, HUB
from overland.plan.state import State
from overland.plan.tables import Tables

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

NOBODY = -(2**62)


@njit(cache=True, nogil=True)
def board(
    tables: Tables,
    state: State,
    p: int,
    group: Ints,
    since: Ints,
    able: Ints,
    transit: NDArray[np.bool_],
    side: int,
    choice: Ints,
) -> None:
    """Play all departures of a place and write the consequences to one side of the state.

    Parameters
    ----------
    group : int64 (members,)
        Rider groups at the place in boarding order.
    since, able : int64 (members,)
        Step since which each waits there, and first step at which it can board.
    transit : bool (members,)
        Whether it has come from elsewhere to change.
    choice : int64 (members,)
        Output: what each group takes; vehicle ``v`` as ``v * (T + 1) + step``, call ``e`` as ``-2 - e``,
        nothing ``NOBODY``.
    """
    members = len(group)
    following = np.arange(1, members + 2)  # linked list of those still waiting; entry m + 1 follows member m
    following[members] = members
    head = 0
    count, order = state.bus_count[p], _bus_order(state, p)
    cost, waited, entries, changes, b = 0.0, 0.0, 0, 0, 0
    able_by = np.zeros(tables.horizon + 2, np.int64)
    for m in range(members):
        choice[m] = NOBODY
        able_by[min(able[m], tables.horizon) + 1] += 1
    for t in range(tables.horizon + 1):
        able_by[t + 1] += able_by[t]  # groups that can board before step t + 1
    boarded = 0
    e, last_call = tables.call_first[p], tables.call_first[p + 1]
    while e < last_call or b < count:
        if e < last_call and (b >= count or tables.call_step[e] <= state.bus_step[p, order[b]]):
            call = e
            e += 1
            seats = state.open[call]
            if seats == 0:
                continue
            t, safe, token = tables.call_step[call], tables.call_safe[call], -2 - call
            gate, country, hub = tables.call_gate[call], tables.call_country[call], tables.call_hub[call]
            foot = False
        else:
            i = order[b]
            b += 1
            o, v, t, call = state.bus_option[p, i], state.bus_vehicle[p, i], state.bus_step[p, i], -1
            seats = min(tables.type_seats[state.type[v]], tables.room[t, o])
            safe, token = tables.safe[t, o], v * (tables.horizon + 1) + t
            gate, country, foot = (
                tables.option_gate[o],
                tables.option_country[o],
                tables.option_kind[o] == FOOT,
            )
            hub = tables.option_station[o] if tables.option_kind[o] == HUB else -1
        aboard = 0
        before = -1
        m = head
        waiting = able_by[t + 1] - boarded
        while waiting > 0 and seats > 0:
            g = group[m]
            c = tables.kind[g]
            waiting -= able[m] <= t
            if (
                able[m] <= t
                and tables.size[g] <= seats
                and not (hub >= 0 and transit[m])
                and _may_take(tables, c, country, foot, hub, safe)
            ):
                seats -= tables.size[g]
                aboard += tables.size[g]
                boarded += 1
                choice[m] = token
                wait = tables.weight[g] * tables.size[g] * (tables.hazard[p, t] - tables.hazard[p, since[m]])
                waited += wait
                cost += wait + tables.weight[g] * tables.size[g] * tables.hours * (safe - t)
                if hub >= 0:
                    state.change_group[side, p, changes] = g
                    state.change_hub[side, p, changes] = hub
                    state.change_step[side, p, changes] = safe
                    changes += 1
                if before < 0:
                    head = following[m]
                else:
                    following[before] = following[m]
            else:
                before = m
            m = following[m]
        if aboard > 0:
            entries = _enter_departure(
                tables, state, side, p, entries, t, call, gate, country, hub, safe, aboard
            )
    left, breach = 0, 0
    m = head
    while m < members:
        g = group[m]
        left += tables.size[g]
        if transit[m]:
            breach += tables.size[g]  # nobody may be brought to a hub and left there
        staying = tables.hazard[p, tables.horizon] - tables.hazard[p, min(since[m], tables.horizon)]
        lost = staying + tables.penalty
        cost += tables.weight[g] * tables.size[g] * lost
        waited += tables.weight[g] * tables.size[g] * staying
        m = following[m]
    for h in range(len(tables.hubs)):
        if tables.hubs[h] == p and tables.hub_capacity[h] >= 0:
            breach += _crowd(tables, group, since, transit, choice, tables.hub_capacity[h])
    state.cost[side, p] = cost
    state.waited[side, p] = waited
    state.left[side, p] = left
    state.breach[side, p] = breach
    state.uses[side, p] = entries
    state.changes[side, p] = changes


@njit(cache=True, nogil=True)
def _bus_order(state: State, p: int) -> Ints:
    """Buses of a place by step and vehicle: an insertion sort, as they are few and nearly in order."""
    count = state.bus_count[p]
    order = np.empty(count, np.int64)
    for i in range(count):
        key = state.bus_step[p, i] * 100_000 + state.bus_vehicle[p, i]
        j = i
        while j > 0:
            other = order[j - 1]
            if state.bus_step[p, other] * 100_000 + state.bus_vehicle[p, other] <= key:
                break
            order[j] = other
            j -= 1
        order[j] = i
    return order


@njit(cache=True, nogil=True)
def _may_take(tables: Tables, c: int, country: int, foot: bool, hub: int, safe: int) -> bool:
    """Whether people of a kind may take a departure to a country, or get across from its hub in time."""
    if hub >= 0:
        return safe + tables.change <= tables.kind_hub_last[c, hub]
    return (tables.kind_admits[c] >> country) & 1 == 1 and not (foot and not tables.kind_walks[c])


@njit(cache=True, nogil=True)
def _enter_departure(
    tables: Tables, state: State, side: int, p: int, entries: int,
    t: int, call: int, gate: int, country: int, hub: int, safe: int, aboard: int,
) -> int:  # fmt: skip
    """Write down what a departure uses of the limits; returns the number of entries now."""
    entries = _enter(state, side, p, entries, tables.boarding_row[p, t], aboard)
    if call >= 0:
        for leg in range(tables.leg_first[call], tables.leg_last[call] + 1):
            entries = _enter(state, side, p, entries, leg, aboard)
    if hub < 0:
        entries = _enter(state, side, p, entries, tables.gate_row[gate, safe], aboard)
        entries = _enter(state, side, p, entries, tables.reception_row[gate, safe], aboard)
        entries = _enter(state, side, p, entries, tables.country_row[country], aboard)
    return entries


@njit(cache=True, nogil=True)
def _enter(state: State, side: int, p: int, entries: int, row: int, people: int) -> int:
    if row < 0:
        return entries
    state.use_row[side, p, entries] = row
    state.use_people[side, p, entries] = people
    return entries + 1


@njit(cache=True, nogil=True)
def left_step(tables: Tables, token: int) -> int:
    """The step at which a choice leaves the place; the horizon for nothing."""
    if token == NOBODY:
        return tables.horizon
    return tables.call_step[-2 - token] if token < 0 else token % (tables.horizon + 1)


@njit(cache=True, nogil=True)
def _crowd(
    tables: Tables, group: Ints, since: Ints, transit: NDArray[np.bool_], choice: Ints, capacity: int
) -> int:
    """Person-steps in transit above the capacity of a hub."""
    change = np.zeros(tables.horizon + 2, np.int64)
    for m in range(len(group)):
        if transit[m]:
            change[since[m]] += tables.size[group[m]]
            change[left_step(tables, choice[m])] -= tables.size[group[m]]
    present, excess = 0, 0
    for t in range(tables.horizon + 1):
        present += change[t]
        excess += max(0, present - capacity)
    return excess


@njit(cache=True, nogil=True)
def members_of(
    tables: Tables, state: State, p: int, sides: Ints
) -> tuple[Ints, Ints, Ints, NDArray[np.bool_]]:
    """Groups at a place in boarding order, with since, able and transit (see :func:`board`).

    ``sides`` says which side of the state holds the consequences of each place that sends people to change
    here.
    """
    first, last = tables.rider_first[p], tables.rider_first[p + 1]
    own = last - first
    arriving = 0
    is_hub = False
    for h in tables.hubs:
        is_hub = is_hub or h == p
    if is_hub:
        for q in range(len(sides)):
            for i in range(state.changes[sides[q], q]):
                arriving += state.change_hub[sides[q], q, i] == p
    group = np.empty(own + arriving, np.int64)
    since, able = np.empty(own + arriving, np.int64), np.empty(own + arriving, np.int64)
    transit = np.zeros(own + arriving, np.bool_)
    for i in range(own):
        group[i] = first + i
        since[i] = able[i] = tables.ready[first + i]
    if arriving == 0:
        return group, since, able, transit
    n = own
    for q in range(len(sides)):
        for i in range(state.changes[sides[q], q]):
            if state.change_hub[sides[q], q, i] == p:
                group[n], transit[n] = state.change_group[sides[q], q, i], True
                since[n] = state.change_step[sides[q], q, i]
                able[n] = since[n] + tables.change
                n += 1
    order = _boarding_order(tables, group, able, n)
    return group[order], since[order], able[order], transit[order]


@njit(cache=True, nogil=True)
def _boarding_order(tables: Tables, group: Ints, able: Ints, n: int) -> Ints:
    """Counting sort by class, highest first, then by the step from which a group can board."""
    classes, width = len(tables.weights), tables.horizon + tables.change + 2
    start = np.zeros(classes * width + 1, np.int64)
    for m in range(n):
        start[(classes - 1 - tables.rank[group[m]]) * width + able[m] + 1] += 1
    for i in range(classes * width):
        start[i + 1] += start[i]
    order = np.empty(n, np.int64)
    for m in range(n):
        slot = (classes - 1 - tables.rank[group[m]]) * width + able[m]
        order[start[slot]] = m
        start[slot] += 1
    return order
