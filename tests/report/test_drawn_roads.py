"""The roads of the map, drawn by hand or real."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from overland.case.model import Closure
from overland.report.drawn_roads import drawn_roads
from overland.roads import RoadTimes
from tests.builders import hours, small_case
from tests.report.conftest import show
from tests.roads.networks import off_the_parallel, on_network


def test_roads_drawn_by_hand_join_their_places() -> None:
    case = small_case(closures=(Closure(road=small_case().roads[0].id, start=hours(1), end=hours(2)),))
    roads = drawn_roads(RoadTimes.of(case))
    assert len(roads) == len(case.roads)
    assert roads[0].closed == ((60.0, 120.0),)


def test_real_roads_are_drawn_and_driven_along(tmp_path: Path) -> None:
    drawn = small_case()
    drawn = off_the_parallel(
        replace(
            drawn, places=tuple(replace(place, longitude=30.0 + i) for i, place in enumerate(drawn.places))
        )
    )
    closure = Closure(road=drawn.roads[0].id, start=hours(40), end=hours(42))
    case = on_network(replace(drawn, closures=(closure,)), tmp_path)
    shown = show(case)
    assert len(drawn_roads(RoadTimes.of(case))) == len(drawn.roads)
    assert any(interval for _, interval in shown.scene["closed"])
    through = [way for way in shown.scene["ways"] if len(way) > 2]
    assert through, "a way is drawn along its junctions"
    assert "nan" not in shown.html.lower().split("<script")[0]
