"""Opening hours and forecast waits of crossings, hour by hour, for as long as one likes."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import numpy as np
from numpy.typing import NDArray

from overland.case.model import Case, CrossingMode
from overland.plan.border import open_at

Floats = NDArray[np.float64]

_PARTS = 4  # of an hour, at whose beginnings a gate is looked at


def open_share(case: Case, hours: int) -> Floats:
    """The share of each hour from the start of the case in which each gate is open.

    Returns
    -------
    float64 (gates, hours)
        Gates in the order of ``crossing_modes``.
    """
    clocks = [
        (case.start + timedelta(minutes=part * 60 / _PARTS)).astimezone(case.zone).time()
        for part in range(hours * _PARTS)
    ]
    shares = np.ones((len(case.crossing_modes), hours))
    kept: dict[tuple[time, time], Floats] = {}
    for row, gate in enumerate(case.crossing_modes):
        if gate.opens is None or gate.closes is None or gate.opens == gate.closes:
            continue
        key = (gate.opens, gate.closes)
        if key not in kept:
            is_open = np.array([open_at(clock, *key) for clock in clocks], dtype=np.float64)
            kept[key] = is_open.reshape(hours, _PARTS).mean(axis=1)
        shares[row] = kept[key]
    return shares


def forecast_waits(case: Case, hours: int) -> Floats:
    """Forecast hours of wait for an arrival at the beginning of each hour; the last forecast goes on.

    Returns
    -------
    float64 (gates, hours)
        Gates in the order of ``crossing_modes``.
    """
    waits = np.empty((len(case.crossing_modes), hours))
    for row, gate in enumerate(case.crossing_modes):
        waits[row] = gate.wait_hours
        for start, wait in _forecasts(case, gate):
            begins = -int(-(start - case.start).total_seconds() // 3600)
            waits[row, max(0, begins) :] = wait
    return waits


def _forecasts(case: Case, gate: CrossingMode) -> list[tuple[datetime, float]]:
    """Moments from which other waits are forecast at a gate, in order."""
    rows = [row for row in case.waits if row.crossing == gate.crossing and row.mode is gate.mode]
    return sorted((row.start, row.wait_hours) for row in rows)
