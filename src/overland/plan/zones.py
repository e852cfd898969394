"""A coarse view of places, stations, steps and vehicles, in which the master programme looks for prices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from overland.plan.problem import Problem

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MUCH_THE_SAME = 3.0  # times as many seats: such vehicles have one price in the master programme


@dataclass(frozen=True, slots=True)
class Zones:
    """A coarse view of places, stations, steps and vehicle types."""

    place: Ints  # (places,) call zone
    station: Ints  # (stations,) back zone
    knot: Ints  # (knots,) steps at which there are prices; in between they are interpolated
    vehicle: Ints  # (types,) class of vehicles with much the same seats
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


@dataclass(frozen=True, slots=True)
class View:
    """How closely the master programme looks.

    Parameters
    ----------
    call_km, back_km : float
        Reach of a zone of places where vehicles are called, and of stations where they are free again.
    fine_hours, fine_until_hours, coarse_hours : float
        Between steps that have prices: ``fine`` at first, ``coarse`` from ``fine_until`` on.
    """

    call_km: float
    back_km: float
    fine_hours: float = 3.0
    fine_until_hours: float = 72.0
    coarse_hours: float = 8.0


def zones_of(problem: Problem, view: View) -> Zones:
    """Group places and stations by distance, choose the steps that have prices, and group types by seats."""
    at = {p.id: (p.latitude, p.longitude) for p in problem.case.places}
    at |= {x.id: (x.latitude, x.longitude) for x in problem.case.crossings}
    where = np.array([at[s] for s in problem.stations])
    place = _cluster(where[: len(problem.places)], view.call_km)
    station = _cluster(where, view.back_km)
    end = problem.horizon * problem.hours
    hours = np.concatenate(
        [
            np.arange(0.0, min(end, view.fine_until_hours), view.fine_hours),
            np.arange(view.fine_until_hours, max(end, view.fine_until_hours), view.coarse_hours),
        ]
    )
    knot = np.unique(np.round(hours / problem.hours).astype(np.int64))
    knot = np.append(knot[knot < problem.horizon], problem.horizon)
    vehicle = _classes(problem.vehicles.type_seats)
    return Zones(
        place,
        station,
        knot,
        vehicle,
        int(place.max()) + 1 if len(place) else 0,
        int(station.max()) + 1 if len(station) else 0,
        int(vehicle.max()) + 1 if len(vehicle) else 0,
    )


def _classes(seats: Ints) -> Ints:
    """Class of each type: types of one class have at most three times as many seats as another of them."""
    number, least, found = -1, -1, np.zeros(len(seats), dtype=np.int64)
    for y in np.argsort(seats, kind="stable"):
        if number < 0 or seats[y] > MUCH_THE_SAME * least:
            number, least = number + 1, int(seats[y])
        found[y] = number
    return found


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
