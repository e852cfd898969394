"""The rows of a CSV file with the lines they stand on, as any spreadsheet may have written it."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice

from overland.case.faults import FaultLog
from overland.case.textfile import LineTooLongError, TextFile

_DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the columns are separated."""

    delimiter: str
    declared: bool  # by a first line `sep=;`, which a spreadsheet writes and which is no row


def dialect_of(file: TextFile, names: Collection[str]) -> Dialect:
    """Tell the delimiter by the header: the one with which most known column names appear."""
    first = next(file.lines(), "")
    stripped = first.strip().strip('"')
    if stripped.lower().startswith("sep=") and len(stripped) == 5:
        return Dialect(stripped[4], declared=True)
    if first.lower().startswith("sep=\t"):
        return Dialect("\t", declared=True)

    def known(delimiter: str) -> tuple[int, int]:
        cells = [cell.strip().strip('"').lower() for cell in first.split(delimiter)]
        return sum(cell in names for cell in cells), len(cells)

    return Dialect(max(_DELIMITERS, key=known), declared=False)


def records(file: TextFile, name: str, dialect: Dialect, log: FaultLog) -> Iterator[tuple[int, list[str]]]:
    """The rows (the header first), each with the line its first cell stands on; blank lines are passed over.

    Rows that cannot be taken apart into cells are recorded as faults.
    """
    skipped = 1 if dialect.declared else 0
    lines = islice(file.lines(), skipped, None)
    rows = csv.reader(
        lines, delimiter=dialect.delimiter, strict=True, skipinitialspace=dialect.delimiter != "\t"
    )
    while True:
        line = rows.line_num + skipped + 1
        try:
            cells = next(rows)
        except StopIteration:
            return
        except LineTooLongError:
            log.add(name, line, "", "line", "is longer than a million characters; this is not a table")
            return
        except csv.Error:
            log.add(
                name,
                line,
                "",
                "quotation marks",
                'the quotation marks of this row do not match; write a " inside a quoted text twice',
            )
            continue
        if cells:
            yield line, cells
