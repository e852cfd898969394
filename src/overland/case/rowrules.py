"""What must hold within one row, and between a row and the tables read before it. One function per rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from overland.case.faults import did_you_mean, shown
from overland.case.model import (
    Closure,
    Convoy,
    Corridor,
    Crossing,
    EntryRule,
    Fleet,
    Group,
    Headcount,
    Mode,
    Papers,
    Place,
    Reception,
    Road,
    Role,
    Service,
    ServiceStop,
    SingleVehicle,
    WaitForecast,
)
from overland.case.model import CrossingMode as ModeRow
from overland.case.schema import is_code
from overland.case.settings import Settings

Row = Mapping[str, Any]


@dataclass(slots=True)
class Known:
    """What has been read before the row at hand.

    Attributes
    ----------
    settings : Settings
    places : dict
        Sound places by id.
    crossings : set of str
        Ids of the crossings, faulty ones included.
    modes : set of (str, Mode) or None
        Ways of passing; None if they are not all known.
    """

    settings: Settings
    places: dict[str, Place] = field(default_factory=dict)
    crossings: set[str] = field(default_factory=set)
    modes: set[tuple[str, Mode]] | None = None


Check = Callable[[Row, Known], str | None]


@dataclass(frozen=True, slots=True)
class _Rule:
    column: str
    needs: frozenset[str]
    check: Check


_RULES: dict[type[Any], list[_Rule]] = {}


def _rule(*rows: type[Any], column: str, needs: str = "") -> Callable[[Check], Check]:
    """Declare a rule of some tables, applied where ``column`` and the columns it needs could be read."""

    def register(check: Check) -> Check:
        for row in rows:
            rule = _Rule(column, frozenset([column, *needs.split()]), check)
            _RULES.setdefault(row, []).append(rule)
        return check

    return register


def row_check(row: type[Any], known: Known) -> Callable[[Row], Iterator[tuple[str, str, str]]]:
    """All rules of a table as one function: given a row, it yields (column, kind, message)."""
    rules = [(rule, rule.check.__name__) for rule in _RULES.get(row, ())]

    def check(values: Row) -> Iterator[tuple[str, str, str]]:
        for rule, kind in rules:
            if rule.needs <= values.keys():
                message = rule.check(values, known)
                if message is not None:
                    yield rule.column, kind, message

    return check


@_rule(Closure, Corridor, column="end", needs="start")
def _ends_after_start(row: Row, _: Known) -> str | None:
    return None if row["end"] is None or row["end"] > row["start"] else "must be later than start"


@_rule(Road, column="end", needs="start")
def _road_leads_elsewhere(row: Row, _: Known) -> str | None:
    return (
        f"is the same as start ({row['end']}); a road joins two nodes" if row["start"] == row["end"] else None
    )


@_rule(Road, column="road_class", needs="speed_kmh")
def _road_has_a_speed(row: Row, known: Known) -> str | None:
    speeds = known.settings.ledgers.get("speeds")
    name = row["road_class"]
    if speeds is None or row["speed_kmh"] is not None or name in speeds:
        return None
    hint = did_you_mean(name, speeds)
    return f"class {shown(name)} has no speed in [speeds] of case.toml; add it there, or give speed_kmh{hint}"


@_rule(Crossing, Reception, column="country")
def _country_is_a_code(row: Row, _: Known) -> str | None:
    return None if is_code(row["country"]) else _not_a_code(row["country"])


def _not_a_code(text: str, also: str = "") -> str:
    return f"must be an ISO 3166 code of two capital letters such as PL{also}, not {shown(text)}"


@_rule(EntryRule, column="country")
def _rule_names_a_country(row: Row, _: Known) -> str | None:
    text = row["country"]
    return None if text == "*" or is_code(text) else _not_a_code(text, " or *")


@_rule(EntryRule, column="nationality")
def _rule_names_a_nationality(row: Row, _: Known) -> str | None:
    text = row["nationality"]
    return None if text == "*" or is_code(text) else _not_a_code(text, " or *")


@_rule(EntryRule, column="papers")
def _rule_names_papers(row: Row, _: Known) -> str | None:
    allowed = [*Papers, "*"]
    if row["papers"] in allowed:
        return None
    hint = did_you_mean(row["papers"], allowed)
    return f"must be one of {', '.join(allowed)}, not {shown(row['papers'])}{hint}"


@_rule(ModeRow, column="opens", needs="closes")
def _opens_when_it_closes(row: Row, _: Known) -> str | None:
    if row["opens"] is None and row["closes"] is not None:
        return "is empty though closes is given; give both, or neither for day and night"
    return None


@_rule(ModeRow, column="closes", needs="opens")
def _closes_when_it_opens(row: Row, _: Known) -> str | None:
    if row["closes"] is None and row["opens"] is not None:
        return "is empty though opens is given; give both, or neither for day and night"
    return None


@_rule(WaitForecast, column="mode", needs="crossing")
def _wait_is_for_a_mode_there_is(row: Row, known: Known) -> str | None:
    if known.modes is None or (row["crossing"], row["mode"]) in known.modes:
        return None
    return (
        f"{row['crossing']} has no mode {row['mode']} in crossing_modes.csv; add it there or remove this row"
    )


@_rule(Place, column="waiting_capacity", needs="roles")
def _capacity_is_a_hubs(row: Row, _: Known) -> str | None:
    if row["waiting_capacity"] is not None and Role.HUB not in row["roles"]:
        return "is for hubs only; add the role hub or leave it empty"
    return None


@_rule(Group, Convoy, column="place")
def _gathers_at_an_assembly_area(row: Row, known: Known) -> str | None:
    place = known.places.get(row["place"])
    if place is None or place.roles & {Role.ASSEMBLY, Role.HUB}:
        return None
    return f"{place.id} is neither an assembly area nor a hub; give it the role assembly in places.csv"


@_rule(Group, column="kin", needs="size")
def _kin_are_part_of_the_group(row: Row, _: Known) -> str | None:
    if row["kin"] > row["size"]:
        return (
            f"must be at most the size of the group, {row['size']}, not {row['kin']}; kin are counted in size"
        )
    return None


@_rule(Group, column="kin_nationality", needs="kin")
def _kin_have_a_nationality(row: Row, _: Known) -> str | None:
    text = row["kin_nationality"]
    if not text:
        return (
            "is empty though the group has kin; give their nationality, such as UA"
            if row["kin"] > 0
            else None
        )
    return None if is_code(text) else _not_a_code(text)


@_rule(Convoy, column="departs")
def _departs_within_the_horizon(row: Row, known: Known) -> str | None:
    return _before_the_end(row["departs"], known)


@_rule(Group, column="ready")
def _ready_within_the_horizon(row: Row, known: Known) -> str | None:
    return _before_the_end(row["ready"], known)


@_rule(Fleet, column="available")
def _available_within_the_horizon(row: Row, known: Known) -> str | None:
    return _before_the_end(row["available"], known)


@_rule(SingleVehicle, column="available")
def _single_vehicle_available_within_the_horizon(row: Row, known: Known) -> str | None:
    return None if row["available"] is None else _before_the_end(row["available"], known)


def _before_the_end(moment: Any, known: Known) -> str | None:
    end, zone = known.settings.end, known.settings.zone
    if end is None or zone is None or moment < end:
        return None
    return f"must be before the end of the horizon, {end.astimezone(zone):%Y-%m-%d %H:%M}"


@_rule(Fleet, column="depot")
def _fleet_starts_at_a_depot(row: Row, known: Known) -> str | None:
    place = known.places.get(row["depot"])
    if place is None or Role.DEPOT in place.roles:
        return None
    return f"{place.id} is no depot; give it the role depot in places.csv"


@_rule(Fleet, column="max_duty_hours", needs="max_driving_hours")
def _duty_is_not_shorter_than_driving(row: Row, _: Known) -> str | None:
    duty, driving = row["max_duty_hours"], row["max_driving_hours"]
    if duty is None or duty >= driving:
        return None
    return f"must be at least max_driving_hours, {driving:g}, not {duty:g}; driving is duty"


@_rule(Headcount, column="likely", needs="low")
def _likely_is_not_below_low(row: Row, _: Known) -> str | None:
    return f"must be at least low, {row['low']}, not {row['likely']}" if row["likely"] < row["low"] else None


@_rule(Headcount, column="high", needs="likely")
def _high_is_not_below_likely(row: Row, _: Known) -> str | None:
    if row["high"] < row["likely"]:
        return f"must be at least likely, {row['likely']}, not {row['high']}"
    return None


@_rule(Service, column="last_day", needs="first_day")
def _service_ends_after_it_begins(row: Row, _: Known) -> str | None:
    return "must not be before first_day" if row["last_day"] < row["first_day"] else None


@_rule(ServiceStop, column="stop")
def _crossing_is_passed_by_rail(row: Row, known: Known) -> str | None:
    stop = row["stop"]
    if known.modes is None or stop not in known.crossings or (stop, Mode.RAIL) in known.modes:
        return None
    return f"crossing {stop} has no mode rail; add it in crossing_modes.csv, or end the service at a place"
