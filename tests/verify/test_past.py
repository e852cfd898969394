"""A re-plan whose past is not that of the running plan, or that breaks a rule afterwards, is found out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from overland.case.model import Case, Closure, SingleVehicle
from overland.plan.document import Plan, Replanned
from overland.verify import verify
from tests.builders import hours
from tests.verify.handmade import good_plan, rich_case
from tests.verify.spoiling import change, without

NOW = hours(3)


def marked(plan: Plan, **others: Any) -> Plan:
    """A plan called a re-plan of the good one."""
    marks = Replanned(
        now=NOW, known=NOW, running_digest=good_plan(rich_case()).case_digest, missed=[], change_price=0.5
    )
    return plan.model_copy(update={"replanned": marks.model_copy(update=others)})


def rules(case: Case, plan: Plan, running: Plan | None = None) -> set[str]:
    return {violation.rule for violation in verify(case, plan, running=running)}


CASE = rich_case()
RUNNING = good_plan(CASE)


def test_the_running_plan_called_a_re_plan_breaks_no_rule() -> None:
    assert verify(CASE, marked(RUNNING), running=RUNNING) == []


def test_the_past_may_break_rules_that_what_is_ahead_may_not() -> None:
    """The town is cut off now; who left before is out, who is ahead is not judged by the roads of before."""
    first = min(trip.depart for trip in RUNNING.trips)
    closed = rich_case(closures=(*CASE.closures, Closure(road="hub-west", start=first)))
    late = good_plan(closed)
    assert "reachable" in rules(closed, late)
    past = {t.id for t in RUNNING.trips if t.depart < NOW}
    found = [v for v in verify(closed, marked(late), running=RUNNING) if v.rule in ("reachable", "arrival")]
    assert found != []
    assert not {v.subject.removeprefix("trip ") for v in found} & past


@pytest.mark.parametrize(
    "spoil",
    [
        lambda plan: change(plan, "trips", "T0001", free=hours(9)),
        lambda plan: without(plan, "trips", 0),
        lambda plan: change(plan, "trips", "T0001", groups=["G1"]),
    ],
    ids=["other moments", "a trip less", "others aboard"],
)
def test_the_past_is_that_of_the_running_plan(spoil: Any) -> None:
    assert min(RUNNING.trips, key=lambda trip: trip.id).depart < NOW
    assert "past" in rules(CASE, marked(spoil(RUNNING)), RUNNING)
    assert "past" not in rules(CASE, marked(spoil(RUNNING)))


def test_what_is_ahead_may_change() -> None:
    last = max(range(len(RUNNING.trips)), key=lambda i: RUNNING.trips[i].depart)
    assert "past" not in rules(CASE, marked(without(RUNNING, "trips", last)), RUNNING)


def test_a_departure_put_into_the_past_is_found_out() -> None:
    last = max(RUNNING.trips, key=lambda trip: trip.depart)
    early = change(RUNNING, "trips", last.id, depart=NOW - timedelta(minutes=30))
    assert "past" in rules(CASE, marked(early), RUNNING)


def test_only_who_was_to_leave_can_have_missed_it() -> None:
    assert "past" in rules(CASE, marked(RUNNING, missed=["G11"]), RUNNING)
    on_board = min(RUNNING.trips, key=lambda trip: trip.depart).groups[0]
    assert "past" in rules(CASE, marked(RUNNING, missed=[on_board]), RUNNING), "it is listed aboard still"


def test_the_running_plan_is_that_of_which_the_plan_speaks() -> None:
    assert "past" in rules(CASE, marked(RUNNING, running_digest="0" * 64), RUNNING)
    assert "past" in rules(CASE, RUNNING, RUNNING)


@pytest.mark.parametrize("now", [hours(3) + timedelta(minutes=7), hours(-1), hours(48)])
def test_now_is_a_step_of_the_horizon(now: Any) -> None:
    assert "now" in rules(CASE, marked(RUNNING, now=now))


def test_a_lost_vehicle_may_have_left_before_now_and_leaves_no_more() -> None:
    lost = replace(CASE, vehicles=(SingleVehicle(fleet="vans", number=1, lost=True),))
    found = verify(lost, marked(good_plan(lost), now=hours(9)), running=RUNNING)
    assert [violation.message for violation in found if violation.rule == "lost"] == [
        "is lost, but leaves by move of vans-01 at 2022-02-17 18:00 at 2022-02-17 18:00 UTC",
        "is lost, but leaves by trip T0006 at 2022-02-17 20:00 UTC",
    ]
