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
    knot: Ints  # (knots,) steps at which there are prices; in between they are interpolated
    vehicle: Ints  # (types,) class of vehicles with the same seats
    calls: int
    backs: int
    classes: int

    @property
    def knots(self) -> int:
        """Number of steps at which there are prices."""
        return len(self.knot)

    def between(self, step: Ints) -> tuple[Ints, Floats]:
        """The knot at or before each step, and the share of the next one in the price of the step."""
        at = np.clip(np.searchsorted(self.knot, step, side="right") - 1, 0, max(0, self.knots - 2))
        width = self.knot[np.minimum(at + 1, self.knots - 1)] - self.knot[at]
        return at, (step - self.knot[at]) / np.maximum(width, 1)


def coarse_zones(
    problem: Problem, call_km: float, back_km: float, fine: float, fine_until: float, coarse: float
) -> Zones:
    """Group places and stations by distance, choose the steps that have prices, and group types by seats.

    Parameters
    ----------
    call_km, back_km : float
        Reach of a zone of places where vehicles are called, and of stations where they are free again.
    fine, fine_until, coarse : float
        Hours between steps that have prices: ``fine`` at first, ``coarse`` from an hour on.
    """
    at = {p.id: (p.latitude, p.longitude) for p in problem.case.places}
    at |= {x.id: (x.latitude, x.longitude) for x in problem.case.crossings}
    where = np.array([at[s] for s in problem.stations])
    place = _cluster(where[: len(problem.places)], call_km)
    station = _cluster(where, back_km)
    hours = np.concatenate([np.arange(0.0, fine_until, fine), np.arange(fine_until, 24 * 366.0, coarse)])
    knot = np.unique(np.round(hours / problem.hours).astype(np.int64))
    knot = np.append(knot[knot < problem.horizon], problem.horizon)
    _, vehicle = np.unique(problem.vehicles.type_seats, return_inverse=True)
    return Zones(
        place,
        station,
        knot,
        vehicle.astype(np.int64),
        int(place.max()) + 1 if len(place) else 0,
        int(station.max()) + 1 if len(station) else 0,
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
