"""The best any plan could do: an upper bound of the people out by each moment."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from overland.plan.cars import CarWays
from overland.plan.options import FOOT, HUB
from overland.plan.problem import Problem
from overland.plan.tables import Tables

Ints = NDArray[np.int64]


def envelope(problem: Problem, tables: Tables, cars: CarWays) -> Ints:
    """People who can be out by each step at most, in any plan.

    The smaller of two bounds: everybody goes alone, with the first bus that can be there and nobody else in
    the way; and everything that crossings, reception centres and country shares let through from the start
    on.

    Returns
    -------
    int64 (T + 1,)
        Nondecreasing.
    """
    alone = np.zeros(tables.horizon + 2, dtype=np.int64)
    riders = _RiderArrivals(problem, tables)
    for g, p in enumerate(problem.riders.place):
        alone[riders.earliest(int(p), int(tables.kind[g]), int(tables.ready[g]))] += tables.size[g]
    for g, cohort in enumerate(cars.cohort_of):
        alone[_earliest_car(tables, cars, int(cohort))] += problem.drivers.size[g]
    return np.minimum(np.cumsum(alone)[: tables.horizon + 1], _let_through(problem, tables))


def _earliest_car(tables: Tables, cars: CarWays, cohort: int) -> int:
    p, best = cars.cohort_place[cohort], tables.horizon + 1
    for w in range(cars.first[p], cars.first[p + 1]):
        if cars.cohort_admits[cohort] >> cars.country[w] & 1:
            safe = cars.safe[w, cars.cohort_ready[cohort] :]
            best = min(best, int(safe[safe >= 0].min(initial=tables.horizon + 1)))
    return best


class _RiderArrivals:
    """Earliest step across of a rider who may go certain ways, from a place, ready at a step."""

    def __init__(self, problem: Problem, tables: Tables) -> None:
        self._tables = tables
        self._known: dict[tuple[int, int], Ints] = {}
        self._first_bus = np.full((len(problem.makes), len(problem.places)), tables.horizon, dtype=np.int64)
        np.minimum.at(self._first_bus, tables.type_make, tables.first_bus)

    def earliest(self, place: int, kind: int, ready: int) -> int:
        """The step; ``T + 1`` if never."""
        if (place, kind) not in self._known:
            self._known[place, kind] = self._table(place, kind)
        return int(self._known[place, kind][min(ready, self._tables.horizon)])

    def _table(self, p: int, kind: int) -> Ints:
        tables = self._tables
        never = tables.horizon + 1
        best = np.full(tables.horizon + 1, never, dtype=np.int64)
        admits, walks, fits = tables.kind_admits[kind], tables.kind_walks[kind], tables.kind_fits[kind]
        for m in range(len(self._first_bus)):
            first = self._first_bus[m, p]
            for o in range(tables.option_first[p, m], tables.option_first[p, m + 1]):
                if not fits[tables.option_access[o]]:
                    continue
                safe = tables.safe[:, o].astype(np.int64)
                possible = (safe >= 0) & (np.arange(tables.horizon) >= first)
                if tables.option_kind[o] == HUB:
                    safe = self._onward(int(tables.option_station[o]), kind, safe)
                elif not admits >> tables.option_country[o] & 1 or (
                    tables.option_kind[o] == FOOT and not walks
                ):
                    continue
                best[:-1] = np.minimum(best[:-1], np.where(possible, safe, never))
        for e in range(tables.call_first[p], tables.call_first[p + 1]):
            if not fits[tables.call_access[e]]:
                continue
            safe = tables.call_safe[e : e + 1]
            if tables.call_hub[e] >= 0:
                safe = self._onward(int(tables.call_hub[e]), kind, safe)
            elif not admits >> tables.call_country[e] & 1:
                continue
            best[tables.call_step[e]] = min(best[tables.call_step[e]], int(safe[0]))
        return np.minimum.accumulate(best[::-1])[::-1]

    def _onward(self, hub: int, kind: int, arrive: Ints) -> Ints:
        leave = arrive + self._tables.change
        known = np.array([self.earliest(hub, kind, t) for t in range(self._tables.horizon + 1)])
        fits = (arrive >= 0) & (leave <= self._tables.horizon)
        return np.where(
            fits, known[np.minimum(np.maximum(leave, 0), self._tables.horizon)], self._tables.horizon + 1
        )


def _let_through(problem: Problem, tables: Tables) -> Ints:
    """People the border, the centres and the shares let through by each step."""
    horizon = tables.horizon
    total = np.zeros(horizon + 1, dtype=np.int64)
    crossings = {x.id: x for x in problem.case.crossings}
    for c, country in enumerate(problem.countries):
        into = np.zeros(horizon + 1, dtype=np.int64)
        for centre in {x.reception for x in crossings.values() if x.country == country}:
            gates = [g for g, (x, _) in enumerate(problem.borders.gates) if crossings[x].reception == centre]
            if not gates:
                continue
            windows = np.sum([_opened(tables.gate_row[g], tables.limit) for g in gates], axis=0)
            into += np.minimum(windows, _opened(tables.reception_row[gates[0]], tables.limit))
        row = int(tables.country_row[c])
        total += np.minimum(into, tables.limit[row]) if row >= 0 else into
    return total


def _opened(row: Ints, limit: Ints) -> Ints:
    """Sum of the limits of a sequence of rows that have begun by each step."""
    begins = np.diff(row, prepend=-1) != 0
    return np.cumsum(np.where(begins, limit[row], 0))
