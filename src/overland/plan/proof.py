"""The proof ``proof.json``: the prices from which anybody can recompute the bound of a plan.

The schema is here and nowhere else; ``docs/proof.md`` says why the bound follows from the prices. All prices
are whole multiples of 1/1024 weighted person-hour, so that a reader computes with the very numbers that the
writer had.
"""

from __future__ import annotations

import zlib
from array import array
from base64 import b64decode, b64encode
from collections.abc import Sequence
from itertools import accumulate, chain, pairwise
from pathlib import Path
from sys import byteorder
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from overland.errors import PlanError

FORMAT: Literal["overland-proof/1"] = "overland-proof/1"
UNIT: Literal["1/1024 weighted person-hour"] = "1/1024 weighted person-hour"
UNITS_PER_HOUR = 1024
FAULTS_SHOWN = 10
MOST_VALUES = 20_000_000  # in one table: far more than any case has, and not too much for any machine

_LARGEST = 2**31 - 1


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Table(_Record):
    """A price for each of some nodes at each step 0 … T."""

    nodes: list[str] = Field(description="Ids of places or crossings, one a row.")
    packed: str = Field(
        description="The rows one after another as differences from step to step (the first from 0), "
        "little-endian int32, compressed by zlib, in base64."
    )


class VehicleType(_Record):
    """The prices of the vehicles of some fleets that are alike."""

    fleets: list[str] = Field(description="Ids of the fleets.")
    call: Table = Field(
        description="What a trip pays for a vehicle that begins to load at a place at a step; 0 elsewhere."
    )
    back: Table = Field(
        description="What a trip is paid for leaving the vehicle free at a node at a step; 0 elsewhere."
    )


class Toll(_Record):
    """What each person who counts against a limit pays."""

    kind: Literal["crossing", "reception", "country", "boarding", "service"] = Field(
        description="What kind of limit it is."
    )
    subject: str = Field(description="Id of the crossing, centre, country, place or service.")
    detail: str = Field(description="Mode of the crossing, local day of the centre, run of the service.")
    period: int = Field(description="Number of the window, of the day within the horizon, or of the leg.")
    price: int = Field(ge=0, description="In units of the proof.")


class Proof(_Record):
    """The whole proof."""

    format: Literal["overland-proof/1"] = FORMAT
    case: str = Field(description="Id of the case.")
    case_digest: str = Field(description="SHA-256 of the case as read; the proof is for this case only.")
    overland: str = Field(description="Version that made it.")
    unit: Literal["1/1024 weighted person-hour"] = UNIT
    steps: int = Field(ge=0, description="Steps of the horizon, T.")
    deadline: int | None = Field(
        default=None,
        ge=0,
        description="The bound is that of the plans in which everybody who gets out is out by this step; "
        "null: of all.",
    )
    bound: int = Field(ge=0, description="No plan costs less, it is claimed; in units of the proof.")
    vehicles: list[VehicleType]
    tolls: list[Toll] = Field(description="Of limits whose toll is not zero.")

    @property
    def bound_hours(self) -> float:
        """The bound claimed, in weighted person-hours."""
        return self.bound / UNITS_PER_HOUR


def packed(nodes: Sequence[str], rows: Sequence[Sequence[int]]) -> Table:
    """Pack a table of prices; all rows are of one length.

    Raises
    ------
    ValueError
        If a price or a difference of two is too large for the format.
    """
    differences = array("i", [])
    if differences.itemsize != 4:
        raise ValueError("this machine has no whole numbers of four bytes")
    try:
        for row in rows:
            differences.extend(b - a for a, b in pairwise(chain([0], row)))
    except OverflowError as error:
        raise ValueError("a price is too large to be written down") from error
    if byteorder == "big":
        differences.byteswap()
    return Table(nodes=list(nodes), packed=b64encode(zlib.compress(differences.tobytes(), 9)).decode("ascii"))


def unpacked(table: Table, length: int) -> list[list[int]]:
    """The rows of a table, each of so many prices.

    Raises
    ------
    PlanError
        If it does not hold just that many, or cannot be unpacked.
    """
    expected = 4 * length * len(table.nodes)
    if expected > 4 * MOST_VALUES:
        raise PlanError(f"a table of prices for {len(table.nodes):,} nodes and {length:,} steps is too large")
    try:
        unpacking = zlib.decompressobj()
        data = unpacking.decompress(b64decode(table.packed, validate=True), expected + 1)
    except (ValueError, zlib.error) as error:
        raise PlanError(f"a table of prices cannot be unpacked: {error}") from error
    if len(data) != expected or not unpacking.eof:
        more = "more" if len(data) > expected else f"{len(data) // 4:,}"
        wanted = f"{len(table.nodes):,} nodes × {length:,} steps"
        raise PlanError(f"a table of prices holds {more} where {expected // 4:,} belong ({wanted})")
    differences = array("i", data)
    if byteorder == "big":
        differences.byteswap()
    rows = [list(accumulate(differences[i * length : (i + 1) * length])) for i in range(len(table.nodes))]
    if any(abs(price) > _LARGEST for row in rows for price in row):
        raise PlanError(f"a table of prices holds one beyond ±{_LARGEST:,}")
    return rows


def read_proof(path: Path) -> Proof:
    """Read a proof.

    Raises
    ------
    PlanError
        If the file is missing or is no proof; the message names the fields at fault.
    """
    try:
        return Proof.model_validate_json(path.read_bytes())
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False, include_input=False)
        places = [".".join(map(str, fault["loc"])) for fault in faults[:FAULTS_SHOWN]]
        lines = [
            f"{path}: {place}: {fault['msg']}" if place else f"{path}: {fault['msg']}"
            for place, fault in zip(places, faults, strict=False)
        ]
        if len(faults) > FAULTS_SHOWN:
            lines.append(f"{path}: and {len(faults) - FAULTS_SHOWN:,} more")
        raise PlanError("\n".join([*lines, f"{path} is not a proof."])) from error
    except OSError as error:
        raise PlanError(f"{path}: cannot be read: {error.strerror}") from error


def write_proof(proof: Proof, path: Path) -> None:
    """Write a proof so that a reader never sees half of it."""
    draft = path.with_suffix(path.suffix + ".part")
    draft.write_text(proof.model_dump_json(indent=1), encoding="utf-8")
    draft.replace(path)
