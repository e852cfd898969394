"""Crossings by mode, as the execution takes them: how long one waits, when they are open, how many pass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from overland.case.model import Case, Mode
from overland.plan.border import forecast_hours, next_open, opening, rate_windows
from overland.roads import RoadTimes

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Rows = NDArray[np.void]

MODES = {mode: i for i, mode in enumerate(Mode)}


GATE = np.dtype([*((name, "i8") for name in ("node", "mode", "country", "turnaround")), ("rate", "f8")])


class GateTables(NamedTuple):
    """A *gate* is one mode of one crossing.

    Attributes
    ----------
    gate : GATE (gates,)
        ``node`` of the case, ``mode``, ``country``, steps of a bus's ``turnaround``, and the ``rate``:
        persons of ours that pass in an open step.
    wait_hours : float64 (gates, T + 1)
        Forecast wait of those who arrive at a step.
    following : int64 (gates, T + 1)
        The first step at or after each at which it is open; -1 for none.
    open_steps : int64 (gates, windows)
        Steps of each rate window at which it is open.
    window : int64 (T + 1,)
        Rate window of each step.
    """

    gate: Rows
    wait_hours: Floats
    following: Ints
    open_steps: Ints
    window: Ints


@dataclass(frozen=True, slots=True)
class Gates:
    """The gates of a case, and what their numbers stand for."""

    number: dict[tuple[str, str], int]  # of a crossing and the name of a mode
    countries: tuple[str, ...]
    tables: GateTables


def gates_of(case: Case, times: RoadTimes) -> Gates:
    """The gates of a case, in the order of its table."""
    modes, window = case.crossing_modes, rate_windows(case)
    is_open = opening(case, case.step_minutes, len(window))
    countries = tuple(dict.fromkeys(x.country for x in case.crossings))
    country = {x.id: countries.index(x.country) for x in case.crossings}
    open_steps = np.zeros((len(modes), int(window[-1]) + 1), dtype=np.int64)
    np.add.at(open_steps.T, window, is_open.T.astype(np.int64))
    return Gates(
        number={(m.crossing, m.mode.value): g for g, m in enumerate(modes)},
        countries=countries,
        tables=GateTables(
            gate=np.array(
                [
                    (
                        times.index[m.crossing],
                        MODES[m.mode],
                        country[m.crossing],
                        case.steps_of_hours(m.turnaround_hours),
                        m.rate_per_hour * case.step_hours,
                    )
                    for m in modes
                ],
                dtype=GATE,
            ),
            wait_hours=forecast_hours(case, case.step_minutes, len(window)),
            following=np.array([next_open(row) for row in is_open], dtype=np.int64).reshape(is_open.shape),
            open_steps=open_steps,
            window=window,
        ),
    )
