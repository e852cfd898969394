"""The page ``docs/case-format.md``, generated from the model: ``python -m overland.case.reference``."""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, get_args, get_origin

from overland.case.faults import KEPT_OF_A_KIND
from overland.case.schema import (
    CASE_KEYS,
    LEDGERS,
    POLICY_KEYS,
    REFERENCES,
    TABLES,
    THREAT_KEYS,
    Column,
    Table,
)
from overland.case.starter import starter_file
from overland.case.tables import MAX_ROWS

_TYPES: dict[Any, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "yes or no",
    datetime: "date and time",
    date: "day",
    time: "time of day",
}

_TYPE_EXAMPLES: dict[Any, str] = {
    bool: "yes",
    datetime: "2022-02-17 12:00",
    date: "2022-02-17",
    time: "06:00",
}

_IN_BRACKETS = re.compile(r" \(``[\w.]+``\)")

_NAME_EXAMPLES = {"country": "PL", "nationality": "UA", "kin_nationality": "UA", "papers": "valid"}

_REFERENCE_EXAMPLES = {
    "places": "kyiv",
    "nodes": "lviv",
    "crossings": "shehyni",
    "roads": "m06-kyiv-zhytomyr",
    "reception": "przemysl",
    "services": "d715",
    "categories": "vulnerable",
    "notes": "A-border-rates",
}

_INTRODUCTION = f"""\
# The case folder

A **case** is one crisis, in a folder of plain files: who has to leave, from where, by which roads, borders, buses and trains,
under which threats, and what the sponsor has decided. A consular officer can open every file in a spreadsheet or a
text editor, and keep the folder in git.

- `overland new CASE` makes a small sound case to start from.
- `overland check CASE` names every fault at once, as `file:line: column: what is wrong and what would be right`.

<!-- Written by `python -m overland.case.reference` from the model; `make docs` brings it up to date. -->

## Files

| file | holds | needed |
|---|---|---|
"""

_CONVENTIONS = f"""
A file that is not needed may be left out; it then counts as empty. Other `.csv` and `.geojson` files in the folder are refused,
since a misspelt table would silently be left out of the plan; files of other kinds (a README, say) are left alone.

## How the tables are written

- **Text** is UTF-8. A byte-order mark does no harm, and UTF-16 with its mark is read too. Files in an old code page
  (Windows-1251, Windows-1252) are refused with the line where it shows: save them again as *CSV UTF-8*.
- **Columns** are named by the first row, in any order. Columns with a default may be left out. A column that is not listed here is a fault.
- **Separators** are commas, semicolons or tabs, whatever the spreadsheet wrote; a first line `sep=;` is understood. A text that
  contains the separator, a line break or a quotation mark stands in quotation marks, and a quotation mark in it is doubled.
  Empty rows and empty columns at the end are passed over, and spaces around a value are removed.
- **An empty cell** takes the default. A column marked *required* has none.
- **Numbers** have a decimal point and nothing between the thousands: `1250.5`. Where semicolons or tabs separate the columns, a decimal
  comma is read too (`49,84`), but not both in one file. Numbers beyond 1,000,000,000 are refused everywhere.
- **Yes or no** is `yes`/`no`, `true`/`false` or `1`/`0`.
- **Date and time** is local time of the case, `2022-02-17 12:00`; or with an explicit offset, `2022-02-17 12:00+02:00` or `2022-02-17T10:00Z`. Seconds
  may follow. `17.02.2022 12:00` is read as day, month, year; dates with slashes are refused, since nobody can tell the day from the month.
  A local time that comes twice or not at all because the clocks are changed must be given with its offset.
- **Days and times of day** (`2022-02-17`, `06:00`) are local.
- **Short names** (`id`) have no spaces, commas, semicolons, quotation marks, `@` or `*`. A place and a crossing cannot have the same one.
- **References** are short names in another table, and have to be there. `source` names a row of `notes.csv`.
- **Countries and nationalities** are ISO 3166 codes of two capital letters.
- A table has at most {MAX_ROWS:,} rows.
"""

_ERRORS = f"""
## What is checked besides

- **Network.** A road joins two different nodes; from every assembly area, hub and depot some road leads to a crossing, closures apart; every
  crossing has a mode, and unless it is by rail only, a road that leads to it.
- **Groups.** The place is an assembly area or a hub; kin are counted in `size` and have a nationality; the group is ready before the end of the horizon.
- **Entry.** For every country with a crossing, and every nationality and state of papers among the groups, some row of `entry_rules.csv` fits.
  A row that can never decide, because one above fits the same people and says the opposite, is a fault.
- **Vehicles** start at a place with the role `depot`, before the end of the horizon.
- **Services** have at least two stops, listed in their order, the first at minute 0; a crossing comes last only, and has mode `rail`.
- **Times.** What ends does so after it starts; a crossing that opens also closes.
- **Waits** are for a mode that the crossing has. **Headcounts** have low ≤ likely ≤ high.

Of faults of one kind in one column, the first {KEPT_OF_A_KIND} are listed and the others counted (`… and 1,204 more of the same kind`); the number
that `overland check` gives at the end is that of all. The command exits with 0 if the case is sound and with 2 if not; `--json` prints the same for a program.
"""


def page() -> str:
    """The whole page, as Markdown."""
    sections = [_INTRODUCTION + _files() + _CONVENTIONS, _settings()]
    sections += [_table(table) for table in TABLES]
    sections += [_threats(), _ERRORS]
    return "\n".join(section.strip("\n") + "\n" for section in sections)


def _summary(row: type[Any]) -> str:
    """First sentence of the row class, without the file name in brackets."""
    sentence = (row.__doc__ or "").strip().splitlines()[0]
    return _IN_BRACKETS.sub("", sentence).replace("``", "`").rstrip(".")


def _files() -> str:
    rows = ["| [`case.toml`](#casetoml) | the settings: who, where, when; the sponsor's policy | yes |"]
    for table in TABLES:
        anchor = table.file.replace(".", "")
        needed = "yes" if table.required else ""
        rows.append(f"| [`{table.file}`](#{anchor}) | {_summary(table.row)} | {needed} |")
    rows.append("| [`threats.geojson`](#threatsgeojson) | Areas under threat for a time | |")
    return "\n".join(rows) + "\n"


def _settings() -> str:
    parts = [
        "## case.toml",
        "A [TOML](https://toml.io) file: sections in square brackets, below them lines `key = value`, texts in quotation marks, comments after `#`.",
        "### [case]",
        _columns("key", CASE_KEYS, quoted=True),
        "### [policy]",
        "What the sponsor has decided. The section, or any of its keys, may be left out.",
        _columns("key", POLICY_KEYS, quoted=True),
    ]
    for ledger in LEDGERS:
        column = ledger.value
        needed = "The section is required." if ledger.required else "The section may be left out."
        parts += [
            f"### [{ledger.section}]",
            f"One line for each {ledger.keys}. {needed}",
            _columns("value", (column,), quoted=True),
        ]
    return "\n\n".join(parts)


def _table(table: Table) -> str:
    needed = "Required." if table.required else "May be left out."
    key = table.key
    unique = (
        f" A row is unique by {_listed(f'`{name}`' for name in key)}."
        if key
        else " The order of the rows matters."
    )
    columns = _columns("column", table.columns, starter=_first_values(table))
    parts = [f"## {table.file}", f"{_summary(table.row)}. {needed}{unique}", columns]
    return "\n\n".join(parts)


def _first_values(table: Table) -> dict[str, str]:
    """For each column the first value that the starter case has in it."""
    values: dict[str, str] = {}
    lines = starter_file(table.file).read_text(encoding="utf-8").splitlines()
    for row in csv.DictReader(lines):
        for name, value in row.items():
            values[name] = values.get(name) or value
    return values


def _threats() -> str:
    return "\n\n".join(
        [
            "## threats.geojson",
            "Areas under threat for a time. May be left out. A [GeoJSON](https://geojson.org) FeatureCollection, as any map editor writes it. "
            "Each feature is a Polygon or a MultiPolygon of [longitude, latitude] positions; rings are closed (the last position is the "
            "first), do not cross themselves, and polygons do not overlap. A point is inside if it lies inside an odd number of rings, so holes work.",
            "The properties of a feature:",
            _columns("property", THREAT_KEYS, quoted=True),
        ]
    )


def _columns(
    title: str, columns: Iterable[Column], *, quoted: bool = False, starter: Mapping[str, str] | None = None
) -> str:
    rows = [
        f"| {title} | type | default | unit | range | meaning | example |",
        "|---|---|---|---|---|---|---|",
    ]
    for column in columns:
        example = _toml_example(column) if quoted else _example(column, starter or {})
        rows.append(_row(column, example, quoted=quoted))
    return "\n".join(rows)


def _row(column: Column, example: str, *, quoted: bool) -> str:
    meaning = column.doc
    if column.ref and column.ref in REFERENCES:
        meaning += " → " + " or ".join(f"`{name}.csv`" for name in REFERENCES[column.ref])
    cells = [
        f"`{column.name}`",
        _type(column.kind),
        "*required*" if column.required else _default(column, quoted=quoted),
        column.unit,
        _range(column),
        meaning,
        f"`{example}`" if example else "",
    ]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _type(kind: Any) -> str:
    if kind in _TYPES:
        return _TYPES[kind]
    if get_origin(kind) is tuple:
        return "short names"
    if get_origin(kind) is frozenset:
        return f"any of {_choices(get_args(kind)[0])}"
    return f"one of {_choices(kind)}"


def _choices(enum: type[StrEnum]) -> str:
    return ", ".join(f"`{member.value}`" for member in enum)


def _default(column: Column, *, quoted: bool) -> str:
    if column.default in (None, ""):
        return "empty"
    return f"`{_shown(column.default, quoted=quoted)}`"


def _shown(value: Any, *, quoted: bool) -> str:
    if isinstance(value, bool):
        return ("true" if value else "false") if quoted else ("yes" if value else "no")
    return f"{value:g}" if isinstance(value, float) else str(value)


def _range(column: Column) -> str:
    low = f"≥ {column.minimum:g}" if column.minimum is not None else ""
    low = low or (f"> {column.above:g}" if column.above is not None else "")
    high = f"≤ {column.maximum:,.10g}" if column.maximum is not None else ""
    return ", ".join(part for part in (low, high) if part)


def _example(column: Column, starter: Mapping[str, str]) -> str:
    """A value: as declared, else a telling one, else what the starter case has."""
    return (
        column.example
        or _REFERENCE_EXAMPLES.get(column.ref)
        or _NAME_EXAMPLES.get(column.name)
        or _TYPE_EXAMPLES.get(column.kind)
        or starter.get(column.name, "")
    )


def _toml_example(column: Column) -> str:
    return column.example or ("" if column.default is None else _shown(column.default, quoted=True))


def _listed(words: Iterable[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(page())
