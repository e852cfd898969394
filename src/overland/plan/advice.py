"""What to tell those who leave in their own cars: which crossing, and when, so that nobody jams."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime

from overland.case.model import Case, Mode
from overland.plan.border import Borders, borders_of
from overland.plan.document import Drive, Plan
from overland.roads import RoadTimes


@dataclass(frozen=True, slots=True)
class CarAdvice:
    """How many cars of a place should leave for a crossing within an hour; moments are UTC, both included."""

    place: str
    crossing: str
    leave_from: datetime
    leave_until: datetime
    cars: int
    people: int
    expected_from: datetime  # at the crossing
    expected_until: datetime
    across_from: datetime
    across_until: datetime


def car_advice(case: Case, plan: Plan, times: RoadTimes) -> list[CarAdvice]:
    """Sum up the drives of a plan by place, hour and crossing.

    Of a re-plan, those that leave from now on. Whoever leaves at any step between the two moments of an
    advice passes the crossing in one and the same rate window and on the same day, so that the rates hold
    however the cars spread over that time.

    Parameters
    ----------
    case, plan, times : Case, Plan, RoadTimes
        A plan, its case and the road times of the case.

    Returns
    -------
    list of CarAdvice
        By place and time.
    """
    borders = borders_of(case)
    together: dict[tuple[str, str, datetime, tuple[int, str]], list[Drive]] = defaultdict(list)
    ahead = [drive for drive in plan.drives if plan.is_ahead(drive.depart)]
    for drive in sorted(ahead, key=lambda drive: drive.depart):
        hour = drive.depart.astimezone(case.zone).replace(minute=0, second=0, microsecond=0).astimezone(UTC)
        passing = _passing(case, borders, case.step_of(drive.passed, up=False))
        together[drive.origin, drive.destination, hour, passing].append(drive)
    size = {group.id: group.size for group in case.groups}
    advice = [
        _advice(part, size)
        for (_, _, _, passing), drives in together.items()
        for part in _unbroken(case, borders, times, drives, passing)
    ]
    return sorted(advice, key=lambda one: (one.place, one.leave_from, one.crossing, one.across_from))


def _passing(case: Case, borders: Borders, step: int) -> tuple[int, str]:
    """Rate window and local day of a step."""
    return int(borders.window[step]), case.time_of(step).astimezone(case.zone).date().isoformat()


def _unbroken(
    case: Case, borders: Borders, times: RoadTimes, drives: list[Drive], passing: tuple[int, str]
) -> list[list[Drive]]:
    """Part drives where somebody who left in between would pass in another window."""
    place, crossing = drives[0].origin, drives[0].destination
    passed = borders.passed[borders.gates.index((crossing, Mode.CAR))]
    parts, last = [[drives[0]]], case.step_of(drives[0].depart, up=False)
    for drive in drives[1:]:
        step = case.step_of(drive.depart, up=False)
        for between in range(last + 1, step):
            road = times.steps("car", place, crossing, between)
            across = int(passed[between + road]) if road >= 0 else -1
            if across < 0 or _passing(case, borders, across) != passing:
                parts.append([])
                break
        parts[-1].append(drive)
        last = step
    return parts


def _advice(drives: list[Drive], size: dict[str, int]) -> CarAdvice:
    return CarAdvice(
        place=drives[0].origin,
        crossing=drives[0].destination,
        leave_from=drives[0].depart,
        leave_until=drives[-1].depart,
        cars=len(drives),
        people=sum(size[drive.group] for drive in drives),
        expected_from=min(drive.arrive for drive in drives),
        expected_until=max(drive.arrive for drive in drives),
        across_from=min(drive.passed for drive in drives),
        across_until=max(drive.passed for drive in drives),
    )
