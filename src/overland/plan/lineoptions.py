"""Trips of lines and their rides, put among the bus options of a problem."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from overland.case.model import Case, LineStop, StopKind
from overland.plan.border import Borders
from overland.plan.limits import Limits
from overland.plan.lines import PASSED_BY, THE_REST, Course, Lines, caps_of, course_of, rides_of_line
from overland.plan.options import ACROSS, FOOT, HUB, LINE, NO_LIMIT, Make, Options, usable_room
from overland.roads import RoadTimes

Ints = NDArray[np.int64]
Shorts = NDArray[np.int16]

_KINDS = {StopKind.HUB: HUB, StopKind.FOOT: FOOT, StopKind.ACROSS: ACROSS}


@dataclass(frozen=True, slots=True)
class Ground:
    """What the options of a problem are made of."""

    case: Case
    times: RoadTimes
    borders: Borders
    limits: Limits
    places: tuple[str, ...]
    profiles: tuple[str, ...]
    makes: tuple[Make, ...]
    longest_drive: Ints  # (makes,)
    stations: dict[str, int]
    country_of: dict[str, int]  # of each crossing


@dataclass(slots=True)
class _Rows:
    """Options in the making: attributes as in :class:`Options`, and road, safe, free and room."""

    attributes: list[tuple[int, int, int, int, int, int, int]] = field(default_factory=list)
    arrays: list[list[Ints]] = field(default_factory=list)

    def add(self, make: Make, kind: int, station: int, gate: int, country: int, arrays: list[Ints]) -> int:
        self.attributes.append((make.access, -1, -1, kind, station, gate, country))
        self.arrays.append(arrays)
        return len(self.attributes) - 1


@dataclass(slots=True)
class _Family:
    """A line run by a make of vehicles: rows of its trip and of its rides."""

    line: str
    place: int
    make: int
    trip: int
    rides: list[tuple[int, int]]  # stops
    options: list[int]
    on: list[int]  # place of each ride
    leaves: list[Ints]
    across: Ints


def with_lines(options: Options, ground: Ground) -> Options:
    """The same options and, behind those of each place, the trips of lines that begin there."""
    rows = _Rows()
    families = [
        family
        for line, stops in ground.case.stops_of_lines().items()
        for m in range(len(ground.makes))
        if (family := _family(ground, rows, line, stops, m)) is not None
    ]
    return _merged(options, ground, rows, families)


def _family(ground: Ground, rows: _Rows, line: str, stops: tuple[LineStop, ...], m: int) -> _Family | None:
    """Tabulate the trips of a line; None where a make can never run it."""
    make, horizon = ground.makes[m], ground.case.steps
    course = course_of(ground.case, ground.times, ground.profiles[make.profile], stops)
    gates = [_gate(ground, row) for row in stops]
    passed = [_passed(ground, gate, course.arrive[i]) for i, gate in enumerate(gates)]
    possible = (course.arrive[-1] >= 0) & (course.driven <= ground.longest_drive[m])
    possible &= passed[-1] >= 0
    rides = rides_of_line(ground.case, stops)
    made = [
        _ride(ground, rows, make, stops[i], stops[j], gates[j], course, (i, j), passed[j], possible)
        for i, j in rides
    ]
    leaves = [leave for _, leave in made]
    if not any((leave >= 0).any() for leave in leaves):
        return None
    change = ground.case.steps_of_hours(ground.case.policy.hub_change_minutes / 60)
    never = np.int64(horizon + 1)
    soonest, across = np.full(horizon, never), np.full(horizon, never)
    for (_, j), leave in zip(rides, leaves, strict=True):
        there = np.where(leave >= 0, passed[j] + (change if gates[j] < 0 else 0), never)
        soonest = np.minimum(soonest, there)
        if gates[j] >= 0:
            across = np.minimum(across, np.where(leave >= 0, passed[j], never))
    free = passed[-1] + ground.borders.turnaround[gates[-1]]
    if stops[-1].kind is not StopKind.ACROSS:
        unloading = ground.case.steps_of_hours(ground.case.policy.unloading_minutes / 60)
        free = course.arrive[-1] + unloading
    room = np.full(horizon, NO_LIMIT)
    trip = rows.add(
        make, LINE, ground.stations[stops[-1].stop], -1, -1,
        [np.where(possible & (soonest < never), a, -1) for a in (course.driven, soonest, free, room)],
    )  # fmt: skip
    return _Family(
        line=line,
        place=ground.places.index(stops[0].stop),
        make=m,
        trip=trip,
        rides=rides,
        options=[option for option, _ in made],
        on=[ground.places.index(stops[i].stop) for i, _ in rides],
        leaves=leaves,
        across=across,
    )


def _gate(ground: Ground, row: LineStop) -> int:
    """The gate that people pass who get off at a stop; -1 where they pass none."""
    mode = PASSED_BY.get(row.kind)
    return -1 if mode is None else ground.borders.gates.index((row.stop, mode))


def _passed(ground: Ground, gate: int, arrive: Ints) -> Ints:
    """When people are across who come to a gate, or at the hub; -1 where not in time."""
    if gate < 0:
        return arrive
    there = (arrive >= 0) & (arrive <= ground.case.steps)
    return np.where(there, ground.borders.passed[gate][np.where(there, arrive, 0)], -1)


def _ride(
    ground: Ground, rows: _Rows, make: Make, on: LineStop, off: LineStop, gate: int,
    course: Course, ride: tuple[int, int], passed: Ints, possible: NDArray[np.bool_],
) -> tuple[int, Ints]:  # fmt: skip
    """Add the option of a ride; returns its row, and when it leaves by the step at which the trip does."""
    horizon = ground.case.steps
    able = possible & (passed >= 0) & (course.leave[ride[0]] < horizon)
    leave = np.where(able, course.leave[ride[0]], -1)
    steps = leave[able]
    road, safe = (np.full(horizon, -1, dtype=np.int64) for _ in range(2))
    road[steps], safe[steps] = course.arrive[ride[1]][able] - steps, passed[able]
    country = ground.country_of[off.stop] if gate >= 0 else -1
    room = usable_room(ground.limits, ground.places.index(on.stop), gate, country, safe)
    arrays = [np.where(safe >= 0, a, -1) for a in (road, safe, safe, room)]
    row = rows.add(make, _KINDS[off.kind], ground.stations[off.stop], gate, country, arrays)
    return row, leave


def _merged(options: Options, ground: Ground, rows: _Rows, families: list[_Family]) -> Options:
    """Put trips without caps behind the options of their places, rides and other variants behind all."""
    first, order = np.zeros_like(options.first), list[int]()
    old = len(options.kind)
    for p in range(len(ground.places)):
        for m in range(len(ground.makes)):
            first[p, m] = len(order)
            order += range(options.first[p, m], options.first[p, m + 1])
            order += [old + f.trip for f in families if (f.place, f.make) == (p, m)]
        first[p, -1] = len(order)
    for family in families:
        order += [old + row for row in family.options]
    lines = _variants(families, order, old, ground.case.steps)
    attributes = np.array(rows.attributes, dtype=np.int64).reshape(-1, 7).T
    now = [options.access, options.convoy, options.only, options.kind, options.station]
    now += [options.gate, options.country]
    merged = [np.concatenate([a, b])[order] for a, b in zip(now, attributes, strict=True)]
    shorts = []
    for i, before in enumerate((options.road, options.safe, options.free, options.room)):
        more = np.array([a[i] for a in rows.arrays], dtype=np.int16).reshape(-1, ground.case.steps)
        shorts.append(np.concatenate([before, more])[order])
    access, convoy, only, kind, station, gate, country = merged
    road, safe, free, room = shorts
    return Options(first, access, convoy, only, kind, station, gate, country, road, safe, free, room, lines)


def _variants(families: list[_Family], order: list[int], old: int, horizon: int) -> Lines:
    """The variants of all families; their rows are added to the order."""
    number = {row: i for i, row in enumerate(order)}
    option: list[int] = []
    names: list[str] = []
    place: list[int] = []
    family_first, ride_first, ride_place, ride_option, part = (
        [0],
        [0],
        list[int](),
        list[int](),
        list[float](),
    )
    leaves: list[Ints] = []
    across: list[Ints] = []
    rest: list[int] = []
    for family in families:
        for caps in caps_of(family.rides):
            if len(option) == family_first[-1]:
                option.append(number[old + family.trip])
            else:
                order.append(old + family.trip)
                option.append(len(order) - 1)
            names.append(family.line)
            place.append(family.place)
            across.append(family.across)
            ride_place += family.on
            ride_option += [number[old + row] for row in family.options]
            part += caps
            last = {i: option for (i, j), option in zip(family.rides, family.options, strict=True)}
            rest += [
                number[old + last[i]] if cap == THE_REST else -1
                for (i, _), cap in zip(family.rides, caps, strict=True)
            ]
            leaves += family.leaves
            ride_first.append(len(ride_place))
        family_first.append(len(option))
    of_option = np.full(len(order), -1, dtype=np.int64)
    of_option[option] = np.arange(len(option))
    return Lines(
        of_option=of_option,
        line=tuple(names),
        place=np.array(place, dtype=np.int64),
        option=np.array(option, dtype=np.int64),
        family_first=np.array(family_first, dtype=np.int64),
        ride_first=np.array(ride_first, dtype=np.int64),
        ride_place=np.array(ride_place, dtype=np.int64),
        ride_option=np.array(ride_option, dtype=np.int64),
        ride_part=np.array(part, dtype=np.float64),
        ride_rest=np.array(rest, dtype=np.int64),
        ride_leaves=np.array(leaves, dtype=np.int16).reshape(-1, horizon).T.copy(),
        across=np.array(across, dtype=np.int16).reshape(-1, horizon),
    )
