"""A problem as search and bound take it, whole or narrowed: to those out by a deadline, to counting heads.

All settings of a problem number places, options, ways and vehicles alike, so that decisions can be carried
from one to another.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from overland.plan.build import keep_trips
from overland.plan.cars import CarWays, car_ways
from overland.plan.hazard import cumulative_hazard
from overland.plan.master import Column
from overland.plan.options import HUB
from overland.plan.problem import Problem
from overland.plan.search import Decisions, decisions_of
from overland.plan.state import State, new_state
from overland.plan.tables import Tables, tables_of

Ints = NDArray[np.int64]

# arrays of tables with a row for each call
BY_CALL = ("step", "safe", "gate", "country", "hub", "seats", "access")
DEAR = 4.0  # times the longest wait at risk: what leaving a person costs where heads are counted


@dataclass(frozen=True, slots=True)
class Setting:
    """What a search or a bound works on.

    Attributes
    ----------
    calls : int64 (calls,)
        Number that each service call of the tables has in the problem.
    is_late : bool (limits,)
        Limits that only they use who are across too late.
    """

    problem: Problem
    tables: Tables
    cars: CarWays
    calls: Ints
    is_late: NDArray[np.bool_]

    @classmethod
    def of(cls, problem: Problem) -> Setting:
        """The whole problem, as it is."""
        tables = tables_of(problem)
        cars = car_ways(problem, tables, cumulative_hazard(problem.case))
        in_time = np.zeros(len(tables.limit), dtype=bool)
        return cls(problem, tables, cars, np.arange(len(tables.call_step)), in_time)

    def out_by(self, deadline: int) -> Setting:
        """Without what gets nobody across by a step.

        The loading rule stays as it is: who may take a departure may do so by the whole horizon.
        """
        tables, cars = self.tables, self.cars
        slack = np.where(tables.option_kind == HUB, tables.change, 0)
        late = (tables.safe < 0) | (tables.safe + slack > deadline)
        masked = {
            name: np.where(late, getattr(tables, name).dtype.type(-1), getattr(tables, name))
            for name in ("road", "safe", "free", "room")
        }
        _stop_late_lines(tables, masked)
        kept = tables.call_safe + np.where(tables.call_hub >= 0, tables.change, 0) <= deadline
        before = np.concatenate([[0], np.cumsum(kept)])
        calls = {f"call_{name}": getattr(tables, f"call_{name}")[kept] for name in BY_CALL}
        calls |= {name: getattr(tables, name)[kept] for name in ("leg_first", "leg_last")}
        return Setting(
            self.problem,
            tables._replace(**masked, **calls, call_first=before[tables.call_first].astype(np.int64)),
            cars._replace(safe=np.where(cars.safe > deadline, np.int16(-1), cars.safe)),
            self.calls[kept],
            _late_limits(tables, deadline),
        )

    def allows(self, column: Column) -> bool:
        """Whether a column of the whole problem is one here: its trips, ways and limits are in time."""
        trips, (way, step) = column.trips.astype(np.int64), column.way
        in_time = way < 0 or self.cars.safe[way, step] >= 0
        in_time &= bool((self.tables.road[trips[:, 3], trips[:, 1]] >= 0).all())
        return bool(in_time and not self.is_late[column.limits].any())

    def keeping_all(self) -> Setting:
        """The same, but leaving somebody is dearer than any wait."""
        tables = self.tables
        longest = tables.horizon * tables.hours * max(1.0, self._highest_hazard())
        return replace(self, tables=tables._replace(penalty=DEAR * max(tables.penalty, longest)))

    def counting_heads(self) -> Setting:
        """The same, but everybody weighs as much as anybody, and leaving somebody is dear.

        Who boards first does not depend on it: classes stay as they are.
        """
        dear = self.keeping_all()
        tables = dear.tables
        even = tables._replace(weights=np.ones_like(tables.weights), weight=np.ones_like(tables.weight))
        return replace(dear, tables=even)

    def _highest_hazard(self) -> float:
        """Greatest hazard of any place and step."""
        steps = [np.diff(self.tables.hazard, axis=1), np.diff(self.cars.hazard, axis=1)]
        return max(float(step.max(initial=0.0)) for step in steps) / self.tables.hours

    def state(self, decisions: Decisions | None = None) -> State:
        """A state to search from: of decisions in the problem, as far as they can be kept; or with no bus."""
        tables, cars = self.tables, self.cars
        state = new_state(self.problem, tables, cars)
        if decisions is None:
            return state
        count, place, option, target, seats, way, step = decisions
        for v in range(len(count)):
            n = int(count[v])
            for array, kept in ((state.place, place), (state.option, option), (state.target, target)):
                array[v] = kept[v]
            able = tables.road[target[v, :n], option[v, :n]] >= 0
            keep_trips(tables, state, v, np.flatnonzero(able).tolist())
        state.open[:] = seats[self.calls]
        gone = way >= 0
        gone[gone] = cars.safe[way[gone], step[gone]] >= 0
        state.way[:], state.step[:] = np.where(gone, way, -1), np.where(gone, step, -1)
        return state

    def decisions(self, state: State) -> Decisions:
        """The decisions of a state of this setting, in the problem; trips aim at the steps they leave at."""
        count, place, option, _, seats, way, step = (array.copy() for array in decisions_of(state))
        everywhere = np.zeros(len(self.problem.calls.step), dtype=np.int64)
        everywhere[self.calls] = seats
        return count, place, option, state.depart.copy(), everywhere, way, step


def _stop_late_lines(tables: Tables, masked: dict[str, NDArray[np.int16]]) -> None:
    """Let the search make no trip of a line that must be filled with people who are late.

    In the bound, which looks at rides one by one, such a trip remains: nobody need be there to fill it.
    """
    for line, o in enumerate(tables.line_option.tolist()):
        filling = int(tables.ride_first[line + 1]) - 1
        leaves = tables.ride_leaves[:, filling].astype(np.int64)
        late = (leaves >= 0) & (masked["safe"][np.maximum(leaves, 0), tables.ride_option[filling]] < 0)
        masked["room"][late, o] = 0


def _late_limits(tables: Tables, deadline: int) -> NDArray[np.bool_]:
    """Limits of crossings and centres that nobody uses who is across by a deadline."""
    late = np.zeros(len(tables.limit), dtype=bool)
    for row in (tables.gate_row, tables.reception_row):
        late[row[:, deadline + 1 :].ravel()] = True
    for row in (tables.gate_row, tables.reception_row):
        late[row[:, : deadline + 1].ravel()] = False
    return late
