"""The riders of one place in queues, and what they pay for each departure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from overland.verify.proof.costs import Costs
from overland.verify.proof.departures import BusWay, Call
from overland.verify.proof.people import Party, People
from overland.verify.proof.units import INFINITE
from overland.verify.terms import Terms

Ints = NDArray[np.int64]

OTHER_QUEUES = 6  # of people who are not of the chief kind


@dataclass(frozen=True, slots=True)
class Queue:
    """People who are alike: of a kind, and of a class (or it and those above, if nested)."""

    kind: int
    rank: int
    below: int  # class that the people of the queue have been counted with already; -1: none


@dataclass(frozen=True, slots=True)
class Queues:
    """The riders of one place.

    Attributes
    ----------
    queues : tuple of Queue
        First those of the chief kind, nested, then others; then those of people who need no departure.
    nested, kept : int
        How many are nested; how many wait for departures.
    arrivals : int64 (T + 1, queues)
        People who become ready at each step.
    others : int64 (T + 1,)
        People not of the chief kind who are ready by each step.
    slack : int
        Size of the largest group, less one.
    """

    queues: tuple[Queue, ...]
    nested: int
    kept: int
    arrivals: Ints
    others: Ints
    slack: int


def divisions(parties: list[Party], horizon: int) -> Iterator[Queues]:
    """Ways to sort the riders of a place: the chief kind is the largest, or any of the largest."""
    by_kind: Counter[int] = Counter()
    for party in parties:
        by_kind[party.kind] += party.size
    most = max(by_kind.values())
    for chief in sorted(kind for kind, people in by_kind.items() if people == most):
        yield _division(parties, chief, horizon)


def _division(parties: list[Party], chief: int, horizon: int) -> Queues:
    ranks = sorted({party.rank for party in parties if party.kind == chief})
    people: Counter[tuple[int, int]] = Counter()
    for party in parties:
        if party.kind != chief:
            people[party.kind, party.rank] += party.size
    others = sorted(people, key=lambda pair: (-people[pair], pair))
    below = [-1, *ranks[:-1]]
    queues = [Queue(chief, rank, lower) for rank, lower in zip(ranks, below, strict=True)]
    queues += [Queue(kind, rank, -1) for kind, rank in others]
    arrivals = np.zeros((horizon + 1, len(queues)), dtype=np.int64)
    ready = np.zeros(horizon + 1, dtype=np.int64)
    for party in parties:
        if party.kind == chief:
            for q, rank in enumerate(ranks):
                arrivals[party.ready, q] += party.size * (party.rank >= rank)
        else:
            arrivals[party.ready, len(ranks) + others.index((party.kind, party.rank))] += party.size
            ready[party.ready] += party.size
    return Queues(
        queues=tuple(queues),
        nested=len(ranks),
        kept=len(ranks) + min(len(others), OTHER_QUEUES),
        arrivals=arrivals,
        others=np.cumsum(ready),
        slack=max(party.size for party in parties) - 1,
    )


class Fares:
    """What one person of a place pays for each departure, counted from the start, without the vehicle."""

    def __init__(
        self, terms: Terms, costs: Costs, people: People, place: str, onward: dict[tuple[str, int], Ints]
    ) -> None:
        """Take what a hub's people pay from there, by hub and kind, as from `single.from_hub`."""
        self._terms, self._costs, self._people, self._onward = terms, costs, people, onward
        self._numbers = {key: i for i, key in enumerate(terms.places)}
        self._place = self._numbers[place]
        self._steps = np.arange(terms.horizon)
        self._last: dict[tuple[str, int], int] = {}

    def left(self, rank: int) -> int:
        """What one of a class pays who is left."""
        return int(self._costs.waited[rank, self._place, -1] + self._costs.left[rank])

    def by_bus(self, way: BusWay, kind: int) -> Ints:
        """What one of each class pays for a way by bus, int64 (classes, T)."""
        costs, who, possible = self._costs, self._people.kinds[kind], way.road >= 0
        until = np.where(possible, way.until, 0)
        fare = costs.waited[:, self._place, :-1] + costs.under_way[:, np.maximum(until - self._steps, 0)]
        fare = fare + way.toll
        if not who.needs <= way.access:
            possible = np.zeros_like(possible)
        elif way.hub:
            horizon, change = self._terms.horizon, self._terms.change
            onward = self._onward[way.hub, kind][:, np.minimum(until + change, horizon)]
            fare = fare - costs.arrived[:, self._numbers[way.hub], until]
            possible = possible & (until <= self._last_arrival(way.hub, kind)) & (onward < INFINITE)
            fare = fare + np.where(possible, onward, 0)
        elif way.country not in who.countries or (way.on_foot and not who.walks):
            possible = np.zeros_like(possible)
        return np.where(possible, fare, INFINITE)

    def by_line(self, rides: list[BusWay], share: Ints, kind: int) -> Ints:
        """What one of each class pays at least for any ride on a trip of a line, int64 (classes, T).

        The share of the vehicle is in it.
        """
        best = np.full((len(self._costs.weights), self._terms.horizon), INFINITE, dtype=np.int64)
        for way, part in zip(rides, share, strict=True):
            fare = self.by_bus(way, kind)
            able = (fare < INFINITE) & (part < INFINITE)
            best = np.minimum(best, np.where(able, fare + np.where(part < INFINITE, part, 0), INFINITE))
        return best

    def _last_arrival(self, hub: str, kind: int) -> int:
        """Last step at which one may arrive at a hub to get across from there with unlimited means."""
        if (hub, kind) not in self._last:
            example, steps = self._people.kinds[kind].example, range(self._terms.horizon + 1)
            arrivals = (step for step in reversed(steps) if self._terms.gets_out_from(hub, example, step))
            self._last[hub, kind] = next(arrivals, -1)
        return self._last[hub, kind]

    def by_service(self, call: Call, kind: int, rank: int) -> int:
        """What one pays for a ride."""
        costs, who = self._costs, self._people.kinds[kind]
        if not who.needs <= call.access:
            return INFINITE
        fare = int(
            costs.waited[rank, self._place, call.board] + costs.under_way[rank, call.until - call.board]
        )
        fare += call.toll
        if not call.hub:
            return fare if call.country in who.countries else INFINITE
        leave = call.until + self._terms.change
        if leave > self._terms.horizon or call.until > self._last_arrival(call.hub, kind):
            return INFINITE
        onward = int(self._onward[call.hub, kind][rank, leave])
        if onward >= INFINITE:
            return INFINITE
        return fare + onward - int(costs.arrived[rank, self._numbers[call.hub], call.until])
