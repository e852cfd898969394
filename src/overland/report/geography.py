"""The map's plane: a conformal projection, and the outlines of countries."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files

from shapely import Polygon, box
from shapely.ops import polylabel, unary_union

from overland.case.model import Case

WIDTH = 1000.0  # map units across what the case covers
MARGIN = 0.04  # of the width, kept free around the case
NEAREST = 0.5  # degrees; a case smaller than this is not enlarged any further


@dataclass(frozen=True, slots=True)
class Projection:
    """Lambert's conformal conic projection with one standard parallel, or Mercator's near the equator.

    Attributes
    ----------
    parallel, meridian : float
        The point in the middle (radians).
    scale : float
        Map units per radian at the middle.
    west, north : float
        Offset that puts the top left corner of the case at (0, 0).
    """

    parallel: float
    meridian: float
    scale: float = 1.0
    west: float = 0.0
    north: float = 0.0

    def __call__(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Map a point (degrees) to map units; y grows to the south."""
        x, y = self._plane(math.radians(longitude), math.radians(max(-89.0, min(89.0, latitude))))
        return round(x * self.scale - self.west, 1), round(y * self.scale - self.north, 1)

    def _plane(self, longitude: float, latitude: float) -> tuple[float, float]:
        turn = math.remainder(longitude - self.meridian, math.tau)
        cone = math.sin(self.parallel)
        if abs(cone) < 0.02:
            return turn, -math.asinh(math.tan(latitude))
        ratio = math.tan(math.pi / 4 + self.parallel / 2) / math.tan(math.pi / 4 + latitude / 2)
        middle = math.cos(self.parallel) / cone
        radius = middle * ratio**cone
        return radius * math.sin(cone * turn), radius * math.cos(cone * turn) - middle


@dataclass(frozen=True, slots=True)
class Frame:
    """A projection and the rectangle (map units) that shows the whole case."""

    project: Projection
    width: float
    height: float

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, width and height with the margin."""
        pad = MARGIN * max(self.width, self.height)
        return -pad, -pad, self.width + 2 * pad, self.height + 2 * pad


def frame_of(case: Case) -> Frame:
    """The frame that shows every place and crossing of a case."""
    points = [(p.longitude, p.latitude) for p in case.places]
    points += [(x.longitude, x.latitude) for x in case.crossings]
    return frame_around(points, NEAREST)


def frame_around(points: Sequence[tuple[float, float]], nearest: float = 0.01) -> Frame:
    """The frame that shows some points (longitude, latitude), at least ``nearest`` degrees wide and high."""
    west, east = _widened([longitude for longitude, _ in points], nearest)
    south, north = _widened([latitude for _, latitude in points], nearest)
    plain = Projection(math.radians((south + north) / 2), math.radians((west + east) / 2))
    # The sides of the rectangle in degrees are bent by the projection: the corners alone do not bound it.
    edge = [
        plain._plane(
            math.radians(west + (east - west) * i / 8), math.radians(south + (north - south) * j / 8)
        )
        for i in range(9)
        for j in range(9)
        if i in (0, 8) or j in (0, 8)
    ]
    left, top = min(x for x, _ in edge), min(y for _, y in edge)
    width, height = max(x for x, _ in edge) - left, max(y for _, y in edge) - top
    scale = WIDTH / width
    project = Projection(plain.parallel, plain.meridian, scale, left * scale, top * scale)
    return Frame(project, WIDTH, height * scale)


def _widened(values: list[float], nearest: float) -> tuple[float, float]:
    """Least and greatest of the values, at least a small distance apart."""
    low, high = (min(values), max(values)) if values else (0.0, 0.0)
    lacking = max(0.0, nearest - (high - low)) / 2
    return low - lacking, high + lacking


def outline_paths(project: Projection) -> dict[str, str]:
    """Country (ISO alpha-2) → SVG path data of its outline."""
    return {
        country: "".join(path_of(ring, closed=True) for ring in rings)
        for country, rings in _rings(project).items()
    }


@dataclass(frozen=True, slots=True)
class CountryLabel:
    """Where the name of a country fits on the map, in map units."""

    country: str
    x: float
    y: float


def country_labels(frame: Frame) -> list[CountryLabel]:
    """The point of each country that is farthest from its borders and from the edge of the map."""
    left, top, width, height = frame.box
    visible = box(left, top, left + width, top + height)
    labels = []
    for country, rings in _rings(frame.project).items():
        shape = unary_union([Polygon(ring).buffer(0) for ring in rings if len(ring) >= 3]).intersection(
            visible
        )
        pieces = [piece for piece in getattr(shape, "geoms", [shape]) if isinstance(piece, Polygon)]
        if pieces and (largest := max(pieces, key=lambda piece: piece.area)).area > 400:
            point = polylabel(largest, tolerance=4)
            labels.append(CountryLabel(country, round(point.x, 1), round(point.y, 1)))
    return labels


def _rings(project: Projection) -> dict[str, list[list[tuple[float, float]]]]:
    """Country → its rings in map units."""
    text = files("overland.report").joinpath("data/outlines.json").read_text(encoding="utf-8")
    document = json.loads(text)
    scale: int = document["scale"]
    return {
        country: [
            [project(*point) for point in _points_of(ring, scale)] for polygon in polygons for ring in polygon
        ]
        for country, polygons in document["countries"].items()
    }


def _points_of(ring: list[int], scale: int) -> Iterable[tuple[float, float]]:
    """Undo the differences in which a ring is stored (see ``scripts/make-outlines``)."""
    x = y = 0
    for dx, dy in zip(ring[::2], ring[1::2], strict=True):
        x, y = x + dx, y + dy
        yield x / scale, y / scale


def path_of(points: Iterable[tuple[float, float]], *, closed: bool = False) -> str:
    """SVG path data through points in map units."""
    pairs = [f"{x:g},{y:g}" for x, y in points]
    return ("M" + "L".join(pairs) + ("Z" if closed else "")) if pairs else ""
