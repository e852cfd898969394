"""Times at which something holds: half-open intervals in minutes after the start of the case."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

Interval = tuple[float, float]
"""From and until, in minutes after the start."""

FOREVER = float("inf")


def between(origin: datetime, start: datetime, end: datetime | None) -> Interval:
    """From one moment until another (None: for good)."""

    def minutes(moment: datetime) -> float:
        return (moment - origin).total_seconds() / 60

    return minutes(start), FOREVER if end is None else minutes(end)


def without(interval: Interval, windows: Iterable[Interval]) -> list[Interval]:
    """An interval less the windows in it."""
    rest = [interval]
    for opens, closes in windows:
        rest = [
            piece
            for start, end in rest
            for piece in ((start, min(end, opens)), (max(start, closes), end))
            if piece[0] < piece[1]
        ]
    return rest


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """Disjoint and sorted; what is over before the case begins is left out."""
    whole: list[Interval] = []
    for start, end in sorted(intervals):
        if end <= 0:
            continue
        if whole and start <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(whole[-1][1], end))
        else:
            whole.append((start, end))
    return whole
