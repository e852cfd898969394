"""The tables and settings of a case folder, derived from the model.

Everything that reads, checks, writes or documents a case goes through these declarations.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields
from datetime import datetime, time
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from overland.case import model

SETTINGS_FILE = "case.toml"
THREATS_FILE = "threats.geojson"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table, key of a section of ``case.toml``, or property of a threat."""

    name: str
    kind: (
        Any  # type of the value: str, int, float, bool, datetime, date, time, an enum, frozenset[…], tuple[…]
    )
    doc: str
    required: bool = True
    default: Any = None
    unit: str = ""
    minimum: float | None = None
    above: float | None = None
    maximum: float | None = None
    key: bool = False
    ref: str = ""
    example: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One CSV file of the case folder."""

    field: str  # of Case
    row: type[Any]
    required: bool
    columns: tuple[Column, ...]

    @property
    def file(self) -> str:
        """Name of the file."""
        return f"{self.field}.csv"

    @property
    def key(self) -> tuple[str, ...]:
        """Columns that together make a row unique."""
        return tuple(column.name for column in self.columns if column.key)


def _plain(annotation: Any) -> Any:
    """``X | None`` as ``X``: an empty cell stands for None."""
    if get_origin(annotation) in (types.UnionType, Union):
        (annotation,) = (option for option in get_args(annotation) if option is not types.NoneType)
    return annotation


def _default(declared: Field[Any]) -> Any:
    if declared.default_factory is not MISSING:
        return declared.default_factory()
    return None if declared.default is MISSING else declared.default


@cache
def columns_of(row: type[Any]) -> tuple[Column, ...]:
    """The columns a row class declares with :func:`overland.case.columns.column`."""
    hints = get_type_hints(row)
    return tuple(
        Column(
            name=declared.name,
            kind=_plain(hints[declared.name]),
            required=declared.default is MISSING and declared.default_factory is MISSING,
            default=_default(declared),
            **declared.metadata,
        )
        for declared in fields(row)
    )


def _tables() -> tuple[Table, ...]:
    hints = get_type_hints(model.Case)
    tables = []
    for declared in fields(model.Case):
        if get_origin(hints[declared.name]) is not tuple or declared.name == "threats":
            continue
        row = get_args(hints[declared.name])[0]
        required = declared.default is MISSING
        tables.append(Table(field=declared.name, row=row, required=required, columns=columns_of(row)))
    return tuple(tables)


TABLES: tuple[Table, ...] = _tables()
"""The CSV tables in the order of the fields of :class:`overland.case.model.Case`."""

READING_ORDER = (
    *(
        "notes",
        "places",
        "reception",
        "crossings",
        "crossing_modes",
        "waits",
        "roads",
        "closures",
        "corridors",
        "convoys",
    ),
    *(
        "fleets",
        "vehicles",
        "services",
        "service_stops",
        "runs",
        "lines",
        "groups",
        "headcounts",
        "entry_rules",
        "posts",
    ),
)
"""A table comes after those it refers to, so that a reference can be checked where it stands."""

REFERENCES: Mapping[str, tuple[str, ...]] = {
    "places": ("places",),
    "crossings": ("crossings",),
    "nodes": ("places", "crossings"),
    "roads": ("roads",),
    "services": ("services",),
    "reception": ("reception",),
    "fleets": ("fleets",),
    "groups": ("groups",),
    "corridors": ("corridors",),
    "notes": ("notes",),
    "assumptions": ("notes",),
    "sources": ("notes",),
}
"""The tables in which a reference may be found. ``categories`` are the keys of [weights]."""


def _key(name: str, kind: Any, doc: str, **others: Any) -> Column:
    return Column(name=name, kind=kind, doc=doc, **others)


CASE_KEYS: tuple[Column, ...] = (
    _key("id", str, "Short name of the case.", key=True, example='"ukraine-2022"'),
    _key("title", str, "Title as shown to people.", example='"Ukraine, 17 February 2022"'),
    _key("description", str, "What this case is about.", required=False, default=""),
    _key("sponsor", str, "State whose nationals these are (ISO 3166 alpha-2).", example='"IL"'),
    _key("country", str, "Country at risk (ISO 3166 alpha-2).", example='"UA"'),
    _key("time_zone", str, "IANA time zone of the local times in the tables.", example='"Europe/Kyiv"'),
    _key("start", datetime, "Moment the plan starts; steps count from it.", example='"2022-02-17 08:00"'),
    _key("horizon_hours", int, "Length of the plan.", unit="h", minimum=1, maximum=336, example="168"),
    _key(
        "step_minutes",
        int,
        "Length of a step: divides an hour, or is a multiple of an hour; the horizon is a multiple of it.",
        unit="min",
        minimum=1,
        maximum=1440,
        example="30",
    ),
    _key(
        "network",
        str,
        "File beside case.toml with the real roads, made by `overland roads import`; roads.csv then has no "
        "rows, and closures and corridors name ways of the map, such as way/4711.",
        required=False,
        default="",
        example='"roads.parquet"',
    ),
    _key(
        "railways",
        str,
        "File beside case.toml with the real railways, made by `overland roads import --layer rail`: "
        "services run along them.",
        required=False,
        default="",
        example='"rails.parquet"',
    ),
)

_POLICY: Mapping[str, dict[str, Any]] = {
    "bus_speed_factor": {"doc": "Speed of a bus against that of a car.", "above": 0, "maximum": 1},
    "notice_hours": {
        "doc": "Nobody leaves earlier than this after the start.",
        "unit": "h",
        "minimum": 0,
        "maximum": 336,
    },
    "rate_window_minutes": {
        "doc": "The rates of crossings and of boarding hold per window of this length.",
        "unit": "min",
        "minimum": 1,
        "maximum": 1440,
    },
    "loading_minutes": {
        "doc": "A bus stands this long at the place before it leaves.",
        "unit": "min",
        "minimum": 0,
        "maximum": 1440,
    },
    "unloading_minutes": {
        "doc": "A bus stands this long at a hub, or where people walk across, before it is free.",
        "unit": "min",
        "minimum": 0,
        "maximum": 1440,
    },
    "hub_change_minutes": {
        "doc": "Time a group needs at a hub before it can board again.",
        "unit": "min",
        "minimum": 0,
        "maximum": 1440,
    },
    "left_penalty_hours": {
        "doc": "Weighted hours charged for each person who is not out by the horizon.",
        "unit": "h",
        "minimum": 0,
        "maximum": 1e6,
    },
    "vehicle_hour_cost": {
        "doc": "Weighted person-hours that one driven vehicle-hour counts for.",
        "unit": "person-hours",
        "minimum": 0,
        "maximum": 1e6,
    },
}


def _policy_keys() -> tuple[Column, ...]:
    hints = get_type_hints(model.Policy)
    return tuple(
        _key(name, hints[name], **_POLICY[name], required=False, default=declared.default)
        for name, declared in model.Policy.__dataclass_fields__.items()
        if get_origin(hints[name]) is not dict
    )


POLICY_KEYS: tuple[Column, ...] = _policy_keys()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """A section of ``case.toml`` whose keys the case chooses; every value is a number."""

    section: str
    field: str  # of Policy
    keys: str  # what a key is
    required: bool
    value: Column


LEDGERS: tuple[Ledger, ...] = (
    Ledger(
        section="weights",
        field="weights",
        keys="category of groups",
        required=True,
        value=_key(
            "weight", float, "Weight of one person-hour at risk.", above=0, maximum=1e6, example="1.0"
        ),
    ),
    Ledger(
        section="country_share",
        field="country_share",
        keys="country (ISO alpha-2)",
        required=False,
        value=_key(
            "share",
            float,
            "Largest share of all people that may pass to it; a country not listed has no limit.",
            minimum=0,
            maximum=1,
            example="0.6",
        ),
    ),
    Ledger(
        section="speeds",
        field="speeds_kmh",
        keys="road class",
        required=True,
        value=_key("speed", float, "Speed of a car.", unit="km/h", above=0, maximum=130, example="70"),
    ),
)

THREAT_KEYS: tuple[Column, ...] = (
    _key("id", str, "Short name.", key=True, example='"belarus-border"'),
    _key("name", str, "Name as shown to people.", example='"Border with Belarus"'),
    _key(
        "level",
        int,
        "1 watch … 5 fighting; compared with a fleet's `avoids_level`.",
        minimum=1,
        maximum=5,
        example="3",
    ),
    _key("hazard", float, "Factor on the hazard of the places inside.", minimum=0, example="2.0"),
    _key("closes_roads", bool, "Roads that touch the area are impassable.", example="false"),
    _key("start", datetime, "From this moment.", example='"2022-02-18 05:00"'),
    _key("end", datetime, "Until this moment; null: to the end.", required=False, example="null"),
    _key("source", str, "Source or assumption.", required=False, default="", ref="notes"),
)

DAILY_KEYS: tuple[Column, ...] = (
    _key(
        "daily_from",
        time,
        "Only from this local time of every day (a curfew): it becomes a threat for each day, id-2022-02-17.",
        required=False,
        example='"22:00"',
    ),
    _key(
        "daily_until",
        time,
        "Until this local time; not after daily_from: of the next day.",
        required=False,
        example='"05:00"',
    ),
)
"""Properties of a feature that stands for a threat on every day."""


def is_code(text: str) -> bool:
    """Whether a text has the form of an ISO 3166 alpha-2 code, such as ``PL``."""
    return len(text) == 2 and text.isascii() and text.isalpha() and text.isupper()
