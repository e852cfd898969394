"""The check of the border queue: its measures by hand, its data, and the goal where the data are at hand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
from border_queue import CASE
from border_queue_calibrate import FITTED, calibrate, flight_at
from border_queue_data import (
    ARRIVALS,
    COUNTRIES,
    REPORTS,
    TIMES,
    CrossingTime,
    Observed,
    QueueReport,
    read_observed,
)
from border_queue_models import Setting, errors, fitted_shares, relative_difference, rescaled

from overland.case.model import Mode
from overland.case.reader import read_case
from overland.futures.flight import read_flight

SHARED = Path(__file__).parents[3] / "shared" / "data" / "ukraine-2022"


def shared() -> Observed:
    """What was observed; the test is skipped where the data are absent."""
    if not (SHARED / ARRIVALS).is_file():
        pytest.skip("arrivals and queues of 2022 (../shared/data) are not at hand")
    return read_observed(SHARED)


def test_the_relative_difference_is_what_is_off_over_all_of_the_data() -> None:
    modelled, data = np.array([[3.0, 1.0], [0.0, 6.0]]), np.array([[1.0, 1.0], [2.0, 2.0]])
    assert relative_difference(modelled, data).tolist() == [1.0, 1.5]
    assert rescaled(modelled, data).tolist() == [[1.5, 0.5], [0.0, 4.0]]


def test_errors_of_a_period_count_from_the_war_or_from_its_beginning() -> None:
    modelled, data = np.array([[4.0, 0.0], [2.0, 2.0], [1.0, 3.0]]), np.full((3, 2), 2.0)
    found = errors(modelled, data, 1, 3)
    assert found.total == pytest.approx((4 / 8 + 2 / 12) / 2)  # 6, 2 and 7, 5; were 4, 4 and 6, 6
    assert found.rescaled == found.total  # four persons a day in both
    assert found.anew == pytest.approx((0 + 2 / 8) / 2)
    assert found.daily == pytest.approx((0 + 2 / 4) / 2)


def test_what_was_observed_is_read(tmp_path: Path) -> None:
    for name in (ARRIVALS, REPORTS):
        (tmp_path / name).parent.mkdir()
    times = ["timestamp_kyiv,country,crossing,mode,reported_crossing_hours"]
    times += ["2022-03-12T20:00:00,MD,Могилев- подольський отач,car,4.5"]
    (tmp_path / TIMES).write_text("\n".join(times) + "\n")
    columns = "date,poland,hungary,slovakia,romania_from_ukraine,romania_from_moldova,moldova_from_ukraine"
    rows = ["2022-03-31,1,2,3,4,99,0", "2022-04-01,1,2,3,4,99,6", "2022-04-02,1,2,3,,,6"]
    (tmp_path / ARRIVALS).write_text("\n".join([columns, *rows]) + "\n")
    reports = [
        ("08:00", "Шегині - Медика", "5"),
        ("09:00", "Шегині - Медика", "9"),
        ("10:00", "Чоп - Захонь", ""),
    ]
    reports += [("11:00", "Шегині - Медика", "200"), ("12:00", "Шегині - Медика", "8")]
    lines = [f"2022-02-27T{clock}:00,XX,{name},{km}" for clock, name, km in reports]
    (tmp_path / REPORTS).write_text("timestamp_kyiv,country,crossing_uk,queue_km\n" + "\n".join(lines) + "\n")
    found = read_observed(tmp_path)
    assert found.days == (date(2022, 3, 31), date(2022, 4, 1))  # no Romania on the third
    assert found.arrivals.tolist() == [[1, 2, 3, 4, 3], [1, 2, 3, 4, 3]]  # Moldova counted both on the second
    assert found.queues == (QueueReport("shehyni", date(2022, 2, 27), 8.0, 3),)
    assert found.crossing_times == (
        CrossingTime("mohyliv-otaci", Mode.CAR, datetime(2022, 3, 12, 18, tzinfo=UTC), 4.5),
    )
    assert found.calibrating == 1


def test_steps_of_the_calibration_are_factors_or_added() -> None:
    flight = read_flight(CASE, read_case(CASE))
    steps = np.zeros(len(FITTED))
    steps[0], steps[-1] = 2, -1
    moved = flight_at(flight, steps)
    assert moved.leaving.at_once_share == pytest.approx(0.01 * 1.3**2)
    assert moved.attraction["MD"] == pytest.approx(-0.3)
    assert moved.leaving.share == 0.05
    assert moved.residents == flight.residents


def test_the_calibration_finds_the_bottom_of_a_bowl() -> None:
    flight = read_flight(CASE, read_case(CASE))
    bottom = np.linspace(-1, 1, len(FITTED))
    lowest = [parameter.value(steps) for parameter, steps in zip(FITTED, bottom.tolist(), strict=True)]

    def height(trial: object) -> float:
        values = (getattr(trial, parameter.section) for parameter in FITTED)
        found = [
            section[parameter.name] if isinstance(section, dict) else getattr(section, parameter.name)
            for section, parameter in zip(values, FITTED, strict=True)
        ]
        return float(np.square(np.array(found) / lowest - 1).sum())

    assert np.abs(calibrate(flight, height) - bottom).max() < 0.1


def test_the_model_is_off_by_less_than_the_goal_and_less_than_naive_models() -> None:
    observed = shared()
    case = read_case(CASE)
    flight = read_flight(CASE, case)
    setting = Setting.of(case, observed)
    modelled, fitted, days = (
        setting.by_day(setting.run(flight).across),
        observed.calibrating,
        len(observed.days),
    )
    first = errors(modelled, observed.arrivals, 0, 40)
    later = errors(modelled, observed.arrivals, fitted, days)
    assert first.total <= 0.1  # the goal is 0.4
    assert later.daily <= 0.3
    for share in setting.naive(flight).values():
        naive = modelled.sum(axis=1, keepdims=True) * share
        assert first.total < errors(naive, observed.arrivals, 0, 40).total / 5
        assert later.daily < errors(naive, observed.arrivals, fitted, days).daily / 2


def test_the_model_is_nearer_than_fixed_shares_fitted_to_the_same_days() -> None:
    observed = shared()
    case = read_case(CASE)
    setting = Setting.of(case, observed)
    modelled = setting.by_day(setting.run(read_flight(CASE, case)).across)
    fixed = modelled.sum(axis=1, keepdims=True) * fitted_shares(observed)
    for begin, end in ((0, 40), (observed.calibrating, len(observed.days))):
        ours, theirs = (errors(persons, observed.arrivals, begin, end) for persons in (modelled, fixed))
        assert ours.total < theirs.total
        assert ours.daily < theirs.daily


def test_queues_are_nearer_to_the_reports_than_the_same_queue_everywhere() -> None:
    observed = shared()
    case = read_case(CASE)
    flight = read_flight(CASE, case)
    setting = Setting.of(case, observed)
    km = setting.queues_km(flight, setting.run(flight))
    known = np.array([report.km for report in observed.queues])
    reports = np.array([report.reports for report in observed.queues])
    mean = np.average(known, weights=reports)
    assert np.average(np.abs(km - known), weights=reports) < 0.8 * np.average(
        np.abs(known - mean), weights=reports
    )


def test_shares_of_naive_models_add_up_to_one() -> None:
    case = read_case(CASE)
    days = (date(2022, 2, 24),)
    setting = Setting.of(case, Observed(days, np.ones((1, len(COUNTRIES))), ()))
    found = setting.naive(read_flight(CASE, case))
    assert all(share.sum() == pytest.approx(1) for share in found.values())
    assert found["equal by crossing"] == pytest.approx(np.array([9, 6, 4, 5, 13]) / 37)
