"""A plan document read into steps of its case, and what cannot be read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeVar

from overland.case.model import Convoy, Fleet, Group, LineStop, Mode
from overland.verify.timetable import Run
from overland.verify.violation import Violation


@dataclass(frozen=True, slots=True)
class Vehicle:
    """One vehicle of a fleet."""

    id: str
    fleet: Fleet


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """Groups that travel together from one node to another."""

    label: str
    origin: str
    destination: str
    mode: Mode | None  # how they pass the crossing at the end; None to a hub
    depart: int
    arrive: int
    passed: int | None  # a step for each leg to a crossing
    groups: tuple[Group, ...]

    @property
    def people(self) -> int:
        """People aboard."""
        return sum(group.size for group in self.groups)

    @property
    def until(self) -> int:
        """Step at which they are across, or at the hub."""
        return self.arrive if self.passed is None else self.passed

    def is_past(self, first: int) -> bool:
        """Whether it had left when a plan began to decide, at a step."""
        return self.depart < first


@dataclass(frozen=True, slots=True, kw_only=True)
class StopAt:
    """A stop of a trip of a line; moments are steps."""

    row: LineStop
    arrive: int
    depart: int | None
    passed: int | None
    on: tuple[Group, ...]
    off: tuple[Group, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineTrip:
    """A trip of a line as its vehicle makes it; those aboard travel on legs of their own."""

    label: str
    id: str
    vehicle: Vehicle
    stops: tuple[StopAt, ...]
    depart: int
    free: int

    @property
    def people(self) -> int:
        """Everybody who gets on."""
        return sum(group.size for stop in self.stops for group in stop.on)

    def is_past(self, first: int) -> bool:
        """Whether it had left its first stop when a plan began to decide."""
        return self.depart < first

    @property
    def driven(self) -> int:
        """Road steps."""
        return sum(
            max(0, there.arrive - here.depart)
            for here, there in pairwise(self.stops)
            if here.depart is not None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TripLeg(Leg):
    """A loaded trip of a vehicle, or a ride on one of a line."""

    id: str
    vehicle: Vehicle
    free: int
    convoy: Convoy | None = None
    of: LineTrip | None = None  # the trip, if that is one of a line
    stop: int = 0  # of that trip, where the ride ends
    fills: bool = True  # whether it must be filled

    def is_past(self, first: int) -> bool:
        """Whether it had left, or its trip had left its first stop."""
        return (self.depart if self.of is None else self.of.depart) < first

    @property
    def access(self) -> frozenset[str]:
        """Needs that the vehicle can take."""
        return self.vehicle.fleet.access


@dataclass(frozen=True, slots=True, kw_only=True)
class RideLeg(Leg):
    """A ride on a run of a service, between two of its calls."""

    run: Run
    stretch: tuple[int, int]

    @property
    def access(self) -> frozenset[str]:
        """Needs that the service can take."""
        return self.run.service.access


@dataclass(frozen=True, slots=True, kw_only=True)
class DriveLeg(Leg):
    """A group in its own car."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveLeg:
    """An empty move of a vehicle."""

    label: str
    vehicle: Vehicle
    origin: str
    destination: str
    depart: int
    arrive: int

    def is_past(self, first: int) -> bool:
        """Whether it had left when a plan began to decide, at a step."""
        return self.depart < first


AnyLeg = TypeVar("AnyLeg", bound=Leg | MoveLeg | LineTrip)


@dataclass(slots=True)
class Schedule:
    """What could be read of a plan.

    Attributes
    ----------
    first : int
        Step from which on the plan decides; what departs before is past, and judged by nobody.
    unread : set of str
        Groups in records that could not be read; what is said of these groups would mislead.
    faults : list of Violation
        Why records could not be read.
    """

    first: int = 0
    trips: list[TripLeg] = field(default_factory=list)
    line_trips: list[LineTrip] = field(default_factory=list)
    rides: list[RideLeg] = field(default_factory=list)
    drives: list[DriveLeg] = field(default_factory=list)
    moves: list[MoveLeg] = field(default_factory=list)
    left: list[Group] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    faults: list[Violation] = field(default_factory=list)

    @property
    def legs(self) -> list[Leg]:
        """All legs on which people travel."""
        return [*self.trips, *self.rides, *self.drives]

    @property
    def departures(self) -> list[TripLeg | RideLeg]:
        """Legs that take people along, that is all but own cars."""
        return [*self.trips, *self.rides]

    @property
    def single_trips(self) -> list[TripLeg]:
        """Trips from one place to one destination."""
        return [trip for trip in self.trips if trip.of is None]

    def ahead(self, legs: Iterable[AnyLeg]) -> list[AnyLeg]:
        """Those of some legs that are not past."""
        return [leg for leg in legs if not leg.is_past(self.first)]

    def journeys(self) -> dict[str, list[Leg]]:
        """The legs of each group that has any, in order of time."""
        journeys: dict[str, list[Leg]] = {}
        for leg in sorted(self.legs, key=lambda leg: leg.depart):
            for group in leg.groups:
                journeys.setdefault(group.id, []).append(leg)
        return journeys
