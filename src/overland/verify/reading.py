"""Reads a plan document into a schedule; every record that makes no sense becomes a violation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from overland.case.model import Convoy, Group, Mode
from overland.plan.document import Drive, Move, Plan, Ride, Trip
from overland.verify.past import at_hubs, first_step
from overland.verify.schedule import DriveLeg, MoveLeg, RideLeg, Schedule, TripLeg, Vehicle
from overland.verify.terms import Terms
from overland.verify.violation import Violation

MODES: dict[str, Mode | None] = {"across": Mode.BUS, "foot": Mode.FOOT, "hub": None}


def read_schedule(terms: Terms, plan: Plan) -> Schedule:
    """Read a plan into steps; ``faults`` of the result tells what could not be read."""
    reader = _Reader(terms)
    reader.schedule.first = terms.first = first_step(terms.case, plan)
    for trip in plan.trips:
        reader.trip(trip)
    for ride in plan.rides:
        reader.ride(ride)
    for drive in plan.drives:
        reader.drive(drive)
    for move in plan.moves:
        reader.move(move)
    for left in plan.left:
        reader.left(left.group)
    reader.duplicates(plan)
    terms.at_hubs = at_hubs(reader.schedule)
    return reader.schedule


class _UnreadableError(Exception):
    """A record cannot be read; the violation has been noted."""


class _Reader:
    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self.schedule = Schedule()

    def _fault(self, rule: str, subject: str, message: str) -> None:
        self.schedule.faults.append(Violation(rule, subject, message))

    # records

    def trip(self, record: Trip) -> None:
        label = f"trip {record.id}"
        try:
            vehicle = self._vehicle(label, record.vehicle)
            self._place(label, "origin", record.origin)
            self._node(label, record.destination)
            mode = MODES[record.kind]
            self._destination(label, record.origin, record.destination, mode)
            depart, arrive, passed = self._moments(label, record.depart, record.arrive, record.passed, mode)
            free = self._step(label, "free", record.free, later=True)
            convoy = self._convoy(label, record.convoy)
        except _UnreadableError:
            self.schedule.unread.update(record.groups)
            return
        leg = TripLeg(
            label=label,
            id=record.id,
            vehicle=vehicle,
            origin=record.origin,
            destination=record.destination,
            mode=mode,
            depart=depart,
            arrive=arrive,
            passed=passed,
            free=free,
            convoy=convoy,
            groups=self._groups(label, record.groups, depart),
        )
        self.schedule.trips.append(leg)

    def ride(self, record: Ride) -> None:
        label = f"ride {record.run} {record.origin}–{record.destination}"
        mode = Mode.RAIL if record.destination in self._terms.crossings else None
        try:
            run = self._terms.timetable.run(record.run)
            if run is None:
                self._fault("run", label, f"there is no run {record.run!r} of a service of the case")
                raise _UnreadableError
            self._place(label, "origin", record.origin)
            self._node(label, record.destination)
            stretch = run.stretch(record.origin, record.destination)
            if stretch is None:
                stops = ", ".join(call.stop for call in run.calls)
                self._fault("run", label, f"{run.id} does not call at both stops in that order ({stops})")
                raise _UnreadableError
            self._destination(label, record.origin, record.destination, mode)
            if mode is not None and stretch[1] != len(run.calls) - 1:
                self._fault("destination", label, f"{record.destination} is not the last stop of {run.id}")
            depart, arrive, passed = self._moments(label, record.depart, record.arrive, record.passed, mode)
        except _UnreadableError:
            self.schedule.unread.update(record.groups)
            return
        leg = RideLeg(
            label=label,
            run=run,
            stretch=stretch,
            origin=record.origin,
            destination=record.destination,
            mode=mode,
            depart=depart,
            arrive=arrive,
            passed=passed,
            groups=self._groups(label, record.groups, depart),
        )
        self.schedule.rides.append(leg)

    def drive(self, record: Drive) -> None:
        label = f"drive of {record.group}"
        try:
            self._place(label, "origin", record.origin)
            self._node(label, record.destination)
            self._destination(label, record.origin, record.destination, Mode.CAR)
            moments = self._moments(label, record.depart, record.arrive, record.passed, Mode.CAR)
        except _UnreadableError:
            self.schedule.unread.add(record.group)
            return
        leg = DriveLeg(
            label=label,
            origin=record.origin,
            destination=record.destination,
            mode=Mode.CAR,
            depart=moments[0],
            arrive=moments[1],
            passed=moments[2],
            groups=self._groups(label, [record.group]),
        )
        self.schedule.drives.append(leg)

    def move(self, record: Move) -> None:
        label = f"move of {record.vehicle} at {record.depart:%Y-%m-%d %H:%M}"
        try:
            vehicle = self._vehicle(label, record.vehicle)
            self._node(label, record.origin)
            self._node(label, record.destination)
            depart = self._step(label, "depart", record.depart)
            arrive = self._step(label, "arrive", record.arrive)
        except _UnreadableError:
            return
        if record.destination not in self._terms.places or record.destination == record.origin:
            self._fault("destination", label, f"{record.destination} is not another place of the case")
        leg = MoveLeg(
            label=label,
            vehicle=vehicle,
            origin=record.origin,
            destination=record.destination,
            depart=depart,
            arrive=arrive,
        )
        self.schedule.moves.append(leg)

    def left(self, key: str) -> None:
        self.schedule.left.extend(self._groups("left", [key]))

    def duplicates(self, plan: Plan) -> None:
        for what, names in (
            ("trip", [trip.id for trip in plan.trips]),
            ("ride", [f"{ride.run} {ride.origin}–{ride.destination}" for ride in plan.rides]),
            ("left", [left.group for left in plan.left]),
        ):
            for name in _repeated(names):
                self._fault("duplicate", f"{what} {name}", f"stands in the plan {names.count(name)} times")

    # fields

    def _moments(
        self, label: str, depart: datetime, arrive: datetime, passed: datetime | None, mode: Mode | None
    ) -> tuple[int, int, int | None]:
        if (passed is None) != (mode is None):
            wrong = "to a hub has a moment of passing" if mode is None else "has no moment of passing"
            self._fault("passing", label, f"a leg {wrong}")
            raise _UnreadableError
        steps = self._step(label, "depart", depart), self._step(label, "arrive", arrive)
        return *steps, None if passed is None else self._step(label, "passed", passed)

    def _step(self, label: str, name: str, moment: datetime, *, later: bool = False) -> int:
        case = self._terms.case
        if moment.utcoffset() != timedelta(0):
            self._fault("moment", label, f"{name} {moment.isoformat()} is not in UTC")
            raise _UnreadableError
        step = case.step_of(moment, up=False)
        if case.time_of(step) != moment:
            self._fault(
                "moment", label, f"{name} {moment.isoformat()} is not on a step of {case.step_minutes} min"
            )
            raise _UnreadableError
        if step < 0 or (step > case.steps and not later):
            end = self._terms.at(case.steps)
            self._fault(
                "moment", label, f"{name} {moment.isoformat()} is not between {self._terms.at(0)} and {end}"
            )
            raise _UnreadableError
        return step

    def _groups(self, label: str, keys: Sequence[str], depart: int = 0) -> tuple[Group, ...]:
        if not keys and depart >= self.schedule.first:  # in the past somebody may have missed it
            self._fault("empty", label, "carries nobody")
        for key in _repeated(keys):
            self._fault("duplicate", label, f"group {key} stands {keys.count(key)} times in its list")
        for key in dict.fromkeys(keys):
            if key not in self._terms.groups:
                self._fault("unknown-id", label, f"there is no group {key!r} in the case")
        return tuple(self._terms.groups[key] for key in dict.fromkeys(keys) if key in self._terms.groups)

    def _place(self, label: str, name: str, key: str) -> None:
        if key not in self._terms.places:
            self._fault("unknown-id", label, f"{name}: there is no place {key!r} in the case")
            raise _UnreadableError

    def _node(self, label: str, key: str) -> None:
        if key not in self._terms.places and key not in self._terms.crossings:
            self._fault("unknown-id", label, f"there is no place or crossing {key!r} in the case")
            raise _UnreadableError

    def _convoy(self, label: str, key: str | None) -> Convoy | None:
        if key is not None and key not in self._terms.convoys:
            self._fault("unknown-id", label, f"there is no convoy {key!r} with an agreed corridor")
            raise _UnreadableError
        return None if key is None else self._terms.convoys[key]

    def _vehicle(self, label: str, key: str) -> Vehicle:
        name, _, number = key.rpartition("-")
        fleet = self._terms.fleets.get(name)
        if fleet is None:
            self._fault("unknown-id", label, f"vehicle {key!r} is of no fleet of the case")
            raise _UnreadableError
        if not number.isdecimal() or len(number) > 9 or key != f"{name}-{int(number):02d}":
            self._fault("vehicle-number", label, f"vehicle {key!r} is not named {name}-NN")
            raise _UnreadableError
        if not 1 <= int(number) <= fleet.count:
            self._fault("vehicle-number", label, f"{key} does not exist: {name} has {fleet.count} vehicles")
        return Vehicle(key, fleet)

    def _destination(self, label: str, origin: str, node: str, mode: Mode | None) -> None:
        """Check that one may go there; a leg that ends at the wrong kind of node cannot be read on."""
        terms = self._terms
        if mode is not None and (node, mode) not in terms.borders.modes:
            self._fault("destination", label, f"{node} is not a crossing that is passed by {mode.value}")
        elif mode is None and not terms.is_hub(node):
            self._fault("destination", label, f"{node} is not a hub")
        elif mode is None and terms.is_hub(origin):
            self._fault("destination", label, f"from the hub {origin} one goes only to a crossing")
        if (mode is None) != (node in terms.places):
            raise _UnreadableError


def _repeated(names: Sequence[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]
