"""A plan carried out in one future, event by event: who is out when, and who is left where.

Vehicles, services and own cars follow their orders one after another. A bus leaves when it is to, or as soon
as it is there and loaded; a crew that has driven too long rests first. Who is not there when it leaves stays
behind. Those whose own departure is over without them, and newcomers, take whatever seats are left on what
leaves for where they may go. Everybody passes a border when the wait is over and the rate of the window
allows it; who comes first takes what there is.
"""

from __future__ import annotations

from overland.futures.border_passing import arrives_at_step, at_gate, drive_to_gate, first_room
from overland.futures.driving import drive
from overland.futures.happenings import Happenings
from overland.futures.orders import ACROSS, BOARD, HUB, TRIP
from overland.futures.play import (
    ALONE,
    BUS_LEAVES,
    DRIVEN,
    DRIVES,
    EXPECTED,
    MOVES,
    OUT,
    OVERDUE,
    PASS,
    REACH_HUB,
    REDIRECTED,
    RUN_LEAVES,
    UNDER_WAY,
    WAITING,
    Play,
    expect,
    expose_at_place,
    expose_under_way,
    is_there,
    leave_place,
    new_play,
    next_event,
)
from overland.futures.seats import load, overdue, reach_hub, stand_by_from_now
from overland.futures.world import World
from overland.plan.kernels import is_ready, kernel, subkernel
from overland.roads.search.graph import NOWHERE


def carry_out(world: World, happenings: Happenings, policy: int) -> Play:
    """Carry a plan out in one future.

    Parameters
    ----------
    world : World
        The plan and its case.
    happenings : Happenings
        The future.
    policy : int
        ``KEEP`` or ``DETOUR``.

    Returns
    -------
    Play
        What came of it: see ``person`` and ``tally``. Whoever is not out is counted where they are.
    """
    play = new_play(world, happenings, policy)
    _play_out(play)
    return play


def is_compiled() -> bool:
    """Whether the kernels are in memory or can be loaded from the cache of compiled code."""
    return is_ready(_play_out)


@kernel
def _play_out(play: Play) -> None:
    """All events until there are no more, then what is left."""
    _set_going(play)
    while play.tally[EXPECTED] > 0:
        step, kind, about = next_event(play)
        if kind == OVERDUE:
            overdue(about, play)
        elif kind == PASS:
            _pass_border(about, step, play)
        elif kind == REACH_HUB:
            reach_hub(about, step, play)
        elif kind == RUN_LEAVES:
            load(about, step, play)
            _reach_stop(about + 1, play.world.orders.stop[about + 1].arrives, play)
        elif kind == BUS_LEAVES:
            _bus_leaves(about, step, play)
        elif kind == MOVES:
            _vehicle_moves(about, step, play)
        else:
            _car_leaves(about, step, play)
    _end(play)


@subkernel
def _set_going(play: Play) -> None:
    """Expect what is to happen by the clock: vehicles ready, services, own cars."""
    orders, horizon, cancelled = play.world.orders, play.world.terms.horizon, play.conditions.run_cancelled
    first_run = len(orders.trip) - len(cancelled)
    for v in range(len(orders.vehicle)):
        _begin_next(v, play.vehicle[v].ready, play)
    for stop in range(len(orders.stop)):
        trip, leaves = orders.stop[stop].trip, orders.stop[stop].leaves
        goes = trip >= first_run and not cancelled[trip - first_run]
        if goes and stop + 1 < orders.trip[trip].end and 0 <= leaves < horizon:
            expect(play, leaves, RUN_LEAVES, stop)
        if orders.stop[stop].listed_first < orders.stop[stop].listed_end and leaves + 1 < horizon:
            expect(play, leaves + 1, OVERDUE, stop)
    for g in range(len(orders.group)):
        leaves = max(orders.group[g].drive_at, play.person[g].ready)
        if orders.group[g].drive >= 0:
            if leaves < horizon:
                expect(play, leaves, DRIVES, g)
        elif orders.group[g].on < 0:
            stand_by_from_now(g, orders.group[g].home, play)


@subkernel
def _give_up(v: int, play: Play) -> None:
    """A vehicle does nothing more."""
    play.vehicle[v].event = play.world.orders.vehicle[v].end


@subkernel
def _drove(v: int, steps: int, play: Play) -> None:
    play.vehicle[v].driving += steps
    play.tally[DRIVEN] += steps


@subkernel
def _begin_next(v: int, free: int, play: Play) -> None:
    """Expect what a vehicle does next, once it is free at a step: after a rest, if its crew must."""
    orders, horizon = play.world.orders, play.world.terms.horizon
    e, rest = play.vehicle[v].event, orders.vehicle[v].rest
    if e >= orders.vehicle[v].end:
        return
    begins = max(orders.event[e].begins, free)
    if play.vehicle[v].began < 0 or begins - free >= rest:
        play.vehicle[v].driving, play.vehicle[v].began = 0, begins
    elif (
        play.vehicle[v].driving + orders.event[e].drives > orders.vehicle[v].driving
        or begins + orders.event[e].lasts - play.vehicle[v].began > orders.vehicle[v].duty
    ):
        begins = max(begins, free + rest)
        play.vehicle[v].driving, play.vehicle[v].began = 0, begins
    if begins >= play.vehicle[v].ends or begins >= horizon:
        _give_up(v, play)
    elif orders.event[e].kind != TRIP:
        expect(play, begins, MOVES, v)
    else:
        trip = orders.event[e].trip
        stop = orders.trip[trip].first
        if play.vehicle[v].where != orders.stop[stop].node:  # it went elsewhere before
            begins = max(orders.event[e].begins, _go_to(v, -1, orders.stop[stop].node, begins, play))
        leaves = begins + orders.trip[trip].leaves - orders.event[e].begins
        if leaves < horizon:
            expect(play, leaves, BUS_LEAVES, stop)
        else:
            _give_up(v, play)


@subkernel
def _go_to(v: int, way: int, node: int, step: int, play: Play) -> int:
    """A vehicle drives empty to a node; the step at which it is there, beyond the horizon if never."""
    world, millis = play.world, step * play.world.terms.step_minutes * 60_000
    layer = world.orders.vehicle[v].layer
    arrive, _, _ = drive(
        way, play.vehicle[v].where, node, layer, millis, -1, 0, play.policy, world, play.conditions, play.room
    )
    if arrive >= NOWHERE:
        return world.terms.horizon + 1
    there = arrives_at_step(step, arrive, world)
    _drove(v, there - step, play)
    play.vehicle[v].where = node
    return there


@subkernel
def _vehicle_moves(v: int, step: int, play: Play) -> None:
    """A vehicle drives empty to where it is to be next."""
    way, ways = play.world.orders.event[play.vehicle[v].event].way, play.world.ways
    as_planned = way if ways.way[way].origin == play.vehicle[v].where else -1
    there = _go_to(v, as_planned, ways.way[way].target, step, play)
    play.vehicle[v].event += 1
    _begin_next(v, there, play)


@subkernel
def _bus_leaves(stop: int, step: int, play: Play) -> None:
    """A bus leaves a stop for the next one."""
    world, orders = play.world, play.world.orders
    trip, to = orders.stop[stop].trip, stop + 1
    v, end = orders.trip[trip].vehicle, orders.trip[trip].end
    if orders.stop[stop].kind == BOARD:
        load(stop, step, play)
    way, origin, target = orders.stop[to].way, orders.stop[stop].node, orders.stop[to].node
    layer, gate = world.ways.way[way].layer, orders.stop[to].gate
    if orders.trip[trip].escorted and step != orders.stop[stop].leaves:
        way, layer = -1, orders.vehicle[v].layer  # the convoy is gone
    if gate >= 0:
        admits = _all_admitted(to, play) if to == end - 1 else 0  # only where all get off can it go elsewhere
        takes = orders.stop[to].arrives - orders.stop[stop].leaves
        there, gate, node = drive_to_gate(
            way, origin, layer, step, gate, takes, orders.stop[to].passes, admits, play.policy, play.used,
            world, play.conditions, play.room,
        )  # fmt: skip
        target = world.gates.gate[gate].node
    else:
        millis = step * world.terms.step_minutes * 60_000
        arrive, node, _ = drive(
            way, origin, target, layer, millis, -1, 0, play.policy, world, play.conditions, play.room
        )
        there = -1 if arrive >= NOWHERE else arrives_at_step(step, arrive, world)
    if there < 0:
        _be_stuck(to, end, node, play)
        _give_up(v, play)
        return
    _drove(v, there - step, play)
    play.stop[to].gate, play.vehicle[v].where = gate, target
    _reach_stop(to, there, play)
    free = there + orders.stop[to].stays
    if to < end - 1:
        if free < world.terms.horizon:
            expect(play, free, BUS_LEAVES, to)
    elif orders.stop[to].kind != ACROSS:
        play.vehicle[v].event += 1
        _begin_next(v, free, play)


@subkernel
def _all_admitted(stop: int, play: Play) -> int:
    """Countries that let in everybody who gets off at a stop."""
    mask, g = -1, play.stop[stop].first_off
    while g >= 0:
        mask &= play.person[g].admits
        g = play.person[g].next_off
    return mask


@subkernel
def _be_stuck(first: int, last: int, node: int, play: Play) -> None:
    """Those aboard until some stops get no farther than a node of a layer."""
    for stop in range(first, last):
        g = play.stop[stop].first_off
        while g >= 0:
            _note_where(g, node, play)
            g = play.person[g].next_off


@subkernel
def _note_where(g: int, node: int, play: Play) -> None:
    """Note where a group is stuck, if it is a node of the case and no junction of a network."""
    if node >= play.world.layers.base:
        play.person[g].node = node - play.world.layers.base


@subkernel
def _reach_stop(stop: int, there: int, play: Play) -> None:
    """Those who get off at a stop are at the hub, or stand in the queue of a gate."""
    kind, horizon = play.world.orders.stop[stop].kind, play.world.terms.horizon
    if there > horizon or kind == BOARD:
        return
    if kind == HUB:
        expect(play, there, REACH_HUB, stop)
        return
    g = play.stop[stop].first_off
    if g < 0 and kind != ACROSS:
        return
    while g >= 0:
        play.person[g].node = play.world.gates.gate[play.stop[stop].gate].node
        g = play.person[g].next_off
    at = at_gate(play.stop[stop].gate, there, play.world, play.conditions)
    if at >= 0:
        expect(play, at, PASS, stop)


@subkernel
def _car_leaves(g: int, step: int, play: Play) -> None:
    """A group leaves in its own car."""
    world, orders, ways = play.world, play.world.orders, play.world.ways
    group, about = orders.group[g], len(orders.stop) + g
    way = group.drive
    planned = ways.way[way]
    if not is_there(g, group.home, step, play):
        return
    leave_place(g, step, play)
    there, gate, node = drive_to_gate(
        way, group.home, planned.layer, step, planned.gate, group.drive_takes, planned.passes, group.admits,
        play.policy, play.used, world, play.conditions, play.room,
    )  # fmt: skip
    if there < 0:
        _note_where(g, node, play)
        return
    play.person[g].gate, play.person[g].node = gate, world.gates.gate[gate].node
    if there <= world.terms.horizon:
        at = at_gate(gate, there, world, play.conditions)
        if at >= 0:
            expect(play, at, PASS, about)


@subkernel
def _pass_border(about: int, step: int, play: Play) -> None:
    """Those who have waited at a gate pass it as soon as there is room, with the bus if it goes across."""
    world, orders = play.world, play.world.orders
    stops = len(orders.stop)
    is_car = about >= stops
    gate = play.person[about - stops].gate if is_car else play.stop[about].gate
    first = about - stops if is_car else play.stop[about].first_off
    planned = world.ways.way[orders.group[first].drive].gate if is_car else orders.stop[about].gate
    people, g = 0, first
    while g >= 0:
        people += play.person[g].size
        g = -1 if is_car else play.person[g].next_off
    across = first_room(gate, step, people, play.used, world, play.conditions)
    if across < 0:
        return
    play.used[gate, world.gates.window[across]] += people
    play.tally[REDIRECTED] += people if gate != planned else 0
    g = first
    while g >= 0:
        expose_under_way(g, across, play)
        play.person[g].out, play.person[g].fate = across, OUT
        g = -1 if is_car else play.person[g].next_off
    if not is_car:
        play.stop[about].first_off = -1
        if orders.stop[about].kind == ACROSS:
            v = orders.trip[orders.stop[about].trip].vehicle
            play.vehicle[v].event += 1
            _begin_next(v, across + world.gates.gate[gate].turnaround, play)


@subkernel
def _end(play: Play) -> None:
    """Count those who are not out, where they are."""
    horizon = play.world.terms.horizon
    for g in range(len(play.person)):
        person = play.person[g]
        if person.fate == UNDER_WAY:
            expose_under_way(g, horizon, play)
        elif person.fate == WAITING:
            end = horizon
            if person.gone < horizon:
                person.fate = OUT + person.gone_fate
                if person.fate == ALONE:
                    end = person.gone
            expose_at_place(g, end, play)
