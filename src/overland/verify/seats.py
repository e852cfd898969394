"""Seats that vehicles and runs can have brought across by each step, whoever sits on them."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from overland.case.model import Fleet, Mode
from overland.verify.proof.departures import BusWay
from overland.verify.proof.fleets import empty_moves
from overland.verify.terms import Terms

Ints = NDArray[np.int64]

MOST_TRIPS = 64  # that are counted: a vehicle that can make as many has room for everybody


def seats_across(terms: Terms, ways: dict[str, list[BusWay]]) -> list[int]:
    """Seats on which people can be across by each step 0 … T at most.

    Parameters
    ----------
    ways
        By hub, place where riders wait, and first stop of a line: ways by bus, and trips of lines.
    """
    seats = np.zeros(terms.horizon + 1, dtype=np.int64)
    moves: dict[str, NDArray[np.int16]] = {}
    for fleet in terms.fleets.values():
        profile = terms.times.profile_of(fleet)
        starts = Counter(terms.available(fleet, vehicle) for vehicle in terms.usable[fleet.id])
        for available, vehicles in sorted(starts.items()):
            if available > terms.horizon:
                continue
            if profile not in moves:
                moves[profile] = empty_moves(terms, profile)
            made = _trips_made(terms, fleet, available, moves[profile], ways)
            people = np.where(made >= MOST_TRIPS, terms.people, made * fleet.seats)
            seats += vehicles * np.minimum(people, terms.people)
    for run in terms.timetable.runs():
        way, last = (run.calls[-1].stop, Mode.RAIL), run.calls[-1].alight
        boarded = any(call.stop in ways and 0 <= call.board < terms.horizon for call in run.calls[:-1])
        if way in terms.borders.modes and boarded and last <= terms.horizon:
            step = terms.borders.passing(way, last)
            if step is not None:
                seats[step:] += run.seats
    return [int(number) for number in seats]


def _trips_made(
    terms: Terms, fleet: Fleet, available: int, moves: NDArray[np.int16], ways: dict[str, list[BusWay]]
) -> Ints:
    """Trips on which a vehicle can have brought people across by each step, if its crew never rests.

    Step by step: the most trips that a vehicle can have made that is at each node.
    """
    index, horizon, longest = terms.times.index, terms.horizon, terms.longest_drive(fleet)
    profile = terms.times.profile_of(fleet)
    mine = [
        (index[place], index[way.vehicle_at], way)
        for place, leading in ways.items()
        for way in leading
        if (way.profile, way.access) == (profile, fleet.access) and not way.hub
    ]
    origin, station = (np.array([row[i] for row in mine], dtype=np.int64) for i in (0, 1))
    road, until, free = (
        np.array([getattr(way, name) for _, _, way in mine], dtype=np.int64).reshape(-1, horizon)
        for name in ("road", "until", "free")
    )
    most = np.full((horizon + 2, len(index)), -1, dtype=np.int64)  # trips made; -1: cannot be there
    passed = np.zeros(horizon + 2, dtype=np.int64)
    most[available, index[fleet.depot]] = 0
    for step in range(horizon):
        most[step] = np.maximum(most[step], most[step - 1] if step else -1)
        before = None
        while before is None or (most[step] != before).any():  # what takes no time leads on at once
            before = most[step].copy()
            node, place = np.nonzero((moves[step] >= 0) & (moves[step] <= longest) & (before[:, None] >= 0))
            arrive = np.minimum(step + moves[step][node, place].astype(np.int64), horizon + 1)
            np.maximum.at(most, (arrive, place), before[node])
            leave = step + terms.loading
            if leave < horizon:
                able = np.flatnonzero(
                    (road[:, leave] >= 0) & (road[:, leave] <= longest) & (before[origin] >= 0)
                )
                made = np.minimum(before[origin[able]] + 1, MOST_TRIPS)
                back = np.minimum(free[able, leave], horizon + 1)
                np.maximum.at(most, (back, station[able]), made)
                np.maximum.at(passed, np.minimum(until[able, leave], horizon + 1), made)
    return np.maximum.accumulate(passed[:-1])
