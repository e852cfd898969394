"""The limits that plans share: rows of one flat array, so that search and bound treat them alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from overland.case.model import Case
from overland.plan.border import Borders
from overland.plan.convoys import running_convoys

Ints = NDArray[np.int64]
Kind = Literal["crossing", "reception", "country", "boarding", "service", "convoy"]


@dataclass(frozen=True, slots=True)
class Row:
    """What one limit is about."""

    kind: Kind
    subject: str
    detail: str  # mode, leg …
    period: int  # window, day or leg; 0 where there is one only


@dataclass(frozen=True, slots=True)
class Limits:
    """All shared limits, numbered: of persons, and of vehicles in convoys.

    Attributes
    ----------
    rows : tuple of Row
        What each limit is about.
    limit : int64 (rows,)
        Persons; vehicles of a convoy.
    gate_row : int64 (gates, T + 1)
        Limit used by passing a gate at a step.
    reception_row : int64 (gates, T + 1)
        Limit used at the reception centre behind the gate.
    country_row : int64 (countries,)
        Limit of a country over the whole horizon; -1 for none.
    boarding_row : int64 (places, T)
        Limit used by boarding at a place at a step; -1 for none.
    leg_row : dict of (str, int) to int
        (run, leg) → limit.
    convoy_row : dict of str to int
        Convoy → limit. The bound does not know these limits: nothing in it counts against them.
    """

    rows: tuple[Row, ...]
    limit: Ints
    gate_row: Ints
    reception_row: Ints
    country_row: Ints
    boarding_row: Ints
    leg_row: dict[tuple[str, int], int]
    convoy_row: dict[str, int]


def limits_of(
    case: Case,
    borders: Borders,
    places: tuple[str, ...],
    countries: tuple[str, ...],
    run_legs: list[tuple[str, int, int]],
) -> Limits:
    """Number the limits of a case.

    Parameters
    ----------
    case, borders
        The case and its border table.
    places : tuple of str
        Places where people board.
    countries : tuple of str
        Countries that crossings lead to.
    run_legs : list of (str, int, int)
        Run, number of legs, seats.
    """
    rows: list[Row] = []
    limit: list[int] = []

    def add(row: Row, persons: int) -> int:
        rows.append(row)
        limit.append(persons)
        return len(rows) - 1

    horizon = case.steps
    gate_row = np.zeros((len(borders.gates), horizon + 1), dtype=np.int64)
    for g, (crossing, mode) in enumerate(borders.gates):
        numbers = [
            add(Row("crossing", crossing, mode.value, w), int(n)) for w, n in enumerate(borders.limit[g])
        ]
        gate_row[g] = np.array(numbers)[borders.window]

    dates = [case.time_of(k).astimezone(case.zone).date() for k in range(horizon + 1)]
    days = {day: i for i, day in enumerate(sorted(set(dates)))}
    day_of = np.array([days[d] for d in dates])
    centre_rows = {
        centre.id: np.array(
            [add(Row("reception", centre.id, str(day), i), centre.intake_per_day) for day, i in days.items()]
        )
        for centre in case.reception
    }
    centre_of = {x.id: x.reception for x in case.crossings}
    reception_row = np.array([centre_rows[centre_of[x]][day_of] for x, _ in borders.gates], dtype=np.int64)

    people = sum(group.size for group in case.groups)
    share = case.policy.country_share
    country_row = np.array(
        [
            add(Row("country", c, "", 0), int(np.floor(share[c] * people + 1e-9))) if c in share else -1
            for c in countries
        ],
        dtype=np.int64,
    )

    width = max(1, case.steps_of_hours(case.policy.rate_window_minutes / 60))
    rate = {place.id: place.boarding_per_hour for place in case.places}
    boarding_row = np.full((len(places), horizon), -1, dtype=np.int64)
    for p, place in enumerate(places):
        per_hour = rate[place]
        if per_hour is not None:
            persons = int(np.floor(per_hour * case.step_hours * width + 1e-9))
            numbers = [
                add(Row("boarding", place, "", w), persons) for w in range(int(borders.window[-1]) + 1)
            ]
            boarding_row[p] = np.array(numbers)[borders.window[:horizon]]

    leg_row = {
        (run, leg): add(Row("service", run.split("@")[0], run, leg), seats)
        for run, legs, seats in run_legs
        for leg in range(legs)
    }
    convoy_row = {
        convoy.id: add(Row("convoy", convoy.id, "", 0), convoy.vehicles) for convoy in running_convoys(case)
    }
    return Limits(
        rows=tuple(rows),
        limit=np.array(limit, dtype=np.int64),
        gate_row=gate_row,
        reception_row=reception_row.reshape(len(borders.gates), horizon + 1),
        country_row=country_row,
        boarding_row=boarding_row,
        leg_row=leg_row,
        convoy_row=convoy_row,
    )
