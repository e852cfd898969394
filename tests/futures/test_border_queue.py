"""The border queue: nobody is lost, waits follow from queues, and people react to what they hear."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overland.case.model import Case, Mode, WaitForecast
from overland.futures.border_queue import BorderQueue, BorderWaits, open_share
from overland.futures.flight import Flight
from overland.plan.border import forecast_hours
from overland.roads.times import RoadTimes
from tests.builders import START, mode, small_case

WEST_BUS, WEST_FOOT, WEST_CAR, SOUTH_BUS = range(4)


def flight(**others: Any) -> Flight:
    """A flight of the small case: 1,000 of 10,000 leave at once, 1,000 in a wave, 100 on each day."""
    sections: dict[str, Any] = {
        "leaving": {
            "at_once_share": 0.1,
            "at_once_hours": 6,
            "share": 0.1,
            "peak_hours": 24,
            "daily_share": 0.01,
            "hazard_power": 1,
        },
        "choosing": {"slowness": 1.5, "spread_hours": 10, "known_after_hours": 6},
        "serving": {"everybody": 1, "ramp_hours": 24},
        "at_first": {"PL": 0.5},
        "service": {},
        "attraction": {},
        "cars": {"per_km": 133, "persons": 4},
        "uncertainty": {"total": 0.4, "origins": 0.3, "service": 0.3, "attraction": 0.25},
        "residents": {"capital": 6000, "town": 3000, "hub": 1000},
    }
    for section, values in others.items():
        sections[section] = {**sections[section], **values} if values else values
    return Flight.model_validate(sections)


def prepared(case: Case | None = None, hours: int = 96, **others: Any) -> BorderQueue:
    """The model of the small case."""
    case = case or small_case()
    return BorderQueue.of(case, RoadTimes.of(case), flight(**others), hours)


def run(model: BorderQueue, war: float = 5.0) -> BorderWaits:
    """With all at their central values."""
    return model.run(war)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    war=st.floats(0, 60),
    share=st.floats(0, 0.5),
    spread=st.floats(0.5, 100),
    at_first=st.floats(0, 3),
    everybody=st.floats(0.01, 5),
    known=st.integers(0, 30),
    seed=st.none() | st.integers(0, 100),
)
def test_who_left_is_under_way_queues_or_is_across(
    war: float, share: float, spread: float, at_first: float, everybody: float, known: int, seed: int | None
) -> None:
    model = prepared(
        leaving={"share": share},
        choosing={"spread_hours": spread, "known_after_hours": known},
        serving={"everybody": everybody},
        at_first={"PL": at_first, "HU": at_first},
    )
    result = model.run(war, None if seed is None else np.random.default_rng(seed))
    arrived, across = result.arrived.cumsum(axis=1), result.across.cumsum(axis=1)
    np.testing.assert_allclose(arrived, across + result.queued, atol=1e-6)
    under_way = result.left.cumsum() - arrived.sum(axis=0)
    assert under_way.min() > -1e-6
    longest = int(np.ceil(model.drive[np.isfinite(model.drive)].max() * 1.5)) + 1
    assert np.all(
        under_way[longest:] <= result.left.cumsum()[longest:] - result.left.cumsum()[:-longest] + 1e-6
    )
    assert np.all(result.waits >= model.forecast)


def test_as_many_leave_as_the_parameters_say() -> None:
    result = run(prepared(hours=2000, leaving={"daily_share": 0}), 0.0)
    assert result.left.sum() == pytest.approx(2000)
    one_day = run(prepared(hours=24, leaving={"share": 0, "at_once_share": 0}), 0.0)
    assert one_day.left.sum() == pytest.approx(100)


def test_more_leave_where_the_hazard_is_greater() -> None:
    """The capital has a hazard of 2, the town of 1; who has no way to a crossing stays."""
    leaving = {"share": 0, "daily_share": 0, "at_once_hours": 0.01}
    left = []
    for cut_off in ("town", "capital"):
        roads = tuple(road for road in small_case().roads if cut_off not in (road.start, road.end))
        if cut_off == "capital":
            roads += (replace(roads[0], id="detour", start="town", end="hub"),)
        residents = {"capital": 4500, "town": 4500, "hub": 0}
        left.append(run(prepared(small_case(roads=roads), leaving=leaving, residents=residents)).left.sum())
    assert left == pytest.approx([600, 300])  # of 9,000 a tenth would leave


def test_nobody_leaves_before_the_war_and_waits_are_those_forecast() -> None:
    result = run(prepared(), 40.5)
    assert result.left[:40].sum() == 0
    assert result.left[40] > 0
    np.testing.assert_array_equal(result.waits[:, :40], prepared().forecast[:, :40])


def test_without_flight_the_waits_are_those_forecast() -> None:
    row = WaitForecast(crossing="west", mode=Mode.BUS, start=START + timedelta(hours=9.5), wait_hours=7)
    case = small_case(waits=(row,))
    result = run(prepared(case, leaving={"share": 0, "at_once_share": 0, "daily_share": 0}))
    expected = np.repeat(np.array([[1.0], [0.5], [2.0], [0.5]]), 96, axis=1)
    expected[WEST_BUS, 10:] = 7
    np.testing.assert_array_equal(result.waits, expected)
    never = run(prepared(case), 96.0)
    np.testing.assert_array_equal(never.waits, expected)


def test_a_queue_worked_out_by_hand() -> None:
    """100 people come at once to a gate that passes 10 an hour: who comes an hour later waits 9 h."""
    case = small_case(crossing_modes=(mode("west", Mode.FOOT, 10, 0.5),))
    model = prepared(
        case,
        hours=24,
        leaving={"at_once_share": 1, "share": 0, "daily_share": 0, "at_once_hours": 0.01},
        choosing={"slowness": 1},
        at_first={},
        residents={"capital": 0, "town": 0, "hub": 100},
    )
    result = run(model, 2.0)  # one hour from the hub to the west
    np.testing.assert_allclose(result.arrived[0, [2, 3, 4]], [0, 100, 0], atol=1e-9)
    np.testing.assert_allclose(result.across[0, 3:13], 10)
    np.testing.assert_allclose(result.queued[0, 3:14], [*range(90, -1, -10), 0], atol=1e-9)
    np.testing.assert_allclose(result.waits[0, [3, 4, 5, 12, 13]], [0.5, 9, 8, 1, 0.5])


def test_a_queue_waits_through_the_night() -> None:
    """A gate that is open from 8 to 20: at 19 there come 20; 10 pass, and the last by 9 in the morning."""
    gate = mode("south", Mode.BUS, 10, 0, opens=time(8), closes=time(20))
    model = prepared(
        small_case(crossing_modes=(gate,)),
        hours=48,
        leaving={"at_once_share": 1, "share": 0, "daily_share": 0, "at_once_hours": 0.01},
        choosing={"slowness": 2},
        at_first={},
        residents={"capital": 0, "town": 0, "hub": 20},
    )
    result = run(model, 8.0)  # 16 o'clock; 90 km take 3 h
    assert result.arrived[0, 11] == pytest.approx(20)
    assert result.across[0, [11, 12, 23, 24]].tolist() == pytest.approx([10, 0, 0, 10])
    assert result.waits[0, [12, 20, 24]].tolist() == pytest.approx([13, 5, 1])


@settings(max_examples=30, deadline=None, derandomize=True)
@given(at_first=st.floats(0.05, 2), more=st.floats(1, 5), known=st.integers(0, 24), share=st.floats(0, 1))
def test_more_service_of_one_gate_never_makes_a_longer_wait(
    at_first: float, more: float, known: int, share: float
) -> None:
    """All come to the one gate there is, so that nothing else changes."""
    case = small_case(crossing_modes=(mode("south", Mode.BUS, 40, 0.5, opens=time(8), closes=time(20)),))
    before, after = (
        run(
            prepared(
                case,
                serving={"everybody": factor},
                at_first={"HU": at_first},
                leaving={"share": share},
                choosing={"known_after_hours": known},
            )
        )
        for factor in (1, more)
    )
    assert np.all(after.waits <= before.waits + 1e-9)


def test_a_closed_gate_lets_nobody_across_and_nobody_goes_there() -> None:
    closed = np.array([1.0, 1.0, 0.0, 1.0])
    result = prepared().run(5.0, working=closed)
    assert result.across[WEST_CAR].sum() == 0
    assert result.arrived[WEST_CAR].sum() == 0
    assert result.across[WEST_BUS].sum() > 0
    usual = small_case().crossing_modes
    modes = [replace(gate, rate_per_hour=0) if gate.mode is Mode.CAR else gate for gate in usual]
    case = small_case(crossing_modes=tuple(modes))
    assert run(prepared(case)).arrived[WEST_CAR].sum() == 0


def test_who_queues_when_a_gate_closes_for_good_is_never_across() -> None:
    working = np.ones((4, 96))
    working[WEST_CAR, 12:] = 0
    result = prepared().run(5.0, working=working)
    assert result.queued[WEST_CAR, 12] > 0
    assert result.across[WEST_CAR, 12:].sum() == 0
    assert np.all(np.isinf(result.waits[WEST_CAR, 13:]))
    assert np.all(np.isfinite(result.waits[WEST_BUS]))


def test_people_avoid_a_gate_of_whose_wait_they_hear() -> None:
    row = WaitForecast(crossing="west", mode=Mode.CAR, start=START, wait_hours=40)
    usual, slow = (run(prepared(small_case(waits=rows))) for rows in ((), (row,)))
    assert slow.arrived[WEST_CAR].sum() < 0.2 * usual.arrived[WEST_CAR].sum()
    assert slow.arrived[SOUTH_BUS].sum() > usual.arrived[SOUTH_BUS].sum()


def test_what_is_heard_is_old() -> None:
    """A gate that closes at hour 30 is still gone to by those who left before they could know."""
    working = np.ones((4, 96))
    working[WEST_CAR, 30:] = 0
    late = prepared(choosing={"known_after_hours": 10}).run(5.0, working=working)
    soon = prepared(choosing={"known_after_hours": 0}).run(5.0, working=working)
    assert late.arrived[WEST_CAR, 35:].sum() > soon.arrived[WEST_CAR, 35:].sum()
    assert late.arrived[WEST_CAR, 50:].sum() == 0


def test_nearer_and_more_attractive_crossings_are_chosen_more() -> None:
    result = run(prepared(hours=72))
    attractive = run(prepared(hours=72, attraction={"HU": 2}))
    assert attractive.arrived[SOUTH_BUS].sum() > result.arrived[SOUTH_BUS].sum()
    far, near = (run(prepared(choosing={"spread_hours": spread})) for spread in (100, 0.5))
    assert near.arrived[SOUTH_BUS, :20].sum() < far.arrived[SOUTH_BUS, :20].sum()  # 90 km, not 60


def test_who_has_no_way_does_not_leave() -> None:
    roads = tuple(road for road in small_case().roads if road.start != "capital")
    result = run(prepared(small_case(roads=roads)))
    hub = run(prepared(residents={"capital": 0, "town": 0, "hub": 1000})).left.sum()
    mean_hazard = (2 * 6000 + 3000 + 1000) / 10000
    assert result.left.sum() == pytest.approx(hub / mean_hazard)  # the hub's people alone


def test_the_same_seed_gives_the_same_waits_and_another_others() -> None:
    model = prepared()
    first, again, other = (model.run(5.0, np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.waits, again.waits)
    assert not np.array_equal(first.waits, other.waits)
    np.testing.assert_array_equal(run(model).waits, run(model).waits)


def test_without_uncertainty_a_generator_changes_nothing() -> None:
    sure = {"total": 0, "origins": 0, "service": 0, "attraction": 0}
    model = prepared(uncertainty=sure)
    np.testing.assert_array_equal(model.run(5.0, np.random.default_rng(3)).waits, model.run(5.0).waits)


def test_a_war_before_the_case_is_refused() -> None:
    for moment in (-1.0, float("nan")):
        with pytest.raises(ValueError, match="start of the case"):
            prepared().run(moment)


def test_hours_at_which_gates_are_open_follow_the_local_clock() -> None:
    """The case starts at 8 in Kyiv; on 27 March clocks are put on by an hour."""
    gates = (
        mode("south", Mode.BUS, opens=time(8), closes=time(20)),
        mode("south", Mode.CAR, opens=time(22, 30), closes=time(2)),
    )
    day, night = open_share(small_case(crossing_modes=gates), 24 * 40)
    assert day[:24].tolist() == [1] * 12 + [0] * 12
    assert night[:24].tolist() == [0] * 14 + [0.5] + [1] * 3 + [0] * 6
    assert day[24 * 39 - 1] == 1  # already 8 o'clock
    assert day[24 * 37 - 1] == 0


def test_the_last_forecast_goes_on() -> None:
    rows = (
        WaitForecast(crossing="south", mode=Mode.BUS, start=START + timedelta(hours=30), wait_hours=4),
        WaitForecast(crossing="south", mode=Mode.BUS, start=START - timedelta(hours=3), wait_hours=3),
    )
    waits = forecast_hours(small_case(waits=rows), 60, 200)
    assert waits[SOUTH_BUS].tolist() == [3] * 30 + [4] * 170
    assert set(waits[WEST_FOOT]) == {0.5}
