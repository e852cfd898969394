"""Reading a case folder as a whole."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from overland.case.caserules import check_tables
from overland.case.cells import Conventions
from overland.case.faults import FaultLog, did_you_mean
from overland.case.model import Case
from overland.case.rowrules import Known, row_check
from overland.case.schema import READING_ORDER, REFERENCES, SETTINGS_FILE, TABLES, THREATS_FILE
from overland.case.settings import Settings, read_settings
from overland.case.tables import TableData, read_table
from overland.case.threats import ThreatData, read_threats
from overland.errors import CaseError, Fault

_TABLES = {table.field: table for table in TABLES}
_FILES = (SETTINGS_FILE, THREATS_FILE, *(table.file for table in TABLES))


@dataclass(frozen=True, slots=True)
class Examination:
    """What came of reading a folder.

    Attributes
    ----------
    case : Case or None
        None if there is any fault.
    faults : tuple of Fault
        In file and line order; of a kind with very many, the first ones and a count of the others.
    total : int
        Number of faults, including those only counted.
    """

    case: Case | None
    faults: tuple[Fault, ...]
    total: int


def read_case(folder: Path) -> Case:
    """Read a case.

    Parameters
    ----------
    folder : Path
        The case folder, as described in ``docs/case-format.md``.

    Raises
    ------
    CaseError
        If there is any fault; it carries all of them.
    """
    examination = examine(folder)
    if examination.case is None:
        raise CaseError(examination.faults)
    return examination.case


def check_case(folder: Path) -> list[Fault]:
    """All faults of a case folder, in file and line order; empty if it is sound."""
    return list(examine(folder).faults)


def examine(folder: Path) -> Examination:
    """Read a folder and say everything that is wrong with it. Never raises, whatever the folder holds."""
    log = FaultLog()
    case = _read(Path(folder), log) if _is_folder(Path(folder), log) else None
    return Examination(case if log.total == 0 else None, tuple(log.listed()), log.total)


def _is_folder(folder: Path, log: FaultLog) -> bool:
    name = str(folder)
    try:
        if not folder.exists():
            message = "there is no such folder; `overland new` makes a case to start from"
            log.add(name, None, "", "folder", message)
        elif not folder.is_dir():
            log.add(
                name,
                None,
                "",
                "folder",
                f"is not a folder; a case is a folder with {SETTINGS_FILE} and tables",
            )
        else:
            _find_strangers(folder, log)
            return True
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        log.add(name, None, "", "folder", f"the folder cannot be read: {reason}")
    return False


def _find_strangers(folder: Path, log: FaultLog) -> None:
    """A table under a wrong name would silently be left out of the plan."""
    for path in folder.iterdir():
        name = path.name
        if name in _FILES or name.startswith((".", "~")) or path.suffix.lower() not in (".csv", ".geojson"):
            continue
        printable = name.encode("utf-8", "backslashreplace").decode()
        hint = did_you_mean(printable, _FILES) or "; rename it or move it out of the folder"
        log.add(printable, None, "", "stranger", f"is not a file of a case{hint}")


def _read(folder: Path, log: FaultLog) -> Case | None:
    settings = read_settings(folder, log)
    known = Known(settings)
    tables: dict[str, TableData] = {}
    for name in READING_ORDER:
        conventions = Conventions(zone=settings.zone, known=_names(tables, settings))
        table = _TABLES[name]
        data = tables[name] = read_table(folder, table, conventions, log, row_check(table.row, known))
        if name == "places":
            known.places = {place.id: place for place in data.rows}
        elif name == "crossings":
            known.crossings = set(data.first_lines)
        elif name == "crossing_modes" and data.complete:
            known.modes = set(data.first_lines)
    conventions = Conventions(zone=settings.zone, known=_names(tables, settings))
    span = None if settings.end is None else (settings.values["start"], settings.end)
    threats = read_threats(folder, conventions, log, span)
    check_tables(tables, settings, log)
    return _assemble(settings, tables, threats) if log.total == 0 else None


def _names(tables: Mapping[str, TableData], settings: Settings) -> dict[str, Collection[str]]:
    """The names each kind of reference may have; a kind of which some are not known is left out."""
    names: dict[str, Collection[str]] = {}
    for kind, sources in REFERENCES.items():
        if all(source in tables and tables[source].readable for source in sources):
            names[kind] = ChainMap(*(tables[source].first_lines for source in sources))
    if settings.on_network:
        names.pop("roads", None)  # they are ways of the map
    if "weights" in settings.ledgers:
        names["categories"] = settings.ledgers["weights"]
    return names


def _assemble(settings: Settings, tables: Mapping[str, TableData], threats: ThreatData) -> Case:
    rows = {name: tuple(data.rows) for name, data in tables.items()}
    values: dict[str, Any] = {**settings.values, **rows, "policy": settings.policy}
    return Case(**values, threats=tuple(threats.rows))
