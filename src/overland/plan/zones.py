"""A coarse view of places, stations, steps and vehicles, in which the master programme looks for prices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from overland.plan.problem import Problem

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Zones:
    """A coarse view of places, stations, steps and vehicle types."""

    place: Ints  # (places,) call zone
    station: Ints  # (stations,) back zone
    bucket: Ints  # (T + 1,)
    middle: Ints  # (buckets,) step in the middle of each bucket
    vehicle: Ints  # (types,) class of vehicles with the same seats
    calls: int
    backs: int
    buckets: int
    classes: int


def coarse_zones(problem: Problem, call_km: float, back_km: float) -> Zones:
    """Group places and stations by distance, steps into buckets that widen, and types by seats.

    Parameters
    ----------
    call_km, back_km : float
        Reach of a zone of places where vehicles are called, and of stations where they are free again.
    """
    at = {p.id: (p.latitude, p.longitude) for p in problem.case.places}
    at |= {x.id: (x.latitude, x.longitude) for x in problem.case.crossings}
    where = np.array([at[s] for s in problem.stations])
    place = _cluster(where[: len(problem.places)], call_km)
    station = _cluster(where, back_km)
    hour = np.arange(problem.horizon + 1) * problem.hours
    bucket = np.where(hour < 72, hour // 3, 24 + (hour - 72) // 8).astype(np.int64)
    count = int(bucket[-1]) + 1
    middle = np.array([int(np.flatnonzero(bucket == b).mean()) for b in range(count)])
    _, vehicle = np.unique(problem.vehicles.type_seats, return_inverse=True)
    return Zones(
        place,
        station,
        bucket,
        middle,
        vehicle.astype(np.int64),
        int(place.max()) + 1 if len(place) else 0,
        int(station.max()) + 1 if len(station) else 0,
        count,
        int(vehicle.max()) + 1 if len(vehicle) else 0,
    )


def _cluster(where: Floats, km: float) -> Ints:
    """Give each point the first earlier centre within a distance, or make it a centre."""
    centres: list[int] = []
    zone = np.zeros(len(where), dtype=np.int64)
    for i, (latitude, longitude) in enumerate(where):
        for z, centre in enumerate(centres):
            north = 111.2 * (latitude - where[centre, 0])
            east = 111.2 * (longitude - where[centre, 1]) * np.cos(np.radians(latitude))
            if np.hypot(north, east) <= km:
                zone[i] = z
                break
        else:
            zone[i] = len(centres)
            centres.append(i)
    return zone
