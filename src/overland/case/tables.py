"""Reading one table of the case folder."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from overland.case.cells import CellError, Conventions, parser
from overland.case.csvfile import dialect_of, records
from overland.case.faults import FaultLog, did_you_mean, shown
from overland.case.schema import Column, Table
from overland.case.textfile import open_text

MAX_ROWS = 2_000_000
_MAX_CACHED = 4096
_ABSENT = object()

RowCheck = Callable[[Mapping[str, Any]], Iterator[tuple[str, str, str]]]
"""Given the values of a row (those that could be read), yields (column, kind, message) of what is wrong."""


@dataclass(slots=True)
class TableData:
    """What was read of one table.

    Attributes
    ----------
    rows, lines
        The rows without fault, and the line each stands on.
    first_lines : dict
        Key of each row, faulty ones included, and the line where it was first met.
    readable : bool
        Whether the keys are known, so that references to the table can be checked.
    complete : bool
        Whether all rows are without fault.
    """

    table: Table
    rows: list[Any] = field(default_factory=list)
    lines: array[int] = field(default_factory=lambda: array("I"))
    first_lines: dict[Any, int] = field(default_factory=dict)
    readable: bool = True
    complete: bool = True


def read_table(
    folder: Path, table: Table, conventions: Conventions, log: FaultLog, check_row: RowCheck
) -> TableData:
    """Read a table; all its faults are recorded."""
    data = TableData(table)
    before = log.count(table.file)
    file = open_text(folder, table.file, log, required=table.required)
    if file is None:
        data.readable = data.complete = not table.required and log.count(table.file) == before
        return data
    dialect = dialect_of(file, {column.name for column in table.columns})
    conventions.comma_allowed = dialect.delimiter != ","
    rows = records(file, table.file, dialect, log)
    header = next(rows, None)
    if header is None:
        names = ",".join(column.name for column in table.columns)
        log.add(table.file, 1, "", "header", f"is empty; the first row must name the columns: {names}")
        data.readable = data.complete = False
        return data
    layout = _read_header(table, *header, log)
    if layout is None or not set(table.key) <= layout.keys():
        data.readable = False
    if layout is not None:
        _Rows(data, layout, conventions, log, check_row).read(rows, header[1])
    data.complete = data.readable and log.count(table.file) == before
    return data


def _read_header(table: Table, line: int, names: list[str], log: FaultLog) -> dict[str, int] | None:
    """Which column stands where; None if the row is no header at all."""
    columns = {column.name: column for column in table.columns}
    cleaned = [name.strip().lower() for name in names]
    expected = ", ".join(columns)
    if not any(name in columns for name in cleaned):
        log.add(
            table.file,
            line,
            "",
            "header",
            f"the first row must name the columns ({expected}), not begin with {shown(names[0])}",
        )
        return None
    layout: dict[str, int] = {}
    for position, name in enumerate(cleaned):
        if name in layout:
            first = layout[name] + 1
            log.add(
                table.file,
                line,
                name,
                "header",
                f"is the name of columns {first} and {position + 1}; remove one",
            )
        elif name in columns:
            layout[name] = position
        elif name:
            hint = did_you_mean(name, columns) or f"; the columns are {expected}"
            log.add(table.file, line, shown(names[position])[1:-1], "header", f"is not a column here{hint}")
    for column in table.columns:
        if column.required and column.name not in layout:
            log.add(table.file, line, column.name, "missing column", f"the column is missing; {column.doc}")
    return layout


class _Rows:
    """The loop over the rows: quick for good tables of a million rows, bounded for bad ones."""

    def __init__(
        self,
        data: TableData,
        layout: dict[str, int],
        conventions: Conventions,
        log: FaultLog,
        check_row: RowCheck,
    ) -> None:
        self.data, self.layout, self.log, self.check_row = data, layout, log, check_row
        self.file = data.table.file
        self.key = data.table.key
        self.keys = set(self.key)
        self.columns = [
            (column, layout[column.name], parser(column, conventions), self._cache(column))
            for column in data.table.columns
            if column.name in layout
        ]
        self.defaults = {
            column.name: column.default
            for column in data.table.columns
            if column.name not in layout and not column.required
        }
        self.constructible = all(column.name in layout for column in data.table.columns if column.required)

    def _cache(self, column: Column) -> dict[str, Any] | None:
        """Values repeat in most columns; a table of a million rows then needs few objects."""
        if (column.name,) == self.data.table.key:
            return None
        return {} if column.required else {"": column.default}

    def read(self, rows: Iterator[tuple[int, list[str]]], header: list[str]) -> None:
        """Read all rows."""
        number, width = 0, len(header)
        nameless = [position for position, name in enumerate(header) if not name.strip()]
        for line, cells in rows:
            for position in nameless:
                if position < len(cells) and (text := cells[position].strip()):
                    message = f"{shown(text)} stands in a column without a name; name it in the first row"
                    self.log.add(self.file, line, "", "nameless", message)
            if len(cells) > width and any(cell.strip() for cell in cells[width:]):
                self._too_long(line, cells, width)
            elif any(cells) and any(cell.strip() for cell in cells):
                number += 1
                if number > MAX_ROWS:
                    self.log.add(
                        self.file, line, "", "size", f"has more than {MAX_ROWS:,} rows; the rest was not read"
                    )
                    return
                self._row(line, cells)

    def _too_long(self, line: int, cells: list[str], width: int) -> None:
        self.log.add(
            self.file,
            line,
            "",
            "cells",
            f"the row has {len(cells)} cells but the header has {width}; "
            "a text that holds the separator must stand in quotation marks",
        )

    def _row(self, line: int, cells: list[str]) -> None:
        values = dict(self.defaults)
        sound = self.constructible
        for column, position, parse, cache in self.columns:
            raw = cells[position] if position < len(cells) else ""
            value = _ABSENT if cache is None else cache.get(raw, _ABSENT)
            if value is _ABSENT:
                value = self._cell(line, column, raw, parse, short=position >= len(cells))
                if value is _ABSENT:
                    sound = False
                    continue
                if cache is not None and len(cache) < _MAX_CACHED:
                    cache[raw] = value
            values[column.name] = value
        for name, kind, message in self.check_row(values):
            self.log.add(self.file, line, name, kind, message)
            sound = False
        if self._is_new(line, values, cells) and sound:
            self.data.rows.append(self.data.table.row(**values))
            self.data.lines.append(line)

    def _cell(self, line: int, column: Column, raw: str, parse: Callable[[str], Any], *, short: bool) -> Any:
        text = raw.strip()
        if not text:
            if not column.required:
                return column.default
            what = "the row ends before this column" if short else "is empty"
            self.log.add(self.file, line, column.name, f"{column.name} empty", f"{what}; {column.doc}")
            return _ABSENT
        try:
            return parse(text)
        except CellError as error:
            self.log.add(self.file, line, column.name, f"{column.name} {error.kind}", error.message)
            return _ABSENT

    def _is_new(self, line: int, values: dict[str, Any], cells: list[str]) -> bool:
        """Whether no earlier row has the same key (a row whose key cannot be read counts as new)."""
        key = self.key
        if not key or not values.keys() >= self.keys:
            return True
        found = values[key[0]] if len(key) == 1 else tuple(values[name] for name in key)
        first = self.data.first_lines.setdefault(found, line)
        if first == line:
            return True
        self.log.add(self.file, line, key[0], "duplicate", lambda: self._is_already(first, cells))
        return False

    def _is_already(self, first: int, cells: list[str]) -> str:
        """What to say of a row with the key of the row on an earlier line."""
        key = self.key
        texts = [shown(cells[self.layout[name]].strip()) for name in key]
        if len(key) == 1:
            return f"{texts[0]} is already on line {first}; each {key[0]} must be unique"
        row = " and ".join(f"{name} {text}" for name, text in zip(key, texts, strict=True))
        together = " and ".join(key)
        return f"a row with {row} is already on line {first} of the file; {together} must together be unique"
