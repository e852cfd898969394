"""How dangerous it is to wait at a place."""

from __future__ import annotations

from itertools import accumulate, pairwise

from overland.case.model import Case, Place, Threat

Point = tuple[float, float]


class Hazards:
    """Hazard of every place at every step, summed up when asked for."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._places = {place.id: place for place in case.places}
        self._sums: dict[str, list[float]] = {}

    def waiting(self, place: str, start: int, end: int) -> float:
        """Sum of the hazard over the steps ``start … end − 1`` at a place (0 if there are none)."""
        if place not in self._sums:
            steps = range(self._case.steps)
            hazards = self._by_step(self._places[place])
            self._sums[place] = [0.0, *accumulate(hazards[k] for k in steps)]
        sums = self._sums[place]
        return sums[end] - sums[start] if start < end else 0.0

    def _by_step(self, place: Place) -> list[float]:
        around = [t for t in self._case.threats if covers(t, (place.longitude, place.latitude))]
        factors = []
        for step in range(self._case.steps):
            now = self._case.time_of(step)
            active = [t.hazard for t in around if t.start <= now and (t.end is None or now < t.end)]
            factors.append(place.hazard * max([1.0, *active]))
        return factors


def covers(threat: Threat, point: Point) -> bool:
    """Whether a point lies in the area of a threat (even-odd over its rings) or on its edge."""
    inside = False
    for ring in threat.rings:
        for a, b in pairwise((*ring, ring[0])):
            if _on_edge(a, b, point):
                return True
            if (a[1] > point[1]) != (b[1] > point[1]):
                at = a[0] + (point[1] - a[1]) / (b[1] - a[1]) * (b[0] - a[0])
                inside ^= point[0] < at
    return inside


def _on_edge(a: Point, b: Point, point: Point) -> bool:
    cross = (b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0])
    if cross != 0:
        return False
    return min(a[0], b[0]) <= point[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= point[1] <= max(a[1], b[1])
