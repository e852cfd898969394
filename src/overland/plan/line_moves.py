"""Moves of the search that need lines: trips of lines put in, changed, and made of other trips."""

from __future__ import annotations

import numpy as np

from overland.plan.change import Change
from overland.plan.kernels import subkernel
from overland.plan.moves import best_gap, copy_chain, insert_trip
from overland.plan.state import State
from overland.plan.tables import Tables

LINES_SHARE = 0.25  # of all moves but those of drivers, where a case has lines
NEAR = 6  # steps about the departure of a trip at which a trip of a line in its place aims
WIDE = 200  # steps from the start within which a trip without a better reason is put


@subkernel
def propose_line(tables: Tables, state: State, change: Change) -> bool:
    """Draw a change of a trip of a line, into ``change``; says whether there is one to try."""
    change.vehicle[:] = -1
    change.call[:] = -1
    if len(state.count) == 0 or len(tables.family_first) < 2:
        return False
    draw = np.random.random()
    if draw < 0.4:
        return _insert_line(tables, state, change)
    return _change_trip(tables, state, change)


@subkernel
def _any_variant(tables: Tables, family: int) -> int:
    """A variant of a family; the one without caps more often than the others."""
    first, last = tables.family_first[family], tables.family_first[family + 1]
    if np.random.random() < 0.3:
        return first
    return first + np.random.randint(last - first)


@subkernel
def _insert_line(tables: Tables, state: State, change: Change) -> bool:
    """Put a trip of a line into the chain it fits best, about when somebody at one of its stops is ready."""
    family = np.random.randint(len(tables.family_first) - 1)
    plain = tables.family_first[family]
    p, o = tables.line_place[plain], tables.line_option[plain]
    first, last = tables.ride_first[plain], tables.ride_first[plain + 1]
    r = first + np.random.randint(last - first)
    q, t = tables.ride_place[r], np.random.randint(min(tables.horizon, WIDE))
    groups = tables.rider_first[q + 1] - tables.rider_first[q]
    if groups > 0 and np.random.random() < 0.7:
        ready = tables.ready[tables.rider_first[q] + np.random.randint(groups)]
        at = min(ready, tables.horizon - 1)
        way = tables.ride_leaves[at, r] - at if tables.ride_leaves[at, r] >= 0 else 0
        t = ready - way + np.random.randint(4)
    t = max(t, tables.loading)
    if t >= tables.horizon:
        return False
    v, at = best_gap(tables, state, p, o, t)
    if v < 0:
        return False
    copy_chain(state, v, 0, change)
    for i in range(at, change.count[0]):  # what follows keeps its time if it can
        change.target[0, i] = state.depart[v, i]
    insert_trip(change, 0, at, p, tables.line_option[_any_variant(tables, family)], t)
    return True


@subkernel
def _change_trip(tables: Tables, state: State, change: Change) -> bool:
    """Cap the rides of a trip of a line otherwise, or make one of another trip."""
    v = np.random.randint(len(state.count))
    if state.count[v] == 0:
        return False
    copy_chain(state, v, 0, change)
    i = np.random.randint(change.count[0])
    line = tables.option_line[change.option[0, i]]
    if line >= 0:
        family = 0
        while tables.family_first[family + 1] <= line:
            family += 1
        other = _any_variant(tables, family)
        change.option[0, i] = tables.line_option[other]
        return other != line
    family = np.random.randint(len(tables.family_first) - 1)
    plain = tables.family_first[family]
    p, o, m = tables.line_place[plain], tables.line_option[plain], tables.type_make[state.type[v]]
    if not tables.option_first[p, m] <= o < tables.option_first[p, m + 1]:
        return False
    change.place[0, i], change.option[0, i] = p, tables.line_option[_any_variant(tables, family)]
    change.target[0, i] = max(0, state.depart[v, i] + np.random.randint(-NEAR, NEAR + 1))
    return True
