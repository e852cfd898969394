"""Who waits at a place: a queue for each class, in the order in which people could board first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from overland.plan.kernels import inner_kernel
from overland.plan.state import BEHIND, BESIDE, QUEUE, READY, SINCE, SIZE, State
from overland.plan.tables import Tables

Ints = NDArray[np.int64]

NOBODY = -(2**62)
NEVER = 2**62


@inner_kernel
def hub_number(tables: Tables, p: int) -> int:
    """Position of a place among the hubs; -1 if it is none."""
    for h in range(len(tables.hubs)):
        if tables.hubs[h] == p:
            return h
    return -1


@inner_kernel
def open_queues(state: State, p: int) -> None:
    """Empty the queues of a place."""
    scratch = state.scratch
    for k in range(len(scratch.head)):
        scratch.head[k] = -1
        scratch.coming[k] = state.class_first[p, k]
    scratch.by_size[:] = 0
    scratch.least[0] = len(scratch.by_size)
    scratch.waiting[0] = scratch.gathered[0] = 0


@inner_kernel
def queue_up(tables: Tables, state: State, p: int, hub: int, t: int, begin: int) -> None:
    """Let those join the queues who can board by a step, but for who has left before the step ``begin``.

    Of those who can board from the same step on, the place's own groups stand before those who came to
    change, and these stand by number.
    """
    scratch = state.scratch
    if hub >= 0:
        last = min(t, len(scratch.from_step) - 1)
        for step in range(scratch.gathered[0], last + 1):
            i, end, odd = (
                state.come_first[hub, step],
                state.come_first[hub, step + 1],
                scratch.from_step[step],
            )
            if i == end and odd < 0:
                continue
            _join_own(state, p, step, begin)
            while i < end or odd >= 0:
                if odd < 0 or (i < end and state.come[hub, i] < odd):
                    g = state.come[hub, i]
                    i += 1
                    if scratch.odd[g] == scratch.stamp[0] or (step < begin and state.passed_on[g] < begin):
                        continue
                else:
                    g = odd
                    odd = scratch.member[g, BESIDE]
                _join(state, state.rider[g, QUEUE], g, step - tables.change)
        scratch.gathered[0] = last + 1
    _join_own(state, p, t, begin)


@inner_kernel
def _join_own(state: State, p: int, t: int, begin: int) -> None:
    scratch = state.scratch
    for k in range(len(scratch.head)):
        g = scratch.coming[k]
        while g < state.class_first[p, k + 1] and state.rider[g, READY] <= t:
            if state.gone[g] >= begin:
                _join(state, k, g, state.rider[g, READY])
            g += 1
        scratch.coming[k] = g


@inner_kernel
def _join(state: State, k: int, g: int, since: int) -> None:
    """Put a group at the end of the queue of a class."""
    scratch = state.scratch
    scratch.member[g, BEHIND] = -1
    scratch.member[g, SINCE] = since
    if scratch.head[k] < 0:
        scratch.head[k] = g
    else:
        scratch.member[scratch.tail[k], BEHIND] = g
    scratch.tail[k] = g
    scratch.by_size[state.rider[g, SIZE]] += 1
    scratch.least[0] = min(scratch.least[0], state.rider[g, SIZE])
    scratch.waiting[0] += 1


@inner_kernel
def wait_alike(tables: Tables, state: State, p: int, t: int) -> bool:
    """Whether all who wait at a step, before anybody leaves at it, wait there at present, too.

    Those who come to change otherwise than at present count as others.
    """
    scratch, first, last = state.scratch, tables.rider_first[p], tables.rider_first[p + 1]
    for k in range(len(scratch.head)):
        g = scratch.head[k]
        while g >= 0:
            if first <= g < last:
                if state.gone[g] < t:
                    return False
            elif scratch.odd[g] == scratch.stamp[0] or state.passed_on[g] < t:
                return False
            g = scratch.member[g, BEHIND]
    return True
