"""Lines written for other programs are read by other programs: GDAL for all formats, gpxpy for GPX."""

from __future__ import annotations

from pathlib import Path

import gpxpy
import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from overland.errors import UsageError
from overland.exchange import Line, write_lines

names = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"]), min_size=1, max_size=20).filter(
    lambda name: name == " ".join(name.split())  # readers trim and fold white space
)
degrees = st.tuples(st.floats(-179, 179), st.floats(-85, 85))
lines = st.builds(
    lambda name, points: Line(name, np.array(points), {"km": 12.5}),
    names,
    st.lists(degrees, min_size=2, max_size=6),
)
LAYERS = {".geojson": None, ".gpx": "tracks", ".kml": None}


def read(path: Path) -> list[tuple[str, np.ndarray]]:
    """Name and points of each line, as GDAL reads them."""
    meta, _, geometry, fields = pyogrio.raw.read(path, layer=LAYERS[path.suffix])
    column = [name.lower() for name in meta["fields"]].index("name")
    shapes = [shapely.get_coordinates(shape) for shape in shapely.from_wkb(geometry)]
    return list(zip(fields[column].tolist(), shapes, strict=True))


@pytest.mark.parametrize("ending", LAYERS)
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(lines, min_size=1, max_size=4))
def test_lines_are_read_back_as_they_are(tmp_path: Path, ending: str, lines: list[Line]) -> None:
    path = tmp_path / f"lines{ending}"
    write_lines(lines, path, "A <title> & more")
    found = read(path)
    assert [name for name, _ in found] == [line.name for line in lines]
    for (_, points), line in zip(found, lines, strict=True):
        assert np.allclose(points[:, :2], line.points, atol=1e-7)


def test_a_gps_reads_a_route(tmp_path: Path) -> None:
    write_lines(
        [Line("M06", np.array([[24.0, 49.8], [23.5, 49.9]]))], tmp_path / "r.gpx", "Lviv to the border"
    )
    with (tmp_path / "r.gpx").open() as file:
        gpx = gpxpy.parse(file)
    assert gpx.name == "Lviv to the border"
    points = gpx.tracks[0].segments[0].points
    assert [(p.longitude, p.latitude) for p in points] == [(24.0, 49.8), (23.5, 49.9)]


def test_what_no_xml_may_hold_is_left_out(tmp_path: Path) -> None:
    write_lines([Line("a\x00b\ufffe", np.array([[0.0, 0.0], [1.0, 1.0]]))], tmp_path / "x.kml", "t")
    assert read(tmp_path / "x.kml")[0][0] == "ab"


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.geojson, \.gpx, \.kml"):
        write_lines([], tmp_path / "roads.shp", "t")
    assert list(tmp_path.iterdir()) == []


def test_a_fault_in_the_middle_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "r.kml"
    path.write_text("old")

    def broken():  # type: ignore[no-untyped-def]
        yield Line("one", np.zeros((2, 2)))
        raise OSError(28, "No space left on device")

    with pytest.raises(UsageError, match="No space left"):
        write_lines(broken(), path, "t")
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["r.kml"]
