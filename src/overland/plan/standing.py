"""How things stand at a moment of a running plan: what has left, and where everybody else is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from overland.case.model import Case, Fleet, Group
from overland.errors import PlanError
from overland.plan.document import Drive, Move, Plan, Ride, Trip
from overland.plan.legs import fleet_of, hops_of, legs_of

Order = tuple[Any, ...]
Leg = Trip | Ride | Drive

RESTED = -1
"""In place of the step at which a duty began: the crew has done nothing since it rested."""


class Journeys(Protocol):
    """The records of a plan on which people travel."""

    @property
    def trips(self) -> Sequence[Trip]:
        """By vehicles of the case."""

    @property
    def rides(self) -> Sequence[Ride]:
        """By services."""

    @property
    def drives(self) -> Sequence[Drive]:
        """In own cars."""


def all_legs(records: Journeys) -> list[Leg]:
    """All records on which people travel, each ride on a trip of a line as a trip of its own."""
    return [*legs_of(records.trips), *records.rides, *records.drives]


def groups_of(leg: Leg) -> list[str]:
    """The groups that travel on a record of a plan."""
    return [leg.group] if isinstance(leg, Drive) else leg.groups


def legs_by_group(legs: Iterable[Leg]) -> dict[str, list[Leg]]:
    """The legs of each group that has any, in order of time."""
    by_group: defaultdict[str, list[Leg]] = defaultdict(list)
    for leg in sorted(legs, key=lambda leg: leg.depart):
        for group in groups_of(leg):
            by_group[group].append(leg)
    return dict(by_group)


@dataclass(frozen=True, slots=True)
class VehicleAt:
    """Where and when a vehicle ends what it has begun.

    Attributes
    ----------
    free : int
        Step; it may be over already.
    driven : int
        Road steps since its last rest.
    began : int
        Step at which its duty began.
    """

    node: str
    free: int
    driven: int
    began: int


@dataclass(frozen=True, slots=True)
class AtHub:
    """A group that has left its place to change at a hub.

    Attributes
    ----------
    origin : str
        Its place.
    arrive : int
        Step at which it is at the hub; it may be yet to come.
    order : tuple
        Sorts those of a place, a class and an arrival as the loading rule has sorted them.
    """

    hub: str
    origin: str
    arrive: int
    order: Order


@dataclass(frozen=True, slots=True)
class Past:
    """What has left before now, as it stands in the running plan."""

    trips: tuple[Trip, ...] = ()
    moves: tuple[Move, ...] = ()
    rides: tuple[Ride, ...] = ()
    drives: tuple[Drive, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """What planning from a moment on has to know; steps count from the start of the case.

    Attributes
    ----------
    now : int
        First step at which anything may leave.
    vehicles : dict
        Vehicles that have left their depot; the others are there still.
    at_hubs : dict
        Groups at a hub, or on their way to one.
    gone : frozenset of str
        Groups across, or on their way to a crossing.
    """

    now: int = 0
    past: Past = Past()
    vehicles: dict[str, VehicleAt] = field(default_factory=dict)
    at_hubs: dict[str, AtHub] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()


AT_THE_START = Standing()
"""Nothing has left yet."""


def standing_of(case: Case, running: Plan, now: datetime, missed: Iterable[str] = ()) -> Standing:
    """How things stand at a moment of a running plan.

    What leaves before the moment is as the running plan says, whatever has changed since.

    Parameters
    ----------
    case : Case
        The case as it is known now.
    running : Plan
        The plan as it was, for the case as it was.
    now : datetime
        The moment; a step begins there, or the next one counts.
    missed : iterable of str
        Groups that did not take the last departure they were to take.

    Raises
    ------
    PlanError
        If the moment is not within the case, or before that of the running plan, or if what has left speaks
        of something the case has not.
    """
    step = case.step_of(now, up=True)
    if not 0 <= step < case.steps:
        raise PlanError(f"now, {now:%Y-%m-%d %H:%M} UTC, is not within the horizon of the case.")
    if running.replanned is not None and now < running.replanned.now:
        since = running.replanned.now
        raise PlanError(
            f"now, {now:%Y-%m-%d %H:%M} UTC, is before the running plan was made, {since:%Y-%m-%d %H:%M} UTC."
        )
    past = _past(running, case.time_of(step), frozenset(missed))
    at_hubs, gone = _people(case, past)
    return Standing(step, past, _vehicles(case, past), at_hubs, gone)


def _past(running: Plan, now: datetime, missed: frozenset[str]) -> Past:
    past = Past(
        trips=tuple(trip for trip in running.trips if trip.depart < now),
        moves=tuple(move for move in running.moves if move.depart < now),
        rides=tuple(ride for ride in running.rides if ride.depart < now),
        drives=tuple(drive for drive in running.drives if drive.depart < now),
    )
    last = {group: legs[-1] for group, legs in legs_by_group(all_legs(past)).items()}
    for group in sorted(missed):
        if group not in last:
            raise PlanError(f"group {group} cannot have missed a departure: it was to take none before now.")

    def without(leg: Any) -> list[str]:
        return [g for g in leg.groups if g not in missed or last[g] is not leg]

    if not missed:
        return past
    return Past(
        trips=tuple(_without(trip, missed, last) for trip in past.trips),
        moves=past.moves,
        rides=tuple(
            ride.model_copy(update={"groups": groups}) for ride in past.rides if (groups := without(ride))
        ),
        drives=tuple(drive for drive in past.drives if drive.group not in missed),
    )


def _without(trip: Trip, missed: frozenset[str], last: dict[str, Leg]) -> Trip:
    """A trip without those who did not take it though it was to be their last so far."""
    lost = {g for g in trip.groups if g in missed and isinstance(leg := last[g], Trip) and leg.id == trip.id}
    stops = [
        stop.model_copy(
            update={
                "on": [g for g in stop.on if g not in lost],
                "off": [g for g in stop.off if g not in lost],
            }
        )
        for stop in trip.stops
    ]
    return trip.model_copy(update={"groups": [g for g in trip.groups if g not in lost], "stops": stops})


def _people(case: Case, past: Past) -> tuple[dict[str, AtHub], frozenset[str]]:
    known = {group.id: group for group in case.groups}
    at_hubs: dict[str, AtHub] = {}
    gone: set[str] = set()
    for key, legs in legs_by_group(all_legs(past)).items():
        if key not in known:
            what = f"{legs[0].depart:%Y-%m-%d %H:%M} UTC from {legs[0].origin}"
            raise PlanError(f"group {key} is not in the case any more, but has left already, at {what}.")
        if any(leg.passed is not None for leg in legs):
            gone.add(key)
        else:
            at_hubs[key] = _at_hub(case, legs[-1], known[key])
    return at_hubs, frozenset(gone)


def ready_step(case: Case, group: Group) -> int:
    """The first step at which a group can leave."""
    notice = case.steps_of_hours(case.policy.notice_hours)
    return max(case.step_of(group.ready, up=True), notice, 0)


def _at_hub(case: Case, leg: Leg, group: Group) -> AtHub:
    number = (0, leg.run, leg.destination) if isinstance(leg, Ride) else (1, getattr(leg, "id", ""), "")
    order = (leg.depart, *number, ready_step(case, group), -group.size, group.id)
    return AtHub(leg.destination, leg.origin, case.step_of(leg.arrive, up=True), order)


def _vehicles(case: Case, past: Past) -> dict[str, VehicleAt]:
    events: dict[str, list[Trip | Move]] = defaultdict(list)
    records: list[Trip | Move] = [*past.trips, *past.moves]
    for record in records:
        events[record.vehicle].append(record)
    available = {name: moment for fleet in case.fleets for name, moment in case.vehicles_of(fleet).items()}
    fleets = {fleet.id: fleet for fleet in case.fleets}
    standing = {}
    for name, mine in events.items():
        fleet = fleets.get(fleet_of(name))
        if fleet is None:
            raise PlanError(f"vehicle {name} is of no fleet of the case, but has left already.")
        mine.sort(key=lambda record: record.depart)
        standing[name] = _vehicle(case, fleet, available.get(name, fleet.available), mine)
    return standing


def _vehicle(case: Case, fleet: Fleet, available: datetime, events: list[Trip | Move]) -> VehicleAt:
    rest, loading = case.steps_of_hours(fleet.rest_hours), case.policy.loading_minutes / 60
    free, driven, began = max(0, case.step_of(available, up=True)), 0, RESTED
    for record in events:
        depart, arrive = (case.step_of(moment, up=False) for moment in (record.depart, record.arrive))
        loads = case.steps_of_hours(loading) if isinstance(record, Trip) else 0
        if began == RESTED or depart - loads - free >= rest:
            driven, began = 0, depart - loads
        driven += _road_steps(case, record)
        free = case.step_of(record.free, up=False) if isinstance(record, Trip) else arrive
    return VehicleAt(events[-1].destination, free, driven, began)


def _road_steps(case: Case, record: Trip | Move) -> int:
    """Steps that a vehicle drives on a trip or a move."""
    drives = hops_of(record) if isinstance(record, Trip) else [record]
    return sum(case.step_of(one.arrive, up=False) - case.step_of(one.depart, up=False) for one in drives)
