"""When a vehicle can make its trips: empty moves, loading, driving and rest."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from overland.plan.tables import Tables

Ints = NDArray[np.int64]


@njit(cache=True, nogil=True)
def follow_chain(
    tables: Tables,
    y: int,
    depot: int,
    available: int,
    count: int,
    place: Ints,
    option: Ints,
    target: Ints,
    depart: Ints,
    leave: Ints,
) -> int:
    """Time the trips of one vehicle, each at its target or as soon after as possible.

    Before a trip the vehicle moves at once, or rests first, or moves and rests at the place: whichever lets it leave first.

    Parameters
    ----------
    place, option, target : int64 (trips,)
        The trips.
    depart : int64 (trips,)
        Output: departure steps.
    leave : int64 (trips,)
        Output: step at which the empty move to the trip's place leaves; -1 where there is none.

    Returns
    -------
    int
        Road steps driven; -1 if the chain is impossible.
    """
    f, limit, rest = tables.type_profile[y], tables.type_driving[y], tables.type_rest[y]
    now, at, driven, whole = available, depot, 0, 0
    for i in range(count):
        p, o = place[i], option[i]
        best, best_driven, best_leave, best_road = tables.horizon, 0, -1, 0
        for way in range(4):  # move at once or after a rest; leave when loaded or after another rest
            start = now + (rest if way >= 2 else 0)
            before = 0 if way >= 2 else driven
            road = 0
            if start >= tables.horizon:
                continue
            if at != p:
                road = int(tables.empty[f, start, at, p])
                if road < 0 or before + road > limit:
                    continue
            elif way >= 2:
                continue  # resting where it is is the other kind of rest
            ready = start + road
            goes = max(target[i], ready + tables.loading + (rest if way % 2 else 0))
            if goes >= best:
                continue
            behind = 0 if goes - tables.loading - ready >= rest else before + road
            ride = tables.road[goes, o]
            if ride < 0 or tables.room[goes, o] < 1 or behind + ride > limit:
                continue
            best, best_driven, best_road = goes, behind + ride, road
            best_leave = start if at != p else -1
        if best >= tables.horizon:
            return -1
        depart[i], leave[i] = best, best_leave
        whole += best_road + tables.road[best, o]
        driven = best_driven
        now, at = int(tables.free[best, o]), tables.option_station[o]
        if now >= tables.horizon and i < count - 1:
            return -1
    return whole
