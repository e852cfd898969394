"""What has changed: one JSON object a line, each a kind of event with the columns of a table's row."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any

from overland.case.cells import CellError, Conventions, moment, parser
from overland.case.columns import column
from overland.case.faults import did_you_mean, shown
from overland.case.model import (
    Case,
    Convoy,
    Corridor,
    CorridorStatus,
    Fleet,
    Group,
    Mode,
    Papers,
    Threat,
)
from overland.case.schema import THREAT_KEYS, Column, columns_of
from overland.case.settings import as_text
from overland.case.threats import GeometryError, rings_of
from overland.errors import CaseError, Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadClosed:
    """A road is impassable for a time, or for good."""

    road: str = column("Road that is closed.", ref="roads")
    start: datetime | None = column("Closed from; left out: from when it is known.", default=None)
    end: datetime | None = column("Open again from; left out: closed for good.", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadOpened:
    """A road that was closed, or would have been, is open from now on (a threat may close it still)."""

    road: str = column("Road that is open.", ref="roads")
    start: datetime | None = column("Open from; left out: from when it is known.", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossingChanged:
    """A way of passing a crossing has another rate, wait or other hours; what is left out stays."""

    crossing: str = column("Crossing.", ref="crossings")
    mode: Mode = column("car, bus, foot or rail.")
    rate_per_hour: float | None = column(
        "Persons of ours passed in an open hour; 0: it is closed to us.",
        unit="persons/h",
        minimum=0,
        default=None,
    )
    wait_hours: float | None = column(
        "Wait of those who arrive from `start` on, until the next row of waits.csv.",
        unit="h",
        minimum=0,
        maximum=168,
        default=None,
    )
    start: datetime | None = column(
        "Of the new wait; left out: from when it is known. Rate and hours change at once.", default=None
    )
    opens: time | None = column("Local opening time.", default=None)
    closes: time | None = column("Local closing time; the same as `opens`: day and night.", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class VehiclesLost:
    """Vehicles begin nothing more; what is under way arrives."""

    vehicles: tuple[str, ...] = column("Which, such as kyiv-coaches-07.", default=())
    fleet: str = column("Or of which fleet: those with the highest numbers.", ref="fleets", default="")
    number: int = column("How many of the fleet.", minimum=1, default=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class VehiclesLate:
    """Vehicles that have not left their depot yet are ready later, or earlier, than they were to be."""

    vehicles: tuple[str, ...] = column("Which, such as kyiv-coaches-07.")
    available: datetime = column("Ready to leave the depot, with crew, from this moment.")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunChanged:
    """Other seats are held on a run of a service, or it is cancelled."""

    run: str = column("Service and local day, such as d715@2022-02-18.")
    seats: int = column("Seats held for us; 0: it is cancelled.", unit="persons", minimum=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupChanged:
    """A group that has not left yet is not as it was believed to be; what is left out stays."""

    group: str = column("Number of the group.", ref="groups")
    size: int | None = column("People in it.", unit="persons", minimum=1, maximum=60, default=None)
    kin: int | None = column("Of them, non-nationals.", unit="persons", minimum=0, default=None)
    kin_nationality: str | None = column("Nationality of the non-nationals.", default=None)
    place: str | None = column("Where it gathers now.", ref="places", default=None)
    ready: datetime | None = column("Can leave from this moment.", default=None)
    category: str | None = column("Priority class.", ref="categories", default=None)
    papers: Papers | None = column("Worst papers in the group.", default=None)
    own_car: bool | None = column("Leaves in its own car.", default=None)
    can_walk: bool | None = column("Can cross a border on foot.", default=None)
    needs: frozenset[str] | None = column("What must be taken for somebody in it.", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupWithdrawn:
    """A group that has not left yet needs no place: it has left by itself, or stays."""

    group: str = column("Number of the group.", ref="groups")


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMissed:
    """A group did not take the last departure it was to take, and is where it was before."""

    group: str = column("Number of the group.", ref="groups")
    ready: datetime | None = column("Can leave from this moment; left out: at once.", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreatEnded:
    """A threat is over."""

    threat: str = column("Id of the threat.")
    end: datetime | None = column("Over from; left out: from when it is known.", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CorridorChanged:
    """A corridor is accepted, or no longer; in all its windows that are not over."""

    corridor: str = column("Id of the corridor.", ref="corridors")
    status: CorridorStatus = column("Only an accepted corridor opens.")


KINDS: dict[str, Any] = {
    "road_closed": RoadClosed,
    "road_opened": RoadOpened,
    "crossing_changed": CrossingChanged,
    "vehicles_lost": VehiclesLost,
    "vehicles_late": VehiclesLate,
    "fleet_added": Fleet,
    "run_changed": RunChanged,
    "group_added": Group,
    "group_changed": GroupChanged,
    "group_withdrawn": GroupWithdrawn,
    "group_missed": GroupMissed,
    "threat_added": Threat,
    "threat_ended": ThreatEnded,
    "corridor_added": Corridor,
    "corridor_changed": CorridorChanged,
    "convoy_added": Convoy,
}
"""Each kind of event and the row that says what has changed."""

_KNOWN = Column(name="known", kind=datetime, doc="When we came to know of it.")


@dataclass(frozen=True, slots=True)
class Event:
    """One event, with the line of the file it stands on.

    ``fields`` is as written; :func:`details` reads it with the names that the case has by then.
    """

    file: str
    line: int
    kind: str
    known: datetime
    fields: dict[str, Any]

    def fault(self, field: str, message: str) -> CaseError:
        """An error about a field of the event."""
        return CaseError([Fault(self.file, self.line, field, message)])


def read_events(path: Path, case: Case) -> tuple[Event, ...]:
    """Read the events of a file; local times are those of the case.

    Raises
    ------
    CaseError
        If a line is no event; it names all such lines.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CaseError([Fault(str(path), None, "", "is not text in UTF-8")]) from error
    events: list[Event] = []
    faults: list[Fault] = []
    for line, row in enumerate(text.splitlines(), start=1):
        if row.strip():
            try:
                events.append(_event(str(path), line, row, case))
            except CaseError as error:
                faults += error.faults
    if faults:
        raise CaseError(faults)
    return tuple(events)


def _event(file: str, line: int, row: str, case: Case) -> Event:
    def fault(field: str, message: str) -> CaseError:
        return CaseError([Fault(file, line, field, message)])

    try:
        record = json.loads(row)
    except (json.JSONDecodeError, RecursionError) as error:
        raise fault("", f"is not a JSON object on one line: {error}") from error
    if not isinstance(record, dict):
        raise fault("", 'must be a JSON object, such as {"known": "2022-02-18 04:00", "event": …}')
    kind = record.pop("event", None)
    if not isinstance(kind, str) or kind not in KINDS:
        hint = did_you_mean(str(kind), KINDS) or f"; the kinds of events are {', '.join(KINDS)}"
        raise fault("event", f"{shown(str(kind))} is no kind of event{hint}")
    text = as_text(record.pop("known", ""))
    if not text:
        raise fault("known", f"is missing; {_KNOWN.doc}")
    try:
        known = moment(text, case.zone)
    except CellError as error:
        raise fault("known", _message(error)) from error
    return Event(file, line, kind, known, record)


def details(event: Event, case: Case) -> Any:
    """What an event says, as a row of its kind; names must be those of the case.

    Raises
    ------
    CaseError
        If a field is missing, unknown, out of range, or names something the case has not.
    """
    row, fields = KINDS[event.kind], dict(event.fields)
    columns = THREAT_KEYS if row is Threat else columns_of(row)
    geometry = fields.pop("geometry", None) if row is Threat else None
    conventions = Conventions(zone=case.zone, known=_names(case))
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for declared in columns:
        try:
            values[declared.name] = _value(declared, fields.pop(declared.name, None), conventions)
        except CellError as error:
            faults.append(Fault(event.file, event.line, declared.name, _message(error)))
    names = [declared.name for declared in columns]
    for name in fields:
        hint = did_you_mean(name, names) or f"; the fields of {event.kind} are {', '.join(names)}"
        faults.append(Fault(event.file, event.line, name, f"is not a field of {event.kind}{hint}"))
    if row is Threat:
        try:
            values["rings"] = rings_of(geometry)
        except GeometryError as error:
            faults.append(Fault(event.file, event.line, "geometry", str(error)))
    if faults:
        raise CaseError(faults)
    return row(**values)


def _value(declared: Column, raw: Any, conventions: Conventions) -> Any:
    if isinstance(raw, list) and all(isinstance(word, str) for word in raw):
        raw = " ".join(raw)
    text = "" if raw is None else as_text(raw)
    if text is None:
        raise CellError("type", "must be a single value, or a list of names")
    if text:
        return parser(declared, conventions)(text)
    if declared.required:
        raise CellError("missing", f"is missing; {declared.doc}")
    return declared.default


def _message(error: CellError) -> str:
    return error.message if isinstance(error.message, str) else error.message()


def _names(case: Case) -> dict[str, set[str]]:
    """The names each kind of reference may have; roads of a network are ways of its map."""
    names = {
        "places": {row.id for row in case.places},
        "crossings": {row.id for row in case.crossings},
        "roads": {row.id for row in case.roads},
        "fleets": {row.id for row in case.fleets},
        "services": {row.id for row in case.services},
        "groups": {row.id for row in case.groups},
        "corridors": {row.id for row in case.corridors},
        "categories": set(case.policy.weights),
        "notes": {row.id for row in case.notes},
    }
    if case.network is not None:
        del names["roads"]
    return names


def between(events: tuple[Event, ...], after: datetime | None, until: datetime) -> Iterator[Event]:
    """The events that came to be known after a moment (None: ever) and until another, in that order."""
    for event in sorted(events, key=lambda event: event.known):
        if (after is None or event.known > after) and event.known <= until:
            yield event
