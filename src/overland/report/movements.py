"""Where everybody is at each step: the plan read as journeys and head-counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from overland.case.model import Case, Mode
from overland.plan.document import Drive, Plan, Ride, Trip
from overland.plan.legs import legs_of

Counts = NDArray[np.int64]
"""Persons at the beginning of each step 0 … T."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a group's journey; times are steps."""

    mode: Mode  # how it passes the crossing; bus or rail for a stage that ends at a hub
    origin: str
    destination: str
    depart: int
    arrive: int
    passed: int | None  # None for a stage that ends at a hub


@dataclass(frozen=True, slots=True)
class Journey:
    """What one group does."""

    place: str
    size: int
    stages: tuple[Stage, ...]  # empty for a group that is left

    @property
    def passed(self) -> int | None:
        """Step at which the group is across; None if it never is."""
        return self.stages[-1].passed if self.stages else None


def journeys_of(case: Case, plan: Plan) -> dict[str, Journey]:
    """The journey of every group, by its id.

    A group that the plan leaves, does not mention, or brings no further than a hub has no stages: it is left.
    """
    stages: dict[str, list[Stage]] = {group.id: [] for group in case.groups}
    for trip in legs_of(plan.trips):
        mode = Mode.FOOT if trip.kind == "foot" else Mode.BUS
        for key in trip.groups:
            stages[key].append(_stage(case, trip, mode))
    for ride in plan.rides:
        for key in ride.groups:
            stages[key].append(_stage(case, ride, Mode.RAIL))
    for drive in plan.drives:
        stages[drive.group].append(_stage(case, drive, Mode.CAR))
    left = {entry.group for entry in plan.left}
    journeys: dict[str, Journey] = {}
    for group in case.groups:
        way = tuple(sorted(stages[group.id], key=lambda stage: stage.depart))
        gone = bool(way) and way[-1].passed is not None and group.id not in left
        journeys[group.id] = Journey(group.place, group.size, way if gone else ())
    return journeys


def _stage(case: Case, leg: Trip | Ride | Drive, mode: Mode) -> Stage:
    """A trip, ride or drive of the plan in steps."""
    depart, arrive, passed = leg.depart, leg.arrive, leg.passed
    return Stage(
        mode=mode,
        origin=leg.origin,
        destination=leg.destination,
        depart=case.step_of(depart, up=False),
        arrive=case.step_of(arrive, up=True),
        passed=None if passed is None else case.step_of(passed, up=True),
    )


@dataclass(frozen=True, slots=True)
class Headcounts:
    """Persons by where they are, at the beginning of every step. The parts add up to ``people`` at each step.

    Attributes
    ----------
    waiting : dict of str to Counts
        Place → persons there who have still to leave.
    riding : Counts
        Persons between a place or hub and a hub or crossing.
    at_hub : dict of str to Counts
        Hub → persons in transit there.
    queueing : dict of str to Counts
        Crossing → persons who have reached it and are not yet across.
    passed : dict of (str, Mode) to Counts
        Crossing and mode → persons who have passed it so far.
    left : dict of str to int
        Place → persons the plan does not get out.
    """

    people: int
    waiting: dict[str, Counts]
    riding: Counts
    at_hub: dict[str, Counts]
    queueing: dict[str, Counts]
    passed: dict[tuple[str, Mode], Counts]
    left: dict[str, int]

    @property
    def out(self) -> Counts:
        """Persons across any crossing so far."""
        return np.asarray(sum(self.passed.values(), np.zeros_like(self.riding)))


def headcounts_of(case: Case, journeys: dict[str, Journey]) -> Headcounts:
    """Count persons by where they are at every step."""
    length = case.steps + 1
    changes: dict[tuple[str, str, Mode | None], Counts] = {}
    riding = np.zeros(length + 1, dtype=np.int64)

    def change(kind: str, node: str, mode: Mode | None = None) -> Counts:
        return changes.setdefault((kind, node, mode), np.zeros(length + 1, dtype=np.int64))

    def during(series: Counts, start: int, end: int, size: int) -> None:
        series[min(max(start, 0), length)] += size
        series[min(max(end, 0), length)] -= size

    left: dict[str, int] = {}
    for journey in journeys.values():
        size = journey.size
        if not journey.stages:
            left[journey.place] = left.get(journey.place, 0) + size
            continue
        during(change("waiting", journey.place), 0, journey.stages[0].depart, size)
        for i, stage in enumerate(journey.stages):
            during(riding, stage.depart, stage.arrive, size)
            if stage.passed is None:
                onward = journey.stages[i + 1].depart
                during(change("hub", stage.destination), stage.arrive, onward, size)
            else:
                during(change("queue", stage.destination), stage.arrive, stage.passed, size)
                during(change("passed", stage.destination, stage.mode), stage.passed, length, size)

    def series(kind: str) -> dict[str, Counts]:
        return {node: np.cumsum(c)[:length] for (k, node, _), c in changes.items() if k == kind}

    return Headcounts(
        people=sum(journey.size for journey in journeys.values()),
        waiting=series("waiting"),
        riding=np.cumsum(riding)[:length],
        at_hub=series("hub"),
        queueing=series("queue"),
        passed={(n, m): np.cumsum(c)[:length] for (k, n, m), c in changes.items() if k == "passed" and m},
        left=left,
    )
