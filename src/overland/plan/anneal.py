"""Search for a good plan: simulated annealing on the chains of trips of all vehicles.

A move changes the chain of one or two vehicles, the seats opened on a service, or the way of a driver
(moves.py); the places it touches are played through again by the loading rule (trial.py, boarding.py). Shared
limits may be exceeded on the way at a price; the best plan kept never does.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from overland.plan.cars import CarWays
from overland.plan.moves import one_move
from overland.plan.state import State
from overland.plan.tables import Tables
from overland.plan.trial import Terms, no_change

Ints = NDArray[np.int64]


@njit(cache=True, nogil=True)
def anneal(
    tables: Tables,
    cars: CarWays,
    state: State,
    moves: int,
    temperature: float,
    excess_price: float,
    seed: int,
    best_cost: float,
    best: tuple[Ints, ...],
) -> tuple[float, int]:
    """Make moves at one temperature and remember the best plan within all limits.

    Parameters
    ----------
    best : tuple of int64 arrays
        Output: count, place, option, target, open, way and step of the best plan; overwritten by a better
        one.

    Returns
    -------
    best_cost : float
        Of people and driving.
    kept : int
        Moves kept.
    """
    if seed >= 0:
        np.random.seed(seed)
    change, terms = no_change(), Terms(temperature, excess_price)
    kept = 0
    for _ in range(moves):
        if one_move(tables, cars, state, change, terms):
            kept += 1
            cost = state.total[0] + tables.driven_cost * state.total[1] + state.total[3]
            if state.total[2] <= 0 and cost < best_cost - 1e-6:
                best_cost = cost
                best[0][:], best[1][:], best[2][:] = state.count, state.place, state.option
                best[3][:], best[4][:] = state.target, state.open
                best[5][:], best[6][:] = state.way, state.step
    return best_cost, kept
