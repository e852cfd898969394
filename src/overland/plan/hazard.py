"""How dangerous an hour at a place is, step by step."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from shapely import Point

from overland.case.model import Case
from overland.roads import threat_area


def cumulative_hazard(case: Case) -> dict[str, NDArray[np.float64]]:
    """Hazard-weighted hours spent at each place from the start until each step.

    Returns
    -------
    dict of str to float64 (T + 1,)
        Place id → Δ · Σ_{j<k} hazard(place, j) for every step k.
    """
    areas = [(threat, threat_area(threat)) for threat in case.threats]
    moments = [case.time_of(k) for k in range(case.steps)]
    result: dict[str, NDArray[np.float64]] = {}
    for place in case.places:
        factor = np.ones(case.steps)
        point = Point(place.longitude, place.latitude)
        for threat, area in areas:
            if threat.hazard > 1 and area.intersects(point):
                active = np.array(
                    [threat.start <= m and (threat.end is None or m < threat.end) for m in moments]
                )
                factor = np.where(active, np.maximum(factor, threat.hazard), factor)
        hours = factor * place.hazard * case.step_hours
        result[place.id] = np.concatenate([[0.0], np.cumsum(hours)])
    return result
