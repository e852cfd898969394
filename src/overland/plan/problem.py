"""The planning problem of a case as typed arrays: what search and bound work on.

The meaning of every number is fixed by ``docs/problem.md``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from overland.case.model import Case, Role
from overland.plan.border import Borders, borders_of
from overland.plan.hazard import cumulative_hazard
from overland.plan.limits import Limits, limits_of
from overland.plan.options import Calls, Make, Options, bus_options, run_calls, service_calls
from overland.plan.riders import Drivers, Riders, sort_groups
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
    places : tuple of str
        Where people board: assembly areas with groups, and hubs. A place's number is its position here,
        and the first ``len(places)`` stations are these places.
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


def build_problem(case: Case, times: RoadTimes | None = None) -> Problem:
    """Turn a case into arrays."""
    times = times or RoadTimes.of(case)
    borders = borders_of(case)
    countries = tuple(dict.fromkeys(x.country for x in case.crossings))
    occupied = {group.place for group in case.groups}
    hub_names = tuple(p.id for p in case.places if Role.HUB in p.roles)
    places = tuple(p.id for p in case.places if p.id in occupied or p.id in hub_names)
    depots = [f.depot for f in case.fleets if f.count]
    stations = tuple(dict.fromkeys([*places, *depots, *(x.id for x in case.crossings)]))
    station_of = {s: i for i, s in enumerate(stations)}
    profiles = tuple(dict.fromkeys(RoadTimes.profile_of(f) for f in case.fleets if f.count))
    accesses = tuple(
        dict.fromkeys([*(f.access for f in case.fleets if f.count), *(s.access for s in case.services)])
    )
    makes, vehicles = _vehicles(case, station_of, profiles, accesses)
    longest = np.array(
        [vehicles.type_driving[vehicles.type_make == m].max() for m in range(len(makes))],
        dtype=np.int64,
    )
    runs = run_calls(case)
    seats = {s.id: s.seats for s in case.services}
    run_legs = [(run, len(calls) - 1, seats[run.split("@")[0]]) for run, calls in runs.items()]
    limits = limits_of(case, borders, places, countries, run_legs)
    options = bus_options(
        case, times, borders, limits, places, hub_names, profiles, makes, longest, station_of, countries
    )
    calls = service_calls(case, borders, limits, runs, places, hub_names, countries, accesses)
    hubs = np.array([places.index(h) for h in hub_names], dtype=np.int64)
    change = case.steps_of_hours(case.policy.hub_change_minutes / 60)
    riders, drivers, stranded = sort_groups(
        case, times, borders, options, calls, places, hubs, countries, accesses, change
    )
    hazard = cumulative_hazard(case)
    capacity = {p.id: p.waiting_capacity for p in case.places}
    return Problem(
        case=case,
        times=times,
        horizon=case.steps,
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
        limits=limits,
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
) -> tuple[tuple[Make, ...], Vehicles]:
    makes: dict[Make, int] = {}
    types: dict[tuple[int, int, int, int, int, int], int] = {}
    rows: list[tuple[str, int, int, int]] = []
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
        available = max(0, case.step_of(fleet.available, up=True))
        rows += [
            (f"{fleet.id}-{i + 1:02d}", number, station_of[fleet.depot], available)
            for i in range(fleet.count)
        ]
    table = np.array(list(types), dtype=np.int64).reshape(-1, 6)
    return tuple(makes), Vehicles(
        name=tuple(row[0] for row in rows),
        type=np.array([row[1] for row in rows], dtype=np.int64),
        depot=np.array([row[2] for row in rows], dtype=np.int64),
        available=np.array([row[3] for row in rows], dtype=np.int64),
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
