"""Rules about limits: seats, rates, capacities, shares. All count whole persons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from overland.verify.borders import Way
from overland.verify.schedule import LineTrip, RideLeg, Schedule, TripLeg
from overland.verify.terms import Terms
from overland.verify.violation import Violation


def seats(schedule: Schedule) -> Iterator[Violation]:
    """No more people aboard a vehicle than it has seats."""
    trips: list[TripLeg | LineTrip] = [*schedule.single_trips, *schedule.line_trips]
    for trip in schedule.ahead(trips):
        limit = trip.vehicle.fleet.seats
        if trip.people > limit:
            yield Violation(
                "seats", trip.label, f"{trip.people} people aboard {trip.vehicle.id}, which has {limit} seats"
            )


def run_seats(schedule: Schedule) -> Iterator[Violation]:
    """No more people aboard a run, between any two stops, than seats are held."""
    runs: dict[str, list[RideLeg]] = {}
    for ride in schedule.rides:
        runs.setdefault(ride.run.id, []).append(ride)
    for key, rides in runs.items():
        run = rides[0].run
        for i, (here, there) in enumerate(pairwise(run.calls)):
            riding = [ride for ride in rides if ride.stretch[0] <= i < ride.stretch[1]]
            aboard = sum(ride.people for ride in riding)
            if aboard > run.seats and schedule.ahead(riding):
                where = f"between {here.stop} and {there.stop}"
                yield Violation("run-seats", f"run {key}", f"{aboard} people {where}, {run.seats} seats")


def crossing_rate(terms: Terms, schedule: Schedule) -> Iterator[Violation]:
    """No more people pass a crossing in a window than it can serve."""
    width = terms.window_steps
    passed = Counter[tuple[Way, int]]()
    decided = set[tuple[Way, int]]()  # where somebody passes who has not left before now
    for leg in schedule.legs:
        if leg.mode is not None and leg.passed is not None:
            passed[(leg.destination, leg.mode), leg.passed // width] += leg.people
            if not leg.is_past(schedule.first):
                decided.add(((leg.destination, leg.mode), leg.passed // width))
    for (way, window), people in sorted(passed.items()):
        limit = terms.borders.limit(way, window)
        if people > limit and (way, window) in decided:
            yield Violation(
                "crossing-rate",
                f"crossing {way[0]}",
                f"{people} people pass by {way[1]} {_window(terms, window)}, {limit} can",
            )


def boarding_rate(terms: Terms, schedule: Schedule) -> Iterator[Violation]:
    """No more people board at a place in a window than can be boarded."""
    boarded = Counter[tuple[str, int]]()
    decided = set[tuple[str, int]]()
    for leg in schedule.departures:
        boarded[leg.origin, leg.depart // terms.window_steps] += leg.people
        if not leg.is_past(schedule.first):
            decided.add((leg.origin, leg.depart // terms.window_steps))
    for (place, window), people in sorted(boarded.items()):
        limit = terms.boarding_limit(place)
        if limit is not None and people > limit and (place, window) in decided:
            yield Violation(
                "boarding-rate",
                f"place {place}",
                f"{people} people board {_window(terms, window)}, {limit} can",
            )


def convoy_sizes(schedule: Schedule) -> Iterator[Violation]:
    """No more vehicles in a convoy than it may have."""
    vehicles = Counter(trip.convoy for trip in schedule.trips if trip.convoy is not None)
    decided = {trip.convoy for trip in schedule.ahead(schedule.trips)}
    for convoy, count in vehicles.items():
        if count > convoy.vehicles and convoy in decided:
            yield Violation(
                "convoy-size", f"convoy {convoy.id}", f"{count} vehicles are in it, {convoy.vehicles} may be"
            )


def hub_capacity(terms: Terms, schedule: Schedule) -> Iterator[Violation]:
    """No more people in transit at a hub than it can shelter."""
    arriving = Counter[tuple[str, int]]()  # people more (or fewer) from a step on
    standing = Counter[tuple[str, int]]()  # the same of those who left for the hub before now
    for key, legs in schedule.journeys().items():
        for first, second in pairwise([*legs, None]):
            if first is None or first.mode is not None:
                continue
            size, came = terms.groups[key].size, standing if first.is_past(schedule.first) else arriving
            if second is not None and second.origin == first.destination:
                came[first.destination, first.arrive] += size
                came[first.destination, max(first.arrive, second.depart)] -= size
            elif second is None and came is standing:
                came[first.destination, first.arrive] += size  # they stay
    for hub in sorted({hub for hub, _ in arriving}):
        limit = terms.places[hub].waiting_capacity if hub in terms.places else None
        if limit is None:
            continue
        people, there, peak, when = 0, 0, 0, 0
        for step in sorted({step for where, step in (*arriving, *standing) if where == hub}):
            people += arriving[hub, step]
            there += standing[hub, step]
            if people > 0 and people + there > peak:
                peak, when = people + there, step
        if peak > limit:
            yield Violation(
                "hub-capacity",
                f"hub {hub}",
                f"{peak} people in transit at {terms.at(when)}, it shelters {limit}",
            )


def reception(terms: Terms, schedule: Schedule) -> Iterator[Violation]:
    """No more people reach a reception centre on a local day than it takes in."""
    arrived = Counter[tuple[str, str]]()
    decided = set[tuple[str, str]]()
    for leg in schedule.legs:
        if leg.destination in terms.crossings and leg.passed is not None:
            day = terms.borders.days[leg.passed].isoformat()
            arrived[terms.crossings[leg.destination].reception, day] += leg.people
            if not leg.is_past(schedule.first):
                decided.add((terms.crossings[leg.destination].reception, day))
    for (centre, day), people in sorted(arrived.items()):
        if people > terms.intake[centre] and (centre, day) in decided:
            yield Violation(
                "reception",
                f"centre {centre}",
                f"{people} people on {day}, it takes in {terms.intake[centre]} a day",
            )


def country_share(terms: Terms, schedule: Schedule) -> Iterator[Violation]:
    """No more people go to a country than its share."""
    entered = Counter[str]()
    decided = set[str]()
    for leg in schedule.legs:
        if leg.destination in terms.crossings:
            entered[terms.crossings[leg.destination].country] += leg.people
            if not leg.is_past(schedule.first):
                decided.add(terms.crossings[leg.destination].country)
    for country, people in sorted(entered.items()):
        limit = terms.country_limit(country)
        if limit is not None and people > limit and country in decided:
            share = terms.case.policy.country_share[country]
            yield Violation(
                "country-share",
                f"country {country}",
                f"{people} people, its share is {limit} ({share:.0%} of {terms.people})",
            )


def _window(terms: Terms, window: int) -> str:
    width = terms.window_steps
    return f"between {terms.at(window * width)} and {terms.at((window + 1) * width)}"
