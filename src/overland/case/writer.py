"""Writing a case folder."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from overland.case.cells import cell, moment_text
from overland.case.model import Case, NetworkFile
from overland.case.schema import (
    CASE_KEYS,
    LEDGERS,
    POLICY_KEYS,
    SETTINGS_FILE,
    TABLES,
    THREATS_FILE,
    Column,
    Table,
)
from overland.case.threats import threats_text
from overland.errors import CaseError, Fault

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SPECIAL = re.compile(r'[,;\t"\r\n]')


def write_case(case: Case, folder: Path) -> None:
    """Write a case; reading the folder gives an equal case.

    Each file appears whole or not at all, and nothing is written unless every value can be. Files of tables
    that the case does not have are removed, since they would become part of it.

    Raises
    ------
    CaseError
        If a value cannot be written so that it is read again as it is.
    """
    texts = _texts(case)
    folder.mkdir(parents=True, exist_ok=True)
    for map_file in (case.network, case.railways):
        if map_file is not None:
            _copy(map_file.path, folder / map_file.path.name)
    for name, text in texts.items():
        _replace(folder / name, text)
    for name in {THREATS_FILE, *(table.file for table in TABLES)} - texts.keys():
        (folder / name).unlink(missing_ok=True)


def _texts(case: Case) -> dict[str, str]:
    faults: list[Fault] = []
    texts = {SETTINGS_FILE: _settings(case)}
    for table in TABLES:
        rows = getattr(case, table.field)
        if rows or table.required:
            texts[table.file] = _csv(table, rows, case.zone, faults)
    if case.threats:
        texts[THREATS_FILE] = threats_text(case.threats, case.zone)
    if faults:
        raise CaseError(faults)
    return texts


def _replace(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        draft.write_text(text, encoding="utf-8", newline="")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _copy(path: Path, to: Path) -> None:
    if to.exists() and to.samefile(path):
        return
    draft = to.with_name(f".{to.name}.{os.getpid()}.part")
    try:
        shutil.copyfile(path, draft)
        draft.replace(to)
    finally:
        draft.unlink(missing_ok=True)


def _csv(table: Table, rows: tuple[Any, ...], zone: ZoneInfo, faults: list[Fault]) -> str:
    names = [column.name for column in table.columns]
    lines = [",".join(names)]
    line = 2
    for row in rows:
        cells = []
        for name in names:
            try:
                cells.append(cell(getattr(row, name), zone))
            except ValueError as error:
                faults.append(Fault(table.file, line, name, str(error)))
        text = ",".join(_quoted(one) for one in cells)
        lines.append(text)
        line += 1 + text.count("\n")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """Quote a carriage return too; the csv module of Python 3.11 leaves it bare, as an end of line."""
    return '"' + text.replace('"', '""') + '"' if _SPECIAL.search(text) else text


def _settings(case: Case) -> str:
    sections = [
        _section("case", CASE_KEYS, case, case.zone),
        _section("policy", POLICY_KEYS, case.policy, case.zone),
    ]
    sections += [_ledger(ledger.section, getattr(case.policy, ledger.field)) for ledger in LEDGERS]
    return "\n".join(sections)


def _section(name: str, columns: tuple[Column, ...], source: Any, zone: ZoneInfo) -> str:
    lines = [f"[{name}]"]
    for column in columns:
        value = getattr(source, column.name)
        if isinstance(value, NetworkFile):
            value = value.path.name
        elif value is None:
            continue
        text = moment_text(value, zone) if column.name == "start" else value
        lines.append(f"{column.name} = {_toml(text)}")
    return "\n".join(lines) + "\n"


def _ledger(name: str, numbers: Mapping[str, float]) -> str:
    lines = [f"[{name}]"]
    for key, number in numbers.items():
        lines.append(f"{key if _BARE_KEY.fullmatch(key) else _toml(key)} = {_toml(number)}")
    return "\n".join(lines) + "\n"


def _toml(value: str | float) -> str:
    """A basic string is written as in JSON, but for DEL; numbers are the same in both."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return repr(value)
