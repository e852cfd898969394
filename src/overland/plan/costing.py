"""What the records of a plan cost: exposure, people left, driving."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from overland.case.model import Case, Group
from overland.plan.document import Drive, Left, Move, Ride, Totals, Trip
from overland.plan.hazard import cumulative_hazard
from overland.plan.legs import driving
from overland.plan.standing import Leg, all_legs, legs_by_group, ready_step


@dataclass(frozen=True, slots=True)
class Records:
    """All that is done in a plan."""

    trips: Sequence[Trip]
    moves: Sequence[Move]
    rides: Sequence[Ride]
    drives: Sequence[Drive]
    left: Sequence[Left]


def totals_of(case: Case, records: Records) -> tuple[Totals, float]:
    """The totals of a plan and its cost, as ``docs/problem.md`` defines them."""
    hazard = cumulative_hazard(case)
    left = {row.group: row for row in records.left}
    journeys = legs_by_group(all_legs(records))
    exposure = lost = 0.0
    for group in case.groups:
        hours = _hours(case, hazard, group, journeys.get(group.id, []), is_left=group.id in left)
        cost = case.policy.weights[group.category] * group.size * hours
        if group.id in left:
            lost += cost
        else:
            exposure += cost
    size = {group.id: group.size for group in case.groups}
    people, missing = sum(size.values()), sum(size[group] for group in left)
    driven = sum((move.arrive - move.depart).total_seconds() for move in records.moves) / 3600
    driven += sum(driving(trip).total_seconds() for trip in records.trips) / 3600
    passed = [leg.passed for legs in journeys.values() for leg in legs if leg.passed is not None]
    totals = Totals(
        people=people,
        out=people - missing,
        stranded=sum(size[row.group] for row in records.left if row.stranded),
        exposure=exposure,
        left_cost=lost,
        vehicle_hours=driven,
        cleared=max(passed, default=None),
    )
    return totals, exposure + lost + case.policy.vehicle_hour_cost * driven


def _hours(
    case: Case, hazard: dict[str, NDArray[np.float64]], group: Group, legs: list[Leg], *, is_left: bool
) -> float:
    """Hazard-weighted hours of one person from when the group is ready."""
    place, since, hours = group.place, min(ready_step(case, group), case.steps), 0.0
    for leg in legs:
        depart = case.step_of(leg.depart, up=False)
        until = case.step_of(leg.arrive if leg.passed is None else leg.passed, up=False)
        if depart > since:
            hours += float(hazard[leg.origin][depart] - hazard[leg.origin][since])
        hours += (until - depart) * case.step_hours
        place, since = leg.destination, min(until, case.steps)
    if is_left:
        hours += float(hazard[place][-1] - hazard[place][since]) + case.policy.left_penalty_hours
    return hours
