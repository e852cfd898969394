"""Plans compared on the same futures: what one saves against another, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from overland.futures.outcome import left_of

Rows = NDArray[np.void]
Floats = NDArray[np.float64]

CONFIDENCE = 0.95
WORST = 0.05
"""The part of the futures that makes the tail."""

FIGURES = {
    "left": ("people left", "persons"),
    "hours_95": ("until 95 % are out", "h"),
    "hours_100": ("until all are out", "h"),
    "exposure": ("exposure", "weighted person-hours"),
    "cost": ("cost", "weighted person-hours"),
}
"""What is compared; less is better."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How another plan does against the first, future by future.

    Attributes
    ----------
    first, other : float
        Means over the futures; hours that are not reached count as the horizon.
    mean, low, high : float
        Of the other less the first: on average, and the interval in which the mean of all futures lies with
        95 % (of paired differences, by the normal distribution).
    better, worse : float
        Shares of the futures.
    """

    key: str
    what: str
    unit: str
    first: float
    other: float
    mean: float
    low: float
    high: float
    better: float
    worse: float

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves no doubt about the sign."""
        return self.low > 0 or self.high < 0


def differences(first: Rows, other: Rows, horizon_hours: float) -> list[Difference]:
    """Compare the outcomes of two plans in the same futures.

    Parameters
    ----------
    first, other : OUTCOME (futures,)
        Those of the same numbers are compared.
    horizon_hours : float
        Counts for shares that are not reached.

    Raises
    ------
    ValueError
        If there is no future in both.
    """
    common = np.intersect1d(first["number"], other["number"])
    if not len(common):
        raise ValueError("no future is in both")
    mine, theirs = (rows[np.isin(rows["number"], common)] for rows in (first, other))
    mine, theirs = (rows[np.argsort(rows["number"])] for rows in (mine, theirs))
    quantile = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    found = []
    for key, (what, unit) in FIGURES.items():
        a, b = (figure(rows, key, horizon_hours) for rows in (mine, theirs))
        gain = b - a
        error = quantile * gain.std(ddof=1) / np.sqrt(len(gain)) if len(gain) > 1 else float("inf")
        found.append(
            Difference(
                key=key,
                what=what,
                unit=unit,
                first=float(a.mean()),
                other=float(b.mean()),
                mean=float(gain.mean()),
                low=float(gain.mean() - error),
                high=float(gain.mean() + error),
                better=float((gain < 0).mean()),
                worse=float((gain > 0).mean()),
            )
        )
    return found


def figure(rows: Rows, key: str, horizon_hours: float) -> Floats:
    """A figure of each future; hours that are not reached count as the horizon."""
    values = left_of(rows) if key == "left" else rows[key].astype(np.float64)
    return np.where(np.isnan(values), horizon_hours, values)


def worst(values: Floats) -> float:
    """The mean of the worst twentieth, of one at least (CVaR 95 %)."""
    count = max(1, round(WORST * len(values)))
    return float(np.sort(values)[-count:].mean())
