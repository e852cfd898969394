"""The journal of a place: what its departures did, so that they are played again only where that changes.

A move of the search changes a few departures of a few places, and who comes to a hub. What happened before
the first of these changes happens again; and as soon as, after the last of them, the same people wait as
before, all that follows is as before, too. Only what lies between is played.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from overland.plan.arrivals import (
    count_crowd,
    forget_arrivals,
    gather_arrivals,
    mark_odd,
    more_crowding,
    unlist_odd,
)
from overland.plan.boarding import (
    bus_departure,
    depart,
    leave_the_rest,
    service_departure,
    take_boardings,
)
from overland.plan.kernels import inner_kernel, kernel
from overland.plan.state import (
    BUS_OPTION,
    BUS_REST,
    BUS_RIDE,
    BUS_SEATS,
    BUS_STEP,
    CHOICE,
    ENTRY_ABOARD,
    ENTRY_CHANGES,
    ENTRY_IDLE,
    ENTRY_REST,
    ENTRY_RIDE,
    ENTRY_SEATS,
    ENTRY_STEP,
    ENTRY_USES,
    ENTRY_WAITING,
    ENTRY_WAY,
    ENTRY_WHICH,
    LEFT,
    State,
)
from overland.plan.tables import Tables
from overland.plan.waiting import NEVER, NOBODY, hub_number, open_queues, queue_up, wait_alike

Ints = NDArray[np.int64]


@kernel
def board(tables: Tables, state: State, p: int, sides: Ints, side: int) -> bool:
    """Play the departures of a place and write the consequences to one side of the state.

    Those who wait stand in one queue for each class, in the order in which they could board first: their own
    groups before those that came to change.

    Parameters
    ----------
    sides : int64 (places,)
        The side of the state with the consequences of each place that sends people to change here.
    side : int
        The side written. If it is the present one, ``state.side``, everything is played; if it is the other,
        only what may differ from the present. Where everything is played, what each group takes is left in
        ``state.scratch.member``: vehicle ``v`` as ``v * (T + 1) + step`` (on ride ``r`` of a trip of a line,
        ``v`` and ``r + 1`` times as many as there are vehicles), call ``e`` as ``-2 - e``, and nothing as
        ``NOBODY``.

    Returns
    -------
    bool
        Whether anything may differ from the other side; if not, nothing is written that is read.
    """
    scratch, hub, afresh = state.scratch, hub_number(tables, p), side == state.side[p]
    count = _list_departures(tables, state, p, side)
    present, before = -1, 0
    first, alike, begin, settled = 0, 0, 0, -1
    if afresh:
        _forget(tables, state, p, hub)
    else:
        present = 1 - side
        before = state.entries[present, p]
        first, alike, begin, settled = _window(tables, state, p, hub, sides, side, count, before)
        if first < 0:
            return False
    scratch.same[p] = scratch.alike[p] = 0
    open_queues(state, p)
    _begin(state, p, side, present, first)
    j = first
    while True:
        t = state.journal[side, p, j, ENTRY_STEP] if j < count else NEVER
        queue_up(tables, state, p, hub, t, begin)
        _enter_journal(state, p, side, j)
        if j == count:
            leave_the_rest(tables, state, p, side)
            break
        i = j + before - count
        if count - j <= alike and t >= settled and _is_as_before(tables, state, p, side, j, i, t):
            _go_on_as_before(state, p, side, present, j, i, count)
            break
        which = state.journal[side, p, j, ENTRY_WHICH]
        if which < 0:
            departure = service_departure(tables, state, -2 - which)
        else:
            departure = bus_departure(tables, state, p, which)
        if departure[2] > 0:
            state.journal[side, p, j, ENTRY_ABOARD] = depart(tables, state, p, side, departure)
        else:
            state.journal[side, p, j, ENTRY_ABOARD] = 0
            state.idle[side, p] += departure[4] == -1
        j += 1
    state.entries[side, p] = count
    if len(tables.line_place) > 0:
        _count_aboard(state, p, side, count)
    state.breach[side, p] = state.stuck[side, p]
    if hub >= 0 and not afresh:
        unlist_odd(state)
        if tables.hub_capacity[hub] >= 0:
            crowding = state.breach[present, p] - state.stuck[present, p]
            state.breach[side, p] += crowding + more_crowding(tables, state, p, hub)
    if afresh:
        take_boardings(tables, state, p)
        if hub >= 0:
            state.breach[side, p] += count_crowd(tables, state, hub)
    return True


@inner_kernel
def _count_aboard(state: State, p: int, side: int, count: int) -> None:
    """Note the people on each bus in the order of the list of buses, for the seats of lines."""
    for j in range(count):
        if state.journal[side, p, j, ENTRY_WHICH] >= 0:
            aboard = state.journal[side, p, j, ENTRY_ABOARD]
            state.aboard[side, p, state.journal[side, p, j, ENTRY_WHICH]] = aboard


@inner_kernel
def _forget(tables: Tables, state: State, p: int, hub: int) -> None:
    """Let nobody have boarded anything at a place."""
    state.scratch.boarded_last[p] = state.scratch.boarded_first[p] = 0
    for g in range(tables.rider_first[p], tables.rider_first[p + 1]):
        state.scratch.member[g, CHOICE] = NOBODY
        state.gone[g] = LEFT
    if hub >= 0:
        gather_arrivals(tables, state, hub)
        forget_arrivals(state, hub)


@inner_kernel
def _list_departures(tables: Tables, state: State, p: int, side: int) -> int:
    """Write the services with seats and the buses of a place to its journal, in order; return how many."""
    e, last_call = tables.call_first[p], tables.call_first[p + 1]
    b, buses, n = 0, state.bus_count[p], 0
    while e < last_call or b < buses:
        entry = state.journal[side, p, n]
        if e < last_call and (b >= buses or tables.call_step[e] <= state.bus[p, b, BUS_STEP]):
            if state.open[e] > 0:
                entry[ENTRY_STEP], entry[ENTRY_SEATS] = tables.call_step[e], state.open[e]
                entry[ENTRY_WAY] = entry[ENTRY_WHICH] = -2 - e
                entry[ENTRY_RIDE] = entry[ENTRY_REST] = -1
                n += 1
            e += 1
        else:
            entry[ENTRY_STEP], entry[ENTRY_SEATS] = state.bus[p, b, BUS_STEP], state.bus[p, b, BUS_SEATS]
            entry[ENTRY_WAY], entry[ENTRY_WHICH] = state.bus[p, b, BUS_OPTION], b
            entry[ENTRY_RIDE], entry[ENTRY_REST] = state.bus[p, b, BUS_RIDE], state.bus[p, b, BUS_REST]
            b += 1
            n += 1
    return n


@inner_kernel
def _window(
    tables: Tables, state: State, p: int, hub: int, sides: Ints, side: int, count: int, before: int
) -> tuple[int, int, int, int]:
    """What is to be played: which departures, and which steps.

    Returns
    -------
    first : int
        First departure to be played; -1 if nothing has changed.
    alike : int
        Departures at the end that are the same as on the other side.
    begin : int
        First step at which anything may differ.
    settled : int
        Step from which on all who come to change come as they do at present.
    """
    present, begin, settled = 1 - side, NEVER, -1
    if hub >= 0:
        begin, settled = mark_odd(tables, state, hub, sides)
    shortest, first, alike = min(count, before), 0, 0
    while first < shortest and _is_same_departure(state, p, side, first, first):
        first += 1
    while alike < shortest - first and _is_same_departure(
        state, p, side, count - 1 - alike, before - 1 - alike
    ):
        alike += 1
    if first == count == before and settled < 0:
        return -1, 0, 0, -1
    if first < count:
        begin = min(begin, state.journal[side, p, first, ENTRY_STEP])
    if first < before:
        begin = min(begin, state.journal[present, p, first, ENTRY_STEP])
    while first > 0 and state.journal[side, p, first - 1, ENTRY_STEP] >= begin:
        first -= 1
    return first, alike, begin, settled


@inner_kernel
def _is_as_before(tables: Tables, state: State, p: int, side: int, j: int, i: int, t: int) -> bool:
    """Whether before departure ``j``, which is ``i`` on the other side, the same people wait there."""
    return (
        (j == 0 or state.journal[side, p, j - 1, ENTRY_STEP] < t)
        and (i == 0 or state.journal[1 - side, p, i - 1, ENTRY_STEP] < t)
        and state.scratch.waiting[0] == state.journal[1 - side, p, i, ENTRY_WAITING]
        and wait_alike(tables, state, p, t)
    )


@inner_kernel
def _is_same_departure(state: State, p: int, side: int, j: int, i: int) -> bool:
    """Whether an entry of the journal is the same as one of the other side, by whatever vehicle."""
    new, old = state.journal[side, p, j], state.journal[1 - side, p, i]
    return (
        new[ENTRY_STEP] == old[ENTRY_STEP]
        and new[ENTRY_WAY] == old[ENTRY_WAY]
        and new[ENTRY_SEATS] == old[ENTRY_SEATS]
        and new[ENTRY_RIDE] == old[ENTRY_RIDE]
        and new[ENTRY_REST] == old[ENTRY_REST]
    )


@inner_kernel
def _begin(state: State, p: int, side: int, present: int, first: int) -> None:
    """Take over from the other side what happened before a departure."""
    state.left[side, p] = state.stuck[side, p] = 0
    if first == 0:
        state.cost[side, p] = state.waited[side, p] = 0.0
        state.idle[side, p] = state.uses[side, p] = 0
        state.changes[side, p] = 0
        return
    for j in range(first):
        new, old = state.journal[side, p, j], state.journal[present, p, j]
        for column in range(ENTRY_ABOARD, len(new)):
            new[column] = old[column]
        state.paid[side, p, j, 0] = state.paid[present, p, j, 0]
        state.paid[side, p, j, 1] = state.paid[present, p, j, 1]
    entry = state.journal[present, p, first]
    state.cost[side, p], state.waited[side, p] = (
        state.paid[present, p, first, 0],
        state.paid[present, p, first, 1],
    )
    state.idle[side, p] = entry[ENTRY_IDLE]
    _take_uses(state, p, side, present, 0, 0, entry[ENTRY_USES])
    state.scratch.same[p] = entry[ENTRY_USES]
    for h in range(state.changes.shape[2]):
        _take_changes(state, p, side, present, h, 0, 0, entry[ENTRY_CHANGES + h])


@inner_kernel
def _enter_journal(state: State, p: int, side: int, j: int) -> None:
    """Write down what has happened before a departure."""
    entry = state.journal[side, p, j]
    entry[ENTRY_IDLE], entry[ENTRY_USES] = state.idle[side, p], state.uses[side, p]
    entry[ENTRY_WAITING] = state.scratch.waiting[0]
    for h in range(state.changes.shape[2]):
        entry[ENTRY_CHANGES + h] = state.changes[side, p, h]
    state.paid[side, p, j, 0], state.paid[side, p, j, 1] = state.cost[side, p], state.waited[side, p]


@inner_kernel
def _go_on_as_before(state: State, p: int, side: int, present: int, j: int, i: int, count: int) -> None:
    """Take over from the other side all from its departure ``i`` on, which is ``j`` here, to the end."""
    old = state.journal[present, p, i]
    cost = state.cost[side, p] - state.paid[present, p, i, 0]
    waited = state.waited[side, p] - state.paid[present, p, i, 1]
    idle, uses = state.idle[side, p] - old[ENTRY_IDLE], state.uses[side, p] - old[ENTRY_USES]
    state.scratch.alike[p] = state.uses[present, p] - old[ENTRY_USES]
    _take_uses(state, p, side, present, state.uses[side, p], old[ENTRY_USES], state.uses[present, p])
    for n in range(count - j + 1):
        entry, was = state.journal[side, p, j + n], state.journal[present, p, i + n]
        entry[ENTRY_IDLE], entry[ENTRY_USES] = was[ENTRY_IDLE] + idle, was[ENTRY_USES] + uses
        entry[ENTRY_ABOARD], entry[ENTRY_WAITING] = was[ENTRY_ABOARD], was[ENTRY_WAITING]
        for h in range(state.changes.shape[2]):
            more = state.changes[side, p, h] - old[ENTRY_CHANGES + h]
            entry[ENTRY_CHANGES + h] = was[ENTRY_CHANGES + h] + more
        state.paid[side, p, j + n, 0] = state.paid[present, p, i + n, 0] + cost
        state.paid[side, p, j + n, 1] = state.paid[present, p, i + n, 1] + waited
    for h in range(state.changes.shape[2]):
        begin, end = old[ENTRY_CHANGES + h], state.changes[present, p, h]
        _take_changes(state, p, side, present, h, state.changes[side, p, h], begin, end)
    state.cost[side, p] = state.cost[present, p] + cost
    state.waited[side, p] = state.waited[present, p] + waited
    state.idle[side, p] = state.idle[present, p] + idle
    state.left[side, p], state.stuck[side, p] = state.left[present, p], state.stuck[present, p]


@inner_kernel
def _take_uses(state: State, p: int, side: int, present: int, at: int, begin: int, end: int) -> None:
    for n in range(end - begin):
        state.use_row[side, p, at + n] = state.use_row[present, p, begin + n]
        state.use_people[side, p, at + n] = state.use_people[present, p, begin + n]
    state.uses[side, p] = at + end - begin


@inner_kernel
def _take_changes(
    state: State, p: int, side: int, present: int, h: int, at: int, begin: int, end: int
) -> None:
    for n in range(end - begin):
        state.change_group[side, p, h, at + n] = state.change_group[present, p, h, begin + n]
        state.change_step[side, p, h, at + n] = state.change_step[present, p, h, begin + n]
    state.changes[side, p, h] = at + end - begin
