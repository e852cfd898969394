"""The planning problem of a case as typed arrays: what search and bound work on.

The meaning of every number is fixed by ``docs/problem.md``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from overland.case.model import Case, Role, StopKind
from overland.plan.border import Borders, borders_of
from overland.plan.hazard import cumulative_hazard
from overland.plan.limits import Limits, limits_of
from overland.plan.lineoptions import Ground, with_lines
from overland.plan.options import Calls, Make, Options, bus_options, run_calls, run_seats, service_calls
from overland.plan.riders import Drivers, Riders, sort_groups
from overland.plan.standing import AT_THE_START, RESTED, Standing, all_legs
from overland.plan.used import used
from overland.roads import RoadTimes

NO_DUTY_LIMIT = 1 << 40  # steps
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Vehicles:
    """Vehicles, one row each, and the types they belong to.

    A *type* is what search and bound can tell apart: make (profile and access), seats, driving, rest, duty.
    """

    name: tuple[str, ...]
    type: Ints
    depot: Ints  # station
    available: Ints  # step
    driven: Ints  # road steps since the last rest, when it is available
    began: Ints  # step at which the duty began that it is in then; RESTED if in none
    type_profile: Ints
    type_make: Ints
    type_seats: Ints
    type_driving: Ints  # road steps between rests
    type_rest: Ints  # steps of standstill
    type_duty: Ints  # steps from the first work after a rest to the end of the last; NO_DUTY_LIMIT for any


@dataclass(frozen=True, slots=True)
class Problem:
    """One planning problem.

    Attributes
    ----------
    horizon : int
        Number of steps, T.
    now : int
        First step at which anything may leave; 0 but for a re-plan.
    places : tuple of str
        Where people board: assembly areas with groups, hubs, and stops of lines. A place's number is
        its position here, and the first ``len(places)`` stations are these places.
    stations : tuple of str
        Where vehicles can be: places, depots, crossings.
    empty : int16 (profiles, stations, places, T)
        Road steps of an empty move; -1 where impossible.
    hazard : float64 (places, T + 1)
        Hazard-weighted hours from the start until each step.
    """

    case: Case
    times: RoadTimes
    horizon: int
    now: int
    hours: float
    loading: int
    change: int
    places: tuple[str, ...]
    hubs: Ints
    stations: tuple[str, ...]
    profiles: tuple[str, ...]
    makes: tuple[Make, ...]
    accesses: tuple[frozenset[str], ...]  # sets of needs that some vehicle or service can take
    countries: tuple[str, ...]
    borders: Borders
    limits: Limits
    options: Options
    calls: Calls
    vehicles: Vehicles
    empty: NDArray[np.int16]
    hazard: Floats
    riders: Riders
    drivers: Drivers
    stranded: dict[str, str]  # group → reason
    left_penalty: float
    vehicle_hour_cost: float
    hub_capacity: Ints  # (hubs,); -1 for no limit


def build_problem(case: Case, times: RoadTimes | None = None, standing: Standing = AT_THE_START) -> Problem:
    """Turn a case, and how things stand now, into arrays."""
    times = times or RoadTimes.of(case)
    borders = borders_of(case)
    countries = tuple(dict.fromkeys(x.country for x in case.crossings))
    country_of = {x.id: countries.index(x.country) for x in case.crossings}
    occupied = {
        group.place
        for group in case.groups
        if group.id not in standing.gone and group.id not in standing.at_hubs
    }
    hub_names = tuple(p.id for p in case.places if Role.HUB in p.roles)
    on_lines = {row.stop for row in case.lines if row.kind is StopKind.BOARD}
    places = tuple(p.id for p in case.places if p.id in occupied or p.id in hub_names or p.id in on_lines)
    depots = [f.depot for f in case.fleets if f.count] + [v.node for v in standing.vehicles.values()]
    stations = tuple(dict.fromkeys([*places, *depots, *(x.id for x in case.crossings)]))
    station_of = {s: i for i, s in enumerate(stations)}
    profiles = tuple(dict.fromkeys(RoadTimes.profile_of(f) for f in case.fleets if f.count))
    accesses = tuple(
        dict.fromkeys([*(f.access for f in case.fleets if f.count), *(s.access for s in case.services)])
    )
    makes, vehicles = _vehicles(case, station_of, profiles, accesses, standing)
    longest = np.array(
        [vehicles.type_driving[vehicles.type_make == m].max() for m in range(len(makes))],
        dtype=np.int64,
    )
    runs = run_calls(case)
    seats = run_seats(case)
    run_legs = [(run, len(calls) - 1, seats[run]) for run, calls in runs.items()]
    limits = limits_of(case, borders, places, countries, run_legs)
    options = bus_options(
        case, times, borders, limits, places, hub_names, profiles, makes, longest, station_of, country_of
    )
    if case.lines:
        ground = Ground(
            case, times, borders, limits, places, profiles, makes, longest, station_of, country_of
        )
        options = with_lines(options, ground)
    calls = service_calls(case, borders, limits, runs, places, hub_names, country_of, accesses)
    calls.seats[calls.step < standing.now] = 0
    hubs = np.array([places.index(h) for h in hub_names], dtype=np.int64)
    change = case.steps_of_hours(case.policy.hub_change_minutes / 60)
    riders, drivers, stranded = sort_groups(
        case, times, borders, options, calls, places, hubs, countries, accesses, change, standing
    )
    taken = used(case, limits, borders, places, all_legs(standing.past))
    hazard = cumulative_hazard(case)
    capacity = {p.id: p.waiting_capacity for p in case.places}
    return Problem(
        case=case,
        times=times,
        horizon=case.steps,
        now=standing.now,
        hours=case.step_hours,
        loading=case.steps_of_hours(case.policy.loading_minutes / 60),
        change=change,
        places=places,
        hubs=hubs,
        stations=stations,
        profiles=profiles,
        makes=makes,
        accesses=accesses,
        countries=countries,
        borders=borders,
        limits=replace(limits, limit=np.maximum(limits.limit - taken, 0)),
        options=options,
        calls=calls,
        vehicles=vehicles,
        empty=_empty_moves(times, stations, places, profiles, case.steps),
        hazard=np.array([hazard[p] for p in places]).reshape(len(places), case.steps + 1),
        riders=riders,
        drivers=drivers,
        stranded=stranded,
        left_penalty=case.policy.left_penalty_hours,
        vehicle_hour_cost=case.policy.vehicle_hour_cost,
        hub_capacity=np.array(
            [-1 if capacity[h] is None else capacity[h] for h in hub_names], dtype=np.int64
        ),
    )


def _vehicles(
    case: Case,
    station_of: dict[str, int],
    profiles: tuple[str, ...],
    accesses: tuple[frozenset[str], ...],
    standing: Standing,
) -> tuple[tuple[Make, ...], Vehicles]:
    makes: dict[Make, int] = {}
    types: dict[tuple[int, int, int, int, int, int], int] = {}
    rows: list[tuple[str, int, int, int, int, int]] = []
    for fleet in case.fleets:
        if not fleet.count:
            continue
        make = Make(profiles.index(RoadTimes.profile_of(fleet)), accesses.index(fleet.access))
        kind = (
            make.profile,
            makes.setdefault(make, len(makes)),
            fleet.seats,
            max(1, int(fleet.max_driving_hours / case.step_hours + 1e-9)),
            case.steps_of_hours(fleet.rest_hours),
            NO_DUTY_LIMIT
            if fleet.max_duty_hours is None
            else max(1, int(fleet.max_duty_hours / case.step_hours + 1e-9)),
        )
        number = types.setdefault(kind, len(types))
        for name, moment in case.vehicles_of(fleet).items():
            available = max(0, case.step_of(moment, up=True))
            at = standing.vehicles.get(name)
            if at is None:
                rows.append((name, number, station_of[fleet.depot], available, 0, RESTED))
            else:
                free = max(at.free, available)
                rows.append((name, number, station_of[at.node], free, at.driven, at.began))
    table = np.array(list(types), dtype=np.int64).reshape(-1, 6)
    return tuple(makes), Vehicles(
        name=tuple(row[0] for row in rows),
        type=np.array([row[1] for row in rows], dtype=np.int64),
        depot=np.array([row[2] for row in rows], dtype=np.int64),
        available=np.array([row[3] for row in rows], dtype=np.int64),
        driven=np.array([row[4] for row in rows], dtype=np.int64),
        began=np.array([row[5] for row in rows], dtype=np.int64),
        type_profile=np.ascontiguousarray(table[:, 0]),
        type_make=np.ascontiguousarray(table[:, 1]),
        type_seats=np.ascontiguousarray(table[:, 2]),
        type_driving=np.ascontiguousarray(table[:, 3]),
        type_rest=np.ascontiguousarray(table[:, 4]),
        type_duty=np.ascontiguousarray(table[:, 5]),
    )


def _empty_moves(
    times: RoadTimes,
    stations: tuple[str, ...],
    places: tuple[str, ...],
    profiles: tuple[str, ...],
    horizon: int,
) -> NDArray[np.int16]:
    moves = np.full((len(profiles), len(stations), len(places), horizon), -1, dtype=np.int16)
    targets = [times.index[p] for p in places]
    for f, profile in enumerate(profiles):
        for s, station in enumerate(stations):
            moves[f, s] = times.table(profile, station)[:, targets].T
    return moves
