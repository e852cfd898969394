"""Who has to be told what when one plan takes the place of another, worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from overland.plan.document import Plan, Replanned
from overland.plan.notices import notices, people_told_otherwise, write_notices
from tests.builders import hours
from tests.verify.handmade import good_plan, rich_case, trip

CASE = rich_case()
RUNNING = good_plan(CASE)
MARKS = Replanned(
    now=hours(3), known=hours(3), running_digest=RUNNING.case_digest, missed=[], change_price=0.5
)


def changed(**tables: Any) -> Plan:
    return RUNNING.model_copy(update={"replanned": MARKS, **tables})


def with_trip(index: int, record: Any) -> Plan:
    trips = list(RUNNING.trips)
    trips[index] = record
    return changed(trips=trips)


def told(plan: Plan) -> list[tuple[str, str, int, str, str]]:
    return [(n.who, n.where, n.people, n.before, n.after) for n in notices(CASE, RUNNING, plan)]


def test_nobody_is_told_anything_if_nothing_changes() -> None:
    assert told(changed()) == []
    assert people_told_otherwise(CASE, RUNNING, changed()) == (0, 13)


def test_a_later_bus_is_told_to_those_aboard_and_to_its_driver() -> None:
    plan = with_trip(5, trip("T0006", "vans-01", "hub", "across", "west", (14.5, 15.5, 16.5, 18.5), "G11"))
    assert told(plan) == [
        ("groups", "hub", 2, "Thu 22:00 hub to west (bus across)", "Thu 22:30 hub to west (bus across)"),
        (
            "driver", "vans-01", 0,
            "Thu 13:00 hub to west; Thu 14:30 west to hub empty; Thu 16:00 hub to west; "
            "Thu 20:00 west to hub empty; Thu 22:00 hub to west in convoy first",
            "Thu 13:00 hub to west; Thu 14:30 west to hub empty; Thu 16:00 hub to west; "
            "Thu 20:00 west to hub empty; Thu 22:30 hub to west",
        ),
    ]  # fmt: skip
    assert people_told_otherwise(CASE, RUNNING, plan)[0] == 0, "a step is not counted as another instruction"


def test_another_way_is_told_at_the_hub_and_both_crossings_and_centres() -> None:
    plan = with_trip(4, trip("T0005", "vans-01", "hub", "across", "south", (8, 9.5, 10, 12), "G3"))
    assert [row for row in told(plan) if row[0] != "driver"] == [
        (
            "groups",
            "hub",
            3,
            "Thu 16:00 hub to west (bus, on foot across)",
            "Thu 16:00 hub to south (bus across)",
        ),
        ("crossing", "south", 8, "5 people by bus on Thu 17 Feb", "8 people by bus on Thu 17 Feb"),
        ("crossing", "west", 6, "9 people by foot on Thu 17 Feb", "6 people by foot on Thu 17 Feb"),
        ("reception", "hu-centre", 8, "5 people on Thu 17 Feb", "8 people on Thu 17 Feb"),
        ("reception", "pl-centre", 20, "23 people on Thu 17 Feb", "20 people on Thu 17 Feb"),
    ]
    assert people_told_otherwise(CASE, RUNNING, plan)[0] == 3


def test_who_is_not_to_leave_after_all_is_told_to_wait_and_who_is_withdrawn_is_off() -> None:
    plan = changed(drives=[])
    assert told(plan)[0] == (
        "groups",
        "town",
        2,
        "Thu 12:00 town to west (own car)",
        "wait: no way out is planned yet",
    )
    without = replace(CASE, groups=tuple(g for g in CASE.groups if g.id != "G4"))
    first = notices(without, RUNNING, plan, CASE)[0]
    assert (first.where, first.people, first.after, first.groups) == ("town", 2, "", ("G4",))


def test_who_is_told_the_same_is_told_together(tmp_path: Path) -> None:
    plan = with_trip(2, trip("T0003", "vans-01", "hub", "foot", "west", (5.5, 6.5, 7, 7), "G5", "G7"))
    together = [notice.groups for notice in notices(CASE, RUNNING, plan) if notice.who == "groups"]
    assert together == [("G5", "G7")]
    write_notices(CASE, notices(CASE, RUNNING, plan), tmp_path / "changes.csv")
    rows = (tmp_path / "changes.csv").read_text(encoding="utf-8").splitlines()
    assert rows[0] == "who,where,first_local,people,before,after,groups"
    assert rows[1] == (
        'groups,hub,2022-02-17 13:00,6,"Thu 13:00 hub to west (bus, on foot across)",'
        '"Thu 13:30 hub to west (bus, on foot across)",G5 G7'
    )


def test_the_day_of_an_arrival_is_the_local_one() -> None:
    (drive,) = RUNNING.drives
    plan = changed(
        drives=[drive.model_copy(update={"depart": hours(12), "arrive": hours(16.5), "passed": hours(18.5)})]
    )
    assert ("crossing", "west", 2, "0 people by car on Fri 18 Feb", "2 people by car on Fri 18 Feb") in told(
        plan
    )
