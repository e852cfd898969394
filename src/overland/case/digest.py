"""The fingerprint of a case: equal cases have equal digests, however their files are formatted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time
from hashlib import sha256
from typing import Any

from overland.case.model import Case

_FORMAT = "overland-case/1"
_LATER = ("network", "railways", "vehicles", "runs", "lines")


def digest(case: Case) -> str:
    """SHA-256, in hexadecimal, of a canonical serialisation of a case."""
    hashed = sha256(_FORMAT.encode())
    for declared in sorted(fields(case), key=lambda field: field.name):
        if declared.name in _LATER and not getattr(case, declared.name):
            continue  # as before there were any
        hashed.update(f"\n{declared.name}\n".encode())
        for line in _lines(getattr(case, declared.name)):
            hashed.update(line.encode("utf-8", "surrogatepass"))
            hashed.update(b"\n")
    return hashed.hexdigest()


def _lines(value: Any) -> Iterator[str]:
    """A table as a line for each row, anything else as one line."""
    for item in value if isinstance(value, tuple) else (value,):
        yield json.dumps(_plain(item), ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any) -> Any:
    """A value as JSON, the same for all values that are equal."""
    if is_dataclass(value):
        return [_plain(getattr(value, field.name)) for field in fields(value) if field.compare]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, dict):
        return [[key, _plain(value[key])] for key in sorted(value)]
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return repr(float(value) + 0.0)  # 60 equals 60.0, and 0.0 equals -0.0
    return value
