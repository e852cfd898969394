"""What could be asked for is said in words, and the case it makes is one that a folder could hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from overland.case import read_case, write_case
from overland.case.model import CorridorStatus, RunSeats
from overland.plan.explain.changes import Change, changes_of
from tests.builders import hours
from tests.plan.explain.everything import everything

SNOWED_IN = "the road Hub – South"
CHANGES = changes_of(everything())


def of(kind: str, subject: str, number: int = 0) -> Change:
    """A change of a kind about something."""
    return [c for c in CHANGES if (c.kind, c.subject) == (kind, subject)][number]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.what)
def test_a_changed_case_is_sound(change: Change, tmp_path: Path) -> None:
    write_case(change.case, tmp_path / "changed")
    assert read_case(tmp_path / "changed").id == change.case.id, "read without a fault"
    assert change.case != everything()


@pytest.mark.parametrize(
    ("kind", "subject", "number", "what"),
    [
        ("fleet", "buses", 0, "one more 20-seat bus at Capital"),
        ("crossing", "west", 1, "10 more persons an hour at West on foot"),
        ("opening", "south", 0, "South by bus open an hour longer, until 21:00"),
        ("opening", "south", 1, "South by bus open an hour earlier, from 07:00"),
        ("opening", "south", 2, "South on foot open day and night"),
        ("boarding", "capital", 0, "boarding 10 more persons an hour at Capital"),
        ("reception", "pl-centre", 0, "100 more beds a day at PL centre"),
        ("country", "PL", 0, "one more percent of all people to Poland"),
        ("service", "train", 0, "10 more seats on every run of Train to the west"),
        ("corridor", "lifeline", 0, "an hour more of the corridor Lifeline, open until Thu 17 Feb, 17:00"),
        ("corridor", "lifeline", 1, "an hour more of the corridor Lifeline, open from Thu 17 Feb, 11:00"),
        ("corridor", "wish", 0, "acceptance of the corridor Wish, as it was asked for"),
        ("closure", "hub-south", 0, f"{SNOWED_IN} open again an hour earlier, from Thu 17 Feb, 12:00"),
        ("closure", "hub-south", 1, f"{SNOWED_IN} kept open an hour longer, until Thu 17 Feb, 10:00"),
        ("hub", "hub", 0, "100 more places to wait at Hub"),
    ],
)  # fmt: skip
def test_each_kind_says_what_it_is(kind: str, subject: str, number: int, what: str) -> None:
    assert of(kind, subject, number).what == what


def test_every_kind_changes_just_what_it_says() -> None:
    before = everything()
    assert of("fleet", "vans").case.fleets[1].count == before.fleets[1].count + 1
    assert of("crossing", "west", 2).case.crossing_modes[2].rate_per_hour == 20
    assert of("hub", "hub").case.places[2].waiting_capacity == 104
    assert of("country", "PL").case.policy.country_share["PL"] == pytest.approx(0.96)
    assert of("service", "train").case.services[0].seats == 20
    assert of("corridor", "lifeline").case.corridors[0].end == hours(9)
    assert of("corridor", "lifeline", 1).case.corridors[0].start == hours(3)
    assert of("corridor", "wish").case.corridors[1].status is CorridorStatus.ACCEPTED
    assert of("closure", "hub-south").case.closures[1].end == hours(4)
    assert of("closure", "hub-south", 1).case.closures[1].start == hours(2)
    assert of("closure", "town-island").case.closures[0].start == hours(1)


def test_more_seats_are_on_every_run_that_is_not_cancelled() -> None:
    first, second = date(2022, 2, 17), date(2022, 2, 18)
    runs = (
        RunSeats(service="train", day=first, seats=3),
        RunSeats(service="train", day=second, seats=0),
    )
    case = replace(everything(), runs=runs)
    changed = next(change.case for change in changes_of(case) if change.kind == "service")
    assert [changed.seats_of(changed.services[0], day) for day in (first, second)] == [13, 0]


def test_only_what_changes_roads_needs_new_travel_times() -> None:
    assert {c.kind for c in CHANGES if c.moves_roads} == {"corridor", "closure"}
