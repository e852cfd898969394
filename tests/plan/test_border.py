"""When people are across, and how many may pass in a window."""

from __future__ import annotations

from datetime import time

import numpy as np
import pytest

from overland.case.model import Case, Mode, WaitForecast
from overland.plan.border import Borders, borders_of
from tests.builders import hours, mode, policy, small_case


def one_gate(
    *,
    rate: float = 20,
    wait: float = 0,
    opens: time | None = None,
    closes: time | None = None,
    **others: object,
) -> tuple[Case, Borders]:
    """The small case (starts at 08:00 local time, steps of half an hour) with one way of crossing."""
    modes = (mode("west", Mode.BUS, rate, wait, opens=opens, closes=closes),)
    case = small_case(crossing_modes=modes, **others)
    return case, borders_of(case)


def test_a_crossing_that_is_always_open_lets_pass_after_the_wait() -> None:
    _, borders = one_gate(wait=1.25)
    assert borders.passed[0, 0] == 3, "an hour and a quarter is three steps of half an hour"
    assert borders.passed[0, 93] == 96
    assert borders.passed[0, 94] == -1, "not by the horizon"


def test_who_comes_at_night_waits_for_the_morning() -> None:
    _, borders = one_gate(opens=time(8), closes=time(20))
    assert borders.passed[0, 23] == 23, "19:30"
    assert borders.passed[0, 24] == 48, "20:00 is closed; 08:00 next morning"
    assert borders.passed[0, 72] == 96, "the horizon itself is 08:00 of the third day"


def test_opening_hours_may_go_through_midnight() -> None:
    _, borders = one_gate(opens=time(22), closes=time(6))
    assert borders.passed[0, 0] == 28, "08:00: wait until 22:00"
    assert borders.passed[0, 28] == 28
    assert borders.passed[0, 43] == 43, "05:30"
    assert borders.passed[0, 44] == 76, "06:00: wait until 22:00"
    assert borders.passed[0, 92] == -1, "it does not open again by the horizon"


@pytest.mark.parametrize(("opens", "closes"), [(None, None), (time(9), time(9))])
def test_equal_or_missing_hours_mean_always(opens: time | None, closes: time | None) -> None:
    _, borders = one_gate(opens=opens, closes=closes)
    assert np.array_equal(borders.passed[0], np.arange(97))


def test_the_forecast_in_force_at_arrival_decides_the_wait() -> None:
    waits = (
        WaitForecast(crossing="west", mode=Mode.BUS, start=hours(10), wait_hours=5),
        WaitForecast(crossing="west", mode=Mode.BUS, start=hours(4.1), wait_hours=2),
        WaitForecast(crossing="west", mode=Mode.FOOT, start=hours(0), wait_hours=40),
    )
    _, borders = one_gate(wait=0.5, waits=waits)
    assert borders.passed[0, 8] == 9, "half an hour as usual"
    assert borders.passed[0, 9] == 13, "the forecast of 12:06 is in force at 12:30"
    assert borders.passed[0, 19] == 23
    assert borders.passed[0, 20] == 30


def test_a_wait_row_from_before_the_start_is_in_force_at_once() -> None:
    _, borders = one_gate(
        waits=(WaitForecast(crossing="west", mode=Mode.BUS, start=hours(-5), wait_hours=1),)
    )
    assert borders.passed[0, 0] == 2


def test_a_window_counts_its_open_steps_only() -> None:
    _, borders = one_gate(rate=21, opens=time(8, 30), closes=time(20), policy=policy(rate_window_minutes=120))
    assert borders.window[3] == 0
    assert borders.window[4] == 1
    assert borders.limit[0, 0] == 31, "three of four steps: 31.5 persons, rounded down"
    assert borders.limit[0, 1] == 42
    assert borders.limit[0, 6] == 0, "20:00 to 22:00"


def test_the_last_window_is_short_and_includes_the_horizon() -> None:
    _, borders = one_gate(rate=21, policy=policy(rate_window_minutes=150))
    assert borders.limit.shape == (1, 20)
    assert borders.limit[0, 0] == 52, "five steps"
    assert borders.limit[0, 19] == 21, "steps 95 and 96"


def test_products_that_are_whole_are_not_rounded_down() -> None:
    _, borders = one_gate(rate=0.1, policy=policy(rate_window_minutes=600))
    assert borders.limit[0, 0] == 1, "0.1 an hour for ten hours"
