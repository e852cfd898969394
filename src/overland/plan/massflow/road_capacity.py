"""What real roads let through: a flow network of a network made by ``overland roads import``.

Maps say little of lanes, so capacity comes from the class of a road. The table is an assumption: vehicles an
hour and lane in heavy but moving traffic, below what handbooks give for ideal conditions, since evacuations
were seen to stay below it. Nobody drives against the traffic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from overland.errors import FlowError
from overland.plan.massflow.flow_network import FlowNetwork
from overland.plan.massflow.road_places import PlaceOnEarth
from overland.roads.network import CLASSES, NEVER, Network
from overland.roads.search.buckets import FARTHEST
from overland.roads.search.fastest import times_to_all
from overland.roads.snapping import snap

PERSONS_PER_VEHICLE = 2.5


@dataclass(frozen=True, slots=True)
class Lanes:
    """Of one direction of a road."""

    vehicles_per_hour: float  # and lane
    lanes: int


CAPACITY = {
    "motorway": Lanes(1600, 2),
    "trunk": Lanes(1400, 2),
    "primary": Lanes(1000, 1),
    "secondary": Lanes(800, 1),
    "tertiary": Lanes(600, 1),
    "minor": Lanes(300, 1),
    "ferry": Lanes(60, 1),
}
"""By class of road."""


def persons_per_step(step_seconds: float) -> NDArray[np.int64]:
    """Persons who may enter a road of each class in one step: rounded down, at least one."""
    rates = [CAPACITY[name] if name in CAPACITY else Lanes(0, 0) for name in CLASSES]
    persons = (
        np.array([r.vehicles_per_hour * r.lanes for r in rates]) * PERSONS_PER_VEHICLE * step_seconds / 3600
    )
    return np.where(persons > 0, np.maximum(1, np.floor(persons + 1e-9)), 0).astype(np.int64)


def flow_network_of_roads(
    roads: Network,
    sources: Sequence[PlaceOnEarth],
    sinks: Sequence[PlaceOnEarth] | None,
    step_seconds: float = 60.0,
) -> FlowNetwork:
    """The flow network of real roads.

    People set out from the nearer end of the segment nearest to them. Free-flow times become steps by how far
    the ends of a road are from safety, see :func:`transit_steps`.

    Parameters
    ----------
    roads : Network
    sources : sequence of PlaceOnEarth
    sinks : sequence of PlaceOnEarth, optional
        Where people are safe; the border points of the network if it is not given.
    step_seconds : float

    Raises
    ------
    FlowError
        If there is nowhere to go, or the roads are railways.
    NetworkError
        If a place is far from any road.
    """
    if sinks is None and not roads.borders:
        raise FlowError("the roads have no border points; name safe places with --safe")
    safe = [border.node for border in roads.borders] if sinks is None else _nodes(roads, sinks)
    supply: dict[int, int] = {}
    for place, node in zip(sources, _nodes(roads, sources), strict=True):
        supply[node] = supply.get(node, 0) + place.people
    capacity = persons_per_step(step_seconds)[roads.segments.road_class[roads.segment]]
    if not capacity.all():
        raise FlowError("these are railways, which have no capacity of their own; import roads")
    arcs = np.stack(
        [
            np.repeat(np.arange(len(roads)), np.diff(roads.first)),
            roads.head,
            capacity,
            transit_steps(roads, safe, step_seconds),
        ],
        axis=1,
    ).astype(np.int64)
    names = [f"n{node}" for node in range(len(roads))]
    return FlowNetwork.of(names, arcs, supply, safe)


def transit_steps(roads: Network, safe: Sequence[int], step_seconds: float) -> NDArray[np.int64]:
    """Steps that each arc takes: the full steps to safety from its start, less those from its end.

    Rounding each arc by itself would let people drive through a city of short segments in no time. So, on a
    fastest way to safety the steps add up to its whole time, rounded down once.
    """
    step = round(1000 * step_seconds)
    nearest = np.full(len(roads), FARTHEST, dtype=np.int64)
    for node in sorted(set(safe)):
        times = times_to_all(roads, [node], backward=True)[0]
        nearest = np.where(times == NEVER, nearest, np.minimum(nearest, times))
    beyond = nearest[roads.head]
    return (beyond + roads.millis) // step - beyond // step


def _nodes(roads: Network, places: Sequence[PlaceOnEarth]) -> list[int]:
    snaps = snap(roads, [(place.name, place.longitude, place.latitude) for place in places])
    segments = roads.segments
    return [int((segments.start if s.share <= 0.5 else segments.end)[s.segment]) for s in snaps]
