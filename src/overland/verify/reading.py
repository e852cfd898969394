"""Reads a plan document into a schedule; every record that makes no sense becomes a violation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from overland.case.model import PASSED_BY, Convoy, Group, Mode, StopKind
from overland.plan.document import Drive, Move, Plan, Ride, Trip
from overland.verify.linereading import UnreadableError, read_line_trip
from overland.verify.past import at_hubs, first_step
from overland.verify.schedule import DriveLeg, MoveLeg, RideLeg, Schedule, TripLeg, Vehicle
from overland.verify.terms import Terms
from overland.verify.violation import Violation


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


class _Reader:
    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.schedule = Schedule()

    def fault(self, rule: str, subject: str, message: str) -> None:
        self.schedule.faults.append(Violation(rule, subject, message))

    # records

    def trip(self, record: Trip) -> None:
        if record.line is not None or record.stops:
            read_line_trip(self, record)
            return
        label = f"trip {record.id}"
        try:
            vehicle = self.vehicle(label, record.vehicle)
            self._place(label, "origin", record.origin)
            self._node(label, record.destination)
            mode = PASSED_BY.get(StopKind(record.kind))
            self._destination(label, record.origin, record.destination, mode)
            depart, arrive, passed = self._moments(label, record.depart, record.arrive, record.passed, mode)
            free = self.step(label, "free", record.free, later=True)
            convoy = self._convoy(label, record.convoy)
        except UnreadableError:
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
            groups=self.groups(label, record.groups, depart),
        )
        self.schedule.trips.append(leg)

    def ride(self, record: Ride) -> None:
        label = f"ride {record.run} {record.origin}–{record.destination}"
        mode = Mode.RAIL if record.destination in self.terms.crossings else None
        try:
            run = self.terms.timetable.run(record.run)
            if run is None:
                self.fault("run", label, f"there is no run {record.run!r} of a service of the case")
                raise UnreadableError
            self._place(label, "origin", record.origin)
            self._node(label, record.destination)
            stretch = run.stretch(record.origin, record.destination)
            if stretch is None:
                stops = ", ".join(call.stop for call in run.calls)
                self.fault("run", label, f"{run.id} does not call at both stops in that order ({stops})")
                raise UnreadableError
            self._destination(label, record.origin, record.destination, mode)
            if mode is not None and stretch[1] != len(run.calls) - 1:
                self.fault("destination", label, f"{record.destination} is not the last stop of {run.id}")
            depart, arrive, passed = self._moments(label, record.depart, record.arrive, record.passed, mode)
        except UnreadableError:
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
            groups=self.groups(label, record.groups, depart),
        )
        self.schedule.rides.append(leg)

    def drive(self, record: Drive) -> None:
        label = f"drive of {record.group}"
        try:
            self._place(label, "origin", record.origin)
            self._node(label, record.destination)
            self._destination(label, record.origin, record.destination, Mode.CAR)
            moments = self._moments(label, record.depart, record.arrive, record.passed, Mode.CAR)
        except UnreadableError:
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
            groups=self.groups(label, [record.group]),
        )
        self.schedule.drives.append(leg)

    def move(self, record: Move) -> None:
        label = f"move of {record.vehicle} at {record.depart:%Y-%m-%d %H:%M}"
        try:
            vehicle = self.vehicle(label, record.vehicle)
            self._node(label, record.origin)
            self._node(label, record.destination)
            depart = self.step(label, "depart", record.depart)
            arrive = self.step(label, "arrive", record.arrive)
        except UnreadableError:
            return
        if record.destination not in self.terms.places or record.destination == record.origin:
            self.fault("destination", label, f"{record.destination} is not another place of the case")
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
        self.schedule.left.extend(self.groups("left", [key]))

    def duplicates(self, plan: Plan) -> None:
        for what, names in (
            ("trip", [trip.id for trip in plan.trips]),
            ("ride", [f"{ride.run} {ride.origin}–{ride.destination}" for ride in plan.rides]),
            ("left", [left.group for left in plan.left]),
        ):
            for name in _repeated(names):
                self.fault("duplicate", f"{what} {name}", f"stands in the plan {names.count(name)} times")

    # fields

    def _moments(
        self, label: str, depart: datetime, arrive: datetime, passed: datetime | None, mode: Mode | None
    ) -> tuple[int, int, int | None]:
        if (passed is None) != (mode is None):
            wrong = "to a hub has a moment of passing" if mode is None else "has no moment of passing"
            self.fault("passing", label, f"a leg {wrong}")
            raise UnreadableError
        steps = self.step(label, "depart", depart), self.step(label, "arrive", arrive)
        return *steps, None if passed is None else self.step(label, "passed", passed)

    def step(self, label: str, name: str, moment: datetime, *, later: bool = False) -> int:
        case = self.terms.case
        if moment.utcoffset() != timedelta(0):
            self.fault("moment", label, f"{name} {moment.isoformat()} is not in UTC")
            raise UnreadableError
        step = case.step_of(moment, up=False)
        if case.time_of(step) != moment:
            self.fault(
                "moment", label, f"{name} {moment.isoformat()} is not on a step of {case.step_minutes} min"
            )
            raise UnreadableError
        if step < 0 or (step > case.steps and not later):
            end = self.terms.at(case.steps)
            self.fault(
                "moment", label, f"{name} {moment.isoformat()} is not between {self.terms.at(0)} and {end}"
            )
            raise UnreadableError
        return step

    def groups(self, label: str, keys: Sequence[str], depart: int = 0) -> tuple[Group, ...]:
        if not keys and depart >= self.schedule.first:  # in the past somebody may have missed it
            self.fault("empty", label, "carries nobody")
        for key in _repeated(keys):
            self.fault("duplicate", label, f"group {key} stands {keys.count(key)} times in its list")
        for key in dict.fromkeys(keys):
            if key not in self.terms.groups:
                self.fault("unknown-id", label, f"there is no group {key!r} in the case")
        return tuple(self.terms.groups[key] for key in dict.fromkeys(keys) if key in self.terms.groups)

    def _place(self, label: str, name: str, key: str) -> None:
        if key not in self.terms.places:
            self.fault("unknown-id", label, f"{name}: there is no place {key!r} in the case")
            raise UnreadableError

    def _node(self, label: str, key: str) -> None:
        if key not in self.terms.places and key not in self.terms.crossings:
            self.fault("unknown-id", label, f"there is no place or crossing {key!r} in the case")
            raise UnreadableError

    def _convoy(self, label: str, key: str | None) -> Convoy | None:
        if key is not None and key not in self.terms.convoys:
            self.fault("unknown-id", label, f"there is no convoy {key!r} with an agreed corridor")
            raise UnreadableError
        return None if key is None else self.terms.convoys[key]

    def vehicle(self, label: str, key: str) -> Vehicle:
        name, _, number = key.rpartition("-")
        fleet = self.terms.fleets.get(name)
        if fleet is None:
            self.fault("unknown-id", label, f"vehicle {key!r} is of no fleet of the case")
            raise UnreadableError
        if not number.isdecimal() or len(number) > 9 or key != f"{name}-{int(number):02d}":
            self.fault("vehicle-number", label, f"vehicle {key!r} is not named {name}-NN")
            raise UnreadableError
        if not 1 <= int(number) <= fleet.count:
            self.fault("vehicle-number", label, f"{key} does not exist: {name} has {fleet.count} vehicles")
        return Vehicle(key, fleet)

    def _destination(self, label: str, origin: str, node: str, mode: Mode | None) -> None:
        """Check that one may go there; a leg that ends at the wrong kind of node cannot be read on."""
        terms = self.terms
        if mode is not None and (node, mode) not in terms.borders.modes:
            self.fault("destination", label, f"{node} is not a crossing that is passed by {mode.value}")
        elif mode is None and not terms.is_hub(node):
            self.fault("destination", label, f"{node} is not a hub")
        elif mode is None and terms.is_hub(origin):
            self.fault("destination", label, f"from the hub {origin} one goes only to a crossing")
        if (mode is None) != (node in terms.places):
            raise UnreadableError


def _repeated(names: Sequence[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]
