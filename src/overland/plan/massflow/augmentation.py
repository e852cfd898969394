"""More people to the sink at one step, until no more can be there."""

from __future__ import annotations

from typing import Any

from overland.plan.kernels import kernel
from overland.plan.massflow.expansion import NEVER
from overland.plan.massflow.labels import LOST, doubt, relabel, unlabel
from overland.plan.massflow.residual import move, possible_in, way_at


@kernel
def open_step(layout: Any, room: Any, last: int) -> None:
    """Let copies in that matter for arrivals at step ``last`` and not before."""
    nodes, count = len(layout.release), 0
    for v in range(nodes):
        if layout.distance[v] <= last:
            x = v << room.bits | (last - layout.distance[v] + 1)
            room.mark[x] = LOST
            room.label[x] = NEVER  # an interruption may have it opened twice
            room.lost[count] = x
            count += 1
    relabel(layout, room, last, count)


@kernel
def augment(layout: Any, room: Any, last: int, most: int) -> bool:
    """Bring people to the sink at step ``last`` by ways of least label, until no more can come.

    Stops after about ``most`` copies have been looked at. Returns whether no more can come.
    """
    mask, looked = (1 << room.bits) - 1, 0
    sink = layout.sink << room.bits | (last + 1)
    while room.label[sink] < NEVER and looked < most:
        persons, x = 1 << 30, sink
        while x & mask or room.label[x] > 0:
            y, kind, arc, at = way_at(layout, room, x, room.parent[x])
            persons = min(persons, possible_in(layout, room, kind, arc, at))
            x = y
            looked += 1
        source = x >> room.bits
        persons = min(persons, room.left[source])
        room.left[source] -= persons
        if room.left[source] == 0:
            doubt(room, x)
        x = sink
        while x & mask or room.label[x] > 0:
            y, kind, arc, at = way_at(layout, room, x, room.parent[x])
            move(room, kind, at, persons)
            if possible_in(layout, room, kind, arc, at) == 0:
                doubt(room, x)
            x = y
        count = unlabel(layout, room, last, 0)
        relabel(layout, room, last, count)
        looked += count
    return room.label[sink] == NEVER
