"""A good plan passes; each of many ways to spoil it is found out, by the rule that it breaks and no other."""

import pytest

from overland.verify import RULES, Violation, recompute, verify
from tests.builders import hours
from tests.verify import corruptions  # noqa: F401 - registers them
from tests.verify.handmade import good_plan, rich_case
from tests.verify.spoiling import CORRUPTIONS, Corruption

CASE = rich_case()
PLAN = good_plan(CASE)


def test_the_good_plan_breaks_no_rule() -> None:
    assert verify(CASE, PLAN) == []


def test_the_figures_of_the_good_plan_are_those_worked_out_by_hand() -> None:
    right = recompute(CASE, PLAN)
    assert (right.people, right.out, right.stranded) == (33, 30, 2)
    out = {
        "G1": 3 * 4 * (0.5 * 2 + 4),  # waits half an hour at hazard 2, is four hours under way
        "G2": 6 * (0.5 * 2 + 4),
        "G3": 0.9 * 3 * (2 + 3.5 + 2.5 + 1.5),  # town, to the hub, at the hub, on foot
        "G4": 2 * 6.5,
        "G5": 2 * (2.5 + 1.5),
        "G6": 5 * (0.5 * 2 + 4),
        "G7": 4 * (1 * 2 + 2.5 + 0.5 + 1.5),
        "G10": 0.9 * 2 * (0.5 * 2 + 5),
        "G11": 2 * 2,
    }
    assert right.exposure == pytest.approx(sum(out.values()))
    assert right.left_cost == pytest.approx(2 * (48 + 336) + 1 * (8 + 336))
    assert right.vehicle_hours == 3 + 3.5 + 1 + 3.5 + 1 + 1 + 1.5 + 1 + 1
    assert right.cost == pytest.approx(right.exposure + right.left_cost + 0.1 * 16.5)
    assert right.cleared == hours(16)


@pytest.mark.parametrize("corruption", CORRUPTIONS, ids=lambda corruption: corruption.name)
def test_a_spoilt_plan_is_found_out(corruption: Corruption) -> None:
    found = verify(*corruption.spoil(CASE, PLAN))
    assert {violation.rule for violation in found} == corruption.breaks, "\n".join(map(str, found))


def test_every_rule_is_broken_by_some_corruption() -> None:
    of_the_proof, of_re_plans = {"proof"}, {"now", "past"}  # see tests/verify/proof, test_past
    of_lines = {"line", "aboard", "stop-time"}  # see test_lines
    assert (
        set().union(*(corruption.breaks for corruption in CORRUPTIONS))
        == set(RULES) - of_the_proof - of_re_plans - of_lines
    )


def test_a_violation_says_what_where_when_and_by_how_much() -> None:
    late = next(c for c in CORRUPTIONS if c.name == "trip_leaves_before_it_is_loaded")
    (violation,) = verify(*late.spoil(CASE, PLAN))
    assert str(violation) == "loading: vehicle vans-01: loads trip T0005 at hub for 0 min, not 30 min"


def test_a_violation_is_of_a_known_rule() -> None:
    with pytest.raises(ValueError, match="unknown rule 'manners'"):
        Violation("manners", "trip T0001", "is late")
