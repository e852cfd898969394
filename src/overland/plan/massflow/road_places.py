"""Where people are, and where they are safe: CSV files with latitude, longitude and people."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from overland.case.csvfile import dialect_of, records
from overland.case.faults import FaultLog, shown
from overland.case.textfile import open_text
from overland.errors import FlowError
from overland.plan.massflow.flow_network import MOST_PEOPLE

COLUMNS = ("latitude", "longitude", "people")


@dataclass(frozen=True, slots=True)
class PlaceOnEarth:
    """A point with people; ``name`` says where it stands in its file."""

    name: str
    longitude: float
    latitude: float
    people: int


def read_places(path: Path, *, counted: bool = False) -> list[PlaceOnEarth]:
    """Read places from a CSV file; other columns than latitude, longitude and people are passed over.

    Parameters
    ----------
    path : Path
    counted : bool
        Whether there must be people.

    Raises
    ------
    FlowError
        Naming every fault with its line.
    """
    log, name = FaultLog(), path.name
    file = open_text(path.parent, name, log, required=False)
    if file is None and not log.total:
        raise FlowError(f"{path}: there is no such file")
    places: list[PlaceOnEarth] = []
    if file is not None:
        rows = records(file, name, dialect_of(file, COLUMNS), log)
        _, header = next(rows, (1, []))
        columns = [cell.strip().lower() for cell in header]
        wanted = COLUMNS if counted else COLUMNS[:2]
        if missing := [column for column in wanted if column not in columns]:
            log.add(
                name, 1, "", "header", f"no column {' and '.join(missing)}; needed are {', '.join(wanted)}"
            )
        else:
            for line, cells in rows:
                values = dict(zip(columns, cells, strict=False))
                numbers = [_number(log, name, line, column, values.get(column, "")) for column in wanted]
                if None not in numbers:
                    latitude, longitude, *people = (float(number or 0) for number in numbers)
                    places.append(PlaceOnEarth(f"{name}:{line}", longitude, latitude, int(*people)))
    if not places and not log.total:
        log.add(name, None, "", "rows", "has no rows; each must be a place")
    if log.total:
        raise FlowError("\n".join(f"{path}{str(fault)[len(name) :]}" for fault in log.listed()))
    return places


def _number(log: FaultLog, name: str, line: int, column: str, text: str) -> float | None:
    try:
        value = int(text) if column == "people" else float(text)
    except ValueError:
        kind = "a whole number" if column == "people" else "a number of degrees, such as 49.84"
        log.add(name, line, column, column, f"{shown(text)} is not {kind}")
        return None
    low, high = {"latitude": (-90, 90), "longitude": (-180, 180), "people": (1, MOST_PEOPLE)}[column]
    if not low <= value <= high:
        log.add(name, line, column, column, f"{value:,} is not between {low:,} and {high:,}")
        return None
    return value
