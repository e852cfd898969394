"""What could be asked for: one more bus, an hour more of a corridor; each as the case it would make."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import TypeVar

from overland.case.countries import country
from overland.case.model import Case, Closure, Corridor, CorridorStatus, CrossingMode, Place, Role
from overland.case.moments import moment_in_words
from overland.plan.explain.explanation import Kind
from overland.plan.values import MODE_WORDS

Row = TypeVar("Row")

HOUR = timedelta(hours=1)
MORE_PERSONS = 10  # an hour, at a crossing or at boarding
MORE_SEATS = 10  # on every run of a service
MORE_BEDS = 100  # a day, at a reception centre
MORE_PLACES = 100  # at a hub
MORE_SHARE = 0.01  # of all people, to a country


@dataclass(frozen=True, slots=True)
class Change:
    """Something that could be asked for.

    Attributes
    ----------
    subject : str
        Id of the fleet, crossing, place, centre, country, service, corridor or road.
    detail : str
        Mode of the crossing.
    what : str
        In words that a sentence can begin with.
    case : Case
        The case, changed by just that.
    moves_roads : bool
        Whether travel times are others then.
    rival : str
        Of changes with one rival only the one that saves most is worth asking for.
    """

    kind: Kind
    subject: str
    detail: str
    what: str
    case: Case
    moves_roads: bool = False
    rival: str = ""


def changes_of(case: Case) -> list[Change]:
    """All changes of a case that could be worth asking for; those that are estimated at once come first."""
    makers: tuple[Callable[[Case], Iterator[Change]], ...] = (
        _more_vehicles,
        _higher_rates,
        _quicker_boarding,
        _more_beds,
        _greater_shares,
        _more_seats,
        _larger_hubs,
        _longer_hours,
        _longer_corridors,
        _accepted_corridors,
        _shorter_closures,
    )
    return [change for make in makers for change in make(case)]


def _more_vehicles(case: Case) -> Iterator[Change]:
    name = _names(case)
    for i, fleet in enumerate(case.fleets):
        if fleet.count:
            more = _with(case.fleets, i, replace(fleet, count=fleet.count + 1))
            what = f"one more {fleet.seats}-seat bus at {name[fleet.depot]}"
            rival = f"{fleet.depot} {fleet.seats}"
            yield Change("fleet", fleet.id, "", what, replace(case, fleets=more), rival=rival)


def _higher_rates(case: Case) -> Iterator[Change]:
    name = _names(case)
    for i, row in enumerate(case.crossing_modes):
        higher = replace(row, rate_per_hour=row.rate_per_hour + MORE_PERSONS)
        modes = _with(case.crossing_modes, i, higher)
        what = f"{MORE_PERSONS} more persons an hour at {name[row.crossing]} {MODE_WORDS[row.mode]}"
        yield Change("crossing", row.crossing, row.mode.value, what, replace(case, crossing_modes=modes))


def _longer_hours(case: Case) -> Iterator[Change]:
    name = _names(case)
    for i, row in enumerate(case.crossing_modes):
        for longer, words in _longer(row):
            what = f"{name[row.crossing]} {MODE_WORDS[row.mode]} {words}"
            modes = _with(case.crossing_modes, i, longer)
            changed = replace(case, crossing_modes=modes)
            rival = f"{row.crossing} {row.mode.value}"
            yield Change("opening", row.crossing, row.mode.value, what, changed, rival=rival)


def _longer(row: CrossingMode) -> Iterator[tuple[CrossingMode, str]]:
    """A way of passing that is open an hour longer, at either end, and what that is in words."""
    if row.opens is None or row.closes is None or row.opens == row.closes:
        return
    opens, closes = _minutes(row.opens), _minutes(row.closes)
    if (closes - opens) % 1440 >= 1440 - 60:
        yield replace(row, opens=None, closes=None), "open day and night"
        return
    later, earlier = _clock(closes + 60), _clock(opens - 60)
    yield replace(row, closes=later), f"open an hour longer, until {later:%H:%M}"
    yield replace(row, opens=earlier), f"open an hour earlier, from {earlier:%H:%M}"


def _quicker_boarding(case: Case) -> Iterator[Change]:
    for i, place in enumerate(case.places):
        if place.boarding_per_hour is not None:
            quicker = replace(place, boarding_per_hour=place.boarding_per_hour + MORE_PERSONS)
            what = f"boarding {MORE_PERSONS} more persons an hour at {place.name}"
            yield Change("boarding", place.id, "", what, _with_place(case, i, quicker))


def _more_beds(case: Case) -> Iterator[Change]:
    for i, centre in enumerate(case.reception):
        larger = replace(centre, intake_per_day=centre.intake_per_day + MORE_BEDS)
        what = f"{MORE_BEDS} more beds a day at {centre.name}"
        changed = replace(case, reception=_with(case.reception, i, larger))
        yield Change("reception", centre.id, "", what, changed)


def _greater_shares(case: Case) -> Iterator[Change]:
    for code, share in case.policy.country_share.items():
        if share < 1:
            shares = case.policy.country_share | {code: min(1.0, share + MORE_SHARE)}
            what = f"one more percent of all people to {country(code)}"
            policy = replace(case.policy, country_share=shares)
            yield Change("country", code, "", what, replace(case, policy=policy))


def _more_seats(case: Case) -> Iterator[Change]:
    for i, service in enumerate(case.services):
        larger = replace(service, seats=service.seats + MORE_SEATS)
        what = f"{MORE_SEATS} more seats on every run of {service.name}"
        runs = tuple(
            replace(run, seats=run.seats + MORE_SEATS) if run.service == service.id and run.seats else run
            for run in case.runs  # one that is cancelled stays so
        )
        changed = replace(case, services=_with(case.services, i, larger), runs=runs)
        yield Change("service", service.id, "", what, changed)


def _longer_corridors(case: Case) -> Iterator[Change]:
    for i, row in enumerate(case.corridors):
        if row.status is not CorridorStatus.ACCEPTED:
            continue
        sides = (
            (replace(row, end=row.end + HOUR), f"open until {_moment(case, row.end + HOUR)}"),
            (replace(row, start=row.start - HOUR), f"open from {_moment(case, row.start - HOUR)}"),
        )
        for longer, words in sides:
            what = f"an hour more of the corridor {row.name}, {words}"
            corridors = _with(case.corridors, i, longer)
            rival = f"{row.id} {row.start:%Y-%m-%d %H:%M}"
            yield _on_roads("corridor", row.id, what, replace(case, corridors=corridors), rival)


def _accepted_corridors(case: Case) -> Iterator[Change]:
    names = {row.id: row.name for row in case.corridors if row.status is not CorridorStatus.ACCEPTED}
    for key, name in names.items():

        def opened(row: Corridor, key: str = key) -> Corridor:
            return replace(row, status=CorridorStatus.ACCEPTED) if row.id == key else row

        corridors = tuple(opened(row) for row in case.corridors)
        what = f"acceptance of the corridor {name}, as it was asked for"
        yield _on_roads("corridor", key, what, replace(case, corridors=corridors), f"{key} accepted")


def _shorter_closures(case: Case) -> Iterator[Change]:
    for i, closure in enumerate(case.closures):
        for shorter, words in _shorter(case, closure):
            closures = (*case.closures[:i], *([shorter] if shorter else []), *case.closures[i + 1 :])
            what = f"{_road(case, closure.road)} {words}"
            rival = f"{closure.road} {closure.start:%Y-%m-%d %H:%M}"
            yield _on_roads("closure", closure.road, what, replace(case, closures=closures), rival)


def _shorter(case: Case, closure: Closure) -> Iterator[tuple[Closure | None, str]]:
    """A closure that is an hour shorter, at either end; None: there is none."""
    if closure.end is not None and closure.end - closure.start <= HOUR:
        yield None, f"left open on {_moment(case, closure.start)}"
        return
    if closure.end is not None:
        end = closure.end - HOUR
        yield replace(closure, end=end), f"open again an hour earlier, from {_moment(case, end)}"
    start = closure.start + HOUR
    yield replace(closure, start=start), f"kept open an hour longer, until {_moment(case, start)}"


def _larger_hubs(case: Case) -> Iterator[Change]:
    for i, place in enumerate(case.places):
        if Role.HUB in place.roles and place.waiting_capacity is not None:
            larger = replace(place, waiting_capacity=place.waiting_capacity + MORE_PLACES)
            what = f"{MORE_PLACES} more places to wait at {place.name}"
            yield Change("hub", place.id, "", what, _with_place(case, i, larger))


def _on_roads(kind: Kind, subject: str, what: str, changed: Case, rival: str) -> Change:
    return Change(kind, subject, "", what, changed, moves_roads=True, rival=rival)


def _with(rows: tuple[Row, ...], i: int, row: Row) -> tuple[Row, ...]:
    """Rows of a table, one of them another."""
    return (*rows[:i], row, *rows[i + 1 :])


def _with_place(case: Case, i: int, place: Place) -> Case:
    return replace(case, places=_with(case.places, i, place))


def _names(case: Case) -> dict[str, str]:
    return {p.id: p.name for p in case.places} | {x.id: x.name for x in case.crossings}


def _road(case: Case, key: str) -> str:
    """A road in words: ``the road Turka – Sianky (H13)``, or its number on the map."""
    name = _names(case)
    for road in case.roads:
        if road.id == key:
            number = f" ({road.number})" if road.number else ""
            return f"the road {name[road.start]} – {name[road.end]}{number}"
    return f"the road {key}"


def _moment(case: Case, value: datetime) -> str:
    return moment_in_words(value, case.zone)


def _minutes(value: time) -> int:
    return value.hour * 60 + value.minute


def _clock(minutes: int) -> time:
    return time(minutes % 1440 // 60, minutes % 60)
