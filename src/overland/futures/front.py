"""A front that spreads from its axes: when it is where."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from overland.futures.uncertainty import Front

Floats = NDArray[np.float64]

KM_PER_DEGREE = 111.2  # of latitude


def reached_after_hours(
    points: Floats, axes: Sequence[Sequence[tuple[float, float]]], front: Front
) -> Floats:
    """Hours from the attack until the front is at some points, in the middle future.

    Parameters
    ----------
    points : float64 (points, 2)
        Longitude and latitude.
    axes : sequence of sequences of (latitude, longitude)
        Lines from which it spreads in every direction.

    Returns
    -------
    float64 (axes, points)
        Infinite where it does not come.
    """
    hours = np.full((len(axes), len(points)), np.inf)
    for i, axis in enumerate(axes):
        km = _distance_km(points, np.array([(lon, lat) for lat, lon in axis]))
        hours[i] = np.where(km <= front.reach_km, km / front.km_per_day * 24, np.inf)
    return hours


def _distance_km(points: Floats, line: Floats) -> Floats:
    """Distance of points from a line, on a plane that is true enough within a country."""
    scale = np.array([np.cos(np.radians(line[:, 1].mean())), 1.0]) * KM_PER_DEGREE
    points, line = points * scale, line * scale
    nearest = np.hypot(*(points - line[0]).T)
    for a, b in pairwise(line):
        along = b - a
        share = np.clip((points - a) @ along / max(1e-12, float(along @ along)), 0, 1)
        nearest = np.minimum(nearest, np.hypot(*(points - a - share[:, None] * along).T))
    return nearest
