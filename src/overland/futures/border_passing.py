"""Getting across in a future: the drive to a gate, or a better one, the wait there, room in its windows."""

from __future__ import annotations

from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from overland.futures.driving import DETOUR, Scratch, drive, is_blocked, is_told, look_for_ways
from overland.futures.happenings import Conditions
from overland.futures.world import World
from overland.plan.kernels import subkernel
from overland.roads.search.graph import NOWHERE

Ints = NDArray[np.int64]

GRACE_MILLIS = 100  # as in the road times: that do not make a step more
MOST_GATES = 4  # that are tried one after another, each found shut


@subkernel
def arrives_at_step(step: int, arrive: int, world: World) -> int:
    """Step at which one who left at a step arrives, as plans count it: the time on the road rounded up."""
    millis = world.terms.step_minutes * 60_000
    return step - (-max(0, arrive - step * millis - GRACE_MILLIS) // millis)


@subkernel
def _wait(gate: int, arrive: int, seen: int, world: World, conditions: Conditions) -> int:
    """Steps that one waits who reaches a gate at a step, if it goes on there as it does at step ``seen``."""
    period = min(seen // conditions.period, conditions.wait.shape[1] - 1)
    minutes = world.gates.wait_hours[gate, arrive] * conditions.wait[gate, period] * 60
    return ceil(float(minutes) / world.terms.step_minutes - 1e-9)


@subkernel
def at_gate(gate: int, arrive: int, world: World, conditions: Conditions) -> int:
    """Step at which one who reaches a gate at a step has waited and finds it open; -1: not by the horizon."""
    step = arrive + _wait(gate, arrive, arrive, world, conditions)
    return int(world.gates.following[gate, step]) if step <= world.terms.horizon else -1


@subkernel
def first_room(gate: int, step: int, people: int, used: Ints, world: World, conditions: Conditions) -> int:
    """The first step from one on at which a gate has room for some people; -1 for none.

    Who are more than pass in a window pass in one that nobody else uses.
    """
    gates, horizon = world.gates, world.terms.horizon
    while 0 <= step <= horizon:
        step = gates.following[gate, step]
        if step < 0 or step >= conditions.gate[gate].shut:
            return -1
        window = gates.window[step]
        limit = floor(
            gates.gate[gate].rate * conditions.gate[gate].rate * gates.open_steps[gate, window] + 1e-9
        )
        if used[gate, window] + people <= limit or (used[gate, window] == 0 and limit > 0):
            return step
        while step <= horizon and gates.window[step] == window:
            step += 1
    return -1


@subkernel
def _expected(gate: int, arrive: int, step: int, used: Ints, world: World, conditions: Conditions) -> int:
    """Step at which one who will reach a gate expects to pass it, as far as is known at a step."""
    never = world.terms.horizon + 1
    if arrive >= never or conditions.gate[gate].shut <= step:
        return never
    at = arrive + _wait(gate, arrive, step, world, conditions)
    across = first_room(gate, at, 1, used, world, conditions)
    return never if across < 0 else across


@subkernel
def _better_gate(
    gate: int, node: int, step: int, patience: int, admits: int, used: Ints, world: World,
    conditions: Conditions, room: Scratch,
) -> int:  # fmt: skip
    """The gate of the same mode to go to from a node of all layers, by what is known at a step.

    It is that where everybody would be across first; another than the first one only if it is so many steps
    better as patience says.
    """
    gates, layers = world.gates, world.layers
    look_for_ways(node, step * world.terms.step_minutes * 60_000, True, world, conditions, room)
    best, soonest = gate, world.terms.horizon + 1
    for g in range(len(gates.gate)):
        arrival = room.node[layers.base + gates.gate[g].node].arrival
        if (
            gates.gate[g].mode == gates.gate[gate].mode
            and admits >> gates.gate[g].country & 1
            and arrival < NOWHERE
        ):
            there = arrives_at_step(step, arrival, world)
            across = _expected(g, there, step, used, world, conditions)
            if g == gate:
                across -= patience
            if across < soonest:
                best, soonest = g, across
    return best


@subkernel
def drive_to_gate(
    way: int, origin: int, layer: int, step: int, gate: int, takes: int, planned: int, admits: int,
    policy: int, used: Ints, world: World, conditions: Conditions, room: Scratch,
) -> tuple[int, int, int]:  # fmt: skip
    """Drive to a gate, or to a better one as the policy allows.

    Who would pass much later than planned, or knows that the road is closed, looks for a better gate before
    leaving. Who finds it shut goes on to another.

    Parameters
    ----------
    way, takes : int
        The planned way, or -1 for the best that is found, and the steps that it is to take.
    gate, planned : int
        The planned gate, and the step at which it was to be passed.
    admits : int
        Countries that let everybody in who is to pass; 0 keeps to the gate.
    used : int64 (gates, windows)
        People who pass.

    Returns
    -------
    there : int
        Step at which one is there; -1 if one is stuck on the road.
    gate : int
        The gate it is.
    node : int
        Where one is, by its number in the layer.
    """
    terms, base = world.terms, layer * world.layers.nodes + world.layers.base
    millis, there, at = terms.step_minutes * 60_000, -1, 0
    if policy != DETOUR:
        admits = 0
    if admits != 0 and is_told(step * millis, base + origin, world, conditions):
        late = _expected(gate, step + takes, step, used, world, conditions) - planned >= terms.patience
        if not late and way >= 0 and len(conditions.closed) > 0:
            begin, end = world.ways.way[way].first, world.ways.way[way].end
            for i in range(end - begin):
                room.way[i] = world.ways.arc[begin + i]
            late = is_blocked(step * millis, base + origin, end - begin, True, world, conditions, room)
        if late:
            best = _better_gate(
                gate, base + origin, step, terms.patience, admits, used, world, conditions, room
            )
            if best != gate:
                gate, way = best, -1
    for _ in range(MOST_GATES):
        target = world.gates.gate[gate].node
        arrive, at, gate = drive(
            way, origin, target, layer, step * millis, gate, admits, policy, world, conditions, room
        )
        if arrive >= NOWHERE:
            return -1, gate, at
        there = arrives_at_step(step, arrive, world)
        if admits == 0 or there < conditions.gate[gate].shut or there >= terms.horizon:
            break
        origin, step, way = world.gates.gate[gate].node, there, -1
        other = _better_gate(gate, base + origin, step, 0, admits, used, world, conditions, room)
        if other == gate:
            break
        gate = other
    return there, gate, at
