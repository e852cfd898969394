"""Stops of lines: part of the domain model, of which `model` is the rest."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from overland.case.columns import column


class StopKind(StrEnum):
    """What happens at a stop of a line."""

    BOARD = "board"  # people get on
    HUB = "hub"  # people get off, to change
    FOOT = "foot"  # people get off at a crossing, and walk across
    ACROSS = "across"  # the vehicle crosses with everybody who is still aboard: the last stop


@dataclass(frozen=True, slots=True, kw_only=True)
class LineStop:
    """A stop of a line: a route that a vehicle of ours may take in one trip (``lines.csv``)."""

    line: str = column("Short name of the line.", key=True, example="north-villages")
    sequence: int = column("Order of the stop, from 1.", key=True, minimum=1)
    stop: str = column("Place, hub or crossing.", ref="nodes", example="kyiv")
    kind: StopKind = column(
        "board: people get on; hub: they get off to change; foot: they get off and walk across; across: the "
        "vehicle crosses. People get on at the first stops, and off at the others.",
        example="board",
    )
    source: str = column("Source or assumption.", ref="notes", default="")
