"""What stands in a cell, as a value and back."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum
from typing import Any, get_args, get_origin
from zoneinfo import ZoneInfo

from overland.case.faults import did_you_mean, shown
from overland.case.schema import REFERENCES, Column

_WHOLE = re.compile(r"([+-]?[0-9]+)(?:\.0{1,2})?")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_COMMA_NUMBER = re.compile(r"[+-]?[0-9]+,[0-9]+")
_DAY = re.compile(r"(?P<y>\d{4})-(?P<m>\d\d?)-(?P<d>\d\d?)|(?P<d2>\d\d?)\.(?P<m2>\d\d?)\.(?P<y2>\d{4})", re.A)
_CLOCK = re.compile(r"(\d\d?):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?", re.A)
_OFFSET = re.compile(r"(?P<utc>[Zz])|(?P<sign>[+-])(?P<h>\d\d):?(?P<m>\d\d)", re.A)
_MOMENT = re.compile(
    r"(?P<day>[0-9.-]+)(?:[Tt]|\s+)(?P<clock>[0-9:.]+)\s*(?P<offset>[Zz]|[+-]\d\d:?\d\d)?", re.A
)
_ID = re.compile(r"[^\s@,;\"'*]{1,80}")
_WORD = re.compile(r"[a-z][a-z0-9-]{0,39}")
_YEARS = range(1970, 2200)
_LARGEST = 1e9
_YES = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


class CellError(Exception):
    """A cell cannot be read.

    Attributes
    ----------
    kind : str
        Which kind of fault it is.
    message : str or callable
        What would be right; a callable where the text is costly to make.
    """

    def __init__(self, kind: str, message: str | Callable[[], str]) -> None:
        self.kind = kind
        self.message = message
        super().__init__(kind)


@dataclass(slots=True)
class Conventions:
    """How the cells of one file are to be understood.

    Attributes
    ----------
    zone : ZoneInfo or None
        Local time zone; None while it is not known (moments are then only checked for their form).
    comma_allowed : bool
        Whether a decimal comma may stand for the decimal point (not where commas separate columns).
    known : mapping
        Names that a reference may have, by kind of reference; a kind that is absent is not checked.
    decimal_marks : set of str
        Marks met so far in a file that may use either.
    """

    zone: ZoneInfo | None
    comma_allowed: bool = False
    known: Mapping[str, Collection[str]] = field(default_factory=dict)
    decimal_marks: set[str] = field(default_factory=set)


def parser(column: Column, conventions: Conventions) -> Callable[[str], Any]:
    """Make the function that reads the (stripped, not empty) cells of a column.

    The function raises :class:`CellError`.
    """
    read = _reader(column.kind, conventions)
    checks: list[Callable[[Any], None]] = []
    if column.kind in (int, float):
        checks.append(lambda value: _within(column, value))
    if column.name == "id":
        checks.append(_well_formed_id)
    known = conventions.known.get(column.ref)
    if known is not None:
        checks.append(lambda value: _known(column, known, value))
    if not checks:
        return read

    def parse(text: str) -> Any:
        value = read(text)
        for check in checks:
            check(value)
        return value

    return parse


def _reader(kind: Any, conventions: Conventions) -> Callable[[str], Any]:
    simple: dict[Any, Callable[[str], Any]] = {
        str: str,
        int: _whole,
        float: lambda text: _number(text, conventions),
        bool: _flag,
        datetime: lambda text: moment(text, conventions.zone),
        date: _day,
        time: _clock,
    }
    if kind in simple:
        return simple[kind]
    if get_origin(kind) is frozenset:
        (element,) = get_args(kind)
        if element is str:
            return lambda text: frozenset(_word(word) for word in text.split())
        return lambda text: frozenset(_choice(word, element) for word in text.split())
    if get_origin(kind) is tuple:
        return lambda text: tuple(text.split())
    return lambda text: _choice(text, kind)


def _word(text: str) -> str:
    if not _WORD.fullmatch(text):
        raise CellError(
            "word",
            f"must be words of small letters such as wheelchair, separated by spaces, not {shown(text)}",
        )
    return text


def _whole(text: str) -> int:
    match = _WHOLE.fullmatch(text)
    if match is None:
        raise CellError("number", f"must be a whole number such as 4, not {shown(text)}")
    if len(text) > 15:
        raise CellError("range", f"is too large a number: {shown(text)}")
    return int(match[1])


def _number(text: str, conventions: Conventions) -> float:
    if conventions.comma_allowed and _COMMA_NUMBER.fullmatch(text):
        conventions.decimal_marks.add(",")
        plain = text.replace(",", ".")
    else:
        plain = text
        if "." in text:
            conventions.decimal_marks.add(".")
    if _NUMBER.fullmatch(plain):
        if conventions.decimal_marks == {",", "."}:
            raise CellError(
                "decimal mark",
                f"{shown(text)}: this file has numbers with a decimal comma and others with a decimal point; "
                "use the same throughout",
            )
        return float(plain)
    if _COMMA_NUMBER.fullmatch(text):
        remedy = f"write the decimal point: {text.replace(',', '.')}"
        raise CellError("number", f"must be a number, not {shown(text)}; {remedy}")
    raise CellError("number", f"must be a number such as 4.5 (digits and a decimal point), not {shown(text)}")


def _flag(text: str) -> bool:
    value = _YES.get(text.lower())
    if value is None:
        raise CellError("choice", f"must be yes or no, not {shown(text)}")
    return value


def _choice(text: str, enum: type[StrEnum]) -> StrEnum:
    try:
        return enum(text.lower())
    except ValueError:
        pass
    raise CellError("choice", lambda: _not_among(text, [member.value for member in enum]))


def _not_among(text: str, allowed: list[str]) -> str:
    return f"must be one of {', '.join(allowed)}, not {shown(text)}{did_you_mean(text, allowed)}"


def _day(text: str) -> date:
    match = _DAY.fullmatch(text)
    if match is None:
        raise CellError("day", f"must be a day such as 2022-02-17, not {shown(text)}")
    year, month, day = (int(match[name] or match[f"{name}2"]) for name in "ymd")
    if year not in _YEARS:
        raise CellError(
            "day", f"the year must be from {_YEARS[0]} to {_YEARS[-1]}, not {year}, in {shown(text)}"
        )
    try:
        return date(year, month, day)
    except ValueError:
        raise CellError("day", f"{shown(text)} is not a day of the calendar (year-month-day)") from None


def _clock(text: str) -> time:
    match = _CLOCK.fullmatch(text)
    try:
        if match is not None:
            hour, minute, second = (int(part or 0) for part in match.groups()[:3])
            return time(hour, minute, second, int((match[4] or "").ljust(6, "0")))
    except ValueError:
        pass
    raise CellError("clock", f"must be a time of day such as 06:00 (00:00 to 23:59), not {shown(text)}")


def moment(text: str, zone: ZoneInfo | None) -> datetime:
    """Read a moment as aware UTC: local time of the case, or with an explicit offset.

    Raises
    ------
    CellError
        If it has another form, or the clocks are changed at that time so that it is not one moment.
    """
    match = _MOMENT.fullmatch(text)
    if match is None:
        if _DAY.fullmatch(text):
            raise CellError("moment", f"{shown(text)} has no time of day; write for instance {text} 00:00")
        raise CellError("moment", f"must be a date and time such as 2022-02-17 12:00, not {shown(text)}")
    local = datetime.combine(_day(match["day"]), _clock(match["clock"]))
    if match["offset"] is None:
        return local.replace(tzinfo=UTC) if zone is None else _from_local(local, zone)
    return local.replace(tzinfo=_offset(match["offset"])).astimezone(UTC)


def _offset(text: str) -> timezone:
    match = _OFFSET.fullmatch(text)
    if match is None or match["utc"]:
        return UTC
    size = timedelta(hours=int(match["h"]), minutes=int(match["m"]))
    if size > timedelta(hours=14) or int(match["m"]) > 59:
        raise CellError("moment", f"{shown(text)} is no offset from UTC; write for instance +02:00")
    return timezone(-size if match["sign"] == "-" else size)


def _from_local(local: datetime, zone: ZoneInfo) -> datetime:
    first, second = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    result = first.astimezone(UTC)
    if first.utcoffset() != second.utcoffset():
        exists = result.astimezone(zone).replace(tzinfo=None) == local
        what = "comes twice" if exists else "does not exist"
        options = " or ".join(f"{option:%Y-%m-%d %H:%M}{_offset_text(option)}" for option in (first, second))
        raise CellError(
            "moment",
            f"{local:%Y-%m-%d %H:%M} {what}, because the clocks of {zone.key} are changed then; "
            f"give the offset: {options}",
        )
    return result


def _offset_text(aware: datetime) -> str:
    text = f"{aware:%z}"
    return f"{text[:3]}:{text[3:5]}"


def _within(column: Column, value: float) -> None:
    if column.minimum is not None and value < column.minimum:
        raise CellError("range", f"must be at least {column.minimum:g}, not {value:g}")
    if column.above is not None and value <= column.above:
        raise CellError("range", f"must be more than {column.above:g}, not {value:g}")
    maximum = _LARGEST if column.maximum is None else column.maximum
    if value > maximum:
        raise CellError("range", f"must be at most {maximum:,.10g}, not {value:,.10g}")
    if value < -_LARGEST:
        raise CellError("range", f"must be at least {-_LARGEST:,.10g}, not {value:,.10g}")


def _well_formed_id(text: str) -> None:
    if not _ID.fullmatch(text):
        raise CellError(
            "id",
            f"{shown(text)} cannot be a short name: no spaces, commas, semicolons, quotation marks, @ or *, "
            "and at most 80 characters",
        )


def _known(column: Column, known: Collection[str], value: str | tuple[str, ...]) -> None:
    for word in (value,) if isinstance(value, str) else value:
        if word not in known:
            raise CellError("reference", lambda word=word: _dangling(column, known, word))  # type: ignore[misc]


def _dangling(column: Column, known: Collection[str], word: str) -> str:
    if column.ref == "categories":
        where = f"a category of [weights] in case.toml ({', '.join(sorted(known)[:12])})"
    else:
        where = " or ".join(f"{table}.csv" for table in REFERENCES[column.ref])
        where = f"in {where}"
    return f"{shown(word)} is not {where}{did_you_mean(word, known)}"


def cell(value: Any, zone: ZoneInfo) -> str:
    """Write a value so that :func:`parser` reads the same value."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, frozenset):
        return " ".join(sorted(value))
    if isinstance(value, tuple):
        return " ".join(value)
    if isinstance(value, datetime):
        return moment_text(value, zone)
    if isinstance(value, time):
        return value.isoformat("auto" if value.second or value.microsecond else "minutes")
    if isinstance(value, str) and (value != value.strip() or "\0" in value):
        raise ValueError(f"{value!r} cannot be written in a table: spaces around it or NUL in it")
    return str(value)


def moment_text(value: datetime, zone: ZoneInfo) -> str:
    """A moment as local time, or with the offset where local time would be ambiguous."""
    local = value.astimezone(zone)
    precision = "auto" if local.second or local.microsecond else "minutes"
    text = local.replace(tzinfo=None).isoformat(" ", precision)
    if local.utcoffset() == local.replace(fold=1 - local.fold).utcoffset():
        return text
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", precision) + "Z"
