"""Who has to be told what, when one plan takes the place of another."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from overland.case.cells import moment_text
from overland.case.model import Case
from overland.plan.document import Move, Plan, Ride, Trip
from overland.plan.sheets import SheetColumn, write_sheet
from overland.plan.standing import Leg, all_legs, groups_of, legs_by_group
from overland.plan.used import mode_of

NOTICE_COLUMNS = (
    SheetColumn("who", "`groups`, `driver`, `crossing`, `hub` or `reception`: who is to be told."),
    SheetColumn("where", "Place where the groups are told; vehicle, crossing, hub or reception centre."),
    SheetColumn("first_local", "First moment, old or new, that is concerned: who has to be told first."),
    SheetColumn("people", "Persons in the groups; for others, persons now expected."),
    SheetColumn("before", "What was said; empty if nothing was."),
    SheetColumn("after", "What is to be said now; empty if nothing is to be done any more."),
    SheetColumn("groups", "Ids of the groups, separated by spaces; never a name."),
)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to be said to somebody; the fields are those of ``changes.csv``."""

    who: str
    where: str
    first: datetime
    people: int
    before: str
    after: str
    groups: tuple[str, ...] = ()


def notices(case: Case, running: Plan, plan: Plan, was: Case | None = None) -> list[Notice]:
    """What has to be said because a plan takes the place of a running one, by whom it concerns first.

    Parameters
    ----------
    case : Case
        The case of the new plan.
    running, plan : Plan
        The plan as it was, and a re-plan of it.
    was : Case, optional
        The case of the running plan: it knows the groups that have been withdrawn since.
    """
    now = case.start if plan.replanned is None else plan.replanned.now
    told = _Told(case, now, {g.id: g.size for known in (was or case, case) for g in known.groups})
    found = [*told.to_groups(running, plan), *told.to_drivers(running, plan)]
    found += told.to_crossings(running, plan)
    found += told.to_hubs(running, plan)
    found += told.to_reception(running, plan)
    kinds = ("groups", "driver", "crossing", "hub", "reception")
    return sorted(
        found, key=lambda notice: (kinds.index(notice.who), notice.first, notice.where, notice.after)
    )


def people_told_otherwise(case: Case, running: Plan, plan: Plan) -> tuple[int, int]:
    """People whose instruction has changed by more than a step, or is another way, and all who had one ahead.

    Returns
    -------
    changed, instructed : int
        Of the people who are in both plans and were still to leave somewhere.
    """
    now = case.start if plan.replanned is None else plan.replanned.now
    step, changed, instructed = timedelta(minutes=case.step_minutes), 0, 0
    size = {group.id: group.size for group in case.groups}
    before, after = _ahead(running, now), _ahead(plan, now)
    for group, legs in before.items():
        if group in size:
            instructed += size[group]
            others = after.get(group, [])
            same = len(legs) == len(others) and all(
                _way(old) == _way(new) and abs(old.depart - new.depart) <= step
                for old, new in zip(legs, others, strict=True)
            )
            changed += 0 if same else size[group]
    return changed, instructed


def write_notices(case: Case, found: Iterable[Notice], path: Path) -> None:
    """Write ``changes.csv``; a reader never sees half of it."""
    rows = (
        (
            notice.who,
            notice.where,
            moment_text(notice.first, case.zone),
            notice.people,
            notice.before,
            notice.after,
            " ".join(notice.groups),
        )
        for notice in found
    )
    write_sheet(path, NOTICE_COLUMNS, rows)


def _ahead(plan: Plan, now: datetime) -> dict[str, list[Leg]]:
    """The legs of each group that leave now or later, in order."""
    return legs_by_group(leg for leg in all_legs(plan) if leg.depart >= now)


def _way(leg: Leg) -> tuple[str, str, str, str]:
    """What of a departure people are told, besides its time: which of several buses is shown on the spot."""
    run = leg.run if isinstance(leg, Ride) else ""
    return leg.origin, leg.destination, "hub" if leg.passed is None else mode_of(leg).value, run


_Key = Callable[[Leg], tuple[str, str] | None]
_Count = tuple[tuple[str, str, datetime], tuple[int, int]]


class _Told:
    """What is said in two plans, compared."""

    def __init__(self, case: Case, now: datetime, size: dict[str, int]) -> None:
        self._case, self._now, self._size = case, now, size
        self._reception = {crossing.id: crossing.reception for crossing in case.crossings}

    def _moment(self, moment: datetime) -> str:
        return f"{moment.astimezone(self._case.zone):%a %H:%M}"

    def _instruction(self, leg: Leg) -> str:
        how = {"across": "bus across", "foot": "bus, on foot across", "hub": "bus"}
        if isinstance(leg, Trip):
            means = how[leg.kind]
        else:
            means = f"service {leg.run}" if isinstance(leg, Ride) else "own car"
        return f"{self._moment(leg.depart)} {leg.origin} to {leg.destination} ({means})"

    def to_groups(self, running: Plan, plan: Plan) -> Iterator[Notice]:
        """Groups that are told the same together: from where they leave, when and which way."""
        before, after = _ahead(running, self._now), _ahead(plan, self._now)
        past = legs_by_group(leg for leg in all_legs(plan) if leg.depart < self._now)
        since = {group: legs[-1].destination for group, legs in past.items()}
        home = {group.id: group.place for group in self._case.groups}
        together: defaultdict[tuple[str, str, str, datetime], list[str]] = defaultdict(list)
        for group in sorted(before.keys() | after.keys()):
            old, new = before.get(group, []), after.get(group, [])
            said, to_say = ("; then ".join(map(self._instruction, legs)) for legs in (old, new))
            if said != to_say:
                where = since.get(group, home.get(group, old[0].origin if old else ""))
                first = min(leg.depart for leg in (*old, *new))
                to_say = to_say or ("wait: no way out is planned yet" if group in home else "")
                together[where, said, to_say, first].append(group)
        for (where, said, to_say, first), groups in together.items():
            people = sum(self._size[group] for group in groups)
            yield Notice("groups", where, first, people, said, to_say, tuple(groups))

    def to_drivers(self, running: Plan, plan: Plan) -> Iterator[Notice]:
        """Vehicles whose duty ahead is another: where they load and drive, and when."""
        before, after = self._duties(running), self._duties(plan)
        for vehicle in sorted(before.keys() | after.keys()):
            old, new = before.get(vehicle, []), after.get(vehicle, [])
            said, to_say = ("; ".join(text for _, text in duty) for duty in (old, new))
            if said != to_say:
                first = min(moment for moment, _ in (*old, *new))
                yield Notice("driver", vehicle, first, 0, said, to_say)

    def _duties(self, plan: Plan) -> dict[str, list[tuple[datetime, str]]]:
        duties: defaultdict[str, list[tuple[datetime, str]]] = defaultdict(list)
        records: list[Trip | Move] = [*plan.trips, *plan.moves]
        for record in sorted(records, key=lambda record: record.depart):
            if record.depart >= self._now:
                text = f"{self._moment(record.depart)} {record.origin} to {record.destination}"
                if not isinstance(record, Trip):
                    text += " empty"
                elif record.convoy is not None:
                    text += f" in convoy {record.convoy}"
                elif record.line is not None:
                    text += self._stops(record)
                duties[record.vehicle].append((record.depart, text))
        return dict(duties)

    def _stops(self, trip: Trip) -> str:
        """The stops of a trip of a line between its first and its last."""
        between = (
            f"{stop.node} {stop.depart.astimezone(self._case.zone):%H:%M}"
            for stop in trip.stops[1:-1]
            if stop.depart is not None
        )
        return f" by way of {', '.join(between)}"

    def to_crossings(self, running: Plan, plan: Plan) -> Iterator[Notice]:
        """Crossings at which more or fewer people are expected on a day, by how they pass."""

        def passing(leg: Leg) -> tuple[str, str] | None:
            return None if leg.passed is None else (leg.destination, mode_of(leg).value)

        for (crossing, how, day), counts in self._expected(running, plan, passing):
            yield self._number("crossing", crossing, how, day, counts)

    def to_hubs(self, running: Plan, plan: Plan) -> Iterator[Notice]:
        """Hubs to which more or fewer people come on a day to change."""

        def changing(leg: Leg) -> tuple[str, str] | None:
            return (leg.destination, "") if leg.passed is None else None

        for (hub, _, day), counts in self._expected(running, plan, changing):
            yield self._number("hub", hub, "", day, counts)

    def to_reception(self, running: Plan, plan: Plan) -> Iterator[Notice]:
        """Reception centres that more or fewer people reach on a day."""

        def received(leg: Leg) -> tuple[str, str] | None:
            return None if leg.passed is None else (self._reception[leg.destination], "")

        for (centre, _, day), counts in self._expected(running, plan, received):
            yield self._number("reception", centre, "", day, counts)

    def _expected(self, running: Plan, plan: Plan, key: _Key) -> Iterator[_Count]:
        """People by node, way and local day in both plans, where they differ; the day by its beginning."""
        counts: tuple[Counter[tuple[str, str, datetime]], ...] = (Counter(), Counter())
        for counted, one in zip(counts, (running, plan), strict=True):
            for leg in all_legs(one):
                found = key(leg)
                if found is not None:
                    local = (leg.passed or leg.arrive).astimezone(self._case.zone)
                    day = local.replace(hour=0, minute=0, fold=0)
                    counted[(*found, day)] += sum(self._size[group] for group in groups_of(leg))
        for name in sorted(counts[0].keys() | counts[1].keys()):
            if counts[0][name] != counts[1][name]:
                yield name, (counts[0][name], counts[1][name])

    def _number(self, who: str, where: str, how: str, day: datetime, counts: tuple[int, int]) -> Notice:
        said, to_say = (
            f"{people} people{' by ' + how if how else ''} on {day:%a %d %b}" for people in counts
        )
        return Notice(who, where, day, counts[1], said, to_say)
