"""Reading an OpenStreetMap extract: the ways one can drive on, where their nodes lie, and control points.

Two passes: the first reads the ways, which say what nodes are needed; the second where those lie. So memory
follows the network that is asked for, not the file. (pyosmium's own filter by identifier takes a bit for
every node there is on earth, and its index of locations 16 bytes for every node of the file.)
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
import osmium
from numpy.typing import NDArray

from overland.errors import NetworkError
from overland.roads.osm.pbf_nodes import UnreadableBlockError, node_blocks
from overland.roads.osm.tags import Meaning, Tags

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

Show = Callable[[str, float, float | None], None]
"""Called with the stage, how much of it is done and how much there is to do (None: not known)."""

EVERY = 20_000  # objects between two calls of Show


class MapPoint(NamedTuple):
    """A node of the map that is of interest by itself: a border control or a station."""

    identifier: int
    longitude: float
    latitude: float
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """Ways of the map that belong to the network.

    Attributes
    ----------
    identifier : int64 (ways,)
    first, node : int64 (ways + 1,), int64
        Identifiers of the nodes that a way runs through are ``node[first[i]:first[i + 1]]``.
    road_class, marks : int8, uint8 (ways,)
    along, against : float64 (ways,)
        Speed in km/h; 0 where one may not drive.
    seconds : float64 (ways,)
        Time for the whole way, where the map gives one; else 0.
    name, names : int32 (ways,), tuple of str
        A way is called ``names[name[i]]``.
    points : list of MapPoint
    """

    identifier: Ints
    first: Ints
    node: Ints
    road_class: NDArray[np.int8]
    marks: NDArray[np.uint8]
    along: Floats
    against: Floats
    seconds: Floats
    name: NDArray[np.int32]
    names: tuple[str, ...]
    points: list[MapPoint]


@dataclass(slots=True)
class _Gathered:
    """Ways while they are read: flat arrays, since a list of numbers takes five times the memory."""

    identifier: array[int] = field(default_factory=lambda: array("q"))
    length: array[int] = field(default_factory=lambda: array("q"))
    node: array[int] = field(default_factory=lambda: array("q"))
    meaning: array[float] = field(default_factory=lambda: array("d"))
    name: array[int] = field(default_factory=lambda: array("i"))
    names: dict[str, int] = field(default_factory=dict)
    points: list[MapPoint] = field(default_factory=list)

    def add(self, identifier: int, nodes: list[int], meaning: Meaning) -> None:
        self.identifier.append(identifier)
        self.length.append(len(nodes))
        self.node.extend(nodes)
        self.meaning.extend(meaning[:5])
        self.name.append(self.names.setdefault(meaning.name, len(self.names)))

    def ways(self) -> Ways:
        meaning = np.frombuffer(self.meaning, dtype=np.float64).reshape(-1, 5)
        length = np.frombuffer(self.length, dtype=np.int64)
        return Ways(
            identifier=np.frombuffer(self.identifier, dtype=np.int64),
            first=np.concatenate([[0], np.cumsum(length)]).astype(np.int64),
            node=np.frombuffer(self.node, dtype=np.int64),
            road_class=meaning[:, 0].astype(np.int8),
            marks=meaning[:, 1].astype(np.uint8),
            along=meaning[:, 2].copy(),
            against=meaning[:, 3].copy(),
            seconds=meaning[:, 4].copy(),
            name=np.frombuffer(self.name, dtype=np.int32),
            names=tuple(self.names),
            points=self.points,
        )


def read_ways(
    path: Path,
    values: dict[str, list[str]],
    points: tuple[tuple[str, str], ...],
    meaning: Callable[[Tags], Meaning | None],
    show: Show,
) -> Ways:
    """The ways whose tag of some key has one of some values and that mean something; nodes with some tags."""
    of_ways = osmium.filter.TagFilter(*((key, value) for key, listed in values.items() for value in listed))
    of_ways.enable_for(osmium.osm.WAY)
    of_nodes = osmium.filter.TagFilter(*points)
    of_nodes.enable_for(osmium.osm.NODE)
    gathered = _Gathered()
    with _reading(path):
        both = osmium.FileProcessor(_pbf(path), osmium.osm.NODE | osmium.osm.WAY)
        for count, entity in enumerate(both.with_filter(of_nodes).with_filter(of_ways)):
            if count % EVERY == 0:
                show("roads", count, None)
            tags = dict(entity.tags)
            if isinstance(entity, osmium.osm.Way):
                if (means := meaning(tags)) is not None:
                    gathered.add(entity.id, [node.ref for node in entity.nodes], means)
            elif isinstance(entity, osmium.osm.Node) and entity.location.valid():
                at = entity.location
                gathered.points.append(MapPoint(entity.id, at.lon, at.lat, tags.get("name", "")))
    return gathered.ways()


def read_locations(path: Path, wanted: Ints, show: Show) -> tuple[Floats, Floats]:
    """Longitude and latitude of nodes by their identifiers (sorted, each once); NaN where there is none."""
    longitude, latitude = np.full(len(wanted), np.nan), np.full(len(wanted), np.nan)
    last_shown = 0.0
    for read, identifier, x, y in _blocks(path):
        low, high = np.searchsorted(wanted, [identifier.min(initial=0), identifier.max(initial=-1) + 1])
        if low < high:
            at = np.minimum(low + np.searchsorted(wanted[low:high], identifier), high - 1)
            found = wanted[at] == identifier
            longitude[at[found]], latitude[at[found]] = x[found], y[found]
        if read - last_shown > 0.01:
            last_shown = read
            show("locations", read, 1.0)
    return longitude, latitude


def _blocks(path: Path) -> Iterator[tuple[float, Ints, Floats, Floats]]:
    """All nodes, block by block; those of blocks packed in a rarer way through pyosmium, which is slower."""
    try:
        yield from node_blocks(path)
    except UnreadableBlockError:
        yield from _blocks_by_osmium(path)


def _blocks_by_osmium(path: Path) -> Iterator[tuple[float, Ints, Floats, Floats]]:
    with _reading(path):
        nodes = iter(osmium.FileProcessor(_pbf(path), osmium.osm.NODE))
        while batch := [
            (node.id, node.location.lon_without_check(), node.location.lat_without_check())
            for node in islice(nodes, EVERY)
            if isinstance(node, osmium.osm.Node)
        ]:
            table = np.array(batch, dtype=np.float64)
            yield 0.0, np.array([row[0] for row in batch], dtype=np.int64), table[:, 1], table[:, 2]


def check_extract(path: Path) -> None:
    """See whether a file looks like a PBF at all, so that what is wrong can be said plainly.

    Raises
    ------
    NetworkError
        If it does not.
    """
    if not path.exists():
        raise NetworkError(f"{path}: there is no such file; give an OpenStreetMap extract (.osm.pbf)")
    if not path.is_file():
        raise NetworkError(f"{path}: this is not a file; give an OpenStreetMap extract (.osm.pbf)")
    with path.open("rb") as file:
        start = file.read(64)
    if not start:
        raise NetworkError(f"{path}: the file is empty; download the extract again")
    if start[6:15] != b"OSMHeader":  # the first header's type, after its length
        known = {
            b"<": "XML or a web page",
            b"\x1f\x8b": "compressed with gzip",
            b"BZ": "compressed with bzip2",
        }
        what = next((name for magic, name in known.items() if start.startswith(magic)), "something else")
        raise NetworkError(
            f"{path}: this is not an OpenStreetMap extract in PBF but {what}; "
            "download the .osm.pbf, or make it with `osmium cat FILE -o FILE.osm.pbf`"
        )


def extract_date(path: Path) -> str:
    """State of the map in an extract, as its header says; empty where it does not."""
    with _reading(path), osmium.io.Reader(_pbf(path), osmium.osm.NOTHING) as reader:
        return str(reader.header().get("osmosis_replication_timestamp", ""))


def _pbf(path: Path) -> osmium.io.File:
    """The file as PBF, whatever it is called."""
    return osmium.io.File(str(path), "pbf")


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """What the reader finds wrong with the file becomes a message."""
    try:
        yield
    except (RuntimeError, ValueError) as error:
        raise NetworkError(
            f"{path}: the file is damaged or not whole ({error}); download the extract again"
        ) from error
