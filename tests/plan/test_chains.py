"""Vehicles make their trips one after another, loaded, and with the rests their crews need."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from overland.case.model import Case
from overland.plan.chains import follow_chain, next_trip
from overland.plan.play import play_everything
from overland.plan.standing import RESTED
from tests.builders import fleet, hours, small_case
from tests.plan.arrays import Arrays, random_chains
from tests.strategies import tiny_cases

SOME = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def check_vehicle(arrays: Arrays, v: int, trips: list[tuple[int, int, int]]) -> int:
    """Follow a chain and check every event of it by the letter of the problem; returns the trips made."""
    tables, vehicles = arrays.tables, arrays.problem.vehicles
    place, option, target = (np.array(column, dtype=np.int64) for column in zip(*trips, strict=True))
    depart, leave = np.zeros(len(trips), np.int64), np.zeros(len(trips), np.int64)
    y = int(vehicles.type[v])
    f, limit, rest = tables.type_profile[y], tables.type_driving[y], tables.type_rest[y]
    at, free, duty, began = int(vehicles.depot[v]), int(vehicles.available[v]), tables.type_duty[y], None
    whole = follow_chain(tables, y, at, free, 0, RESTED, len(trips), place, option, target, depart, leave)
    if whole < 0:
        return 0
    driven, total = 0, 0
    for p, o, aim, goes, moves in zip(place, option, target, depart, leave, strict=True):
        if p == at:
            assert moves < 0
        else:
            assert moves >= free
            road = int(tables.empty[f, moves, at, p])
            assert road >= 0
            driven = (0 if moves - free >= rest else driven) + road
            began = moves if began is None or moves - free >= rest else began
            total, free = total + road, int(moves) + road
            assert driven <= limit
            assert free - began <= duty
        stands = goes - tables.loading
        assert stands >= free
        assert goes >= aim
        road = int(tables.road[goes, o])
        assert road >= 0
        driven = (0 if stands - free >= rest else driven) + road
        began = stands if began is None or stands - free >= rest else began
        assert tables.free[goes, o] - began <= duty
        total += road
        assert driven <= limit
        at, free = int(tables.option_station[o]), int(tables.free[goes, o])
    assert whole == total
    return len(trips)


@SOME
@given(tiny_cases(), st.integers(0, 1000))
def test_a_chain_keeps_to_loading_driving_and_rest(case: Case, seed: int) -> None:
    arrays, random = Arrays.of(case), np.random.default_rng(seed)
    state = arrays.state()
    random_chains(arrays, state, random, most=6)
    for v in range(len(state.count)):
        n = int(state.count[v])
        if n:
            rows = zip(state.place[v, :n], state.option[v, :n], state.target[v, :n], strict=True)
            assert check_vehicle(arrays, v, [(int(p), int(o), int(t)) for p, o, t in rows]) == n


@SOME
@given(tiny_cases(), st.integers(0, 1000))
def test_a_chain_that_aims_at_when_it_left_is_played_as_far_as_can_be(case: Case, seed: int) -> None:
    arrays, random = Arrays.of(case), np.random.default_rng(seed)
    state = arrays.state()
    random_chains(arrays, state, random, most=6)
    play_everything(arrays.tables, arrays.cars, state)
    before, state.target[:] = state.count.copy(), state.depart
    play_everything(arrays.tables, arrays.cars, state)
    assert (state.count <= before).all()
    for v in range(len(state.count)):
        assert (state.depart[v, : state.count[v]] < arrays.tables.horizon).all()


def test_a_crew_rests_when_it_has_driven_enough() -> None:
    """From the capital to the border takes three hours; who may drive four does not do it twice at once."""
    tired = fleet("buses", "capital", count=1, max_driving_hours=4, rest_hours=6)
    arrays = Arrays.of(small_case(fleets=(tired,)))
    tables = arrays.tables
    capital = arrays.problem.places.index("capital")
    west = arrays.problem.stations.index("west")
    across = next(
        o
        for o in range(tables.option_first[capital, 0], tables.option_first[capital, 1])
        if tables.option_station[o] == west and tables.option_kind[o] == 0
    )
    depart, leave = np.zeros(2, np.int64), np.zeros(2, np.int64)
    pair = np.array([capital, capital]), np.array([across, across]), np.zeros(2, np.int64)
    driven = follow_chain(tables, 0, 0, 0, 0, RESTED, 2, *pair, depart, leave)
    free = int(tables.free[depart[0], across])
    assert driven == 18
    assert leave[1] - free >= 12, "six hours of rest before the way back"
    assert depart[1] - tables.loading - (leave[1] + 6) >= 12, "and again before the next trip"


@SOME
@given(tiny_cases(), st.integers(0, 1000))
def test_a_trip_never_leaves_before_its_target_or_the_vehicle(case: Case, seed: int) -> None:
    arrays, random = Arrays.of(case), np.random.default_rng(seed)
    tables = arrays.tables
    for y in range(len(tables.type_seats)):
        f = tables.type_make[y]
        for p in range(len(arrays.problem.places)):
            for o in range(tables.option_first[p, f], tables.option_first[p, f + 1]):
                now, target = (int(n) for n in random.integers(0, tables.horizon, 2))
                at = int(random.integers(len(arrays.problem.stations)))
                depart, moves, road, driven, _ = next_trip(tables, y, now, at, 0, RESTED, p, o, target)
                if depart < tables.horizon:
                    assert depart >= max(target, now + tables.loading)
                    assert moves == -1 or moves >= now
                    assert road >= driven >= tables.road[depart, o]


def test_a_vehicle_that_is_available_too_late_makes_no_trip() -> None:
    late = fleet("buses", "capital", available=hours(47.5))
    arrays = Arrays.of(small_case(fleets=(late,)))
    assert check_vehicle(arrays, 0, [(0, int(arrays.tables.option_first[0, 0]), 0)]) == 0


def test_a_rested_crew_sets_off_when_it_must_where_its_duty_is_limited() -> None:
    """To the town 1.5 h, loading 0.5 h, from there to the hub 3.5 h, unloading 0.5 h: six hours in all."""
    # the last but one rests for nine hours in the town
    for longest, departs, leaves in ((None, 20, 0), (6.0, 20, 16), (5.5, 22, 0), (4.0, -1, -1)):
        buses = fleet("buses", "capital", count=1, max_duty_hours=longest)
        arrays = Arrays.of(small_case(fleets=(buses,)))
        tables, problem = arrays.tables, arrays.problem
        town, hub = problem.places.index("town"), problem.stations.index("hub")
        options = range(tables.option_first[town, 0], tables.option_first[town, 1])
        to_hub = next(o for o in options if tables.option_station[o] == hub)
        depart, leave = np.zeros(1, np.int64), np.zeros(1, np.int64)
        trip = np.array([town]), np.array([to_hub]), np.array([20])
        capital = problem.stations.index("capital")
        driven = follow_chain(tables, 0, capital, 0, 0, RESTED, 1, *trip, depart, leave)
        assert driven == (10 if departs >= 0 else -1)
        assert departs < 0 or (int(depart[0]), int(leave[0])) == (departs, leaves)
