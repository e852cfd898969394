"""``overland roads import``: what it prints and writes, and what it says when it cannot."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from overland import cli
from overland.roads.network_file import read_network
from tests.roads.maps import PRIMARY, write_map

PLACES = {i: (20.0 + 0.01 * i, 50.0) for i in range(1, 8)}


def call(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr("sys.argv", ["overland", "roads", "import", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    ways = [
        ([1, 2], PRIMARY),
        ([2, 3], {**PRIMARY, "bridge": "yes", "name": "Long Bridge"}),
        ([3, 4], {"route": "ferry", "name": "crossing"}),
        ([4, 5], {"highway": "residential"}),
        ([6, 7], {**PRIMARY, "oneway": "yes"}),
    ]
    return write_map(
        tmp_path / "map.osm.pbf", PLACES, ways, {2: {"barrier": "border_control", "name": "Post"}}
    )


def test_an_extract_becomes_a_network_and_a_summary(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], extract: Path, tmp_path: Path
) -> None:
    output = tmp_path / "roads.parquet"
    assert call(monkeypatch, extract, "-o", output) == 0
    shown = capsys.readouterr()
    for said in (
        "4  nodes",
        "3  segments",
        "1.4  km primary",
        "1  bridges",
        "1  ferries",
        "1  border points",
    ):
        assert said in shown.out
    assert "0.7  km dropped, not connected both ways (1 pieces, 2 nodes)" in shown.out
    assert "minor" not in shown.out
    assert "roads" in shown.err
    network = read_network(output)
    assert len(network.segments) == 3
    assert network.borders[0].name == "Post"
    assert network.source["file"] == "map.osm.pbf"
    assert "OpenStreetMap" in network.source["attribution"]


def test_the_file_opens_as_a_map_layer(
    monkeypatch: pytest.MonkeyPatch, extract: Path, tmp_path: Path
) -> None:
    output = tmp_path / "roads.parquet"
    assert call(monkeypatch, extract, "-o", output, "--quiet", "--classes", "motorway..minor") == 0
    table = pyarrow.parquet.read_table(output)
    assert json.loads(table.schema.metadata[b"geo"])["primary_column"] == "geometry"
    assert set(table["road_class"].to_pylist()) == {"primary", "ferry", "minor"}


def test_speeds_of_ones_own(monkeypatch: pytest.MonkeyPatch, extract: Path, tmp_path: Path) -> None:
    output, own = tmp_path / "roads.parquet", tmp_path / "own.toml"
    own.write_text("[free_flow]\nprimary = 10\n")
    assert call(monkeypatch, extract, "-o", output, "--quiet", "--classes", "primary", "--speeds", own) == 0
    segments = read_network(output).segments
    assert segments.along.sum() == pytest.approx(segments.metres.sum() / 10 * 3600, abs=2)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--classes", "autobahn"], "'autobahn' is not a class of roads; there are motorway, trunk"),
        (["--classes", "motorway"], "no road or ferry of the classes motorway in this extract"),
        (["--layer", "rail"], "no railway in this extract"),
        (["--layer", "rail", "--classes", "primary"], "railways have none"),
        (["--layer", "canal"], "there are road and rail"),
        (["--bbox", "0,0,1,1"], "in the area"),
        (["--bbox", "1,2,3"], "west,south,east,north"),
        (["--bbox", "0,0,1,1", "--polygon", "x.geojson"], "give one of them"),
        (["--country", "zz"], "known are AL"),
        (["-o", "nowhere/roads.parquet"], "the folder nowhere does not exist"),
        (["-o", "."], "is a folder"),
    ],
)
def test_what_cannot_be_done_is_a_message(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    extract: Path,
    arguments: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(extract.parent)
    assert call(monkeypatch, extract, *arguments, "--quiet") == 2
    assert said in capsys.readouterr().err
    assert [path.name for path in extract.parent.iterdir()] == [extract.name]


def spoilt(name: str, whole: bytes) -> bytes:
    middle = len(whole) * 2 // 3
    return {
        "empty": b"",
        "cut short": whole[:-20],
        "cut in its header": whole[:40],
        "overwritten": whole[:middle] + b"\xff\x00\xff" + whole[middle + 3 :],
        "a web page": b"<!DOCTYPE html><html>404</html>",
        "gzip": b"\x1f\x8b" + whole,
    }[name]


@pytest.mark.parametrize(
    ("spoiling", "said"),
    [
        ("empty", "the file is empty"),
        ("cut short", "damaged or not whole"),
        ("cut in its header", "damaged or not whole"),
        ("overwritten", "damaged or not whole"),
        ("a web page", "not an OpenStreetMap extract in PBF but XML or a web page"),
        ("gzip", "compressed with gzip"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_message_and_leaves_what_was_there(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    extract: Path,
    tmp_path: Path,
    spoiling: str,
    said: str,
) -> None:
    output = tmp_path / "roads.parquet"
    output.write_text("of yesterday")
    extract.write_bytes(spoilt(spoiling, extract.read_bytes()))
    assert call(monkeypatch, extract, "-o", output, "--quiet") == 2
    message = capsys.readouterr().err
    assert message.startswith(f"{extract}: ")
    assert said in message
    assert output.read_text() == "of yesterday"
    assert {path.name for path in tmp_path.iterdir()} == {extract.name, output.name}


def test_a_file_that_is_not_there(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert call(monkeypatch, tmp_path / "none.osm.pbf", "-o", tmp_path / "roads.parquet") == 2
    assert "there is no such file" in capsys.readouterr().err


def test_an_interruption_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, extract: Path, tmp_path: Path
) -> None:
    def interrupted(_table: object, path: Path, **_options: Any) -> None:
        path.write_bytes(b"half of it")
        raise KeyboardInterrupt

    monkeypatch.setattr(pyarrow.parquet, "write_table", interrupted)
    assert call(monkeypatch, extract, "-o", tmp_path / "roads.parquet", "--quiet") == 130
    assert [path.name for path in tmp_path.iterdir()] == [extract.name]
