"""Flow networks of real roads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from overland.errors import FlowError
from overland.plan.massflow.earliest_arrival import earliest_arrival
from overland.plan.massflow.road_capacity import flow_network_of_roads, persons_per_step, transit_steps
from overland.plan.massflow.road_places import PlaceOnEarth, read_places
from overland.roads.network import CLASSES, NEVER, BorderPoint, Network, Segments
from tests.roads.maps import imported, real_map


def road(*, road_class: str = "primary", border: bool = True, minutes: float = 10.0) -> Network:
    """Three places in a row, 10 minutes from each to the next; the border at the last."""
    millis = round(minutes * 60_000)
    at = np.array([[20.0, 50.0], [20.1, 50.0], [20.2, 50.0]])
    segments = Segments(
        start=np.array([0, 1], np.int32),
        end=np.array([1, 2], np.int32),
        metres=np.array([7_150.0, 7_150.0]),
        along=np.array([millis, millis], np.int32),
        against=np.array([millis, NEVER], np.int32),
        road_class=np.full(2, CLASSES.index(road_class), np.int8),
        marks=np.zeros(2, np.uint8),
        name=("", ""),
        way_first=np.arange(3),
        way=np.arange(2),
        point_first=np.array([0, 2, 4]),
        point=at[[0, 1, 1, 2]],
    )
    posts = (BorderPoint(2, 20.2, 50.0, "Post", 7),) if border else ()
    return Network.of(at[:, 0], at[:, 1], segments, posts)


def test_a_class_of_roads_lets_so_many_pass() -> None:
    per_minute = dict(zip(CLASSES, persons_per_step(60.0).tolist(), strict=True))
    assert per_minute["motorway"] == 133  # 1,600 vehicles on each of two lanes, 2.5 persons each
    assert per_minute["minor"] == 12
    assert per_minute["rail"] == 0
    assert dict(zip(CLASSES, persons_per_step(1.0).tolist(), strict=True))["ferry"] == 1, "one at least"


def test_people_drive_to_the_border_as_fast_as_the_road_lets_them() -> None:
    network = flow_network_of_roads(road(), [PlaceOnEarth("town", 20.01, 50.0, 100)], None)
    flow = earliest_arrival(network)
    assert flow.out[20:].tolist() == [41, 82, 100]  # 1,000 vehicles an hour with 2.5 persons each, 20 minutes
    assert flow.gap == 0


def test_many_short_stretches_take_their_time_together() -> None:
    short = road(minutes=0.4)  # 24 seconds each, 48 in all
    assert transit_steps(short, [2], 30.0)[short.head == 2].tolist() == [0]
    assert sorted(transit_steps(short, [2], 30.0)) == [0, 1, 1]
    network = flow_network_of_roads(short, [PlaceOnEarth("town", 20.01, 50.0, 1)], None, 16.0)
    assert earliest_arrival(network).clearance == 3


def test_safe_places_of_ones_own_come_instead_of_the_border() -> None:
    town, refuge = PlaceOnEarth("town", 20.11, 50.0, 10), PlaceOnEarth("refuge", 20.0, 50.0, 0)
    assert earliest_arrival(flow_network_of_roads(road(), [town], [refuge])).clearance == 10


def test_where_there_is_nowhere_to_go_or_no_road_it_is_a_message() -> None:
    town = PlaceOnEarth("town", 20.01, 50.0, 100)
    with pytest.raises(FlowError, match="no border points; name safe places with --safe"):
        flow_network_of_roads(road(border=False), [town], None)
    with pytest.raises(FlowError, match="railways"):
        flow_network_of_roads(road(road_class="rail"), [town], None)


def test_places_are_read_from_any_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("name;Latitude;Longitude;People\nTown;50.5;20.25;12\n")
    assert read_places(path, counted=True) == [PlaceOnEarth("people.csv:2", 20.25, 50.5, 12)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("latitude,longitude\n1,2\n", "people.csv:1: no column people"),
        ("latitude,longitude,people\n1,2,x\n", "people.csv:2: people: 'x' is not a whole number"),
        (
            "latitude,longitude,people\nnorth,2,1\n",
            "people.csv:2: latitude: 'north' is not a number of degrees",
        ),
        ("latitude,longitude,people\n91,2,1\n", "people.csv:2: latitude: 91.0 is not between -90 and 90"),
        ("latitude,longitude,people\n1,2,0\n", "people.csv:2: people: 0 is not between 1 and"),
        ("latitude,longitude,people\n", "people.csv: has no rows"),
    ],
)
def test_places_that_cannot_be_read_are_a_message(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "people.csv"
    path.write_text(text)
    with pytest.raises(FlowError) as caught:
        read_places(path, counted=True)
    assert said in str(caught.value)


def test_liechtenstein_is_cleared_in_the_least_time() -> None:
    roads, _ = imported(real_map("liechtenstein-latest.osm.pbf"))
    towns = [PlaceOnEarth("Vaduz", 9.521, 47.141, 5700), PlaceOnEarth("Balzers", 9.499, 47.068, 4600)]
    flow = earliest_arrival(flow_network_of_roads(roads, towns, None))
    assert flow.gap == 0
    assert flow.out[-1] == 10_300
