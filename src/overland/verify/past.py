"""Re-plans: from when on they decide, and whether what left before is as it was in the running plan."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from overland.case.model import Case
from overland.plan.document import Plan
from overland.verify.schedule import Schedule
from overland.verify.violation import Violation


def first_step(case: Case, plan: Plan) -> int:
    """The step from which on a plan decides: 0 unless it is a re-plan."""
    return 0 if plan.replanned is None else case.step_of(plan.replanned.now, up=True)


def at_hubs(schedule: Schedule) -> dict[str, tuple[str, int]]:
    """Who left for a hub before now, and not from there yet: hub and step of arrival."""
    last = {
        key: [leg for leg in legs if leg.is_past(schedule.first)] for key, legs in schedule.journeys().items()
    }
    return {
        key: (legs[-1].destination, legs[-1].arrive)
        for key, legs in last.items()
        if legs and legs[-1].mode is None
    }


def marks(case: Case, plan: Plan) -> Iterator[Violation]:
    """A re-plan says when it begins, on a step within the horizon."""
    if plan.replanned is None:
        return
    now = plan.replanned.now
    if now.utcoffset() != timedelta(0) or case.time_of(case.step_of(now, up=False)) != now:
        yield Violation("now", "replanned", f"now, {now.isoformat()}, is not a step of the case (UTC)")
    elif not case.start <= now < case.time_of(case.steps):
        yield Violation("now", "replanned", f"now, {now.isoformat()}, is not within the horizon")


def kept(plan: Plan, running: Plan) -> Iterator[Violation]:
    """What left before now in either plan left in both, with the same people but for those who missed it."""
    if plan.replanned is None:
        yield Violation("past", "replanned", "a running plan is given, but the plan is no re-plan")
        return
    if plan.replanned.running_digest != running.case_digest:
        yield Violation("past", "replanned", "the running plan is of another case than the plan says")
    before, missed = plan.replanned.now, set(plan.replanned.missed)
    if running.replanned is not None and before < running.replanned.now:
        yield Violation("past", "replanned", "now is before the running plan was made")
    was = _departures(running, before)
    last = {g: record for record, _ in sorted(was, key=lambda one: one[0]) for g in record[-1]}
    for group in sorted(missed - last.keys()):
        yield Violation("past", f"group {group}", "cannot have missed a departure: it was to take none")
    right = []
    for record, label in was:
        aboard = tuple(g for g in record[-1] if not (g in missed and last[g] == record))
        if aboard or record[1] in ("trip", "move"):
            right.append(((*record[:-1], aboard), label))
    yield from _differences(right, _departures(plan, before))


def _departures(plan: Plan, before: Any) -> list[tuple[tuple[Any, ...], str]]:
    """Every record that leaves before a moment: as a tuple, those aboard last, and with a label."""
    found: list[tuple[tuple[Any, ...], str]] = []
    for kind, records in (
        ("trip", plan.trips),
        ("ride", plan.rides),
        ("drive", plan.drives),
        ("move", plan.moves),
    ):
        for record in records:
            if record.depart < before:
                values = record.model_dump()
                found += _rides(values, record.origin)
                groups = values.pop("groups", [values["group"]] if kind == "drive" else [])
                label = f"{kind} from {record.origin} at {record.depart:%Y-%m-%d %H:%M} UTC"
                rest = tuple(str(values[name]) for name in sorted(values))
                found.append(((values["depart"], kind, *rest, tuple(sorted(groups))), label))
    return found


def _rides(trip: dict[str, Any], origin: str) -> list[tuple[tuple[Any, ...], str]]:
    """Take those aboard out of a trip of a line, and make a record of each ride from stop to stop."""
    stops = trip.get("stops")
    if not stops:
        return []
    trip["groups"] = []
    on = {group: number for number, stop in enumerate(stops) for group in stop.pop("on")}
    rides = defaultdict[tuple[int, int], list[str]](list)
    for number, stop in enumerate(stops):
        for group in stop.pop("off"):
            rides[on.get(group, -1), number].append(group)
    found: list[tuple[tuple[Any, ...], str]] = []
    for (begin, end), groups in rides.items():
        label = (
            f"ride to {stops[end]['node']} on the trip from {origin} at {trip['depart']:%Y-%m-%d %H:%M} UTC"
        )
        record = (trip["depart"], "on a line", trip["vehicle"], str(begin), str(end), tuple(sorted(groups)))
        found.append((record, label))
    return found


def _differences(
    right: Iterable[tuple[tuple[Any, ...], str]], plan: Iterable[tuple[tuple[Any, ...], str]]
) -> Iterator[Violation]:
    right, plan = list(right), list(plan)
    wanted, found = Counter(record for record, _ in right), Counter(record for record, _ in plan)
    for record, label in right:
        if wanted[record] > found[record]:
            yield Violation("past", label, "left before now in the running plan, and not so in this one")
    for record, label in plan:
        if found[record] > wanted[record]:
            yield Violation("past", label, "leaves before now, and did not do so in the running plan")
