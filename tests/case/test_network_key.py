"""A case that names a network of real roads instead of drawing its own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from overland.case import digest, read_case, write_case
from tests.case.conftest import Folder

HEADER = "id,start,end,km,road_class\n"


def names_network(folder: Folder, name: str = "roads.parquet") -> None:
    folder.replace("case.toml", "[case]\n", f'[case]\nnetwork = "{name}"\n')


def on_real_roads(folder: Folder) -> None:
    """The starter case with a file for its roads, and what it closes named by way."""
    names_network(folder)
    folder.write("roads.parquet", b"roads")
    folder.write("roads.csv", HEADER)
    folder.change("closures.csv", 2, road="way/17")
    folder.change("corridors.csv", 2, roads="way/17 way/18")


def test_roads_may_come_from_a_file_beside_the_case(folder: Folder) -> None:
    on_real_roads(folder)
    assert folder.faults() == []
    network = read_case(folder.path).network
    assert network is not None
    assert network.path == folder.path / "roads.parquet"


def test_what_is_in_the_file_counts_not_where_it_is(folder: Folder, tmp_path: Path) -> None:
    on_real_roads(folder)
    case = read_case(folder.path)
    assert case.network is not None
    elsewhere = replace(case, network=replace(case.network, path=tmp_path / "other.parquet"))
    assert digest(elsewhere) == digest(case)
    folder.write("roads.parquet", b"other roads")
    assert digest(read_case(folder.path)) != digest(case)


def test_a_case_takes_its_network_with_it(folder: Folder, tmp_path: Path) -> None:
    on_real_roads(folder)
    case = read_case(folder.path)
    write_case(case, tmp_path / "copy")
    assert (tmp_path / "copy" / "roads.parquet").read_bytes() == b"roads"
    assert read_case(tmp_path / "copy") == case


def test_a_network_that_is_not_there_says_how_to_make_it(folder: Folder) -> None:
    on_real_roads(folder)
    (folder.path / "roads.parquet").unlink()
    assert "overland roads import" in folder.fault()


def test_a_network_lies_beside_the_case(folder: Folder) -> None:
    on_real_roads(folder)
    folder.replace("case.toml", '"roads.parquet"', '"../roads.parquet"')
    assert "must be the name of a file beside case.toml" in folder.fault()


def test_with_a_network_no_roads_are_drawn(folder: Folder) -> None:
    roads = folder.text("roads.csv")
    on_real_roads(folder)
    folder.write("roads.csv", roads)
    assert folder.fault().startswith("roads.csv:2: id: must have no rows")


def test_with_a_network_closures_and_corridors_name_ways(folder: Folder) -> None:
    on_real_roads(folder)
    folder.change("closures.csv", 2, road="m06")
    folder.change("corridors.csv", 2, roads="way/17 way/-1")
    faults = folder.faults()
    assert len(faults) == 2
    assert all("is not a way of the map; write for instance way/4711" in fault for fault in faults)


def test_railways_come_from_a_file_beside_the_case_too(folder: Folder, tmp_path: Path) -> None:
    folder.replace("case.toml", "[case]\n", '[case]\nrailways = "rails.parquet"\n')
    assert "import MAP.osm.pbf --layer rail -o rails.parquet" in folder.fault()
    folder.write("rails.parquet", b"rails")
    case = read_case(folder.path)
    write_case(case, tmp_path / "copy")
    assert read_case(tmp_path / "copy") == case
    folder.write("rails.parquet", b"other rails")
    assert digest(read_case(folder.path)) != digest(case)


def test_a_name_that_no_file_can_have(folder: Folder) -> None:
    names_network(folder, "a\\u0000b")
    assert any("[case] network: " in fault for fault in folder.faults())
