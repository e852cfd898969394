"""When a vehicle can make its trips: empty moves, loading, driving and rest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from overland.plan.kernels import inner_kernel, kernel, open_inner_kernel, subkernel
from overland.plan.problem import NO_DUTY_LIMIT
from overland.plan.standing import RESTED
from overland.plan.tables import Tables

Ints = NDArray[np.int64]


@open_inner_kernel
def next_trip(
    tables: Tables, y: int, now: int, at: int, driven: int, began: int, p: int, o: int, target: int
) -> tuple[int, int, int, int, int]:
    """When a vehicle can make a trip: at its target or as soon after as possible.

    It moves at once, or rests first, or moves and rests at the place: whichever lets it leave first. Where
    duties are limited, a rested crew moves no sooner than it must.

    Parameters
    ----------
    now, at, driven : int
        Step and station where it is free, and road steps driven since its last rest. What it begins is
        not before ``tables.now``.
    began : int
        Step at which its duty began; ``RESTED`` if the crew has done nothing since it rested.

    Returns
    -------
    depart : int
        Step of departure; ``tables.horizon`` if the trip is impossible.
    leave : int
        Step at which the empty move to the place leaves; -1 where there is none.
    road, driven : int
        Road steps of move and trip; road steps driven since the last rest after the trip.
    began : int
        Step at which the duty began that the trip is part of.
    """
    f, limit, rest = tables.type_profile[y], tables.type_driving[y], tables.type_rest[y]
    longest = tables.type_duty[y]
    limited = longest < NO_DUTY_LIMIT
    best, best_driven, best_leave, best_road, best_began = tables.horizon, 0, -1, 0, RESTED
    for way in range(4):  # move at once or after a rest; leave when loaded or after another rest
        if at == p and way >= 2:
            continue  # resting where it is is the other kind of rest
        start = now if at == p else max(now + (rest if way >= 2 else 0), tables.now)
        before, since = driven, began
        if start - now >= rest:
            before, since = 0, RESTED
        road = 0
        if start >= tables.horizon:
            continue
        if at != p:
            if limited and since == RESTED and way % 2 == 0:
                start = _late_start(tables, f, start, at, p, max(target, tables.now) - tables.loading)
            road = int(tables.empty[f, start, at, p])
            if road < 0 or before + road > limit:
                continue
            since = start if since == RESTED else since
            if start + road - since > longest:
                continue
        ready = start + road
        goes = max(target, tables.now, ready + tables.loading + (rest if way % 2 else 0))
        if goes >= best:
            continue
        behind = before + road
        if goes - tables.loading - ready >= rest:
            behind, since = 0, RESTED
        if since == RESTED:
            since = goes - tables.loading
        ride = tables.road[goes, o]
        if ride < 0 or tables.room[goes, o] < 1 or behind + ride > limit:
            continue
        if limited and tables.free[goes, o] - since > longest:
            continue
        best, best_driven, best_road, best_began = goes, behind + ride, road + ride, since
        best_leave = start if at != p else -1
        if goes == target:
            break  # no way is quicker
    return best, best_leave, best_road, best_driven, best_began


@inner_kernel
def _late_start(tables: Tables, f: int, start: int, at: int, p: int, by: int) -> int:
    """When an empty move that can start at a step can start later and still be at the place by another."""
    road = int(tables.empty[f, start, at, p])
    later = by - road
    if road < 0 or later <= start or later >= tables.horizon:
        return start
    then = int(tables.empty[f, later, at, p])
    return later if 0 <= then <= road else start


@kernel
def follow_chain(
    tables: Tables,
    y: int,
    depot: int,
    available: int,
    driven: int,
    began: int,
    count: int,
    place: Ints,
    option: Ints,
    target: Ints,
    depart: Ints,
    leave: Ints,
) -> int:
    """Time the trips of one vehicle one after another; see :func:`next_trip`.

    Parameters
    ----------
    depot, available, driven, began : int
        Station and step where it is free at first, road steps driven since its last rest, and step at which
        its duty began (or ``RESTED``).
    place, option, target : int64 (trips,)
        The trips.
    depart, leave : int64 (trips,)
        Output: departure steps; steps at which the empty moves to the places leave (-1: none).

    Returns
    -------
    int
        Road steps driven; -1 if the chain is impossible.
    """
    now, at, whole = available, depot, 0
    for i in range(count):
        depart[i], leave[i], road, driven, began = next_trip(
            tables, y, now, at, driven, began, place[i], option[i], target[i]
        )
        if depart[i] >= tables.horizon:
            return -1
        whole += road
        now, at = int(tables.free[depart[i], option[i]]), tables.option_station[option[i]]
    return whole


@subkernel
def time_trips(
    tables: Tables,
    y: int,
    depot: int,
    available: int,
    driven: int,
    duty: int,
    begin: int,
    count: int,
    place: Ints,
    option: Ints,
    target: Ints,
    depart: Ints,
    road: Ints,
    freed: Ints,
    since_rest: Ints,
    began: Ints,
) -> bool:
    """Time the trips of one vehicle from one of them on; what the others take is known.

    Parameters
    ----------
    depot, available, driven, duty : int
        Station and step where it is free at first, road steps driven since its last rest, and step at which
        its duty began (or ``RESTED``).
    begin : int
        First trip to be timed.
    place, option, target : int64 (trips,)
        The trips.
    depart, road, freed, since_rest, began : int64 (trips,)
        Of the trips before, and the output for the others: departure step; road steps with the empty move;
        step at which the vehicle is free; road steps driven since its last rest; step at which its duty
        began.

    Returns
    -------
    bool
        Whether the chain is possible.
    """
    now, at, since = available, depot, duty
    if begin > 0:
        now, at, driven = freed[begin - 1], tables.option_station[option[begin - 1]], since_rest[begin - 1]
        since = began[begin - 1]
    for i in range(begin, count):
        depart[i], _, road[i], driven, since = next_trip(
            tables, y, now, at, driven, since, place[i], option[i], target[i]
        )
        if depart[i] >= tables.horizon:
            return False
        now, at = int(tables.free[depart[i], option[i]]), tables.option_station[option[i]]
        freed[i], since_rest[i], began[i] = now, driven, since
    return True
