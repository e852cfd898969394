"""When one passes a crossing, and how many can."""

from datetime import time
from typing import Any

import pytest

from overland.case.model import Mode, WaitForecast
from overland.verify.borders import Borders
from tests.builders import hours, mode, policy, small_case

BUS = ("west", Mode.BUS)


def borders(*, waits: tuple[WaitForecast, ...] = (), horizon: int = 48, **fields: Any) -> Borders:
    return Borders(
        small_case(crossing_modes=(mode("west", Mode.BUS, **fields),), waits=waits, horizon_hours=horizon)
    )


@pytest.mark.parametrize(
    ("opens", "closes", "open_hours"),
    [  # local time is two hours ahead of the small case's start at 06:00 UTC: step 0 is 08:00
        (None, None, range(24)),
        (time(9), time(9), range(24)),
        (time(8), time(20), range(8, 20)),
        (time(22), time(4), [*range(4), 22, 23]),
        (time(8), None, range(8, 24)),
        (None, time(6), range(6)),
    ],
)
def test_opening_hours_are_local_and_may_run_through_midnight(
    opens: time | None, closes: time | None, open_hours: Any
) -> None:
    found = borders(opens=opens, closes=closes)
    assert {hour for hour in range(24) if found.is_open(BUS, (hour - 8) % 24 * 2)} == set(open_hours)


def test_one_passes_after_the_wait_at_the_first_open_step() -> None:
    assert borders(wait_hours=1.2).passing(BUS, 10) == 13  # rounded up to one hour and a half
    night = borders(wait_hours=0, opens=time(8), closes=time(20))
    assert night.passing(BUS, 23) == 23
    assert night.passing(BUS, 24) == 48  # 20:00 is too late


def test_one_passes_by_the_horizon_or_not_at_all() -> None:
    assert borders(wait_hours=1).passing(BUS, 94) == 96
    assert borders(wait_hours=1).passing(BUS, 95) is None
    assert borders().passing(("west", Mode.RAIL), 0) is None


def test_the_forecast_in_force_at_arrival_counts() -> None:
    rows = [(4, 5.0), (2, 0.0)]  # rows in any order
    waits = tuple(
        WaitForecast(crossing="west", mode=Mode.BUS, start=hours(start), wait_hours=wait)
        for start, wait in rows
    )
    found = borders(waits=waits, wait_hours=1)
    assert [found.wait(BUS, arrival) for arrival in (0, 3, 4, 7, 8, 90)] == [2, 2, 0, 0, 10, 10]


def test_the_limit_of_a_window_counts_its_open_steps() -> None:
    assert borders(rate_per_hour=10).limit(BUS, 0) == 20
    assert borders(rate_per_hour=10, opens=time(8), closes=time(9)).limit(BUS, 0) == 10
    assert borders(rate_per_hour=4.9).limit(BUS, 0) == 9


def test_the_last_window_has_the_last_step() -> None:
    found = borders(rate_per_hour=10)
    assert found.limit(BUS, 24) == 5  # step 96 alone
    assert borders(rate_per_hour=10, horizon=47).limit(BUS, 23) == 15  # steps 92, 93 and 94


def test_a_product_that_misses_a_whole_number_by_a_bit_is_that_number() -> None:
    assert 0.29 * 100 < 29
    case = small_case(
        crossing_modes=(mode("west", Mode.BUS, 0.29),),
        horizon_hours=200,
        policy=policy(rate_window_minutes=100 * 60),
    )
    assert Borders(case).limit(BUS, 0) == 29
