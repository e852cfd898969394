"""One future on paper: what happens in it, in the names of the case. It can be saved, edited and replayed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from overland.errors import PlanError

MOST = 100_000.0  # of any number here: far beyond what makes sense
Factor = Annotated[float, Field(gt=0, le=MOST)]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RoadClosed(_Record):
    """A road closes that nobody foresaw."""

    road: str = Field(description="Id of the road; of a network, segment/ and its number.")
    start: AwareDatetime = Field(description="Closed from.")
    end: AwareDatetime | None = Field(description="Open again from; null: closed for good.")


class Slow(_Record):
    """Factors, period by period."""

    of: str = Field(description="Region; or crossing and mode, such as shehyni/bus.")
    factors: list[Factor] = Field(description="One for each period from the start.")


class Gate(_Record):
    """A crossing and mode that lets other numbers through."""

    of: str = Field(description="Crossing and mode, such as shehyni/bus.")
    rate: float = Field(default=1.0, ge=0, le=MOST, description="Factor on the persons who pass.")
    shut: AwareDatetime | None = Field(default=None, description="Nobody passes from then on.")


class Threatened(_Record):
    """A place becomes more dangerous."""

    place: str = Field(description="Id of the place.")
    start: AwareDatetime = Field(description="From then on.")
    factor: Factor = Field(description="On its hazard.")


class Silence(_Record):
    """Nobody in a region can be told anything."""

    region: str = Field(description="Name of the region.")
    start: AwareDatetime = Field(description="From when.")
    end: AwareDatetime = Field(description="Until when.")


class VehicleAway(_Record):
    """A vehicle comes late, or begins nothing more from a moment on."""

    vehicle: str = Field(description="Fleet and number, such as kyiv-coaches-07.")
    late_hours: float = Field(default=0.0, ge=0, le=MOST, description="Later at its depot than it was to be.")
    ends: AwareDatetime | None = Field(
        default=None, description="It begins nothing from then on; at the start of the case: it never comes."
    )


class GroupOtherwise(_Record):
    """A group is late, leaves by itself, or stays."""

    group: str = Field(description="Number of the group.")
    late_hours: float = Field(default=0.0, ge=0, le=MOST, description="Later than it was to be ready.")
    gone: AwareDatetime | None = Field(default=None, description="It is not there any more from then on.")
    why: Literal["alone", "stays"] | None = Field(
        default=None, description="Has left by itself, or stays where it is."
    )


class Newcomers(_Record):
    """People appear whom nobody knew of."""

    place: str = Field(description="Where.")
    size: int = Field(ge=1, le=10_000, description="People, who go together.")
    ready: AwareDatetime = Field(description="They appear, and can leave.")
    weight: float = Field(ge=0, le=MOST, description="Of one of them.")
    countries: list[str] = Field(description="That let them in.")


class Future(_Record):
    """What happens in one future."""

    format: Literal["overland-future/1"] = Field(default="overland-future/1", description="The format.")
    case: str = Field(description="Id of the case.")
    seed: int = Field(description="With the number, what it was drawn from; an edited future keeps them.")
    number: int = Field(description="The future among those of the seed.")
    war: AwareDatetime | None = Field(
        default=None, description="The attack begins; null: not in the horizon."
    )
    period_hours: float = Field(gt=0, le=MOST, description="Length of the periods that factors are of.")
    travel: list[Slow] = Field(default=[], description="Factors on the time on the road, of regions.")
    waits: list[Slow] = Field(default=[], description="Factors on the forecast waits.")
    gates: list[Gate] = Field(default=[], description="Crossings and modes that let other numbers through.")
    closures: list[RoadClosed] = Field(default=[], description="Roads that close, unforeseen.")
    threatened: list[Threatened] = Field(default=[], description="Places that become more dangerous.")
    silences: list[Silence] = Field(default=[], description="Regions in which nobody can be told anything.")
    vehicles: list[VehicleAway] = Field(default=[], description="Vehicles that are late or do not come.")
    cancelled: list[str] = Field(default=[], description="Runs of services, such as d715@2022-02-18.")
    groups: list[GroupOtherwise] = Field(
        default=[], description="Groups that are late, leave alone, or stay."
    )
    newcomers: list[Newcomers] = Field(default=[], description="People whom nobody knew of.")


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
