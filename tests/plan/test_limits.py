"""The shared limits and which of them a passing or a boarding uses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import numpy as np

from overland.case.model import Case, Service, ServiceStop
from overland.plan.limits import Limits
from overland.plan.problem import build_problem
from tests.builders import policy, small_case


def limits(case: Case) -> Limits:
    """The limits of a case."""
    return build_problem(case).limits


def of_kind(found: Limits, kind: str) -> dict[tuple[str, str, int], int]:
    """Limits of one kind: (subject, detail, period) → persons."""
    return {
        (row.subject, row.detail, row.period): int(persons)
        for row, persons in zip(found.rows, found.limit, strict=True)
        if row.kind == kind
    }


def test_every_limit_is_used_by_something() -> None:
    found = limits(small_case(policy=policy(country_share={"PL": 0.5}, rate_window_minutes=150)))
    used = [found.gate_row, found.reception_row, found.country_row, found.boarding_row]
    assert set(range(len(found.limit))) <= set(np.concatenate([rows.ravel() for rows in used]).tolist())


def test_a_share_is_a_share_of_all_people_rounded_down() -> None:
    found = limits(small_case(policy=policy(country_share={"PL": 0.55})))
    assert of_kind(found, "country") == {("PL", "", 0): 9}, "0.55 of 17"
    assert found.country_row.tolist()[1] == -1, "no limit for Hungary"


def test_the_share_of_a_country_without_crossings_limits_nothing() -> None:
    assert of_kind(limits(small_case(policy=policy(country_share={"MD": 0.1}))), "country") == {}


def test_beds_are_counted_by_local_day() -> None:
    """From 08:00 in Kyiv until 08:00 two days later: three days, of 32, 48 and 17 steps."""
    found = limits(small_case())
    beds = of_kind(found, "reception")
    assert len(beds) == 2 * 3
    assert set(beds.values()) == {1000}
    _, steps = np.unique(found.reception_row[0], return_counts=True)
    assert steps.tolist() == [32, 48, 17]


def test_gates_of_one_centre_share_its_beds() -> None:
    found = limits(small_case())
    west_by_bus, west_on_foot = found.reception_row[0], found.reception_row[1]
    assert np.array_equal(west_by_bus, west_on_foot)
    assert not np.isin(found.reception_row[3], west_by_bus).any(), "south has its own"


def test_boarding_is_limited_where_the_case_says_so() -> None:
    case = small_case()
    found = limits(case)
    places = build_problem(case).places
    capital, town = places.index("capital"), places.index("town")
    windows = of_kind(found, "boarding")
    width = max(1, case.steps_of_hours(case.policy.rate_window_minutes / 60))
    assert set(windows.values()) == {30 * width}, "60 an hour, in full windows even at the end"
    assert (found.boarding_row[town] == -1).all()
    assert found.boarding_row[capital, 0] == found.boarding_row[capital, width - 1]
    assert found.boarding_row[capital, 0] != found.boarding_row[capital, width]


def test_a_train_has_seats_on_each_leg_of_each_run() -> None:
    day = date(2022, 2, 17)
    train = Service(
        id="train", name="Train", seats=40, departs=time(18), first_day=day, last_day=date(2022, 2, 18)
    )
    stops = tuple(
        ServiceStop(service="train", sequence=i + 1, stop=stop, minutes=60 * i)
        for i, stop in enumerate(("town", "capital", "hub"))
    )
    found = limits(replace(small_case(), services=(train,), service_stops=stops))
    assert len(found.leg_row) == 2 * 2
    assert {int(found.limit[row]) for row in found.leg_row.values()} == {40}
    assert len(set(found.leg_row.values())) == 4
