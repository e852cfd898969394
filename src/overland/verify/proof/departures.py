"""Every departure by which people can leave a place: buses at each step, and runs of services."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from overland.case.model import Mode
from overland.verify.borders import Way
from overland.verify.proof.tolls import Tolls
from overland.verify.terms import Terms

Ints = NDArray[np.int64]

NO_LIMIT = 1 << 30


@dataclass(frozen=True, slots=True)
class BusWay:
    """A bus from one place to one destination; arrays are by departure step, 0 … T − 1.

    Attributes
    ----------
    profile, access
        Of the vehicles that can make the trip.
    vehicle_at : str
        Where the vehicle is free again.
    country, hub : str
        Where people are then; the other is empty.
    road : int64 (T,)
        Steps on the road; -1 where the departure is impossible.
    until, free : int64 (T,)
        When people are across (or at the hub), and the vehicle is free.
    room : int64 (T,)
        People that full limits let go along.
    toll : int64 (T,)
        What one person pays for limits, but beyond a hub.
    """

    profile: str
    access: frozenset[str]
    vehicle_at: str
    country: str
    on_foot: bool
    hub: str
    road: Ints
    until: Ints
    free: Ints
    room: Ints
    toll: Ints


@dataclass(frozen=True, slots=True)
class Call:
    """A run of a service from one place to one destination."""

    access: frozenset[str]
    board: int
    until: int
    country: str
    hub: str
    seats: int
    toll: int


class Departures:
    """Departures of the places of a case, with the tolls of a proof: those that lead across by a deadline."""

    def __init__(self, terms: Terms, tolls: Tolls, deadline: int | None = None) -> None:
        self._terms, self._tolls = terms, tolls
        self._deadline = terms.horizon if deadline is None else deadline
        self._last_change = terms.horizon if deadline is None else deadline - terms.change
        self._steps = np.arange(terms.horizon)
        self.hubs = tuple(key for key in terms.places if terms.is_hub(key))
        # profile and access → most steps that any crew drives without a rest
        self.longest: dict[tuple[str, frozenset[str]], int] = {}
        for fleet in terms.fleets.values():
            if fleet.count:
                kind, most = (terms.times.profile_of(fleet), fleet.access), terms.longest_drive(fleet)
                self.longest[kind] = max(most, self.longest.get(kind, 0))
        self._passed = {way: self._passings(way) for way in terms.borders.modes}
        self._passing_toll = {way: tolls.passing(way) for way in terms.borders.modes}

    def _passings(self, way: Way) -> Ints:
        borders = self._terms.borders
        moments = [borders.passing(way, step) for step in range(self._terms.horizon + 1)]
        in_time = [-1 if step is None or step > self._deadline else step for step in moments]
        return np.array(in_time, dtype=np.int64)

    def in_time(self, until: int, *, hub: bool) -> bool:
        """Whether people who are across, or at a hub, at a step are in time for the deadline."""
        return until <= (self._last_change if hub else self._deadline)

    def boarding_toll(self, place: str) -> Ints:
        """What boarding at a place costs at each step 0 … T − 1."""
        return self._tolls.boarding(place)

    def passing_toll(self, way: Way) -> Ints:
        """What passing a crossing costs at each step 0 … T."""
        return self._passing_toll[way]

    def buses(self, place: str) -> list[BusWay]:
        """Ways by bus from a place that are possible at some step."""
        ways = []
        for kind in self.longest:
            for table in (self._terms.times.table(kind[0], place), *self._under_escort(kind[0], place)):
                ways += [way for way in self._across(place, kind, table) if (way.road >= 0).any()]
                if place not in self.hubs:
                    ways += [way for way in self._to_hubs(place, kind, table) if (way.road >= 0).any()]
        return ways

    def _under_escort(self, profile: str, place: str) -> Iterator[NDArray[np.int16]]:
        """Road steps with each convoy that leaves a place: -1 but at its step. Its size is not looked at."""
        terms = self._terms
        for convoy in terms.convoys.values():
            step = terms.leaves(convoy)
            if convoy.place == place and 0 <= step < terms.horizon:
                table = terms.times.table(f"{profile}+{convoy.corridor}", place)
                alone = np.full_like(table, -1)
                alone[step] = table[step]
                yield alone

    def _across(
        self, place: str, kind: tuple[str, frozenset[str]], table: NDArray[np.int16]
    ) -> Iterator[BusWay]:
        terms, boarding = self._terms, self._tolls.boarding(place)
        for way in terms.borders.modes:
            if way[1] not in (Mode.BUS, Mode.FOOT):
                continue
            crossing = terms.crossings[way[0]]
            road = table[:, terms.times.index[crossing.id]].astype(np.int64)
            arrive = self._steps + np.maximum(road, 0)
            passed = self._passed[way][arrive]
            possible = (road >= 0) & (road <= self.longest[kind]) & (passed >= 0)
            until = np.where(possible, passed, 0)
            on_foot = way[1] is Mode.FOOT
            yield BusWay(
                profile=kind[0],
                access=kind[1],
                vehicle_at=crossing.id,
                country=crossing.country,
                on_foot=on_foot,
                hub="",
                road=np.where(possible, road, -1),
                until=until,
                free=arrive + terms.unloading if on_foot else until + terms.turnaround(crossing.id),
                room=self._room(place, way)[until],
                toll=boarding + self._passing_toll[way][until],
            )

    def _to_hubs(
        self, place: str, kind: tuple[str, frozenset[str]], table: NDArray[np.int16]
    ) -> Iterator[BusWay]:
        terms = self._terms
        for hub in self.hubs:
            road = table[:, terms.times.index[hub]].astype(np.int64)
            arrive = self._steps + np.maximum(road, 0)
            possible = (road >= 0) & (road <= self.longest[kind]) & (arrive <= self._last_change)
            yield BusWay(
                profile=kind[0],
                access=kind[1],
                vehicle_at=hub,
                country="",
                on_foot=False,
                hub=hub,
                road=np.where(possible, road, -1),
                until=arrive,
                free=arrive + terms.unloading,
                room=np.full(terms.horizon, _limit(terms.boarding_limit(place))),
                toll=self._tolls.boarding(place),
            )

    def _room(self, place: str, way: Way) -> Ints:
        """People that full limits let go along who pass at each step 0 … T."""
        terms, crossing = self._terms, self._terms.crossings[way[0]]
        always = min(
            _limit(terms.boarding_limit(place)),
            terms.intake[crossing.reception],
            _limit(terms.country_limit(crossing.country)),
        )
        windows = range(terms.horizon // terms.window_steps + 1)
        by_window = np.array([min(always, terms.borders.limit(way, window)) for window in windows])
        return by_window[np.arange(terms.horizon + 1) // terms.window_steps]

    def services(self, place: str) -> list[Call]:
        """Runs that people can board at a place, by step."""
        terms, boarding, calls = self._terms, self._tolls.boarding(place), []
        for run in terms.timetable.runs():
            last = len(run.calls) - 1
            for i, here in enumerate(run.calls):
                if here.stop != place or not 0 <= here.board < terms.horizon:
                    continue
                for j in range(i + 1, last + 1):
                    stop, until, way = run.calls[j].stop, run.calls[j].alight, (run.calls[j].stop, Mode.RAIL)
                    toll = int(boarding[here.board])
                    toll += self._tolls.riding(run.service.id, run.id, i, j)
                    seats, access = run.seats, run.service.access
                    if stop in self.hubs and place not in self.hubs and until <= self._last_change:
                        calls.append(Call(access, here.board, until, "", stop, seats, toll))
                    elif j == last and way in self._passed and until <= terms.horizon:
                        until = int(self._passed[way][until])
                        if until >= 0:
                            toll += int(self._passing_toll[way][until])
                            country = terms.crossings[stop].country
                            calls.append(Call(access, here.board, until, country, "", seats, toll))
        return sorted(calls, key=lambda call: call.board)

    def cars(self, place: str) -> Iterator[tuple[str, Ints, Ints]]:
        """Ways by own car: the country, and by departure step when one is across (-1: not) and the toll."""
        terms = self._terms
        table = terms.times.table("car", place)
        for way in terms.borders.modes:
            if way[1] is Mode.CAR:
                crossing = terms.crossings[way[0]]
                road = table[:, terms.times.index[crossing.id]].astype(np.int64)
                until = np.where(road >= 0, self._passed[way][self._steps + np.maximum(road, 0)], -1)
                yield crossing.country, until, self._passing_toll[way][np.maximum(until, 0)]


def _limit(limit: int | None) -> int:
    return NO_LIMIT if limit is None else limit
