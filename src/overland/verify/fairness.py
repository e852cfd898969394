"""The loading rule: no seat empty, no lower class aboard, while somebody waits who could have it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

from overland.case.model import Group, Mode
from overland.verify.schedule import RideLeg, Schedule, TripLeg
from overland.verify.terms import Terms
from overland.verify.violation import Violation

Departure = TripLeg | RideLeg


@dataclass(frozen=True, slots=True)
class Waiting:
    """A group at a place where vehicles leave."""

    group: Group
    since: int  # step from which it could board
    leaves: float  # by which departure of the place, counted in their order; infinity: by none
    in_transit: bool


def loading_rule(terms: Terms, schedule: Schedule) -> Iterator[Violation]:
    """Check each departure against each group that it leaves behind."""
    departures: dict[str, list[Departure]] = defaultdict(list)
    for leg in sorted(schedule.ahead(schedule.departures), key=_order):
        departures[leg.origin].append(leg)
    waiting = _waiting(terms, schedule, departures)
    for place, legs in departures.items():
        for i, leg in enumerate(legs):
            usable = usable_seats(terms, leg)
            lower = {weight: _lower(terms, leg, weight) for weight in terms.case.policy.weights.values()}
            for who in waiting[place]:
                if who.since > leg.depart or who.leaves <= i or not _may_take(terms, who, leg):
                    continue
                seats = usable - leg.people + lower[terms.weight(who.group)]
                if seats >= who.group.size:
                    yield _broken(terms, leg, who.group, usable, seats)


def usable_seats(terms: Terms, leg: Departure) -> int:
    """Seats that a departure could fill if nothing else used the limits.

    For a service, and for a ride on a trip of a line that need not be filled, the people aboard.
    """
    if isinstance(leg, RideLeg) or not leg.fills:
        return leg.people
    others = 0 if leg.of is None else leg.of.people - leg.people  # on other rides of a trip of a line
    limits: list[int | None] = [leg.vehicle.fleet.seats - others, terms.boarding_limit(leg.origin)]
    if leg.mode is not None and leg.passed is not None:
        crossing = terms.crossings[leg.destination]
        limits.append(terms.borders.limit((crossing.id, leg.mode), leg.passed // terms.window_steps))
        limits += [terms.intake[crossing.reception], terms.country_limit(crossing.country)]
    return min(limit for limit in limits if limit is not None)


def _order(leg: Departure) -> tuple[int, int, str, str]:
    if isinstance(leg, RideLeg):
        return leg.depart, 0, leg.run.id, leg.destination
    return leg.depart, 1, leg.id, f"{leg.stop:02d}"


def _waiting(
    terms: Terms, schedule: Schedule, departures: dict[str, list[Departure]]
) -> dict[str, list[Waiting]]:
    """The riders at each place where vehicles leave, with the departure they leave by."""
    position = {id(leg): i for legs in departures.values() for i, leg in enumerate(legs)}
    journeys = schedule.journeys()
    waiting: dict[str, list[Waiting]] = defaultdict(list)
    for group in terms.groups.values():
        legs = journeys.get(group.id, [])
        if legs and legs[-1].is_past(schedule.first) and legs[-1].mode is not None:
            continue  # gone
        if group.id in schedule.unread or terms.drives(group) or terms.stranded(group):
            continue
        if group.place in departures and not (legs and legs[0].is_past(schedule.first)):
            leaves = position.get(id(legs[0]), inf) if legs else inf
            waiting[group.place].append(Waiting(group, terms.ready(group), leaves, in_transit=False))
        if legs and legs[0].mode is None and legs[0].destination in departures:
            since = legs[0].arrive + terms.change
            leaves = position.get(id(legs[1]), inf) if len(legs) > 1 else inf
            waiting[legs[0].destination].append(Waiting(group, since, leaves, in_transit=True))
    return waiting


def _may_take(terms: Terms, who: Waiting, leg: Departure) -> bool:
    countries = terms.admitting(who.group)
    if not who.group.needs <= leg.access:
        return False
    if leg.mode is None:
        return not who.in_transit and terms.gets_out_from(leg.destination, who.group, leg.arrive)
    if leg.mode is Mode.FOOT and not who.group.can_walk:
        return False
    return leg.destination in terms.crossings and terms.crossings[leg.destination].country in countries


def _lower(terms: Terms, leg: Departure, weight: float) -> int:
    return sum(group.size for group in leg.groups if terms.weight(group) < weight)


def _broken(terms: Terms, leg: Departure, group: Group, usable: int, seats: int) -> Violation:
    return Violation(
        "loading-rule",
        leg.label,
        f"leaves {leg.origin} at {terms.at(leg.depart)} with {leg.people} of {usable} usable seats taken; "
        f"group {group.id} ({group.size} people, {group.category}) stays behind and could have had {seats}",
    )
