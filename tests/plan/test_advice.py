"""What those who leave in their own cars are told: no names, no numbers of groups, and nobody jams."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path
from typing import Any

from overland.case.model import Case, Mode, WaitForecast
from overland.plan.advice import CarAdvice, car_advice
from overland.plan.document import Drive, Plan, Replanned
from overland.plan.sheets import CAR_ADVICE_COLUMNS, write_car_advice
from overland.roads import RoadTimes
from overland.verify.terms import Terms
from tests.builders import group, hours, small_case
from tests.verify.handmade import good_plan, rich_case

SIZES = (3, 2, 4, 1)


def driving_at(*departs: float, **fields: Any) -> tuple[Case, Plan]:
    """Groups of four sizes that drive from the town to west at some hours; 4.5 h of road and 2 h of wait."""
    groups = tuple(
        group(f"G{i}", "town", size, own_car=True)
        for i, (_, size) in enumerate(zip(departs, SIZES, strict=False))
    )
    case = small_case(groups=groups, **fields)
    terms = Terms(case)
    drives = []
    for i, depart in enumerate(departs):
        step = case.step_of(hours(depart), up=False)
        arrive = step + terms.times.steps("car", "town", "west", step)
        passed = terms.borders.passing(("west", Mode.CAR), arrive)
        assert passed is not None
        moments = {"depart": step, "arrive": arrive, "passed": passed}
        drives.append(
            Drive(
                group=f"G{i}",
                origin="town",
                destination="west",
                **{name: case.time_of(k) for name, k in moments.items()},
            )
        )
    empty = {"trips": [], "rides": [], "moves": [], "left": [], "drives": drives}
    return case, good_plan(rich_case()).model_copy(update=empty)


def leaving(case: Case, plan: Plan) -> list[tuple[datetime, datetime, int, int]]:
    advice = car_advice(case, plan, RoadTimes.of(case))
    return [(one.leave_from, one.leave_until, one.cars, one.people) for one in advice]


def test_of_a_re_plan_only_those_are_advised_who_leave_from_now_on() -> None:
    case, plan = driving_at(4, 5)
    marks = Replanned(
        now=hours(5), known=hours(5), running_digest=plan.case_digest, missed=[], change_price=0.0
    )
    assert leaving(case, plan.model_copy(update={"replanned": marks})) == [(hours(5), hours(5), 1, 2)]


def test_cars_of_one_hour_are_advised_together() -> None:
    case, plan = driving_at(4.5, 4, 4)  # 12:00 and 12:30 in Kyiv
    assert leaving(case, plan) == [(hours(4), hours(4.5), 3, 9)]
    case, plan = driving_at(4, 5)
    assert leaving(case, plan) == [(hours(4), hours(4), 1, 3), (hours(5), hours(5), 1, 2)]


def test_cars_that_pass_in_different_windows_are_advised_apart() -> None:
    case, plan = driving_at(5, 5.5)  # across at 11.5 and at 12: windows have two hours
    assert leaving(case, plan) == [(hours(5), hours(5), 1, 3), (hours(5.5), hours(5.5), 1, 2)]


def test_cars_are_advised_apart_where_one_in_between_would_pass_in_another_window() -> None:
    waits = tuple(
        WaitForecast(crossing="west", mode=Mode.CAR, start=hours(start), wait_hours=wait)
        for start, wait in ((8.75, 5), (9, 2))
    )
    case, plan = driving_at(4, 4.75, step_minutes=15, waits=waits)
    assert leaving(case, plan) == [(hours(4), hours(4), 1, 3), (hours(4.75), hours(4.75), 1, 2)]
    case, plan = driving_at(4, 4.75, step_minutes=15)
    assert leaving(case, plan) == [(hours(4), hours(4.75), 2, 5)]


def test_it_says_when_they_are_expected() -> None:
    case, plan = driving_at(4, 4.5)
    assert car_advice(case, plan, RoadTimes.of(case)) == [
        CarAdvice(
            place="town",
            crossing="west",
            leave_from=hours(4),
            leave_until=hours(4.5),
            cars=2,
            people=5,
            expected_from=hours(8.5),
            expected_until=hours(9),
            across_from=hours(10.5),
            across_until=hours(11),
        )
    ]


def test_the_sheet_is_in_local_time_and_names_no_group(tmp_path: Path) -> None:
    case, plan = driving_at(4, 4.5)
    write_car_advice(case, plan, RoadTimes.of(case), tmp_path / "car-advice.csv")
    with (tmp_path / "car-advice.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == [column.name for column in CAR_ADVICE_COLUMNS]
    assert list(rows[0].values()) == [
        "town", "2022-02-17 12:00", "2022-02-17 12:30", "west", "PL", "2", "5",
        "2022-02-17 16:30", "2022-02-17 17:00", "2022-02-17 18:30", "2022-02-17 19:00",
    ]  # fmt: skip


def test_nobody_drives_no_advice(tmp_path: Path) -> None:
    case, plan = driving_at(4)
    write_car_advice(case, without_drives(plan), RoadTimes.of(case), tmp_path / "car-advice.csv")
    assert (tmp_path / "car-advice.csv").read_text().count("\n") == 1


def without_drives(plan: Plan) -> Plan:
    return plan.model_copy(update={"drives": []})
