"""Neighbours of a copy: who can come here, by moving or by undoing what others do.

Ways at copy ``x`` are numbered. At a node at a step: 0 to those who wait there, then each arc into the node,
then each arc out of it. At those who wait: each step at which they may leave. Every way can be taken in both
directions, one of which undoes movements; whether it is open is asked last, since that is what costs most.
"""

from __future__ import annotations

from typing import Any

from overland.plan.kernels import inner_kernel

STAY, LEAVE, ENTER, GO_ON = 0, 1, 2, 3
"""Kinds of ways, by where ``x`` stands: waiting, having left, at the end of an arc, at its start."""


@inner_kernel
def ways(layout: Any, room: Any, x: int, last: int) -> int:
    """Number after that of the last way at a copy; ``last`` is the last step of arrivals."""
    v = x >> room.bits
    if x == v << room.bits:
        return last - layout.distance[v] + 1
    return 1 + layout.in_first[v + 1] - layout.in_first[v] + layout.out_first[v + 1] - layout.out_first[v]


@inner_kernel
def first_way(room: Any, x: int) -> int:
    """Number of the first way at a copy: for those who wait, to the first step that is not dead.

    What is dead at a node is mostly its first steps, more and more of them.
    """
    v, bits = x >> room.bits, room.bits
    if x != v << bits:
        return 0
    step = room.alive[v]
    while step + 2 < 1 << bits and room.death[x + step + 1] >= 0:
        step += 1
    room.alive[v] = step
    return step


@inner_kernel
def way_at(layout: Any, room: Any, x: int, way: int) -> tuple[int, int, int, int]:
    """The copy at the other end of a way (-1: none), its kind, its arc, and where its persons are noted."""
    bits = room.bits
    v, step = x >> bits, (x & ((1 << bits) - 1)) - 1
    if step < 0:
        return x + way + 1, STAY, v, x + way
    if way == 0:
        return v << bits, LEAVE, v, x - 1
    k = layout.in_first[v] + way - 1
    beyond = k - layout.in_first[v + 1]
    if beyond < 0:
        arc = layout.in_arc[k]
        enter = step - layout.transit[arc]
        y = layout.tail[arc] << bits | (enter + 1)
        return (y if enter >= 0 else -1), ENTER, arc, arc << bits | enter
    arc = layout.out_first[v] + beyond
    leave = step + layout.transit[arc]
    y = layout.head[arc] << bits | (leave + 1)
    return (y if leave + 1 < 1 << bits else -1), GO_ON, arc, arc << bits | step


@inner_kernel
def label_in(layout: Any, kind: int, arc: int, label: int) -> int:
    """The label of the copy if it is reached by a way from one that is labelled."""
    if kind == ENTER:
        return label + 2 * layout.weight[arc] if label & 1 else label + 1
    if kind == LEAVE:
        return label | 1
    if label & 1:
        return label + 1
    return label + 2 * layout.weight[arc] if kind == GO_ON else label


@inner_kernel
def label_out(layout: Any, kind: int, arc: int, label: int) -> int:
    """The label of the copy at the other end if it is reached from this one, which is labelled."""
    if kind == GO_ON:
        return label + 2 * layout.weight[arc] if label & 1 else label + 1
    if kind == STAY:
        return label | 1
    if label & 1:
        return label + 1
    return label + 2 * layout.weight[arc] if kind == ENTER else label


@inner_kernel
def possible_in(layout: Any, room: Any, kind: int, arc: int, at: int) -> int:
    """How many more can take a way towards the copy."""
    if kind == ENTER:
        return layout.capacity[arc] - room.flow[at]
    if kind == LEAVE:
        return (1 << 30) if (at & ((1 << room.bits) - 1)) >= layout.release[arc] else 0
    return room.flow[at] if kind == GO_ON else room.depart[at]


@inner_kernel
def open_out(layout: Any, room: Any, kind: int, arc: int, at: int) -> bool:
    """Whether anybody more can take a way away from the copy."""
    if kind == GO_ON:
        return room.flow[at] < layout.capacity[arc]
    if kind == STAY:
        return (at & ((1 << room.bits) - 1)) >= layout.release[arc]
    return room.flow[at] > 0 if kind == ENTER else room.depart[at] > 0


@inner_kernel
def other_number(layout: Any, x: int, room: Any, kind: int, arc: int) -> int:
    """The number of a way as it is counted at its other end."""
    if kind == GO_ON:
        return layout.in_slot[arc]
    if kind == ENTER:
        u = layout.tail[arc]
        return 1 + layout.in_first[u + 1] - layout.in_first[u] + arc - layout.out_first[u]
    return 0 if kind == STAY else (x & ((1 << room.bits) - 1)) - 1


@inner_kernel
def move(room: Any, kind: int, at: int, persons: int) -> None:
    """Let persons take a way towards the copy."""
    if kind == ENTER:
        room.flow[at] += persons
    elif kind == GO_ON:
        room.flow[at] -= persons
    elif kind == LEAVE:
        room.depart[at] += persons
    else:
        room.depart[at] -= persons
