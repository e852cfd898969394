"""The bus evacuation problem by a solver: whether a deadline can be kept, as an integer programme over time.

Buses are not told apart. With every distance in steps, integer variables count the buses that drive from each
depot to each pick-up, from pick-up to shelter leaving at each step, and back. Nobody gains by waiting, so a
bus leaves where it is at once or ends there.
"""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass

import highspy
import numpy as np
from bus_evacuation_instances import Instance
from quiet_highs import QuietHighs

MOST_VARIABLES = 200_000  # of one programme: beyond, the solver is not asked
ANSWERS = {
    highspy.HighsModelStatus.kOptimal: True,
    highspy.HighsModelStatus.kInfeasible: False,
    highspy.HighsModelStatus.kTimeLimit: None,
}


@dataclass(frozen=True)
class Peer:
    """What the solver found."""

    relaxed: int | None  # no plan ends earlier, says the programme in fractions
    bound: int | None  # no plan ends earlier
    tour: int | None  # longest tour of a plan that it knows to exist
    seconds: float


def solve_by_highs(instance: Instance, seconds: float) -> Peer:
    """Bisect for the first deadline that fractions can keep, then try whole buses from there on upwards."""
    started, highest = time.monotonic(), instance.greedy()

    def left() -> float:
        return seconds - (time.monotonic() - started)

    low, high = min_tour(instance), highest
    while low < high:
        middle = (low + high) // 2
        kept = keeps(instance, middle, left(), relaxed=True)
        if kept is None:
            return Peer(None, None, highest, time.monotonic() - started)
        low, high = (low, middle) if kept else (middle + 1, high)
    bound = low
    for deadline in range(low, highest):
        kept = keeps(instance, deadline, left())
        if kept:
            return Peer(low, bound, deadline, time.monotonic() - started)
        if kept is not None and deadline == bound:
            bound = deadline + 1
        if kept is None and left() <= 0:
            break
    return Peer(low, bound, highest, time.monotonic() - started)


def min_tour(instance: Instance) -> int:
    """No longest tour is shorter than all drives of all loads shared out evenly among the buses.

    A load is driven at least to the nearest shelter, and all but the first of each bus are preceded by a
    drive back from a shelter, so at least from the nearest.
    """
    near = [min(row) for row in instance.distance]
    loads = [-(-people // instance.capacity) for people in instance.demand]
    buses = sum(instance.buses)
    drives = sum(2 * number * steps for number, steps in zip(loads, near, strict=True)) - buses * max(near)
    return max(1, -(-drives // buses))


def keeps(instance: Instance, deadline: int, seconds: float, *, relaxed: bool = False) -> bool | None:
    """Whether everybody can be at a shelter by a step; None if the solver did not get to know in time."""
    if seconds <= 0 or 2 * len(instance.demand) * len(instance.room) * deadline > MOST_VARIABLES:
        return None
    programme = _Programme()
    for depot, ways in enumerate(instance.start):
        for i, steps in enumerate(ways):
            if steps < deadline:
                leave = programme.variable(instance.buses[depot])
                programme.put((("depot", depot), leave, 1.0), (("at", i, steps), leave, -1.0))
    fleet = sum(instance.buses)
    for i, row in enumerate(instance.distance):
        for j, steps in enumerate(row):
            people = programme.variable(min(instance.demand[i], instance.room[j]))
            programme.put((("demand", i), people, 1.0), (("room", j), people, 1.0))
            programme.put((("seats", i, j), people, 1.0), (("somebody", i, j), people, -1.0))
            for t in range(deadline - steps + 1):
                trip = programme.variable(fleet)
                programme.put((("at", i, t), trip, 1.0), (("free", j, t + steps), trip, -1.0))
                programme.put((("seats", i, j), trip, -instance.capacity), (("somebody", i, j), trip, 1.0))
            for t in range(deadline - steps):
                back = programme.variable(fleet)
                programme.put((("free", j, t), back, 1.0), (("at", i, t + steps), back, -1.0))
    return programme.is_feasible(instance, seconds, relaxed)


class _Programme:
    """Variables and the rows they stand in; what is asked of a row follows from its name."""

    def __init__(self) -> None:
        self._upper: list[int] = []
        self._rows: dict[tuple, list[tuple[int, float]]] = defaultdict(list)

    def variable(self, upper: int) -> int:
        self._upper.append(upper)
        return len(self._upper) - 1

    def put(self, *entries: tuple[tuple, int, float]) -> None:
        for row, variable, factor in entries:
            self._rows[row].append((variable, factor))

    def is_feasible(self, instance: Instance, seconds: float, relaxed: bool) -> bool | None:
        endless = highspy.kHighsInf
        exact = {"demand": lambda i: instance.demand[i], "at": lambda *_: 0}
        most = {"depot": lambda depot: instance.buses[depot], "room": lambda j: instance.room[j]}
        lower, upper, starts, index, value = [], [], [], [], []
        for (kind, *where), entries in self._rows.items():
            limit = (exact.get(kind) or most.get(kind) or (lambda *_: 0))(*where)
            lower.append(limit if kind in exact else -endless)
            upper.append(limit)
            starts.append(len(index))
            index += [variable for variable, _ in entries]
            value += [factor for _, factor in entries]
        if any(("demand", i) not in self._rows for i in range(len(instance.demand))):
            return False
        count = len(self._upper)
        arrays = np.array(starts, dtype=np.int32), np.array(index, dtype=np.int32), np.array(value)
        for presolve in ("choose", "off"):
            solver = QuietHighs()
            solver.setOptionValue("time_limit", float(seconds))
            solver.setOptionValue("presolve", presolve)
            solver.addVars(count, np.zeros(count), np.array(self._upper, dtype=float))
            if not relaxed:
                kinds = np.full(count, highspy.HighsVarType.kInteger)
                solver.changeColsIntegrality(count, np.arange(count, dtype=np.int32), kinds)
            solver.addRows(len(lower), np.array(lower, float), np.array(upper, float), len(index), *arrays)
            solver.run()
            if solver.getModelStatus() != highspy.HighsModelStatus.kSolveError:
                break  # else presolve has led HiGHS 1.16 to a solution that it sees to be none itself
        return ANSWERS[solver.getModelStatus()]
