"""Reading ``case.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import file_digest
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from overland.case.cells import CellError, Conventions, parser
from overland.case.faults import FaultLog, did_you_mean, shown
from overland.case.model import NetworkFile, Policy
from overland.case.schema import CASE_KEYS, LEDGERS, POLICY_KEYS, SETTINGS_FILE, Column, Ledger, is_code
from overland.case.textfile import open_text

_LARGEST_FILE = 1_000_000  # bytes
_MOST_DOTS = 200  # on one line: beyond it, the reader of TOML would be busy for minutes
_SECTIONS = ("case", "policy", *(ledger.section for ledger in LEDGERS))
_POSITION = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)")
_HEADER = re.compile(r"\s*\[\s*([\w\"'-]+)\s*\]")
_KEY = re.compile(r"\s*(?:([\w-]+)\s*\.\s*)?([\w-]+|\"[^\"]*\"|'[^']*')\s*=")


@dataclass(slots=True)
class Settings:
    """What ``case.toml`` says, as far as it could be read.

    Attributes
    ----------
    values : dict
        Of the section [case].
    policy : Policy or None
        None if some of it is faulty.
    ledgers : dict
        Sections [weights], [country_share], [speeds]; one that is faulty as a whole is absent.
    zone : ZoneInfo or None
    end : datetime or None
        End of the horizon, where zone, start and horizon are known.
    positions : Positions or None
        Lines of its keys.
    on_network : bool
        Whether it names a network of real roads, be it there or not.
    complete : bool
        Whether there was no fault.
    """

    values: dict[str, Any] = field(default_factory=dict)
    policy: Policy | None = None
    ledgers: dict[str, dict[str, float]] = field(default_factory=dict)
    zone: ZoneInfo | None = None
    end: datetime | None = None
    positions: Positions | None = None
    on_network: bool = False
    complete: bool = False


class Positions:
    """The lines of the sections and keys of a TOML file."""

    def __init__(self, text: str) -> None:
        self._lines: dict[tuple[str, str], int] = {}
        section, within = "", ""
        for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
            if not within:
                if header := _HEADER.match(line):
                    section = header[1].strip("\"'")
                    self._lines.setdefault((section, ""), number)
                elif key := _KEY.match(line):
                    self._lines.setdefault((key[1] or section, key[2].strip("\"'")), number)
            for mark in ('"""', "'''"):
                if line.count(mark) % 2 and within in ("", mark):
                    within = "" if within else mark

    def line(self, section: str, key: str = "") -> int | None:
        """Line of a key, else of its section."""
        return (
            self._lines.get((section, key))
            or self._lines.get((section, ""))
            or self._lines.get(("", section))
        )


def read_settings(folder: Path, log: FaultLog) -> Settings:
    """Read ``case.toml``; all its faults are recorded."""
    settings = Settings()
    before = log.count(SETTINGS_FILE)
    loaded = _load(folder, log)
    if loaded is None:
        return settings
    document, positions = loaded
    settings.positions = positions
    reader = _Sections(document, positions, log)
    settings.zone = reader.zone()
    conventions = Conventions(zone=settings.zone)
    settings.values = reader.keys("case", CASE_KEYS, conventions)
    if settings.zone is not None and settings.values.keys() >= {"start", "horizon_hours"}:
        settings.end = settings.values["start"] + timedelta(hours=settings.values["horizon_hours"])
    _check_case(settings, reader)
    if "network" in settings.values:
        settings.on_network = bool(settings.values["network"])
    for key in ("network", "railways"):
        if key in settings.values:
            settings.values[key] = _network_file(folder, key, settings.values[key], reader)
    scalars = reader.keys("policy", POLICY_KEYS, conventions)
    for ledger in LEDGERS:
        found = reader.ledger(ledger)
        if found is not None:
            settings.ledgers[ledger.section] = found
    reader.unknown_sections()
    settings.complete = log.count(SETTINGS_FILE) == before
    if settings.complete:
        lists: dict[str, Any] = {ledger.field: settings.ledgers[ledger.section] for ledger in LEDGERS}
        settings.policy = Policy(**lists, **scalars)
    return settings


def _network_file(folder: Path, key: str, name: str, reader: _Sections) -> NetworkFile | None:
    if not name:
        return None
    if Path(name).name != name:
        reader.fault("case", key, "place", f"must be the name of a file beside case.toml, not {shown(name)}")
        return None
    try:
        with (folder / name).open("rb") as file:
            return NetworkFile(folder / name, file_digest(file, "sha256").hexdigest())
    except (OSError, ValueError):  # a null in the name is a ValueError
        layer = " --layer rail" if key == "railways" else ""
        message = f"{shown(name)} is not there; `overland roads import MAP.osm.pbf{layer} -o {name}` makes it"
        reader.fault("case", key, "file", message)
        return None


def _load(folder: Path, log: FaultLog) -> tuple[dict[str, Any], Positions] | None:
    file = open_text(folder, SETTINGS_FILE, log, required=True)
    if file is None:
        return None
    size = file.path.stat().st_size
    if size > _LARGEST_FILE:
        log.add(SETTINGS_FILE, None, "", "size", f"has {size:,} bytes; it cannot be the settings of a case")
        return None
    text = file.text()
    for number, line in enumerate(text.splitlines(), start=1):
        if line.count(".") > _MOST_DOTS:
            log.add(SETTINGS_FILE, number, "", "TOML", f"has more than {_MOST_DOTS} dots; shorten the line")
            return None
    try:
        return tomllib.loads(text), Positions(text)
    except RecursionError:
        log.add(SETTINGS_FILE, None, "", "TOML", "is nested too deeply; a case needs plain sections and keys")
    except tomllib.TOMLDecodeError as error:
        _explain(str(error), text, log)
    except ValueError:  # Python refuses to read whole numbers of thousands of digits
        log.add(SETTINGS_FILE, None, "", "TOML", "holds a number of thousands of digits; shorten it")
    return None


def _explain(message: str, text: str, log: FaultLog) -> None:
    """Record a syntax error where it is."""
    match = _POSITION.search(message)
    reason = _POSITION.sub("", message)
    if match is not None and match[1]:
        line = int(match[1])
        place = f" (column {match[2]})"
    else:
        line, place = max(1, len(text.splitlines())), ""
    log.add(
        SETTINGS_FILE,
        line,
        "",
        "TOML",
        f'is not valid TOML{place}: {reason[:200]}; a line must look like: key = 4  or  key = "text"',
    )


def as_text(value: Any) -> str | None:
    """A TOML or JSON value as the text a table's cell would hold; None if it is a list or an object."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) and value.bit_length() > 64:
        return "a number beyond all bounds"
    if isinstance(value, (dict, list)):
        return None
    return str(value).strip()


class _Sections:
    """Reads the sections one by one, recording faults."""

    def __init__(self, document: Mapping[str, Any], positions: Positions, log: FaultLog) -> None:
        self.document, self.positions, self.log = document, positions, log

    def fault(self, section: str, key: str, kind: str, message: Any) -> None:
        """Record a fault of a key, or of a section as a whole."""
        column = f"[{section}] {key}".strip()
        self.log.add(SETTINGS_FILE, self.positions.line(section, key), column, f"{section} {kind}", message)

    def section(self, name: str, *, required: bool) -> Mapping[str, Any] | None:
        """A section; None if it is missing though required, or no section."""
        found = self.document.get(name)
        if isinstance(found, dict):
            return found
        if found is not None:
            self.fault(name, "", "section", f"must be a section: a line [{name}] with its keys below")
        elif required:
            self.fault(
                name, "", "section", f"the section is missing; write a line [{name}] with its keys below"
            )
        else:
            return {}
        return None

    def keys(self, section: str, columns: tuple[Column, ...], conventions: Conventions) -> dict[str, Any]:
        """The keys of a section with fixed keys, those that are sound."""
        found = self.section(section, required=any(column.required for column in columns))
        if found is None:
            return {}
        values: dict[str, Any] = {}
        for column in columns:
            raw = as_text(found.get(column.name, ""))
            if raw is None:
                self.fault(section, column.name, "type", "must be a single value, not a list or section")
            elif raw:
                try:
                    values[column.name] = parser(column, conventions)(raw)
                except CellError as error:
                    self.fault(section, column.name, error.kind, error.message)
            elif column.required:
                self.fault(section, column.name, "missing", f"is missing; {column.doc}")
            else:
                values[column.name] = column.default
        names = [column.name for column in columns]
        for name in found:
            if name not in names:
                hint = did_you_mean(name, names) or f"; the keys are {', '.join(names)}"
                self.fault(section, shown(name)[1:-1], "unknown", f"is not a key of [{section}]{hint}")
        return values

    def ledger(self, ledger: Ledger) -> dict[str, float] | None:
        """A section whose keys the case chooses."""
        section = ledger.section
        found = self.section(section, required=ledger.required)
        if found is None:
            return None
        if ledger.required and not found:
            self.fault(section, "", "empty", f"is empty; it needs a line for each {ledger.keys}")
        read = parser(ledger.value, Conventions(zone=None))
        values: dict[str, float] = {}
        for name, value in found.items():
            text = as_text(value)
            if text is None or name != name.strip() or not name:
                values[name] = 1.0
                self.fault(section, shown(name)[1:-1], "type", f"must be a line: {ledger.keys} = number")
                continue
            try:
                values[name] = read(text or "nothing")
            except CellError as error:
                values[name] = 1.0  # the name is known even if its number is faulty
                self.fault(section, shown(name)[1:-1], error.kind, error.message)
        return values

    def zone(self) -> ZoneInfo | None:
        """The time zone, needed before any moment can be read."""
        section = self.document.get("case")
        name = as_text(section.get("time_zone", "")) if isinstance(section, dict) else None
        if not name:
            return None  # reported with the other keys
        try:
            return ZoneInfo(name)
        except (ValueError, OSError, LookupError):
            from zoneinfo import available_timezones

            hint = did_you_mean(name, available_timezones()) or "; write an IANA name such as Europe/Kyiv"
            self.fault("case", "time_zone", "zone", f"{shown(name)} is not a known time zone{hint}")
            return None

    def unknown_sections(self) -> None:
        """Record what is not a section of a case."""
        for name in self.document:
            if name not in _SECTIONS:
                hint = did_you_mean(name, _SECTIONS) or f"; the sections are {', '.join(_SECTIONS)}"
                line = self.positions.line(name) or self.positions.line("", name)
                message = f"is not a section of a case{hint}"
                self.log.add(SETTINGS_FILE, line, shown(name)[1:-1], "unknown section", message)


def _check_case(settings: Settings, reader: _Sections) -> None:
    values = settings.values
    for name in ("sponsor", "country"):
        if name in values and not is_code(values[name]):
            message = f"must be an ISO 3166 code of two capital letters such as IL, not {shown(values[name])}"
            reader.fault("case", name, "code", message)
    start = values.get("start")
    if start is not None and (start.second or start.microsecond):
        reader.fault("case", "start", "moment", "must be a full minute")
    step = values.get("step_minutes")
    if step is None:
        return
    if 60 % step and step % 60:
        reader.fault(
            "case",
            "step_minutes",
            "step",
            f"must divide an hour or be a multiple of 60, such as 15 or 30; not {step}",
        )
    elif values.get("horizon_hours", 0) * 60 % step:
        horizon = values["horizon_hours"]
        message = f"must be a multiple of the step of {step} minutes, which {horizon} h is not"
        reader.fault("case", "horizon_hours", "horizon", message)
