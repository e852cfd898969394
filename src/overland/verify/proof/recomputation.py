"""The bound of a proof, computed anew from the case and the prices."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from overland.plan.proof import Proof
from overland.verify.proof.boards import board_of
from overland.verify.proof.costs import Costs
from overland.verify.proof.departures import BusWay, Departures
from overland.verify.proof.fleets import (
    VehicleType,
    earliest_presence,
    empty_moves,
    trip_prices,
    vehicle_types,
)
from overland.verify.proof.lines import LineWays, line_ways, ride_shares
from overland.verify.proof.people import People
from overland.verify.proof.queues import Fares, divisions
from overland.verify.proof.schedules import EFFORTS, Effort, least_cost
from overland.verify.proof.single import drivers_cost, from_hub, shares
from overland.verify.proof.tolls import Tolls
from overland.verify.proof.units import UNIT, RefusedError, within_reach
from overland.verify.proof.vehicles import most_collected
from overland.verify.terms import Terms

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sum:
    """The parts of a bound, in units; vehicles and limits are to be subtracted."""

    riders: int
    drivers: int
    stranded: int
    before_ready: int
    vehicles: int
    limits: int

    @property
    def units(self) -> int:
        """The bound."""
        paid = self.riders + self.drivers + self.stranded
        return paid - self.before_ready - self.vehicles - self.limits

    @property
    def hours(self) -> float:
        """The bound in weighted person-hours."""
        return self.units / UNIT


def recompute_bound(terms: Terms, proof: Proof, effort: Effort = EFFORTS[0]) -> Sum:
    """Compute the bound at the prices of a proof, in whole numbers.

    More effort finds more of what the prices prove; whatever the effort, it is a bound.

    Raises
    ------
    RefusedError
        If the proof does not fit the case.
    PlanError
        If its tables cannot be unpacked.
    """
    if proof.deadline is not None and proof.deadline > terms.horizon:
        raise RefusedError("deadline", f"is step {proof.deadline}, but the case has {terms.horizon}")
    if proof.steps != terms.horizon:
        raise RefusedError("steps", f"are {proof.steps}, but the case has {terms.horizon}")
    tolls = Tolls.of(terms, proof)
    costs = Costs.of(terms)
    people = People.of(terms, costs)
    types = vehicle_types(terms, proof)
    highest = int(costs.waited.max(initial=0) + costs.under_way.max(initial=0) + costs.left.max(initial=0))
    dearest = max((toll.price for toll in proof.tolls), default=0) * UNIT
    within_reach("what people pay", (terms.people + 1) * (highest + dearest))
    return _Recomputation(terms, costs, people, types, Departures(terms, tolls, proof.deadline), effort).sum(
        tolls.total(proof)
    )


@dataclass(slots=True)
class _Recomputation:
    terms: Terms
    costs: Costs
    people: People
    types: list[VehicleType]
    departures: Departures
    effort: Effort
    ways: dict[str, list[BusWay]] = field(default_factory=dict)
    lines: LineWays = field(default_factory=lambda: LineWays({}, []))
    driven: dict[str, list[BusWay]] = field(default_factory=dict)  # ways of vehicles, lines behind the others
    prices: list[dict[str, Ints]] = field(default_factory=list)  # of `driven`, by vehicle type and place

    def sum(self, limits: int) -> Sum:
        """Put the parts together."""
        hubs = [key for key in self.terms.places if self.terms.is_hub(key)]
        places = dict.fromkeys([*hubs, *self.people.riders])
        self.ways = {place: self.departures.buses(place) for place in places}
        self.lines = line_ways(self.terms, self.departures)
        self.driven = {
            place: [*self.ways.get(place, []), *self.lines.heads.get(place, [])]
            for place in dict.fromkeys([*self.ways, *self.lines.heads])
        }
        moves = {fleet.profile: np.zeros(0, dtype=np.int16) for fleet in self.types}
        moves = {profile: empty_moves(self.terms, profile) for profile in moves}
        self.prices = [self._trip_prices(fleet, moves[fleet.profile]) for fleet in self.types]
        onward = {(hub, k): self._from_hub(hub, k) for hub in hubs for k in range(len(self.people.kinds))}
        riders = sum(
            self._at_hub(place, onward) if place in hubs else self._at_place(place, onward)
            for place in self.people.riders
        )
        vehicles = sum(
            most_collected(self.terms, fleet, moves[fleet.profile], self.driven, prices, self.costs.driving)
            for fleet, prices in zip(self.types, self.prices, strict=True)
        )
        return Sum(
            riders=riders,
            drivers=drivers_cost(self.terms, self.costs, self.departures, self.people.drivers),
            stranded=self.people.stranded,
            before_ready=self.people.before_ready,
            vehicles=vehicles,
            limits=limits,
        )

    def _trip_prices(self, fleet: VehicleType, moves: NDArray[np.int16]) -> dict[str, Ints]:
        kind = fleet.profile, fleet.access
        first = earliest_presence(self.terms, kind, fleet.starts, moves, self.driven)
        index = self.terms.times.index
        return {
            place: trip_prices(self.terms, fleet, place, ways, int(first[index[place]]))
            for place, ways in self.driven.items()
        }

    def _bus_prices(self, place: str) -> list[Ints]:
        """Of the buses that people board at a place, by vehicle type."""
        return [prices[place][: len(self.ways[place])] for prices in self.prices]

    def _shares(self, place: str) -> Ints:
        return shares(self.costs, self.types, self.ways[place], self._bus_prices(place))

    def _line_shares(self, place: str) -> Ints:
        """What a person pays for the vehicle on each ride from a place, int64 (rides, T)."""
        found = []
        for ride in self.lines.from_place(place):
            number = len(self.ways.get(ride.first_stop, [])) + ride.head
            way, prices = (
                self.driven[ride.first_stop][number],
                [p[ride.first_stop][number] for p in self.prices],
            )
            found.append(ride_shares(self.costs, self.types, ride, way, prices))
        return np.array(found, dtype=np.int64).reshape(-1, self.terms.horizon)

    def _from_hub(self, hub: str, kind: int) -> Ints:
        number = list(self.terms.places).index(hub)
        calls, who = self.departures.services(hub), self.people.kinds[kind]
        ways = [*self.ways[hub], *(ride.way for ride in self.lines.from_place(hub))]
        share = np.concatenate([self._shares(hub), self._line_shares(hub)])
        return from_hub(self.costs, number, ways, calls, share, who)

    def _at_hub(self, hub: str, onward: dict[tuple[str, int], Ints]) -> int:
        number, total = list(self.terms.places).index(hub), 0
        for party in self.people.riders[hub]:
            left = self.costs.waited[party.rank, number, -1] + self.costs.left[party.rank]
            total += party.size * min(int(left), int(onward[hub, party.kind][party.rank, party.ready]))
        return total

    def _at_place(self, place: str, onward: dict[tuple[str, int], Ints]) -> int:
        calls, ways = self.departures.services(place), self.ways[place]
        fares = Fares(self.terms, self.costs, self.people, place, onward)
        by_line = [
            fares.by_line([ride.way for ride in self.lines.from_place(place)], self._line_shares(place), kind)
            for kind in range(len(self.people.kinds))
        ]
        prices, share = self._bus_prices(place), self._shares(place)
        best = 0
        for queues in divisions(self.people.riders[place], self.terms.horizon):
            board, rest = board_of(self.costs, queues, fares, ways, calls, self.types, prices, share, by_line)
            best = max(best, rest + least_cost(board, self.effort))
        return best
