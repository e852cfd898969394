"""Lines of our own vehicles as arrays: what a trip of one does, and the rides on it.

For search and bound a trip of a line is a bus option of its first stop, of kind ``LINE``, and each of its
rides is an option of the place where people get on, which only such trips offer. As the planner decides how
many people each ride takes, there are several *variants* of each trip: each caps the people of each ride but
the filling one, which gets what the others leave.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np
from numpy.typing import NDArray

from overland.case.model import Case, LineStop, Mode, Role, StopKind
from overland.roads import RoadTimes

Ints = NDArray[np.int64]
Shorts = NDArray[np.int16]
Floats = NDArray[np.float64]

LEVELS: dict[int, tuple[float, ...]] = {
    1: (1.0, 0.75, 0.5, 0.375, 0.25, 0.125),
    2: (1.0, 0.5, 0.25, 0.125, 0.0),
    3: (1.0, 0.33, 0.125, 0.0),
    4: (1.0, 0.25, 0.0),
}
"""Parts of the seats that a ride may be capped at, by the number of rides that need not be filled."""

FEW_LEVELS = 1.0, 0.0  # where there are more of them
THE_REST = -1.0  # in place of a cap: only those whom the ride to the last stop cannot take
MOST_VARIANTS = 300  # of one line and make

PASSED_BY = {StopKind.FOOT: Mode.FOOT, StopKind.ACROSS: Mode.BUS}


@dataclass(frozen=True, slots=True)
class Lines:
    """Trips of lines, by variant, and their rides.

    Attributes
    ----------
    of_option : int64 (options,)
        Variant that an option is; -1 for all that are no trip of a line.
    line : tuple of str
        Line of each variant.
    place : int64 (variants,)
        First stop.
    option : int64 (variants,)
        Its option. Only that of the first variant of a family stands among the options of its place.
    family_first : int64 (families + 1,)
        Variants of a *family*: one line, one make of vehicle. The first has no caps.
    ride_first : int64 (variants + 1,)
        Rides of each variant by the stop where people get on, then off; the last must be filled.
    ride_place, ride_option : int64 (rides,)
        Where people get on, and the option of the ride.
    ride_part : float64 (rides,)
        Cap as a part of the vehicle's seats, or ``THE_REST``.
    ride_rest : int64 (rides,)
        Of rides for the rest, the option of the ride from there to the last stop; else -1.
    ride_leaves : int16 (T, rides)
        Step at which the ride leaves, by that at which the trip leaves its first stop; -1 where it cannot.
    across : int16 (variants, T)
        When the first of those aboard are across; T + 1 if nobody is.
    """

    of_option: Ints
    line: tuple[str, ...]
    place: Ints
    option: Ints
    family_first: Ints
    ride_first: Ints
    ride_place: Ints
    ride_option: Ints
    ride_part: Floats
    ride_rest: Ints
    ride_leaves: Shorts
    across: Shorts


def no_lines(options: int, horizon: int) -> Lines:
    """What there is where a case has no lines."""

    def none(length: int = 0) -> Ints:
        return np.zeros(length, dtype=np.int64)

    return Lines(
        of_option=np.full(options, -1, dtype=np.int64),
        line=(),
        place=none(),
        option=none(),
        family_first=none(1),
        ride_first=none(1),
        ride_place=none(),
        ride_option=none(),
        ride_part=np.zeros(0),
        ride_rest=none(),
        ride_leaves=np.zeros((horizon, 0), dtype=np.int16),
        across=np.zeros((0, horizon), dtype=np.int16),
    )


@dataclass(frozen=True, slots=True)
class Course:
    """When a trip of a line is where, by the step at which it leaves its first stop.

    ``leave`` and ``arrive`` are int64 (stops, T), -1 from the stop on that it cannot reach; of the first stop
    both are that step. ``driven`` are the road steps.
    """

    arrive: Ints
    leave: Ints
    driven: Ints


def course_of(case: Case, times: RoadTimes, profile: str, stops: tuple[LineStop, ...]) -> Course:
    """Follow the trips of a line by the roads of a profile."""
    horizon, policy = case.steps, case.policy
    loading, unloading = (
        case.steps_of_hours(minutes / 60) for minutes in (policy.loading_minutes, policy.unloading_minutes)
    )
    arrive = np.full((len(stops), horizon), -1, dtype=np.int64)
    leave = np.full((len(stops), horizon), -1, dtype=np.int64)
    driven = np.zeros(horizon, dtype=np.int64)
    arrive[0] = leave[0] = np.arange(horizon)
    for i, (here, there) in enumerate(pairwise(stops)):
        steps = times.table(profile, here.stop)[:, times.index[there.stop]].astype(np.int64)
        able = (leave[i] >= 0) & (leave[i] < horizon)
        road = np.where(able, steps[np.where(able, leave[i], 0)], -1)
        able = road >= 0
        arrive[i + 1] = np.where(able, leave[i] + road, -1)
        stands = loading if there.kind is StopKind.BOARD else unloading
        leave[i + 1] = np.where(able, arrive[i + 1] + stands, -1)
        driven += np.where(able, road, 0)
    return Course(arrive, leave, driven)


def rides_of_line(case: Case, stops: tuple[LineStop, ...]) -> list[tuple[int, int]]:
    """Stops between which people can ride on a line, the filling ride last."""
    hubs = {place.id for place in case.places if Role.HUB in place.roles}
    on = [i for i, row in enumerate(stops) if row.kind is StopKind.BOARD]
    off = [j for j, row in enumerate(stops) if row.kind is not StopKind.BOARD]
    return [
        (i, j) for i, j in product(on, off) if not (stops[i].stop in hubs and stops[j].kind is StopKind.HUB)
    ]


def caps_of(rides: list[tuple[int, int]]) -> list[tuple[float, ...]]:
    """Caps of the rides of each variant; the first caps none. Of very many mixtures, some drawn at random.

    Left out are variants in which nobody may get on, or off, at some stop: another line does without it.
    """
    last = rides[-1][1]
    levels = LEVELS.get(len(rides) - 1, FEW_LEVELS)
    by_ride = [(*levels, THE_REST) if j < last and (i, last) in rides else levels for i, j in rides[:-1]]
    stops = {stop for ride in rides for stop in ride}
    variants = [
        (*parts, 1.0)
        for parts in product(*by_ride)
        if {stop for ride, part in zip(rides, (*parts, 1.0), strict=True) if part != 0 for stop in ride}
        == stops
    ]
    if len(variants) <= MOST_VARIANTS:
        return variants
    some = np.random.default_rng(0).choice(len(variants) - 1, MOST_VARIANTS - 1, replace=False) + 1
    return [variants[i] for i in (0, *sorted(some.tolist()))]
