"""When a road can be used: closures exactly, threats where they touch, accepted corridors through them."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings

from overland.case.model import Case, Closure, Corridor, CorridorStatus, Place, Threat
from overland.roads import closed_times, threat_area
from overland.roads.intervals import FOREVER
from tests.builders import hours, place, road, small_case
from tests.roads.by_the_minute import MINUTES, PROFILES, band, is_open, road_cases


def one_road(**overrides: object) -> Case:
    """One road along the parallel, from 30° to 31° east."""
    places: tuple[Place, ...] = (place("alder"), place("birch", longitude=31.0))
    values = {"places": places, "roads": (road("alder", "birch", 60),)}
    return small_case(**(values | overrides))


def closure(start: float, end: float | None) -> Closure:
    return Closure(road="alder-birch", start=hours(start), end=None if end is None else hours(end))


def corridor(
    start: float,
    end: float,
    status: CorridorStatus = CorridorStatus.ACCEPTED,
    roads: tuple[str, ...] = ("alder-birch",),
) -> Corridor:
    return Corridor(id="c", name="c", roads=roads, start=hours(start), end=hours(end), status=status)


def front(start: float, end: float | None, **others: object) -> Threat:
    return band("front", 30.5, 32.0, hours(start), None if end is None else hours(end), **others)


def closed(case: Case, avoids_level: int | None = None) -> list[tuple[float, float]]:
    """The closed intervals of the one road, in hours."""
    return [(start / 60, end / 60) for start, end in closed_times(case, avoids_level).get("alder-birch", [])]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(road_cases())
def test_each_minute_is_open_or_closed_as_the_problem_says(case: Case) -> None:
    for profile in PROFILES:
        times = closed_times(case, 3 if profile == "bus-avoid-3" else None)
        for one in case.roads:
            intervals = times.get(one.id, [])
            assert intervals == sorted(intervals)
            assert all(a[1] < b[0] for a, b in pairwise(intervals))
            for minute in range(MINUTES):
                shut = any(start <= minute < end for start, end in intervals)
                assert shut is not is_open(case, profile, one, minute)


def test_a_road_without_closures_is_not_mentioned() -> None:
    assert closed_times(one_road()) == {}


def test_a_closure_ends_when_it_ends_or_never() -> None:
    assert closed(one_road(closures=(closure(2, 3.5),))) == [(2, 3.5)]
    assert closed(one_road(closures=(closure(2, None),))) == [(2, FOREVER)]


def test_a_closure_that_is_over_before_the_start_is_forgotten() -> None:
    assert closed(one_road(closures=(closure(-3, 0),))) == []
    assert closed(one_road(closures=(closure(-3, 1),))) == [(-3, 1)]


def test_closures_that_overlap_or_touch_are_one() -> None:
    assert closed(one_road(closures=(closure(4, 5), closure(1, 2), closure(2, 3)))) == [(1, 3), (4, 5)]
    assert closed(one_road(closures=(closure(1, 9), closure(2, 3)))) == [(1, 9)]


def test_a_threat_closes_the_roads_it_touches_while_it_is_active() -> None:
    assert closed(one_road(threats=(front(2, 6),))) == [(2, 6)]
    assert closed(one_road(threats=(band("far", 31.01, 32, hours(2), hours(6)),))) == []


def test_a_threat_that_touches_only_the_end_of_a_road_closes_it() -> None:
    assert closed(one_road(threats=(band("edge", 31, 32, hours(2), hours(6)),))) == [(2, 6)]


def test_a_hole_in_a_threat_is_not_under_threat() -> None:
    outer = band("ring", 29, 32, hours(0), None).rings[0]
    hole = band("hole", 29.5, 31.5, hours(0), None).rings[0]
    ring = replace(front(0, None), rings=(outer, tuple((x, 49.5 if y < 50 else 50.5) for x, y in hole)))
    assert closed(one_road(threats=(ring,))) == []
    assert threat_area(ring).area == pytest.approx(3 * 2 - 2 * 1)


def test_a_threat_that_closes_no_roads_stops_only_those_who_avoid_it() -> None:
    case = one_road(threats=(front(2, 6, closes_roads=False, level=3),))
    assert closed(case) == closed(case, 4) == []
    assert closed(case, 3) == closed(case, 2) == [(2, 6)]


def test_an_accepted_corridor_opens_a_threatened_road_within_its_window() -> None:
    assert closed(one_road(threats=(front(2, 8),), corridors=(corridor(4, 5),))) == [(2, 4), (5, 8)]
    assert closed(one_road(threats=(front(2, None),), corridors=(corridor(1, 5),))) == [(5, FOREVER)]
    assert closed(one_road(threats=(front(2, 8),), corridors=(corridor(2, 8),))) == []


@pytest.mark.parametrize(
    "status", [status for status in CorridorStatus if status is not CorridorStatus.ACCEPTED]
)
def test_a_corridor_that_is_not_accepted_opens_nothing(status: CorridorStatus) -> None:
    assert closed(one_road(threats=(front(2, 8),), corridors=(corridor(4, 5, status),))) == [(2, 8)]


def test_a_corridor_opens_only_the_roads_it_names() -> None:
    other = corridor(4, 5, roads=("elsewhere",))
    assert closed(one_road(threats=(front(2, 8),), corridors=(other,))) == [(2, 8)]


def test_a_corridor_does_not_lift_a_closure_of_the_road_itself() -> None:
    case = one_road(closures=(closure(4, 4.5),), threats=(front(2, 8),), corridors=(corridor(3, 6),))
    assert closed(case) == [(2, 3), (4, 4.5), (6, 8)]


def test_a_corridor_does_not_persuade_crews_that_avoid_the_threat() -> None:
    case = one_road(threats=(front(2, 8, level=4),), corridors=(corridor(2, 8),))
    assert closed(case, 4) == [(2, 8)]
    assert closed(case, 5) == []
