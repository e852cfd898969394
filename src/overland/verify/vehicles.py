"""Rules about vehicles: each does one thing after another, from where it is, with rested drivers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from overland.verify.schedule import LineTrip, MoveLeg, Schedule, TripLeg, Vehicle
from overland.verify.terms import Terms
from overland.verify.violation import Violation


@dataclass(frozen=True, slots=True)
class Event:
    """A trip or a move as the vehicle sees it."""

    label: str
    origin: str
    destination: str
    start: int  # loading begins, or the vehicle leaves empty
    depart: int
    end: int  # the vehicle can be used again
    driven: int  # road steps


def duties(terms: Terms, schedule: Schedule) -> Iterator[Violation]:
    """Check each vehicle's chain of events."""
    chains: dict[str, list[Event]] = defaultdict(list)
    vehicles: dict[str, Vehicle] = {}
    legs: list[TripLeg | MoveLeg | LineTrip] = [
        *schedule.single_trips,
        *schedule.line_trips,
        *schedule.moves,
    ]
    for leg in legs:
        vehicles[leg.vehicle.id] = leg.vehicle
        chains[leg.vehicle.id].append(_event(terms, leg))
    for key, events in chains.items():
        events.sort(key=lambda event: (event.start, event.end))
        yield from lost(terms, vehicles[key], events)
        yield from continuity(terms, vehicles[key], events)
        yield from driving(terms, vehicles[key], events)
        yield from duty_spans(terms, vehicles[key], events)


def lost(terms: Terms, vehicle: Vehicle, events: list[Event]) -> Iterator[Violation]:
    """A lost vehicle begins nothing."""
    if vehicle.id in terms.lost:
        for event in events:
            if event.depart >= terms.first:
                message = f"is lost, but leaves by {event.label} at {terms.at(event.depart)}"
                yield Violation("lost", f"vehicle {vehicle.id}", message)


def continuity(terms: Terms, vehicle: Vehicle, events: list[Event]) -> Iterator[Violation]:
    """The vehicle is where the event begins, in time to load."""
    where, since, before = vehicle.fleet.depot, terms.available(vehicle.fleet, vehicle.id), "it is available"
    subject = f"vehicle {vehicle.id}"
    rule = "available"
    for event in events:
        if event.depart < terms.first:  # past
            where, since, rule = (
                event.destination,
                max(event.end, terms.available(vehicle.fleet, vehicle.id)),
                "vehicle-time",
            )
            before = f"it is free after {event.label} ({terms.at(since)})"
            continue
        if event.origin != where:
            leaves = f"{event.label} leaves {event.origin} at {terms.at(event.depart)}"
            yield Violation("vehicle-place", subject, f"is at {where} from {terms.at(since)}, but {leaves}")
        if event.depart < since:
            early = terms.span(since - event.depart)
            yield Violation(
                rule, subject, f"leaves by {event.label} at {terms.at(event.depart)}, {early} before {before}"
            )
        elif event.start < since:
            loading = terms.span(event.depart - since)
            yield Violation(
                "loading",
                subject,
                f"loads {event.label} at {event.origin} for {loading}, not {terms.span(terms.loading)}",
            )
        where, since, rule = event.destination, event.end, "vehicle-time"
        before = f"it is free after {event.label} ({terms.at(event.end)})"


def driving(terms: Terms, vehicle: Vehicle, events: list[Event]) -> Iterator[Violation]:
    """Between two rests no more road steps than the crew may drive."""
    longest, rest = terms.longest_drive(vehicle.fleet), terms.rest(vehicle.fleet)
    driven = 0
    stands_since = terms.available(vehicle.fleet, vehicle.id)
    for event in events:
        if event.start - stands_since >= rest:
            driven = 0
        driven += event.driven
        if driven > longest and event.depart >= terms.first:
            yield Violation(
                "driving",
                f"vehicle {vehicle.id}",
                f"has driven {terms.span(driven)} without a rest of {terms.span(rest)} at the end of "
                f"{event.label} ({terms.at(event.depart + event.driven)}); it may {terms.span(longest)}",
            )
        stands_since = event.end


def duty_spans(terms: Terms, vehicle: Vehicle, events: list[Event]) -> Iterator[Violation]:
    """From the first event after a rest to the end of the last before the next is not too long."""
    longest, rest = terms.longest_duty(vehicle.fleet), terms.rest(vehicle.fleet)
    if longest is None:
        return
    began, stands_since = None, terms.available(vehicle.fleet, vehicle.id)
    for event in events:
        if began is None or event.start - stands_since >= rest:
            began = event.start
        span = event.end - began
        if span > longest and event.depart >= terms.first:
            yield Violation(
                "duty",
                f"vehicle {vehicle.id}",
                f"is on duty for {terms.span(span)} from {terms.at(began)} to the end of {event.label}; "
                f"its crew may be for {terms.span(longest)}",
            )
        stands_since = event.end


def _event(terms: Terms, leg: TripLeg | MoveLeg | LineTrip) -> Event:
    if isinstance(leg, LineTrip):
        return Event(
            label=leg.label,
            origin=leg.stops[0].row.stop,
            destination=leg.stops[-1].row.stop,
            start=leg.depart - terms.loading,
            depart=leg.depart,
            end=leg.free,
            driven=leg.driven,
        )
    trip = leg if isinstance(leg, TripLeg) else None
    return Event(
        label=leg.label,
        origin=leg.origin,
        destination=leg.destination,
        start=leg.depart - (terms.loading if trip else 0),
        depart=leg.depart,
        end=trip.free if trip else leg.arrive,
        driven=max(0, leg.arrive - leg.depart),
    )
