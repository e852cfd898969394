"""How a driver gets along in a future: by the planned way, or round what is closed as far as that is known.

A closure that was forecast is kept to as in the plan: nobody is caught by it. One that nobody foresaw stops
those who come to it while it lasts; who is on the road already gets through. What is known of it where nobody
can be told anything is what one sees: that the road ahead is closed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from overland.futures.happenings import Conditions
from overland.futures.world import World
from overland.plan.kernels import inner_kernel, subkernel
from overland.roads.search.earliest import drop_first, entry, push
from overland.roads.search.graph import NOWHERE

Ints = NDArray[np.int64]
Rows = NDArray[np.void]

KEEP, DETOUR = 0, 1
"""Policies: keep to the plan; or look for another way, and another crossing, as far as one knows."""


FOUND = np.dtype([("arrival", "i8"), ("via", "i8"), ("settled", "?")])
"""Of a node: earliest arrival (ms), arc by which it is reached (-1: none), and whether that is final."""


class Scratch(NamedTuple):
    """Room to look for ways in, for a layer: what is found of each node, a heap, and arcs still to drive."""

    node: Rows
    heap_key: Ints
    heap_node: NDArray[np.int32]
    way: Ints


def new_scratch(nodes: int, arcs: int) -> Scratch:
    """Room for graphs of so many nodes and arcs."""
    return Scratch(
        np.empty(nodes, FOUND),
        np.empty(arcs + 1, np.int64),
        np.empty(arcs + 1, np.int32),
        np.empty(arcs + 1, np.int64),
    )


@inner_kernel
def opens(now: int, segment: int, conditions: Conditions) -> int:
    """When a road can be entered, from now on, if only what nobody foresaw closes it."""
    for i in range(conditions.closed_first[segment], conditions.closed_first[segment + 1]):
        if conditions.closed[i, 0] <= now < conditions.closed[i, 1]:
            now = conditions.closed[i, 1]
    return now


@inner_kernel
def slowness(now: int, node: int, world: World, conditions: Conditions) -> float:
    """Factor on the time of a road that is entered at a node now."""
    travel, millis = conditions.travel, world.terms.step_minutes * 60_000
    period = min(now // (millis * conditions.period), travel.shape[1] - 1)
    return float(travel[world.layers.region[node % world.layers.nodes], period])


@subkernel
def is_told(now: int, node: int, world: World, conditions: Conditions) -> bool:
    """Whether one who is at a node now can be told anything."""
    region, step = world.layers.region[node % world.layers.nodes], now // (world.terms.step_minutes * 60_000)
    return not conditions.silent[region, 0] <= step < conditions.silent[region, 1]


@subkernel
def look_for_ways(
    source: int, now: int, told: bool, world: World, conditions: Conditions, room: Scratch
) -> None:
    """Earliest arrivals from a node, at all nodes of its layer, by what is known now: into ``room``."""
    layers = world.layers
    base = source // layers.nodes * layers.nodes
    for i in range(layers.nodes):
        found = room.node[i]
        found.arrival, found.via, found.settled = NOWHERE, -1, False
    room.heap_key[0], room.heap_node[0] = now, source
    room.node[source - base].arrival = now
    size = 1
    while size > 0:
        node = room.heap_node[0]
        here = room.node[node - base]
        size = drop_first(room.heap_key, room.heap_node, size)
        if here.settled:
            continue
        here.settled = True
        if layers.terminal[node] and node != source:
            continue
        slow = slowness(now, node, world, conditions)
        for i in range(layers.first[node], layers.first[node + 1]):
            arc, enter = layers.arc[i], here.arrival
            if told or node == source:
                known = opens(now, arc.segment % layers.segments, conditions)
                if known > now:
                    enter = max(enter, known)
            millis = round(arc.millis * slow)
            first, end = layers.closed_first[arc.segment], layers.closed_first[arc.segment + 1]
            enter = entry(enter, millis, layers.closed, first, end)
            to = room.node[arc.head - base]
            if enter < NOWHERE and enter + millis < to.arrival:
                to.arrival, to.via = enter + millis, i
                size = push(room.heap_key, room.heap_node, size, enter + millis, arc.head)


@subkernel
def take_way(target: int, world: World, room: Scratch) -> int:
    """Write the arcs of the way found to a node of the layer into ``room.way``, last first; how many."""
    count, node = 0, target
    while room.node[node].via >= 0:
        room.way[count] = room.node[node].via
        node = world.layers.arc[room.way[count]].tail % world.layers.nodes
        count += 1
    return count


@subkernel
def is_blocked(
    now: int, node: int, count: int, told: bool, world: World, conditions: Conditions, room: Scratch
) -> bool:
    """Whether one of the arcs still to be driven is known, at a node, to be closed now."""
    layers = world.layers
    for i in range(count - 1, -1, -1):
        arc = room.way[i]
        segment = layers.arc[arc].segment % layers.segments
        if (told or layers.arc[arc].tail == node) and opens(now, segment, conditions) > now:
            return True
    return False


@subkernel
def _other_gate(gate: int, admits: int, world: World, room: Scratch) -> int:
    """The gate of the same mode that is reached first by the ways found, and lets all in; -1 for none."""
    best, soonest, gates = -1, NOWHERE, world.gates
    for g in range(len(gates.gate)):
        arrival = room.node[world.layers.base + gates.gate[g].node].arrival
        if (
            gates.gate[g].mode == gates.gate[gate].mode
            and admits >> gates.gate[g].country & 1
            and arrival < soonest
        ):
            best, soonest = g, arrival
    return best


@subkernel
def drive(
    way: int, origin: int, target: int, layer: int, depart: int, gate: int, admits: int, policy: int,
    world: World, conditions: Conditions, room: Scratch,
) -> tuple[int, int, int]:  # fmt: skip
    """Drive from a node of the case to another.

    Parameters
    ----------
    way : int
        The planned way; -1 to look for one.
    depart : int
        Milliseconds after the start.
    gate, admits : int
        Where it leads to a crossing that need not be kept to: the gate, and the countries that let everybody
        aboard in. Else ``admits`` is 0.

    Returns
    -------
    arrive : int
        Milliseconds after the start; ``NOWHERE`` if one is stuck on the way.
    node : int
        Where one is then, by its number in the layer.
    gate : int
        The gate that it leads to now.
    """
    layers, ways = world.layers, world.ways
    node, now, goal = layer * layers.nodes + layers.base + origin, depart, layers.base + target
    count = 0
    if way >= 0:
        count = ways.way[way].end - ways.way[way].first
        for i in range(count):
            room.way[count - 1 - i] = ways.arc[ways.way[way].first + i]
    elif origin != target:
        look_for_ways(node, now, is_told(now, node, world, conditions), world, conditions, room)
        count = take_way(goal, world, room)
        if count == 0:
            return NOWHERE, node % layers.nodes, gate
    end = world.terms.horizon * world.terms.step_minutes * 60_000
    while count > 0:
        if now > end:
            return NOWHERE, node % layers.nodes, gate
        if policy == DETOUR and len(conditions.closed) > 0:
            told = is_told(now, node, world, conditions)
            if is_blocked(now, node, count, told, world, conditions, room):
                look_for_ways(node, now, told, world, conditions, room)
                if room.node[goal].arrival == NOWHERE and admits != 0:
                    other = _other_gate(gate, admits, world, room)
                    if other >= 0:
                        gate, goal = other, layers.base + world.gates.gate[other].node
                if room.node[goal].arrival < NOWHERE:
                    count = take_way(goal, world, room)
        arc = room.way[count - 1]
        millis = round(layers.arc[arc].millis * slowness(now, node, world, conditions))
        enter = _enter(now, millis, layers.arc[arc].segment, world, conditions)
        if enter >= NOWHERE:
            return NOWHERE, node % layers.nodes, gate
        now, node, count = enter + millis, layers.arc[arc].head, count - 1
    return now, node % layers.nodes, gate


@inner_kernel
def _enter(now: int, millis: int, segment: int, world: World, conditions: Conditions) -> int:
    """When a road is entered by one who stands before it now, whatever closes it."""
    layers = world.layers
    first, end = layers.closed_first[segment], layers.closed_first[segment + 1]
    while True:
        enter = entry(now, millis, layers.closed, first, end)
        if enter >= NOWHERE:
            return NOWHERE
        now = opens(enter, segment % layers.segments, conditions)
        if enter == now or now >= NOWHERE:
            return now
