"""The best any plan could do: an upper bound of the people out by each moment."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from overland.plan.cars import CarWays
from overland.plan.options import FOOT, HUB, LINE
from overland.plan.problem import Problem
from overland.plan.seats import seats_across
from overland.plan.tables import Tables

Ints = NDArray[np.int64]


def envelope(problem: Problem, tables: Tables, cars: CarWays) -> Ints:
    """People who can be out by each step at most, in any plan.

    See "The envelope" in docs/problem.md: everybody goes alone, with the first bus that can be there and
    nobody else in the way; of those who ride no more than the seats that vehicles and runs can have brought
    across; and from any step on no more than crossings, reception centres and country shares let through.

    Returns
    -------
    int64 (T + 1,)
        Nondecreasing.
    """
    riders, drivers = np.zeros((2, tables.horizon + 2), dtype=np.int64)
    arrivals = _RiderArrivals(problem, tables)
    for g, p in enumerate(problem.riders.place):
        step = arrivals.earliest(int(p), int(tables.kind[g]), int(tables.ready[g]))
        riders[step] += tables.size[g]
    for g, cohort in enumerate(cars.cohort_of):
        drivers[_earliest_car(tables, cars, int(cohort))] += problem.drivers.size[g]
    alone, driven = (np.cumsum(counts)[: tables.horizon + 1] for counts in (riders, drivers))
    return _let_through(problem, tables, driven + np.minimum(alone, seats_across(problem, tables)))


def earliest_clearance(curve: Ints, people: int) -> int:
    """The first step by which so many people can be out; ``T + 1`` if they never can."""
    return int(np.searchsorted(curve, people))


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
            options = np.arange(tables.option_first[p, m], tables.option_first[p, m + 1])
            options = options[fits[tables.option_access[options]] & (tables.option_kind[options] != LINE)]
            possible = np.arange(tables.horizon) >= self._first_bus[m, p]
            onto_hub = tables.option_kind[options] == HUB
            allowed = admits >> tables.option_country[options] & 1 == 1
            allowed &= walks | (tables.option_kind[options] != FOOT)
            direct = tables.safe[:, options[allowed & ~onto_hub]].astype(np.int64)
            soonest = np.where(direct >= 0, direct, never).min(axis=1, initial=never)
            for o in options[onto_hub]:
                safe = self._onward(int(tables.option_station[o]), kind, tables.safe[:, o].astype(np.int64))
                soonest = np.minimum(soonest, safe)
            best[:-1] = np.minimum(best[:-1], np.where(possible, soonest, never))
        for r in np.flatnonzero(tables.ride_place == p):
            self._take_line(best, int(r), kind)
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

    def _take_line(self, best: Ints, r: int, kind: int) -> None:
        """Look at a ride on a trip of a line, by the step at which the trip leaves its first stop."""
        tables, o = self._tables, int(self._tables.ride_option[r])
        if not tables.kind_fits[kind, tables.option_access[o]]:
            return
        line = int(np.searchsorted(tables.ride_first, r, side="right")) - 1
        place, trip = tables.line_place[line], tables.line_option[line]
        m = int(np.searchsorted(tables.option_first[place], trip, side="right")) - 1
        if trip >= tables.option_first[place, -1]:
            return  # a variant with caps: the rides are those of the one without
        leave = tables.ride_leaves[self._first_bus[m, place] :, r].astype(np.int64)
        leave = leave[leave >= 0]
        safe = tables.safe[leave, o].astype(np.int64)
        if tables.option_kind[o] == HUB:
            safe = self._onward(int(tables.option_station[o]), kind, safe)
        else:
            admitted = tables.kind_admits[kind] >> tables.option_country[o] & 1
            if not admitted or (tables.option_kind[o] == FOOT and not tables.kind_walks[kind]):
                return
            safe = np.where(safe >= 0, safe, tables.horizon + 1)
        np.minimum.at(best, leave, safe)

    def _onward(self, hub: int, kind: int, arrive: Ints) -> Ints:
        horizon, leave = self._tables.horizon, arrive + self._tables.change
        self.earliest(hub, kind, 0)
        fits = (arrive >= 0) & (leave <= horizon)
        return np.where(fits, self._known[hub, kind][np.clip(leave, 0, horizon)], horizon + 1)


def _let_through(problem: Problem, tables: Tables, others: Ints) -> Ints:
    """People out by each step, if by any earlier step they are no more than by other bounds.

    Parameters
    ----------
    others : int64 (T + 1,)
        What other bounds allow by each step.
    """
    window, steps = problem.borders.window, np.arange(tables.horizon + 1)
    crossings = {x.id: x for x in problem.case.crossings}
    total = np.zeros((len(steps), len(steps)), dtype=np.int64)  # from a step to another, both included
    for c, country in enumerate(problem.countries):
        into = np.zeros_like(total)
        for centre in sorted({x.reception for x in crossings.values() if x.country == country}):
            gates = [g for g, (x, _) in enumerate(problem.borders.gates) if crossings[x].reception == centre]
            if not gates:
                continue
            opened = np.concatenate([[0], np.cumsum(problem.borders.limit[gates].sum(axis=0))])
            row = tables.reception_row[gates[0]]
            day = np.cumsum(np.diff(row, prepend=row[0]) != 0)
            beds = tables.limit[row[0]] * (day[None, :] - day[:, None] + 1)
            into += np.minimum(opened[window + 1][None, :] - opened[window][:, None], beds)
        row = int(tables.country_row[c])
        total += np.minimum(into, tables.limit[row]) if row >= 0 else into
    before = np.concatenate([[0], others[:-1]])
    reached = np.where(steps[:, None] <= steps[None, :], before[:, None] + total, others[-1])
    return np.minimum(others, reached.min(axis=0))
