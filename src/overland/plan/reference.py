"""The page ``docs/plan-format.md``, generated from the models: ``python -m overland.plan.reference``."""

from __future__ import annotations

import sys
from datetime import datetime
from importlib.resources import files
from string import Template
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import AwareDatetime, BaseModel
from pydantic.fields import FieldInfo

from overland.plan.document import Plan
from overland.plan.explain.explanation import Explanation
from overland.plan.sheets import (
    CAR_ADVICE_COLUMNS,
    MANIFEST_COLUMNS,
    SPARE_SEAT_COLUMNS,
    STOP_COLUMNS,
    TRIP_COLUMNS,
    SheetColumn,
)

_TYPES: dict[Any, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    datetime: "moment",
    AwareDatetime: "moment",
    NoneType: "null",
}


def page() -> str:
    """Make the whole page: the prose of ``plan-format.md`` in this room, with what the models declare."""
    prose = files("overland.plan").joinpath("plan-format.md").read_text(encoding="utf-8")
    return Template(prose).substitute(
        plan=fields_table(Plan),
        records="\n\n".join(record_section(record) for record in records()),
        trips=columns_table(TRIP_COLUMNS),
        stops=columns_table(STOP_COLUMNS),
        explanation=fields_table(Explanation),
        explanation_records="\n\n".join(record_section(record) for record in records(Explanation)),
        manifests=columns_table(MANIFEST_COLUMNS),
        car_advice=columns_table(CAR_ADVICE_COLUMNS),
        spare_seats=columns_table(SPARE_SEAT_COLUMNS),
    )


def records(document: type[BaseModel] = Plan) -> list[type[BaseModel]]:
    """The records that a document is made of, in the order of its fields; each before its own."""
    found: dict[type[BaseModel], None] = {}
    for field in document.model_fields.values():
        for kind in (field.annotation, *get_args(field.annotation)):
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                found |= {kind: None} | dict.fromkeys(records(kind))
    return list(found)


def record_section(record: type[BaseModel]) -> str:
    """A record under its name: what it is, and its fields."""
    return f"### {record.__name__}\n\n{summary_of(record)}\n\n{fields_table(record)}"


def fields_table(record: type[BaseModel]) -> str:
    """The fields of a record as a table."""
    rows = ["| field | type | meaning |", "|---|---|---|"]
    rows += [_row(name, field) for name, field in record.model_fields.items()]
    return "\n".join(rows)


def _row(name: str, field: FieldInfo) -> str:
    meaning = field.description or _meaning_of(field.annotation)
    if not field.is_required():
        meaning = f"{meaning} Default `{field.default}`.".strip()
    return f"| `{name}` | {_type(field.annotation)} | {_escaped(meaning)} |"


def _meaning_of(kind: Any) -> str:
    """What a record says of itself, for a field that says nothing."""
    parts = [part for part in (kind, *get_args(kind)) if isinstance(part, type)]
    return next((summary_of(part) for part in parts if issubclass(part, BaseModel)), "")


def summary_of(record: type[BaseModel]) -> str:
    """The first line of what a record says of itself."""
    return (record.__doc__ or "").strip().splitlines()[0]


def _type(kind: Any) -> str:
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _type(parts[0])
    if origin is list:
        return f"list of {_type(parts[0])}"
    if origin is tuple:
        return f"[{', '.join(_type(part) for part in parts)}]"
    if origin is Literal:
        return " or ".join(f"`{part}`" for part in parts)
    if origin in (UnionType, Union):
        return " or ".join(_type(part) for part in parts)
    if issubclass(kind, BaseModel):
        return f"[{kind.__name__}](#{kind.__name__.lower()})"
    return _TYPES[kind]


def columns_table(columns: tuple[SheetColumn, ...]) -> str:
    """The columns of a sheet as a table."""
    rows = ["| column | meaning |", "|---|---|"]
    rows += [f"| `{column.name}` | {_escaped(column.doc)} |" for column in columns]
    return "\n".join(rows)


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(page())
