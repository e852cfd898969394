"""The digest is that of what the case says, not of how its files are written."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, timezone

from overland.case import digest
from tests.builders import group, place, policy, small_case


def test_the_digest_is_fixed() -> None:
    # A plan names the digest of its case: a change here makes every plan on disk foreign to its case.
    assert digest(small_case()) == "d876b698bd1c66a7f167eb2cbbbd2f224d93f7fe1c733971393c177eec79aa81"


def test_equal_cases_have_equal_digests() -> None:
    case = small_case()
    other_zone = case.start.astimezone(timezone(timedelta(hours=5)))
    weights = dict(reversed(case.policy.weights.items()))
    same = replace(case, start=other_zone, policy=replace(case.policy, weights=weights))
    assert same == case
    assert digest(same) == digest(case)
    assert digest(replace(case, places=(replace(case.places[0], hazard=2), *case.places[1:]))) == digest(case)


def test_any_change_changes_it() -> None:
    case = small_case()
    changed = [
        replace(case, title="Another"),
        replace(case, step_minutes=15),
        replace(case, policy=policy(notice_hours=1)),
        replace(case, groups=case.groups[::-1]),
        replace(case, groups=(*case.groups, group("G9", "town"))),
        replace(case, places=(*case.places, place("village"))),
    ]
    assert len({digest(one) for one in [case, *changed]}) == 7
