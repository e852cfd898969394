"""Trips of lines as the bound and the envelope see them: what vehicles do, and the rides of people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from overland.case.model import PASSED_BY, StopKind
from overland.verify.lines import LineRun
from overland.verify.proof.costs import Costs
from overland.verify.proof.departures import NO_LIMIT, BusWay, Departures
from overland.verify.proof.fleets import VehicleType
from overland.verify.proof.units import INFINITE
from overland.verify.terms import Terms

Ints = NDArray[np.int64]
Crew = tuple[str, frozenset[str]]  # profile and access of a vehicle


@dataclass(frozen=True, slots=True)
class LineRide:
    """People on a trip of a line from one stop to another.

    Attributes
    ----------
    place : str
        Where they get on.
    way : BusWay
        As a bus from there, by the step at which they leave; its room is not limited.
    first_stop : str
    head : int
        Number of the trip's way among those of lines from its first stop.
    leaves : int64 (T,)
        Step at which they leave, by that at which the trip leaves its first stop; -1 where it cannot.
    """

    place: str
    way: BusWay
    first_stop: str
    head: int
    leaves: Ints

    def possible(self, since: int) -> NDArray[np.bool_]:
        """Steps at which one may leave, if a vehicle can leave the first stop from a step on."""
        able = np.zeros(len(self.leaves), dtype=bool)
        then = self.leaves[since:]
        able[then[then >= 0]] = True
        return able & (self.way.road >= 0)


@dataclass(frozen=True, slots=True)
class LineWays:
    """All trips of lines: ways of vehicles by their first stop, and the rides of people.

    A vehicle's way is a bus that nobody boards; its ``until`` is when the first of those aboard are across,
    beyond the horizon where nobody is.
    """

    heads: dict[str, list[BusWay]]
    rides: list[LineRide]

    def from_place(self, place: str) -> list[LineRide]:
        """The rides of a place."""
        return [ride for ride in self.rides if ride.place == place]


def line_ways(terms: Terms, departures: Departures) -> LineWays:
    """Tabulate the trips of all lines for all vehicles; only rides that are in time for the deadline."""
    heads: dict[str, list[BusWay]] = {}
    rides: list[LineRide] = []
    for line, stops in terms.lines.stops.items():
        for crew, longest in departures.longest.items():
            runs = [
                run if run is not None and run.driven <= longest else None
                for run in terms.lines.runs(crew[0], line)
            ]
            start = stops[0].stop
            made = list(_rides(terms, departures, line, crew, runs, len(heads.get(start, []))))
            if any((ride.leaves >= 0).any() for ride in made):
                heads.setdefault(start, []).append(_head(terms, line, crew, runs, made))
                rides += made
    return LineWays(heads, rides)


def _rides(
    terms: Terms, departures: Departures, line: str, crew: Crew, runs: list[LineRun | None], head: int
) -> Iterator[LineRide]:
    stops, horizon = terms.lines.stops[line], terms.horizon
    for i, j in terms.lines.rides(line):
        kind, crossing = stops[j].kind, terms.crossings.get(stops[j].stop)
        leaves = np.full(horizon, -1, dtype=np.int64)
        road, until = np.full(horizon, -1, dtype=np.int64), np.zeros(horizon, dtype=np.int64)
        for step, run in enumerate(runs):
            across = None if run is None else run.until(j, stops)
            if run is None or across is None or not departures.in_time(across, hub=crossing is None):
                continue
            leaves[step] = run.leaves[i]
            road[leaves[step]], until[leaves[step]] = run.arrives[j] - leaves[step], across
        toll = departures.boarding_toll(stops[i].stop)
        if crossing is not None:
            toll = toll + departures.passing_toll((crossing.id, PASSED_BY[kind]))[until]
        way = BusWay(
            profile=crew[0],
            access=crew[1],
            vehicle_at="",
            country="" if crossing is None else crossing.country,
            on_foot=kind is StopKind.FOOT,
            hub=stops[j].stop if crossing is None else "",
            road=road,
            until=until,
            free=until,
            room=np.full(horizon, NO_LIMIT),
            toll=toll,
        )
        yield LineRide(stops[i].stop, way, stops[0].stop, head, leaves)


def _head(terms: Terms, line: str, crew: Crew, runs: list[LineRun | None], rides: list[LineRide]) -> BusWay:
    """The way of the vehicle; where none of its rides is in time there is none."""
    horizon, never = terms.horizon, terms.horizon + 1
    in_time = np.any([ride.leaves >= 0 for ride in rides], axis=0)
    road, free = np.full(horizon, -1, dtype=np.int64), np.zeros(horizon, dtype=np.int64)
    until = np.full(horizon, never, dtype=np.int64)
    for step in np.flatnonzero(in_time).tolist():
        run = runs[step]
        assert run is not None  # or it would have no ride
        road[step], free[step] = run.driven, run.free
        across = [
            ride.way.until[ride.leaves[step]] for ride in rides if not ride.way.hub and ride.leaves[step] >= 0
        ]
        until[step] = min(across, default=never)
    return BusWay(
        profile=crew[0],
        access=crew[1],
        vehicle_at=terms.lines.stops[line][-1].stop,
        country="",
        on_foot=False,
        hub="",
        road=road,
        until=until,
        free=free,
        room=np.full(horizon, NO_LIMIT),
        toll=np.zeros(horizon, dtype=np.int64),
    )


def ride_shares(
    costs: Costs,
    types: list[VehicleType],
    ride: LineRide,
    way: BusWay,
    prices: list[Ints],
) -> Ints:
    """What a person pays for the vehicle on a ride at least, by the step at which the ride leaves.

    As all aboard find room on one vehicle, each pays one part of as many as it has seats.

    Parameters
    ----------
    way : BusWay
        That of the vehicle.
    prices : list of int64 (T,)
        Of the trip for each type.

    Returns
    -------
    int64 (T,)
    """
    best = np.full(len(ride.leaves), INFINITE, dtype=np.int64)
    for fleet, price in zip(types, prices, strict=True):
        able = np.flatnonzero((price < INFINITE) & (ride.leaves >= 0))
        share = (price[able] + costs.driving[way.road[able]]) // fleet.seats
        np.minimum.at(best, ride.leaves[able], share)
    return best
