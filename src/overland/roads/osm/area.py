"""The area of an import: a box or a polygon that the user gives."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from overland.errors import NetworkError

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Area:
    """An area of the map; what lies on its edge is in it."""

    shape: shapely.Geometry
    said: str  # how the user gave it

    def contains(self, longitude: Floats, latitude: Floats) -> NDArray[np.bool_]:
        """Which points lie in it."""
        inside: NDArray[np.bool_] = shapely.intersects_xy(self.shape, longitude, latitude)
        return inside


def box(text: str) -> Area:
    """The area of ``west,south,east,north`` in degrees."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        west = south = east = north = np.nan
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise NetworkError(
            f"'{text}' is not a box: give west,south,east,north in degrees, such as 22.1,44.3,40.3,52.4"
        )
    return _prepared(shapely.box(west, south, east, north), text)


def polygon(path: Path) -> Area:
    """The area of all polygons of a GeoJSON file."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        json.loads(text)
        shapes = shapely.get_parts(shapely.get_parts(shapely.from_geojson(text)))
    except OSError as error:
        raise NetworkError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, shapely.errors.ShapelyError) as error:
        raise NetworkError(f"{path}: this is not GeoJSON: {error}") from error
    polygons = [shape for shape in shapes if shape.geom_type == "Polygon" and not shape.is_empty]
    if not polygons:
        raise NetworkError(f"{path}: there is no polygon in it; draw the area as a Polygon or MultiPolygon")
    return _prepared(shapely.union_all(shapely.make_valid(polygons)), path.name)


def _prepared(shape: shapely.Geometry, said: str) -> Area:
    shapely.prepare(shape)
    return Area(shape, said)
