"""How things stand while a plan is carried out: groups, seats, vehicles, and the events to come."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from overland.futures.driving import Scratch, new_scratch
from overland.futures.happenings import Conditions, Happenings
from overland.futures.orders import NEVER
from overland.futures.world import World
from overland.plan.kernels import inner_kernel, subkernel

Ints = NDArray[np.int64]
Rows = NDArray[np.void]

WAITING, UNDER_WAY, OUT, ALONE, STAYED = range(5)
"""What became of a group: at its place or a hub; on the road or at a border; out; gone by itself; stays."""

OVERDUE, PASS, REACH_HUB, RUN_LEAVES, BUS_LEAVES, MOVES, DRIVES = range(7)
"""Events, in the order in which those of one step happen."""

DRIVEN, REDIRECTED, EXPECTED = range(3)
"""What is counted in a tally."""

_KINDS = 8  # room for kinds of events
_BITS = 24  # for the number of what an event is about


PERSON = np.dtype(
    [
        *((name, "i8") for name in ("size", "ready", "admits", "home", "at", "since", "on", "then")),
        *((name, "i8") for name in ("next_off", "next_change", "next_standing", "gone", "gone_fate", "gate")),
        *((name, "i8") for name in ("out", "fate", "node", "missed")),
        ("weight", "f8"),
        ("exposure", "f8"),
    ]
)
STOP = np.dtype([("first_off", "i8"), ("taken", "i8"), ("gate", "i8"), ("left", "?")])
NODE = np.dtype([(name, "i8") for name in ("first_standing", "first_change", "last_change", "first_new")])
VEHICLE = np.dtype([(name, "i8") for name in ("event", "where", "driving", "began", "ready", "ends")])


class Play(NamedTuple):
    """A plan being carried out, and in the end what came of it.

    Attributes
    ----------
    person : PERSON (people,)
        Groups, then newcomers. What came of them: ``out``, step at which they are across, -1 if they are
        not by the horizon; ``fate``, ``WAITING`` and so on; ``node`` of the case that they are at or left
        last; ``exposure`` in weighted person-hours, without the penalty for those who are left; ``missed``,
        the departures that were to take them and left without them. As things stand: ``at``, node of the
        case, -1 for those under way or out; ``ready``, step from which they can board there; ``since``,
        step from which exposure is yet to be counted; ``on``, ``then``, stops at which they are to get on
        next and after a change, -1 for none; ``gate`` that they drive to; ``gone``, step from which they
        are not there any more, and ``gone_fate``, why; ``next_off``, ``next_change``, ``next_standing``: next
        of those who get off at a stop, have come to a hub, or stand by.
    stop : STOP (stops,)
        ``first_off``, first of those who get off there; ``taken``, seats that are taken or kept on leaving;
        ``gate`` that is passed in the end; ``left``, whether the departure is over.
    node : NODE (nodes,)
        ``first_standing``, of those at home who stand by; ``first_change``, ``last_change``, of those who
        have come to a hub; ``first_new``, of the newcomers, in the order in which they appear.
    vehicle : VEHICLE (vehicles,)
        Next ``event``; ``where``; road steps (``driving``) since the last rest; step at which the duty
        ``began``, -1 for none; ``ready`` at the depot; step from which it begins nothing (``ends``).
    used : int64 (gates, windows)
        People who have passed.
    heap : int64
        Events to come.
    tally : int64 (3,)
        Road steps that vehicles have driven, people who passed by another gate than planned, events to come.
    """

    world: World
    conditions: Conditions
    policy: int
    person: Rows
    stop: Rows
    node: Rows
    vehicle: Rows
    used: Ints
    heap: Ints
    tally: Ints
    room: Scratch


def new_play(world: World, happenings: Happenings, policy: int) -> Play:
    """Everybody at home, every vehicle at its depot, no event to come."""
    orders, newcomer = world.orders, happenings.newcomer
    groups, nodes = len(orders.group), world.layers.nodes - world.layers.base
    person = np.zeros(groups + len(newcomer), dtype=PERSON)
    for name in ("on", "then", "next_off", "next_change", "next_standing", "gate", "out"):
        person[name] = -1
    person["gone"] = NEVER
    known, new = person[:groups], person[groups:]
    for name in ("size", "weight", "admits", "on", "then"):
        known[name] = orders.group[name]
    known["at"], known["since"] = orders.group["home"], orders.group["ready"]
    known["ready"] = orders.group["ready"] + happenings.group["late"]
    known["gone"], known["gone_fate"] = happenings.group["gone"], happenings.group["fate"]
    for name in ("size", "weight", "admits", "ready"):
        new[name] = newcomer[name]
    new["at"], new["since"] = newcomer["node"], newcomer["ready"]
    person["home"] = person["node"] = person["at"]
    stop = np.zeros(len(orders.stop), dtype=STOP)
    stop["first_off"], stop["taken"], stop["gate"] = -1, orders.stop["planned"], orders.stop["gate"]
    node = np.full(nodes, -1, dtype=NODE)
    first = groups + np.searchsorted(newcomer["node"], np.arange(nodes + 1))
    node["first_new"] = np.where(first[:-1] < first[1:], first[:-1], -1)
    new["next_standing"][:-1] = np.where(
        newcomer["node"][:-1] == newcomer["node"][1:], np.arange(groups + 1, len(person)), -1
    )
    vehicle = np.zeros(len(orders.vehicle), dtype=VEHICLE)
    vehicle["event"], vehicle["where"], vehicle["began"] = orders.vehicle["first"], orders.vehicle["node"], -1
    vehicle["ready"] = orders.vehicle["available"] + happenings.vehicle["late"]
    vehicle["ends"] = happenings.vehicle["ends"]
    return Play(
        world=world,
        conditions=happenings.conditions,
        policy=policy,
        person=person,
        stop=stop,
        node=node,
        vehicle=vehicle,
        used=np.zeros(world.gates.open_steps.shape, dtype=np.int64),
        heap=np.empty(3 * len(stop) + len(vehicle) + groups + 1, dtype=np.int64),
        tally=np.zeros(3, dtype=np.int64),
        room=new_scratch(world.layers.nodes, len(world.layers.arc)),
    )


@subkernel
def expect(play: Play, step: int, kind: int, about: int) -> None:
    """Put an event on the heap: at a step, of a kind, about a stop, vehicle, or group."""
    key = ((step * _KINDS + kind) << _BITS) | about
    i = play.tally[EXPECTED]
    while i > 0 and play.heap[(i - 1) // 2] > key:
        play.heap[i] = play.heap[(i - 1) // 2]
        i = (i - 1) // 2
    play.heap[i] = key
    play.tally[EXPECTED] += 1


@subkernel
def next_event(play: Play) -> tuple[int, int, int]:
    """Take the next event off the heap: its step, kind, and what it is about."""
    heap, first = play.heap, play.heap[0]
    play.tally[EXPECTED] -= 1
    size = play.tally[EXPECTED]
    key, i = heap[size], 0
    while 2 * i + 1 < size:
        child = 2 * i + 1
        if child + 1 < size and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= key:
            break
        heap[i] = heap[child]
        i = child
    heap[i] = key
    when = first >> _BITS
    return when // _KINDS, when % _KINDS, first & ((1 << _BITS) - 1)


@inner_kernel
def is_there(g: int, node: int, step: int, play: Play) -> bool:
    """Whether a group is at a node and can leave it at a step."""
    person = play.person[g]
    return person.at == node and person.ready <= step < person.gone


@subkernel
def expose_at_place(g: int, end: int, play: Play) -> None:
    """Count the exposure of a group that has waited at its node until a step."""
    person = play.person[g]
    hazard, begin = play.world.orders.hazard, min(person.since, end)
    hours = hazard[person.at, end] - hazard[person.at, begin]
    place = play.conditions.place[person.at]
    if place.threatened < end:
        more = hazard[person.at, end] - hazard[person.at, max(begin, place.threatened)]
        hours += (place.factor - 1) * more
    person.exposure += person.weight * person.size * hours


@subkernel
def expose_under_way(g: int, end: int, play: Play) -> None:
    """Count the exposure of a group that has been under way until a step."""
    person = play.person[g]
    hours = (end - person.since) * play.world.terms.step_minutes / 60
    person.exposure += person.weight * person.size * hours


@subkernel
def leave_place(g: int, step: int, play: Play) -> None:
    """A group leaves its node at a step."""
    expose_at_place(g, step, play)
    person = play.person[g]
    person.fate, person.at, person.since = UNDER_WAY, -1, step
