"""How many people can be out by each step in any plan, computed anew in whole numbers.

See "The envelope" in docs/problem.md.
"""

from __future__ import annotations

from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from overland.case.model import Group
from overland.verify.proof.departures import BusWay, Call, Departures
from overland.verify.proof.fleets import earliest_presence, empty_moves
from overland.verify.proof.lines import line_ways
from overland.verify.proof.tolls import Tolls
from overland.verify.seats import seats_across
from overland.verify.terms import Terms

Ints = NDArray[np.int64]


def most_out(terms: Terms) -> list[int]:
    """People who can be out by each step 0 … T at most, in any plan."""
    alone = _Alone(terms)
    by_car, riding = [0] * (terms.horizon + 1), [0] * (terms.horizon + 1)
    for group in terms.groups.values():
        drives = terms.drives(group)
        step = alone.by_car(group) if drives else alone.riding(group)
        if step <= terms.horizon:
            (by_car if drives else riding)[step] += group.size
    seats = seats_across(terms, alone.vehicle_ways)
    others = [
        drivers + min(riders, room)
        for drivers, riders, room in zip(accumulate(by_car), accumulate(riding), seats, strict=True)
    ]
    return _let_through(terms, others)


class _Rider(NamedTuple):
    """Where somebody may go, and how."""

    countries: frozenset[str]
    walks: bool
    needs: frozenset[str]


class _Alone:
    """When each group could be out if nobody else were there."""

    def __init__(self, terms: Terms) -> None:
        self._terms, self._never = terms, terms.horizon + 1
        self._departures = Departures(terms, Tolls.none(terms))
        riders = [g.place for g in terms.groups.values() if not terms.drives(g) and not terms.stranded(g)]
        places = dict.fromkeys([*self._departures.hubs, *riders])
        self.ways = {place: self._departures.buses(place) for place in places}
        self._lines = line_ways(terms, self._departures)
        self.vehicle_ways = {
            place: [*self.ways.get(place, []), *self._lines.heads.get(place, [])]
            for place in dict.fromkeys([*self.ways, *self._lines.heads])
        }
        self._calls = {place: self._departures.services(place) for place in places}
        self._first = {kind: self._presence(kind) for kind in self._departures.longest}
        self._cars: dict[str, list[tuple[str, Ints]]] = {}
        self._known: dict[tuple[str, _Rider], Ints] = {}

    def _presence(self, kind: tuple[str, frozenset[str]]) -> dict[str, int]:
        """The first step at which some vehicle of a profile and access can leave each place loaded."""
        terms = self._terms
        starts = {
            (fleet.depot, terms.available(fleet, vehicle))
            for fleet in terms.fleets.values()
            if (terms.times.profile_of(fleet), fleet.access) == kind
            for vehicle in terms.usable[fleet.id]
        }
        first = earliest_presence(terms, kind, starts, empty_moves(terms, kind[0]), self.vehicle_ways)
        return {place: int(first[terms.times.index[place]]) + terms.loading for place in self.vehicle_ways}

    def by_car(self, group: Group) -> int:
        """The step by which a group is across in its own car; ``T + 1`` for never."""
        ready, countries = self._terms.ready(group), self._terms.admitting(group)
        if group.place not in self._cars:
            self._cars[group.place] = [(x, until) for x, until, _ in self._departures.cars(group.place)]
        best = self._never
        for country, until in self._cars[group.place]:
            if country in countries:
                across = until[ready:]
                best = min(best, int(across[across >= 0].min(initial=self._never)))
        return best

    def riding(self, group: Group) -> int:
        """The step by which a group is across as a rider; ``T + 1`` for never."""
        if self._terms.stranded(group):
            return self._never
        who = _Rider(self._terms.admitting(group), group.can_walk, group.needs)
        table = self._table(group.place, who)
        return int(table[min(self._terms.ready(group), self._terms.horizon)])

    def _table(self, place: str, who: _Rider) -> Ints:
        """The step by which one is across who can leave a place from each step on."""
        key = (place, who)
        if key not in self._known:
            best = np.full(self._terms.horizon + 1, self._never, dtype=np.int64)
            for way in self.ways[place]:
                since = self._first[way.profile, way.access][place]
                self._take_bus(best, way, who, np.arange(self._terms.horizon) >= since)
            for ride in self._lines.from_place(place):
                since = self._first[ride.way.profile, ride.way.access][ride.first_stop]
                self._take_bus(best, ride.way, who, ride.possible(since))
            for call in self._calls[place]:
                if who.needs <= call.access:
                    best[call.board] = min(int(best[call.board]), self._by_call(call, who))
            self._known[key] = np.minimum.accumulate(best[::-1])[::-1]
        return self._known[key]

    def _take_bus(self, best: Ints, way: BusWay, who: _Rider, possible: NDArray[np.bool_]) -> None:
        """Look at a way by bus that a vehicle can make at some steps."""
        if not who.needs <= way.access or (way.on_foot and not who.walks):
            return
        if not way.hub and way.country not in who.countries:
            return
        until = np.where(possible & (way.road >= 0), way.until, self._never)
        if way.hub:
            onward = self._table(way.hub, who)
            leave = until + self._terms.change
            late = leave > self._terms.horizon
            until = np.where(late, self._never, onward[np.where(late, 0, leave)])
        best[:-1] = np.minimum(best[:-1], until)

    def _by_call(self, call: Call, who: _Rider) -> int:
        if not call.hub:
            return call.until if call.country in who.countries else self._never
        leave = call.until + self._terms.change
        if leave > self._terms.horizon:
            return self._never
        return int(self._table(call.hub, who)[leave])


def _let_through(terms: Terms, others: list[int]) -> list[int]:
    """Lower what other bounds allow by each step to what can pass from any earlier step on."""
    windows, days = terms.horizon // terms.window_steps + 1, terms.borders.days
    centres: dict[str, dict[str, list[int]]] = {}  # by country: people that gates let through in each window
    for way in terms.borders.modes:
        crossing = terms.crossings[way[0]]
        served = centres.setdefault(crossing.country, {}).setdefault(crossing.reception, [0] * windows)
        for window in range(windows):
            served[window] += terms.borders.limit(way, window)
    passed = {key: np.array([0, *accumulate(served)]) for c in centres.values() for key, served in c.items()}
    number = np.arange(terms.horizon + 1) // terms.window_steps
    day = np.array([(today - days[0]).days for today in days])
    most = np.array(others, dtype=np.int64)
    for first in range(terms.horizon + 1):  # who passes from this step on
        through = np.zeros(terms.horizon + 1 - first, dtype=np.int64)
        for country, served_by in centres.items():
            into = np.zeros_like(through)
            for centre in served_by:
                people = passed[centre][number[first:] + 1] - passed[centre][number[first]]
                into += np.minimum(people, terms.intake[centre] * (day[first:] - day[first] + 1))
            share = terms.country_limit(country)
            through += into if share is None else np.minimum(into, share)
        before = others[first - 1] if first else 0
        most[first:] = np.minimum(most[first:], before + through)
    return [int(people) for people in most]
