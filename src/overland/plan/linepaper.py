"""Trips of lines between the search and the document."""

from __future__ import annotations

import numpy as np

from overland.plan.document import Stop, Trip
from overland.plan.journeys import Stage
from overland.plan.legs import fleet_of, legs_of
from overland.plan.lines import PASSED_BY, course_of
from overland.plan.options import HUB
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
    fleet = next(fleet for fleet in problem.case.fleets if fleet.id == fleet_of(trip.vehicle))
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


def option_of_line(problem: Problem, tables: Tables, v: int, trip: Trip) -> tuple[int, int]:
    """First stop and option of a trip of a line for a vehicle, by the tightest caps that let all aboard on.

    Of those who wait, a ride takes the same people with any caps between their number and those by which the
    trip was found, so that the trip is found again; not always if only those board whom another ride cannot
    take. -1, -1 if the vehicle cannot run the line.
    """
    m, seats = (
        int(tables.type_make[problem.vehicles.type[v]]),
        int(tables.type_seats[problem.vehicles.type[v]]),
    )
    aboard = {(leg.origin, leg.destination): leg.groups for leg in legs_of([trip])}
    for family in range(len(tables.family_first) - 1):
        first, last = int(tables.family_first[family]), int(tables.family_first[family + 1])
        p, o = int(tables.line_place[first]), int(tables.line_option[first])
        if problem.options.lines.line[first] != trip.line:
            continue
        if not tables.option_first[p, m] <= o < tables.option_first[p, m + 1]:
            continue
        best, least = o, np.inf
        for variant in range(first, last):
            caps = [
                _cap(problem, tables, r, seats, aboard.get(_ends(problem, tables, r), []))
                for r in range(int(tables.ride_first[variant]), int(tables.ride_first[variant + 1]) - 1)
            ]
            if sum(caps) < least:
                best, least = int(tables.line_option[variant]), sum(caps)
        return p, best
    return -1, -1


def _cap(problem: Problem, tables: Tables, r: int, seats: int, groups: list[str]) -> float:
    """People that a ride of a variant may take; infinite where that does not let just these groups on."""
    riders, rest = problem.riders, int(tables.ride_rest[r])
    number = {group: g for g, group in enumerate(riders.id)}
    mine = [number[group] for group in groups if group in number]
    if rest < 0:
        cap = int(tables.ride_part[r] * seats)
        return cap if cap >= riders.size[mine].sum() else np.inf
    able = [riders.kind_admits[riders.kind[g]] >> tables.option_country[rest] & 1 for g in mine]
    return np.inf if not mine or any(able) or tables.option_kind[rest] == HUB else 0.0


def _ends(problem: Problem, tables: Tables, r: int) -> tuple[str, str]:
    """Where people get on and off on a ride."""
    off = problem.stations[tables.option_station[tables.ride_option[r]]]
    return problem.places[tables.ride_place[r]], off
