"""What must hold between the tables of a case: one function per rule, for tables that are sound."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from overland.case.faults import FaultLog, did_you_mean
from overland.case.findings import Finding
from overland.case.linerules import check_lines, check_sequence
from overland.case.model import (
    EntryRule,
    Group,
    LineStop,
    Mode,
    Papers,
    Place,
    Road,
    Role,
    ServiceStop,
    way_number,
)
from overland.case.schema import SETTINGS_FILE
from overland.case.settings import Settings
from overland.case.tables import TableData

Tables = Mapping[str, TableData]
_Check = Callable[[Tables, Settings], Iterator[Finding]]
_RULES: list[tuple[tuple[str, ...], _Check]] = []


def _rule(needs: str) -> Callable[[_Check], _Check]:
    def register(check: _Check) -> _Check:
        _RULES.append((tuple(needs.split()), check))
        return check

    return register


def check_tables(tables: Tables, settings: Settings, log: FaultLog) -> None:
    """Apply every rule whose tables could be read without fault."""
    for needs, check in _RULES:
        if all(tables[name].complete for name in needs):
            for finding in check(tables, settings):
                data = tables[finding.table]
                line = None if finding.index is None else data.lines[finding.index]
                log.add(data.table.file, line, finding.column, check.__name__, finding.message)
    _check_shares(tables, settings, log)


def _at_least_one(table: str) -> None:
    @_rule(table)
    def has_rows(tables: Tables, _: Settings) -> Iterator[Finding]:
        if not tables[table].rows:
            yield Finding(table, None, "", "has no rows; a case needs at least one")


for _table in ("places", "crossings", "groups"):
    _at_least_one(_table)


@_rule("places crossings")
def _names_of_nodes_are_unique(tables: Tables, _: Settings) -> Iterator[Finding]:
    places = tables["places"].first_lines
    for index, crossing in enumerate(tables["crossings"].rows):
        if crossing.id in places:
            where = f"places.csv:{places[crossing.id]}"
            message = f"{crossing.id!r} is already a place ({where}); a crossing needs another id"
            yield Finding("crossings", index, "id", message)


@_rule("crossings crossing_modes")
def _crossings_can_be_passed(tables: Tables, _: Settings) -> Iterator[Finding]:
    passable = {row.crossing for row in tables["crossing_modes"].rows}
    for index, crossing in enumerate(tables["crossings"].rows):
        if crossing.id not in passable:
            yield Finding(
                "crossings",
                index,
                "id",
                f"{crossing.id} has no row in crossing_modes.csv; add at least one mode",
            )


@_rule("roads closures corridors")
def _roads_are_of_one_kind(tables: Tables, settings: Settings) -> Iterator[Finding]:
    """With a network, roads are ways of the map, and are not drawn by hand."""
    if not settings.on_network:
        return
    if tables["roads"].rows:
        yield Finding("roads", 0, "id", "must have no rows, as case.toml names a network of real roads")
    for table, column in (("closures", "road"), ("corridors", "roads")):
        for index, row in enumerate(tables[table].rows):
            named = getattr(row, column)
            for way in (named,) if isinstance(named, str) else named:
                if way_number(way) is None:
                    message = f"{way!r} is not a way of the map; write for instance way/4711"
                    yield Finding(table, index, column, message)


@_rule("convoys corridors")
def _convoys_have_a_corridor(tables: Tables, _: Settings) -> Iterator[Finding]:
    known = {corridor.id for corridor in tables["corridors"].rows}
    escorted = {corridor.id for corridor in tables["corridors"].rows if corridor.escorted}
    for index, convoy in enumerate(tables["convoys"].rows):
        if convoy.corridor not in known:
            message = f"{convoy.corridor!r} is not in corridors.csv{did_you_mean(convoy.corridor, known)}"
            yield Finding("convoys", index, "corridor", message)
        elif convoy.corridor not in escorted:
            message = (
                f"{convoy.corridor} is open to anybody; set escorted in corridors.csv, or remove the convoy"
            )
            yield Finding("convoys", index, "corridor", message)


@_rule("crossings crossing_modes roads")
def _roads_lead_to_crossings(tables: Tables, settings: Settings) -> Iterator[Finding]:
    if settings.on_network:
        return
    by_road = {row.crossing for row in tables["crossing_modes"].rows if row.mode is not Mode.RAIL}
    ends = _roads_into(tables["roads"].rows)
    for index, crossing in enumerate(tables["crossings"].rows):
        if crossing.id in by_road and crossing.id not in ends:
            yield Finding(
                "crossings",
                index,
                "id",
                f"no road leads to {crossing.id}; add one in roads.csv that ends there",
            )


@_rule("places crossings roads")
def _places_can_be_left(tables: Tables, settings: Settings) -> Iterator[Finding]:
    if settings.on_network:
        return
    for index, place in _cut_off(tables):
        yield Finding(
            "places",
            index,
            "id",
            f"no road leads from {place.id} to any crossing; join it to the network in roads.csv",
        )


def _cut_off(tables: Tables) -> list[tuple[int, Place]]:
    """Places where people or vehicles are, with no way to any crossing; none if there are no crossings."""
    crossings = {crossing.id for crossing in tables["crossings"].rows}
    if not crossings:
        return []
    connected = _with_a_way_to(crossings, crossings, _roads_into(tables["roads"].rows))
    return [
        (index, place)
        for index, place in enumerate(tables["places"].rows)
        if place.id not in connected and place.roles & {Role.ASSEMBLY, Role.HUB, Role.DEPOT}
    ]


def _roads_into(roads: Sequence[Road]) -> dict[str, list[str]]:
    """For each node that a road leads to, where such roads come from."""
    into: dict[str, list[str]] = {}
    for road in roads:
        into.setdefault(road.end, []).append(road.start)
        if not road.one_way:
            into.setdefault(road.start, []).append(road.end)
    return into


def _with_a_way_to(ends: set[str], crossings: set[str], into: Mapping[str, list[str]]) -> set[str]:
    """Nodes with a way to one of some ends, closures apart; crossings can be left, not passed through."""
    connected = set(ends)
    waiting = list(ends)
    while waiting:
        for node in into.get(waiting.pop(), ()):
            if node not in connected:
                connected.add(node)
                if node not in crossings:
                    waiting.append(node)
    return connected


@_rule("services service_stops")
def _services_call_somewhere(tables: Tables, _: Settings) -> Iterator[Finding]:
    calls: dict[str, int] = {}
    for stop in tables["service_stops"].rows:
        calls[stop.service] = calls.get(stop.service, 0) + 1
    for index, service in enumerate(tables["services"].rows):
        if calls.get(service.id, 0) < 2:
            number = calls.get(service.id, 0)
            yield Finding(
                "services",
                index,
                "id",
                f"{service.id} has {number} stops in service_stops.csv; it needs at least two",
            )


@_rule("service_stops crossings")
def _stops_are_in_order(tables: Tables, _: Settings) -> Iterator[Finding]:
    crossings = tables["crossings"].first_lines
    services: dict[str, list[tuple[int, ServiceStop]]] = {}
    for index, stop in enumerate(tables["service_stops"].rows):
        services.setdefault(stop.service, []).append((index, stop))
    for calls in services.values():
        index, first = calls[0]
        if first.minutes:
            yield Finding(
                "service_stops", index, "minutes", f"must be 0 at the first stop, not {first.minutes}"
            )
        for (_index, earlier), (index, later) in pairwise(calls):
            if earlier.sequence < later.sequence and later.minutes <= earlier.minutes:
                more = f"must be more than {earlier.minutes}, the minutes of the stop before"
                yield Finding("service_stops", index, "minutes", f"{more}, not {later.minutes}")
            if earlier.stop in crossings:
                message = f"{earlier.stop} is a crossing; a service can call at one only as its last stop"
                yield Finding("service_stops", _index, "stop", message)
        yield from check_sequence("service_stops", calls, first.service, "calls at")


@_rule("lines places crossings crossing_modes")
def _lines_can_be_run(tables: Tables, _: Settings) -> Iterator[Finding]:
    yield from check_lines(tables["lines"].rows, tables["places"].rows, tables["crossing_modes"].rows)


@_rule("lines places crossings roads")
def _lines_follow_roads(tables: Tables, settings: Settings) -> Iterator[Finding]:
    """Some way leads from each stop to the next, unless another rule says already that none leads there."""
    if settings.on_network:
        return
    before: dict[str, LineStop] = {}
    legs: dict[str, list[tuple[str, int]]] = {}  # by the node where they end
    for index, row in enumerate(tables["lines"].rows):
        if row.line in before:
            legs.setdefault(row.stop, []).append((before[row.line].stop, index))
        before[row.line] = row
    if not legs:
        return
    crossings = {crossing.id for crossing in tables["crossings"].rows}
    into = _roads_into(tables["roads"].rows)
    said_from = {place.id for _, place in _cut_off(tables)}
    said_to = crossings - into.keys()
    for end, starts in legs.items():
        if end in said_to:
            continue
        reached_from = _with_a_way_to({end}, crossings, into) | said_from
        missing = [(start, index) for start, index in starts if start not in reached_from]
        through = _with_a_way_to({end}, set(), into) if missing else set()
        for start, index in missing:
            but = " but through a crossing" if start in through else ""
            message = f"no road leads from {start} to {end}{but}; add one in roads.csv, or change the line"
            yield Finding("lines", index, "stop", message)


@_rule("fleets vehicles")
def _vehicles_are_of_their_fleet(tables: Tables, _: Settings) -> Iterator[Finding]:
    count = {fleet.id: fleet.count for fleet in tables["fleets"].rows}
    for index, row in enumerate(tables["vehicles"].rows):
        if row.number > count[row.fleet]:
            message = f"must be at most {count[row.fleet]}, the size of {row.fleet}, not {row.number}"
            yield Finding("vehicles", index, "number", message)


@_rule("services runs")
def _runs_are_of_their_service(tables: Tables, _: Settings) -> Iterator[Finding]:
    days = {service.id: (service.first_day, service.last_day) for service in tables["services"].rows}
    for index, row in enumerate(tables["runs"].rows):
        first, last = days[row.service]
        if not first <= row.day <= last:
            message = f"{row.service} runs from {first} to {last}, not on {row.day}"
            yield Finding("runs", index, "day", message)


def _fits(rule: EntryRule, country: str, nationality: str, papers: str) -> bool:
    return (
        rule.country in (country, "*")
        and rule.nationality in (nationality, "*")
        and rule.papers in (papers, "*")
    )


@_rule("entry_rules crossings groups")
def _entry_is_ruled_for_everybody(tables: Tables, settings: Settings) -> Iterator[Finding]:
    sponsor = settings.values.get("sponsor")
    people: dict[tuple[str, Papers], int] = {}  # and the line of the first group with them
    for line, group in zip(tables["groups"].lines, tables["groups"].rows, strict=True):
        for nationality in _nationalities(group, sponsor):
            people.setdefault((nationality, group.papers), line)
    rules = tables["entry_rules"].rows
    for country in dict.fromkeys(crossing.country for crossing in tables["crossings"].rows):
        for (nationality, papers), line in people.items():
            if not any(_fits(rule, country, nationality, papers) for rule in rules):
                who = f"people of {nationality} with papers {papers} (groups.csv:{line})"
                example = f"{country},{nationality},{papers},no"
                message = f"no row says whether {who} may enter {country}; add one, such as {example}"
                yield Finding("entry_rules", None, "nationality", message)


def _nationalities(group: Group, sponsor: Any) -> Iterator[str]:
    if group.size > group.kin and sponsor is not None:
        yield sponsor
    if group.kin > 0:
        yield group.kin_nationality


@_rule("entry_rules")
def _rules_can_decide(tables: Tables, _: Settings) -> Iterator[Finding]:
    """A rule behind a wider one that says the opposite never decides anything: surely a slip of order."""
    data = tables["entry_rules"]
    first: dict[tuple[str, str, str], int] = {}
    for index, rule in enumerate(data.rows):
        wider = [
            first[key]
            for country in {rule.country, "*"}
            for nationality in {rule.nationality, "*"}
            for papers in {rule.papers, "*"}
            if (key := (country, nationality, papers)) in first
        ]
        if wider and data.rows[min(wider)].admitted != rule.admitted:
            line = data.lines[min(wider)]
            what = f"line {line} fits the same people and says the opposite"
            message = f"never decides: {what}; put this row above it"
            yield Finding("entry_rules", index, "admitted", message)
        first.setdefault((rule.country, rule.nationality, rule.papers), index)


@_rule("groups fleets services")
def _needs_are_spelt_like_access(tables: Tables, _: Settings) -> Iterator[Finding]:
    """A need that nothing can take strands people; where it is almost one that can be taken, it is a slip."""
    offered = {word for table in ("fleets", "services") for row in tables[table].rows for word in row.access}
    for index, group in enumerate(tables["groups"].rows):
        for word in sorted(group.needs - offered):
            if hint := did_you_mean(word, offered):
                message = f"no fleet and no service has {word} in its access{hint}"
                yield Finding("groups", index, "needs", message)


def _check_shares(tables: Tables, settings: Settings, log: FaultLog) -> None:
    """A share of a country to which no crossing leads is a slip of the pen."""
    if not tables["crossings"].complete or settings.positions is None:
        return
    countries = {crossing.country for crossing in tables["crossings"].rows}
    for country in settings.ledgers.get("country_share", ()):
        if country not in countries:
            line = settings.positions.line("country_share", country)
            message = f"no crossing leads to {country}{did_you_mean(country, countries)}"
            log.add(SETTINGS_FILE, line, f"[country_share] {country}", "share", message)
