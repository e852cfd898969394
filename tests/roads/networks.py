"""Small networks of roads for tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from overland.case.model import Case, NetworkFile
from overland.roads.network import NEVER, BorderPoint, Network, Segments
from overland.roads.network_file import write_network
from overland.roads.search.graph import in_millis


def network_of(
    nodes: Sequence[tuple[float, float]],
    roads: Sequence[tuple[int, int, int, int]],
    *,
    marks: Sequence[int] | None = None,
    borders: tuple[BorderPoint, ...] = (),
) -> Network:
    """A network of straight roads: nodes (longitude, latitude), roads (start, end, along ms, against ms).

    Ways are numbered 1000, 1001 … in the order given; roads are named after them.
    """
    at, count = np.array(nodes, dtype=float).reshape(-1, 2), len(roads)
    table = np.array(roads, dtype=np.int64).reshape(-1, 4)
    ends = table[:, :2]
    segments = Segments(
        start=ends[:, 0].astype(np.int32),
        end=ends[:, 1].astype(np.int32),
        metres=np.hypot(*(at[ends[:, 0]] - at[ends[:, 1]]).T) * 111_200,
        along=table[:, 2].astype(np.int32),
        against=table[:, 3].astype(np.int32),
        road_class=np.full(count, 2, dtype=np.int8),
        marks=np.array(marks if marks is not None else [0] * count, dtype=np.uint8),
        name=tuple(f"road {1000 + i}" for i in range(count)),
        way_first=np.arange(count + 1, dtype=np.int64),
        way=np.arange(1000, 1000 + count, dtype=np.int64),
        point_first=np.arange(0, 2 * count + 1, 2, dtype=np.int64),
        point=at[ends].reshape(-1, 2),
    )
    return Network.of(at[:, 0], at[:, 1], segments, borders, {"file": "made by a test"})


def grid_network(columns: int, rows: int, *, seed: int, kept: float = 0.9) -> Network:
    """A perturbed grid: some roads are missing, some one-way, all of random times."""
    random = np.random.default_rng(seed)
    number = np.arange(columns * rows).reshape(rows, columns)
    x, y = np.meshgrid(np.arange(columns), np.arange(rows))
    at = np.stack([x, y], axis=-1).reshape(-1, 2) + random.uniform(-0.3, 0.3, (columns * rows, 2))
    pairs = np.concatenate(
        [
            np.stack([number[:, :-1], number[:, 1:]], axis=-1).reshape(-1, 2),
            np.stack([number[:-1], number[1:]], axis=-1).reshape(-1, 2),
        ]
    )
    pairs = pairs[random.random(len(pairs)) < kept]
    along, against = random.integers(1_000, 60_000, (2, len(pairs)))
    against = np.where(random.random(len(pairs)) < 0.1, NEVER, against)
    roads = np.column_stack([pairs, along, against]).tolist()
    return network_of([tuple(p) for p in (20 + at / 100).tolist()], [tuple(r) for r in roads])


def off_the_parallel(case: Case) -> Case:
    """The same case with its towns at latitudes of their own, so that no road runs through another town."""
    return replace(
        case,
        places=tuple(replace(p, latitude=50.0 + 0.01 * i * i) for i, p in enumerate(case.places)),
        crossings=tuple(replace(x, latitude=49.9 - 0.02 * i) for i, x in enumerate(case.crossings)),
    )


def as_network(case: Case) -> Network:
    """The roads of a case as a network whose ways are numbered as they stand; a lonely town gets a stub."""
    at = {p.id: (p.longitude, p.latitude) for p in (*case.places, *case.crossings)}
    number = {name: i for i, name in enumerate(at)}
    nodes, roads = list(at.values()), []
    for one in case.roads:
        millis = in_millis(60 * one.km / case.policy.speeds_kmh[one.road_class])
        roads.append((number[one.start], number[one.end], millis, NEVER if one.one_way else millis))
    for lonely in set(number.values()) - {end for one in roads for end in one[:2]}:
        nodes.append((nodes[lonely][0], nodes[lonely][1] + 1e-4))
        roads.append((lonely, len(nodes) - 1, 1, 1))
    return network_of(nodes, roads)


def on_network(case: Case, folder: Path) -> Case:
    """The same case on its roads as a network."""
    way = {one.id: f"way/{1000 + i}" for i, one in enumerate(case.roads)}
    write_network(as_network(case), folder / "roads.parquet")
    return replace(
        case,
        roads=(),
        closures=tuple(replace(c, road=way[c.road]) for c in case.closures),
        corridors=tuple(replace(c, roads=tuple(way[r] for r in c.roads)) for c in case.corridors),
        network=NetworkFile(folder / "roads.parquet", "0" * 64),
    )
