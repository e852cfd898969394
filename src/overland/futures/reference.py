"""The page ``docs/futures.md``, generated from the models: ``python -m overland.futures.reference``."""

from __future__ import annotations

import sys
from importlib.resources import files
from string import Template

from pydantic import BaseModel

from overland.futures.future import Future
from overland.futures.sheets import DIFFERENCE_COLUMNS, EFFECT_COLUMNS, FUTURE_COLUMNS, PLACE_COLUMNS
from overland.futures.stress_report import StressReport
from overland.futures.uncertainty import Uncertainty
from overland.plan.reference import columns_table, fields_table, record_section, records, summary_of


def page() -> str:
    """Make the whole page: the prose of ``futures.md`` in this room, with what the models declare."""
    prose = files("overland.futures").joinpath("futures.md").read_text(encoding="utf-8")
    return Template(prose).substitute(
        sections=_sections(),
        future=fields_table(Future),
        future_records="\n\n".join(record_section(record) for record in records(Future)),
        stress=fields_table(StressReport),
        futures=columns_table(FUTURE_COLUMNS),
        places=columns_table(PLACE_COLUMNS),
        differences=columns_table(DIFFERENCE_COLUMNS),
        effects=columns_table(EFFECT_COLUMNS),
        stress_records="\n\n".join(record_section(record) for record in records(StressReport)),
    )


def _sections() -> str:
    """The sections of ``futures.toml``, in their order."""
    parts = []
    for name, field in Uncertainty.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            text = summary_of(kind).removeprefix(f"[{name}] ")
            parts.append(f"### [{name}]\n\n{text}\n\n{fields_table(kind)}")
        else:
            parts.append(f"### [{name}]\n\n{field.description}")
    return "\n\n".join(parts)


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(page())
