"""What the tags of a way mean for driving on it."""

from __future__ import annotations

import pytest

from overland.roads.network import BRIDGE, CLASSES, FERRY, TOLL, TUNNEL, UNPAVED, URBAN
from overland.roads.osm.speeds import read_speeds
from overland.roads.osm.tags import Meaning, duration, railway, road

SPEEDS = read_speeds()


def meaning(highway: str = "primary", **tags: str) -> Meaning:
    result = road(
        {"highway": highway} | {key.replace("__", ":"): value for key, value in tags.items()}, SPEEDS
    )
    assert result is not None
    return result


def directions(highway: str = "primary", **tags: str) -> tuple[bool, bool]:
    result = meaning(highway, **tags)
    return result.along > 0, result.against > 0


@pytest.mark.parametrize("value", ["yes", "true", "1"])
def test_a_one_way_road_is_driven_as_it_is_drawn(value: str) -> None:
    assert directions(oneway=value) == (True, False)


@pytest.mark.parametrize("value", ["-1", "reverse"])
def test_a_reversed_one_way_road_is_driven_against_its_drawing(value: str) -> None:
    assert directions(oneway=value) == (False, True)


def test_motorways_and_roundabouts_are_one_way_unless_the_map_says_no() -> None:
    assert directions("motorway") == directions("motorway_link") == (True, False)
    assert directions(junction="roundabout") == (True, False)
    assert directions("motorway", oneway="no") == (True, True)
    assert directions("trunk") == (True, True)
    assert road({"highway": "trunk", "oneway": "reversible"}, SPEEDS) is None


@pytest.mark.parametrize("value", ["no", "private", "agricultural", "forestry", "agricultural;forestry"])
@pytest.mark.parametrize("key", ["access", "vehicle", "motor_vehicle", "motorcar"])
def test_a_road_closed_to_vehicles_is_no_road(key: str, value: str) -> None:
    assert road({"highway": "primary", key: value}, SPEEDS) is None


def test_the_more_specific_access_tag_wins() -> None:
    assert directions(access="no", motor_vehicle="yes") == (True, True)
    assert directions(vehicle="private", motorcar="destination") == (True, True)
    assert road({"highway": "primary", "access": "yes", "motorcar": "no"}, SPEEDS) is None
    assert directions(motor_vehicle__backward="no") == (True, False)


@pytest.mark.parametrize(
    ("signed", "limit"),
    [
        ("90", 90),
        ("90 km/h", 90),
        ("50 mph", 80.4672),
        ("RU:urban", 60),
        ("DE:zone:30", 30),
        ("DE:zone30", 30),
        ("GB:nsl_single", 97),
        ("XX:rural", 90),
        ("none", 130),
        ("walk", 7),
        ("70;50", 50),
        ("signals", None),
        ("", None),
        ("0", None),
    ],
)
def test_what_signed_limits_mean(signed: str, limit: float | None) -> None:
    assert SPEEDS.signed(signed) == (pytest.approx(limit) if limit else None)


def test_a_share_of_the_signed_limit_is_driven_in_each_direction() -> None:
    both = meaning(maxspeed__forward="100", maxspeed="60")
    assert (both.along, both.against) == (pytest.approx(80), pytest.approx(48))


def test_without_a_signed_limit_the_kind_of_road_and_the_law_decide() -> None:
    assert meaning("primary").along == 65
    assert meaning("primary", lit="yes").along == 40  # a built-up area: 0.8 of 50
    assert meaning("motorway").along == 96  # 0.8 of 120
    germany = read_speeds(country="DE")
    result = road({"highway": "motorway"}, germany)
    assert result is not None
    assert result.along == 100  # 0.8 of 130 is more than its free flow


def test_a_bad_surface_slows_down() -> None:
    assert meaning(maxspeed="90", surface="gravel").along == 40
    assert meaning(maxspeed="90", surface="gravel", smoothness="very_bad").along == 20
    assert meaning(maxspeed="20", surface="gravel").along == 16


@pytest.mark.parametrize(
    ("tags", "mark"),
    [
        ({"bridge": "yes"}, BRIDGE),
        ({"bridge": "viaduct"}, BRIDGE),
        ({"bridge": "no"}, 0),
        ({"tunnel": "yes"}, TUNNEL),
        ({"tunnel": "building_passage"}, 0),
        ({"toll": "yes"}, TOLL),
        ({"surface": "dirt"}, UNPAVED),
        ({"surface": "asphalt"}, 0),
        ({"maxspeed": "RU:urban"}, URBAN),
        ({"maxspeed": "90", "source:maxspeed": "DE:urban"}, URBAN),
        ({"maxspeed": "50", "zone:traffic": "RO:rural"}, 0),
        ({"maxspeed": "50"}, URBAN),
        ({"maxspeed": "70", "lit": "yes"}, 0),
        ({"lit": "yes"}, URBAN),
        ({"sidewalk": "both"}, URBAN),
        ({"bridge": "yes", "toll": "yes", "maxspeed": "30"}, BRIDGE | TOLL | URBAN),
    ],
)
def test_marks(tags: dict[str, str], mark: int) -> None:
    assert meaning(**{key.replace(":", "__"): value for key, value in tags.items()}).marks == mark


def test_tracks_are_unpaved_unless_the_map_says_otherwise() -> None:
    assert meaning("track").marks & UNPAVED
    assert not meaning("track", surface="asphalt").marks & UNPAVED
    assert not meaning("track", tracktype="grade1").marks & UNPAVED
    assert road({"highway": "track", "tracktype": "grade5"}, SPEEDS) is None


def test_residential_streets_are_urban_and_motorways_are_not() -> None:
    assert meaning("residential").marks & URBAN
    assert not meaning("motorway", maxspeed="50", lit="yes").marks & URBAN


@pytest.mark.parametrize(
    ("highway", "name"),
    [("motorway_link", "motorway"), ("trunk", "trunk"), ("service", "minor"), ("residential", "minor")],
)
def test_classes_of_roads(highway: str, name: str) -> None:
    assert CLASSES[meaning(highway).road_class] == name


@pytest.mark.parametrize(
    "tags",
    [
        {"highway": "footway"},
        {"highway": "construction"},
        {"highway": "service", "service": "driveway"},
        {"highway": "service", "area": "yes"},
        {"building": "yes"},
        {"route": "bus"},
    ],
)
def test_what_is_no_road(tags: dict[str, str]) -> None:
    assert road(tags, SPEEDS) is None


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("00:25", 1500),
        ("1:05:30", 3930),
        ("90", 5400),
        ("PT1H30M", 5400),
        ("P1DT2H", 93600),
        ("soon", 0),
        ("", 0),
    ],
)
def test_durations(value: str, seconds: float) -> None:
    assert duration(value) == seconds


def test_a_ferry_takes_vehicles_unless_it_is_for_people_on_foot() -> None:
    ferry = road({"route": "ferry", "duration": "00:25", "name": "Orlivka"}, SPEEDS)
    assert ferry is not None
    assert (ferry.marks, CLASSES[ferry.road_class], ferry.seconds) == (FERRY, "ferry", 1500)
    assert road({"route": "ferry", "foot": "yes"}, SPEEDS) is None
    assert road({"route": "ferry", "foot": "yes", "motor_vehicle": "yes"}, SPEEDS) is not None
    assert road({"route": "ferry", "motor_vehicle": "no"}, SPEEDS) is None


def test_a_great_road_goes_by_its_number_and_a_lesser_one_by_its_name() -> None:
    assert meaning("trunk", ref="M-06", name="Kyiv road").name == "M-06"
    assert meaning("tertiary", ref="T 1011", name="Mill Lane").name == "Mill Lane"
    assert meaning("tertiary", ref="T 1011").name == "T 1011"


def test_tracks_of_yards_are_no_railways() -> None:
    line = railway({"railway": "rail", "maxspeed": "100", "bridge": "yes", "toll": "yes"}, SPEEDS)
    assert line is not None
    assert (line.along, line.against, line.marks) == (pytest.approx(80), pytest.approx(80), BRIDGE)
    assert railway({"railway": "rail", "service": "yard"}, SPEEDS) is None
    assert railway({"railway": "tram"}, SPEEDS) is None
