"""Rules about moments: arrivals, passings, vehicles' release are what roads, timetables and borders say."""

from __future__ import annotations

from collections.abc import Iterator

from overland.case.model import PASSED_BY
from overland.verify.schedule import LineTrip, Schedule, TripLeg
from overland.verify.terms import Terms
from overland.verify.violation import Violation


def arrivals_by_road(terms: Terms, schedule: Schedule) -> Iterator[Violation]:
    """Trips, moves and drives take the road time of their profile."""
    for leg in schedule.ahead(schedule.single_trips):
        profile = terms.trip_profile(leg.vehicle.fleet, leg.convoy)
        yield from check_road(
            terms, leg.label, profile, (leg.origin, leg.destination), (leg.depart, leg.arrive)
        )
    for move in schedule.ahead(schedule.moves):
        profile = terms.times.profile_of(move.vehicle.fleet)
        between = (move.origin, move.destination)
        yield from check_road(terms, move.label, profile, between, (move.depart, move.arrive))
    for drive in schedule.ahead(schedule.drives):
        between = (drive.origin, drive.destination)
        yield from check_road(terms, drive.label, "car", between, (drive.depart, drive.arrive))


def check_road(
    terms: Terms, label: str, profile: str, between: tuple[str, str], moments: tuple[int, int]
) -> Iterator[Violation]:
    """Check that a way exists, and takes as long as the moments say."""
    depart, arrive = moments
    steps = terms.times.steps(profile, *between, depart)
    way = f"from {between[0]} to {between[1]} leaving at {terms.at(depart)}"
    if steps < 0:
        yield Violation("reachable", label, f"there is no way {way} within the horizon ({profile})")
    elif arrive != depart + steps:
        right, off = terms.at(depart + steps), terms.span(arrive - depart - steps)
        side = "early" if arrive < depart + steps else "late"
        yield Violation(
            "arrival", label, f"{way} one arrives at {right}, not {terms.at(arrive)} ({off} too {side})"
        )


def convoys(terms: Terms, schedule: Schedule) -> Iterator[Violation]:
    """Trips of a convoy leave with it."""
    for leg in schedule.ahead(schedule.trips):
        if leg.convoy is None:
            continue
        right = terms.leaves(leg.convoy)
        if leg.origin != leg.convoy.place or leg.depart != right:
            yield Violation(
                "convoy",
                leg.label,
                f"leaves {leg.origin} at {terms.at(leg.depart)}; convoy {leg.convoy.id} leaves "
                f"{leg.convoy.place} at {terms.at(right)}",
            )


def calls(terms: Terms, schedule: Schedule) -> Iterator[Violation]:
    """Rides keep to the timetable, and board within the horizon."""
    for ride in schedule.ahead(schedule.rides):
        board = ride.run.calls[ride.stretch[0]].board
        alight = ride.run.calls[ride.stretch[1]].alight
        if (ride.depart, ride.arrive) != (board, alight):
            yield Violation(
                "arrival",
                ride.label,
                f"calls at {terms.at(board)} and {terms.at(alight)}, "
                f"not {terms.at(ride.depart)} and {terms.at(ride.arrive)}",
            )


def passings(terms: Terms, schedule: Schedule) -> Iterator[Violation]:
    """People pass at the first open step after the forecast wait."""
    for leg in schedule.ahead(schedule.legs):
        if leg.mode is None or leg.passed is None:
            continue
        way = (leg.destination, leg.mode)
        passing = terms.borders.passing(way, leg.arrive)
        if passing == leg.passed:
            continue
        who = f"who arrives at {leg.destination} ({leg.mode.value}) at {terms.at(leg.arrive)}"
        right = f"passes at {terms.at(passing)}" if passing is not None else "does not pass by the horizon"
        closed = way in terms.borders.modes and not terms.borders.is_open(way, leg.passed)
        stated = f"the plan says {terms.at(leg.passed)}{', when it is closed' if closed else ''}"
        yield Violation("passing", leg.label, f"{who} {right}; {stated}")


def releases(terms: Terms, schedule: Schedule) -> Iterator[Violation]:
    """A vehicle is free when it has unloaded, or turned round behind the border."""
    for leg in schedule.ahead(schedule.single_trips):
        right = terms.release(leg.destination, leg.mode, leg.arrive, leg.passed)
        yield from _check_release(terms, leg, leg.destination, right)
    for trip in schedule.ahead(schedule.line_trips):
        last = trip.stops[-1]
        right = terms.release(last.row.stop, PASSED_BY.get(last.row.kind), last.arrive, last.passed)
        yield from _check_release(terms, trip, last.row.stop, right)


def _check_release(terms: Terms, trip: TripLeg | LineTrip, node: str, right: int) -> Iterator[Violation]:
    if trip.free != right:
        off = f"{terms.span(trip.free - right)} too {'early' if trip.free < right else 'late'}"
        message = (
            f"{trip.vehicle.id} is free at {node} at {terms.at(right)}, not {terms.at(trip.free)} ({off})"
        )
        yield Violation("free", trip.label, message)
