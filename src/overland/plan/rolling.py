"""Rolling horizon: follow a timeline of events, planning anew each time something is known by then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from overland.case.changes import after
from overland.case.events import Event, between
from overland.case.model import Case
from overland.plan.document import Plan
from overland.plan.replanning import CHANGE_PRICE, replan
from overland.roads import RoadTimes


@dataclass(frozen=True, slots=True)
class Turn:
    """The case as it was known at a moment, and the plan from then on (with what had left before)."""

    now: datetime
    case: Case
    plan: Plan


def rolling_plan(
    case: Case,
    running: Plan,
    events: Sequence[Event],
    *,
    every_hours: float,
    change_price: float = CHANGE_PRICE,
    time_limit: float = 3.0,
    seed: int = 0,
    times: RoadTimes | None = None,
) -> Iterator[Turn]:
    """Plan anew at regular moments with the events known by then, until nothing is ahead.

    Parameters
    ----------
    case : Case
        The case of the running plan.
    running : Plan
        The plan that is carried out at first.
    events : sequence of Event
        What will come to be known, and when.
    every_hours : float
        Time between two looks at the events.
    change_price, time_limit, seed
        As for :func:`overland.plan.replanning.replan`, each time.
    times : RoadTimes, optional
        Road times of the case, if they are at hand.

    Yields
    ------
    Turn
        One for each moment at which something new was known; the last holds the plan that was carried out.

    Raises
    ------
    CaseError
        If an event does not fit the case as it is then.
    PlanError
        If the running plan is none of the case, or an event speaks of what has left already.
    """
    if every_hours <= 0:
        raise ValueError("every_hours must be more than 0")
    since = running.replanned.known if running.replanned is not None else None
    now = (since or case.start) + timedelta(hours=every_hours)
    end = case.time_of(case.steps - 1)
    times = times or RoadTimes.of(case)
    while now <= end and any(since is None or event.known > since for event in events):
        told = tuple(between(tuple(events), since, now))
        if told:
            as_of_now = after(case, told)
            if not same_roads(case, as_of_now.case):
                times = RoadTimes.of(as_of_now.case)
            case = as_of_now.case
            running = replan(
                case,
                running,
                now,
                missed=as_of_now.missed,
                change_price=change_price,
                time_limit=time_limit,
                seed=seed,
                times=times,
            )
            yield Turn(now, case, running)
        since, now = now, now + timedelta(hours=every_hours)


def same_roads(one: Case, other: Case) -> bool:
    """Whether road times of one case are those of another."""
    return all(
        getattr(one, name) == getattr(other, name)
        for name in (
            "start", "horizon_hours", "step_minutes", "policy", "places", "crossings", "roads", "network",
            "closures", "threats", "corridors",
        )
    )  # fmt: skip
