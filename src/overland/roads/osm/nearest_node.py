"""The vertex of the network nearest to a place beside it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from overland.roads.snapping import METRES_PER_DEGREE

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def nearest(
    longitude: Floats, latitude: Floats, to: list[tuple[float, float]], within_metres: float
) -> tuple[Ints, Floats]:
    """The vertex nearest to each place (longitude, latitude), and how far it is in metres.

    Returns
    -------
    vertex : int64 (places,)
        -1 where none is near enough.
    metres : float64 (places,)
    """
    order = np.argsort(latitude, kind="stable")
    sorted_latitude = latitude[order]
    reach = within_metres / METRES_PER_DEGREE
    vertex, metres = np.full(len(to), -1, dtype=np.int64), np.full(len(to), np.inf)
    for i, (east, north) in enumerate(to):
        low, high = np.searchsorted(sorted_latitude, [north - reach, north + reach])
        near = order[low:high]
        if not len(near):
            continue
        turn = (longitude[near] - east + 180) % 360 - 180
        away = np.hypot(turn * np.cos(np.radians(north)), latitude[near] - north) * METRES_PER_DEGREE
        best = int(np.argmin(away))
        if away[best] <= within_metres:
            vertex[i], metres[i] = near[best], away[best]
    return vertex, metres
