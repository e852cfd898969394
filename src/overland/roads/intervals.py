"""Times at which something holds: half-open intervals in minutes after the start of the case."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

Interval = tuple[float, float]
"""From and until, in minutes after the start."""

FOREVER = float("inf")


def between(origin: datetime, start: datetime, end: datetime | None) -> Interval:
    """From one moment until another (None: for good)."""

    def minutes(moment: datetime) -> float:
        return (moment - origin).total_seconds() / 60

    return minutes(start), FOREVER if end is None else minutes(end)


def daily(origin: datetime, zone: ZoneInfo, start: time, end: time, within: Interval) -> list[Interval]:
    """The same hours of every local day, as a curfew has them; cut to an interval.

    Parameters
    ----------
    origin : datetime
        Start of the case.
    start, end : time
        Local times; an end that is not after the start is on the next day.
    within : (float, float)
        From and until; must not last for good.
    """
    intervals: list[Interval] = []
    day = (origin + timedelta(minutes=within[0])).astimezone(zone).date() - timedelta(days=1)
    while True:
        begins = datetime.combine(day, start, zone)
        ends = datetime.combine(day if end > start else day + timedelta(days=1), end, zone)
        one = between(origin, begins, ends)
        if one[0] >= within[1]:
            return intervals
        if one[1] > within[0]:
            intervals.append((max(one[0], within[0]), min(one[1], within[1])))
        day += timedelta(days=1)


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
