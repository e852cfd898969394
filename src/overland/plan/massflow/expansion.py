"""A network over time as flat arrays: one copy of every node for every step.

Copy ``v << bits | (t + 1)`` is node ``v`` at step ``t``; copy ``v << bits`` stands for those who wait at
source ``v``. The copies of a node lie side by side, since a search that looks at one mostly looks at the
next, too: that is worth a factor of three. Of arcs over time only the persons on them are kept; neighbours
are worked out when looked at.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from overland.plan.massflow.flow_network import FlowNetwork

Ints = NDArray[np.int32]

NEVER = (1 << 15) - 1
"""Label of a copy that nobody who waits can reach."""

FORWARD = 1
"""Label of a copy that can be reached without undoing a movement."""

FAR = 1 << 30
"""Steps to the sink where there is no way."""

FEW_BITS = 6


class Layout(NamedTuple):
    """The network as kernels take it; arcs stand in the order of their tails.

    Attributes
    ----------
    tail, head, capacity, transit : int32 (arcs,)
        No capacity is above the number of people, so that sums fit.
    weight : int32 (arcs,)
        1 for an arc without transit that does not lead up the order of ``rank``, else 0.
    out_first, in_first : int32 (nodes + 1,)
    in_arc, in_slot : int32 (arcs,)
        Arcs by head; and at which place among the ways into its head an arc stands.
    rank : int32 (nodes,)
        An arc without transit and weight leads from a lower to a higher one.
    ranks : int
    release : int32 (nodes,)
        First step at which people leave a source.
    distance : int32 (nodes,)
        Steps to the sink on empty roads.
    sink : int
    most : int
        Copies with a greater label count as out of reach.
    """

    tail: Ints
    head: Ints
    capacity: Ints
    transit: Ints
    weight: Ints
    out_first: Ints
    in_first: Ints
    in_arc: Ints
    in_slot: Ints
    rank: Ints
    ranks: int
    release: Ints
    distance: Ints
    sink: int
    most: int = NEVER - 1


class Room(NamedTuple):
    """The flow so far and what the search knows of every copy.

    Attributes
    ----------
    bits : int
        A copy of a node, and an arc at a step, are numbered with so many bits for the step.
    left : int32 (nodes,)
        People still waiting at each source.
    flow : int32 (steps · arcs,)
        Persons who enter an arc at a step.
    depart : int32 (steps · nodes,)
        Persons who leave a source at a step.
    label : int16 (copies,)
        How often a way from those who wait to the copy turns (see ``labels``); ``NEVER``: there is no way.
    parent : int16 (copies,)
        The way by which the copy got its label.
    after, before : int32 (copies,)
        Links of lists of copies.
    mark : int8 (copies,)
    death : int16 (copies,)
        Last step of arrivals when a copy became unreachable for good; -1 if it has not.
    at_label, at_moment : int32
        First copy of a list for each label, and for each step and rank.
    lost : int32 (copies,)
    alive : int32 (nodes,)
        Steps of a node before this one are dead.
    highest : int32 (1,)
        No label is above it.
    """

    bits: int
    left: Ints
    flow: Ints
    depart: Ints
    label: NDArray[np.int16]
    parent: NDArray[np.int16]
    after: Ints
    before: Ints
    mark: NDArray[np.int8]
    death: NDArray[np.int16]
    at_label: Ints
    at_moment: Ints
    lost: Ints
    alive: Ints
    highest: Ints


def layout_of(network: FlowNetwork) -> Layout:
    """Sort the arcs of a network and find distances and ranks."""
    nodes = len(network)
    tail, head = network.tail.astype(np.int32), network.head.astype(np.int32)
    in_arc = np.argsort(head, kind="stable").astype(np.int32)
    in_first = _first(head, nodes)
    in_slot = np.empty_like(in_arc)
    in_slot[in_arc] = np.arange(len(in_arc)) - in_first[head[in_arc]] + 1
    rank, weight = _ranks(network)
    return Layout(
        tail=tail,
        head=head,
        capacity=np.minimum(network.capacity, network.people).astype(np.int32),
        transit=network.transit.astype(np.int32),
        weight=weight,
        out_first=_first(tail, nodes),
        in_first=in_first,
        in_arc=in_arc,
        in_slot=in_slot,
        rank=rank,
        ranks=int(rank.max()) + 1,
        release=network.release.astype(np.int32),
        distance=np.minimum(network.nearness()[0], FAR).astype(np.int32),
        sink=network.sink,
    )


def empty_room(network: FlowNetwork, layout: Layout, bits: int = FEW_BITS) -> Room:
    """Nobody has left; only those who wait are labelled."""
    nodes, arcs = len(network), len(layout.tail)
    copies = nodes << bits
    label = np.full(copies, NEVER, dtype=np.int16)
    label[:: 1 << bits][network.supply > 0] = 0
    return Room(
        bits=bits,
        left=network.supply.astype(np.int32),
        flow=np.zeros(arcs << bits, dtype=np.int32),
        depart=np.zeros(copies, dtype=np.int32),
        label=label,
        parent=np.zeros(copies, dtype=np.int16),
        after=np.zeros(copies, dtype=np.int32),
        before=np.zeros(copies, dtype=np.int32),
        mark=np.zeros(copies, dtype=np.int8),
        death=np.full(copies, -1, dtype=np.int16),
        at_label=np.full(NEVER, -1, dtype=np.int32),
        at_moment=np.full(layout.ranks << bits, -1, dtype=np.int32),
        lost=np.zeros(copies, dtype=np.int32),
        alive=np.zeros(nodes, dtype=np.int32),
        highest=np.zeros(1, dtype=np.int32),
    )


def enlarged(room: Room, network: FlowNetwork, layout: Layout) -> Room:
    """The same state with room for twice the steps."""
    larger = empty_room(network, layout, room.bits + 1)
    larger.left[:] = room.left
    larger.alive[:] = room.alive
    larger.highest[:] = room.highest
    steps = 1 << room.bits
    for name in ("flow", "depart", "label", "parent", "death"):
        old, new = getattr(room, name), getattr(larger, name)
        new.reshape(-1, 2 * steps)[:, :steps] = old.reshape(-1, steps)
    return larger


def _first(end: Ints, nodes: int) -> Ints:
    counts = np.bincount(end, minlength=nodes)
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)


def _ranks(network: FlowNetwork) -> tuple[Ints, Ints]:
    """Ranks in which arcs without transit lead up, but for those that lead away from the sink."""
    rank = np.zeros(len(network), dtype=np.int32)
    weight = np.zeros(len(network.tail), dtype=np.int32)
    at_once = np.flatnonzero(network.transit == 0)
    place = -network.nearness()[1]
    tail, head = network.tail[at_once], network.head[at_once]
    weight[at_once[place[tail] > place[head]]] = 1
    up = place[tail] < place[head]
    tail, head = tail[up], head[up]
    while (rank[head] <= rank[tail]).any():
        np.maximum.at(rank, head, rank[tail] + 1)
    return rank, weight
