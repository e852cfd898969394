"""Rules about people: everybody accounted for, on a whole journey, by ways that are open to them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from overland.case.model import Group, Mode
from overland.plan.document import Plan
from overland.verify.schedule import DriveLeg, Leg, Schedule
from overland.verify.terms import Terms
from overland.verify.violation import Violation


def accounted(terms: Terms, schedule: Schedule) -> Iterator[Violation]:
    """Every group is either out or left."""
    travelling = schedule.journeys().keys() | schedule.unread
    going = {group.id for leg in schedule.ahead(schedule.legs) for group in leg.groups}
    left = {group.id for group in schedule.left}
    for group in terms.groups.values():
        if group.id in travelling and group.id in left and not _stays(terms, group, going):
            yield _of(group, "accounted", "is listed as left, and travels")
        elif group.id not in travelling and group.id not in left:
            yield _of(group, "accounted", f"is neither out nor left (size {group.size}, at {group.place})")


def _stays(terms: Terms, group: Group, going: set[str]) -> bool:
    """Whether a group that was taken to a hub before now goes no further."""
    return group.id in terms.at_hubs and group.id not in going


def whole_journeys(terms: Terms, schedule: Schedule) -> Iterator[Violation]:
    """One leg to a crossing, or one to a hub and one from there to a crossing."""
    for group, legs in _journeys(terms, schedule):
        labels = " and ".join(leg.label for leg in legs)
        if len(legs) > 2:
            yield _of(group, "journey", f"is aboard {len(legs)} times: {labels}")
        elif any(leg.mode is not None for leg in legs[:-1]):
            yield _of(group, "journey", f"is aboard again after it is across: {labels}")
        elif legs[-1].mode is None and (
            not legs[-1].is_past(schedule.first) or not _is_left(schedule, group)
        ):
            hub = legs[-1].destination
            yield _of(group, "journey", f"is taken to {hub} by {labels} and never leaves from there")


def _is_left(schedule: Schedule, group: Group) -> bool:
    return any(left.id == group.id for left in schedule.left)


def origins(terms: Terms, schedule: Schedule) -> Iterator[Violation]:
    """A group boards at its place, then at the hub it was taken to."""
    for group, legs in _journeys(terms, schedule):
        where = group.place
        for leg in legs:
            if leg.origin != where and not leg.is_past(schedule.first):
                yield _of(group, "origin", f"is at {where} but boards {leg.label} at {leg.origin}")
            where = leg.destination


def ready(terms: Terms, schedule: Schedule) -> Iterator[Violation]:
    """A group leaves no earlier than it is ready."""
    for group, legs in _journeys(terms, schedule):
        early = terms.ready(group) - legs[0].depart
        if early > 0 and not legs[0].is_past(schedule.first):
            at, since = terms.at(legs[0].depart), terms.at(terms.ready(group))
            message = (
                f"leaves {group.place} by {legs[0].label} at {at}, {terms.span(early)} before it is ready"
            )
            yield _of(group, "ready", f"{message} ({since})")


def changes(terms: Terms, schedule: Schedule) -> Iterator[Violation]:
    """A group that changes at a hub has time to change."""
    for group, legs in _journeys(terms, schedule):
        for first, second in pairwise(legs):
            stay = second.depart - first.arrive
            if first.mode is None and stay < terms.change and not second.is_past(schedule.first):
                yield _of(
                    group,
                    "change",
                    f"is at {first.destination} at {terms.at(first.arrive)} and leaves by {second.label} at "
                    f"{terms.at(second.depart)}; a change takes {terms.span(terms.change)}",
                )


def admission(terms: Terms, schedule: Schedule) -> Iterator[Violation]:
    """A group goes to a country that admits each of its persons."""
    for leg in schedule.ahead(schedule.legs):
        crossing = terms.crossings.get(leg.destination)
        if crossing is None:
            continue
        for group in leg.groups:
            if crossing.country not in terms.admitting(group):
                papers = f"papers {group.papers.value}, {group.kin} non-nationals {group.kin_nationality}"
                why = f"{crossing.country} does not admit it ({papers.rstrip()})"
                yield _of(
                    group,
                    "admission",
                    f"is taken to {crossing.id} by {leg.label}; {why}",
                )


def walking(schedule: Schedule) -> Iterator[Violation]:
    """Only people able to walk cross on foot."""
    for leg in schedule.ahead(schedule.legs):
        if leg.mode is Mode.FOOT:
            for group in leg.groups:
                if not group.can_walk:
                    yield _of(
                        group,
                        "walking",
                        f"cannot walk, and crosses at {leg.destination} on foot ({leg.label})",
                    )


def access(schedule: Schedule) -> Iterator[Violation]:
    """Vehicles and services take only groups whose needs they can take."""
    for leg in schedule.ahead(schedule.departures):
        for group in leg.groups:
            missing = sorted(group.needs - leg.access)
            if missing:
                yield _of(
                    group,
                    "access",
                    f"needs {' and '.join(missing)}, which {leg.label} from {leg.origin} cannot take",
                )


def drivers(terms: Terms, schedule: Schedule) -> Iterator[Violation]:
    """Groups with a car that gets them out drive; nobody else does."""
    for leg in schedule.ahead(schedule.legs):
        for group in leg.groups:
            drives = terms.drives(group)
            if isinstance(leg, DriveLeg) and not drives:
                why = "its car gets it through no crossing in time" if group.own_car else "it has no car"
                yield _of(group, "own-car", f"drives from {leg.origin} to {leg.destination}, but {why}")
            elif not isinstance(leg, DriveLeg) and drives:
                yield _of(group, "driver", f"leaves in its own car, but takes seats in {leg.label}")


def stranded_flags(terms: Terms, plan: Plan) -> Iterator[Violation]:
    """A group is called stranded exactly if it has no way out."""
    for record in plan.left:
        group = terms.groups.get(record.group)
        if group is None or terms.stranded(group) == record.stranded:
            continue
        if record.stranded:
            yield _of(group, "stranded", f"is called stranded, but has a way out of {group.place}")
        else:
            yield _of(group, "stranded", f"is not called stranded, but has no way out of {group.place}")


def reasons(plan: Plan) -> Iterator[Violation]:
    """A reason is given for every group left."""
    for record in plan.left:
        if not record.reason.strip():
            yield Violation("reason", f"group {record.group}", "is left without a reason")


def _journeys(terms: Terms, schedule: Schedule) -> Iterator[tuple[Group, list[Leg]]]:
    for key, legs in schedule.journeys().items():
        if key not in schedule.unread:
            yield terms.groups[key], legs


def _of(group: Group, rule: str, message: str) -> Violation:
    return Violation(rule, f"group {group.id}", message)
