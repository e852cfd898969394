"""One place as the search for its cheapest schedule takes it: queues, departures and what they cost."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from overland.verify.proof.costs import Costs
from overland.verify.proof.departures import BusWay, Call
from overland.verify.proof.fleets import VehicleType
from overland.verify.proof.queues import Fares, Queues
from overland.verify.proof.units import INFINITE, within_reach

Ints = NDArray[np.int64]


class Board(NamedTuple):
    """Departures of one place; queues are those that wait for departures.

    Attributes
    ----------
    least : int64 (T + 1, queues)
        The least that a person of a queue pays from a step on, by any departure, or for being left.
    spare : int64 (T + 1,)
        What a person of the first queue pays more, at least, with a seat's share of a bus.
    rest : int64 (T + 1,)
        The least that those pay who become ready later than a step.
    bus_first, call_first : int64 (T + 1,)
        Rows of the departures at step t begin at its entry and end at the next.
    line_fare : int64 (T, queues)
        What a person pays for a ride on a trip of a line, its share of the vehicle with it.
    """

    nested: int
    slack: int
    arrivals: Ints
    others: Ints
    least: Ints
    spare: Ints
    rest: Ints
    bus_first: Ints
    bus_price: Ints
    bus_seats: Ints
    bus_fare: Ints
    call_first: Ints
    call_seats: Ints
    call_fare: Ints
    line_fare: Ints


def board_of(
    costs: Costs, queues: Queues, fares: Fares, ways: list[BusWay], calls: list[Call],
    types: list[VehicleType], prices: list[Ints], share: Ints, by_line: list[Ints],
) -> tuple[Board, int]:  # fmt: skip
    """Lay out a place.

    Parameters
    ----------
    prices : list of int64 (ways, T)
        Of trips, by vehicle type.
    share : int64 (ways, T)
        From `single.shares`.
    by_line : list of int64 (classes, T)
        From `Fares.by_line`, by kind.

    Returns
    -------
    board : Board
    rest : int
        What the people pay who need no departure.
    """
    horizon, count = len(costs.driving) - 1, len(queues.queues)
    bus = np.full((len(ways), horizon, count), INFINITE, dtype=np.int64)
    call = np.full((len(calls), count), INFINITE, dtype=np.int64)
    line = np.full((horizon, count), INFINITE, dtype=np.int64)
    left = np.zeros(count, dtype=np.int64)
    by_bus = {kind: [fares.by_bus(way, kind) for way in ways] for kind in {q.kind for q in queues.queues}}
    for q, queue in enumerate(queues.queues):
        left[q] = fares.left(queue.rank) - (fares.left(queue.below) if queue.below >= 0 else 0)
        for w, by_class in enumerate(by_bus[queue.kind]):
            fare = by_class[queue.rank]
            if queue.below >= 0:
                fare = np.where(fare < INFINITE, fare - by_class[queue.below], INFINITE)
            bus[w, :, q] = np.where(share[w] < INFINITE, fare, INFINITE)
        for e, run in enumerate(calls):
            paid = fares.by_service(run, queue.kind, queue.rank)
            if queue.below >= 0 and paid < INFINITE:
                paid -= fares.by_service(run, queue.kind, queue.below)
            call[e, q] = paid
        fare = by_line[queue.kind][queue.rank]
        if queue.below >= 0:
            fare = np.where(fare < INFINITE, fare - by_line[queue.kind][queue.below], INFINITE)
        line[:, q] = fare
    least = _from_then_on(bus, call, line, left, calls)
    shared = np.where(bus[:, :, :1] < INFINITE, bus[:, :, :1] + share[:, :, None], INFINITE)
    with_share = _from_then_on(shared, call[:, :1], line[:, :1], left[:1], calls)
    people = int(queues.arrivals.sum())
    dearest = int(
        max(np.where(a < INFINITE, abs(a), 0).max(initial=0) for a in (bus, call, line, left, *prices))
    )
    within_reach("the schedule of a place", 8 * (people + 1) * dearest)
    return _board(
        costs, queues, bus, call, line, calls, types, prices, ways, least, with_share[:, 0] - least[:, 0]
    )


def _from_then_on(bus: Ints, call: Ints, line: Ints, left: Ints, calls: list[Call]) -> Ints:
    """The least of all departures from each step on: int64 (T + 1, queues)."""
    horizon = bus.shape[1]
    least = np.empty((horizon + 1, len(left)), dtype=np.int64)
    least[:-1] = np.minimum(bus.min(axis=0, initial=INFINITE), line)
    least[-1] = left
    for e, run in enumerate(calls):
        least[run.board] = np.minimum(least[run.board], call[e])
    onward: Ints = np.minimum.accumulate(least[::-1], axis=0)[::-1]
    return np.ascontiguousarray(onward)


def _board(
    costs: Costs, queues: Queues, bus: Ints, call: Ints, line: Ints, calls: list[Call],
    types: list[VehicleType], prices: list[Ints], ways: list[BusWay], least: Ints, spare: Ints,
) -> tuple[Board, int]:  # fmt: skip
    kept, horizon = queues.kept, len(costs.driving) - 1
    road = np.array([way.road for way in ways], dtype=np.int64).reshape(-1, horizon)
    room = np.array([way.room for way in ways], dtype=np.int64).reshape(-1, horizon)
    steps, prices_, seats, fares = [], [], [], []
    for fleet, price in zip(types, prices, strict=True):
        possible = price < INFINITE
        t, w = np.nonzero(possible.T)
        steps.append(t)
        prices_.append(price[w, t] + costs.driving[road[w, t]])
        seats.append(np.minimum(fleet.seats, room[w, t]))
        fares.append(bus[w, t, :kept])
    step = np.concatenate(steps) if steps else np.zeros(0, dtype=np.int64)
    order = np.argsort(step, kind="stable")
    later = (queues.arrivals * least)[:, :kept].sum(axis=1) + queues.arrivals[:, 0] * spare
    rest = np.concatenate([np.cumsum(later[::-1])[::-1][1:], [0]])
    board = Board(
        nested=queues.nested,
        slack=queues.slack,
        arrivals=np.ascontiguousarray(queues.arrivals[:, :kept]),
        others=queues.others,
        least=np.ascontiguousarray(least[:, :kept]),
        spare=spare,
        rest=rest,
        bus_first=np.searchsorted(step[order], np.arange(horizon + 1)).astype(np.int64),
        bus_price=_in(order, prices_),
        bus_seats=_in(order, seats),
        bus_fare=np.ascontiguousarray(np.concatenate([*fares, np.zeros((0, kept), dtype=np.int64)])[order]),
        call_first=np.searchsorted([run.board for run in calls], np.arange(horizon + 1)).astype(np.int64),
        call_seats=np.array([run.seats for run in calls], dtype=np.int64),
        call_fare=np.ascontiguousarray(call[:, :kept]),
        line_fare=np.ascontiguousarray(line[:, :kept]),
    )
    return board, int((queues.arrivals * least)[:, kept:].sum())


def _in(order: NDArray[np.intp], parts: list[Ints]) -> Ints:
    return np.concatenate([*parts, np.zeros(0, dtype=np.int64)])[order]
