"""The search through all itineraries of all groups."""

from __future__ import annotations

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import permutations, product
from typing import Any

from overland.case.model import Case, Fleet, Group
from overland.plan.document import Plan
from tests.oracle.linetrips import Head
from tests.oracle.paper import Outcome, on_paper
from tests.oracle.world import NEVER, Chain, Option, Stage, World

At = tuple[str, int, int, int]
"""Where a vehicle is, since when, how long it has driven since its last rest, and when its duty began."""

RESTED = -1


class TooLargeError(Exception):
    """The case is too large to try everything."""


@dataclass(frozen=True)
class Optimum:
    """The least cost of any plan, and a plan that has it."""

    cost: float
    plan: Plan


@dataclass(frozen=True)
class Clearest:
    """Fewest people left who are not stranded; then the earliest step at which the last one is out (-1:
    nobody gets out); then the least cost."""

    left: int
    cleared: int
    cost: float


def optimum(case: Case, *, max_nodes: int = 10_000, deadline: int | None = None) -> Optimum:
    """Find the cheapest feasible plan; raises TooLargeError when that takes more than so many branches.

    With a deadline, of the plans in which everybody who gets out is out by that step.
    """
    return _Search(World(case), max_nodes, deadline=deadline).run()


def clearest(case: Case, *, max_nodes: int = 10_000) -> Clearest:
    """Find what the best plan for the lexicographic objective does; raises as :func:`optimum` does."""
    world = World(case)

    def fewest(deadline: int) -> int:
        return round(_Search(world, max_nodes, deadline=deadline, price=(0.0, 1.0)).least())

    left = fewest(world.T)
    low, high = -1, world.T  # not cleared by, cleared by
    if fewest(-1) == left:
        high = -1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if fewest(middle) == left else (middle, high)
    dear = 1e6
    cost = _Search(world, max_nodes, deadline=high, price=(1.0, dear)).least() - dear * left
    return Clearest(left, high, cost)


class _Search:
    """Depth first through all itineraries of all groups."""

    def __init__(
        self,
        world: World,
        max_nodes: int,
        *,
        deadline: int | None = None,
        price: tuple[float, float] = (1.0, 0.0),
    ) -> None:
        """``price`` is that of a weighted person-hour, and of leaving a person who is not stranded."""
        self.world, self.max_nodes, self.nodes = world, max_nodes, 0
        self.deadline, self.price = world.T if deadline is None else deadline, price
        case = world.case
        self.groups = sorted(case.groups, key=lambda g: -world.weight(g) * g.size)
        self.driver = {g.id: bool(world.drives(g)) for g in self.groups}
        self.stranded = {
            g.id: not self.driver[g.id] and next(world.journeys(g, real=False), None) is None
            for g in self.groups
        }
        self.options = [self._options(g) for g in self.groups]
        self.rest = [0.0] * (len(self.groups) + 1)  # least cost of the groups from the i-th on
        for i in reversed(range(len(self.groups))):
            self.rest[i] = self.rest[i + 1] + self.options[i][0].cost
        self.vehicle_cost = price[0] * case.policy.vehicle_hour_cost * case.step_hours
        self.fewest = cache(self._fewest)
        self.chain = cache(self._chain)
        self.best = math.inf
        self.onward: dict[Stage, list[Stage]] = {}

    def _options(self, group: Group) -> list[Option]:
        world = self.world
        ways: list[tuple[Stage, ...]]
        if self.driver[group.id]:
            ways = [(drive,) for drive in world.drives(group)]
        else:
            ways = list(world.journeys(group, real=True))
        hour, head = self.price
        dear = 0.0 if self.stranded[group.id] else head * group.size
        options = [Option((), hour * world.cost_left(group) + dear, ())]
        for stages in ways:
            uses = world.uses(stages)
            if stages[-1].until <= self.deadline and all(group.size <= world.limit(key) for key in uses):
                options.append(Option(stages, hour * world.exposure(group, stages), uses))
        return sorted(options, key=lambda option: option.cost)

    def run(self) -> Optimum:
        return Optimum(self.least(), on_paper(self.world, self.outcome))

    def least(self) -> float:
        self.choice: list[Option] = []
        self.used: dict[tuple[Any, ...], int] = defaultdict(int)
        self._branch(0, 0.0)
        return self.best

    def _branch(self, i: int, cost: float) -> None:
        if i == len(self.groups):
            self._leaf(cost)
            return
        size = self.groups[i].size
        for option in self.options[i]:
            total = cost + option.cost
            if total + self.rest[i + 1] >= self.best - 1e-9:
                break
            if any(self.used[key] + size > self.world.limit(key) for key in option.uses):
                continue
            self.choice.append(option)
            if self._promising(i + 1, total):
                for key in option.uses:
                    self.used[key] += size
                self._branch(i + 1, total)
                for key in option.uses:
                    self.used[key] -= size
            self.choice.pop()

    def _promising(self, decided: int, cost: float) -> bool:
        """Whether the groups decided so far could be part of a better plan than the best."""
        self.nodes += 1
        if self.nodes > self.max_nodes:
            raise TooLargeError
        if not self._in_turn() or self._convoys_are_too_large():
            return False
        driving = sum(self.fewest(k, trips) for k, trips in self._trips().items())
        bound = cost + self.rest[decided] + driving * self.vehicle_cost
        return driving < NEVER and bound < self.best - 1e-9 and self._could_be_fair(decided)

    def _leaf(self, cost: float) -> None:
        order = self._fair_order()
        if order is None:
            return
        chains = {k: self.chain(k, trips) for k, trips in self._trips().items()}
        driving = sum(chain[0] for chain in chains.values())
        total = cost + self.vehicle_cost * driving if driving < math.inf else math.inf
        if total < self.best - 1e-9:
            choice = list(zip(self.groups, self.choice, strict=True))
            self.best, self.outcome = total, Outcome(total, choice, chains, order, self.stranded)

    # vehicles

    def _trips(self) -> dict[int, frozenset[Stage | Head]]:
        trips: dict[Any, set[Stage | Head]] = defaultdict(set)
        for option in self.choice:
            for stage in option.stages:
                if stage.by_bus:
                    trips[stage.carrier].add(stage.event)
        return {k: frozenset(stages) for k, stages in trips.items()}

    def _in_turn(self) -> bool:
        """Vehicles of a fleet are alike: the first use of number n + 1 comes after that of number n."""
        seen: list[int] = []
        for option in self.choice:
            for stage in option.stages:
                if stage.by_bus and stage.carrier not in seen:
                    fleet, number = self.world.vehicles[stage.carrier]  # type: ignore[index]
                    if number > 1 and self.world.vehicles.index((fleet, number - 1)) not in seen:
                        return False
                    seen.append(stage.carrier)  # type: ignore[arg-type]
        return True

    def _convoys_are_too_large(self) -> bool:
        trips = {stage for option in self.choice for stage in option.stages if stage.convoy is not None}
        size = Counter(trip.convoy for trip in trips)
        return any(size[key] > convoy.vehicles for key, convoy in self.world.convoys.items())

    def _fewest(self, vehicle: int, trips: frozenset[Stage | Head]) -> int:
        """Road steps that a vehicle drives at least for these trips (and any others between)."""
        fleet = self.world.vehicles[vehicle][0]
        profile = self.world.times.profile_of(fleet)
        where, since, driven = fleet.depot, self.world.available(fleet), 0
        for trip in sorted(trips, key=lambda trip: trip.depart):
            start = trip.depart - self.world.L
            if start < since:
                return NEVER
            driven += self.world.fewest(profile, where, since, trip.origin, start)
            driven += trip.road
            where, since = trip.destination, trip.free
        return driven

    def _chain(self, vehicle: int, trips: frozenset[Stage | Head]) -> Chain:
        """The cheapest chain of exactly these trips and any empty moves; infinite if there is none."""
        fleet = self.world.vehicles[vehicle][0]
        rest, longest = self.world.up(fleet.rest_hours * 60), self.world.longest(fleet)
        duty = self.world.duty(fleet)
        states: dict[At, Chain] = {(fleet.depot, self.world.available(fleet), 0, RESTED): (0.0, ())}
        for trip in sorted(trips, key=lambda trip: trip.depart):
            start, road = trip.depart - self.world.L, trip.road
            after: dict[At, Chain] = {}
            for (node, since, driven, began), (cost, moves) in self._moved(fleet, states, start).items():
                total = (0 if start - since >= rest else driven) + road
                begins = start if began == RESTED or start - since >= rest else began
                if node == trip.origin and total <= longest and trip.free - begins <= duty:
                    key = (trip.destination, trip.free, total, begins if duty < math.inf else RESTED)
                    after[key] = min(after.get(key, (math.inf, ())), (cost + road, moves))
            states = after
        return min(states.values(), default=(math.inf, ()))

    def _moved(self, fleet: Fleet, states: dict[At, Chain], by: int) -> dict[At, Chain]:
        """All states of a vehicle that empty moves lead to by a step."""
        world, profile = self.world, self.world.times.profile_of(fleet)
        rest, longest, duty = world.up(fleet.rest_hours * 60), world.longest(fleet), world.duty(fleet)
        found = {key: chain for key, chain in states.items() if key[1] <= by}
        queue = [(since, node, driven, began) for node, since, driven, began in found]
        heapq.heapify(queue)
        while queue:
            since, node, driven, began = heapq.heappop(queue)
            cost, moves = found[node, since, driven, began]
            for u, b in product(range(since, by), world.places):
                road = world.steps(profile, node, b, u) if b != node else -1
                total = (0 if u - since >= rest else driven) + road
                begins = u if began == RESTED or u - since >= rest else began
                if road < 0 or u + road > by or total > longest or u + road - begins > duty:
                    continue
                key = (b, u + road, total, begins if duty < math.inf else RESTED)
                chain = (cost + road, (*moves, (node, b, u, u + road)))
                if key not in found:
                    heapq.heappush(queue, (u + road, b, *key[2:]))
                if key not in found or chain < found[key]:
                    found[key] = chain
        self.nodes += len(found)
        return found

    # loading rule

    def _could_be_fair(self, decided: int) -> bool:
        """Whether groups not yet decided could still make every departure fair."""
        others = sum(g.size for g in self.groups[decided:])
        aboard = self._aboard()
        return not any(
            self._gap(stage, aboard, group) - (others if stage.by_bus else 0) >= group.size
            for stage in aboard
            for group in self._present(stage)
            if self._leaves(group, stage.origin) > stage.depart
        )

    def _fair_order(self) -> dict[Stage | Head, int] | None:
        """An order of the trips of the plan (for their ids) by which the loading rule holds."""
        aboard = self._aboard()
        if any(stage.head for stage in aboard):
            return self._fair_order_of_all(aboard)
        spots: dict[tuple[str, int], list[Stage]] = defaultdict(list)
        for stage in aboard:
            spots[stage.origin, stage.depart].append(stage)
        order: dict[Stage | Head, int] = {}
        for (_, _), stages in sorted(spots.items()):
            rides = sorted((s for s in stages if not s.by_bus), key=lambda s: (s.carrier, s.destination))
            for trips in permutations([s for s in stages if s.by_bus]):
                if self._fair([*rides, *trips], aboard):
                    order |= {trip: len(order) + n for n, trip in enumerate(trips)}
                    break
            else:
                return None
        return order

    def _fair_order_of_all(self, aboard: dict[Stage, list[Group]]) -> dict[Stage | Head, int] | None:
        """The same where a trip may leave several places: one order of all trips for all of them."""
        events = list(dict.fromkeys(stage.event for stage in aboard if stage.by_bus))
        if len(events) > 6:
            raise TooLargeError
        for some in permutations(events):
            order = {event: n for n, event in enumerate(some)}
            spots: dict[tuple[str, int], list[Stage]] = defaultdict(list)
            for stage in aboard:
                spots[stage.origin, stage.depart].append(stage)
            if all(
                self._fair(
                    [
                        *sorted((s for s in at if not s.by_bus), key=lambda s: (s.carrier, s.destination)),
                        *sorted((s for s in at if s.by_bus), key=lambda s: (order[s.event], s.stop)),
                    ],
                    aboard,
                )
                for at in spots.values()
            ):
                return order
        return None

    def _fair(self, departures: list[Stage], aboard: dict[Stage, list[Group]]) -> bool:
        gone: set[str] = set()
        for stage in departures:
            gone |= {g.id for g in aboard[stage]}
            for group in self._present(stage):
                waits = group.id not in gone and self._leaves(group, stage.origin) >= stage.depart
                if waits and self._gap(stage, aboard, group) >= group.size:
                    return False
        return True

    def _aboard(self) -> dict[Stage, list[Group]]:
        aboard: dict[Stage, list[Group]] = defaultdict(list)
        for group, option in zip(self.groups, self.choice, strict=False):
            for stage in option.stages:
                if stage.kind != "car":
                    aboard[stage].append(group)
        for stage in [stage for stage in aboard if stage.head]:  # who fills a trip of a line may be nobody
            head, fleet = stage.head, self.world.vehicles[stage.carrier][0]  # type: ignore[index]
            assert head is not None
            aboard[self.world.ride_of(head, *head.filling, fleet)]
        return aboard

    def _present(self, stage: Stage) -> Iterator[Group]:
        """Riders who are at the origin of a departure when it leaves, and may take it."""
        world = self.world
        for group, option in zip(self.groups, self.choice, strict=False):
            if self.driver[group.id] or self.stranded[group.id]:
                continue
            there = group.place == stage.origin and world.ready(group) <= stage.depart
            if len(option.stages) == 2 and option.stages[0].destination == stage.origin:
                there = option.stages[0].arrive + world.C <= stage.depart
            if there and self._may_take(group, stage):
                yield group

    def _may_take(self, group: Group, stage: Stage) -> bool:
        if stage.passed is not None:
            return self.world.may(group, stage)
        if not self.world.takes(stage, group):
            return False
        if stage not in self.onward:
            departures = self.world.departures(stage.destination, stage.arrive + self.world.C, real=False)
            self.onward[stage] = [s for s in departures if s.passed is not None]
        return any(self.world.may(group, onward) for onward in self.onward[stage])

    def _leaves(self, group: Group, place: str) -> float:
        stages = self.choice[self.groups.index(group)].stages
        return next((stage.depart for stage in stages if stage.origin == place), math.inf)

    def _gap(self, stage: Stage, everybody: dict[Stage, list[Group]], group: Group) -> float:
        world, aboard = self.world, everybody[stage]
        people = sum(g.size for g in aboard)
        usable: float = people
        if stage.by_bus and stage.fills:
            usable = world.vehicles[stage.carrier][0].seats  # type: ignore[index]
            if stage.head:
                usable -= sum(
                    g.size
                    for other, who in everybody.items()
                    for g in who
                    if other.head == stage.head and other != stage
                )
            usable = min(usable, *(world.limit(k) for k in world.uses((stage,)) if k[0] != "trip"), math.inf)
        return usable - people + sum(g.size for g in aboard if world.weight(g) < world.weight(group))
