"""What a rule between tables finds wrong."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """A row at fault, or a whole table."""

    table: str
    index: int | None  # of the row among the rows read
    column: str
    message: str
