"""The data behind the map: nobody is lost, and nobody is named."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import pairwise

import pytest

from overland.plan.document import Left, Trip
from overland.report.scene import changes
from tests.builders import group, small_case
from tests.report.conftest import Shown, show
from tests.report.naive import naive_plan

PEOPLE = ("waiting", "riding", "hub", "border", "out", "left")


@pytest.fixture(params=["small", "bundled"])
def shown(request: pytest.FixtureRequest) -> Shown:
    return request.getfixturevalue(request.param)


def value_at(series: list[list[int]], step: int) -> int:
    """What the page reads from a list of changes."""
    return next((value for k, value in reversed(series) if k <= step), 0)


def test_everybody_is_somewhere_at_every_step(shown: Shown) -> None:
    people = sum(g.size for g in shown.case.groups)
    for step in range(shown.case.steps + 1):
        assert sum(shown.scene["totals"][state][step] for state in PEOPLE) == people


def test_nobody_is_less_than_nothing(shown: Shown) -> None:
    assert all(min(series) >= 0 for series in shown.scene["totals"].values())


def test_all_who_get_out_by_the_plan_are_out_in_the_end(shown: Shown) -> None:
    assert shown.scene["totals"]["out"][-1] == shown.plan.totals.out
    assert shown.scene["totals"]["left"][0] == shown.plan.totals.people - shown.plan.totals.out


def test_the_markers_of_the_map_add_up_to_the_totals(shown: Shown) -> None:
    scene = shown.scene
    for step in range(0, shown.case.steps + 1, 7):
        totals = {state: series[step] for state, series in scene["totals"].items()}
        assert sum(value_at(p["waiting"], step) for p in scene["places"]) == totals["waiting"]
        assert sum(value_at(p["transit"], step) for p in scene["places"]) == totals["hub"]
        assert sum(value_at(c["queue"], step) for c in scene["crossings"]) == totals["border"]
        assert sum(value_at(c["passed"], step) for c in scene["crossings"]) == totals["out"]
        assert sum(value_at(c["out"], step) for c in scene["abroad"]) == totals["out"]


def test_people_on_the_way_are_those_in_moving_vehicles(small: Shown) -> None:
    for step in range(small.case.steps):
        moving = sum(people for _, start, end, _, people, _ in small.scene["moving"] if start <= step < end)
        assert moving == small.scene["totals"]["riding"][step]


def test_every_bus_does_one_thing_at_a_time(shown: Shown) -> None:
    vehicles = sum(fleet.count for fleet in shown.case.fleets)
    kinds = [series for name, series in shown.scene["totals"].items() if name.startswith("buses_")]
    for step in range(shown.case.steps + 1):
        assert 0 <= sum(series[step] for series in kinds) <= vehicles


def test_what_moves_is_sorted_by_the_time_it_starts(shown: Shown) -> None:
    starts = [start for _, start, *_ in shown.scene["moving"]]
    assert starts == sorted(starts)


def test_ways_lead_along_roads_from_end_to_end(small: Shown) -> None:
    ids = [p.id for p in small.case.places] + [x.id for x in small.case.crossings]
    ends = {(r.start, r.end) for r in small.case.roads} | {(r.end, r.start) for r in small.case.roads}
    for way in small.scene["ways"]:
        assert all((ids[a], ids[b]) in ends for a, b in pairwise(way))


def test_no_group_is_named_in_the_page(bundled: Shown) -> None:
    words = set(re.findall(r"\w+", bundled.html))
    assert words.isdisjoint({g.id for g in bundled.case.groups})


def test_the_scene_is_plain_json(shown: Shown) -> None:
    assert json.loads(json.dumps(shown.scene, allow_nan=False)) == shown.scene


def test_the_slider_covers_everything_that_happens(shown: Shown) -> None:
    last = shown.scene["last"]
    assert shown.scene["totals"]["out"][last] == shown.plan.totals.out
    assert 0 < shown.scene["first"] < last <= shown.case.steps


def test_a_group_that_is_brought_to_a_hub_only_counts_as_left() -> None:
    case = small_case(groups=(group("G1", "capital", 4),))
    at = case.time_of
    plan = naive_plan(small_case(groups=()))
    trip = Trip(
        id="T1", vehicle="buses-01", origin="capital", kind="hub", destination="hub", depart=at(2),
        arrive=at(6), passed=None, free=at(7), groups=["G1"],
    )  # fmt: skip
    plan = plan.model_copy(
        update={"trips": [trip], "left": [Left(group="G1", stranded=False, reason="Late")]}
    )
    assert show(case, plan).scene["totals"]["left"] == [4] * (case.steps + 1)


def test_a_group_the_plan_forgets_counts_as_left() -> None:
    case = small_case()
    forgetful = naive_plan(replace(case, groups=case.groups[1:]))
    assert show(case, forgetful).scene["totals"]["left"][0] >= case.groups[0].size


def test_a_series_is_kept_as_its_changes(bundled: Shown) -> None:
    out = bundled.counts.out
    kept = changes(out)
    assert [value_at(kept, step) for step in range(len(out))] == out.tolist()
