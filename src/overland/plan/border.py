"""Passing a border: at which step one is across, and how many may pass in each window."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta

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
    horizon, modes = case.steps, case.crossing_modes
    window = rate_windows(case)
    is_open = opening(case, case.step_minutes, horizon + 1)
    hours = forecast_hours(case, case.step_minutes, horizon + 1)
    steps = {wait: case.steps_of_hours(wait) for wait in np.unique(hours).tolist()}
    passed = np.full((len(modes), horizon + 1), -1, dtype=np.int64)
    limit = np.zeros((len(modes), int(window[-1]) + 1), dtype=np.int64)
    for g, mode in enumerate(modes):
        wait = np.array([steps[wait] for wait in hours[g].tolist()], dtype=np.int64)
        following = next_open(is_open[g])
        earliest = np.arange(horizon + 1) + wait
        fits = earliest <= horizon
        passed[g, fits] = following[earliest[fits]]
        open_steps = np.bincount(window, weights=is_open[g], minlength=limit.shape[1])
        limit[g] = np.floor(mode.rate_per_hour * case.step_hours * open_steps + 1e-9)
    return Borders(
        gates=tuple((m.crossing, m.mode) for m in modes),
        passed=passed,
        window=window,
        limit=limit,
        turnaround=np.array([case.steps_of_hours(m.turnaround_hours) for m in modes], dtype=np.int64),
    )


def rate_windows(case: Case) -> Ints:
    """The rate window of each step, 0 to T."""
    width = max(1, case.steps_of_hours(case.policy.rate_window_minutes / 60))
    return np.arange(case.steps + 1) // width


def opening(case: Case, minutes: float, count: int) -> NDArray[np.bool_]:
    """Whether each gate is open at each of some moments, every so many minutes from the start of the case.

    Returns
    -------
    bool (gates, count)
    """
    moments = (case.start + timedelta(minutes=k * minutes) for k in range(count))
    local = [moment.astimezone(case.zone).time() for moment in moments]
    hours = [(mode.opens, mode.closes) for mode in case.crossing_modes]
    rows = {key: [_open_at(clock, *key) for clock in local] for key in dict.fromkeys(hours)}
    return np.array([rows[key] for key in hours], dtype=np.bool_).reshape(len(hours), count)


def forecast_hours(case: Case, minutes: float, count: int) -> NDArray[np.float64]:
    """The wait forecast for those who reach each gate at each of some moments, as in :func:`opening`.

    A row of ``waits.csv`` holds from the first of the moments not before its own; the last one goes on.

    Returns
    -------
    float64 (gates, count)
        Hours.
    """
    number = {(mode.crossing, mode.mode): g for g, mode in enumerate(case.crossing_modes)}
    usual = np.array([mode.wait_hours for mode in case.crossing_modes], dtype=np.float64)
    hours = np.tile(usual[:, None], (1, count))
    for row in sorted(case.waits, key=lambda row: row.start):
        begins = -int(-((row.start - case.start) / timedelta(minutes=minutes)) // 1)
        if (row.crossing, row.mode) in number:
            hours[number[row.crossing, row.mode], max(0, begins) :] = row.wait_hours
    return hours


def _open_at(clock: time, opens: time | None, closes: time | None) -> bool:
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
