"""Reads a trip of a line: its stops become those of its vehicle, and a leg for each ride."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from overland.case.model import PASSED_BY, Group, LineStop, StopKind
from overland.plan.document import Stop, Trip
from overland.verify.schedule import LineTrip, Schedule, StopAt, TripLeg, Vehicle
from overland.verify.terms import Terms


class UnreadableError(Exception):
    """A record cannot be read; the violation has been noted."""


class Reader(Protocol):
    """What reads the fields that all records have."""

    terms: Terms
    schedule: Schedule

    def fault(self, rule: str, subject: str, message: str) -> None:
        """Note what is wrong."""
        ...

    def step(self, label: str, name: str, moment: datetime, *, later: bool = False) -> int:
        """The step of a moment."""
        ...

    def groups(self, label: str, keys: Sequence[str], depart: int = 0) -> tuple[Group, ...]:
        """The groups of a list."""
        ...

    def vehicle(self, label: str, key: str) -> Vehicle:
        """The vehicle of that name."""
        ...


def read_line_trip(reader: Reader, record: Trip) -> None:
    """Read a trip of a line into the schedule; what makes no sense is noted."""
    label = f"trip {record.id}"
    try:
        rows = _rows(reader, label, record)
        vehicle = reader.vehicle(label, record.vehicle)
        stops = tuple(
            _stop(reader, label, row, stop, number, len(rows))
            for number, (row, stop) in enumerate(zip(rows, record.stops, strict=True))
        )
        _check_whole(reader, label, record)
        free = reader.step(label, "free", record.free, later=True)
    except UnreadableError:
        aboard = [key for stop in record.stops for key in (*stop.on, *stop.off)]
        reader.schedule.unread.update(record.groups, aboard)
        return
    depart = stops[0].depart
    assert depart is not None  # of the first stop, or it could not be read
    reader.groups(label, record.groups, depart)
    _check_aboard(reader, label, record)
    trip = LineTrip(label=label, id=record.id, vehicle=vehicle, stops=stops, depart=depart, free=free)
    reader.schedule.line_trips.append(trip)
    assert record.line is not None
    rides = reader.terms.lines.rides(record.line)
    for i, j in rides:
        leg = _leg(trip, i, j, fills=(i, j) == rides[-1])
        if leg.groups or leg.fills:
            reader.schedule.trips.append(leg)


def _rows(reader: Reader, label: str, record: Trip) -> tuple[LineStop, ...]:
    rows = reader.terms.lines.stops.get(record.line or "")
    if rows is None:
        reader.fault("unknown-id", label, f"there is no line {record.line!r} in the case")
        raise UnreadableError
    right = [(row.stop, row.kind.value) for row in rows]
    if [(stop.node, stop.kind) for stop in record.stops] != right:
        shown = ", ".join(f"{node} ({kind})" for node, kind in right)
        reader.fault("line", label, f"does not make the stops of line {record.line}: {shown}")
        raise UnreadableError
    if record.convoy is not None:
        reader.fault("convoy", label, "a trip of a line is part of no convoy")
    return rows


def _stop(reader: Reader, label: str, row: LineStop, stop: Stop, number: int, count: int) -> StopAt:
    first, last = number == 0, number == count - 1
    if (stop.arrive is None) != first or (stop.depart is None) != last:
        message = f"at {row.stop}: only the first stop has no arrival, and only the last no departure"
        reader.fault("line", label, message)
        raise UnreadableError
    if stop.passed is not None and row.kind not in PASSED_BY:
        reader.fault("passing", label, f"at {row.stop} nobody passes a crossing")
        raise UnreadableError
    if stop.passed is None and row.kind in PASSED_BY and (stop.off or last):
        reader.fault("passing", label, f"at {row.stop} there is no moment of passing")
        raise UnreadableError
    depart = None if stop.depart is None else reader.step(label, "depart", stop.depart)
    arrive = None if stop.arrive is None else reader.step(label, "arrive", stop.arrive)
    if arrive is None:
        assert depart is not None
        arrive = depart
    if (stop.on and row.kind is not StopKind.BOARD) or (stop.off and row.kind is StopKind.BOARD):
        where = "on where people get off" if stop.on else "off where people get on"
        reader.fault("aboard", label, f"at {row.stop} people get {where}")
        raise UnreadableError
    return StopAt(
        row=row,
        arrive=arrive,
        depart=depart,
        passed=None if stop.passed is None else reader.step(label, "passed", stop.passed),
        on=_known(reader, label, stop.on),
        off=_known(reader, label, stop.off),
    )


def _known(reader: Reader, label: str, keys: Sequence[str]) -> tuple[Group, ...]:
    return reader.groups(label, keys) if keys else ()


def _check_whole(reader: Reader, label: str, record: Trip) -> None:
    """The fields of the trip are those of its first and last stop."""
    first, last = record.stops[0], record.stops[-1]
    stated = (record.origin, record.depart, record.destination, record.kind, record.arrive, record.passed)
    right = (first.node, first.depart, last.node, last.kind, last.arrive, last.passed)
    if stated != right:
        reader.fault("line", label, "its origin and departure are not those of the first stop, or its end")
        raise UnreadableError


def _check_aboard(reader: Reader, label: str, record: Trip) -> None:
    """Everybody aboard gets on once and off once, and is aboard."""
    on = Counter(key for stop in record.stops for key in stop.on)
    off = Counter(key for stop in record.stops for key in stop.off)
    for key in sorted({*on, *off, *record.groups}):
        times = on[key], off[key], int(key in record.groups)
        if times != (1, 1, 1):
            message = f"group {key} gets on {on[key]} and off {off[key]} times"
            if not times[2]:
                message += ", and is not among the groups of the trip"
            reader.fault("aboard", label, message)
    hubs = [stop for stop in record.stops if stop.kind == "hub"]
    for stop in record.stops:
        if stop.on and reader.terms.is_hub(stop.node):
            for end in hubs:
                if {*stop.on} & {*end.off}:
                    message = f"from the hub {stop.node} one goes only to a crossing, not to {end.node}"
                    reader.fault("destination", label, message)


def _leg(trip: LineTrip, i: int, j: int, *, fills: bool) -> TripLeg:
    here, there = trip.stops[i], trip.stops[j]
    off = {group.id for group in there.off}
    assert here.depart is not None
    return TripLeg(
        label=f"{trip.label} from {here.row.stop} to {there.row.stop}",
        id=trip.id,
        vehicle=trip.vehicle,
        origin=here.row.stop,
        destination=there.row.stop,
        mode=PASSED_BY.get(there.row.kind),
        depart=here.depart,
        arrive=there.arrive,
        passed=there.passed,
        free=trip.free,
        groups=tuple(group for group in here.on if group.id in off),
        of=trip,
        stop=j,
        fills=fills,
    )
