"""Try another way for an own car."""

from __future__ import annotations

import numpy as np

from overland.plan.cars import CarWays, way_rows
from overland.plan.change import Terms
from overland.plan.kernels import subkernel
from overland.plan.play import driver_cost
from overland.plan.state import State
from overland.plan.tables import Tables


@subkernel
def redirect_driver(
    tables: Tables, cars: CarWays, state: State, g: int, way: int, step: int, terms: Terms
) -> bool:
    """Try another way and step for a driver; returns whether it was kept."""
    now, then = state.way[g], state.step[g]
    cost = driver_cost(tables, cars, state, g, way, step) - driver_cost(tables, cars, state, g, now, then)
    less_excess, less_tolls = _shift_driver(tables, cars, state, g, now, then, -1)
    more_excess, more_tolls = _shift_driver(tables, cars, state, g, way, step, 1)
    excess = less_excess + more_excess
    worse = cost + (less_tolls + more_tolls) + terms.excess_price * excess
    if worse <= 0 or np.random.random() < np.exp(-worse / terms.temperature):
        state.way[g], state.step[g] = way, step
        state.total[2] += excess
        state.total[3] += cost
        return True
    _shift_driver(tables, cars, state, g, way, step, -1)
    _shift_driver(tables, cars, state, g, now, then, 1)
    return False


@subkernel
def _shift_driver(
    tables: Tables, cars: CarWays, state: State, g: int, way: int, step: int, sign: int
) -> tuple[int, float]:
    """Add or take away the use of a driver; returns the change of the excess and of the tolls."""
    excess, tolls = 0, 0.0
    if way >= 0:
        people = sign * state.driver_size[g]
        for row in way_rows(tables, cars, way, step):
            if row >= 0:
                excess -= max(0, state.use[row] - tables.limit[row])
                state.use[row] += people
                excess += max(0, state.use[row] - tables.limit[row])
                tolls += people * state.toll[row]
    return excess, tolls
