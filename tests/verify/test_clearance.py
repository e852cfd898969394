"""What is claimed of the earliest clearance and of the envelope: all that can be proven, and no more."""

from __future__ import annotations

from typing import Any

import pytest

from overland.verify import verify
from overland.verify.envelope import most_out
from overland.verify.terms import Terms
from tests.builders import hours
from tests.verify.handmade import good_plan, rich_case

CASE = rich_case()
PLAN = good_plan(CASE)


def broken(**claims: Any) -> set[str]:
    """Rules broken by a certificate with other claims."""
    certificate = PLAN.certificate.model_copy(update=claims)
    return {v.rule for v in verify(CASE, PLAN.model_copy(update={"certificate": certificate}))}


def test_the_curve_is_the_one_worked_out_by_hand() -> None:
    most = most_out(Terms(CASE))
    assert most[7] == 0
    assert most[8] == 6 + 2, "G2 drops at west after 3.5 hours and walks; so does G5, by the van at its hub"
    assert most[9] == 8 + 4 + 5 + 4, (
        "G1 waits an hour with the bus, G6 at south; G7 leaves half an hour after G2"
    )
    assert most[10] == 21 + 2, "G10"
    assert most[14] == 23 + 3, "G3 changes at the hub"
    assert most[21] == 26 + 2, "G4 by its own car"
    assert most[31] == 28 + 2, "G11, ready at 14 hours, drives an hour and walks half an hour"


@pytest.mark.parametrize(("moment", "breaks"), [(15.5, set()), (16, {"clearance"})])
def test_no_plan_clears_before_the_last_group_could_alone(moment: float, breaks: set[str]) -> None:
    assert broken(earliest_cleared=hours(moment)) == breaks


@pytest.mark.parametrize(("people", "breaks"), [(21, set()), (20, {"envelope"})])
def test_the_envelope_may_be_as_low_as_can_be_proven(people: int, breaks: set[str]) -> None:
    assert broken(envelope=[(hours(4.5), people), (hours(48), 33)]) == breaks


@pytest.mark.parametrize(("moment", "breaks"), [(16, set()), (15.5, {"clearance"})])
def test_a_bound_of_plans_that_clear_by_a_deadline_is_for_such_a_plan(
    moment: float, breaks: set[str]
) -> None:
    assert broken(deadline=hours(moment)) == breaks
