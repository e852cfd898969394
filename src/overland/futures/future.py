"""One future on paper: what happens in it, in the names of the case. It can be saved, edited and replayed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from overland.errors import PlanError


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RoadClosed(_Record):
    """A road closes that nobody foresaw."""

    road: str = Field(description="Id of the road; of a network, segment/ and its number.")
    start: datetime = Field(description="Closed from.")
    end: datetime | None = Field(description="Open again from; null: closed for good.")


class Slow(_Record):
    """Factors, period by period."""

    of: str = Field(description="Region; or crossing and mode, such as shehyni/bus.")
    factors: list[float] = Field(description="One for each period from the start.")


class Gate(_Record):
    """A crossing and mode that lets other numbers through."""

    of: str = Field(description="Crossing and mode, such as shehyni/bus.")
    rate: float = Field(default=1.0, ge=0, description="Factor on the persons who pass.")
    shut: datetime | None = Field(default=None, description="Nobody passes from then on.")


class Threatened(_Record):
    """A place becomes more dangerous."""

    place: str
    start: datetime
    factor: float = Field(gt=0, description="On its hazard.")


class Silence(_Record):
    """Nobody in a region can be told anything."""

    region: str
    start: datetime
    end: datetime


class VehicleAway(_Record):
    """A vehicle comes late, or begins nothing more from a moment on."""

    vehicle: str
    late_hours: float = Field(default=0.0, ge=0)
    ends: datetime | None = Field(default=None, description="At the start of the case: it never comes.")


class GroupOtherwise(_Record):
    """A group is late, leaves by itself, or stays."""

    group: str
    late_hours: float = Field(default=0.0, ge=0)
    gone: datetime | None = Field(default=None, description="It is not there any more from then on.")
    why: Literal["alone", "stays"] | None = None


class Newcomers(_Record):
    """People appear whom nobody knew of."""

    place: str
    size: int = Field(ge=1)
    ready: datetime
    weight: float = Field(ge=0)
    countries: list[str] = Field(description="That let them in.")


class Future(_Record):
    """What happens in one future."""

    format: Literal["overland-future/1"] = "overland-future/1"
    case: str = Field(description="Id of the case.")
    seed: int = Field(description="With the number, what it was drawn from; an edited future keeps them.")
    number: int
    war: datetime | None = Field(default=None, description="The attack begins; null: not in the horizon.")
    period_hours: float = Field(gt=0)
    travel: list[Slow] = Field(default=[], description="Factors on the time on the road, of regions.")
    waits: list[Slow] = Field(default=[], description="Factors on the forecast waits.")
    gates: list[Gate] = []
    closures: list[RoadClosed] = []
    threatened: list[Threatened] = []
    silences: list[Silence] = []
    vehicles: list[VehicleAway] = []
    cancelled: list[str] = Field(default=[], description="Runs of services, such as d715@2022-02-18.")
    groups: list[GroupOtherwise] = []
    newcomers: list[Newcomers] = []


def write_future(future: Future, path: Path) -> None:
    """Write a future so that a reader never sees half of it."""
    draft = path.with_suffix(path.suffix + ".part")
    draft.write_text(future.model_dump_json(indent=1, exclude_defaults=False), encoding="utf-8")
    draft.replace(path)


def read_future(path: Path) -> Future:
    """Read a future.

    Raises
    ------
    PlanError
        If the file cannot be read or is no future; the message names the fields at fault.
    """
    try:
        return Future.model_validate_json(path.read_bytes())
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False, include_input=False)
        lines = [f"{path}: {'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in faults[:20]]
        raise PlanError("\n".join([*lines, f"{path} is not a future."])) from error
    except OSError as error:
        raise PlanError(f"{path}: cannot be read: {error.strerror}") from error
