"""The page ``docs/case-format.md``, generated from the model: ``python -m overland.case.reference``."""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from enum import StrEnum
from importlib.resources import files
from string import Template
from typing import Any, get_args, get_origin

from overland.case.faults import KEPT_OF_A_KIND
from overland.case.schema import (
    CASE_KEYS,
    DAILY_KEYS,
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
    "fleets": "kyiv-coaches",
    "categories": "vulnerable",
    "notes": "A-border-rates",
}


def page() -> str:
    """Make the whole page: the prose of ``case-format.md`` in this room, with what the model declares."""
    prose = files("overland.case").joinpath("case-format.md").read_text(encoding="utf-8")
    return Template(prose).substitute(
        files=_files(),
        settings=_settings(),
        tables="\n\n".join(_table(table) for table in TABLES),
        threats=_columns("property", (*THREAT_KEYS, *DAILY_KEYS), quoted=True),
        max_rows=f"{MAX_ROWS:,}",
        kept=KEPT_OF_A_KIND,
    )


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
    return "\n".join(rows)


def _settings() -> str:
    parts = [
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
        (element,) = get_args(kind)
        return "words" if element is str else f"any of {_choices(element)}"
    return f"one of {_choices(kind)}"


def _choices(enum: type[StrEnum]) -> str:
    return ", ".join(f"`{member.value}`" for member in enum)


def _default(column: Column, *, quoted: bool) -> str:
    if column.default in (None, "", frozenset()):
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
