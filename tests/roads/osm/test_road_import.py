"""From a map to a network: what is kept, what is dropped, where border points and stations lie."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from overland.errors import NetworkError
from overland.roads.network import BRIDGE, CLASSES, FERRY, Network
from overland.roads.network_file import read_network, write_network
from overland.roads.osm import area
from overland.roads.osm.extract import read_locations
from overland.roads.osm.road_import import Wanted, import_network, parse_classes
from tests.roads.maps import PRIMARY, SPEEDS, arcs, imported, real_map, write_map

ROW = {i: (20.0 + 0.01 * i, 50.0) for i in range(1, 8)}
KM = 0.717  # a hundredth of a degree of longitude at 50° north, on the ellipsoid
ALL = (*CLASSES[:-1],)


def quiet(_stage: str, _done: float, _total: float | None) -> None:
    pass


def names(network: Network) -> list[str]:
    return sorted(network.segments.name)


def test_a_straight_road_is_one_segment_with_its_length_and_time(tmp_path: Path) -> None:
    path = write_map(tmp_path / "m.osm.pbf", ROW, [([1, 2, 3], PRIMARY), ([3, 4, 5], PRIMARY)])
    network, dropped = imported(path)
    segments = network.segments
    assert (len(network), len(segments)) == (2, 1)
    assert segments.metres[0] == pytest.approx(4000 * KM, rel=1e-3)
    assert segments.along[0] == segments.against[0] == pytest.approx(4 * KM / 65 * 3_600_000, rel=1e-3)
    assert segments.ways(0).tolist() in ([100, 101], [101, 100])
    assert sorted(segments.line(0)[:, 0]) == pytest.approx([20.01, 20.02, 20.03, 20.04, 20.05])
    assert dropped.pieces == dropped.nodes == 0


def test_a_bridge_is_a_segment_of_its_own(tmp_path: Path) -> None:
    ways = [([1, 2], PRIMARY), ([2, 3], {**PRIMARY, "bridge": "yes"}), ([3, 4], PRIMARY)]
    network, _ = imported(write_map(tmp_path / "m.osm.pbf", ROW, ways))
    assert sorted(network.segments.marks) == [0, 0, BRIDGE]


def test_a_ferry_takes_the_time_the_map_gives_however_it_is_cut(tmp_path: Path) -> None:
    ferry = {"route": "ferry", "duration": "00:30"}
    ways = [([1, 2], PRIMARY), ([2, 3, 5], ferry), ([3, 6], PRIMARY), ([5, 7], PRIMARY)]
    network, _ = imported(write_map(tmp_path / "m.osm.pbf", ROW, ways))
    on_ferry = network.segments.marks == FERRY
    assert on_ferry.sum() == 2
    assert network.segments.along[on_ferry].sum() == pytest.approx(1_800_000, abs=2)


def test_what_can_only_be_entered_or_left_is_dropped_and_reported(tmp_path: Path) -> None:
    ways = [
        ([1, 2], {**PRIMARY, "name": "kept"}),
        ([2, 3], {**PRIMARY, "name": "trap", "oneway": "yes"}),
        ([4, 1], {**PRIMARY, "name": "spring", "oneway": "yes"}),
        ([6, 7], {**PRIMARY, "name": "island", "maxspeed": "90"}),
    ]
    near = {**ROW, 7: (20.062, 50.0)}  # a shorter road than the one kept
    network, dropped = imported(write_map(tmp_path / "m.osm.pbf", near, ways))
    assert names(network) == ["kept"]
    assert (dropped.nodes, dropped.pieces) == (4, 3)
    assert dropped.metres == pytest.approx((1 + 3 + 0.2) * 1000 * KM, rel=1e-3)
    assert network.source["dropped"].startswith("4 nodes, 3 pieces of road, 3.0 km not connected both ways")


def test_a_map_of_one_way_roads_that_lead_nowhere_has_no_network(tmp_path: Path) -> None:
    path = write_map(tmp_path / "m.osm.pbf", ROW, [([1, 2, 3], {**PRIMARY, "oneway": "yes"})])
    with pytest.raises(NetworkError, match="can one drive there and back"):
        imported(path)


def test_a_ferry_of_a_month_is_a_mistake_on_the_map(tmp_path: Path) -> None:
    ways = [([1, 2], PRIMARY), ([2, 3], {"route": "ferry", "duration": "P30D"})]
    with pytest.raises(NetworkError, match="more than 24 days"):
        imported(write_map(tmp_path / "m.osm.pbf", ROW, ways))


def test_of_two_nodes_at_one_place_the_border_control_is_the_one_on_the_map(tmp_path: Path) -> None:
    places = ROW | {13: ROW[3], 11: (20.03, 50.01), 12: (20.03, 49.99)}
    control = {13: {"barrier": "border_control"}}
    ways = [([1, 2, 3, 4], PRIMARY), ([11, 13, 12], PRIMARY), ([1, 11], PRIMARY)]
    network, _ = imported(write_map(tmp_path / "m.osm.pbf", places, ways, control))
    made_of = sorted(sorted(network.segments.ways(i).tolist()) for i in range(len(network.segments)))
    assert made_of == [[100, 101, 102], [101]]  # the second road is cut where the control is, not the first


def test_every_node_reaches_every_other(tmp_path: Path) -> None:
    ways = [
        ([1, 2, 3, 4, 1], {**PRIMARY, "oneway": "yes"}),
        ([3, 5], PRIMARY),
        ([5, 6], {**PRIMARY, "oneway": "-1"}),
    ]
    network, _ = imported(write_map(tmp_path / "m.osm.pbf", ROW | {4: (20.02, 50.01)}, ways))
    onward = {node: {head for tail, head, _ in arcs(network) if tail == node} for node in range(len(network))}
    for node in onward:
        reached, ahead = {node}, [node]
        while ahead:
            new = onward[ahead.pop()] - reached
            reached |= new
            ahead += new
        assert reached == set(onward)


def test_a_border_control_on_a_road_stays_a_node(tmp_path: Path) -> None:
    control = {3: {"barrier": "border_control", "name": "Palanca"}}
    network, _ = imported(write_map(tmp_path / "m.osm.pbf", ROW, [([1, 2, 3, 4, 5], PRIMARY)], control))
    (border,) = network.borders
    assert (border.name, border.identifier) == ("Palanca", 3)
    assert (network.longitude[border.node], network.latitude[border.node]) == pytest.approx(ROW[3])
    assert len(network) == 3


def test_a_border_control_beside_the_road_is_reached_from_the_nearest_node_on_it(tmp_path: Path) -> None:
    places = ROW | {8: (20.0302, 50.001), 9: (20.05, 50.01)}
    control = {
        8: {"amenity": "border_control", "name": "near"},
        9: {"barrier": "border_control", "name": "far away"},
    }
    path = write_map(tmp_path / "m.osm.pbf", places, [([1, 2, 3, 4, 5], PRIMARY)], control)
    network, dropped = imported(path)
    (border,) = network.borders
    assert border.name == "near"
    assert (border.longitude, border.latitude) == pytest.approx(places[8])
    assert network.longitude[border.node] == pytest.approx(ROW[3][0])
    assert dropped.points == 1


def test_lanes_of_one_checkpoint_are_one_border_point(tmp_path: Path) -> None:
    places = ROW | {8: (20.0301, 50.0001), 9: (20.0302, 50.0002)}
    control = {n: {"barrier": "border_control", **({"name": "Lane"} if n == 9 else {})} for n in (8, 9)}
    network, dropped = imported(write_map(tmp_path / "m.osm.pbf", places, [([1, 3, 5], PRIMARY)], control))
    assert [border.name for border in network.borders] == ["Lane"]
    assert dropped.points == 1


def test_railways_are_a_layer_with_stations(tmp_path: Path) -> None:
    rail, yard = {"railway": "rail", "name": "main line"}, {"railway": "rail", "service": "yard"}
    places = ROW | {8: (20.04, 50.0005)}
    tagged = {2: {"railway": "halt", "name": "Halt"}, 8: {"railway": "station", "name": "Central"}}
    ways = [([1, 2, 3], rail), ([3, 4, 5], rail), ([5, 6], yard), ([1, 7], PRIMARY)]
    network, _ = imported(write_map(tmp_path / "m.osm.pbf", places, ways, tagged), ("rail",))
    assert {CLASSES[c] for c in network.segments.road_class} == {"rail"}
    assert [(s.name, round(float(network.longitude[s.node]), 2)) for s in network.stations] == [
        ("Halt", 20.02),
        ("Central", 20.04),
    ]
    assert len(network.segments) == 3
    write_network(network, tmp_path / "rail.parquet")
    assert read_network(tmp_path / "rail.parquet").stations == network.stations


def test_only_an_area_of_the_map(tmp_path: Path) -> None:
    path = write_map(tmp_path / "m.osm.pbf", ROW, [([1, 2, 3, 4, 5, 6, 7], PRIMARY)])
    drawn = tmp_path / "area.geojson"
    drawn.write_text(
        '{"type": "Polygon", "coordinates": [[[20.025, 50], [20.065, 49], [20.065, 51], [20.025, 50]]]}'
    )
    for within, ends in (
        (area.box("20.015,49.5,20.045,50.5"), [20.02, 20.04]),
        (area.polygon(drawn), [20.03, 20.06]),
    ):
        network, _ = import_network(path, Wanted(("primary",), SPEEDS, within), quiet)
        assert sorted(network.longitude) == pytest.approx(ends)
    with pytest.raises(NetworkError, match="no road or ferry of the classes primary in the area"):
        import_network(path, Wanted(("primary",), SPEEDS, area.box("0,0,1,1")), quiet)


@pytest.mark.parametrize("text", ["1,2,3", "5,1,4,2", "a,b,c,d", "0,0,1,95", "nan,0,1,1"])
def test_a_box_that_is_none(text: str) -> None:
    with pytest.raises(NetworkError, match="west,south,east,north"):
        area.box(text)


@pytest.mark.parametrize("text", ["", "{", '{"type": "Point", "coordinates": [1, 2]}', '{"a": 1}', "[]"])
def test_a_polygon_that_is_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "area.geojson"
    path.write_text(text)
    with pytest.raises(NetworkError, match=r"area\.geojson"):
        area.polygon(path)
    with pytest.raises(NetworkError, match="cannot be read"):
        area.polygon(tmp_path / "none.geojson")


@pytest.mark.parametrize(
    ("text", "classes"),
    [
        ("motorway..tertiary", (*CLASSES[:5], "ferry")),
        ("primary", ("primary",)),
        ("secondary, primary", ("primary", "secondary")),
        ("motorway..trunk,minor", ("motorway", "trunk", "minor", "ferry")),
    ],
)
def test_classes_are_a_range_or_a_list(text: str, classes: tuple[str, ...]) -> None:
    assert parse_classes(text) == classes


@pytest.mark.parametrize(
    "text", ["autobahn", "", "primary..", "tertiary..motorway", "rail", "primary,,minor"]
)
def test_a_wrong_class_is_named_with_the_right_ones(text: str) -> None:
    with pytest.raises(NetworkError, match="motorway"):
        parse_classes(text)


def test_a_road_that_leaves_the_extract_ends_where_it_does(tmp_path: Path) -> None:
    path = write_map(tmp_path / "m.osm.pbf", ROW, [([1, 2, 3, 99, 5, 6], PRIMARY)])
    network, _ = imported(path)
    assert sorted(network.longitude) == pytest.approx([20.01, 20.03])


@pytest.mark.parametrize(
    "packing",
    ["pbf_compression=zlib", "pbf_compression=none", "pbf_compression=lz4", "pbf_dense_nodes=false"],
)
def test_locations_are_read_however_a_file_is_packed(tmp_path: Path, packing: str) -> None:
    random = np.random.default_rng(1)
    numbers = random.choice(10**10, 20_000, replace=False) + 1
    at = np.column_stack([random.uniform(-180, 180, 20_000), random.uniform(-90, 90, 20_000)]).round(7)
    places = dict(zip(numbers.tolist(), map(tuple, at.tolist()), strict=True))
    path = tmp_path / "m.osm.pbf"
    write_map(path, places, [], packing=packing)
    wanted = np.array([*sorted(places)[::7], 10**10 + 7], dtype=np.int64)
    longitude, latitude = read_locations(path, wanted, quiet)
    assert longitude[:-1] == pytest.approx([places[i][0] for i in wanted[:-1].tolist()], abs=1e-9)
    assert latitude[:-1] == pytest.approx([places[i][1] for i in wanted[:-1].tolist()], abs=1e-9)
    assert np.isnan(longitude[-1])


def test_liechtenstein() -> None:
    network, dropped = imported(real_map("liechtenstein-latest.osm.pbf"), ALL)
    assert {border.name for border in network.borders} == {"Feldkirch", "Schaanwald"}
    assert 550_000 < network.segments.metres.sum() < 700_000
    assert dropped.metres < 0.12 * network.segments.metres.sum()
