"""A plan that looks like one, made in a second: for tests of pages, which show a plan and do not judge it.

Buses fetch whoever waits longest and go to a crossing that is near and not crowded; rates, intake, rests and
entry rules are ignored. Groups without papers are left, as if stranded.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from overland.case.model import Case, Group, Mode, Papers, Role
from overland.plan.document import Certificate, Drive, Left, Move, Plan, Ride, Totals, Trip, Value
from overland.report.tracks import calls_of
from overland.roads import RoadTimes


@dataclass
class _Sketch:
    """The plan as it grows; times are steps."""

    case: Case
    times: RoadTimes
    trips: list[Trip] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    rides: list[Ride] = field(default_factory=list)
    drives: list[Drive] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    load: Counter[tuple[str, Mode]] = field(default_factory=Counter)

    def ready(self, group: Group) -> int:
        notice = self.case.start + timedelta(hours=self.case.policy.notice_hours)
        return max(0, self.case.step_of(max(group.ready, notice), up=True))

    def gate(
        self, profile: str, place: str, step: int, modes: set[Mode]
    ) -> tuple[str, Mode, int, int] | None:
        """A crossing that is near and not crowded: its name, mode, arrival and passing step."""
        best = None
        for row in self.case.crossing_modes:
            travel = self.times.steps(profile, place, row.crossing, step) if row.mode in modes else -1
            if travel < 0 or row.rate_per_hour <= 0:
                continue
            passed = step + travel + self.case.steps_of_hours(row.wait_hours)
            score = passed + 1.2 * self.load[row.crossing, row.mode] / row.rate_per_hour
            if passed <= self.case.steps and (best is None or score < best[0]):
                best = (score, (row.crossing, row.mode, step + travel, passed))
        return best[1] if best else None

    def at(self, step: int) -> datetime:
        return self.case.time_of(step)


def naive_plan(case: Case, times: RoadTimes | None = None) -> Plan:
    """Make a plan for a case without thinking."""
    sketch = _Sketch(case, times or RoadTimes.of(case))
    waiting: defaultdict[str, list[Group]] = defaultdict(list)
    for group in sorted(case.groups, key=lambda g: (sketch.ready(g), g.id)):
        if group.papers is Papers.NONE:
            reason = "No country admits somebody of the group: no valid papers."
            sketch.left.append(Left(group=group.id, stranded=True, reason=reason))
        elif not (group.own_car and _drive(sketch, group)):
            waiting[group.place].append(group)
    _ride(sketch, waiting)
    _fetch(sketch, waiting)
    for groups in waiting.values():
        for group in groups:
            sketch.left.append(Left(group=group.id, stranded=False, reason="No bus comes in time."))
    return _finished(sketch)


def _drive(sketch: _Sketch, group: Group) -> bool:
    step = sketch.ready(group)
    gate = sketch.gate("car", group.place, step, {Mode.CAR}) if step < sketch.case.steps else None
    if gate is None:
        return False
    crossing, mode, arrive, passed = gate
    sketch.load[crossing, mode] += group.size
    sketch.drives.append(
        Drive(
            group=group.id,
            origin=group.place,
            destination=crossing,
            depart=sketch.at(step),
            arrive=sketch.at(arrive),
            passed=sketch.at(passed),
        )
    )
    return True


def _ride(sketch: _Sketch, waiting: dict[str, list[Group]]) -> None:
    """Seats on the trains whose last stop is a crossing, first come, first served."""
    case = sketch.case
    borders = {crossing.id for crossing in case.crossings}
    for service in case.services:
        for number in range((service.last_day - service.first_day).days + 1):
            run = f"{service.id}@{service.first_day + timedelta(days=number)}"
            calls = calls_of(case, run)
            seats, (end, reaches) = service.seats, calls[-1]
            passed = int(-(-reaches // 1)) + case.steps_of_hours(1)
            if end not in borders or passed > case.steps:
                continue
            for stop, leaves in calls[:-1]:
                step, aboard = int(leaves // 1), []
                for group in list(waiting.get(stop, ())):
                    if step >= sketch.ready(group) and group.size <= seats:
                        waiting[stop].remove(group)
                        aboard.append(group.id)
                        seats -= group.size
                if aboard:
                    arrive = sketch.at(int(-(-reaches // 1)))
                    sketch.rides.append(
                        Ride(
                            run=run,
                            origin=stop,
                            destination=end,
                            depart=sketch.at(step),
                            arrive=arrive,
                            passed=sketch.at(passed),
                            groups=aboard,
                        )
                    )


def _fetch(sketch: _Sketch, waiting: defaultdict[str, list[Group]]) -> None:
    """Let the bus that is free first fetch those who wait, until none can be of use."""
    case = sketch.case
    hubs = {p.id for p in case.places if Role.HUB in p.roles}
    arrived: dict[str, int] = {}  # group → step from which it can go on from a hub
    profile = {fleet.id: sketch.times.profile_of(fleet) for fleet in case.fleets}
    buses = [
        [
            max(0, case.step_of(fleet.available, up=True)),
            f"{fleet.id}-{i:02d}",
            fleet.depot,
            fleet.id,
            fleet.seats,
        ]
        for fleet in case.fleets
        for i in range(1, fleet.count + 1)
    ]
    while buses and any(waiting.values()):
        buses.sort()
        free, _, here, fleet, seats = buses[0]
        found = None
        for place, groups in waiting.items():
            travel = sketch.times.steps(profile[fleet], here, place, free) if free < case.steps else -1
            if travel >= 0 and groups:
                people = sum(group.size for group in groups)
                eager = travel - min(people, seats) / 4 + 0.02 * min(map(sketch.ready, groups))
                found = min(found or (eager, place), (eager, place))
        gone = _serve(sketch, buses[0], found[1], waiting, arrived, hubs, profile[fleet]) if found else False
        if not gone:
            buses[0][0] += 6
        if buses[0][0] >= case.steps:
            buses.pop(0)


def _serve(
    sketch: _Sketch,
    bus: list,
    place: str,
    waiting: defaultdict[str, list[Group]],
    arrived: dict[str, int],
    hubs: set[str],
    profile: str,
) -> bool:
    case, (free, vehicle, here, _, seats) = sketch.case, bus
    at_place = free + (sketch.times.steps(profile, here, place, free) if here != place else 0)
    aboard, room = [], seats
    for group in waiting[place]:
        if group.size <= room:
            aboard.append(group)
            room -= group.size
    latest = max(arrived.get(group.id, sketch.ready(group)) for group in aboard)
    depart = max(at_place + case.steps_of_hours(case.policy.loading_minutes / 60), min(latest, at_place + 30))
    aboard = [group for group in aboard if arrived.get(group.id, sketch.ready(group)) <= depart]
    modes = {Mode.BUS, Mode.FOOT} if all(group.can_walk for group in aboard) else {Mode.BUS}
    gate = sketch.gate(profile, place, depart, modes) if aboard and depart < case.steps else None
    if gate is None:
        return False
    crossing, mode, arrive, passed = gate
    kind, destination, out = ("foot" if mode is Mode.FOOT else "across"), crossing, sketch.at(passed)
    on_way = next((hub for hub in sorted(hubs) if hub != place), None)
    if (
        on_way
        and place not in hubs
        and len(sketch.trips) % 6 == 5
        and not any(g.id in arrived for g in aboard)
    ):
        travel = sketch.times.steps(profile, place, on_way, depart)
        if travel >= 0 and depart + travel < case.steps - 60:
            kind, destination, arrive, out = "hub", on_way, depart + travel, None
    after = case.steps_of_hours(2) + passed if kind == "across" else arrive + 1
    if here != place:
        sketch.moves.append(
            Move(
                vehicle=vehicle,
                origin=here,
                destination=place,
                depart=sketch.at(free),
                arrive=sketch.at(at_place),
            )
        )
    sketch.trips.append(
        Trip(
            id=f"T{len(sketch.trips) + 1:04d}",
            vehicle=vehicle,
            origin=place,
            kind=kind,
            destination=destination,
            depart=sketch.at(depart),
            arrive=sketch.at(arrive),
            passed=out,
            free=sketch.at(after),
            groups=[group.id for group in aboard],
        )
    )
    waiting[place] = [group for group in waiting[place] if group not in aboard]
    if kind == "hub":
        waiting[destination] += aboard
        arrived |= {group.id: arrive + 1 for group in aboard}
    else:
        sketch.load[crossing, mode] += sum(group.size for group in aboard)
    bus[0], bus[2] = after, destination
    return True


def _finished(sketch: _Sketch) -> Plan:
    case, size = sketch.case, {group.id: group.size for group in sketch.case.groups}
    out: Counter[datetime] = Counter()
    for leg in (*sketch.trips, *sketch.rides):
        if leg.passed:
            out[leg.passed] += sum(size[group] for group in leg.groups)
    for drive in sketch.drives:
        out[drive.passed] += size[drive.group]
    stranded = sum(size[entry.group] for entry in sketch.left if entry.stranded)
    cost = 30.0 * sum(size.values())
    envelope, so_far = [], 0
    for step in range(case.steps + 1):  # as if everybody could be out a tenth sooner
        so_far = sum(
            n for when, n in out.items() if when - case.start <= 1.1 * (case.time_of(step) - case.start)
        )
        envelope.append((case.time_of(step), so_far))
    return Plan(
        case=case.id, case_digest="0" * 64, overland="0.0", seed=1, seconds=1.0,
        trips=sketch.trips, moves=sketch.moves, rides=sketch.rides, drives=sketch.drives, left=sketch.left,
        totals=Totals(
            people=sum(size.values()), out=out.total(), stranded=stranded, exposure=0.9 * cost,
            left_cost=0.08 * cost, vehicle_hours=0.2 * cost, cleared=max(out, default=None),
        ),
        certificate=Certificate(cost=cost, bound=0.9 * cost, gap=0.1, envelope=envelope),
        values=[
            Value(limit=f"Buses at {fleet.depot}", kind="fleet", subject=fleet.depot, unit="one more bus",
                  saves=cost / 500 / (i + 1))
            for i, fleet in enumerate(case.fleets)
        ],
    )  # fmt: skip
