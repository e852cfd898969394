"""Travel times between the nodes of a case, against a search that tries every minute."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overland.case.model import Case, Closure
from overland.roads import RoadTimes
from tests.builders import fleet, hours, policy, road, small_case
from tests.roads.by_the_minute import MINUTES, NODES, PROFILES, arrivals, band, road_cases, ways_of

PROFILE, NODE = st.sampled_from(PROFILES), st.sampled_from(NODES)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(road_cases(), PROFILE, NODE)
def test_steps_are_those_of_trying_every_minute(case: Case, profile: str, source: str) -> None:
    times, ways = RoadTimes.of(case), ways_of(case, profile)
    for t in range(case.steps):
        reached = arrivals(ways, source, t * case.step_minutes)
        for node in NODES:
            slow = -(-reached[node] // case.step_minutes) - t if node in reached else -1
            assert times.steps(profile, source, node, t) == slow


@settings(max_examples=60, deadline=None, derandomize=True)
@given(road_cases(), PROFILE, NODE)
def test_who_leaves_later_never_arrives_earlier(case: Case, profile: str, source: str) -> None:
    times = RoadTimes.of(case)
    for node in NODES:
        arrivals = [
            t + steps if (steps := times.steps(profile, source, node, t)) >= 0 else case.steps + 1
            for t in range(case.steps)
        ]
        assert arrivals == sorted(arrivals)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(road_cases(), PROFILE, NODE, NODE, st.data())
def test_a_route_joins_its_ends_by_roads_and_takes_the_steps_it_should(
    case: Case, profile: str, source: str, target: str, data: st.DataObject
) -> None:
    times, t = RoadTimes.of(case), data.draw(st.integers(0, case.steps - 1))
    route, steps = times.route(profile, source, target, t), times.steps(profile, source, target, t)
    if steps < 0:
        assert route == []
        return
    assert (route[0], route[-1]) == (source, target)
    assert len(set(route)) == len(route)
    ways = ways_of(case, profile)
    assert set(pairwise(route)) <= {(way.start, way.end) for way in ways}
    minute = t * case.step_minutes
    for start, end in pairwise(route):
        direct = [way for way in ways if (way.start, way.end) == (start, end)]
        minute = arrivals(direct, start, minute)[end]
    assert -(-minute // case.step_minutes) - t == steps


@settings(max_examples=60, deadline=None, derandomize=True)
@given(road_cases(), PROFILE, NODE, NODE, st.data())
def test_a_crossing_is_only_ever_an_end_of_a_route(
    case: Case, profile: str, source: str, target: str, data: st.DataObject
) -> None:
    t = data.draw(st.integers(0, case.steps - 1))
    between = RoadTimes.of(case).route(profile, source, target, t)[1:-1]
    assert {"north", "south"}.isdisjoint(between)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(road_cases(), NODE, st.data())
def test_a_car_is_never_slower_than_a_bus_nor_a_bus_than_a_careful_one(
    case: Case, source: str, data: st.DataObject
) -> None:
    times, t = RoadTimes.of(case), data.draw(st.integers(0, case.steps - 1))
    for node in NODES:
        car, bus, careful = (
            times.steps(profile, source, node, t) % (MINUTES + 1) for profile in PROFILES
        )  # never, -1, counts as long
        assert car <= bus <= careful


def test_roads_take_length_by_speed_rounded_up_once_at_the_end() -> None:
    case = small_case(roads=(road("capital", "hub", 70), road("hub", "west", 70)))
    times = RoadTimes.of(case)
    assert times.steps("car", "capital", "hub", 0) == 3
    assert times.steps("car", "capital", "west", 0) == 5  # 140 minutes, not twice 90


def test_a_time_of_whole_steps_is_not_rounded_further() -> None:
    third = policy(speeds_kmh={"M": 90.0}, bus_speed_factor=0.3)
    case = small_case(policy=third, roads=(road("capital", "hub", 40.5), road("hub", "west", 40.5)))
    assert RoadTimes.of(case).steps("bus", "capital", "west", 0) == 6


def test_a_road_with_its_own_speed_is_driven_at_it() -> None:
    case = small_case(roads=(road("capital", "hub", 120, speed_kmh=120.0),))
    assert RoadTimes.of(case).steps("car", "capital", "hub", 0) == 2


def test_a_one_way_road_is_not_driven_backwards() -> None:
    times = RoadTimes.of(small_case(roads=(road("capital", "hub", 120, one_way=True),)))
    assert times.steps("car", "capital", "hub", 0) == 4
    assert times.steps("car", "hub", "capital", 0) == -1


def test_the_better_of_two_roads_between_the_same_towns_is_taken() -> None:
    long, short = road("capital", "hub", 180), road("capital", "hub", 60, id="bridge")
    case = small_case(roads=(long, short), closures=(Closure(road="bridge", start=hours(4), end=hours(8)),))
    times = RoadTimes.of(case)
    assert [times.steps("car", "capital", "hub", t) for t in (0, 6, 8, 12, 16)] == [2, 2, 6, 6, 2]


def test_staying_takes_no_time_even_where_all_roads_are_closed() -> None:
    times = RoadTimes.of(small_case(roads=()))
    assert times.steps("car", "hub", "hub", 7) == 0
    assert times.route("car", "hub", "hub", 7) == ["hub"]
    assert times.steps("car", "hub", "west", 7) == -1


def test_one_arrives_by_the_end_of_the_horizon_or_not_at_all() -> None:
    case = small_case()  # 96 steps; capital to west takes six
    times = RoadTimes.of(case)
    assert times.steps("car", "capital", "west", case.steps - 6) == 6
    assert times.steps("car", "capital", "west", case.steps - 5) == -1


@pytest.mark.parametrize("t", [-1, 96, 1000])
def test_nobody_leaves_outside_the_horizon(t: int) -> None:
    times = RoadTimes.of(small_case())
    assert times.steps("car", "capital", "hub", t) == -1
    assert times.route("car", "capital", "hub", t) == []


def test_the_profile_of_a_fleet() -> None:
    assert RoadTimes.profile_of(fleet("buses", "capital")) == "bus"
    assert RoadTimes.profile_of(fleet("buses", "capital", avoids_level=3)) == "bus-avoid-3"


def test_a_fleet_that_avoids_a_level_waits_or_drives_around_where_others_drive() -> None:
    watched = band("watch", 27, 30.5, hours(0), hours(6), level=3, closes_roads=False)
    case = small_case(
        places=tuple(replace(p, longitude=31.0) if p.id == "town" else p for p in small_case().places),
        roads=(road("capital", "hub", 120), road("capital", "town", 60)),
        threats=(watched,),
    )
    times = RoadTimes.of(case)
    assert times.steps("bus", "capital", "hub", 0) == times.steps("bus-avoid-4", "capital", "hub", 0) == 4
    assert times.steps("bus-avoid-3", "capital", "hub", 0) == 12 + 4
    assert times.steps("bus-avoid-3", "capital", "hub", 12) == 4
