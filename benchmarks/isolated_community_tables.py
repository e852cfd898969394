"""Tables of an instance of the isolated community evacuation problem; what does not fit is said."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

from instance_files import ENCODING, reason

from overland.errors import CaseError, Fault


def from_zero(text: str) -> float:
    """Read a number not below 0."""
    value = float(text)
    if not 0 <= value < 1e9:
        raise ValueError
    return value


def above_zero(text: str) -> float:
    """Read a number above 0."""
    if not (value := from_zero(text)):
        raise ValueError
    return value


def whole_above_zero(text: str) -> int:
    """Read a whole number above 0."""
    value = above_zero(text)
    if value != int(value):
        raise ValueError
    return int(value)


DUE = {
    from_zero: "a number is due, not below 0",
    above_zero: "a number is due, above 0",
    whole_above_zero: "a whole number is due, 1 or more",
}


class Table:
    """A CSV table; what does not fit is an error that says where."""

    def __init__(self, folder: Path, part: str, name: str) -> None:
        paths = [folder / part / name, folder / part.capitalize() / name]
        there = [path for path in paths if path.exists()] or [path for path in paths if path.parent.is_dir()]
        self._path = (there or paths)[0]
        try:
            with self._path.open(encoding=ENCODING, newline="") as file:
                reader = csv.DictReader(file)
                self._rows = list(reader)
                self.columns = list(reader.fieldnames or ())
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            self.fault(None, "", f"cannot be read as a table: {reason(error)}")

    def fault(self, line: int | None, column: str, message: str) -> None:
        """Say what is wrong, and where."""
        raise CaseError([Fault(str(self._path), line, column, message)])

    def rows(self, **columns: Callable[[str], object]) -> list[tuple]:
        """What columns of all rows hold, as each of them is read."""
        for name in columns:
            if name not in self.columns:
                self.fault(1, name, f"is missing; the columns that are read are {', '.join(columns)}")
        found = []
        for line, row in enumerate(self._rows, start=2):
            values = []
            for name, read in columns.items():
                try:
                    values.append(read((row[name] or "").strip()))
                except ValueError:
                    self.fault(line, name, f"{row[name]!r} does not fit; {DUE[read]}")
            found.append(tuple(values))
        if not found:
            self.fault(None, "", "is empty")
        return found
