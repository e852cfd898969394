"""A picture of a network of real roads: what is closed, and a route; an SVG file that needs nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np
import shapely
from numpy.typing import NDArray

from overland.errors import UsageError
from overland.report.geography import Frame, frame_around, outline_paths, path_of
from overland.roads.network import BRIDGE, CLASSES, FERRY, Network
from overland.roads.snapping import METRES_PER_DEGREE

SIMPLER = 0.35  # map units that a drawn line may be off the road
WIDTHS = {"motorway": 3.0, "trunk": 2.6, "primary": 2.1, "secondary": 1.5, "tertiary": 1.1}
THIN = 0.8  # pixels
WORDS = {
    "motorway": "motorway",
    "trunk": "trunk road",
    "primary": "primary road",
    "secondary": "secondary road",
    "tertiary": "tertiary road",
    "minor": "minor road",
    "ferry": "ferry",
    "rail": "railway",
    "bridge": "bridge",
    "closed": "closed then",
}
"""Kinds of lines, in the words of the legend and in the order of it."""

STYLE = """
.ground{fill:#fbfaf6}.land{fill:none;stroke:#b9c1c9;stroke-width:1.2}
path,line{fill:none;stroke-linejoin:round;stroke-linecap:round;vector-effect:non-scaling-stroke}
.road{stroke:#98917f}.motorway,.trunk{stroke:#4c5563}.primary{stroke:#6f6a5c}
.rail{stroke:#7a4a86;stroke-dasharray:6 3}.ferry{stroke:#3f7cb8;stroke-dasharray:4 4}
.bridge{stroke:#c98500;stroke-width:3}.road.closed{stroke:#c8102e;stroke-width:3.4}
.route{stroke:#0b5fae;stroke-width:5;stroke-opacity:.8}
.border{fill:#fff;stroke:#00734f;stroke-width:2;vector-effect:non-scaling-stroke}
.scale{stroke:#223;stroke-width:2}
text{font-family:system-ui,sans-serif;fill:#223}
"""


def write_roadmap(
    network: Network, path: Path, closed: Collection[int] = (), route: NDArray[np.float64] | None = None
) -> None:
    """Draw a network.

    Parameters
    ----------
    closed : collection of int
        Segments to draw as closed.
    route : float64 (points, 2), optional
        Longitude and latitude of a way to draw on top.

    Raises
    ------
    UsageError
        If the file cannot be written.
    """
    text = roadmap(network, closed, route)
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)


def roadmap(network: Network, closed: Collection[int], route: NDArray[np.float64] | None) -> str:
    """The picture as SVG."""
    points = network.segments.point
    corners = [points.min(axis=0), points.max(axis=0)] if len(points) else []
    frame = frame_around([(float(x), float(y)) for x, y in corners])
    left, top, width, height = frame.box
    letter = max(width, height) / 70  # height of a line of text
    roads = _roads(network, frame, set(closed))
    layers = [
        f'<rect class="ground" x="{left}" y="{top}" width="{width}" height="{height}"/>',
        *(f'<path class="land" d="{outline}"/>' for outline in outline_paths(frame.project).values()),
        *roads.values(),
    ]
    if route is not None and len(route):
        layers.append(f'<path class="route" d="{_path(frame, route)}"><title>route</title></path>')
    for border in network.borders:
        x, y = frame.project(border.longitude, border.latitude)
        name = escape(border.name or "border control")
        layers.append(
            f'<circle class="border" cx="{x}" cy="{y}" r="{letter / 4:g}"><title>{name}</title></circle>'
        )
    kinds = [kind for kind in WORDS if kind in roads]
    layers += _legend(kinds, left + letter, top + 2 * letter, letter)
    if credit := network.source.get("attribution"):
        layers.append(
            f'<text x="{left + width - letter:g}" y="{top + height - letter:g}" text-anchor="end" '
            f'font-size="{0.7 * letter:g}">{escape(credit)}</text>'
        )
    layers += _scale(frame, corners, left + letter, top + height - letter, letter)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left} {top} {width} {height}" role="img">'
        f"<title>Road network</title><style>{STYLE}</style>\n" + "\n".join(layers) + "\n</svg>\n"
    )


def _legend(kinds: list[str], x: float, y: float, letter: float) -> list[str]:
    rows = []
    for kind in kinds:
        width = WIDTHS.get(kind, THIN)
        rows += [
            f'<line class="road {kind}" stroke-width="{width}" x1="{x:g}" y1="{y - letter / 3:g}" '
            f'x2="{x + 2.5 * letter:g}" y2="{y - letter / 3:g}"/>',
            f'<text x="{x + 3 * letter:g}" y="{y:g}" font-size="{letter:g}">{WORDS[kind]}</text>',
        ]
        y += 1.5 * letter
    return rows


def _scale(frame: Frame, corners: list[NDArray[np.float64]], x: float, y: float, letter: float) -> list[str]:
    """A bar as long as a round number of kilometres."""
    if not corners:
        return []
    middle = (corners[0] + corners[1]) / 2
    south = frame.project(float(middle[0]), float(middle[1]) - 0.01)
    north = frame.project(float(middle[0]), float(middle[1]) + 0.01)
    unit = (south[1] - north[1]) / (0.02 * METRES_PER_DEGREE / 1000)  # map units of a kilometre
    km = max(k * 10**n for n in range(-2, 4) for k in (1, 2, 5) if k * 10**n * unit <= frame.width / 3)
    return [
        f'<line class="scale" x1="{x:g}" y1="{y:g}" x2="{x + km * unit:g}" y2="{y:g}"/>',
        f'<text x="{x:g}" y="{y - letter / 2:g}" font-size="{letter:g}">{km:g} km</text>',
    ]


def _roads(network: Network, frame: Frame, closed: set[int]) -> dict[str, str]:
    """One path for each kind of line, the greatest roads on top, then bridges and what is closed."""
    segments = network.segments
    kinds: dict[str, list[str]] = defaultdict(list)
    for i in range(len(segments)):
        path = _path(frame, segments.line(i))
        kind = "ferry" if segments.marks[i] & FERRY else CLASSES[segments.road_class[i]]
        kinds["closed" if i in closed else kind].append(path)
        if segments.marks[i] & BRIDGE and i not in closed:
            kinds["bridge"].append(path)
    drawn = [kind for kind in (*reversed(CLASSES), "bridge", "closed") if kinds[kind]]
    return {
        kind: f'<path class="road {kind}" stroke-width="{WIDTHS.get(kind, THIN)}" d="{paths}"/>'
        for kind in drawn
        for paths in ["".join(kinds[kind])]
    }


def _path(frame: Frame, line: NDArray[np.float64]) -> str:
    plane = shapely.LineString([frame.project(x, y) for x, y in line.tolist()])
    return path_of(plane.simplify(SIMPLER, preserve_topology=False).coords)
