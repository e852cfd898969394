"""Search for a good plan: simulated annealing on the chains of trips of all vehicles.

A move changes the chain of one or two vehicles, the seats opened on a service, or the way of a driver
(moves.py); the places it touches are played through again by the loading rule (trial.py, boarding.py). Shared
limits may be exceeded on the way at a price; the best plan kept never does.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from overland.plan.cars import CarWays
from overland.plan.change import Change, Terms, no_change
from overland.plan.draws import random_driver_way
from overland.plan.kernels import kernel, subkernel
from overland.plan.line_moves import LINES_SHARE, propose_line
from overland.plan.moves import propose
from overland.plan.redirecting import redirect_driver
from overland.plan.state import State
from overland.plan.tables import Tables
from overland.plan.trial import attempt

Ints = NDArray[np.int64]

DRIVERS_SHARE = 0.15  # of all moves, where there are own cars
IDLE_FEE = 4.0  # of one more trip with nobody aboard, in temperatures


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
    terms = Terms(temperature, excess_price, IDLE_FEE * temperature)
    return make_moves(tables, cars, state, no_change(), moves, terms, seed, best_cost, best)


@kernel
def make_moves(
    tables: Tables,
    cars: CarWays,
    state: State,
    change: Change,
    moves: int,
    terms: Terms,
    seed: int,
    best_cost: float,
    best: tuple[Ints, ...],
) -> tuple[float, int]:
    """Make moves with the arrays of a change to work in; see :func:`anneal`."""
    if seed >= 0:
        np.random.seed(seed)
    kept = 0
    for _ in range(moves):
        if len(state.way) > 0 and np.random.random() < DRIVERS_SHARE:
            g, way, step = random_driver_way(tables, cars, state)
            is_kept = way >= 0 and redirect_driver(tables, cars, state, g, way, step, terms)
        else:
            if len(tables.line_place) > 0 and np.random.random() < LINES_SHARE:
                is_drawn = propose_line(tables, state, change)
            else:
                is_drawn = propose(tables, state, change)
            is_kept = is_drawn and attempt(tables, state, change, terms)
        if is_kept:
            kept += 1
            cost = state.total[0] + tables.driven_cost * state.total[1] + state.total[3]
            if state.total[2] <= 0 and cost < best_cost - 1e-6:
                best_cost = cost
                _remember(state, best)
    return best_cost, kept


@subkernel
def _remember(state: State, best: tuple[Ints, ...]) -> None:
    """Copy the decisions of a state, element by element: kernels cannot copy arrays."""
    count, place, option, target, seats, way, step = best
    for v in range(len(state.count)):
        count[v] = state.count[v]
        for i in range(state.count[v]):
            place[v, i], option[v, i], target[v, i] = (
                state.place[v, i],
                state.option[v, i],
                state.target[v, i],
            )
    for e in range(len(seats)):
        seats[e] = state.open[e]
    for g in range(len(way)):
        way[g], step[g] = state.way[g], state.step[g]
