"""The arrays of a case, and random decisions and prices on them, for tests of the kernels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from overland.case.model import Case
from overland.plan.bound import Bound
from overland.plan.build import stranded_cost
from overland.plan.cars import CarWays, car_ways
from overland.plan.hazard import cumulative_hazard
from overland.plan.pricing import Prices
from overland.plan.problem import Problem, build_problem
from overland.plan.proof import Proof
from overland.plan.proving import prices_of
from overland.plan.state import State, new_state
from overland.plan.tables import Tables, tables_of


@dataclass(frozen=True)
class Arrays:
    """A case as the kernels take it."""

    problem: Problem
    tables: Tables
    cars: CarWays

    @classmethod
    def of(cls, case: Case) -> Arrays:
        """Lay out a case."""
        problem = build_problem(case)
        tables = tables_of(problem)
        return cls(problem, tables, car_ways(problem, tables, cumulative_hazard(case)))

    def bound(self) -> Bound:
        """A bound that knows nothing yet."""
        return Bound(self.problem, self.tables, self.cars)

    def state(self) -> State:
        """A state in which no bus has left."""
        return new_state(self.problem, self.tables, self.cars)


def random_prices(arrays: Arrays, random: np.random.Generator, scale: float) -> Prices:
    """Non-negative prices of vehicles and limits: falling in time, with noise; most tolls are zero."""
    tables, problem = arrays.tables, arrays.problem
    types, steps = len(tables.type_seats), tables.horizon + 1
    falling = np.linspace(1.0, 0.0, steps)

    def values(rows: int) -> np.ndarray:
        level = scale * random.random((types, rows, 1)) * falling
        return level + 0.1 * scale * random.random((types, rows, steps)) * random.integers(0, 2)

    toll = scale / 10 * random.random(len(tables.limit)) * (random.random(len(tables.limit)) < 0.3)
    return Prices(values(len(problem.places)), values(len(problem.stations)), toll)


def bound_at(case: Case, proof: Proof) -> float:
    """The bound of a case, what the stranded cost with it, at the prices of a proof of it or another."""
    arrays = Arrays.of(case)
    priced = arrays.bound().evaluate(prices_of(arrays.problem, proof))
    return priced.value + stranded_cost(arrays.problem)


def random_chains(arrays: Arrays, state: State, random: np.random.Generator, most: int = 4) -> None:
    """Give every vehicle trips it can make, drawn at random, and open seats on every call."""
    from overland.plan.chains import follow_chain

    tables = arrays.tables
    for v in range(len(state.count)):
        f = tables.type_make[state.type[v]]
        for _ in range(most):
            n = int(state.count[v])
            p = int(random.integers(len(arrays.problem.places)))
            options = np.arange(tables.option_first[p, f], tables.option_first[p, f + 1])
            if not len(options):
                continue
            state.place[v, n], state.option[v, n] = p, random.choice(options)
            state.target[v, n] = random.integers(tables.horizon)
            scratch = np.zeros(len(state.depart[v]), np.int64)
            if _road(follow_chain, arrays, state, v, n + 1, scratch) >= 0:
                state.count[v] = n + 1
    state.open[:] = random.integers(0, tables.call_seats + 1)


def _road(follow_chain, arrays: Arrays, state: State, v: int, count: int, scratch: np.ndarray) -> int:
    return follow_chain(
        arrays.tables, state.type[v], state.depot[v], state.available[v], state.driven_before[v],
        state.began_before[v], count, state.place[v], state.option[v], state.target[v],
        state.depart[v], scratch,
    )  # fmt: skip
