"""A plan document read as orders."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from overland.errors import PlanError
from overland.futures.layers import Ways
from overland.futures.orders import (
    ACROSS,
    BOARD,
    EVENT,
    FOOT,
    GROUP,
    HUB,
    MOVE,
    NEVER,
    RAIL,
    RUN,
    STOP,
    TRIP,
    TRIP_ROW,
    VEHICLE,
    Orders,
    rows_of,
)
from overland.futures.scene import Scene
from overland.futures.world import Terms, World
from overland.plan.document import Move, Plan, Trip
from overland.plan.hazard import cumulative_hazard
from overland.plan.legs import fleet_of, hops_of
from overland.plan.options import run_calls, run_seats
from overland.plan.standing import all_legs, legs_by_group, ready_step
from overland.roads import RoadTimes

Ints = NDArray[np.int64]
Rows = NDArray[np.void]

PATIENCE_HOURS = 2.0  # later than planned at a border: from then on one looks for another gate

_TRIP_COLUMNS = "vehicle", "seats", "access", "leaves", "escorted"
_KINDS = {"board": BOARD, "hub": HUB, "foot": FOOT, "across": ACROSS}


class _Stop(NamedTuple):
    node: int
    kind: int
    gate: int
    arrives: int
    leaves: int
    passes: int
    stays: int
    way: int


class _Trip(NamedTuple):
    vehicle: int
    seats: int
    access: int
    leaves: int
    escorted: bool
    stops: list[_Stop]
    on: list[tuple[int, list[str]]]  # stop, groups
    off: list[tuple[int, list[str]]]


class _Event(NamedTuple):
    kind: int
    trip: int
    way: int
    begins: int
    drives: int
    lasts: int


class Reading:
    """Turns the records of a plan into orders; keeps the names that numbers stand for.

    Raises
    ------
    PlanError
        If the plan is a re-plan.
    """

    def __init__(self, scene: Scene, plan: Plan) -> None:
        if plan.replanned is not None:
            raise PlanError(
                "the plan is a re-plan, made while another was running; only plans from the start can be "
                "carried out in futures so far."
            )
        self.scene, self.case, self.times, self.plan = scene, scene.case, scene.times, plan
        self.gates, self.layers, self.groups = scene.gates, scene.layers, scene.groups
        self.vehicles = scene.vehicles
        self.ways = Ways(self.times, self.layers)
        self.fleets = {fleet.id: fleet for fleet in self.case.fleets}
        self.accesses = tuple(
            dict.fromkeys([*(f.access for f in self.case.fleets), *(s.access for s in self.case.services)])
        )
        self._vehicle = {name: i for i, name in enumerate(self.vehicles)}
        self._group = {name: i for i, name in enumerate(self.groups)}
        self.orders = self._orders()

    @property
    def world(self) -> World:
        """All that the execution needs."""
        terms = Terms(
            horizon=self.case.steps,
            step_minutes=self.case.step_minutes,
            change=self.case.steps_of_hours(self.case.policy.hub_change_minutes / 60),
            patience=self.case.steps_of_hours(PATIENCE_HOURS),
        )
        return World(self.orders, self.gates.tables, self.layers.tables, self.ways.tables(), terms)

    def _step(self, moment: object) -> int:
        return -1 if moment is None else self.case.step_of(moment, up=False)  # type: ignore[arg-type]

    def _gate(self, node: str, kind: int) -> int:
        return self.gates.number.get((node, ("", "", "foot", "bus", "rail")[kind]), -1)

    def _orders(self) -> Orders:
        trips = [self._bus_trip(trip) for trip in self.plan.trips] + self._runs()
        first = np.cumsum([0, *(len(trip.stops) for trip in trips)])
        on, off = self._journeys(trips, first)
        group = self._group_rows(on, off)
        stop, listed = _stop_rows(trips, first, on, off, group["size"])
        events = self._vehicle_events(trips)
        home, case = group["home"], self.case
        order = np.lexsort((np.arange(len(group)), -group["size"], group["ready"], -group["weight"], home))
        group["rank"][order] = np.arange(len(group))
        hazard = cumulative_hazard(case)
        return Orders(
            group=group,
            fits=np.array(
                [[group.needs <= access for access in self.accesses] for group in case.groups], dtype=np.bool_
            ).reshape(len(group), len(self.accesses)),
            trip=rows_of(
                TRIP_ROW,
                {"first": first[:-1], "end": first[1:]}
                | {name: _column(trips, name) for name in _TRIP_COLUMNS},
            ),
            stop=stop,
            listed=listed,
            vehicle=self._vehicle_rows([len(mine) for mine in events]),
            event=rows_of(
                EVENT, {name: _column([e for mine in events for e in mine], name) for name in _Event._fields}
            ),
            hazard=np.array([hazard[place.id] for place in case.places]).reshape(
                len(case.places), case.steps + 1
            ),
        )

    def _group_rows(self, on: Ints, off: Ints) -> Rows:
        """What is ordered of each group, with the way of its own car if it drives."""
        groups = self.case.groups
        drives = {drive.group: drive for drive in self.plan.drives}
        rows = rows_of(
            GROUP,
            {
                "size": [group.size for group in groups],
                "ready": [ready_step(self.case, group) for group in groups],
                "home": [self.times.index[group.place] for group in groups],
                "weight": [self.case.policy.weights[group.category] for group in groups],
                "admits": self.scene.admits,
                "walks": [group.can_walk for group in groups],
                "on": on[:, 0],
                "off": off[:, 0],
                "then": on[:, 1],
                "then_off": off[:, 1],
            },
        )
        for name in ("drive", "drive_at", "drive_takes"):
            rows[name] = -1
        for g, group in enumerate(groups):
            if drive := drives.get(group.id):
                depart = self._step(drive.depart)
                way = self.ways.add("car", drive.origin, drive.destination, depart)
                self.ways.gate[way] = self.gates.number[drive.destination, "car"]
                self.ways.passes[way] = self._step(drive.passed)
                rows["drive"][g], rows["drive_at"][g] = way, depart
                rows["drive_takes"][g] = self._step(drive.arrive) - depart
        return rows

    def _vehicle_rows(self, events: Sequence[int]) -> Rows:
        """The vehicles, each with so many events."""
        case, hour = self.case, 1 / self.case.step_hours
        fleets = [self.fleets[fleet_of(name)] for name in self.vehicles]
        available = {
            name: moment for fleet in case.fleets for name, moment in case.vehicles_of(fleet).items()
        }
        ends = np.cumsum(events, dtype=np.int64)
        return rows_of(
            VEHICLE,
            {
                "first": ends - np.array(events, dtype=np.int64),
                "end": ends,
                "node": [self.times.index[fleet.depot] for fleet in fleets],
                "available": [max(0, case.step_of(available[name], up=True)) for name in self.vehicles],
                "layer": [self.layers.number[RoadTimes.profile_of(fleet)] for fleet in fleets],
                "driving": [max(1, int(fleet.max_driving_hours * hour + 1e-9)) for fleet in fleets],
                "rest": [case.steps_of_hours(fleet.rest_hours) for fleet in fleets],
                "duty": [
                    NEVER if (most := fleet.max_duty_hours) is None else max(1, int(most * hour + 1e-9))
                    for fleet in fleets
                ],
            },
        )

    def _bus_trip(self, trip: Trip) -> _Trip:
        """A trip of a vehicle; one that is not of a line has two stops."""
        fleet = self.fleets[fleet_of(trip.vehicle)]
        profile = RoadTimes.profile_of(fleet)
        if trip.convoy is not None:
            (corridor,) = (c.corridor for c in self.case.convoys if c.id == trip.convoy)
            profile = RoadTimes.convoy_profile(fleet, corridor)
        loading, unloading = (
            self.case.steps_of_hours(minutes / 60)
            for minutes in (self.case.policy.loading_minutes, self.case.policy.unloading_minutes)
        )
        stops, on, off = [], [], []
        if trip.line is None:
            records = [
                (trip.origin, BOARD, None, trip.depart, None, trip.groups, []),
                (trip.destination, _KINDS[trip.kind], trip.arrive, None, trip.passed, [], trip.groups),
            ]
        else:
            records = [
                (s.node, _KINDS[s.kind], s.arrive, s.depart, s.passed, s.on, s.off) for s in trip.stops
            ]
        for i, (node, kind, arrive, depart, passed, gets_on, gets_off) in enumerate(records):
            way = -1
            if i:
                before = records[i - 1]
                way = self.ways.add(profile, before[0], node, self._step(before[3]))
            stops.append(
                _Stop(
                    node=self.times.index[node],
                    kind=kind,
                    gate=self._gate(node, kind),
                    arrives=self._step(arrive),
                    leaves=self._step(depart),
                    passes=self._step(passed),
                    stays=loading if kind == BOARD else unloading,
                    way=way,
                )
            )
            on.append((i, gets_on))
            off.append((i, gets_off))
        return _Trip(
            vehicle=self._vehicle[trip.vehicle],
            seats=fleet.seats,
            access=self.accesses.index(fleet.access),
            leaves=self._step(trip.depart),
            escorted=trip.convoy is not None,
            stops=stops,
            on=on,
            off=off,
        )

    def _runs(self) -> list[_Trip]:
        """All runs of services, with the rides of the plan on them."""
        hubs = {place.id for place in self.case.places if "hub" in place.roles}
        services = {service.id: service for service in self.case.services}
        rides: dict[str, list[tuple[str, str, list[str]]]] = {}
        for ride in self.plan.rides:
            rides.setdefault(ride.run, []).append((ride.origin, ride.destination, ride.groups))
        seats = run_seats(self.case)
        trips = []
        for run, calls in run_calls(self.case).items():
            stops = []
            for node, moment in calls:
                gate = self._gate(node, RAIL)
                is_hub = node in hubs
                leaves = self.case.step_of(moment, up=False)
                stops.append(
                    _Stop(
                        node=self.times.index[node],
                        kind=RAIL if gate >= 0 else HUB if is_hub else BOARD,
                        gate=gate,
                        arrives=self.case.step_of(moment, up=True),
                        leaves=leaves,
                        passes=-1,
                        stays=0,
                        way=-1,
                    )
                )
            names = [node for node, _ in calls]
            mine = rides.get(run, [])
            trips.append(
                _Trip(
                    vehicle=RUN,
                    seats=seats[run],
                    access=self.accesses.index(services[run.rpartition("@")[0]].access),
                    leaves=stops[0].leaves if stops else -1,
                    escorted=False,
                    stops=stops,
                    on=[(names.index(origin), groups) for origin, _, groups in mine],
                    off=[(names.index(destination), groups) for _, destination, groups in mine],
                )
            )
        return trips

    def _journeys(self, trips: Sequence[_Trip], first: Ints) -> tuple[Ints, Ints]:
        """Stops at which each group is to get on and off, in order of time."""
        stages: dict[str, list[tuple[int, int, int]]] = {}
        for k, trip in enumerate(trips):
            off = {group: int(first[k]) + stop for stop, groups in trip.off for group in groups}
            for stop, groups in trip.on:
                for group in groups:
                    stages.setdefault(group, []).append(
                        (trip.stops[stop].leaves, int(first[k]) + stop, off[group])
                    )
        on, off_at = (np.full((len(self.groups), 2), -1, dtype=np.int64) for _ in range(2))
        legs = legs_by_group(all_legs(self.plan))
        for group, rows in stages.items():
            assert len(rows) == len(legs[group])
            for stage, (_, gets_on, gets_off) in enumerate(sorted(rows)):
                on[self._group[group], stage] = gets_on
                off_at[self._group[group], stage] = gets_off
        return on, off_at

    def _vehicle_events(self, trips: Sequence[_Trip]) -> list[list[_Event]]:
        """What each vehicle does, in order."""
        loading = self.case.steps_of_hours(self.case.policy.loading_minutes / 60)
        mine: list[list[_Event]] = [[] for _ in self.vehicles]
        for number, trip in enumerate(self.plan.trips):
            begins = self._step(trip.depart) - loading
            drives = sum(self._step(hop.arrive) - self._step(hop.depart) for hop in hops_of(trip))
            event = _Event(TRIP, number, -1, begins, drives, self._step(trip.free) - begins)
            mine[trips[number].vehicle].append(event)
        for move in self.plan.moves:
            mine[self._vehicle[move.vehicle]].append(self._move(move))
        return [
            sorted(events, key=lambda event: (event.begins, event.begins + event.lasts)) for events in mine
        ]

    def _move(self, move: Move) -> _Event:
        profile = RoadTimes.profile_of(self.fleets[fleet_of(move.vehicle)])
        depart, arrive = self._step(move.depart), self._step(move.arrive)
        way = self.ways.add(profile, move.origin, move.destination, depart)
        return _Event(MOVE, -1, way, depart, arrive - depart, arrive - depart)


def _stop_rows(trips: Sequence[_Trip], first: Ints, on: Ints, off: Ints, size: Ints) -> tuple[Rows, Ints]:
    """All stops, and the groups who are to get on at each, one stop after another."""
    stops = [stop for trip in trips for stop in trip.stops]
    planned = np.zeros(len(stops) + 1, dtype=np.int64)
    by_stop: list[list[int]] = [[] for _ in stops]
    for stage in range(2):
        there = np.flatnonzero(on[:, stage] >= 0)
        np.add.at(planned, on[there, stage], size[there])
        np.subtract.at(planned, off[there, stage], size[there])
        for g in there.tolist():
            by_stop[on[g, stage]].append(g)
    ends = np.cumsum([0, *map(len, by_stop)])
    columns = {name: _column(stops, name) for name in _Stop._fields} | {
        "trip": np.repeat(np.arange(len(trips)), np.diff(first)),
        "planned": np.cumsum(planned[:-1]),
        "listed_first": ends[:-1],
        "listed_end": ends[1:],
    }
    return rows_of(STOP, columns), np.array([g for listed in by_stop for g in listed], dtype=np.int64)


def _column(rows: Iterable[NamedTuple], name: str) -> Ints:
    return np.array([getattr(row, name) for row in rows], dtype=np.int64)
