"""Rules about trips of lines: they make their stops when roads, loading and borders say."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from overland.case.model import PASSED_BY
from overland.verify.moments import check_road
from overland.verify.schedule import LineTrip, Schedule
from overland.verify.terms import Terms
from overland.verify.violation import Violation


def line_moments(terms: Terms, schedule: Schedule) -> Iterator[Violation]:
    """Check every trip of a line, stop by stop."""
    for trip in schedule.ahead(schedule.line_trips):
        profile = terms.trip_profile(trip.vehicle.fleet, None)
        for here, there in pairwise(trip.stops):
            assert here.depart is not None
            between = (here.row.stop, there.row.stop)
            yield from check_road(terms, trip.label, profile, between, (here.depart, there.arrive))
        yield from _standing(terms, trip)
        yield from _passing(terms, trip)


def _standing(terms: Terms, trip: LineTrip) -> Iterator[Violation]:
    for stop in trip.stops[1:-1]:
        assert stop.depart is not None
        stands, right = stop.depart - stop.arrive, terms.lines.standing(stop.row)
        if stands != right:
            message = f"stands at {stop.row.stop} for {terms.span(stands)}, not {terms.span(right)}"
            yield Violation("stop-time", trip.label, message)


def _passing(terms: Terms, trip: LineTrip) -> Iterator[Violation]:
    """When people pass at each crossing, also where nobody gets off: rides are checked with all others."""
    for stop in trip.stops:
        if stop.row.kind in PASSED_BY and not stop.off:
            right = terms.borders.passing((stop.row.stop, PASSED_BY[stop.row.kind]), stop.arrive)
            if stop.passed != right:
                when = "not by the horizon" if right is None else f"at {terms.at(right)}"
                yield Violation("passing", trip.label, f"at {stop.row.stop} one passes {when}")
