"""Seats that a plan leaves free and that others may be offered: all at once, and every limit holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from overland.case.model import Case, Mode, Role
from overland.plan.border import Borders, borders_of
from overland.plan.document import Plan, Trip
from overland.plan.legs import filling_leg, fleet_of
from overland.plan.limits import Limits, limits_of
from overland.plan.options import Calls, run_calls, run_seats, service_calls
from overland.plan.standing import all_legs, legs_by_group
from overland.plan.used import mode_of, used

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Offer:
    """Seats of one departure that others may take; moments are UTC."""

    departure: str  # id of the trip, or the run
    mode: Literal["bus", "service"]
    vehicle_or_run: str
    origin: str
    destination: str
    on_foot: bool
    depart: datetime
    arrive: datetime
    passed: datetime | None  # None for one to a hub
    seats: int
    access: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Departure:
    """A departure in steps; ``gate`` is -1 for one to a hub."""

    depart: int
    id: str
    vehicle_or_run: str
    mode: Literal["bus", "service"]
    origin: str
    destination: str
    arrive: int
    passed: int
    gate: int
    free: int  # seats, whatever the limits
    legs: tuple[int, ...]  # rows of a run's legs
    access: frozenset[str]


def spare_seats(case: Case, plan: Plan) -> list[Offer]:
    """Work out which seats others can be offered.

    Departures are looked at in order of time, and within a step in the order of the loading rule. Each is
    offered as many seats as are free on it and as crossing, reception, country, boarding place and hub have
    left after the plan and after the offers before it, so that all offers can be taken. Of a re-plan,
    what has left offers none. Of a run, the ride from each stop to the crossing at its end is offered, or
    else to the last hub. People whom others take to a hub are counted there to the end: nobody can say when
    they go on.

    Parameters
    ----------
    case, plan : Case, Plan
        A plan within its limits, and its case.

    Returns
    -------
    list of Offer
        Departures with at least one seat to offer, by time.
    """
    book = _Book(case, plan)
    offers = []
    for departure in sorted(
        book.departures(), key=lambda d: (d.depart, d.mode == "bus", d.id, d.destination)
    ):
        seats = book.take(departure)
        if seats > 0:
            offers.append(_offer(case, book.borders, departure, seats))
    return offers


def _offer(case: Case, borders: Borders, departure: _Departure, seats: int) -> Offer:
    across = departure.gate >= 0
    return Offer(
        departure=departure.id,
        mode=departure.mode,
        vehicle_or_run=departure.vehicle_or_run,
        origin=departure.origin,
        destination=departure.destination,
        on_foot=across and borders.gates[departure.gate][1] is Mode.FOOT,
        depart=case.time_of(departure.depart),
        arrive=case.time_of(departure.arrive),
        passed=case.time_of(departure.passed) if across else None,
        seats=seats,
        access=departure.access,
    )


class _Book:
    """What a plan leaves of all limits."""

    def __init__(self, case: Case, plan: Plan) -> None:
        self._case, self._plan = case, plan
        self.borders = borders_of(case)
        self._gate = {gate: g for g, gate in enumerate(self.borders.gates)}
        self._places = tuple(place.id for place in case.places)
        self._countries = tuple(dict.fromkeys(x.country for x in case.crossings))
        self._country = {x.id: self._countries.index(x.country) for x in case.crossings}
        self._size = {group.id: group.size for group in case.groups}
        runs = run_calls(case)
        held = run_seats(case)
        run_legs = [(run, len(calls) - 1, held[run]) for run, calls in runs.items()]
        self._limits: Limits = limits_of(case, self.borders, self._places, self._countries, run_legs)
        hubs = tuple(place.id for place in case.places if Role.HUB in place.roles)
        accesses = tuple(dict.fromkeys(service.access for service in case.services))
        self._calls: Calls = service_calls(
            case, self.borders, self._limits, runs, self._places, hubs, self._country, accesses
        )
        self._accesses = accesses
        taken = used(case, self._limits, self.borders, self._places, all_legs(plan))
        self._left: Ints = self._limits.limit - taken
        self._shelter = {  # by step; only of hubs with a limit
            place.id: np.full(case.steps + 1, place.waiting_capacity, dtype=np.int64)
            for place in case.places
            if place.waiting_capacity is not None and place.id in hubs
        }
        self._shelter_of_the_plan()

    def _step(self, moment: datetime) -> int:
        return self._case.step_of(moment, up=False)

    def _people(self, groups: list[str]) -> int:
        return sum(self._size[group] for group in groups)

    def departures(self) -> Iterator[_Departure]:
        """Loaded trips of the plan, and of every run the longest rides there are."""
        for trip in self._plan.trips:
            if self._plan.is_ahead(trip.depart):
                yield self._trip(filling_leg(trip), self._people(trip.groups))
        calls = self._calls
        farthest: dict[tuple[str, str], int] = {}
        for e, key in enumerate(zip(calls.run, calls.origin, strict=True)):
            best = farthest.setdefault(key, e)
            if (calls.gate[e] >= 0, calls.leg_last[e]) > (calls.gate[best] >= 0, calls.leg_last[best]):
                farthest[key] = e
        for e in farthest.values():
            if self._plan.is_ahead(self._case.time_of(int(calls.step[e]))):
                yield self._ride(e)

    def _trip(self, trip: Trip, aboard: int) -> _Departure:
        fleets = {fleet.id: fleet for fleet in self._case.fleets}
        fleet = fleets[fleet_of(trip.vehicle)]
        return _Departure(
            depart=self._step(trip.depart),
            id=trip.id,
            vehicle_or_run=trip.vehicle,
            mode="bus",
            origin=trip.origin,
            destination=trip.destination,
            arrive=self._step(trip.arrive),
            passed=-1 if trip.passed is None else self._step(trip.passed),
            gate=-1 if trip.passed is None else self._gate[trip.destination, mode_of(trip)],
            free=fleet.seats - aboard,
            legs=(),
            access=fleet.access,
        )

    def _ride(self, e: int) -> _Departure:
        calls = self._calls
        return _Departure(
            depart=int(calls.step[e]),
            id=calls.run[e],
            vehicle_or_run=calls.run[e],
            mode="service",
            origin=calls.origin[e],
            destination=calls.destination[e],
            arrive=int(calls.arrive[e]),
            passed=int(calls.safe[e]) if calls.gate[e] >= 0 else -1,
            gate=int(calls.gate[e]),
            free=int(calls.seats[e]),
            legs=tuple(range(int(calls.leg_first[e]), int(calls.leg_last[e]) + 1)),
            access=self._accesses[calls.access[e]],
        )

    def take(self, departure: _Departure) -> int:
        """Take all seats that a departure has to offer; returns how many."""
        rows, seats = self._rows(departure), departure.free
        for row in rows:
            seats = min(seats, int(self._left[row]))
        shelter = self._shelter.get(departure.destination) if departure.gate < 0 else None
        if shelter is not None:
            seats = min(seats, int(shelter[departure.arrive :].min(initial=seats)))
        if seats > 0:
            self._left[rows] -= seats
            if shelter is not None:
                shelter[departure.arrive :] -= seats
        return max(0, seats)

    def _rows(self, departure: _Departure) -> list[int]:
        """The limits that each person on a departure uses."""
        limits = self._limits
        rows = [int(limits.boarding_row[self._places.index(departure.origin), departure.depart])]
        rows += departure.legs
        if departure.gate >= 0:
            gate, step = departure.gate, departure.passed
            rows += [int(limits.gate_row[gate, step]), int(limits.reception_row[gate, step])]
            rows.append(int(limits.country_row[self._country[departure.destination]]))
        return [row for row in rows if row >= 0]

    def _shelter_of_the_plan(self) -> None:
        """Take the room of those who are in transit at hubs, also of those left there by a re-plan."""
        for group, legs in legs_by_group(all_legs(self._plan)).items():
            ends = [*(self._step(leg.depart) for leg in legs[1:]), None]
            for leg, until in zip(legs, ends, strict=True):
                if leg.passed is None and leg.destination in self._shelter:
                    self._shelter[leg.destination][self._step(leg.arrive) : until] -= self._size[group]
