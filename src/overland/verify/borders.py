"""When one passes a crossing, and how many can."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from datetime import date, datetime, time

from overland.case.model import Case, Mode
from overland.verify.rounding import whole

Way = tuple[str, Mode]
"""A crossing and how one passes it."""


class Borders:
    """Opening hours, waits and rates of the crossings of a case, in steps."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self.modes = {(m.crossing, m.mode): m for m in case.crossing_modes}
        self.window_steps = max(1, case.steps_of_hours(case.policy.rate_window_minutes / 60))
        local = [case.time_of(k).astimezone(case.zone) for k in range(case.steps + 1)]
        self._clock = [moment.time() for moment in local]
        self.days: list[date] = [moment.date() for moment in local]
        self._forecasts: dict[Way, list[tuple[datetime, int]]] = defaultdict(list)
        for row in sorted(case.waits, key=lambda w: w.start):
            steps = case.steps_of_hours(row.wait_hours)
            self._forecasts[row.crossing, row.mode].append((row.start, steps))
        self._passes: dict[tuple[Way, int], int | None] = {}
        self._limits: dict[tuple[Way, int], int] = {}

    def is_open(self, way: Way, step: int) -> bool:
        """Whether a crossing mode is open at a step of the horizon."""
        mode = self.modes[way]
        opens, closes = mode.opens or time(0), mode.closes or time(0)
        now = self._clock[step]
        if opens < closes:
            return opens <= now < closes
        return opens == closes or now >= opens or now < closes

    def wait(self, way: Way, arrival: int) -> int:
        """Forecast wait in steps of somebody who arrives at a step."""
        forecasts = self._forecasts.get(way, [])
        row = bisect_right(forecasts, self._case.time_of(arrival), key=lambda f: f[0])
        return forecasts[row - 1][1] if row else self._case.steps_of_hours(self.modes[way].wait_hours)

    def passing(self, way: Way, arrival: int) -> int | None:
        """The step at which one passes who arrives at a step; None if not by the horizon, or not that way."""
        if way not in self.modes:
            return None
        if (way, arrival) not in self._passes:
            served = range(arrival + self.wait(way, arrival), self._case.steps + 1)
            self._passes[way, arrival] = next((s for s in served if self.is_open(way, s)), None)
        return self._passes[way, arrival]

    def limit(self, way: Way, window: int) -> int:
        """Persons who can pass in a window."""
        if way not in self.modes:
            return 0
        if (way, window) not in self._limits:
            self._limits[way, window] = self._served(way, window)
        return self._limits[way, window]

    def _served(self, way: Way, window: int) -> int:
        first = window * self.window_steps
        last = min(first + self.window_steps - 1, self._case.steps)
        open_steps = sum(self.is_open(way, s) for s in range(first, last + 1))
        return whole(self.modes[way].rate_per_hour * self._case.step_hours * open_steps)
