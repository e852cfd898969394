"""The master problem of the bound: mixes schedules so that vehicles and limits are shared.

A linear programme over columns (solutions of the subproblems) and empty moves between *zones* on a coarse
clock, without the drivers' rests. The coarse view only serves to find good prices: the bound is computed from
the prices at full detail, so it does not depend on it. A view that lets vehicles do a little more than they
can gives better prices than one that lets them do less: vehicles then find no gaps to collect from.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import highspy
import numpy as np
from numpy.typing import NDArray

from overland.plan.pricing import Prices
from overland.plan.problem import Problem
from overland.plan.tables import Tables
from overland.plan.zones import Zones

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Column:
    """A solution of one subproblem: its cost without prices, and what it uses.

    Attributes
    ----------
    limits, people
        Shared limits used, and by how many people.
    trips : float64 (trips, 5)
        Type, option, place, step and number of vehicles of each trip.
    way : (int, int)
        For drivers: way and step.
    """

    subproblem: int
    cost: float
    limits: Ints
    people: Floats
    trips: Floats
    way: tuple[int, int] = (-1, -1)


@dataclass(slots=True)
class Master:
    """The master programme; grows by columns and gives prices."""

    problem: Problem
    tables: Tables
    zones: Zones
    subproblems: int
    stop: Callable[[], bool] = lambda: False
    _columns: list[Column] = field(default_factory=list)
    _rows: list[Ints] = field(default_factory=list)
    _values: list[Floats] = field(default_factory=list)
    _trips: dict[tuple[int, int, int], tuple[Ints, Floats]] = field(
        default_factory=dict
    )  # with nobody aboard
    _flows: tuple[Floats, Ints, Floats] | None = None  # cost, rows (three each) and values of empty moves
    _shares: Floats = field(default_factory=lambda: np.zeros(0))  # of the columns in the last solution
    value: float = float("inf")

    @property
    def _call_base(self) -> int:
        return self.subproblems + len(self.tables.limit)

    @property
    def _back_base(self) -> int:
        zones = self.zones
        return self._call_base + zones.classes * zones.calls * zones.knots

    @property
    def _row_count(self) -> int:
        zones = self.zones
        return self._back_base + zones.classes * zones.backs * zones.knots

    def _call_row(self, vehicle: Ints | int, zone: Ints | int, knot: Ints) -> Ints:
        return self._call_base + (vehicle * self.zones.calls + zone) * self.zones.knots + knot

    def _back_row(self, vehicle: Ints | int, zone: Ints | int, knot: Ints) -> Ints:
        return self._back_base + (vehicle * self.zones.backs + zone) * self.zones.knots + knot

    def add(self, column: Column) -> None:
        """Add a column: a solution of a subproblem."""
        subproblem, limits, people, trips = column.subproblem, column.limits, column.people, column.trips
        self._columns.append(column)
        rows = [np.array([subproblem], dtype=np.int64), self.subproblems + limits]
        values = [np.ones(1), people]
        for y, o, p, t, vehicles in trips:
            row, share = self._trip(int(y), int(o), int(p), int(t))
            rows.append(row)
            values.append(vehicles * share)
        index, inverse = np.unique(np.concatenate(rows), return_inverse=True)
        summed = np.bincount(inverse, weights=np.concatenate(values), minlength=len(index))
        self._rows.append(index)
        self._values.append(summed.astype(np.float64))

    def _trip(self, y: int, o: int, p: int, t: int) -> tuple[Ints, Floats]:
        """What a trip takes from the rows of vehicles and gives back to them.

        Each trip that some column makes may also be made with nobody aboard: the price of a vehicle is then
        never less where a trip begins than where it ends, just as schedules pay nothing at least.
        """
        vehicle = int(self.zones.vehicle[y])
        if (vehicle, o, t) not in self._trips:
            rows, values = [], []
            for at, share in self._shared(np.array([t - self.tables.loading])):
                rows.append(self._call_row(vehicle, self.zones.place[p], at))
                values.append(-share)
            freed = int(self.tables.free[t, o])
            if freed <= self.tables.horizon:
                for at, share in self._shared(np.array([freed])):
                    rows.append(
                        self._back_row(vehicle, self.zones.station[self.tables.option_station[o]], at)
                    )
                    values.append(share)
            self._trips[vehicle, o, t] = np.concatenate(rows), np.concatenate(values)
        return self._trips[vehicle, o, t]

    def _shared(self, step: Ints) -> tuple[tuple[Ints, Floats], tuple[Ints, Floats]]:
        """The two knots that give a step its price, with their shares in it."""
        at, share = self.zones.between(step)
        return (at, 1 - share), (np.minimum(at + 1, self.zones.knots - 1), share)

    def solve(
        self, time_limit: float, near: Prices | None = None, reach: tuple[float, float] = (0.0, 0.0)
    ) -> Prices | None:
        """Solve the programme by an interior point method and return its prices; None if ended early.

        The prices are those of the coarse view, spread over places, stations and steps.

        Parameters
        ----------
        near, reach
            If given, no price may be farther from these than ``reach``: of vehicles, and of limits.
        """
        if self._flows is None:
            self._flows = self._empty_moves()
        flow_cost, flow_rows, flow_values = self._flows
        trip_rows, trip_values = ([part[i] for part in self._trips.values()] for i in (0, 1))
        lengths_of = [np.array([len(r) for r in rows], dtype=np.int64) for rows in (self._rows, trip_rows)]
        idle = np.full(
            len(trip_rows), reach[0]
        )  # within reach, else there may be no such prices near the others
        cost = np.concatenate([[c.cost for c in self._columns], idle, flow_cost])
        lengths = np.concatenate([*lengths_of, (flow_values != 0).sum(axis=1)])
        index = np.concatenate([*self._rows, *trip_rows, flow_rows[flow_values != 0]])
        value = np.concatenate([*self._values, *trip_values, flow_values[flow_values != 0]])
        used = np.zeros(self._row_count, dtype=bool)
        used[index] = True
        used[self.subproblems : self._call_base] = self._contested()
        used[: self.subproblems] = True
        rows, values, costs = self._box(near, reach, used)
        cost, index, value = (
            np.concatenate(pair) for pair in ((cost, costs), (index, rows), (value, values))
        )
        lengths = np.concatenate([lengths, np.ones(len(rows), dtype=np.int64)])
        start = np.concatenate([[0], np.cumsum(lengths)])
        number = np.cumsum(used) - 1
        start, index, value = _keep_rows(start, index, value, used)
        lower = np.full(self._row_count, -highspy.kHighsInf)
        upper = np.full(self._row_count, highspy.kHighsInf)
        lower[: self.subproblems] = upper[: self.subproblems] = 1.0
        upper[self.subproblems : self._call_base] = self.tables.limit
        lower[self._call_base :] = 0.0
        lower[self._back_base :] = -self._supply()
        solution = _interior_point(
            cost, start, number[index], value, lower[used], upper[used], time_limit, self.stop
        )
        if solution is None:
            return None
        found, shares, self.value = solution
        self._shares = shares[: len(self._columns)]
        whole = np.zeros(self._row_count)
        whole[used] = found
        return self._prices(whole)

    def _box(
        self, near: Prices | None, reach: tuple[float, float], used: NDArray[np.bool_]
    ) -> tuple[Ints, Floats, Floats]:
        """Columns of one entry that keep the prices near others, if any, and below all reason: see `solve`.

        Returns
        -------
        rows, values, costs : arrays (columns,)
        """
        zones, tables = self.zones, self.tables
        if near is None:  # no vehicle is worth more than all its people left behind
            row = self._call_base + np.flatnonzero(used[self._call_base :])
            dearest = tables.weights.max(initial=0.0) * (tables.hazard.max(initial=0.0) + tables.penalty)
            costs = np.full(len(row), dearest * tables.type_seats.max(initial=0))
            return row, np.ones(len(row)), costs
        call = np.zeros((zones.classes, zones.calls, zones.knots))
        back = np.zeros((zones.classes, zones.backs, zones.knots))
        for y, v in enumerate(zones.vehicle):
            np.maximum.at(call[v], zones.place, near.call[y][:, zones.knot])
            np.maximum.at(back[v], zones.station, near.back[y][:, zones.knot])
        centre = np.concatenate([near.toll, call.ravel(), back.ravel()])
        width = np.full(len(centre), reach[0])
        width[: len(near.toll)] = reach[1]
        sign = np.ones(len(centre))
        sign[: len(near.toll)] = -1.0  # a toll is the dual value of an upper limit
        row = np.flatnonzero(used[self.subproblems :])
        low = row[centre[row] > width[row]]
        rows = self.subproblems + np.concatenate([row, low])
        values = np.concatenate([sign[row], -sign[low]])
        return rows, values, np.concatenate([(centre + width)[row], -(centre - width)[low]])

    def _contested(self) -> NDArray[np.bool_]:
        """Limits that some mix of the columns exceeds; the others cannot bind."""
        if not self._columns:  # nobody can leave
            return np.zeros(len(self.tables.limit), dtype=bool)
        rows = np.concatenate([column.limits for column in self._columns])
        people = np.concatenate([column.people for column in self._columns])
        subproblem = np.repeat(
            np.array([column.subproblem for column in self._columns]),
            [len(column.limits) for column in self._columns],
        )
        pairs, inverse = np.unique(subproblem * len(self.tables.limit) + rows, return_inverse=True)
        of_one = np.zeros(len(pairs))
        np.maximum.at(of_one, inverse, people)
        most = np.bincount(
            pairs % max(1, len(self.tables.limit)), weights=of_one, minlength=len(self.tables.limit)
        )
        return most > self.tables.limit

    def mixture(self) -> tuple[Floats, list[tuple[int, int, int, float]]]:
        """What the last solution does, as hints for the search.

        Returns
        -------
        trips : float64 (trips, 5)
                As in :class:`Column`, with the number of vehicles in the mix.
        ways : list of (subproblem, way, step, share)
            For drivers.
        """
        trips: dict[tuple[float, ...], float] = {}
        ways: list[tuple[int, int, int, float]] = []
        for number in np.flatnonzero(self._shares > 1e-3):
            share, column = float(self._shares[number]), self._columns[number]
            if column.way[0] >= 0:
                ways.append((column.subproblem, *column.way, share))
            for trip in column.trips:
                key = tuple(trip[:4])
                trips[key] = trips.get(key, 0.0) + share * trip[4]
        table = np.array([(*key, n) for key, n in trips.items() if n > 0.02]).reshape(-1, 5)
        return table, ways

    def _supply(self) -> Floats:
        zones, vehicles = self.zones, self.problem.vehicles
        supply = np.zeros(zones.classes * zones.backs * zones.knots)
        there = vehicles.available <= self.tables.horizon
        vehicle, station = zones.vehicle[vehicles.type[there]], zones.station[vehicles.depot[there]]
        for at, share in self._shared(vehicles.available[there]):
            np.add.at(supply, self._back_row(vehicle, station, at) - self._back_base, share)
        return supply

    def _empty_moves(self) -> tuple[Floats, Ints, Floats]:
        """Columns of empty moves between zones and of standing still: cost, rows and values, three each."""
        zones, tables = self.zones, self.tables
        if not zones.classes:  # no vehicles
            return np.zeros(0), np.zeros((0, 3), np.int64), np.zeros((0, 3))
        costs: list[Floats] = []
        rows: list[Ints] = []
        values: list[Floats] = []
        travel = self._zone_travel()
        for v in range(zones.classes):
            for e in self._zones_of_return():
                z, k = np.nonzero((travel[e] >= 0) & (zones.knot + travel[e] <= tables.horizon))
                road = travel[e, z, k]
                (early, share), (late, rest) = self._shared(zones.knot[k] + road)
                pair = [self._back_row(v, e, k), self._call_row(v, z, early), self._call_row(v, z, late)]
                rows.append(np.stack(pair, axis=1))
                values.append(np.stack([np.full(len(k), -1.0), share, rest], axis=1))
                costs.append(tables.driven_cost * road.astype(np.float64))
            places = np.arange(len(zones.place))
            p, k = (a.ravel() for a in np.meshgrid(places, np.arange(zones.knots)))
            called = self._call_row(v, zones.place[p], k)  # a vehicle that is called need not be used
            rows.append(np.stack([called, self._back_row(v, zones.station[p], k), called], axis=1))
            values.append(np.tile([-1.0, 1.0, 0.0], (len(p), 1)))
            costs.append(np.zeros(len(p)))
            for row_of, count in ((self._call_row, zones.calls), (self._back_row, zones.backs)):
                zone, k = (a.ravel() for a in np.meshgrid(np.arange(count), np.arange(zones.knots - 1)))
                rows.append(
                    np.stack([row_of(v, zone, k), row_of(v, zone, k + 1), row_of(v, zone, k + 1)], axis=1)
                )
                values.append(np.tile([-1.0, 1.0, 0.0], (len(zone), 1)))
                costs.append(np.zeros(len(zone)))
            z, k = np.nonzero(zones.knot[None, :-1] < self._first_call(v)[:, None])
            called, later = self._call_row(v, z, k), self._call_row(v, z, k + 1)
            rows.append(np.stack([called, later, later], axis=1))  # as dear before any vehicle can be there
            values.append(np.tile([1.0, -1.0, 0.0], (len(z), 1)))
            costs.append(np.zeros(len(z)))
        return np.concatenate(costs), np.concatenate(rows), np.concatenate(values)

    def _first_call(self, vehicle: int) -> Ints:
        """First step at which a vehicle of a class can begin to load in each zone."""
        zones, tables = self.zones, self.tables
        first = np.full(zones.calls, tables.horizon, dtype=np.int64)
        np.minimum.at(first, zones.place, tables.first_bus[zones.vehicle == vehicle].min(axis=0))
        return first - tables.loading

    def _zones_of_return(self) -> list[int]:
        """Back zones in which a vehicle can ever be free."""
        stations = np.concatenate([self.tables.option_station, self.problem.vehicles.depot])
        return sorted(set(self.zones.station[stations].tolist()))

    def _zone_travel(self) -> Ints:
        """Steps of the shortest empty move between a station of a zone and a place of another, by bucket."""
        zones = self.zones
        steps = np.minimum(zones.knot, self.tables.horizon - 1)
        road = self.problem.empty[0][:, :, steps].astype(np.int64)
        road = np.where(road < 0, 10_000, road)
        here = np.arange(len(self.problem.places))
        road[here, here] = 0
        by_back = np.full((zones.backs, *road.shape[1:]), 10_000, dtype=np.int64)
        np.minimum.at(by_back, zones.station, road)
        travel = np.full((zones.backs, zones.calls, zones.knots), 10_000, dtype=np.int64)
        for p, z in enumerate(zones.place):
            travel[:, z] = np.minimum(travel[:, z], by_back[:, p])
        return np.where(travel >= 10_000, -1, travel)

    def _prices(self, duals: Floats) -> Prices:
        zones, tables = self.zones, self.tables
        call = np.maximum(duals[self._call_base : self._back_base], 0)
        back = np.maximum(duals[self._back_base :], 0)
        call = call.reshape(zones.classes, zones.calls, zones.knots)
        back = back.reshape(zones.classes, zones.backs, zones.knots)
        steps = np.arange(tables.horizon + 1)
        return Prices(
            call=_spread(call, zones.knot, steps)[zones.vehicle][:, zones.place],
            back=_spread(back, zones.knot, steps)[zones.vehicle][:, zones.station],
            toll=np.maximum(-duals[self.subproblems : self._call_base], 0),
        )


def _keep_rows(start: Ints, index: Ints, value: Floats, used: NDArray[np.bool_]) -> tuple[Ints, Ints, Floats]:
    """A column-wise matrix without the rows that are not used."""
    keep = used[index]
    kept_before = np.concatenate([[0], np.cumsum(keep)])
    return kept_before[start], index[keep], value[keep]


def _spread(values: Floats, knot: Ints, steps: Ints) -> Floats:
    """Prices at knots, interpolated to steps."""
    flat = values.reshape(-1, values.shape[-1])
    spread = np.array([np.interp(steps, knot, row) for row in flat])
    return spread.reshape(*values.shape[:-1], len(steps))


class _Quiet(highspy.Highs):
    """HiGHS without its banner, which it would print as soon as callbacks are enabled at its birth."""

    def enableCallbacks(self) -> None:  # noqa: N802 (its name there)
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]


def _runs_to_end(solver: highspy.Highs, stop: Callable[[], bool]) -> bool:
    """Let a solver run; it cannot be interrupted, so that it is left to itself when told to stop."""
    worker = threading.Thread(target=solver.run, name="master", daemon=True)
    worker.start()
    while worker.is_alive() and not stop():
        worker.join(0.05)
    return not worker.is_alive()


def _interior_point(
    cost: Floats, start: Ints, index: Ints, value: Floats, lower: Floats, upper: Floats,
    time_limit: float, stop: Callable[[], bool],
) -> tuple[Floats, Floats, float] | None:  # fmt: skip
    """Row duals, solution and value of ``min cost·x`` with ``x ≥ 0`` and row bounds; None if ended early."""
    programme = highspy.HighsLp()
    programme.num_col_, programme.num_row_ = len(cost), len(lower)
    programme.col_cost_ = cost
    programme.col_lower_ = np.zeros(len(cost))
    programme.col_upper_ = np.full(len(cost), highspy.kHighsInf)
    programme.row_lower_, programme.row_upper_ = lower, upper
    programme.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    programme.a_matrix_.start_, programme.a_matrix_.index_ = start, index
    programme.a_matrix_.value_ = value
    solver = _Quiet()  # type: ignore[no-untyped-call]
    for option, setting in (
        ("solver", "hipo"),
        ("run_crossover", "off"),
        ("threads", 1),
        ("time_limit", time_limit),
        ("ipm_optimality_tolerance", 1e-4),
    ):
        solver.setOptionValue(option, setting)
    solver.passModel(programme)
    if not _runs_to_end(solver, stop) or solver.getModelStatus() == highspy.HighsModelStatus.kTimeLimit:
        return None
    solution = solver.getSolution()
    return (
        np.array(solution.row_dual),
        np.array(solution.col_value),
        solver.getInfo().objective_function_value,
    )
