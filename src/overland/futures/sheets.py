"""What came of a plan in futures, for spreadsheets: a row for each future, and one for each place."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from overland.futures.outcome import OUTCOME

if TYPE_CHECKING:
    from overland.futures.stress_report import StressReport

Rows = NDArray[np.void]


def write_future_rows(rows: Rows, path: Path) -> None:
    """Write a row for each future: the columns of ``OUTCOME``, empty where a share is not reached."""
    names = list(OUTCOME.names or ())
    _write(path, names, ([_cell(row[name].item()) for name in names] for row in rows))


def write_place_rows(found: StressReport, path: Path) -> None:
    """Write the chance of a person to be out of each place, every six hours."""
    header = ["place", "people", "out", "all_out", *(f"out_{band.hour:g}h" for band in found.bands)]
    rows = (
        [row.place, f"{row.people:.1f}", f"{row.out:.4f}", f"{row.all_out:.4f}", *row.chances]
        for row in found.places
    )
    _write(path, header, rows)


def _cell(value: float) -> str | int:
    if isinstance(value, int):
        return value
    return "" if isnan(value) else f"{value:.2f}".rstrip("0").rstrip(".")


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a sheet so that a reader never sees half of it."""
    draft = path.with_suffix(path.suffix + ".part")
    with draft.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file, lineterminator="\n")
        sheet.writerow(header)
        sheet.writerows(rows)
    draft.replace(path)
