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

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from overland.plan.accounts import account_least, account_person, account_schedule
from overland.plan.cars import CarWays, price_cars, way_cost, way_rows
from overland.plan.increments import fares_of
from overland.plan.journeys import Stage
from overland.plan.master import Column, Master
from overland.plan.pricing import Hubs, Prices, fleet_value, hub_values, person_values, settle_values
from overland.plan.problem import Problem
from overland.plan.proof import UNITS_PER_HOUR
from overland.plan.queues import Queues, queues_of
from overland.plan.schedules import cheapest_schedule
from overland.plan.seeds import car_columns, plan_columns
from overland.plan.tables import Tables
from overland.plan.zones import View, zones_of

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Effort(NamedTuple):
    """Ranges of people aboard that are told apart, and greatest number of labels (0: an estimate)."""

    loads: int
    labels: int


DRIVING_LEVEL_HOURS = 3.0
VIEWS = View(1.0, 1.0), View(1.0, 1.0, 1.5, 72.0, 4.0)  # the master's, one after the other
FIRST_MIX = 3  # round from which on the master's mix is worth following
WILD_ROUNDS = 20  # at most, in which prices are only mixed
CLOSE = 0.04  # between the mix and the bound, relative: such prices are wild no longer
SETTLED = 2e-3  # of the bound: a round that gains no more leads to the next view
INWARD = 0.0, 0.3, 0.5, 0.7, 0.85  # how far such prices are drawn to the best known: at first, then in turn
REACH = 0.3  # of what the most valuable vehicle is worth: how far prices may go from the best at first
SMALL_REACH = 0.004  # of the same: prices that may go no farther have settled
TOLL_REACH = 0.1  # of the reach of vehicles' prices: reach of tolls
MOST_HOURS = 500_000.0  # of a price; far beyond what any person or vehicle is worth
LOOK = Effort(8, 0)  # while prices are looked for: no bound, but near one
CHECK = Effort(8, 200)  # now and then
PROVE = Effort(50, 600)  # at the best prices found
CHECKED_EVERY = 6  # rounds


class StoppedError(Exception):
    """The evaluation of a bound was told to stop."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The bound at some prices, or an estimate of it from above, and columns of (nearly) that cost."""

    value: float
    prices: Prices
    columns: list[Column]
    vehicle_values: Floats  # (vehicles,) what each vehicle collects
    schedules: Floats  # (places with schedules,) what the cheapest schedule of each costs; part of the value


@dataclass(slots=True)
class Bound:
    """Search for a good lower bound of one problem."""

    problem: Problem
    tables: Tables
    cars: CarWays
    stop: Callable[[], bool] = lambda: False
    best: Evaluation | None = None  # with the greatest bound
    leader: Evaluation | None = None  # with the greatest estimate
    history: list[float] = field(default_factory=list)
    _columns: dict[tuple[int, float, bytes, bytes], Column] = field(default_factory=dict)
    _view: int = -1
    _round: int = 0
    _reach: float = 0.0
    _near: Prices | None = None  # the leader's prices before they were rounded
    _scheduled: list[int] = field(default_factory=list)
    _cohorts: list[tuple[int, int, int, int, int]] = field(default_factory=list)
    _queues: dict[int, tuple[Queues, Queues]] = field(default_factory=dict)
    _master: Master | None = None
    _halted: Ints = field(default_factory=lambda: np.zeros(1, dtype=np.int64))  # read by kernels

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
        self._leave_everybody()
        self._look_closer()

    def halt(self) -> None:
        """End the work that another thread does on this bound, with :class:`StoppedError` there."""
        self._halted[0] = 1

    def resume(self) -> None:
        """Let work be done again, as long as it takes, once nobody else works on this bound."""
        self._halted[0] = 0
        self.stop = lambda: False

    @property
    def is_halted(self) -> bool:
        """Whether the work was told to end."""
        return bool(self._halted[0])

    def _look_closer(self) -> None:
        """Give the master its next view, with all columns there are."""
        self._view += 1
        count = len(self._scheduled) + len(self._cohorts) + len(self.cars.cohort_ready)
        self._master = Master(self.problem, self.tables, zones_of(self.problem, VIEWS[self._view]), count)
        self._master.stop = lambda: self.stop()
        for column in self._columns.values():
            self._master.add(column)

    def _add(self, column: Column) -> None:
        key = (column.subproblem, round(column.cost, 6), column.limits.tobytes(), column.trips.tobytes())
        if key not in self._columns:
            self._columns[key] = column
            if self._master is not None:
                self._master.add(column)

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
        for number, cost in enumerate(costs):
            self._add(Column(number, cost, *nothing))

    @property
    def value(self) -> float:
        """The best bound so far."""
        return -np.inf if self.best is None else self.best.value

    @property
    def has_mix(self) -> bool:
        """Whether the master's last mix is worth following."""
        return self._round >= FIRST_MIX and self._master is not None and np.isfinite(self._master.value)

    @property
    def mix_value(self) -> float:
        """What the bound would be if the master's coarse view were exact; infinite before its first mix."""
        return np.inf if self._master is None else self._master.value - self._before_ready()

    def learn(self, stages: list[list[Stage]], ways: Ints, steps: Ints) -> None:
        """Give the master the columns of a plan: journeys of the riders, ways and steps of the drivers."""
        vehicles, drivers = self.problem.vehicles, self.problem.drivers
        for column in plan_columns(self.tables, stages, vehicles.type, self._subproblem_of_groups()):
            self._add(Column(*column))
        base = len(self._scheduled) + len(self._cohorts)
        for column in car_columns(self.tables, self.cars, ways, steps, drivers.size, base):
            self._add(Column(*column))

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

    def evaluate(self, prices: Prices, effort: Effort = CHECK) -> Evaluation:
        """Compute the bound at given prices, for all places, stations and steps.

        Parameters
        ----------
        effort : Effort
            The more, the higher the bound; without labels what is returned is no bound, but an estimate
            from above.

        Raises
        ------
        Stopped
            If :attr:`stop` says so.
        """
        tables, places = self.tables, len(self.problem.places)
        hubs = hub_values(tables, prices, places)
        columns: list[Column] = []
        schedules = np.zeros(len(self._scheduled))
        for number in range(len(schedules)):
            schedules[number], column = self._schedule(prices, hubs, number, effort)
            columns.append(column)
        total = float(schedules.sum()) + self._price_cohorts(prices, hubs, columns)
        total += self._price_cars(prices, columns)
        collected = self._vehicle_values(prices, resting=effort.labels > 0)
        total -= collected.sum() + float(prices.toll @ tables.limit) + self._before_ready()
        return Evaluation(total, prices, columns, collected, schedules)

    def _schedule(
        self,
        prices: Prices,
        hubs: Hubs,
        number: int,
        effort: Effort,
    ) -> tuple[float, Column]:
        """What the cheapest schedule of a place costs under prices, and its column; by its number."""
        if self.stop():
            raise StoppedError
        tables, p = self.tables, self._scheduled[number]
        queues, rest = self._queues[p]
        fares = fares_of(tables, prices, hubs, p, queues)
        cost, actions = cheapest_schedule(tables, prices, p, queues, fares, *effort, self._halted)
        if self.is_halted:
            raise StoppedError
        own, _, use, trips = account_schedule(tables, prices, hubs, p, queues, fares, actions)
        if len(rest.kind):
            fares = fares_of(tables, prices, hubs, p, rest)
            more, priced, more_use, more_trips = account_least(tables, hubs, p, rest, fares)
            own, cost, use = own + more, cost + priced, use + more_use
            trips = np.concatenate([trips, more_trips])
        used = np.flatnonzero(use)
        return cost, Column(number, own, used, use[used], trips)

    def _price_cohorts(self, prices: Prices, hubs: Hubs, columns: list[Column]) -> float:
        tables, total = self.tables, 0.0
        known: dict[int, tuple[Floats, Ints, Ints]] = {}
        for i, (p, ready, kind, rank, people) in enumerate(self._cohorts):
            if p not in known:
                known[p] = person_values(tables, prices, hubs[3], hubs[0], p, tables.penalty)
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

    def _vehicle_values(self, prices: Prices, *, resting: bool) -> Floats:
        """The most each vehicle collects; a little more if its crew need not rest."""
        vehicles, tables = self.problem.vehicles, self.tables
        level = max(1, round(DRIVING_LEVEL_HOURS / tables.hours))
        if not resting:
            level = int(tables.type_driving.max(initial=0)) + 1
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
        """Keep a bound if it is the best, and give its columns to the master."""
        self.history.append(evaluation.value)
        if self.best is None or evaluation.value > self.best.value:
            self.best = evaluation
        self._learn_from(evaluation)

    def _learn_from(self, evaluation: Evaluation) -> None:
        if self.leader is None or evaluation.value > self.leader.value:
            self.leader = evaluation
        for column in evaluation.columns:
            self._add(column)

    @property
    def columns(self) -> list[Column]:
        """All columns that the master has."""
        return list(self._columns.values())

    def know(self, columns: Iterable[Column]) -> None:
        """Give the master columns, as those of a problem much like this one."""
        for column in columns:
            self._add(column)

    def begin_at(self, prices: Prices) -> None:
        """Look for better prices near some that are good, as those of a problem much like this one."""
        self.take(self.evaluate(prices))
        self._near = prices

    def improve(self, time_limit: float) -> bool:
        """One round of looking for better prices; says whether another may find some.

        At first prices are drawn from the master's to the best known. Once they are near each other, the
        master looks only near the best known: nearer each time it finds nothing, and then in its next view.
        """
        assert self._master is not None
        before = self.estimate
        self._round += 1
        if self._round % CHECKED_EVERY == 0:
            self._check(CHECK)
        if not self._reach:
            outer = self._master.solve(time_limit)
            if outer is None:
                return False
            inward = INWARD[0] if self._round == 1 else INWARD[1 + self._round % (len(INWARD) - 1)]
            self._try(mix(self._near or self.zero_prices(), outer, inward))
            if self._round >= WILD_ROUNDS or self.mix_value - self.estimate <= CLOSE * abs(self.estimate):
                self._reach = REACH * max(1.0, self._dearest())
            return True
        near = self._near or self.zero_prices()
        outer = self._master.solve(time_limit, near, (self._reach, TOLL_REACH * self._reach))
        if outer is None:
            return False
        if self._try(outer):
            self._reach *= 1.3
        elif not self._try(mix(near, outer, 0.7)):
            self._reach *= 0.6
        settled = self._reach <= SMALL_REACH * self._dearest()
        if self._view + 1 < len(VIEWS) and (settled or self.estimate - before <= SETTLED * abs(before)):
            self._look_closer()
            return True
        return not settled

    @property
    def estimate(self) -> float:
        """What the bound is at the best prices known, nearly."""
        return -np.inf if self.leader is None else self.leader.value

    def _try(self, prices: Prices) -> bool:
        """Estimate the bound at prices of the master's, once settled; says whether they lead."""
        before, settled = self.estimate, Prices(prices.call.copy(), prices.back.copy(), prices.toll)
        settle_values(self.tables, settled)
        self._learn_from(self.evaluate(whole_prices(settled), LOOK))
        if self.estimate > before:
            self._near = settled
        return self.estimate > before

    def _dearest(self) -> float:
        return float(self.leader.vehicle_values.max(initial=0.0)) if self.leader else 0.0

    def _check(self, effort: Effort) -> None:
        """Work out the bound at the leading prices."""
        if self.leader is not None:
            self.take(self.evaluate(self.leader.prices, effort))

    def prove(self) -> None:
        """Work out the bound at the best prices: roughly, then with every number aboard told apart.

        The latter place by place, the smallest and quickest first: each counts at once, so that the bound
        is the better the later it is told to stop.
        """
        if self.best is None or self.leader is None or self.best.prices is not self.leader.prices:
            self._check(CHECK)
        assert self.best is not None
        prices = self.best.prices
        hubs = hub_values(self.tables, prices, len(self.problem.places))
        first, size = self.tables.rider_first, self.tables.size
        people = [size[first[p] : first[p + 1]].sum() for p in self._scheduled]
        for number in np.argsort(people, kind="stable").tolist():
            cost, _ = self._schedule(prices, hubs, number, PROVE)
            self._raise_schedule(number, cost)

    def _raise_schedule(self, number: int, cost: float) -> None:
        """Count what the cheapest schedule of a place costs at least, if that is more than was known."""
        assert self.best is not None
        more = cost - self.best.schedules[number]
        if more > 0:
            schedules = self.best.schedules.copy()
            schedules[number] = cost
            self.best = replace(self.best, value=self.best.value + more, schedules=schedules)
            self.history.append(self.best.value)


def mix(a: Prices, b: Prices, share: float) -> Prices:
    """Prices between two, ``share`` of the first."""
    return Prices(
        call=share * a.call + (1 - share) * b.call,
        back=share * a.back + (1 - share) * b.back,
        toll=share * a.toll + (1 - share) * b.toll,
    )


def whole_prices(prices: Prices) -> Prices:
    """The nearest prices that a proof can write down: multiples of its unit; tolls not below 0."""

    def nearest(values: NDArray[np.float64], least: float) -> NDArray[np.float64]:
        return np.asarray(np.rint(np.clip(values, least, MOST_HOURS) * UNITS_PER_HOUR) / UNITS_PER_HOUR)

    return Prices(
        nearest(prices.call, -MOST_HOURS), nearest(prices.back, -MOST_HOURS), nearest(prices.toll, 0.0)
    )
