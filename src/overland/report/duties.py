"""Vehicles' duties as bars in time: what the chart of duties shows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from overland.case.model import Case, Fleet
from overland.plan.document import Move, Plan, Trip
from overland.plan.legs import fleet_of
from overland.report.words import count, moment

BarKind = Literal["load", "across", "foot", "hub", "move", "border", "rest"]


@dataclass(frozen=True, slots=True)
class Bar:
    """Something a vehicle does from one step to another."""

    kind: BarKind
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Duty:
    """What one vehicle does, in the order of time."""

    vehicle: str
    bars: tuple[Bar, ...]
    trips: int
    people: int


@dataclass(frozen=True, slots=True)
class FleetDuties:
    """The duties of one fleet with what they add up to."""

    fleet: Fleet
    depot: str  # name as shown
    duties: tuple[Duty, ...]

    @property
    def used(self) -> tuple[Duty, ...]:
        """The duties of vehicles that do anything."""
        return tuple(duty for duty in self.duties if duty.bars)

    @property
    def trips(self) -> int:
        """Loaded trips."""
        return sum(duty.trips for duty in self.duties)

    @property
    def people(self) -> int:
        """Persons carried; one who changes from bus to bus counts twice."""
        return sum(duty.people for duty in self.duties)

    @property
    def filled(self) -> float:
        """Share of the seats of the loaded trips that are taken."""
        return self.people / (self.trips * self.fleet.seats) if self.trips else 0.0


def duties_of(case: Case, plan: Plan, sizes: dict[str, int]) -> list[FleetDuties]:
    """Give the duties of every vehicle of every fleet, those that stay in the depot too.

    Parameters
    ----------
    sizes : dict of str to int
        Group → persons.
    """
    trips: defaultdict[str, list[Trip]] = defaultdict(list)
    moves: defaultdict[str, list[Move]] = defaultdict(list)
    for trip in plan.trips:
        trips[trip.vehicle].append(trip)
    for move in plan.moves:
        moves[move.vehicle].append(move)
    names = names_of(case)
    known: defaultdict[str, set[str]] = defaultdict(set)
    for vehicle in (*trips, *moves):
        known[fleet_of(vehicle)].add(vehicle)
    result = []
    for fleet in case.fleets:
        vehicles = sorted(known[fleet.id] | {f"{fleet.id}-{i:02d}" for i in range(1, fleet.count + 1)})
        duties = tuple(_duty(case, fleet, v, trips[v], moves[v], sizes, names) for v in vehicles)
        if duties:
            result.append(FleetDuties(fleet, names[fleet.depot], duties))
    return result


def names_of(case: Case) -> dict[str, str]:
    """Node → name as shown to people."""
    names = {place.id: place.name for place in case.places}
    return names | {crossing.id: crossing.name for crossing in case.crossings}


def _duty(
    case: Case,
    fleet: Fleet,
    vehicle: str,
    trips: list[Trip],
    moves: list[Move],
    sizes: dict[str, int],
    names: dict[str, str],
) -> Duty:
    people = {trip.id: sum(sizes[group] for group in trip.groups) for trip in trips}
    bars = [bar for trip in trips for bar in _trip_bars(case, fleet, trip, people[trip.id], names)]
    for move in moves:
        start, end = case.step_of(move.depart, up=False), case.step_of(move.arrive, up=True)
        text = f"Empty {names[move.origin]} – {names[move.destination]}, {_when(case, start, end)}"
        bars.append(Bar("move", start, end, text))
    bars.sort(key=lambda bar: (bar.start, bar.end))
    rests = _rests(case, fleet, bars)
    ordered = tuple(sorted([*bars, *rests], key=lambda bar: (bar.start, bar.end)))
    return Duty(vehicle, ordered, len(trips), sum(people.values()))


def _trip_bars(case: Case, fleet: Fleet, trip: Trip, people: int, names: dict[str, str]) -> list[Bar]:
    depart, arrive = case.step_of(trip.depart, up=False), case.step_of(trip.arrive, up=True)
    free = case.step_of(trip.free, up=True)
    loading = case.steps_of_hours(case.policy.loading_minutes / 60)
    origin, destination = names[trip.origin], names[trip.destination]
    how = {"across": f"across {destination}", "foot": f"to {destination}, then on foot", "hub": destination}
    between = "".join(f" – {names[stop.node]}" for stop in trip.stops[1:-1])
    way = f"{origin}{between} – {how[trip.kind]}"
    load = f"{number_of_seats(people, fleet.seats)}: {way}, {_when(case, depart, arrive)}"
    after = "Border and way back" if trip.kind == "across" else "Unloading"
    bars = [
        Bar("load", depart - loading, depart, f"Loading in {origin}"),
        Bar(trip.kind, depart, arrive, load),
        Bar("border", arrive, free, f"{after} at {destination}, {_when(case, arrive, free)}"),
    ]
    return [bar for bar in bars if bar.end > bar.start]


def number_of_seats(people: int, seats: int) -> str:
    """Persons aboard against seats, in words."""
    return f"{count(people, 'person', 'people')} on {count(seats, 'seat')}"


def _when(case: Case, start: int, end: int) -> str:
    return f"{moment(case.time_of(start), case.zone)} to {moment(case.time_of(end), case.zone)}"


def _rests(case: Case, fleet: Fleet, bars: list[Bar]) -> list[Bar]:
    """Standstills between events that are long enough to set the driving to zero."""
    least = case.steps_of_hours(fleet.rest_hours)
    return [
        Bar("rest", before.end, after.start, f"Rest, {_when(case, before.end, after.start)}")
        for before, after in pairwise(bars)
        if after.start - before.end >= least
    ]
