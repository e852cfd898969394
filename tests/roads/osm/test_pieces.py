"""Lengths and times of pieces of road."""

from __future__ import annotations

import numpy as np
import pytest

from overland.roads.network import NEVER
from overland.roads.osm.pieces import course, cut, piece_metres, piece_millis, step_metres


@pytest.mark.parametrize(
    ("latitude", "east", "north"),
    [(0.0, 111_320, 110_574), (45.0, 78_847, 111_132), (60.0, 55_800, 111_412)],  # metres a degree, WGS 84
)
def test_lengths_are_those_of_the_ellipsoid(latitude: float, east: float, north: float) -> None:
    longitudes = np.array([179.995, -179.995, -179.995])  # across the antimeridian
    latitudes = latitude + np.array([0.0, 0.0, 0.01])
    line = course(np.array([0, 3]), np.array([0, 1, 2], np.int32), np.ones(3, np.bool_))
    assert step_metres(line, longitudes, latitudes)[:2] == pytest.approx([east / 100, north / 100], rel=2e-5)


def test_ways_are_cut_where_they_meet_or_end() -> None:
    first, node = (
        np.array([0, 4, 6]),
        np.array([0, 1, 2, 3, 4, 2], np.int32),
    )  # the second way ends on the first
    line = course(first, node, np.ones(5, np.bool_))
    pieces = cut(line, 5, np.array([], np.int64))
    assert list(zip(pieces.first, pieces.last, strict=True)) == [(0, 2), (2, 3), (4, 5)]
    assert piece_metres(pieces, np.array([1.0, 2, 4, 0, 8, 0])).tolist() == [3, 4, 8]
    forced = cut(line, 5, np.array([1]))
    assert list(zip(forced.first, forced.last, strict=True)) == [(0, 1), (1, 2), (2, 3), (4, 5)]


def test_a_piece_takes_its_share_of_the_time_of_its_way() -> None:
    metres, kmh = np.array([1000.0, 1000.0, 1000.0, 0.0]), np.array([50.0, 0.0, 10.0, 90.0])
    share, seconds = np.array([1.0, 1.0, 0.25, 0.0]), np.array([0.0, 0.0, 3600.0, 0.0])
    assert piece_millis(metres, kmh, share, seconds).tolist() == [72_000, NEVER, 900_000, 1]
