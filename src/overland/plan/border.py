"""Passing a border: at which step one is across, and how many may pass in each window."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

import numpy as np
from numpy.typing import NDArray

from overland.case.model import Case, Mode

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Borders:
    """Crossings by mode, as arrays.

    Attributes
    ----------
    gates : tuple of (str, Mode)
        A *gate* is one mode of one crossing.
    passed : int64 (gates, T + 1)
        Step at which one who arrives at a step is across; -1 when not by the horizon.
    window : int64 (T + 1,)
        Rate window of each step.
    limit : int64 (gates, windows)
        Persons that may pass in each window.
    turnaround : int64 (gates,)
        Steps from passed until the empty bus is back.
    """

    gates: tuple[tuple[str, Mode], ...]
    passed: Ints
    window: Ints
    limit: Ints
    turnaround: Ints


def borders_of(case: Case) -> Borders:
    """Tabulate the crossings of a case."""
    horizon = case.steps
    width = max(1, case.steps_of_hours(case.policy.rate_window_minutes / 60))
    window = np.arange(horizon + 1) // width
    local = [case.time_of(k).astimezone(case.zone).time() for k in range(horizon + 1)]
    modes = case.crossing_modes
    passed = np.full((len(modes), horizon + 1), -1, dtype=np.int64)
    limit = np.zeros((len(modes), int(window[-1]) + 1), dtype=np.int64)
    for g, mode in enumerate(modes):
        is_open = np.array([open_at(clock, mode.opens, mode.closes) for clock in local])
        wait = _wait_steps(case, mode.crossing, mode.mode, mode.wait_hours)
        following = next_open(is_open)
        earliest = np.arange(horizon + 1) + wait
        fits = earliest <= horizon
        passed[g, fits] = following[earliest[fits]]
        open_steps = np.bincount(window, weights=is_open, minlength=limit.shape[1])
        limit[g] = np.floor(mode.rate_per_hour * case.step_hours * open_steps + 1e-9)
    return Borders(
        gates=tuple((m.crossing, m.mode) for m in modes),
        passed=passed,
        window=window,
        limit=limit,
        turnaround=np.array([case.steps_of_hours(m.turnaround_hours) for m in modes], dtype=np.int64),
    )


def open_at(clock: time, opens: time | None, closes: time | None) -> bool:
    """Whether a crossing with such hours is open at a local time."""
    if opens is None or closes is None or opens == closes:
        return True
    if opens < closes:
        return opens <= clock < closes
    return clock >= opens or clock < closes


def next_open(is_open: NDArray[np.bool_]) -> Ints:
    """The first open step at or after each step; -1 when there is none."""
    following = np.full(len(is_open), -1, dtype=np.int64)
    upcoming = -1
    for k in range(len(is_open) - 1, -1, -1):
        if is_open[k]:
            upcoming = k
        following[k] = upcoming
    return following


def _wait_steps(case: Case, crossing: str, mode: Mode, usual_hours: float) -> Ints:
    wait = np.full(case.steps + 1, case.steps_of_hours(usual_hours), dtype=np.int64)
    rows = [w for w in case.waits if w.crossing == crossing and w.mode is mode]
    for row in sorted(rows, key=lambda w: w.start):
        begins = max(0, case.step_of(row.start, up=True))
        wait[begins:] = case.steps_of_hours(row.wait_hours)
    return wait
