"""The most that a vehicle can collect: from its depot, paid the price of every trip it makes."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from overland.verify.proof.departures import BusWay
from overland.verify.proof.fleets import VehicleType
from overland.verify.proof.units import INFINITE, RefusedError, within_reach
from overland.verify.terms import Terms

Ints = NDArray[np.int64]

ROUNDS = 50  # through what can be done within one step


def most_collected(
    terms: Terms,
    fleet: VehicleType,
    moves: NDArray[np.int16],
    ways: dict[str, list[BusWay]],
    prices: dict[str, Ints],
    driving: Ints,
) -> int:
    """The greatest sum that the vehicles of a type can collect, each on the best chain for it.

    Parameters
    ----------
    moves : int16 (T, nodes, places)
        Road steps of empty moves by departure step; -1 where impossible.
    ways, prices
        By place: ways by bus, and int64 (ways, T) what trips pay.
    driving : int64 (T + 1,)
        What driving so many steps costs.
    """
    trips = [
        (terms.times.index[place], terms.times.index[way.vehicle_at], way, prices[place][number])
        for place in ways
        for number, way in enumerate(ways[place])
        if (prices[place][number] < INFINITE).any()
    ]
    shape = (len(trips), terms.horizon)
    price = np.array([trip[3] for trip in trips], dtype=np.int64).reshape(shape)
    highest = int(np.where(price < INFINITE, price, 0).max(initial=0))
    within_reach("the value of a vehicle", (terms.horizon + 1) * ROUNDS * max(highest, int(driving[-1])))
    road = np.array([trip[2].road for trip in trips], dtype=np.int16).reshape(shape)
    free = np.array([np.minimum(trip[2].free, terms.horizon) for trip in trips], dtype=np.int64)
    value, settled = collectable(
        terms.loading, fleet.longest, fleet.rest, moves, driving,
        np.array([trip[0] for trip in trips], dtype=np.int64),
        np.array([trip[1] for trip in trips], dtype=np.int64),
        np.ascontiguousarray(price.T), np.ascontiguousarray(road.T),
        np.ascontiguousarray(free.reshape(shape).T),
    )  # fmt: skip
    if not settled:
        raise RefusedError(f"vehicles of {fleet.name}", "can make trips without end within one step")
    return sum(
        count * int(value[terms.times.index[depot], step])
        for (depot, step), count in fleet.starts.items()
        if step <= terms.horizon
    )


@njit(cache=True)
def collectable(
    loading: int, longest: int, rest: int, moves: NDArray[np.int16], driving: Ints,
    origin: Ints, station: Ints, price: Ints, road: NDArray[np.int16], free: Ints,
) -> tuple[Ints, bool]:  # fmt: skip
    """What a rested vehicle can collect from each node and step on.

    The state of a vehicle is where it is and how long it has driven since its last rest. ``price``, ``road``
    and ``free`` are (T, trips), by departure step.

    Returns
    -------
    value : int64 (nodes, T + 1)
    settled : bool
        Whether what can be done within a step came to an end.
    """
    horizon, nodes, places = moves.shape
    value = np.zeros((horizon + 1, nodes, longest + 1), np.int64)
    settled = True
    for t in range(horizon - 1, -1, -1):
        now = value[t]
        for s in range(nodes):
            for d in range(longest + 1):
                now[s, d] = value[t + 1, s, d]
                if t + rest <= horizon:
                    now[s, d] = max(now[s, d], value[t + rest, s, 0])
        for round_number in range(ROUNDS):
            at_once = False  # whether something that takes no time made a difference
            leave = t + loading
            for i in range(len(origin) if leave < horizon else 0):
                if price[leave, i] >= INFINITE:
                    continue
                then, gain, driven = value[free[leave, i], station[i]], price[leave, i], int(road[leave, i])
                if _raised(now[origin[i]], then, gain, driven, longest):
                    at_once |= free[leave, i] == t
            for s in range(nodes):
                for p in range(places):
                    driven = int(moves[t, s, p])
                    if s == p or driven < 0 or driven > longest or t + driven > horizon:
                        continue
                    if _raised(now[s], value[t + driven, p], -driving[driven], driven, longest):
                        at_once |= driven == 0
            if not at_once:
                break
            settled = settled and round_number < ROUNDS - 1
    return value[:, :, 0].copy().T, settled


@njit(cache=True, inline="always")
def _raised(now: Ints, then: Ints, gain: int, driven: int, longest: int) -> bool:
    """Raise what a vehicle can collect to what it has after an event; says whether that made a difference."""
    if gain + then[driven] <= now[longest]:  # values fall with the driving: none can be raised
        return False
    raised = False
    for d in range(longest - driven + 1):
        if gain + then[d + driven] > now[d]:
            now[d] = gain + then[d + driven]
            raised = True
    return raised
