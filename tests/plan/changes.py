"""Random changes of tiny cases, for re-plans."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from hypothesis import strategies as st

from overland.case.model import Case, Closure, RunSeats, SingleVehicle
from overland.plan.document import Plan
from overland.plan.standing import groups_of
from tests.builders import group

Draw = st.DrawFn


@st.composite
def changes(draw: Draw, case: Case, running: Plan, now: datetime) -> Case:
    """A case that differs from another by what may have come to be known by a moment of its plan."""
    changed: dict[str, Any] = {}
    if draw(st.booleans()):
        road = draw(st.sampled_from(case.roads))
        changed["closures"] = (*case.closures, Closure(road=road.id, start=now))
    if draw(st.booleans()):
        changed["vehicles"] = tuple(
            SingleVehicle(fleet=fleet.id, number=1, lost=draw(st.booleans()), available=now)
            for fleet in case.fleets
            if fleet.count
        )
    if draw(st.booleans()):
        changed["crossing_modes"] = tuple(
            replace(row, rate_per_hour=row.rate_per_hour * draw(st.sampled_from([0, 0.5, 2])))
            for row in case.crossing_modes
        )
    if draw(st.booleans()):
        gone = {key for leg in _legs(running) if leg.depart < now for key in groups_of(leg)}
        here = tuple(row for row in case.groups if row.id in gone or draw(st.booleans()))
        added = group("G9", case.groups[0].place, draw(st.integers(1, 5)), ready=now)
        changed["groups"] = (*here, added)
    if draw(st.booleans()) and case.services:
        service = case.services[0]
        row = RunSeats(service=service.id, day=service.first_day, seats=draw(st.integers(0, 2)))
        changed["runs"] = (row,)
    return replace(case, title="A tiny case, changed", **changed)


def _legs(plan: Plan) -> list[Any]:
    return [*plan.trips, *plan.rides, *plan.drives]
