"""The isolated community evacuation problem with perfect information by a solver, as an integer programme.

Vessels do not wait for each other, so it does not matter in which order one makes its trips: whole numbers
count, for each vessel, its loaded trips from dock to dock, its trips back, and where it goes first. Balanced
numbers are a route if they hang together with the start: so each dock that is used draws a thread from
there, which runs along ways that are taken. People are shared out among the loaded trips of a location.
"""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass

import highspy
import numpy as np
from isolated_community_instances import Instance, Vessel
from quiet_highs import QuietHighs


@dataclass(frozen=True)
class Peer:
    """What the solver found; minutes."""

    bound: float  # no plan ends earlier
    clearance: float | None  # of its best plan; None if it has none
    seconds: float


def solve_by_highs(instance: Instance, seconds: float) -> Peer:
    """The least clearance with perfect information, or what is known of it when the time is over."""
    started = time.monotonic()
    clearance, bound = _Programme(instance).solve(seconds)
    return Peer(bound, clearance, time.monotonic() - started)


class _Programme:
    """Variables and rows, sparse; the clearance is the first variable, and what is minimised."""

    def __init__(self, instance: Instance) -> None:
        self._upper: list[float] = [highspy.kHighsInf]
        self._whole: list[bool] = [False]
        self._rows: list[tuple[float, float, list[tuple[int, float]]]] = []
        demand: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for vessel in instance.vessels:
            self._vessel(instance, vessel, demand)
        for a, people in instance.truth.items():
            self._rows.append((people, people, demand[a]))

    def _vessel(self, instance: Instance, vessel: Vessel, demand: dict[str, list[tuple[int, float]]]) -> None:
        """The trips of one vessel: at a dock of the island as many leave as come, on the mainland no more."""
        most = sum(-(-people // vessel.seats) for people in instance.truth.values())
        time_row: list[tuple[int, float]] = [(0, -1.0)]
        at: dict[str, list[tuple[int, float]]] = defaultdict(list)
        threads: dict[str, list[tuple[int, float]]] = defaultdict(list)

        def arc(start: str, end: str, minutes: float | None, upper: int) -> int | None:
            if minutes is None:
                return None
            number = self._variable(upper, whole=True)
            time_row.append((number, minutes))
            thread = self._variable(len(instance.location) + 1, whole=False)
            self._rows.append(
                (-highspy.kHighsInf, 0.0, [(thread, 1.0), (number, -1.0 - len(instance.location))])
            )
            threads[start].append((thread, -1.0))
            threads[end].append((thread, 1.0))
            at[start].append((number, -1.0))
            at[end].append((number, 1.0))
            return number

        uses: dict[str, int] = {}
        for a in instance.locations:
            seats: list[tuple[int, float]] = []
            for b in instance.docks(vessel, a):
                arc("", b, instance.first(vessel, b), 1)
                for c in instance.havens(vessel, b):
                    trip = arc(b, c, instance.crossing(vessel, b, c), most)
                    assert trip is not None
                    seats.append((trip, -float(vessel.seats)))
                    arc(c, b, instance.again(vessel, c, b), most)
                    if b not in uses:
                        uses[b] = self._variable(1, whole=True)
                    self._rows.append((-highspy.kHighsInf, 0.0, [(trip, 1.0), (uses[b], -float(most))]))
            if seats:
                people = self._variable(instance.truth[a], whole=False)
                demand[a].append((people, 1.0))
                self._rows.append((-highspy.kHighsInf, 0.0, [(people, 1.0), *seats]))
        self._rows.append((-highspy.kHighsInf, 0.0, time_row))
        for dock, entries in at.items():
            lower, upper = (-1.0, 0.0) if dock == "" else (0.0, 0.0)
            self._rows.append((lower, highspy.kHighsInf if dock in instance.safe else upper, entries))
            if dock:
                held = [*threads[dock], *([(uses[dock], -1.0)] if dock in uses else [])]
                self._rows.append((0.0, highspy.kHighsInf, held))

    def _variable(self, upper: float, *, whole: bool) -> int:
        self._upper.append(float(upper))
        self._whole.append(whole)
        return len(self._upper) - 1

    def solve(self, seconds: float) -> tuple[float | None, float]:
        """Clearance of the best solution (None: none), and what is proven."""
        solver, count = QuietHighs(), len(self._upper)
        solver.setOptionValue("time_limit", float(seconds))
        solver.addVars(count, np.zeros(count), np.array(self._upper))
        solver.changeColCost(0, 1.0)
        whole = np.flatnonzero(self._whole).astype(np.int32)
        kinds = np.full(len(whole), highspy.HighsVarType.kInteger)
        solver.changeColsIntegrality(len(whole), whole, kinds)
        starts, index, value = [], [], []
        for _, _, entries in self._rows:
            starts.append(len(index))
            index += [number for number, _ in entries]
            value += [factor for _, factor in entries]
        lower, upper = (np.array([row[side] for row in self._rows], float) for side in (0, 1))
        arrays = np.array(starts, np.int32), np.array(index, np.int32), np.array(value)
        solver.addRows(len(self._rows), lower, upper, len(index), *arrays)
        solver.run()
        info = solver.getInfo()
        solved = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        proven = max(0.0, info.mip_dual_bound) if np.isfinite(info.mip_dual_bound) else 0.0
        if not solved and info.primal_solution_status != highspy.kSolutionStatusFeasible:
            return None, proven
        return solver.getSolution().col_value[0], proven
