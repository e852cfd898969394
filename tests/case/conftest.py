"""A copy of the starter case that a test may spoil."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from overland.case import check_case
from overland.case.starter import new_case


class Folder:
    """A case folder, sound until a test changes it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def text(self, file: str) -> str:
        return (self.path / file).read_text(encoding="utf-8")

    def write(self, file: str, content: str | bytes) -> None:
        data = content.encode() if isinstance(content, str) else content
        (self.path / file).write_bytes(data)

    def replace(self, file: str, old: str, new: str) -> None:
        text = self.text(file)
        assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in {file}"
        self.write(file, text.replace(old, new))

    def rows(self, file: str) -> list[list[str]]:
        return list(csv.reader(io.StringIO(self.text(file))))

    def save(self, file: str, rows: list[list[str]], **dialect: str) -> None:
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator="\n", **dialect).writerows(rows)  # type: ignore[arg-type]
        self.write(file, buffer.getvalue())

    def change(self, file: str, line: int, **cells: str) -> None:
        """Change cells of the row on a line."""
        rows = self.rows(file)
        for name, value in cells.items():
            rows[line - 1][rows[0].index(name)] = value
        self.save(file, rows)

    def add(self, file: str, **cells: str) -> int:
        """Add a row; returns its line."""
        rows = self.rows(file)
        rows.append([cells.get(name, "") for name in rows[0]])
        self.save(file, rows)
        return len(rows)

    def remove(self, file: str, line: int) -> None:
        rows = self.rows(file)
        del rows[line - 1]
        self.save(file, rows)

    def faults(self) -> list[str]:
        return [str(fault) for fault in check_case(self.path)]

    def fault(self) -> str:
        """The one fault there is: one slip must not be reported as several."""
        faults = self.faults()
        assert len(faults) == 1, "\n".join(faults) or "no fault"
        return faults[0]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    new_case(tmp_path / "case")
    return Folder(tmp_path / "case")
