"""A network as one GeoParquet file: a row a segment, which other programs can open as a map layer.

Needs the extra ``roads``. Columns: ``start``, ``end`` (node numbers), ``start_longitude`` … (their places),
``metres``, ``along_ms``, ``against_ms`` (null where it cannot be driven), ``road_class``, ``marks``,
``name``, ``ways``, ``geometry`` (WKB). Border points, stations and the source stand in its metadata.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from overland.errors import NetworkError
from overland.roads.network import CLASSES, NEVER, BorderPoint, Network, Segments, Station

if TYPE_CHECKING:
    import pyarrow as pa

KEY = b"overland"
FORMAT = 2  # 2: stations


def write_network(network: Network, path: Path) -> None:
    """Write a network to a file; it appears whole or not at all."""
    import pyarrow.parquet as pq

    table = _table(network)
    part = path.with_name(path.name + ".part")
    try:
        pq.write_table(table, part, compression="zstd")
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def read_network(path: Path) -> Network:
    """Read a network from a file.

    Raises
    ------
    NetworkError
        If the file is not there or is not a network.
    """
    if not path.is_file():
        raise NetworkError(f"{path}: there is no such file; `overland roads import` makes one from a map")
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ModuleNotFoundError as error:
        raise NetworkError(
            f"{path}: networks of real roads need pyarrow; `pip install overland[roads]` brings it"
        ) from error
    try:
        table = pq.read_table(path)
        about = json.loads(table.schema.metadata[KEY])
    except (pa.ArrowException, OSError, KeyError, TypeError, ValueError) as error:
        raise NetworkError(
            f"{path}: this is not a road network; `overland roads import` makes one from a map"
        ) from error
    if about["format"] != FORMAT:
        raise NetworkError(
            f"{path}: written by another version of Overland (format {about['format']}, not {FORMAT}); "
            "import the map again"
        )
    return _network(table, about)


def _table(network: Network) -> pa.Table:
    import pyarrow as pa

    segments = network.segments

    def time(values: np.ndarray[Any, Any]) -> pa.Array:
        return pa.array(values, mask=values == NEVER)

    columns = {
        "start": segments.start,
        "end": segments.end,
        "metres": segments.metres,
        "along_ms": time(segments.along),
        "against_ms": time(segments.against),
        "road_class": pa.DictionaryArray.from_arrays(segments.road_class, list(CLASSES)),
        "marks": segments.marks,
        "name": pa.array(segments.name, pa.string()).dictionary_encode(),
        "ways": pa.LargeListArray.from_arrays(segments.way_first, segments.way),
        "geometry": pa.array(shapely.to_wkb(segments.lines()), pa.binary()),
    }
    for end, nodes in (("start", segments.start), ("end", segments.end)):
        columns[f"{end}_longitude"] = network.longitude[nodes]
        columns[f"{end}_latitude"] = network.latitude[nodes]
    about = {
        "format": FORMAT,
        "nodes": len(network),
        "borders": [asdict(border) for border in network.borders],
        "stations": [asdict(station) for station in network.stations],
        "source": network.source,
    }
    geo = {
        "version": "1.0.0",
        "primary_column": "geometry",
        "columns": {"geometry": {"encoding": "WKB", "geometry_types": ["LineString"]}},
    }
    return pa.table(columns).replace_schema_metadata({KEY: json.dumps(about), b"geo": json.dumps(geo)})


def _network(table: pa.Table, about: dict[str, Any]) -> Network:
    def numbers(name: str) -> np.ndarray[Any, Any]:
        return np.asarray(table[name].combine_chunks())

    def times(name: str) -> np.ndarray[Any, Any]:
        return np.asarray(table[name].combine_chunks().fill_null(NEVER))

    lines = shapely.from_wkb(table["geometry"].combine_chunks().to_numpy(zero_copy_only=False))
    point, owner = shapely.get_coordinates(lines, return_index=True)
    ways = table["ways"].combine_chunks()
    classes = table["road_class"].combine_chunks()
    of_class = np.array([CLASSES.index(name) for name in classes.dictionary.to_pylist()], dtype=np.int8)
    start, end = numbers("start"), numbers("end")
    longitude, latitude = np.zeros(about["nodes"]), np.zeros(about["nodes"])
    for which, nodes in (("start", start), ("end", end)):
        longitude[nodes], latitude[nodes] = numbers(f"{which}_longitude"), numbers(f"{which}_latitude")
    segments = Segments(
        start=start,
        end=end,
        metres=numbers("metres"),
        along=times("along_ms").astype(np.int32),
        against=times("against_ms").astype(np.int32),
        road_class=of_class[classes.indices.to_numpy()] if len(of_class) else np.zeros(len(start), np.int8),
        marks=numbers("marks"),
        name=tuple(table["name"].to_pylist()),
        way_first=_first(np.asarray(ways.offsets)),
        way=np.asarray(ways.flatten()),
        point_first=np.searchsorted(owner, np.arange(len(start) + 1)).astype(np.int64),
        point=point,
    )
    borders = tuple(BorderPoint(**border) for border in about["borders"])
    stations = tuple(Station(**station) for station in about["stations"])
    return Network.of(longitude, latitude, segments, borders, about["source"], stations)


def _first(offsets: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return (offsets - offsets[0]).astype(np.int64) if len(offsets) else np.zeros(1, dtype=np.int64)
