"""Who comes to a hub to change: in which order they join the queues, and how crowded it is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from overland.plan.kernels import inner_kernel, subkernel
from overland.plan.state import BESIDE, CHOICE, LEFT, SIZE, State
from overland.plan.tables import Tables
from overland.plan.waiting import NEVER, NOBODY

Ints = NDArray[np.int64]


@subkernel
def gather_arrivals(tables: Tables, state: State, hub: int) -> None:
    """List who comes to a hub at present, by the step from which they can board, then by number."""
    scratch, first = state.scratch, state.come_first[hub]
    scratch.stamp[0] += 1
    stamp, steps = scratch.stamp[0], len(first) - 1
    first[:] = 0
    for q in range(len(state.side)):
        side = state.side[q]
        for i in range(state.changes[side, q, hub]):
            g, could = state.change_group[side, q, hub, i], state.change_step[side, q, hub, i] + tables.change
            scratch.odd[g], scratch.odd_step[g] = stamp, could
            first[could + 1] += 1
    for step in range(steps):
        first[step + 1] += first[step]
    for q in range(len(state.side)):
        if state.changes[state.side[q], q, hub] > 0:
            for g in range(tables.rider_first[q], tables.rider_first[q + 1]):
                if scratch.odd[g] == stamp:
                    could = scratch.odd_step[g]
                    state.come[hub, first[could]] = g
                    first[could] += 1
    for step in range(steps, 0, -1):
        first[step] = first[step - 1]
    first[0] = 0
    scratch.stamp[0] += 1  # nobody is odd


@inner_kernel
def forget_arrivals(state: State, hub: int) -> None:
    """Let those who come to a hub not have boarded anything yet."""
    for i in range(state.come_first[hub, -1]):
        g = state.come[hub, i]
        state.scratch.member[g, CHOICE] = NOBODY
        state.passed_on[g] = LEFT


@inner_kernel
def mark_odd(tables: Tables, state: State, hub: int, sides: Ints) -> tuple[int, int]:
    """Mark who comes to a hub otherwise than at present, and list those who come, by step, then by number.

    Returns the steps from which the first and the last of them can board, now or then; ``NEVER`` and -1 if
    there is nobody.
    """
    group, step = state.change_group, state.change_step
    scratch, begin, end = state.scratch, NEVER, -1
    scratch.stamp[0] += 1
    stamp, is_limited = scratch.stamp[0], tables.hub_capacity[hub] >= 0
    scratch.odd_count[0] = 0
    for q in range(len(sides)):
        new, old = sides[q], state.side[q]
        if new == old:
            continue
        n, m, same = state.changes[new, q, hub], state.changes[old, q, hub], 0
        while same < min(n, m) and _comes_alike(
            group[new, q, hub], step[new, q, hub], same, group[old, q, hub], step[old, q, hub], same
        ):
            same += 1
        while (
            n > same
            and m > same
            and _comes_alike(
                group[new, q, hub], step[new, q, hub], n - 1, group[old, q, hub], step[old, q, hub], m - 1
            )
        ):
            n, m = n - 1, m - 1
        for i in range(same, m):
            g = state.change_group[old, q, hub, i]
            scratch.odd[g] = stamp
            scratch.odd_step[g] = state.change_step[old, q, hub, i] + tables.change
        for i in range(same, n):
            g, could = state.change_group[new, q, hub, i], state.change_step[new, q, hub, i] + tables.change
            if scratch.odd[g] == stamp and scratch.odd_step[g] == could:
                scratch.odd[g] = 0
                continue
            scratch.odd[g] = stamp
            begin, end = min(begin, could), max(end, could)
            _list_odd(state, g, could)
        for i in range(same, m):
            g = state.change_group[old, q, hub, i]
            if scratch.odd[g] == stamp:
                could = state.change_step[old, q, hub, i] + tables.change
                begin, end = min(begin, could), max(end, could)
                if is_limited:
                    scratch.crowd[could - tables.change] -= state.rider[g, SIZE]
                    scratch.crowd[min(state.passed_on[g], tables.horizon)] += state.rider[g, SIZE]
    for i in range(scratch.odd_count[0] if is_limited else 0):
        g = scratch.odd_group[i]
        scratch.crowd[scratch.odd_step[g] - tables.change] += state.rider[g, SIZE]
    return begin, end


@inner_kernel
def _list_odd(state: State, g: int, could: int) -> None:
    scratch = state.scratch
    scratch.odd_group[scratch.odd_count[0]], scratch.odd_step[g] = g, could
    scratch.odd_count[0] += 1
    ahead, behind = -1, scratch.from_step[could]
    while 0 <= behind < g:
        ahead, behind = behind, scratch.member[behind, BESIDE]
    scratch.member[g, BESIDE] = behind
    if ahead < 0:
        scratch.from_step[could] = g
    else:
        scratch.member[ahead, BESIDE] = g


@inner_kernel
def unlist_odd(state: State) -> None:
    """Empty the lists of those who come otherwise than at present."""
    for i in range(state.scratch.odd_count[0]):
        state.scratch.from_step[state.scratch.odd_step[state.scratch.odd_group[i]]] = -1
    state.scratch.odd_count[0] = 0


@inner_kernel
def sends_otherwise(state: State, p: int, hub: int) -> bool:
    """Whether a place sends other groups to a hub, or at other steps, on one side than on the other."""
    group, step = state.change_group, state.change_step
    n, same = state.changes[0, p, hub], 0
    if n != state.changes[1, p, hub]:
        return True
    while same < n and _comes_alike(
        group[0, p, hub], step[0, p, hub], same, group[1, p, hub], step[1, p, hub], same
    ):
        same += 1
    return same < n


@inner_kernel
def _comes_alike(new_group: Ints, new_step: Ints, j: int, group: Ints, step: Ints, i: int) -> bool:
    """Whether an entry of those sent to a hub is the same on one side as one on another."""
    return new_group[j] == group[i] and new_step[j] == step[i]


@inner_kernel
def more_crowding(tables: Tables, state: State, p: int, hub: int) -> int:
    """By how many person-steps a hub, whose departures have been played, is more above its capacity than now.

    What has been noted of the change of the crowd is used up.
    """
    scratch, horizon = state.scratch, tables.horizon
    first, last = tables.rider_first[p], tables.rider_first[p + 1]
    for i in range(scratch.boarded_first[p], scratch.boarded_last[p]):
        g, t = scratch.boarded[i, 0], min(scratch.boarded[i, 1], horizon)
        n = state.rider[g, SIZE]
        if first <= g < last:
            if tables.arrived[g] >= 0:
                scratch.standing[min(state.gone[g], horizon + 1)] += n
                scratch.standing[min(scratch.boarded[i, 1], horizon + 1)] -= n
        else:
            scratch.crowd[t] -= n
            if scratch.odd[g] != scratch.stamp[0]:
                scratch.crowd[min(state.passed_on[g], horizon)] += n
    capacity, crowd, standing, excess = tables.hub_capacity[hub], 0, 0, 0
    for t in range(horizon + 1):
        crowd += scratch.crowd[t]
        standing += scratch.standing[t]
        if crowd != 0 or standing != 0:
            excess += _above(state.crowd[hub, t] + crowd, state.standing[hub, t] + standing, capacity)
            excess -= _above(state.crowd[hub, t], state.standing[hub, t], capacity)
    scratch.crowd[:] = scratch.standing[:] = 0
    return excess


@inner_kernel
def _above(crowd: int, standing: int, capacity: int) -> int:
    """People above the capacity of a hub; those of the crowd who were on the way there already may come."""
    return max(0, min(crowd, crowd + standing - capacity))


@subkernel
def count_crowd(tables: Tables, state: State, hub: int) -> int:
    """Count who is in transit at a hub at each step; return the person-steps above its capacity."""
    if tables.hub_capacity[hub] < 0:
        return 0
    crowd, standing, horizon = state.crowd[hub], state.standing[hub], tables.horizon
    crowd[:] = standing[:] = 0
    for g in range(tables.rider_first[tables.hubs[hub]], tables.rider_first[tables.hubs[hub] + 1]):
        if tables.arrived[g] >= 0:
            standing[tables.arrived[g]] += state.rider[g, SIZE]
            standing[min(state.gone[g], horizon + 1)] -= state.rider[g, SIZE]
    for step in range(len(state.come_first[hub]) - 1):
        for i in range(state.come_first[hub, step], state.come_first[hub, step + 1]):
            g = state.come[hub, i]
            crowd[step - tables.change] += state.rider[g, SIZE]
            crowd[min(state.passed_on[g], horizon)] -= state.rider[g, SIZE]
    excess = 0
    for t in range(horizon + 1):
        if t > 0:
            crowd[t] += crowd[t - 1]
            standing[t] += standing[t - 1]
        excess += _above(crowd[t], standing[t], tables.hub_capacity[hub])
    return excess
