"""From an OpenStreetMap extract to a network of roads or railways.

Only the largest part of the network in which every node can be reached from every other is kept: whoever is
on a road must be able to go on and a bus must come back, so a part that can only be entered or only be left
is of no use to a plan. Turn restrictions, conditions by time of day and barriers on nodes are not looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from overland.errors import NetworkError
from overland.roads.network import CLASSES, BorderPoint, Network, Station
from overland.roads.osm import tags
from overland.roads.osm.area import Area
from overland.roads.osm.assembly import Graph, Lengths
from overland.roads.osm.extract import (
    MapPoint,
    Show,
    Ways,
    check_extract,
    extract_date,
    read_locations,
    read_ways,
)
from overland.roads.osm.nearest_node import nearest
from overland.roads.osm.pieces import Course, course
from overland.roads.osm.speeds import Speeds

Ints = NDArray[np.int64]
Nodes = NDArray[np.int32]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

DEFAULT_CLASSES = (*CLASSES[:5], "ferry")
_REMEDY = "ask for more with --classes, or take another extract"
ATTRIBUTION = "© OpenStreetMap contributors, Open Database License 1.0"


class Layer(NamedTuple):
    """What an import looks for on the map."""

    points: tuple[tuple[str, str], ...]
    within_metres: float  # a point farther from the network is left out


LAYERS = {
    "road": Layer((("barrier", "border_control"), ("amenity", "border_control")), 300.0),
    "rail": Layer((("railway", "station"), ("railway", "halt")), 500.0),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the map is wanted: classes of roads (``("rail",)`` for railways), an area, speeds."""

    classes: tuple[str, ...]
    speeds: Speeds
    area: Area | None = None

    @property
    def layer(self) -> str:
        """``road`` or ``rail``."""
        return "rail" if self.classes == ("rail",) else "road"


@dataclass(frozen=True, slots=True)
class Dropped:
    """What was left out because not all of the network can reach it and be reached from it."""

    nodes: int  # where pieces meet or end
    pieces: int
    metres: float
    points: int  # control points or stations too far from what was kept


def parse_classes(text: str) -> tuple[str, ...]:
    """Classes of roads from ``motorway..tertiary`` (with all between), a list with commas, or both.

    A range also brings ferries along, since roads go on across the water; a list says itself whether it does.
    """
    chosen: set[str] = set()
    for part in text.split(","):
        first, dots, last = (name.strip() for name in part.partition(".."))
        for name in (first, last) if dots else (first,):
            if name not in CLASSES[:-1]:
                raise NetworkError(
                    f"'{name}' is not a class of roads; there are {', '.join(CLASSES[:-1])}, and ranges "
                    "such as motorway..tertiary (for railways: --layer rail)"
                )
        low, high = CLASSES.index(first), CLASSES.index(last or first)
        if high < low:
            raise NetworkError(f"'{part}' runs backwards; write {last}..{first}")
        chosen.update(CLASSES[low : high + 1], ("ferry",) if dots else ())
    return tuple(name for name in CLASSES if name in chosen)


def import_network(path: Path, wanted: Wanted, show: Show) -> tuple[Network, Dropped]:
    """The network of an extract, and what was dropped from it.

    Raises
    ------
    NetworkError
        If the extract cannot be read or has nothing of what is wanted.
    """
    check_extract(path)
    ways = _ways(path, wanted, show)
    if not len(ways.identifier):
        raise NetworkError(f"{path}: no {_what(wanted)} in this extract; {_REMEDY}")
    identifier, vertex = np.unique(ways.node, return_inverse=True)
    longitude, latitude = read_locations(path, identifier, show)
    show("network", 0, None)
    whole = course(ways.first, vertex.astype(np.int32), ~np.isnan(longitude))
    lengths = Lengths.of(whole, longitude, latitude, len(ways.identifier))
    points = ways.points
    if wanted.area is not None:
        whole, points = _inside(whole, points, wanted.area, longitude, latitude)
    if not whole.linked.any():
        lies = "in the area" if wanted.area is not None else "with known places (is the file whole?)"
        raise NetworkError(f"{path}: no {_what(wanted)} {lies}; {_REMEDY}")
    graph = Graph.of(ways, whole, lengths, len(identifier), np.zeros(0, np.int64))
    kept = graph.largest_part()
    if not kept.any():
        raise NetworkError(f"{path}: on no {_what(wanted)} can one drive there and back; {_REMEDY}")
    course_kept = whole.only(graph.pieces.steps(kept, len(whole.node)))
    reached = _reached(
        course_kept, points, (identifier, longitude, latitude), LAYERS[wanted.layer].within_metres
    )
    forced = np.unique(reached[reached >= 0])
    final = Graph.of(ways, course_kept, lengths, len(identifier), forced)
    segments, of_node = final.segments(ways, forced, longitude, latitude)
    dropped = Dropped(
        nodes=len(graph.vertex) - len(np.unique([graph.start[kept], graph.end[kept]])),
        pieces=int((~kept).sum()),
        metres=float(graph.metres[~kept].sum()),
        points=len(points) - len(forced),
    )
    landmarks = _landmarks(points, reached, of_node, BorderPoint if wanted.layer == "road" else Station)
    return (
        Network.of(
            longitude[of_node],
            latitude[of_node],
            segments,
            tuple(mark for mark in landmarks if isinstance(mark, BorderPoint)),
            _source(path, wanted, dropped),
            tuple(mark for mark in landmarks if isinstance(mark, Station)),
        ),
        dropped,
    )


def _ways(path: Path, wanted: Wanted, show: Show) -> Ways:
    values: dict[str, list[str]] = {}
    if wanted.layer == "rail":
        values["railway"] = ["rail"]
    else:
        highways = [value for value, name in tags.HIGHWAYS.items() if name in wanted.classes]
        values |= {"highway": highways} if highways else {}
        values |= {"route": ["ferry"]} if "ferry" in wanted.classes else {}
    of_layer = LAYERS[wanted.layer].points
    meaning = tags.railway if wanted.layer == "rail" else tags.road
    return read_ways(path, values, of_layer, lambda of: meaning(of, wanted.speeds), show)


def _inside(
    whole: Course, points: list[MapPoint], area: Area, longitude: Floats, latitude: Floats
) -> tuple[Course, list[MapPoint]]:
    """What of a course and of some points lies in an area; a step does if both its ends do."""
    inside = area.contains(longitude, latitude)[whole.node]
    both = inside & np.append(inside[1:], False)
    at = np.array([(point.longitude, point.latitude) for point in points], dtype=float).reshape(-1, 2)
    within = area.contains(at[:, 0], at[:, 1])
    return whole.only(both), [point for point, lies in zip(points, within, strict=True) if lies]


def _reached(
    kept: Course, points: list[MapPoint], vertices: tuple[Ints, Floats, Floats], within_metres: float
) -> Ints:
    """Vertex at which each point is reached: the nearest one on a kept road; -1 if none is near.

    Of several points at one vertex (lanes of a checkpoint) only one counts: on the road, then with a name.
    """
    identifier, longitude, latitude = vertices
    if not points:
        return np.zeros(0, dtype=np.int64)
    on_road = np.unique(kept.node[kept.used()])
    near, metres = nearest(
        longitude[on_road], latitude[on_road], [(p.longitude, p.latitude) for p in points], within_metres
    )
    vertex = np.where(near >= 0, on_road[near], -1).astype(np.int64)
    own = np.minimum(np.searchsorted(identifier, [p.identifier for p in points]), len(identifier) - 1)
    exact = (identifier[own] == [p.identifier for p in points]) & np.isin(own, on_road)
    vertex[exact], metres[exact] = own[exact], 0.0
    taken: set[int] = set()
    for i in sorted(range(len(points)), key=lambda i: (not exact[i], not points[i].name, metres[i])):
        if int(vertex[i]) in taken:
            vertex[i] = -1
        taken.add(int(vertex[i]))
    return vertex


def _landmarks(
    points: list[MapPoint], reached: Ints, of_node: Ints, kind: type[BorderPoint] | type[Station]
) -> list[BorderPoint | Station]:
    node = np.searchsorted(of_node, reached)
    return [
        kind(int(node[i]), point.longitude, point.latitude, point.name, point.identifier)
        for i, point in enumerate(points)
        if reached[i] >= 0
    ]


def _what(wanted: Wanted) -> str:
    return (
        "railway" if wanted.layer == "rail" else f"road or ferry of the classes {', '.join(wanted.classes)}"
    )


def _source(path: Path, wanted: Wanted, dropped: Dropped) -> dict[str, str]:
    """Where a network comes from, for those who get its file."""
    return {
        "file": path.name,
        "date": extract_date(path),
        "attribution": ATTRIBUTION,
        "classes": ", ".join(wanted.classes),
        "area": wanted.area.said if wanted.area is not None else "",
        "country": wanted.speeds.country,
        "dropped": (
            f"{dropped.nodes} nodes, {dropped.pieces} pieces of road, {dropped.metres / 1000:.1f} km not "
            f"connected both ways with the largest part; {dropped.points} border points or stations off it"
        ),
    }
