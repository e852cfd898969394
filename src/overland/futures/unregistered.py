"""People whom nobody knows of before they appear: those by whom a head-count is above the registered."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from overland.futures.happenings import NEWCOMER
from overland.futures.scene import Scene

Ints = NDArray[np.int64]


class Unregistered:
    """People who are believed to be there, but have not registered: like those who have."""

    def __init__(self, scene: Scene, home: Ints) -> None:
        case = scene.case
        latest = {row.place: row for row in sorted(case.headcounts, key=lambda row: row.as_of)}
        self._ranges = [
            (scene.times.index[row.place], row.low, row.likely, row.high) for row in latest.values()
        ]
        self._ranges.sort()
        self._like = np.zeros(len(case.groups), dtype=NEWCOMER)
        self._like["node"] = home
        self._like["size"] = [group.size for group in case.groups]
        self._like["weight"] = [case.policy.weights[group.category] for group in case.groups]
        self._like["admits"] = scene.admits
        self._registered = np.bincount(home, weights=self._like["size"], minlength=len(scene.times.nodes))
        order = np.argsort(home, kind="stable")
        self._first = np.searchsorted(home[order], np.arange(len(scene.times.nodes) + 1))
        self._order = order

    def draw(self, random: np.random.Generator) -> NDArray[np.void]:
        """Groups, sorted by place: as many people as are missing from the head-counts drawn."""
        found = []
        where = random.random(len(self._ranges))
        for (node, low, likely, high), share in zip(self._ranges, where, strict=True):
            missing = triangular(float(share), low, likely, high) - self._registered[node]
            mine = self._order[self._first[node] : self._first[node + 1]]
            if missing < 1 or not len(mine):
                continue
            some = random.choice(mine, size=int(missing))
            people = np.cumsum(self._like["size"][some])
            found.append(self._like[some[people <= missing]])
        return np.concatenate(found) if found else np.zeros(0, dtype=NEWCOMER)


def triangular(share: float, low: float, mode: float, high: float) -> float:
    """The value that a triangular distribution is below with a chance of ``share``."""
    if high <= low:
        return low
    turn = (mode - low) / (high - low)
    if share < turn:
        return float(low + np.sqrt(share * (high - low) * (mode - low)))
    return float(high - np.sqrt((1 - share) * (high - low) * (high - mode)))
