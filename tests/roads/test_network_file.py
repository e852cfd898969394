"""A network survives its file; what is no network is refused; nothing half-written stays behind."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from overland.errors import NetworkError
from overland.roads.network import BRIDGE, NEVER, BorderPoint, Network
from overland.roads.network_file import read_network, write_network
from tests.roads.networks import grid_network, network_of


def same(a: Network, b: Network) -> bool:
    """Whether two networks are alike in everything."""
    arrays = ("longitude", "latitude", "first", "head", "millis", "segment", "forward")
    rows = ("start", "end", "metres", "along", "against", "road_class", "marks", "way_first", "way", "point")
    return (
        all(np.array_equal(getattr(a, name), getattr(b, name)) for name in arrays)
        and all(np.array_equal(getattr(a.segments, name), getattr(b.segments, name)) for name in rows)
        and np.array_equal(a.segments.point_first, b.segments.point_first)
        and (a.segments.name, a.borders, a.source) == (b.segments.name, b.borders, b.source)
    )


def test_a_network_is_read_as_it_was_written(tmp_path: Path) -> None:
    network = grid_network(7, 5, seed=1)
    write_network(network, tmp_path / "roads.parquet")
    assert same(read_network(tmp_path / "roads.parquet"), network)


def test_one_way_roads_marks_and_border_points_are_kept(tmp_path: Path) -> None:
    network = network_of(
        [(24.0, 49.0), (24.1, 49.0), (24.2, 49.1)],
        [(0, 1, 5000, NEVER), (1, 2, 9000, 8000)],
        marks=[BRIDGE, 0],
        borders=(BorderPoint(2, 24.2, 49.1, "Shehyni", 17),),
    )
    write_network(network, tmp_path / "roads.parquet")
    back = read_network(tmp_path / "roads.parquet")
    assert same(back, network)
    assert [(b.name, b.longitude) for b in back.borders] == [("Shehyni", 24.2)]
    assert back.longitude[back.borders[0].node] == 24.2


@pytest.mark.parametrize("content", [b"", b"PAR1", b"\x00" * 100, b"id,name\n1,Kyiv\n"])
def test_what_is_no_network_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "roads.parquet"
    path.write_bytes(content)
    with pytest.raises(NetworkError, match="not a road network"):
        read_network(path)


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(NetworkError, match="overland roads import"):
        read_network(tmp_path / "none.parquet")


def test_a_file_that_cannot_be_written_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "roads.parquet"
    write_network(grid_network(3, 3, seed=0), path)
    before = path.read_bytes()

    def full_disk(*_: object, **__: object) -> None:
        Path(str(path) + ".part").write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pyarrow.parquet.write_table", full_disk)
    with pytest.raises(OSError, match="No space left"):
        write_network(grid_network(4, 4, seed=0), path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["roads.parquet"]


def test_without_the_extra_the_remedy_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_network(grid_network(3, 3, seed=0), tmp_path / "roads.parquet")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(NetworkError, match=r"pip install overland\[roads\]"):
        read_network(tmp_path / "roads.parquet")
