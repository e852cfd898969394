"""Lines of our own vehicles: how a trip of one runs, by the step at which it leaves its first stop."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, product
from typing import Protocol

from overland.case.model import PASSED_BY, Case, LineStop, Mode, Role, StopKind
from overland.roads import RoadTimes
from overland.verify.borders import Borders


@dataclass(frozen=True, slots=True)
class LineRun:
    """One trip of a line.

    Attributes
    ----------
    leaves : tuple of int
        Step at which it leaves each stop but the last.
    arrives : tuple of int
        Step at which it is at each stop; at the first, where it begins, that at which it leaves.
    passed : tuple of (int or None)
        Step at which people who get off at each stop are across; None where nobody does, or not in time.
    driven : int
        Road steps.
    free : int
        Step at which the vehicle is free.
    """

    leaves: tuple[int, ...]
    arrives: tuple[int, ...]
    passed: tuple[int | None, ...]
    driven: int
    free: int

    def until(self, stop: int, stops: tuple[LineStop, ...]) -> int | None:
        """Step at which those who get off at a stop are across, or at the hub; None if not in time."""
        return self.arrives[stop] if stops[stop].kind is StopKind.HUB else self.passed[stop]


class Durations(Protocol):
    """How long vehicles stand, in steps, for any trip."""

    loading: int
    unloading: int

    def release(self, node: str, mode: Mode | None, arrive: int, passed: int | None) -> int:
        """Step at which a vehicle is free that ends its trip at a node."""
        ...


class Lines:
    """All lines of a case."""

    def __init__(self, case: Case, times: RoadTimes, borders: Borders, durations: Durations) -> None:
        self.stops = case.stops_of_lines()
        self._times, self._borders, self._horizon = times, borders, case.steps
        self._durations = durations
        self._hubs = {place.id for place in case.places if Role.HUB in place.roles}
        self._runs: dict[tuple[str, str], list[LineRun | None]] = {}

    def standing(self, stop: LineStop) -> int:
        """Steps that a vehicle stands at a stop between others."""
        return self._durations.loading if stop.kind is StopKind.BOARD else self._durations.unloading

    def rides(self, line: str) -> list[tuple[int, int]]:
        """Stops between which people can ride, the filling ride last."""
        stops = self.stops[line]
        on = [i for i, row in enumerate(stops) if row.kind is StopKind.BOARD]
        off = [j for j, row in enumerate(stops) if row.kind is not StopKind.BOARD]
        return [
            (i, j)
            for i, j in product(on, off)
            if not (stops[i].stop in self._hubs and stops[j].kind is StopKind.HUB)
        ]

    def runs(self, profile: str, line: str) -> list[LineRun | None]:
        """The trip of a line that leaves at each step of the horizon; None where there is none."""
        if (profile, line) not in self._runs:
            steps = range(self._horizon)
            self._runs[profile, line] = [self._run(profile, self.stops[line], step) for step in steps]
        return self._runs[profile, line]

    def _run(self, profile: str, stops: tuple[LineStop, ...], step: int) -> LineRun | None:
        leaves, arrives, driven = [step], [step], 0
        for here, there in pairwise(stops):
            if leaves[-1] >= self._horizon:
                return None
            road = self._times.steps(profile, here.stop, there.stop, leaves[-1])
            if road < 0:
                return None
            driven += road
            arrives.append(leaves[-1] + road)
            leaves.append(arrives[-1] + self.standing(there))
        passed = [
            self._borders.passing((row.stop, PASSED_BY[row.kind]), arrive) if row.kind in PASSED_BY else None
            for row, arrive in zip(stops, arrives, strict=True)
        ]
        if stops[-1].kind in PASSED_BY and passed[-1] is None:
            return None
        last = stops[-1]
        free = self._durations.release(last.stop, PASSED_BY.get(last.kind), arrives[-1], passed[-1])
        return LineRun(tuple(leaves[:-1]), tuple(arrives), tuple(passed), driven, free)
