"""Who drives, who rides, and who cannot get out at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from overland.case.model import Case, Group, Mode, Papers
from overland.plan.border import Borders
from overland.plan.options import FOOT, HUB, LINE, Calls, Options
from overland.plan.standing import AT_THE_START, Order, Standing, ready_step
from overland.roads import RoadTimes

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Riders:
    """Groups that take a seat, sorted by place and, within it, in the order in which they board.

    Boarding order: greater weight first, then ready first, then larger first.
    """

    id: tuple[str, ...]
    first: Ints  # (places + 1,)
    place: Ints
    size: Ints
    ready: Ints
    weight: Floats
    arrived: Ints  # of those who are at a hub to change already: since when; -1 for all others
    kind: Ints  # row of the kind_… tables: groups of one kind may go the same ways
    kind_admits: Ints  # bit c set: may enter country c
    kind_walks: NDArray[np.bool_]
    kind_fits: NDArray[np.bool_]  # (kinds, accesses) whether an access has all that people of a kind need
    kind_hub_last: Ints  # (kinds, places) last step to leave a hub at and get across; -1: not a hub


class _Kind(NamedTuple):
    """People who may go the same ways."""

    admits: int
    walks: bool
    needs: frozenset[str]


class _Rider(NamedTuple):
    """A group that takes a seat."""

    id: str
    place: int
    size: int
    since: int  # it could board then, though that may be before anything leaves now
    ready: int
    weight: float
    order: Order  # of those who are at a hub already
    arrived: int
    kind: _Kind

    def boards(self) -> Order:
        """Sorts the groups of all places as they board."""
        return self.place, -self.weight, self.since, self.order, -self.size, self.id


class _Driver(NamedTuple):
    """A group that leaves in its own car."""

    id: str
    place: str
    size: int
    ready: int
    weight: float
    admits: int


@dataclass(frozen=True, slots=True)
class Drivers:
    """Groups that leave in their own car."""

    id: tuple[str, ...]
    place: tuple[str, ...]
    size: Ints
    ready: Ints
    weight: Floats
    admits: Ints


def admitted(case: Case, group: Group, country: str) -> bool:
    """Whether each person of a group may enter a country."""
    nationalities = [case.sponsor] if group.size > group.kin else []
    if group.kin:
        nationalities.append(group.kin_nationality)
    return all(_rule(case, country, nationality, group.papers) for nationality in nationalities)


def admissions(case: Case, countries: Sequence[str]) -> tuple[int, ...]:
    """The countries that each group of a case may enter: bit ``c`` is set for the one of that number."""
    masks: dict[tuple[object, ...], int] = {}
    found = []
    for group in case.groups:
        key = (group.size > group.kin, group.kin > 0, group.kin_nationality, group.papers)
        if key not in masks:
            masks[key] = sum(1 << c for c, name in enumerate(countries) if admitted(case, group, name))
        found.append(masks[key])
    return tuple(found)


def _rule(case: Case, country: str, nationality: str, papers: Papers) -> bool:
    for rule in case.entry_rules:
        if (
            rule.country in (country, "*")
            and rule.nationality in (nationality, "*")
            and rule.papers in (papers.value, "*")
        ):
            return rule.admitted
    return False


def sort_groups(
    case: Case,
    times: RoadTimes,
    borders: Borders,
    options: Options,
    calls: Calls,
    places: tuple[str, ...],
    hubs: Ints,
    countries: tuple[str, ...],
    accesses: tuple[frozenset[str], ...],
    change: int,
    standing: Standing = AT_THE_START,
) -> tuple[Riders, Drivers, dict[str, str]]:
    """Divide the groups of a case that are not out yet into riders, drivers and stranded (group → reason)."""
    last = _LastDepartures(options, calls, accesses, places, change)
    car_last = _last_car_departures(case, times, borders, countries)
    number = {place.id: i for i, place in enumerate(case.places)}
    riders: list[_Rider] = []
    drivers: list[_Driver] = []
    stranded: dict[str, str] = {}
    for group, mask in zip(case.groups, admissions(case, countries), strict=True):
        if group.id in standing.gone:
            continue
        since, order, arrived = ready_step(case, group), (), -1
        kind = _Kind(mask, group.can_walk, group.needs)
        there = standing.at_hubs.get(group.id)
        place = places.index(group.place if there is None else there.hub)
        if there is not None:
            since, arrived = there.arrive + change, there.arrive
            order = (number[there.origin], *there.order)
        ready = max(since, standing.now)
        weight = case.policy.weights[group.category]
        if (
            group.own_car
            and arrived < 0
            and ready
            <= max((car_last[group.place][c] for c in range(len(countries)) if mask >> c & 1), default=-1)
        ):
            drivers.append(_Driver(group.id, group.place, group.size, ready, weight, mask))
        elif ready <= last.of(place, kind):
            riders.append(_Rider(group.id, place, group.size, since, ready, weight, order, arrived, kind))
        else:
            stranded[group.id] = _why(case, kind, last, place, (ready, standing.now), countries)
    return _riders(riders, last, hubs, countries), _drivers(drivers), stranded


def _riders(rows: list[_Rider], last: _LastDepartures, hubs: Ints, countries: tuple[str, ...]) -> Riders:
    rows = sorted(rows, key=_Rider.boards)
    # kind 0 may go everywhere, even if nobody is so
    kinds = {kind: i for i, kind in enumerate(dict.fromkeys([_anybody(countries), *(r.kind for r in rows)]))}
    hub_last = np.full((len(kinds), len(last.places)), -1, dtype=np.int64)
    for kind, i in kinds.items():
        for hub in hubs:
            hub_last[i, hub] = last.of(int(hub), kind)
    return Riders(
        id=tuple(r.id for r in rows),
        first=np.searchsorted([r.place for r in rows], np.arange(len(last.places) + 1)).astype(np.int64),
        place=np.array([r.place for r in rows], dtype=np.int64),
        size=np.array([r.size for r in rows], dtype=np.int64),
        ready=np.array([r.ready for r in rows], dtype=np.int64),
        weight=np.array([r.weight for r in rows], dtype=np.float64),
        arrived=np.array([r.arrived for r in rows], dtype=np.int64),
        kind=np.array([kinds[r.kind] for r in rows], dtype=np.int64),
        kind_admits=np.array([kind.admits for kind in kinds], dtype=np.int64),
        kind_walks=np.array([kind.walks for kind in kinds], dtype=np.bool_),
        kind_fits=np.array(
            [[kind.needs <= access for access in last.accesses] for kind in kinds], dtype=np.bool_
        ).reshape(len(kinds), len(last.accesses)),
        kind_hub_last=hub_last,
    )


def _drivers(rows: list[_Driver]) -> Drivers:
    return Drivers(
        id=tuple(d.id for d in rows),
        place=tuple(d.place for d in rows),
        size=np.array([d.size for d in rows], dtype=np.int64),
        ready=np.array([d.ready for d in rows], dtype=np.int64),
        weight=np.array([d.weight for d in rows], dtype=np.float64),
        admits=np.array([d.admits for d in rows], dtype=np.int64),
    )


def _anybody(countries: tuple[str, ...]) -> _Kind:
    """People who may go every way."""
    return _Kind((1 << len(countries)) - 1, walks=True, needs=frozenset())


def _why(
    case: Case,
    kind: _Kind,
    last: _LastDepartures,
    place: int,
    steps: tuple[int, int],
    countries: tuple[str, ...],
) -> str:
    """Why a group that is ready at a step, and may leave no sooner than another, cannot get out."""
    ready, now = steps
    name = next(p.name for p in case.places if p.id == last.places[place])
    anybody = _anybody(countries)
    if not kind.admits:
        return "No neighbouring country admits everybody in the group with its papers."
    if last.of(place, anybody) < now:
        return f"Cut off: no road or train leads from {name} to an open crossing within the horizon."
    if ready > last.of(place, anybody):
        return f"Ready too late: after the last departure from {name} that is across by the horizon."
    if last.of(place, anybody._replace(admits=kind.admits)) < ready:
        allowed = ", ".join(c for i, c in enumerate(countries) if kind.admits >> i & 1)
        return f"Admitted only to {allowed}, and no way leads there from {name} in time."
    if last.of(place, kind._replace(needs=frozenset())) < ready:
        return f"Cannot walk, and from {name} only crossings on foot can be reached in time."
    return f"No bus or train that takes {' and '.join(sorted(kind.needs))} leads across from {name} in time."


class _LastDepartures:
    """The last step at which somebody can leave a place and still get across, whatever the means."""

    def __init__(
        self,
        options: Options,
        calls: Calls,
        accesses: tuple[frozenset[str], ...],
        places: tuple[str, ...],
        change: int,
    ) -> None:
        self._options, self._calls, self._change = options, calls, change
        self._known: dict[tuple[int, _Kind], int] = {}
        self.accesses, self.places = accesses, places

    def of(self, place: int, kind: _Kind) -> int:
        """The last step, or -1."""
        key = (place, kind)
        if key not in self._known:
            self._known[key] = max(self._by_bus(*key), self._by_service(*key), -1)
        return self._known[key]

    def _by_bus(self, place: int, kind: _Kind) -> int:
        options, best = self._options, -1
        rides = np.unique(options.lines.ride_option[options.lines.ride_place == place]).tolist()
        for o in [*range(options.first[place, 0], options.first[place, -1]), *rides]:
            if options.kind[o] == LINE or not kind.needs <= self.accesses[options.access[o]]:
                continue
            possible = np.flatnonzero(options.road[o] >= 0)
            if options.kind[o] == HUB:
                onward = self.of(int(options.station[o]), kind)  # places are the first stations
                possible = possible[options.safe[o][possible] + self._change <= onward]
            elif not kind.admits >> options.country[o] & 1 or (options.kind[o] == FOOT and not kind.walks):
                continue
            if len(possible):
                best = max(best, int(possible[-1]))
        return best

    def _by_service(self, place: int, kind: _Kind) -> int:
        calls, best = self._calls, -1
        for e in range(calls.first[place], calls.first[place + 1]):
            if not kind.needs <= self.accesses[calls.access[e]]:
                continue
            if calls.hub[e] >= 0:
                fits = calls.safe[e] + self._change <= self.of(int(calls.hub[e]), kind)
            else:
                fits = bool(kind.admits >> calls.country[e] & 1)
            if fits:
                best = max(best, int(calls.step[e]))
        return best


def _last_car_departures(
    case: Case, times: RoadTimes, borders: Borders, countries: tuple[str, ...]
) -> dict[str, list[int]]:
    """Last step at which one can leave by car and be across in time: place → by country."""
    country_of = {x.id: countries.index(x.country) for x in case.crossings}
    result: dict[str, list[int]] = {}
    for place in {g.place for g in case.groups if g.own_car}:
        best = [-1] * len(countries)
        table = times.table("car", place).astype(np.int64)
        for g, (crossing, mode) in enumerate(borders.gates):
            if mode is Mode.CAR:
                road = table[:, times.index[crossing]]
                arrive = np.arange(case.steps) + np.maximum(road, 0)
                possible = np.flatnonzero((road >= 0) & (borders.passed[g][arrive] >= 0))
                if len(possible):
                    c = country_of[crossing]
                    best[c] = max(best[c], int(possible[-1]))
        result[place] = best
    return result
