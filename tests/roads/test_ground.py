"""A case on real roads: the same answers as on drawn ones, closures by way, wrong turns named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings

from overland.case.model import Case, Closure, Mode, NetworkFile
from overland.errors import NetworkError
from overland.roads import RoadTimes
from overland.roads.network_file import write_network
from overland.roads.search.graph import in_millis
from tests.builders import crossing, hours, mode, place, small_case
from tests.roads.by_the_minute import NODES, PROFILES, road_cases
from tests.roads.networks import network_of, off_the_parallel, on_network


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(road_cases())
def test_real_roads_answer_as_drawn_ones_do(tmp_path: Path, case: Case) -> None:
    ends = [end for one in case.roads for end in (one.start, one.end)]
    assume(all(ends.count(crossing.id) <= 1 for crossing in case.crossings))  # real ones can be driven past
    case = off_the_parallel(case)
    drawn, real = RoadTimes.of(case), RoadTimes.of(on_network(case, tmp_path))
    for profile in PROFILES:
        for source in NODES:
            assert np.array_equal(drawn.table(profile, source), real.table(profile, source))


@pytest.fixture
def straight(tmp_path: Path) -> Case:
    """A hundred kilometres from the capital to the west, in two ways of the map, with a bend between them."""
    case = small_case(
        places=(place("capital", longitude=30.0),),
        crossings=(crossing("west", "PL", latitude=50.0, longitude=28.6),),
        crossing_modes=(mode("west", Mode.CAR),),
        roads=(),
        groups=(),
        fleets=(),
    )
    at = {p.id: (p.longitude, p.latitude) for p in (*case.places, *case.crossings)}
    middle = (at["capital"][0] + at["west"][0]) / 2, at["west"][1] + 0.2
    half = in_millis(30)
    network = network_of([at["capital"], middle, at["west"]], [(0, 1, half, half), (1, 2, half, half)])
    write_network(network, tmp_path / "roads.parquet")
    return replace(case, network=NetworkFile(tmp_path / "roads.parquet", "0" * 64))


def test_a_line_follows_the_road(straight: Case) -> None:
    times = RoadTimes.of(straight)
    line = times.line("car", "capital", "west", 0)
    capital, west = straight.places[0], straight.crossings[0]
    assert line[0].tolist() == pytest.approx([capital.longitude, capital.latitude], abs=1e-6)
    assert line[-1].tolist() == pytest.approx([west.longitude, west.latitude], abs=1e-6)
    assert len(line) == 3
    assert np.allclose(times.line("car", "west", "capital", 0), line[::-1])
    way = times.route("car", "capital", "west", 0)
    assert (way[0], way[-1]) == ("capital", "west")
    assert pytest.approx(line[1].tolist()) in [list(times.position(node)) for node in way[1:-1]]


def test_a_closed_way_is_waited_for(straight: Case) -> None:
    closed = replace(straight, closures=(Closure(road="way/1001", start=hours(0), end=hours(4)),))
    before, after = RoadTimes.of(straight), RoadTimes.of(closed)
    late = before.steps("car", "capital", "west", 0)
    assert after.steps("car", "capital", "west", 0) == straight.steps_of_hours(4.5)
    assert after.steps("car", "capital", "west", straight.steps_of_hours(4)) == late


def test_a_way_that_is_not_on_the_map_is_named(straight: Case) -> None:
    wrong = replace(straight, closures=(Closure(road="way/7", start=hours(0)),))
    with pytest.raises(NetworkError, match=r"has no way/7, named in closures\.csv"):
        RoadTimes.of(wrong)


def test_a_place_far_from_every_road_is_refused(straight: Case) -> None:
    lost = replace(straight, places=(replace(straight.places[0], latitude=60.0), *straight.places[1:]))
    with pytest.raises(NetworkError, match=r"capital is [\d.]+ km from the nearest road"):
        RoadTimes.of(lost)
