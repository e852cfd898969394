"""What legs of a plan use of the shared limits."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from overland.case.model import Case, Mode
from overland.errors import PlanError
from overland.plan.border import Borders
from overland.plan.document import Drive, Ride, Trip
from overland.plan.limits import Limits
from overland.plan.options import run_calls
from overland.plan.standing import Leg, groups_of

Ints = NDArray[np.int64]


def used(case: Case, limits: Limits, borders: Borders, places: tuple[str, ...], legs: Iterable[Leg]) -> Ints:
    """Persons (in convoys, vehicles) of each limit, int64 (limits,), that legs of a plan take up.

    Raises
    ------
    PlanError
        If one is by a run or to a crossing that the case has not.
    """
    taken = np.zeros(len(limits.limit), dtype=np.int64)
    size = {group.id: group.size for group in case.groups}
    number = {place: p for p, place in enumerate(places)}
    countries = tuple(dict.fromkeys(x.country for x in case.crossings))
    country_of = {x.id: countries.index(x.country) for x in case.crossings}
    gate_of = {gate: g for g, gate in enumerate(borders.gates)}
    stops = {run: [stop for stop, _ in calls] for run, calls in run_calls(case).items()}
    for leg in legs:
        people = sum(size[group] for group in groups_of(leg))
        rows: list[int] = []
        if not isinstance(leg, Drive) and leg.origin in number:
            rows.append(int(limits.boarding_row[number[leg.origin], case.step_of(leg.depart, up=False)]))
        if isinstance(leg, Ride):
            if leg.run not in stops:
                raise PlanError(f"people have left by run {leg.run}, which the case has not (any more).")
            begin, end = (stops[leg.run].index(stop) for stop in (leg.origin, leg.destination))
            rows += [limits.leg_row[leg.run, i] for i in range(begin, end)]
        if isinstance(leg, Trip) and leg.convoy in limits.convoy_row:
            taken[limits.convoy_row[leg.convoy]] += 1  # vehicle
        if leg.passed is not None:
            gate, step = gate_of.get((leg.destination, mode_of(leg)), -1), case.step_of(leg.passed, up=False)
            if gate < 0:
                way = f"{leg.destination} by {mode_of(leg)}"
                raise PlanError(f"people have left for {way}, which the case has not (any more).")
            rows += [int(limits.gate_row[gate, step]), int(limits.reception_row[gate, step])]
            rows.append(int(limits.country_row[country_of[leg.destination]]))
        for row in rows:
            if row >= 0:
                taken[row] += people
    return taken


def mode_of(leg: Leg) -> Mode:
    """How the people on a record that leads to a crossing pass it."""
    if isinstance(leg, Drive):
        return Mode.CAR
    if isinstance(leg, Trip):
        return Mode.BUS if leg.kind == "across" else Mode.FOOT
    return Mode.RAIL
