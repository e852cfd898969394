"""Plans are compared future by future."""

from __future__ import annotations

import numpy as np
import pytest

from overland.futures.comparison import differences, worst
from overland.futures.outcome import OUTCOME


def outcomes(left: list[float], numbers: list[int] | None = None) -> np.ndarray:
    """Outcomes in which so many people are left."""
    rows = np.zeros(len(left), dtype=OUTCOME)
    rows["number"] = range(len(left)) if numbers is None else numbers
    rows["left_waiting"] = left
    rows["hours_95"] = np.nan
    return rows


def test_what_is_common_to_both_does_not_blur_the_difference() -> None:
    random = np.random.default_rng(0)
    first = random.integers(0, 1000, 400).astype(float)
    other = np.maximum(0, first - random.integers(2, 5, 400))
    found = differences(outcomes(list(first)), outcomes(list(other)), 100.0)[0]
    assert found.is_clear
    assert found.high < -2.5
    assert found.mean == pytest.approx((other - first).mean())
    assert found.better == pytest.approx((other < first).mean())
    assert found.worse == 0


def test_chance_is_called_chance_as_often_as_it_says() -> None:
    random = np.random.default_rng(1)
    clear = 0
    for _ in range(400):
        a, b = random.poisson(20, (2, 100)).astype(float)
        clear += differences(outcomes(list(a)), outcomes(list(b)), 100.0)[0].is_clear
    assert 0.02 < clear / 400 < 0.09


def test_only_common_futures_are_compared_whatever_their_order() -> None:
    first = outcomes([1, 2, 3, 4], [5, 6, 7, 8])
    other = outcomes([0, 9, 9], [8, 4, 5])
    found = differences(first, other, 24.0)[0]
    assert (found.first, found.other) == (2.5, 4.5)
    with pytest.raises(ValueError, match="no future"):
        differences(first, outcomes([1], [99]), 24.0)


def test_hours_that_are_not_reached_count_as_the_horizon() -> None:
    first, other = outcomes([0, 0]), outcomes([0, 0])
    other["hours_95"] = 10
    found = next(row for row in differences(first, other, 24.0) if row.key == "hours_95")
    assert (found.first, found.other, found.mean) == (24, 10, -14)


def test_the_worst_twentieth_is_one_at_least() -> None:
    assert worst(np.arange(100.0)) == pytest.approx(97)
    assert worst(np.array([3.0, 1.0])) == 3
