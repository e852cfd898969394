"""A case in steps, and every way to travel in it."""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise, product
from typing import Any

from overland.case.model import Case, Convoy, Fleet, Group, Mode, Role
from overland.roads import RoadTimes
from tests.oracle.linetrips import Head, heads, rides

NEVER = 10**6
BUS_MODES = {"across": Mode.BUS, "foot": Mode.FOOT, "hub": None}


@dataclass(frozen=True)
class Stage:
    """One way to get on: by a vehicle (by number), a run or the own car."""

    kind: str  # across, foot, hub; rail, rail-hub; car
    origin: str
    destination: str
    depart: int
    arrive: int
    passed: int | None
    carrier: int | str | None = None  # vehicle, or run
    free: int = 0
    calls: tuple[int, int] = (0, 0)
    access: frozenset[str] = frozenset()
    convoy: str | None = None
    head: Head | None = None  # the trip, if it is one of a line
    fills: bool = True  # whether it must be filled
    stop: int = 0  # of the trip of the line, where one gets off

    @property
    def event(self) -> Stage | Head:
        """What the vehicle does."""
        return self.head or self

    @property
    def road(self) -> int:
        return self.arrive - self.depart

    @property
    def by_bus(self) -> bool:
        return self.kind in BUS_MODES

    @property
    def until(self) -> int:
        return self.arrive if self.passed is None else self.passed


@dataclass(frozen=True)
class Option:
    """One thing that can happen to a group; no stages: it is left."""

    stages: tuple[Stage, ...]
    cost: float
    uses: tuple[tuple[Any, ...], ...]  # limits it counts against, with the size of the group


Chain = tuple[float, tuple[tuple[str, str, int, int], ...]]
"""Road steps a vehicle drives, and its empty moves."""


def floor(number: float) -> int:
    return math.floor(number + 1e-9)


class World:
    """The case in steps."""

    def __init__(self, case: Case) -> None:
        self.case, self.times, self.T = case, RoadTimes.of(case), case.steps
        policy = case.policy
        self.L = self.up(policy.loading_minutes)
        self.U = self.up(policy.unloading_minutes)
        self.C = self.up(policy.hub_change_minutes)
        self.W = max(1, self.up(policy.rate_window_minutes))
        self.places = {p.id: p for p in case.places}
        self.crossings = {x.id: x for x in case.crossings}
        self.modes = {(m.crossing, m.mode): m for m in case.crossing_modes}
        self.hubs = [p.id for p in case.places if Role.HUB in p.roles]
        self.centres = {c.id: c for c in case.reception}
        self.vehicles = [(f, n) for f in case.fleets for n in range(1, f.count + 1)]
        self.people = sum(g.size for g in case.groups)
        self.runs = dict(self._runs())
        agreed = {c.id for c in case.corridors if c.escorted and c.status == "accepted"}
        self.convoys = {c.id: c for c in case.convoys if c.corridor in agreed}
        self.gathering: dict[tuple[str, int], list[Convoy]] = defaultdict(list)
        for convoy in self.convoys.values():
            step = math.ceil((convoy.departs - case.start) / timedelta(minutes=case.step_minutes))
            self.gathering[convoy.place, step].append(convoy)
        self.nodes = (*self.places, *self.crossings)
        self.steps = cache(self.times.steps)
        self.reach = cache(self._reach)
        self.passing = cache(self._passing)
        self.hazard = cache(self._hazard)
        self.limit = cache(self._limit)
        self.ready_at = {g.id: self._ready(g) for g in case.groups}
        self.admitted = cache(self._admitted)
        self.heads = cache(self._heads)

    def up(self, minutes: float) -> int:
        return math.ceil(round(minutes, 6) / self.case.step_minutes)

    def weight(self, group: Group) -> float:
        return self.case.policy.weights[group.category]

    def ready(self, group: Group) -> int:
        return self.ready_at[group.id]

    def _ready(self, group: Group) -> int:
        earliest = self.case.start + timedelta(hours=self.case.policy.notice_hours)
        moment = max(group.ready, earliest)
        return math.ceil((moment - self.case.start) / timedelta(minutes=self.case.step_minutes))

    def longest(self, fleet: Fleet) -> int:
        return max(1, floor(fleet.max_driving_hours * 60 / self.case.step_minutes))

    def duty(self, fleet: Fleet) -> float:
        hours = fleet.max_duty_hours
        return math.inf if hours is None else max(1, floor(hours * 60 / self.case.step_minutes))

    def available(self, fleet: Fleet) -> int:
        return max(
            0, math.ceil((fleet.available - self.case.start) / timedelta(minutes=self.case.step_minutes))
        )

    def local(self, step: int) -> datetime:
        return self.case.time_of(step).astimezone(self.case.zone)

    def open(self, way: tuple[str, Mode], step: int) -> bool:
        opens, closes = self.modes[way].opens, self.modes[way].closes
        if opens is None or closes is None or opens == closes:
            return True
        now = self.local(step).time()
        return opens <= now < closes if opens < closes else not closes <= now < opens

    def _passing(self, crossing: str, mode: Mode, arrive: int) -> int | None:
        if (crossing, mode) not in self.modes:
            return None
        hours = self.modes[crossing, mode].wait_hours
        latest = None
        for row in self.case.waits:
            in_force = row.start <= self.case.time_of(arrive)
            if (
                (row.crossing, row.mode) == (crossing, mode)
                and in_force
                and (latest is None or row.start > latest)
            ):
                hours, latest = row.wait_hours, row.start
        step = arrive + self.up(hours * 60)
        while step <= self.T:
            if self.open((crossing, mode), step):
                return step
            step += 1
        return None

    def _admitted(self, group: Group, country: str) -> bool:
        who = ([self.case.sponsor] if group.kin < group.size else []) + (
            [group.kin_nationality] if group.kin else []
        )
        for nationality in who:
            fits = (
                rule.admitted
                for rule in self.case.entry_rules
                if rule.country in {"*", country}
                and rule.nationality in {"*", nationality}
                and rule.papers in {"*", group.papers}
            )
            if not next(fits, False):
                return False
        return True

    def _hazard(self, place: str, step: int) -> float:
        here, now = self.places[place], self.case.time_of(step)
        factor = 1.0
        for threat in self.case.threats:
            if threat.start <= now and (threat.end is None or now < threat.end):
                xs = [lon for lon, _ in threat.rings[0]]
                ys = [lat for _, lat in threat.rings[0]]  # the strategy draws one rectangle
                if min(xs) <= here.longitude <= max(xs) and min(ys) <= here.latitude <= max(ys):
                    factor = max(factor, threat.hazard)
        return here.hazard * factor

    def waiting(self, place: str, start: int, end: int) -> float:
        return sum(self.hazard(place, k) for k in range(start, end))

    def _runs(self) -> Iterator[tuple[str, list[tuple[str, float, int]]]]:
        for service in self.case.services:
            stops = sorted(
                (s for s in self.case.service_stops if s.service == service.id), key=lambda s: s.sequence
            )
            for i in range((service.last_day - service.first_day).days + 1):
                day = service.first_day + timedelta(days=i)
                leaves = datetime.combine(day, service.departs, tzinfo=self.case.zone).astimezone(UTC)
                calls = [
                    (
                        s.stop,
                        (leaves + timedelta(minutes=s.minutes) - self.case.start)
                        / timedelta(minutes=self.case.step_minutes),
                        service.seats,
                    )
                    for s in stops
                ]
                yield f"{service.id}@{day}", calls

    # ways to travel

    def trips(self, origin: str, t: int, fleet: Fleet, carrier: int | None) -> Iterator[Stage]:
        """Trips of a vehicle; or, with none given, of any vehicle of the fleet that might be there."""
        own = self.times.profile_of(fleet)
        for convoy in [None, *self.gathering.get((origin, t), [])]:
            profile = own if convoy is None else f"{own}+{convoy.corridor}"
            for stage in self._trips(origin, t, fleet, carrier, profile):
                yield replace(stage, convoy=None if convoy is None else convoy.id)

    def _trips(self, origin: str, t: int, fleet: Fleet, carrier: int | None, profile: str) -> Iterator[Stage]:
        hubs = [] if origin in self.hubs else self.hubs
        for kind, node in [*product(["across", "foot"], self.crossings), *(("hub", h) for h in hubs)]:
            road = self.steps(profile, origin, node, t)
            if not 0 <= road <= self.longest(fleet):
                continue
            a, mode, passed = t + road, BUS_MODES[kind], None
            if mode is not None and (passed := self.passing(node, mode, a)) is None:
                continue
            free = a + self.U
            if kind == "across":
                assert passed is not None
                free = passed + self.up(self.modes[node, Mode.BUS].turnaround_hours * 60)
            if carrier is None or t - self.L >= self.earliest(carrier, origin):
                yield Stage(kind, origin, node, t, a, passed, carrier, free, access=fleet.access)

    def _heads(self, profile: str, longest: int, carrier: int | None) -> list[Head]:
        standing = self.L, self.U
        made = heads(self.case, self.steps, self.passing, standing, self.up, profile, carrier)
        return [head for head in made if head.road <= longest]

    def line_rides(self, origin: str, fleet: Fleet, carrier: int | None) -> Iterator[Stage]:
        """Rides from a place on trips of lines by a vehicle, or any of a fleet."""
        for head in self.heads(self.times.profile_of(fleet), self.longest(fleet), carrier):
            if carrier is not None and head.depart - self.L < self.earliest(carrier, head.origin):
                continue
            for i, j in rides(self.case, head):
                if head.nodes[i] == origin:
                    yield self.ride_of(head, i, j, fleet)

    def ride_of(self, head: Head, i: int, j: int, fleet: Fleet) -> Stage:
        return Stage(
            head.kinds[j],
            head.nodes[i],
            head.nodes[j],
            head.leaves[i],
            head.arrives[j],
            head.passed[j],
            head.carrier,
            head.free,
            access=fleet.access,
            head=head,
            fills=(i, j) == head.filling,
            stop=j,
        )

    def rides(self, origin: str) -> Iterator[Stage]:
        access = {service.id: service.access for service in self.case.services}
        for run, calls in self.runs.items():
            takes = access[run.split("@")[0]]
            for i, (stop, leaves, _) in enumerate(calls):
                if stop != origin or leaves < 0:
                    continue
                for j in range(i + 1, len(calls)):
                    node, arrive = calls[j][0], math.ceil(calls[j][1])
                    if arrive > self.T:
                        continue
                    if node in self.crossings and j == len(calls) - 1:
                        passed = self.passing(node, Mode.RAIL, arrive)
                        if passed is not None:
                            yield Stage(
                                "rail",
                                origin,
                                node,
                                math.floor(leaves),
                                arrive,
                                passed,
                                run,
                                0,
                                (i, j),
                                takes,
                            )
                    elif node in self.hubs and origin not in self.hubs:
                        yield Stage(
                            "rail-hub", origin, node, math.floor(leaves), arrive, None, run, 0, (i, j), takes
                        )

    def departures(self, origin: str, since: int, *, real: bool) -> Iterator[Stage]:
        """Every departure from a place or hub from a step on, by real vehicles or by any of the fleets'."""
        yield from (ride for ride in self.rides(origin) if ride.depart >= since)
        fleets: list[tuple[Fleet, int | None]] = [(fleet, k) for k, (fleet, _) in enumerate(self.vehicles)]
        if not real:
            fleets = [(fleet, None) for fleet in self.case.fleets if fleet.count > 0]
        for fleet, carrier in fleets if self.case.lines else []:
            for ride in self.line_rides(origin, fleet, carrier):
                if since <= ride.depart < self.T:
                    yield ride
        for t in range(since, self.T):
            if real:
                for k, (fleet, _) in enumerate(self.vehicles):
                    yield from self.trips(origin, t, fleet, k)
            else:
                for fleet in self.case.fleets:
                    if fleet.count > 0:
                        yield from self.trips(origin, t, fleet, None)

    def drives(self, group: Group) -> list[Stage]:
        """Ways out in the own car."""
        found = []
        for t, x in product(
            range(self.ready(group), self.T), self.crossings.values() if group.own_car else []
        ):
            road = self.steps("car", group.place, x.id, t)
            if road >= 0 and self.admitted(group, x.country):
                passed = self.passing(x.id, Mode.CAR, t + road)
                if passed is not None:
                    found.append(Stage("car", group.place, x.id, t, t + road, passed))
        return found

    def journeys(self, group: Group, *, real: bool) -> Iterator[tuple[Stage, ...]]:
        """Every itinerary of a rider."""
        for first in self.departures(group.place, self.ready(group), real=real):
            if not self.takes(first, group):
                continue
            if first.passed is not None:
                if self.may(group, first):
                    yield (first,)
            else:
                for second in self.departures(first.destination, first.arrive + self.C, real=real):
                    if second.passed is not None and self.may(group, second):
                        yield first, second

    def may(self, group: Group, stage: Stage) -> bool:
        """Whether a group may pass the crossing at the end of a stage."""
        country = self.crossings[stage.destination].country
        able = stage.kind != "foot" or group.can_walk
        return self.admitted(group, country) and able and self.takes(stage, group)

    def takes(self, stage: Stage, group: Group) -> bool:
        """Whether a bus or a run can take what a group needs."""
        return group.needs <= stage.access

    def earliest(self, vehicle: int, place: str) -> int:
        """A step before which a vehicle cannot be at a place, whatever it does."""
        fleet = self.vehicles[vehicle][0]
        reached = self.reach(self.times.profile_of(fleet), fleet.depot, self.available(fleet))
        return min((step for step, _ in reached.get(place, [])), default=NEVER)

    def fewest(self, profile: str, origin: str, since: int, place: str, by: int) -> int:
        """Road steps that a vehicle drives at least to be at a place by a step."""
        reached = self.reach(profile, origin, since).get(place, [])
        return min((driven for step, driven in reached if step <= by), default=NEVER)

    def _reach(self, profile: str, origin: str, since: int) -> dict[str, list[tuple[int, int]]]:
        """When a vehicle can be where, and the fewest road steps to it, if every trip were a free move."""
        best = {(since, origin): 0}
        queue = [(since, origin)]
        while queue:
            s, node = heapq.heappop(queue)
            for u, b in product(range(s, self.T), self.nodes):
                profiles = [profile, *(f"{profile}+{c.corridor}" for c in self.gathering.get((node, u), []))]
                for road in [self.steps(each, node, b, u) for each in profiles if b != node]:
                    if road >= 0 and best[s, node] + road < best.get((u + road, b), NEVER):
                        if (u + road, b) not in best:
                            heapq.heappush(queue, (u + road, b))
                        best[u + road, b] = best[s, node] + road
        reached: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for (s, node), driven in best.items():
            reached[node].append((s, driven))
        return reached

    # limits

    def _limit(self, key: tuple[Any, ...]) -> float:
        kind, *of = key
        policy, hours = self.case.policy, self.case.step_hours
        if kind == "crossing":
            crossing, mode, window = of
            steps = [s for s in range(window * self.W, (window + 1) * self.W) if s <= self.T]
            openings = sum(self.open((crossing, mode), s) for s in steps)
            return floor(self.modes[crossing, mode].rate_per_hour * hours * openings)
        if kind == "boarding":
            rate = self.places[of[0]].boarding_per_hour
            return math.inf if rate is None else floor(rate * hours * self.W)
        if kind == "intake":
            return self.centres[of[0]].intake_per_day
        if kind == "country":
            share = policy.country_share.get(of[0])
            return math.inf if share is None else floor(share * self.people)
        if kind == "hub":
            capacity = self.places[of[0]].waiting_capacity
            return math.inf if capacity is None else capacity
        if kind == "run":
            return self.runs[of[0]][0][2]
        assert kind == "trip"
        return self.vehicles[of[0]][0].seats

    def uses(self, stages: tuple[Stage, ...]) -> tuple[tuple[Any, ...], ...]:
        keys: list[tuple[Any, ...]] = []
        for stage in stages:
            if stage.kind != "car":
                keys.append(("boarding", stage.origin, stage.depart // self.W))
            if stage.by_bus:
                keys.append(("trip", stage.carrier, stage.event))
            keys += [("run", stage.carrier, leg) for leg in range(*stage.calls)]
            if stage.passed is not None:
                x = self.crossings[stage.destination]
                mode = {"across": Mode.BUS, "foot": Mode.FOOT, "rail": Mode.RAIL, "car": Mode.CAR}[stage.kind]
                keys.append(("crossing", x.id, mode, stage.passed // self.W))
                keys.append(("intake", x.reception, self.local(stage.passed).date()))
                keys.append(("country", x.country))
        for first, second in pairwise(stages):
            keys += [("hub", first.destination, k) for k in range(first.arrive, second.depart)]
        return tuple(key for key in keys if self.limit(key) < math.inf)

    def exposure(self, group: Group, stages: tuple[Stage, ...]) -> float:
        steps, since = 0.0, self.ready(group)
        for stage in stages:
            steps += self.waiting(stage.origin, since, stage.depart) + stage.until - stage.depart
            since = stage.until
        return self.weight(group) * group.size * self.case.step_hours * steps

    def cost_left(self, group: Group) -> float:
        hours = self.case.step_hours * self.waiting(group.place, self.ready(group), self.T)
        return self.weight(group) * group.size * (hours + self.case.policy.left_penalty_hours)
