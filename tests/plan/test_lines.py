"""Trips of lines in search, bound and paper, against brute force and the verifier."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from overland.case import read_case
from overland.case.model import Case, Mode, Role
from overland.plan import solve
from overland.plan.anneal import anneal
from overland.plan.legs import driving, filling_leg, hops_of, legs_of
from overland.plan.lines import MOST_VARIANTS, caps_of
from overland.plan.planner import solve_with_proof
from overland.plan.play import play_everything
from overland.plan.replanning import replan
from overland.plan.search import decisions_of
from overland.plan.spare_seats import spare_seats
from overland.plan.state import BUS_SEATS, State
from overland.verify import verify
from overland.verify.proof import certify
from tests.builders import centre, crossing, fleet, group, hours, mode, place, policy, road, small_case
from tests.lines import line, line_cases
from tests.oracle import TooLargeError, clearest, optimum
from tests.plan.arrays import Arrays
from tests.plan.test_accounts import check_schedules
from tests.plan.test_boarding import SHARED, played, somebody_is_stuck

SLOW = settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@SLOW
@given(line_cases())
def test_the_optimum_lies_between_the_bound_and_the_plan(case: Case) -> None:
    try:
        best = optimum(case)
    except TooLargeError:
        assume(False)
    plan, proof = solve_with_proof(case, time_limit=60.0, seed=1, work=6)
    assert [str(violation) for violation in verify(case, plan)] == []
    assert [str(violation) for violation in certify(case, plan, proof).violations] == []
    slack = 1e-6 * max(1.0, best.cost)
    assert plan.certificate.bound <= best.cost + slack
    assert best.cost <= plan.certificate.cost + slack


@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(line_cases())
def test_the_earliest_clearance_is_no_earlier_than_the_best_plan_s(case: Case) -> None:
    try:
        best = clearest(case)
    except TooLargeError:
        assume(False)
    plan, proof = solve_with_proof(case, time_limit=60.0, seed=1, work=8, objective="lexicographic")
    assert [str(violation) for violation in verify(case, plan)] == []
    assert [str(violation) for violation in certify(case, plan, proof).violations] == []
    left = plan.totals.people - plan.totals.out - plan.totals.stranded
    cleared = -1 if plan.totals.cleared is None else case.step_of(plan.totals.cleared, up=False)
    assert (best.left, best.cleared) <= (left, cleared)
    if (left, cleared) == (best.left, best.cleared):
        assert plan.certificate.bound <= best.cost + 1e-6 * max(1.0, best.cost)
        assert best.cost <= plan.certificate.cost + 1e-6 * max(1.0, best.cost)


@SLOW
@given(line_cases(), st.integers(0, 1000), st.sampled_from([0.0, 3.0, 30.0]))
def test_a_schedule_costs_what_its_parts_cost(case: Case, seed: int, scale: float) -> None:
    check_schedules(case, seed, scale)


def random_trips(arrays: Arrays, state: State, random: np.random.Generator) -> None:
    """Give every vehicle trips it can make, of lines more often than not."""
    from overland.plan.build import keep_trips

    tables = arrays.tables
    for v in range(len(state.count)):
        m, n = tables.type_make[state.type[v]], int(random.integers(1, 4))
        for i in range(n):
            p = int(random.integers(len(arrays.problem.places)))
            options = np.arange(tables.option_first[p, m], tables.option_first[p, m + 1])
            lines = [f for f in range(len(tables.line_option)) if tables.line_option[f] >= 0]
            if lines and random.random() < 0.7:
                variant = int(random.choice(lines))
                family = int(np.searchsorted(tables.family_first, variant, side="right")) - 1
                plain = tables.line_option[tables.family_first[family]]
                q = int(tables.line_place[variant])
                if tables.option_first[q, m] <= plain < tables.option_first[q, m + 1]:
                    p, options = q, tables.line_option[variant : variant + 1]
            if not len(options):
                state.count[v] = 0
                return
            state.place[v, i], state.option[v, i] = p, random.choice(options)
            state.target[v, i] = random.integers(tables.horizon)
        keep_trips(tables, state, v, list(range(n)))


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(line_cases(), st.integers(0, 1000))
def test_random_trips_of_lines_are_boarded_fairly(case: Case, seed: int) -> None:
    arrays = Arrays.of(case)
    state = arrays.state()
    random_trips(arrays, state, np.random.default_rng(seed))
    play_everything(arrays.tables, arrays.cars, state)
    assume(not somebody_is_stuck(arrays, state))
    found = [str(v) for v in verify(case, played(arrays, state)) if v.rule not in SHARED | {"envelope"}]
    assert found == []


@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(line_cases(), st.integers(0, 1000))
def test_moves_leave_what_playing_everything_again_finds(case: Case, seed: int) -> None:
    arrays = Arrays.of(case)
    state = arrays.state()
    play_everything(arrays.tables, arrays.cars, state)
    best = tuple(array.copy() for array in decisions_of(state))
    anneal(arrays.tables, arrays.cars, state, 2000, 20.0, 60.0, seed, np.inf, best)
    total, seats = state.total.copy(), [_seats(state, p) for p in range(len(state.side))]
    state.target[:] = state.depart
    play_everything(arrays.tables, arrays.cars, state)
    assert state.total == pytest.approx(total)
    assert seats == [_seats(state, p) for p in range(len(state.side))]


def _seats(state: State, p: int) -> list[int]:
    return state.bus[p, : state.bus_count[p], BUS_SEATS].tolist()


def villages(**overrides: Any) -> Case:
    """Three villages along a road, eighteen people in each of two, fourteen in one; one bus.

    ::

        upper --0.5 h-- middle --0.5 h-- lower --3 h-- north (PL: bus, 1 h wait, back after 2 h)

    The bus has fifty seats: it could take all of them at once, but may only go from one place without a line.
    """
    values: dict[str, Any] = {
        "horizon_hours": 48,
        "places": (place("upper", Role.ASSEMBLY, Role.DEPOT), place("middle"), place("lower")),
        "roads": (road("upper", "middle", 30), road("middle", "lower", 30), road("lower", "north", 180)),
        "crossings": (crossing("north", "PL"),),
        "crossing_modes": (mode("north", Mode.BUS, 60, 1),),
        "reception": (centre("PL"),),
        "groups": tuple(
            group(f"{where[0].upper()}{i}", where, 4 if i < people // 4 else people % 4)
            for where, people in (("upper", 18), ("middle", 18), ("lower", 14))
            for i in range(-(-people // 4))
        ),
        "fleets": (fleet("buses", "upper", 1, 50, max_driving_hours=20.0),),
        "lines": line(
            "villages", ("upper", "board"), ("middle", "board"), ("lower", "board"), ("north", "across")
        ),
        "policy": policy(),
    }
    return small_case(**(values | overrides))


def test_one_trip_of_a_line_does_what_three_trips_would() -> None:
    """The example of cases/villages, as its README works it out."""
    case = read_case(Path(__file__).parents[2] / "cases" / "villages")
    with_line = solve(case, seed=1, work=20)
    assert with_line.totals.cleared == case.start + timedelta(hours=6.5)
    assert with_line.totals.exposure == pytest.approx(50 * 6.5)
    assert with_line.certificate.cost == pytest.approx(50 * 6.5 + 0.1 * 4)
    (trip,) = with_line.trips
    assert [len(stop.on) for stop in trip.stops] == [5, 5, 4, 0]
    without = solve(replace(case, lines=()), seed=1, work=20)
    assert len(without.trips) == 3
    # upper, middle and lower village one after another; the bus is back after 7.5 and 18 h
    assert without.certificate.cost == pytest.approx(18 * 5.5 + 18 * 16 + 14 * 25.5 + 0.1 * 17)
    assert without.certificate.bound > 1.6 * with_line.certificate.cost  # proven


def test_some_get_off_on_the_way() -> None:
    """The hub's van takes on those whom only the other country admits."""
    from overland.case.model import EntryRule, Papers

    case = villages(
        places=(place("upper", Role.ASSEMBLY, Role.DEPOT), place("lower", Role.HUB, Role.DEPOT)),
        roads=(road("upper", "lower", 60), road("lower", "north", 180), road("lower", "south", 60)),
        crossings=(crossing("north", "PL"), crossing("south", "HU")),
        crossing_modes=(mode("north", Mode.BUS, 60, 1), mode("south", Mode.FOOT, 60, 0)),
        reception=(centre("PL"), centre("HU")),
        groups=(
            group("A", "upper", 5),
            group("B", "upper", 4, papers=Papers.NONE),
            group("C", "upper", 6),
        ),
        fleets=(
            fleet("buses", "upper", 1, 20, max_driving_hours=20.0),
            fleet("vans", "lower", 1, 8, max_driving_hours=1.5),
        ),
        entry_rules=(
            EntryRule(country="PL", nationality="*", papers="none", admitted=False),
            EntryRule(country="HU", nationality="*", papers="valid", admitted=False),
            EntryRule(country="*", nationality="*", papers="*", admitted=True),
        ),
        lines=line("both", ("upper", "board"), ("lower", "hub"), ("north", "across")),
    )
    plan = solve(case, seed=1, work=20)
    assert verify(case, plan) == []
    (trip,) = [trip for trip in plan.trips if trip.line]
    assert [(stop.on, stop.off) for stop in trip.stops] == [
        (["A", "B", "C"], []), ([], ["B"]), ([], ["A", "C"]),
    ]  # fmt: skip
    assert [(leg.destination, leg.groups) for leg in legs_of([trip])] == [
        ("lower", ["B"]),
        ("north", ["A", "C"]),
    ]
    assert [hop.groups for hop in hops_of(trip)] == [["A", "B", "C"], ["A", "C"]]
    assert driving(trip) == hours(4) - hours(0)
    assert filling_leg(trip).groups == ["A", "C"]
    offered = {(offer.departure, offer.origin): offer.seats for offer in spare_seats(case, plan)}
    assert offered[trip.id, "upper"] == 20 - 15


def test_a_plan_with_lines_can_be_started_from() -> None:
    case = villages()
    first = solve(case, seed=1, work=20)
    again = solve(case, seed=2, work=1, start=first)
    assert again.certificate.cost == pytest.approx(first.certificate.cost)


@pytest.mark.parametrize("now", [0.0, 1.0, 2.0, 7.0])
def test_a_re_plan_keeps_to_trips_of_lines(now: float) -> None:
    """To come, under way with people yet to get on, under way, and past."""
    case = villages()
    plan = solve(case, seed=1, work=20)
    changed = replace(case, groups=(*case.groups, group("late", "lower", 3, ready=hours(now + 1))))
    anew = replan(changed, plan, hours(now), seed=1, time_limit=1.0)
    assert [str(v) for v in verify(changed, anew, running=plan)] == []
    assert anew.trips[0].line == "villages"
    assert anew.totals.out == 53


def test_whoever_missed_a_trip_of_a_line_is_where_it_was() -> None:
    case = villages()
    plan = solve(case, seed=1, work=20)
    assert "M0" in plan.trips[0].groups
    anew = replan(case, plan, hours(2.0), missed=["M0"], time_limit=1.0)
    assert [str(v) for v in verify(case, anew, running=plan)] == []
    assert "M0" not in {*anew.trips[0].groups, *anew.trips[0].stops[1].on, *anew.trips[0].stops[3].off}
    assert anew.totals.out == 50
    wrong = anew.trips[0].model_copy(update={"stops": plan.trips[0].stops, "groups": plan.trips[0].groups})
    spoilt = anew.model_copy(update={"trips": [wrong, *anew.trips[1:]]})
    assert "past" in {v.rule for v in verify(case, spoilt, running=plan)}


def test_of_few_rides_every_mixture_of_caps_is_tried_and_no_stop_is_made_for_nobody() -> None:
    assert caps_of([(0, 2), (1, 2)]) == [(part, 1.0) for part in (1.0, 0.75, 0.5, 0.375, 0.25, 0.125)]
    three = caps_of([(0, 3), (1, 3), (2, 3)])
    assert len(three) == 16
    assert min(parts[0] for parts in three) > 0
    assert caps_of([(0, 1), (0, 2)])[-1] == (-1.0, 1.0)  # off at the first for those who cannot go on
    assert len(caps_of([(0, 2), (0, 3), (1, 2), (1, 3)])) > 20


@pytest.mark.parametrize(("on", "off"), [(2, 4), (3, 3), (4, 2), (5, 1)])
def test_of_many_rides_each_is_capped_in_some_variant(on: int, off: int) -> None:
    variants = caps_of(list(product(range(on), range(on, on + off))))
    assert len(variants) <= MOST_VARIANTS
    assert variants[0] == (1.0,) * (on * off)
    assert len(set(variants)) == len(variants)
    for ride in range(on * off - 1):
        assert {variant[ride] for variant in variants} > {1.0}
