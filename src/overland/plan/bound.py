"""The lower bound: prices of vehicles and limits under which no plan can be cheaper.

Lagrangian relaxation with column generation (Dantzig-Wolfe by assembly area). For any prices, the cost of
every feasible plan is at least::

      Σ cheapest priced schedule of each place    (schedules.py; large places and hubs: pricing.person_values)
    + Σ cheapest priced way of each driver        (cars.py)
    - Σ greatest value each vehicle can collect   (pricing.fleet_value)
    - Σ toll · limit

because each term is a relaxation of what the plan does and prices paid between them cancel.
:meth:`Bound.evaluate` computes just this sum; :meth:`Bound.improve` looks for better prices with the master
programme.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from overland.plan.accounts import account_least, account_person, account_schedule
from overland.plan.cars import CarWays, price_cars, way_cost, way_rows
from overland.plan.increments import bus_increments, least_increments, service_increments
from overland.plan.journeys import Stage
from overland.plan.master import Master
from overland.plan.pricing import Prices, fleet_value, hub_values, person_values, raise_returns
from overland.plan.problem import Problem
from overland.plan.queues import Queues, queues_of
from overland.plan.schedules import cheapest_schedule
from overland.plan.seeds import car_columns, plan_columns
from overland.plan.tables import Tables
from overland.plan.zones import coarse_zones

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

DRIVING_LEVEL_HOURS = 3.0
ZONES_KM = 70.0, 120.0  # reach of zones of calls and of returns
KNOT_HOURS = 3.0, 72.0, 8.0  # between steps with prices at first; until when; then


@dataclass(frozen=True, slots=True)
class Column:
    """A solution of one subproblem."""

    subproblem: int
    cost: float
    limits: Ints
    people: Floats
    trips: Floats
    way: tuple[int, int] = (-1, -1)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The bound at some prices, and the columns that attain it."""

    value: float
    prices: Prices
    columns: list[Column]
    vehicle_values: Floats  # (vehicles,) what each vehicle collects


@dataclass(slots=True)
class Bound:
    """Search for a good lower bound of one problem."""

    problem: Problem
    tables: Tables
    cars: CarWays
    label_cap: int = 400
    loads: int = 12
    best: Evaluation | None = None
    history: list[float] = field(default_factory=list)
    _scheduled: list[int] = field(default_factory=list)
    _cohorts: list[tuple[int, int, int, int, int]] = field(default_factory=list)
    _queues: dict[int, tuple[Queues, Queues]] = field(default_factory=dict)
    _master: Master | None = None

    def __post_init__(self) -> None:
        """Divide the riders into places with schedules and cohorts of single people."""
        tables = self.tables
        hubs = set(tables.hubs.tolist())
        for p in range(len(self.problem.places)):
            groups = slice(tables.rider_first[p], tables.rider_first[p + 1])
            people = int(tables.size[groups].sum())
            if people and p not in hubs:
                self._scheduled.append(p)
                self._queues[p] = queues_of(tables, p)
            elif people:
                keys = np.stack([tables.ready[groups], tables.kind[groups], tables.rank[groups]], axis=1)
                cohorts, inverse = np.unique(keys, axis=0, return_inverse=True)
                sizes = np.bincount(inverse.ravel(), weights=tables.size[groups]).astype(int)
                self._cohorts += [
                    (p, int(r), int(c), int(k), int(n)) for (r, c, k), n in zip(cohorts, sizes, strict=True)
                ]
        count = len(self._scheduled) + len(self._cohorts) + len(self.cars.cohort_ready)
        self._master = Master(self.problem, tables, coarse_zones(self.problem, *ZONES_KM, *KNOT_HOURS), count)
        self._leave_everybody()

    def _leave_everybody(self) -> None:
        """Give the master a column for each subproblem in which nobody leaves, so that it can be solved."""
        tables, cars = self.tables, self.cars
        staying = tables.weights[:, None] * (tables.hazard[:, -1] + tables.penalty)
        costs = []
        for p in self._scheduled:
            mine = slice(tables.rider_first[p], tables.rider_first[p + 1])
            costs.append(float((staying[tables.rank[mine], p] * tables.size[mine]).sum()))
        costs += [people * staying[rank, p] for p, _, _, rank, people in self._cohorts]
        left = cars.hazard[cars.cohort_place, -1] + tables.penalty
        costs += list(cars.cohort_people * tables.weights[cars.cohort_rank] * left)
        nothing = np.empty(0, dtype=np.int64), np.empty(0), np.empty((0, 5))
        assert self._master is not None
        for number, cost in enumerate(costs):
            self._master.add(number, cost, *nothing)

    @property
    def value(self) -> float:
        """The best bound so far."""
        return -np.inf if self.best is None else self.best.value

    @property
    def mix_value(self) -> float:
        """What the bound would be if the master's coarse view were exact; infinite before its first mix."""
        return np.inf if self._master is None else self._master.value - self._before_ready()

    def learn(self, stages: list[list[Stage]], ways: Ints, steps: Ints) -> None:
        """Give the master the columns of a plan: journeys of the riders, ways and steps of the drivers."""
        assert self._master is not None
        vehicles, drivers = self.problem.vehicles, self.problem.drivers
        for column in plan_columns(self.tables, stages, vehicles.type, self._subproblem_of_groups()):
            self._master.add(*column)
        base = len(self._scheduled) + len(self._cohorts)
        for column in car_columns(self.tables, self.cars, ways, steps, drivers.size, base):
            self._master.add(*column)

    def hints(self) -> tuple[Floats, list[tuple[int, int, int, float]]]:
        """What the master's last solution does: trips, and (cohort, way, step, share) of the drivers."""
        assert self._master is not None
        trips, ways = self._master.mixture()
        base = len(self._scheduled) + len(self._cohorts)
        return trips, [(subproblem - base, way, step, share) for subproblem, way, step, share in ways]

    def _subproblem_of_groups(self) -> Ints:
        tables = self.tables
        number = {key[:4]: len(self._scheduled) + i for i, key in enumerate(self._cohorts)}
        scheduled = {p: i for i, p in enumerate(self._scheduled)}
        place = self.problem.riders.place.tolist()
        return np.array(
            [
                scheduled[p] if p in scheduled else number[p, ready, kind, rank]
                for p, ready, kind, rank in zip(
                    place, tables.ready.tolist(), tables.kind.tolist(), tables.rank.tolist(), strict=True
                )
            ],
            dtype=np.int64,
        )

    def zero_prices(self) -> Prices:
        """Prices at which everything is free."""
        tables, problem = self.tables, self.problem
        types = len(tables.type_seats)
        return Prices(
            call=np.zeros((types, len(problem.places), tables.horizon + 1)),
            back=np.zeros((types, len(problem.stations), tables.horizon + 1)),
            toll=np.zeros(len(tables.limit)),
        )

    def evaluate(self, prices: Prices) -> Evaluation:
        """Compute the bound at given prices, at full detail."""
        tables, places = self.tables, len(self.problem.places)
        hubs = hub_values(tables, prices, places)
        columns: list[Column] = []
        total = 0.0
        for number, p in enumerate(self._scheduled):
            cost, column = self._schedule(prices, hubs, p, number)
            total += cost
            columns.append(column)
        total += self._price_cohorts(prices, hubs, columns)
        total += self._price_cars(prices, columns)
        collected = self._vehicle_values(prices)
        total -= collected.sum() + float(prices.toll @ tables.limit) + self._before_ready()
        return Evaluation(total, prices, columns, collected)

    def _schedule(
        self, prices: Prices, hubs: tuple[Floats, Ints, Ints], p: int, number: int
    ) -> tuple[float, Column]:
        tables = self.tables
        queues, rest = self._queues[p]
        bus = bus_increments(tables, prices, hubs[0], p, queues)
        service = service_increments(tables, prices, hubs[0], p, queues)
        least = least_increments(tables, p, queues, bus, service)
        cost, actions = cheapest_schedule(
            tables, prices, p, queues, bus, service, least[0], self.loads, self.label_cap
        )
        own, _, use, trips = account_schedule(tables, prices, hubs, p, queues, bus, service, least, actions)
        if len(rest.kind):
            bus = bus_increments(tables, prices, hubs[0], p, rest)
            service = service_increments(tables, prices, hubs[0], p, rest)
            least = least_increments(tables, p, rest, bus, service)
            more, priced, more_use, more_trips = account_least(tables, hubs, p, rest, least)
            own, cost, use, trips = (
                own + more,
                cost + priced,
                use + more_use,
                np.concatenate([trips, more_trips]),
            )
        used = np.flatnonzero(use)
        return cost, Column(number, own, used, use[used], trips)

    def _price_cohorts(self, prices: Prices, hubs: tuple[Floats, Ints, Ints], columns: list[Column]) -> float:
        tables, total = self.tables, 0.0
        known: dict[int, tuple[Floats, Ints, Ints]] = {}
        for i, (p, ready, kind, rank, people) in enumerate(self._cohorts):
            if p not in known:
                known[p] = person_values(tables, prices, hubs[0], p, True)
            value, ref, ref_type = known[p]
            since = tables.weights[rank] * tables.hazard[p, ready]
            total += people * (value[kind, rank, ready] + since)
            cost, use, trips = account_person(
                tables, hubs, ref, ref_type, p, kind, rank, ready, float(people)
            )
            used = np.flatnonzero(use)
            columns.append(Column(len(self._scheduled) + i, cost, used, use[used], trips))
        return total

    def _price_cars(self, prices: Prices, columns: list[Column]) -> float:
        cars, tables, total = self.cars, self.tables, 0.0
        base = len(self._scheduled) + len(self._cohorts)
        for i in range(len(cars.cohort_ready)):
            p, people = int(cars.cohort_place[i]), int(cars.cohort_people[i])
            cost, way, step = price_cars(tables, prices.toll, cars, i)
            total += people * cost
            weight = tables.weights[cars.cohort_rank[i]]
            rows = np.array([], dtype=np.int64)
            if way >= 0:
                rows = np.array([row for row in way_rows(tables, cars, way, step) if row >= 0])
            own = people * weight * way_cost(tables, cars, p, way, step)
            used = np.full(len(rows), float(people))
            columns.append(Column(base + i, own, rows, used, np.empty((0, 5)), (int(way), int(step))))
        return total

    def _vehicle_values(self, prices: Prices) -> Floats:
        vehicles, tables = self.problem.vehicles, self.tables
        level = max(1, round(DRIVING_LEVEL_HOURS / tables.hours))
        collected = np.zeros(len(vehicles.type))
        for y in range(len(tables.type_seats)):
            value = fleet_value(
                tables, prices, y, len(self.problem.places), len(self.problem.stations), level
            )
            mine = np.flatnonzero((vehicles.type == y) & (vehicles.available <= tables.horizon))
            collected[mine] = value[vehicles.depot[mine], vehicles.available[mine]]
        return collected

    def _before_ready(self) -> float:
        """Weighted hours before people are ready, which the subproblems count and the plan does not."""
        tables, cars = self.tables, self.cars
        place = self.problem.riders.place
        riders = (tables.weight * tables.size * tables.hazard[place, tables.ready]).sum()
        drivers = (
            tables.weights[cars.cohort_rank]
            * cars.cohort_people
            * cars.hazard[cars.cohort_place, cars.cohort_ready]
        ).sum()
        return float(riders + drivers)

    def take(self, evaluation: Evaluation) -> None:
        """Keep an evaluation if it is the best, and give its columns to the master."""
        assert self._master is not None
        self.history.append(evaluation.value)
        if self.best is None or evaluation.value > self.best.value:
            self.best = evaluation
        for column in evaluation.columns:
            self._master.add(
                column.subproblem, column.cost, column.limits, column.people, column.trips, column.way
            )

    def improve(self, inward: float, time_limit: float) -> float:
        """One round: prices of the master, drawn towards the best known; returns the bound found."""
        assert self._master is not None
        assert self.best is not None
        outer = self._master.solve(time_limit)
        raise_returns(self.tables, outer)
        prices = mix(self.best.prices, outer, inward)
        evaluation = self.evaluate(prices)
        self.take(evaluation)
        return evaluation.value


def mix(a: Prices, b: Prices, share: float) -> Prices:
    """Prices between two, ``share`` of the first."""
    return Prices(
        call=share * a.call + (1 - share) * b.call,
        back=share * a.back + (1 - share) * b.back,
        toll=share * a.toll + (1 - share) * b.toll,
    )
