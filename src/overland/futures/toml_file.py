"""Reading a TOML file of a case folder into a schema: every fault with its line, as for ``case.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from overland.case.faults import FaultLog, did_you_mean
from overland.case.settings import Positions
from overland.case.textfile import open_text
from overland.errors import CaseError

Schema = TypeVar("Schema", bound=BaseModel)

_LINE = re.compile(r"line (\d+)")


def read_toml(path: Path, schema: type[Schema]) -> Schema:
    """Read a TOML file of sections with keys.

    Parameters
    ----------
    path : Path
        The file.
    schema : type
        What it must hold: a model whose fields are its sections, themselves models or dictionaries.

    Raises
    ------
    CaseError
        If the file is missing, is no TOML, or does not fit; it carries all faults, with their lines.
    """
    log = FaultLog()
    file = open_text(path.parent, path.name, log, required=True)
    if file is None:
        raise CaseError(log.listed())
    text = file.text()
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        found = _LINE.search(str(error))
        line = int(found[1]) if found else None
        log.add(path.name, line, "", "TOML", f"is not valid TOML: {str(error)[:200]}")
        raise CaseError(log.listed()) from error
    try:
        read = schema.model_validate(document)
    except ValidationError as error:
        positions = Positions(text)
        for fault in error.errors(include_url=False, include_context=False):
            place = [str(part) for part in fault["loc"]]
            section, key = place[0] if place else "", ".".join(place[1:])
            message = fault["msg"].removeprefix("Value error, ")
            if fault["type"] == "extra_forbidden":
                message = f"is not known here{_hint(schema, place)}"
            log.add(path.name, positions.line(section, key), f"[{section}] {key}".strip(), section, message)
        raise CaseError(log.listed()) from error
    if log.total:
        raise CaseError(log.listed())
    return read


def refuse_strangers(path: Path, sections: Iterable[tuple[str, Iterable[str], Collection[str], str]]) -> None:
    """Refuse names that the case does not have: they would silently change nothing.

    Parameters
    ----------
    path : Path
        A file that has been read.
    sections : iterable of (section, names, known, what)
        The names of a section, those that the case has, and what they are of.

    Raises
    ------
    CaseError
        If there is any; it carries all of them, with their lines.
    """
    log = FaultLog()
    file = open_text(path.parent, path.name, log, required=True)
    positions = Positions("" if file is None else file.text())
    for section, names, known, what in sections:
        for name in names:
            if name not in known:
                message = f"is no {what}{did_you_mean(name, known)}"
                log.add(path.name, positions.line(section, name), f"[{section}] {name}", section, message)
    if log.total:
        raise CaseError(log.listed())


def _hint(schema: type[BaseModel], place: list[str]) -> str:
    """Which names would be right where one is not known."""
    for part in place[:-1]:
        field = schema.model_fields.get(part)
        kind = None if field is None else field.annotation
        if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
            return ""
        schema = kind
    names = list(schema.model_fields)
    return did_you_mean(place[-1], names) or f"; there are {', '.join(names)}"
