"""The case as of now: what events make of a case."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from overland.case.events import (
    CorridorChanged,
    CrossingChanged,
    Event,
    GroupChanged,
    GroupMissed,
    GroupWithdrawn,
    RoadClosed,
    RoadOpened,
    RunChanged,
    ThreatEnded,
    VehiclesLate,
    VehiclesLost,
    details,
)
from overland.case.faults import shown
from overland.case.model import (
    Case,
    Closure,
    Convoy,
    Corridor,
    Fleet,
    Group,
    RunSeats,
    SingleVehicle,
    Threat,
    WaitForecast,
    way_number,
)


@dataclass(frozen=True, slots=True)
class AsOfNow:
    """A case after some events, and the groups that did not take the last departure they were to take."""

    case: Case
    missed: frozenset[str]


def after(case: Case, events: Iterable[Event]) -> AsOfNow:
    """The case after events, in their order.

    Raises
    ------
    CaseError
        If an event does not fit the case; it names the line and the field of the file.
    """
    missed: set[str] = set()
    for event in events:
        what = details(event, case)
        if isinstance(what, GroupMissed):
            missed.add(what.group)
        case = _APPLY[type(what)](case, what, event)
    return AsOfNow(case, frozenset(missed))


def _road_closed(case: Case, what: RoadClosed, event: Event) -> Case:
    _check_way(case, what.road, event)
    start = what.start or event.known
    if what.end is not None and what.end <= start:
        raise event.fault("end", f"must be later than {start:%Y-%m-%d %H:%M} UTC, when it closes")
    kept = tuple(row for row in case.closures if (row.road, row.start) != (what.road, start))
    return replace(case, closures=(*kept, Closure(road=what.road, start=start, end=what.end)))


def _road_opened(case: Case, what: RoadOpened, event: Event) -> Case:
    _check_way(case, what.road, event)
    start = what.start or event.known
    closures = []
    for row in case.closures:
        if row.road != what.road or (row.end is not None and row.end <= start):
            closures.append(row)
        elif row.start < start:
            closures.append(replace(row, end=start))
    if tuple(closures) == case.closures:
        raise event.fault("road", f"{what.road} has no closure in closures.csv that would end by this")
    return replace(case, closures=tuple(closures))


def _check_way(case: Case, road: str, event: Event) -> None:
    if case.network is not None and way_number(road) is None:
        raise event.fault("road", f"{shown(road)} is not a way of the map; write for instance way/4711")


def _crossing_changed(case: Case, what: CrossingChanged, event: Event) -> Case:
    if (what.opens is None) != (what.closes is None):
        raise event.fault("opens", "opens and closes belong together; give both or neither")
    key = (what.crossing, what.mode)
    if all((row.crossing, row.mode) != key for row in case.crossing_modes):
        raise event.fault("mode", f"{what.crossing} has no mode {what.mode} in crossing_modes.csv")
    told = {name: getattr(what, name) for name in ("rate_per_hour", "opens", "closes")}
    told = {name: value for name, value in told.items() if value is not None}
    modes = tuple(
        replace(row, **told) if (row.crossing, row.mode) == key else row for row in case.crossing_modes
    )
    if what.wait_hours is None:
        if not told:
            raise event.fault("rate_per_hour", "nothing is changed; give rate_per_hour, wait_hours or hours")
        return replace(case, crossing_modes=modes)
    start = what.start or event.known
    waits = tuple(row for row in case.waits if (row.crossing, row.mode, row.start) != (*key, start))
    wait = WaitForecast(crossing=what.crossing, mode=what.mode, start=start, wait_hours=what.wait_hours)
    return replace(case, crossing_modes=modes, waits=(*waits, wait))


def _vehicles_lost(case: Case, what: VehiclesLost, event: Event) -> Case:
    if bool(what.vehicles) == bool(what.fleet):
        raise event.fault("vehicles", "name either vehicles, or a fleet and how many of it")
    if what.fleet:
        fleet = next(row for row in case.fleets if row.id == what.fleet)
        usable = list(case.vehicles_of(fleet))
        if what.number > len(usable):
            raise event.fault("number", f"{fleet.id} has {len(usable)} vehicles that are not lost yet")
        names = tuple(usable[len(usable) - what.number :])
    else:
        names = what.vehicles
    return _with_vehicles(case, names, event, lost=True)


def _vehicles_late(case: Case, what: VehiclesLate, event: Event) -> Case:
    return _with_vehicles(case, what.vehicles, event, available=what.available)


def _with_vehicles(case: Case, names: tuple[str, ...], event: Event, **changes: Any) -> Case:
    rows = {(row.fleet, row.number): row for row in case.vehicles}
    number_of = {
        f"{fleet.id}-{number:02d}": (fleet.id, number)
        for fleet in case.fleets
        for number in range(1, fleet.count + 1)
    }
    for name in names:
        if name not in number_of:
            raise event.fault("vehicles", f"{shown(name)} is no vehicle of a fleet in fleets.csv")
        fleet, number = number_of[name]
        row = rows.get((fleet, number), SingleVehicle(fleet=fleet, number=number))
        rows[fleet, number] = replace(row, **changes)
    return replace(case, vehicles=tuple(rows.values()))


def _fleet_added(case: Case, what: Fleet, event: Event) -> Case:
    _check_new(what.id, (row.id for row in case.fleets), event)
    return replace(case, fleets=(*case.fleets, what))


def _check_new(key: str, keys: Iterable[str], event: Event) -> None:
    if key in keys:
        raise event.fault("id", f"{shown(key)} is there already; what is new needs an id of its own")


def _run_changed(case: Case, what: RunChanged, event: Event) -> Case:
    name, _, text = what.run.rpartition("@")
    service = next((row for row in case.services if row.id == name), None)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if service is None or not service.first_day <= day <= service.last_day:
        raise event.fault("run", f"there is no run {shown(what.run)} of a service in services.csv")
    kept = tuple(row for row in case.runs if (row.service, row.day) != (name, day))
    return replace(case, runs=(*kept, RunSeats(service=name, day=day, seats=what.seats)))


def _group_added(case: Case, what: Group, event: Event) -> Case:
    _check_new(what.id, (row.id for row in case.groups), event)
    return replace(case, groups=(*case.groups, what))


def _group_changed(case: Case, what: GroupChanged, event: Event) -> Case:
    told = {
        field.name: value
        for field in fields(what)
        if field.name != "group" and (value := getattr(what, field.name)) is not None
    }
    if not told:
        raise event.fault("group", "nothing is changed; give what is new, for instance size or ready")
    return _with_group(case, what.group, told)


def _with_group(case: Case, key: str, told: dict[str, Any]) -> Case:
    return replace(case, groups=tuple(replace(row, **told) if row.id == key else row for row in case.groups))


def _group_missed(case: Case, what: GroupMissed, _: Event) -> Case:
    return case if what.ready is None else _with_group(case, what.group, {"ready": what.ready})


def _group_withdrawn(case: Case, what: GroupWithdrawn, _: Event) -> Case:
    return replace(case, groups=tuple(row for row in case.groups if row.id != what.group))


def _threat_added(case: Case, what: Threat, event: Event) -> Case:
    _check_new(what.id, (row.id for row in case.threats), event)
    if what.end is not None and what.end <= what.start:
        raise event.fault("end", "must be later than start")
    return replace(case, threats=(*case.threats, what))


def _threat_ended(case: Case, what: ThreatEnded, event: Event) -> Case:
    end, threats = what.end or event.known, []
    if all(row.id != what.threat for row in case.threats):
        raise event.fault("threat", f"{shown(what.threat)} is no threat in threats.geojson")
    for row in case.threats:
        if row.id != what.threat:
            threats.append(row)
        elif row.start < end:
            threats.append(replace(row, end=_first(row.end, end)))
    return replace(case, threats=tuple(threats))


def _first(one: datetime | None, other: datetime) -> datetime:
    return other if one is None else min(one, other)


def _corridor_added(case: Case, what: Corridor, event: Event) -> Case:
    if what.end <= what.start:
        raise event.fault("end", "must be later than start")
    if any((row.id, row.start) == (what.id, what.start) for row in case.corridors):
        raise event.fault("id", f"{shown(what.id)} has a window from that moment already")
    return replace(case, corridors=(*case.corridors, what))


def _corridor_changed(case: Case, what: CorridorChanged, event: Event) -> Case:
    corridors: list[Corridor] = []
    for row in case.corridors:
        if row.id == what.corridor and row.end > event.known:
            if row.start < event.known and row.status != what.status:  # what has been stays as it was
                corridors += [
                    replace(row, end=event.known),
                    replace(row, start=event.known, status=what.status),
                ]
            else:
                corridors.append(replace(row, status=what.status))
        else:
            corridors.append(row)
    return replace(case, corridors=tuple(corridors))


def _convoy_added(case: Case, what: Convoy, event: Event) -> Case:
    _check_new(what.id, (row.id for row in case.convoys), event)
    return replace(case, convoys=(*case.convoys, what))


_APPLY: dict[type[Any], Callable[[Case, Any, Event], Case]] = {
    RoadClosed: _road_closed,
    RoadOpened: _road_opened,
    CrossingChanged: _crossing_changed,
    VehiclesLost: _vehicles_lost,
    VehiclesLate: _vehicles_late,
    Fleet: _fleet_added,
    RunChanged: _run_changed,
    Group: _group_added,
    GroupChanged: _group_changed,
    GroupWithdrawn: _group_withdrawn,
    GroupMissed: _group_missed,
    Threat: _threat_added,
    ThreatEnded: _threat_ended,
    Corridor: _corridor_added,
    CorridorChanged: _corridor_changed,
    Convoy: _convoy_added,
}
