"""What the page says of the certificate."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from overland.plan.document import Plan
from overland.report.figures import certificate_sentence, clearance_sentence
from tests.builders import hours
from tests.verify.handmade import good_plan, rich_case

CASE = rich_case()
PLAN = good_plan(CASE)  # the last one is out after 16 hours


def claiming(**claims: Any) -> Plan:
    """The plan with other claims in its certificate."""
    return PLAN.model_copy(update={"certificate": PLAN.certificate.model_copy(update=claims)})


def local(moment: datetime) -> str:
    return f"{moment.astimezone(CASE.zone):%H:%M}"


def test_where_nothing_is_claimed_of_clearance_nothing_is_said() -> None:
    assert clearance_sentence(CASE, PLAN) == ""


def test_a_clearance_that_might_be_earlier_is_given_its_limit() -> None:
    said = clearance_sentence(CASE, claiming(earliest_cleared=hours(15.5)))
    assert said.startswith("Everybody who gets out is out by")
    assert local(hours(16)) in said
    assert "can clear before" in said
    assert local(hours(15.5)) in said


def test_a_clearance_that_cannot_be_earlier_is_called_so() -> None:
    assert "can clear earlier" in clearance_sentence(CASE, claiming(earliest_cleared=hours(16)))


def test_those_whom_any_plan_leaves_are_counted() -> None:
    assert "leaves at least 1 person" in clearance_sentence(CASE, claiming(least_left=1))
    assert "leaves at least 2 people" in clearance_sentence(CASE, claiming(least_left=2))


def test_a_bound_of_the_plans_that_meet_a_deadline_is_said_to_be_theirs() -> None:
    assert "that clears by" not in certificate_sentence(CASE, PLAN)
    said = certificate_sentence(CASE, claiming(deadline=hours(16)))
    assert f"that clears by Fri 18 Feb, {local(hours(16))}" in said
