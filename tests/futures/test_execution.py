"""A plan carried out: to its own figures where nothing happens; with everybody counted whatever does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from overland.case import read_case
from overland.case.model import Case, Mode
from overland.case.starter import new_case
from overland.futures.driving import DETOUR, KEEP
from overland.futures.happenings import STAYS
from overland.futures.play import ALONE, DRIVEN, OUT, REDIRECTED, STAYED, UNDER_WAY, WAITING, Play
from overland.plan.standing import all_legs, groups_of
from tests.builders import crossing, fleet, group, hours, mode, road, small_case
from tests.futures.staging import POLICIES, Staged, random_happenings
from tests.lines import line_cases
from tests.strategies import tiny_cases

SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much]
ROOT = Path(__file__).parents[2]


def assert_as_planned(staged: Staged, play: Play) -> None:
    """Every figure is that of the plan."""
    case, plan = staged.case, staged.plan
    expected = dict.fromkeys(staged.scene.groups, -1)
    for leg in all_legs(plan):
        if leg.passed is not None:
            expected |= dict.fromkeys(groups_of(leg), case.step_of(leg.passed, up=False))
    assert staged.out(play) == expected
    person, is_out = play.person, play.person["out"] >= 0
    penalty = case.policy.left_penalty_hours * person["weight"] * person["size"]
    assert person["exposure"][is_out].sum() == pytest.approx(plan.totals.exposure)
    assert (person["exposure"] + penalty)[~is_out].sum() == pytest.approx(plan.totals.left_cost)
    assert play.tally[DRIVEN] * case.step_hours == pytest.approx(plan.totals.vehicle_hours)
    assert play.tally[REDIRECTED] == 0
    assert not person["missed"].any()


@pytest.mark.parametrize("policy", POLICIES)
def test_where_nothing_happens_the_figures_are_the_plans(policy: int, tmp_path: Path) -> None:
    new_case(tmp_path / "starter")
    for case in (small_case(), read_case(tmp_path / "starter"), read_case(ROOT / "cases" / "villages")):
        staged = Staged(case)
        assert staged.plan.trips
        assert_as_planned(staged, staged.play(policy=policy))


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=SLOW)
@given(st.one_of(tiny_cases(), line_cases()), st.sampled_from(POLICIES))
def test_so_they_are_in_any_case(case: Case, policy: int) -> None:
    staged = Staged(case)
    assert_as_planned(staged, staged.play(policy=policy))


@settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=SLOW)
@given(st.one_of(tiny_cases(), line_cases()), st.integers(0, 10_000), st.sampled_from(POLICIES))
def test_whatever_happens_everybody_is_counted_once_and_no_limit_is_exceeded(
    case: Case, seed: int, policy: int
) -> None:
    staged = Staged(case)
    happenings = random_happenings(staged, np.random.default_rng(seed))
    play = staged.play(happenings, policy)
    person, steps = play.person, case.steps
    assert len(person) == len(case.groups) + len(happenings.newcomer)
    assert sum(staged.people(play, fate) for fate in (WAITING, UNDER_WAY, OUT, ALONE, STAYED)) == (
        sum(g.size for g in case.groups) + int(happenings.newcomer["size"].sum())
    )
    assert ((person["fate"] == OUT) == (person["out"] >= 0)).all()
    is_out = person["out"] >= 0
    assert (person["out"][is_out] >= person["since"][is_out]).all()
    assert (person["out"][is_out] <= steps).all()
    assert (person["exposure"] >= 0).all()
    _assert_rates_are_kept(staged, happenings.conditions.gate["rate"], play)
    gone = happenings.group["gone"] <= 0
    assert not is_out[: len(gone)][gone].any(), "who is not there from the start never boards"
    again = staged.play(happenings, policy)
    assert (again.person == person).all(), "a future comes out the same each time"


def _assert_rates_are_kept(staged: Staged, factor: np.ndarray, play: Play) -> None:
    """At a crossing, no more pass in a window than its modes let through, but for one larger party."""
    gates, person = staged.scene.gates.tables, play.person
    limit = np.floor(gates.gate["rate"][:, None] * factor[:, None] * gates.open_steps + 1e-9)
    is_out = person["out"] >= 0
    for node in np.unique(gates.gate["node"]):
        mine = is_out & (person["node"] == node)
        passed = np.bincount(
            gates.window[person["out"][mine]], weights=person["size"][mine], minlength=limit.shape[1]
        )
        here = limit[gates.gate["node"] == node]
        largest = max((f.seats for f in staged.case.fleets), default=0) + 100 * len(staged.case.services)
        assert (passed <= here.sum(axis=0) + np.where(passed > 0, largest, 0)).all()
    assert (play.used.sum(axis=1) >= 0).all()
    assert play.used.sum() == person["size"][is_out].sum()


def one_way_out() -> Case:
    """One bus, one road to one crossing; another crossing in the same country by a longer road."""
    base = small_case()
    return replace(
        base,
        roads=(*base.roads, road("capital", "north", 240)),
        crossings=(*base.crossings, crossing("north", "PL", latitude=51.0)),
        crossing_modes=(mode("west", Mode.BUS, 60, 1), mode("north", Mode.BUS, 60, 1)),
        groups=(group("G1", "capital", 4), group("G2", "capital", 6)),
        fleets=(fleet("buses", "capital", count=1),),
    )


def test_who_keeps_to_the_plan_is_stuck_before_a_road_that_is_closed_for_good() -> None:
    staged = Staged(one_way_out())
    play = staged.play(staged.closing("hub-west"), KEEP)
    assert staged.people(play, UNDER_WAY) == 10
    assert {staged.scene.times.nodes[n] for n in play.person["node"]} == {"hub"}


def test_who_keeps_to_the_plan_goes_on_when_the_road_opens() -> None:
    staged = Staged(one_way_out())
    before = staged.out(staged.play())["G1"] * staged.case.step_hours
    after = staged.out(staged.play(staged.closing("hub-west", end_hours=before + 5)))["G1"]
    assert after * staged.case.step_hours == pytest.approx(
        before + 5 + 2, abs=0.5
    )  # 1 h on the road, 1 h of wait


def test_who_looks_for_another_way_is_out_by_another_crossing() -> None:
    staged = Staged(one_way_out())
    play = staged.play(staged.closing("hub-west"), DETOUR)
    assert staged.people(play, OUT) == 10
    assert play.tally[REDIRECTED] == 10
    assert {staged.scene.times.nodes[n] for n in play.person["node"]} == {"north"}


def test_who_cannot_be_told_comes_to_see_that_the_road_is_closed() -> None:
    staged = Staged(one_way_out())
    happenings = staged.closing("hub-west")
    told = staged.out(staged.play(happenings, DETOUR))["G1"]
    happenings.conditions.silent[:] = 0, staged.case.steps
    assert staged.out(staged.play(happenings, DETOUR))["G1"] > told


def test_a_crossing_that_is_shut_is_left_for_another() -> None:
    staged = Staged(one_way_out())
    happenings = staged.nothing()
    west = staged.scene.gates.number["west", "bus"]
    happenings.conditions.gate["shut"][west] = 0
    assert staged.people(staged.play(happenings, KEEP), UNDER_WAY) == 10
    assert staged.people(staged.play(happenings, DETOUR), OUT) == 10


def test_who_misses_the_bus_takes_seats_on_a_later_one() -> None:
    case = replace(one_way_out(), fleets=(fleet("buses", "capital", count=2, seats=10),))
    case = replace(case, groups=(group("G1", "capital", 4), group("G2", "capital", 3, ready=hours(6))))
    staged = Staged(case)
    happenings = staged.nothing()
    happenings.group["late"][0] = 8  # steps
    play = staged.play(happenings)
    assert play.person["missed"].tolist() == [1, 0]
    assert staged.out(play)["G1"] == staged.out(play)["G2"] > staged.out(staged.play())["G1"]


def test_a_bus_that_does_not_come_leaves_its_people_and_who_stays_is_not_left() -> None:
    staged = Staged(one_way_out())
    happenings = staged.nothing()
    happenings.vehicle["ends"] = 0
    happenings.group["gone"][1], happenings.group["fate"][1] = 0, STAYS
    play = staged.play(happenings)
    assert staged.people(play, WAITING) == 4
    assert staged.people(play, STAYED) == 6
    assert play.tally[DRIVEN] == 0


def test_newcomers_take_the_seats_that_are_left() -> None:
    staged = Staged(one_way_out())
    happenings = staged.nothing()
    new = np.zeros(2, dtype=happenings.newcomer.dtype)
    new["size"], new["weight"], new["admits"] = (8, 5), 1.0, 0b11
    play = staged.play(happenings._replace(newcomer=new))
    assert staged.people(play, OUT) == 18, "10 of 20 seats were left: room for the first party only"
    assert staged.people(play, WAITING) == 5


def test_a_crew_that_is_held_up_rests_before_it_drives_on() -> None:
    buses = fleet("buses", "capital", count=1, seats=10, max_driving_hours=8, rest_hours=6)
    case = replace(one_way_out(), fleets=(buses,))
    groups = (group("G1", "capital", 10), group("G2", "capital", 10))
    staged = Staged(replace(case, groups=groups))
    slow = staged.nothing()
    slow.conditions.travel[:] = 1.5
    planned, late = staged.play(), staged.play(slow)
    second = max(staged.out(planned).values()), max(staged.out(late).values())
    driven = [int(play.tally[DRIVEN]) for play in (planned, late)]
    assert driven[1] == pytest.approx(1.5 * driven[0], abs=3)
    assert second[1] > second[0]
