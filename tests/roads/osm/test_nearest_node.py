"""The vertex nearest to a place."""

from __future__ import annotations

import numpy as np
import pytest

from overland.roads.osm.nearest_node import nearest


def test_the_nearest_is_that_of_looking_at_all() -> None:
    random = np.random.default_rng(3)
    longitude, latitude = 24 + random.uniform(0, 0.05, 800), 49 + random.uniform(0, 0.03, 800)
    places = list(zip(24 + random.uniform(0, 0.05, 50), 49 + random.uniform(0, 0.03, 50), strict=True))
    vertex, metres = nearest(longitude, latitude, places, 60)
    for (east, north), found, away in zip(places, vertex, metres, strict=True):
        north_metres = 111_195 * (latitude - north)
        east_metres = 111_195 * np.cos(np.radians(north)) * (longitude - east)
        all_of_them = np.hypot(north_metres, east_metres)
        if all_of_them.min() > 60:
            assert (found, away) == (-1, np.inf)
        else:
            assert found == np.argmin(all_of_them)
            assert away == pytest.approx(all_of_them.min())
    assert 0 < (vertex < 0).sum() < 50


def test_the_antimeridian_is_no_border() -> None:
    vertex, metres = nearest(np.array([179.9995]), np.array([0.0]), [(-179.9995, 0.0)], 200)
    assert vertex.tolist() == [0]
    assert metres[0] == pytest.approx(111.2, abs=0.1)
