"""Curve, load strips and tables: path data and rows; the page stretches them to its width."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from overland.case.model import Case
from overland.plan.advice import car_advice
from overland.plan.document import Plan, Ride, Trip
from overland.plan.legs import legs_of
from overland.report.figures import Mark, best_possible
from overland.report.loads import Cell, GateLoad
from overland.report.movements import Counts
from overland.report.words import day, moment, number, percent
from overland.roads import RoadTimes

STATES = {
    "waiting": "At their places",
    "riding": "On the way",
    "hub": "At a hub",
    "border": "At the border",
    "out": "Out",
    "left": "Left behind",
}
"""Where people can be, in the words of the page."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis; ``at`` is a share of its length."""

    at: float
    label: str
    sublabel: str = ""  # left out where there is no room


@dataclass(frozen=True, slots=True)
class Curve:
    """The curve of people out: SVG path data in a box of ``last`` by ``top``."""

    top: int
    plan: str
    best: str  # empty where the certificate has no envelope
    between: str  # area between the two
    ticks: tuple[Tick, ...]
    marks: tuple[Mark, ...]
    rows: tuple[tuple[str, int, int | None], ...]  # moment, out, best possible


@dataclass(frozen=True, slots=True)
class Strip:
    """The load of one gate: rectangles (start, end, shade, text) in steps."""

    load: GateLoad
    cells: tuple[tuple[int, int, str, str], ...]


@dataclass(frozen=True, slots=True)
class TripRow:
    """One row of the table of trips, in the words of the page."""

    vehicle: str
    origin: str
    depart: str
    destination: str
    how: str
    reached: str
    people: int


def day_axis(case: Case, last: int) -> list[Tick]:
    """Local midnights between the start and the last step shown; the first day's name stands at the start."""
    ticks = [_day_tick(0.0, case.start, case.zone)]
    local = case.start.astimezone(case.zone).date() + timedelta(days=1)
    end = case.time_of(last)
    while (midnight := datetime.combine(local, time(), tzinfo=case.zone)) < end:
        at = (midnight - case.start) / (end - case.start)
        ticks.append(_day_tick(round(at, 5), midnight, case.zone))
        local += timedelta(days=1)
    if len(ticks) > 1 and ticks[1].at < 0.13:  # the two names would run into each other
        ticks[0] = Tick(0.0, "")
    if ticks[-1].at > 0.91:  # the name would run out of the page
        ticks[-1] = Tick(ticks[-1].at, "")
    return ticks


def _day_tick(at: float, when: datetime, zone: ZoneInfo) -> Tick:
    name, _, month = day(when, zone).rpartition(" ")
    return Tick(at, name, month)


def curve_of(case: Case, plan: Plan, out: Counts, marks: list[Mark], last: int) -> Curve:
    """People out over time under the best-possible envelope."""
    envelope = [(step, people) for step, people in best_possible(case, plan) if step <= last]
    people = sum(group.size for group in case.groups)
    top, ticks = _ticks(max([people, *(n for _, n in envelope)]))
    best_at = dict(envelope)
    rows: list[tuple[str, int, int | None]] = []
    bound: int | None = None
    twelve = max(1, case.steps_of_hours(12))
    for step in range(last + 1):
        bound = best_at.get(step, bound)
        if step % twelve == 0:
            rows.append((moment(case.time_of(step), case.zone), int(out[step]), bound))
    course = [(step, int(out[step])) for step in range(last + 1)]
    best = _stairs(envelope, top, last)
    return Curve(
        top=top,
        plan=_stairs(course, top, last),
        best=best,
        between=best + _stairs_back(course, top) if best else "",
        ticks=ticks,
        marks=tuple(mark for mark in marks if mark.step <= last),
        rows=tuple(rows),
    )


def _ticks(most: int) -> tuple[int, tuple[Tick, ...]]:
    """A round number above ``most`` and at most six round ticks below it."""
    size = 1
    while most / size > 5:
        size = next(n for n in _round_numbers() if n > size)
    top = max(size * -(-most // size), 1)
    return top, tuple(Tick(n / top, number(n)) for n in range(0, top + 1, size))


def _round_numbers() -> list[int]:
    return [n * 10**power for power in range(9) for n in (1, 2, 5)]


def _stairs(points: list[tuple[int, int]], top: int, last: int) -> str:
    """SVG path data of a step function that holds from each point to the next."""
    if not points:
        return ""
    path, before = f"M0,{top}", 0
    for step, people in points:
        if people != before:
            path += f"H{step}V{top - people}"
            before = people
    return path + f"H{last}"


def _stairs_back(points: list[tuple[int, int]], top: int) -> str:
    """The same step function, continued from the end of another path back to the beginning."""
    path, after = "", None
    for step, people in reversed(points):
        if people != after:
            path += f"V{top - people}" if after is None else f"H{step + 1}V{top - people}"
            after = people
    return path + "H0Z"


def strips_of(case: Case, loads: list[GateLoad], last: int) -> list[Strip]:
    """Load of every gate as strips; neighbouring idle windows are one rectangle."""
    return [Strip(load, _strip_cells(case, load.cells, last)) for load in loads]


def shade(cell: Cell) -> str:
    """The class of a window: ``closed``, ``s0`` (unused) to ``s4``, ``full``."""
    if not cell.people:
        return "s0" if cell.limit else "closed"
    if cell.share >= 0.95:
        return "full"
    return f"s{min(4, 1 + int(cell.share * 4))}"


def _strip_cells(case: Case, cells: tuple[Cell, ...], last: int) -> tuple[tuple[int, int, str, str], ...]:
    result: list[tuple[int, int, str, str]] = []
    for cell in cells:
        kind, end = shade(cell), min(cell.end, last)
        if cell.start >= last:
            break
        if not cell.people and result and result[-1][2] == kind:
            result[-1] = (result[-1][0], end, kind, "")
            continue
        text = ""
        if cell.people:
            start, until = (moment(case.time_of(step), case.zone) for step in (cell.start, cell.end))
            text = (
                f"{start} to {until}: {number(cell.people)} of {number(cell.limit)} ({percent(cell.share)})"
            )
        result.append((cell.start, end, kind, text))
    return tuple(result)


def timeline_rows(case: Case, totals: dict[str, list[int]], last: int) -> list[tuple[str, list[int]]]:
    """Where everybody is, every twelve hours, in the order of :data:`STATES`."""
    twelve = max(1, case.steps_of_hours(12))
    steps = sorted({*range(0, last + 1, twelve), last})
    return [
        (moment(case.time_of(step), case.zone), [totals[state][step] for state in STATES]) for step in steps
    ]


def car_rows(case: Case, plan: Plan, times: RoadTimes, names: dict[str, str]) -> list[dict[str, object]]:
    """What those who leave in their own cars are advised, by place and time."""
    return [
        {
            "place": names[one.place],
            "leave": _between(one.leave_from, one.leave_until, case),
            "crossing": names[one.crossing],
            "cars": one.cars,
            "people": one.people,
            "expected": _between(one.expected_from, one.expected_until, case),
            "across": _between(one.across_from, one.across_until, case),
        }
        for one in car_advice(case, plan, times)
    ]


def _between(begin: datetime, end: datetime, case: Case) -> str:
    """Two moments: ``Thu 17 Feb, 14:00 – 14:30``."""
    first, last = moment(begin, case.zone), moment(end, case.zone)
    if first == last:
        return first
    same_day = first.split(",")[0] == last.split(",")[0]
    return f"{first} – {last.split(', ')[1] if same_day else last}"


def trip_rows(case: Case, plan: Plan, sizes: dict[str, int], names: dict[str, str]) -> list[TripRow]:
    """Every loaded bus trip and every train ride, in the order of departure; numbers of people only."""
    services = {service.id: service.name for service in case.services}
    how = {"across": "crosses", "foot": "on foot from there", "hub": "change there"}

    def row(leg: Trip | Ride, vehicle: str, way: str) -> tuple[datetime, TripRow]:
        return leg.depart, TripRow(
            vehicle=vehicle,
            origin=names[leg.origin],
            depart=moment(leg.depart, case.zone),
            destination=names[leg.destination],
            how=way,
            reached=moment(leg.passed or leg.arrive, case.zone),
            people=sum(sizes[group] for group in leg.groups),
        )

    rows = [row(trip, trip.vehicle, how[trip.kind]) for trip in legs_of(plan.trips)]
    for ride in plan.rides:
        train = services[ride.run.rpartition("@")[0]]
        rows.append(row(ride, train, how["across" if ride.passed else "hub"]))
    return [trip for _, trip in sorted(rows, key=lambda pair: pair[0])]
