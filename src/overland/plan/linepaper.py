"""Trips of lines on paper: from the search to the document, and from there to the legs of people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from itertools import pairwise

from overland.plan.document import Stop, Trip
from overland.plan.journeys import Stage
from overland.plan.lines import PASSED_BY, course_of
from overland.plan.problem import Problem
from overland.plan.tables import Tables
from overland.roads import RoadTimes


def line_trip(
    problem: Problem, tables: Tables, trip: Trip, option: int, step: int, aboard: list[tuple[str, Stage]]
) -> Trip:
    """A trip of a line with its stops, of what a bus trip would say of it.

    Parameters
    ----------
    option, step : int
        Of the trip, where it leaves its first stop.
    aboard : list of (str, Stage)
        Groups and the rides that they take.
    """
    line = problem.options.lines.line[tables.option_line[option]]
    rows = problem.case.stops_of_lines()[line]
    name = trip.vehicle.rpartition("-")[0]
    fleet = next(fleet for fleet in problem.case.fleets if fleet.id == name)
    course = course_of(problem.case, problem.times, RoadTimes.profile_of(fleet), rows)
    time_of, last = problem.case.time_of, len(rows) - 1
    stops = []
    for i, row in enumerate(rows):
        arrive, passed = int(course.arrive[i, step]), -1
        if row.kind in PASSED_BY:
            gate = problem.borders.gates.index((row.stop, PASSED_BY[row.kind]))
            passed = int(problem.borders.passed[gate, arrive]) if arrive <= problem.horizon else -1
        stops.append(
            Stop(
                node=row.stop,
                kind=row.kind.value,
                arrive=time_of(arrive) if i > 0 else None,
                depart=time_of(int(course.leave[i, step])) if i < last else None,
                passed=None if passed < 0 else time_of(passed),
                on=sorted(g for g, stage in aboard if problem.places[stage.place] == row.stop),
                off=sorted(
                    g
                    for g, stage in aboard
                    if problem.stations[tables.option_station[stage.option]] == row.stop
                ),
            )
        )
    return trip.model_copy(
        update={
            "kind": stops[-1].kind,
            "arrive": stops[-1].arrive,
            "passed": stops[-1].passed,
            "line": line,
            "stops": stops,
        }
    )


def legs_of(trips: Iterable[Trip]) -> list[Trip]:
    """Trips as the people aboard see them: each ride on a trip of a line as a trip from where they get on.

    Rides that nobody takes are left out.
    """
    legs: list[Trip] = []
    for trip in trips:
        legs += _rides_of(trip) if trip.line is not None else [trip]
    return legs


def _rides_of(trip: Trip) -> list[Trip]:
    rides = []
    for i, here in enumerate(trip.stops):
        for there in trip.stops[i + 1 :]:
            groups = [group for group in here.on if group in there.off]
            if groups:
                fields = {
                    "origin": here.node,
                    "kind": there.kind,
                    "destination": there.node,
                    "depart": here.depart,
                    "arrive": there.arrive,
                    "passed": there.passed,
                    "groups": groups,
                    "line": None,
                    "stops": [],
                }
                rides.append(trip.model_copy(update=fields))
    return rides


def driving(trip: Trip) -> timedelta:
    """How long the vehicle of a trip drives: from its origin, without the time it stands at stops."""
    if trip.line is None:
        return trip.arrive - trip.depart
    whole = timedelta()
    for here, there in pairwise(trip.stops):
        if here.depart is not None and there.arrive is not None:
            whole += there.arrive - here.depart
    return whole
