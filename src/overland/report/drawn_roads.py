"""The roads of the map: drawn by hand in ``roads.csv``, or real ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from overland.case.model import Case
from overland.roads import RoadTimes, closed_times
from overland.roads.closings import closed_intervals, closings_of
from overland.roads.ground import Ground
from overland.roads.network import CLASSES

MOST_SEGMENTS = 6_000  # of real roads, the greatest first: more would make the page heavy
SIMPLER_DEGREES = 0.002  # what a line may be off the road

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class DrawnRoad:
    """A road of the map.

    Attributes
    ----------
    line : sequence of (float, float)
        Longitude and latitude.
    road_class : str
    tier : int
        0 for the fastest class of the map, 1 for the next, 2 for all others.
    closed : tuple of (float, float)
        When it is closed to everybody: minutes after the start.
    """

    line: Sequence[tuple[float, float]]
    road_class: str
    tier: int
    closed: tuple[Interval, ...] = ()


def drawn_roads(times: RoadTimes) -> list[DrawnRoad]:
    """The roads to draw."""
    return _by_hand(times.case, times) if times.ground is None else _real(times.case, times.ground)


def classes_by_tier(roads: list[DrawnRoad]) -> list[str]:
    """Names of the road classes drawn in each of the three ways."""
    return [", ".join(sorted({road.road_class for road in roads if road.tier == tier})) for tier in range(3)]


def _by_hand(case: Case, times: RoadTimes) -> list[DrawnRoad]:
    closed, tiers = closed_times(case), _tiers(case)
    return [
        DrawnRoad(
            (times.position(road.start), times.position(road.end)),
            road.road_class,
            tiers[road.road_class],
            tuple(closed.get(road.id, ())),
        )
        for road in case.roads
    ]


def _tiers(case: Case) -> dict[str, int]:
    used = {road.road_class for road in case.roads}
    speeds = {name: speed for name, speed in case.policy.speeds_kmh.items() if name in used}
    order = sorted(set(speeds.values()), reverse=True)
    tiers = {name: min(order.index(speed), 2) for name, speed in speeds.items()}
    return {name: tiers.get(name, 2) for name in used}


def _real(case: Case, ground: Ground) -> list[DrawnRoad]:
    from shapely import LineString

    segments = ground.network.segments
    closed = closed_intervals(ground.network, closings_of(case))
    order = np.lexsort((-segments.metres, segments.road_class))
    chosen = sorted({*order[:MOST_SEGMENTS].tolist(), *closed})
    ranks = np.unique(segments.road_class).tolist()
    return [
        DrawnRoad(
            LineString(segments.line(i)).simplify(SIMPLER_DEGREES, preserve_topology=False).coords[:],
            CLASSES[segments.road_class[i]],
            min(ranks.index(int(segments.road_class[i])), 2),
            tuple(closed.get(i, ())),
        )
        for i in chosen
    ]
