"""Every way a bus can leave a place, and every call of a train, as flat arrays over departure steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import product

import numpy as np
from numpy.typing import NDArray

from overland.case.model import Case, Mode
from overland.plan.border import Borders
from overland.plan.convoys import running_convoys
from overland.plan.limits import Limits
from overland.plan.lines import Lines, no_lines
from overland.roads import RoadTimes

Ints = NDArray[np.int64]
Shorts = NDArray[np.int16]

ACROSS, FOOT, HUB = 0, 1, 2
LINE = 3  # a trip of a line, which nobody boards as such: see lines.py
NO_LIMIT = 30_000


@dataclass(frozen=True, slots=True)
class Make:
    """What roads and riders can tell apart of a vehicle; options belong to a make."""

    profile: int
    access: int  # position among the accesses of the problem


@dataclass(frozen=True, slots=True)
class Options:
    """Bus options: one row for each (place, make, destination, kind), alone or in a convoy.

    Attributes
    ----------
    first : int64 (places, makes + 1)
        Options of place ``p`` and make ``m`` are ``first[p, m]`` … ``first[p, m + 1] - 1``.
    access : int64 (options,)
        Position of the vehicles' access among those of the problem.
    convoy : int64 (options,)
        Limit of the vehicles in the convoy; -1 for trips that are not part of one.
    only : int64 (options,)
        Step at which the convoy leaves; -1 for trips that are not part of one.
    kind : int64 (options,)
        ``ACROSS``, ``FOOT``, ``HUB`` or ``LINE``.
    station : int64 (options,)
        Where the vehicle is free again.
    gate, country : int64 (options,)
        Gate that is passed and country it leads to; -1 for a hub.
    road, safe, free : int16 (options, T)
        Road steps; step at which people are across (at the hub, for a hub); step at which the vehicle is
        free. All -1 where the departure is impossible.
    room : int16 (options, T)
        Largest number of people the full limits allow aboard one departure.
    lines : Lines
        Trips of lines and their rides, which are options as well, but for the trips without caps behind those
        of all places.
    """

    first: Ints
    access: Ints
    convoy: Ints
    only: Ints
    kind: Ints
    station: Ints
    gate: Ints
    country: Ints
    road: Shorts
    safe: Shorts
    free: Shorts
    room: Shorts
    lines: Lines


@dataclass(frozen=True, slots=True)
class Calls:
    """Service departures that people of a place can take, one row for each (run, stop, alighting stop).

    Rows are sorted by place, step, run and destination: the order of the loading rule.
    """

    run: tuple[str, ...]
    origin: tuple[str, ...]
    destination: tuple[str, ...]
    first: Ints  # (places + 1,) calls of place p
    step: Ints  # boarding step
    arrive: Ints  # step of arrival at the hub or crossing
    safe: Ints  # step across; arrival for a hub
    gate: Ints  # -1 for a hub
    country: Ints  # -1 for a hub
    hub: Ints  # place number of the hub; -1 for a crossing
    seats: Ints
    leg_first: Ints  # (calls,) first and last leg row used
    leg_last: Ints
    access: Ints  # position among the accesses of the problem


def run_calls(case: Case) -> dict[str, list[tuple[str, datetime]]]:
    """The calls of every dated run, in order: run id → (stop, moment)."""
    stops: dict[str, list[tuple[int, str, int]]] = {}
    for row in case.service_stops:
        stops.setdefault(row.service, []).append((row.sequence, row.stop, row.minutes))
    runs: dict[str, list[tuple[str, datetime]]] = {}
    for service in case.services:
        day = service.first_day
        while day <= service.last_day:
            begin = datetime.combine(day, service.departs, tzinfo=case.zone)
            runs[f"{service.id}@{day}"] = [
                (stop, begin.astimezone(case.start.tzinfo) + timedelta(minutes=minutes))
                for _, stop, minutes in sorted(stops.get(service.id, []))
            ]
            day += timedelta(days=1)
    return runs


def run_seats(case: Case) -> dict[str, int]:
    """Seats held for us on every dated run."""
    service = {row.id: row for row in case.services}
    days = (run.rpartition("@") for run in run_calls(case))
    return {f"{name}@{day}": case.seats_of(service[name], date.fromisoformat(day)) for name, _, day in days}


def bus_options(
    case: Case,
    times: RoadTimes,
    borders: Borders,
    limits: Limits,
    places: tuple[str, ...],
    hubs: tuple[str, ...],
    profiles: tuple[str, ...],
    makes: tuple[Make, ...],
    longest_drive: Ints,
    stations: dict[str, int],
    country_of: dict[str, int],
) -> Options:
    """Tabulate every bus trip that is possible at some step.

    Parameters
    ----------
    longest_drive : int64 (makes,)
        Greatest number of road steps any vehicle of the make may drive without a rest.
    """
    horizon = case.steps
    unloading = case.steps_of_hours(case.policy.unloading_minutes / 60)
    departs = np.arange(horizon)
    first = np.zeros((len(places), len(makes) + 1), dtype=np.int64)
    rows: list[tuple[int, int, int, int, int, int, int]] = []
    convoys = running_convoys(case)
    arrays: list[list[Ints]] = []
    for p, place in enumerate(places):
        for m, make in enumerate(makes):
            first[p, m] = len(rows)
            profile = profiles[make.profile]
            tables = [(times.table(profile, place).astype(np.int64), -1, -1)]
            for convoy in convoys:
                if convoy.place == place:
                    under_escort = np.full(tables[0][0].shape, -1, dtype=np.int64)
                    open_to_it = times.table(f"{profile}+{convoy.corridor}", place)
                    under_escort[convoy.step] = open_to_it[convoy.step]
                    tables.append((under_escort, limits.convoy_row[convoy.id], convoy.step))
            targets: list[tuple[int, str, int]] = [
                (ACROSS if mode is Mode.BUS else FOOT, crossing, g)
                for g, (crossing, mode) in enumerate(borders.gates)
                if mode in (Mode.BUS, Mode.FOOT)
            ]
            if place not in hubs:
                targets += [(HUB, hub, -1) for hub in hubs]
            for (table, convoy_row, only), (kind, node, gate) in product(tables, targets):
                road = table[:, times.index[node]]
                possible = (road >= 0) & (road <= longest_drive[m])
                arrive = departs + np.maximum(road, 0)
                if gate >= 0:
                    safe = borders.passed[gate][arrive]
                    possible &= safe >= 0
                else:
                    safe = arrive
                if not possible.any():
                    continue
                free = safe + borders.turnaround[gate] if kind == ACROSS else arrive + unloading
                country = country_of[node] if gate >= 0 else -1
                room = usable_room(limits, p, gate, country, safe)
                rows.append((make.access, convoy_row, only, kind, stations[node], gate, country))
                arrays.append([np.where(possible, a, -1) for a in (road, safe, free, room)])
        first[p, len(makes)] = len(rows)
    table_of_rows = np.array(rows, dtype=np.int64).reshape(-1, 7)
    shorts = [np.array([a[i] for a in arrays], dtype=np.int16).reshape(-1, horizon) for i in range(4)]
    columns, lines = table_of_rows.T.copy(), no_lines(len(rows), horizon)
    return Options(
        first=first,
        access=columns[0],
        convoy=columns[1],
        only=columns[2],
        kind=columns[3],
        station=columns[4],
        gate=columns[5],
        country=columns[6],
        road=shorts[0],
        safe=shorts[1],
        free=shorts[2],
        room=shorts[3],
        lines=lines,
    )


def usable_room(limits: Limits, p: int, gate: int, country: int, safe: Ints) -> Ints:
    """The most people of place ``p`` whom the full limits let take a departure to a gate (-1: to a hub).

    Parameters
    ----------
    safe : int64 (T,)
        Step across, by the step of departure.
    """
    rows = [limits.boarding_row[p]]
    if gate >= 0:
        at = np.maximum(safe, 0)
        rows += [limits.gate_row[gate][at], limits.reception_row[gate][at]]
        rows += [np.full(len(safe), limits.country_row[country])]
    return np.min([_room_of(limits, row) for row in rows], axis=0)


def _room_of(limits: Limits, row: Ints) -> Ints:
    """The limit of each row; no limit for row -1."""
    if not len(limits.limit):
        return np.full(len(row), NO_LIMIT, dtype=np.int64)
    return np.minimum(np.where(row >= 0, limits.limit[np.maximum(row, 0)], NO_LIMIT), NO_LIMIT)


def service_calls(
    case: Case,
    borders: Borders,
    limits: Limits,
    runs: dict[str, list[tuple[str, datetime]]],
    places: tuple[str, ...],
    hubs: tuple[str, ...],
    country_of: dict[str, int],
    accesses: tuple[frozenset[str], ...],
) -> Calls:
    """Tabulate who can board which run where, to alight where."""
    gate_of = {crossing: g for g, (crossing, mode) in enumerate(borders.gates) if mode is Mode.RAIL}
    seats_of = run_seats(case)
    number = {place: p for p, place in enumerate(places)}
    found: list[tuple[int, int, str, str, str, int, int, int, int, int, int, int, int]] = []
    for run, calls in runs.items():
        for i, (origin, leaves) in enumerate(calls[:-1]):
            step = case.step_of(leaves, up=False)
            if origin not in number or leaves < case.start or step >= case.steps:
                continue
            for j in range(i + 1, len(calls)):
                stop, calls_at = calls[j]
                arrive = case.step_of(calls_at, up=True)
                gate, hub, country, safe = -1, -1, -1, arrive
                if stop in gate_of and j == len(calls) - 1:
                    gate, country = gate_of[stop], country_of[stop]
                    safe = int(borders.passed[gate][arrive]) if arrive <= case.steps else -1
                elif stop in hubs and origin not in hubs:
                    hub = number[stop]
                else:
                    continue
                if 0 <= safe <= case.steps:
                    legs = (limits.leg_row[run, i], limits.leg_row[run, j - 1])
                    seats = seats_of[run]
                    found.append(
                        (
                            number[origin],
                            step,
                            run,
                            stop,
                            origin,
                            arrive,
                            safe,
                            gate,
                            country,
                            hub,
                            seats,
                            *legs,
                        )
                    )
    found.sort()
    columns = list(zip(*found, strict=True)) if found else [()] * 13
    ints = {i: np.array(columns[i], dtype=np.int64) for i in (0, 1, 5, 6, 7, 8, 9, 10, 11, 12)}
    access_of = {service.id: accesses.index(service.access) for service in case.services}
    return Calls(
        run=tuple(columns[2]),
        origin=tuple(columns[4]),
        destination=tuple(columns[3]),
        first=np.searchsorted(ints[0], np.arange(len(places) + 1)).astype(np.int64),
        step=ints[1],
        arrive=ints[5],
        safe=ints[6],
        gate=ints[7],
        country=ints[8],
        hub=ints[9],
        seats=ints[10],
        leg_first=ints[11],
        leg_last=ints[12],
        access=np.array([access_of[run.split("@")[0]] for run in columns[2]], dtype=np.int64),
    )
