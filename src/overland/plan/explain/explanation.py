"""The document ``explanation.json``: what binds in a plan, and what one more of something would save.

The schema is here and nowhere else; ``docs/plan-format.md`` is generated from it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

FORMAT: Literal["overland-explanation/1"] = "overland-explanation/1"

Kind = Literal[
    "fleet",
    "crossing",
    "opening",
    "boarding",
    "reception",
    "country",
    "service",
    "corridor",
    "closure",
    "hub",
]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Again(_Record):
    """The same case planned again from the plan, with the effort that each change was given."""

    seeds: list[int] = Field(description="Of the searches, one after another.")
    seconds: float = Field(description="Seconds that each search may take.")
    rounds: int | None = Field(description="Rounds of work of each; null: by the clock.")
    costs: list[float] = Field(description="Cost found with each seed.")
    bound: float = Field(description="The best bound found.")
    noise: float | None = Field(
        description="How far costs differ by chance alone: the greatest less the least; null for one seed."
    )


class Checked(_Record):
    """What planning anew says of a change."""

    costs: list[float] = Field(description="Cost found with each seed.")
    saves: float = Field(
        description="Mean, over the seeds, of the cost found without the change less that with it."
    )
    is_clear: bool = Field(
        description="Every seed says that it saves (or costs) something, and the mean exceeds the noise."
    )
    bound: float = Field(description="No plan of the changed case costs less: proven.")
    lowers_bound: float = Field(description="The bound without the change less that with it.")


class Saving(_Record):
    """What one change of the case would save."""

    kind: Kind = Field(description="What kind of change it is.")
    subject: str = Field(
        description="Id of the fleet, crossing, place, centre, country, service or corridor; the road."
    )
    detail: str = Field(description="Mode of the crossing; else empty.")
    what: str = Field(description="The change in words.")
    why: str = Field(description="What binds there, in a sentence; empty if nothing is known of it.")
    saves: float | None = Field(
        description="Weighted person-hours, estimated: what the bound loses at the prices of the proof; null "
        "where prices say nothing."
    )
    checked: Checked | None = Field(description="What planning anew says; null: not tried.")


class Explanation(_Record):
    """The whole explanation."""

    format: Literal["overland-explanation/1"] = FORMAT
    case: str = Field(description="Id of the case.")
    case_digest: str = Field(description="SHA-256 of the case as read.")
    overland: str = Field(description="Version that made it.")
    cost: float = Field(description="Cost of the plan that is explained.")
    bound: float = Field(description="No plan of the case costs less, by the prices of the proof.")
    has_prices: bool = Field(
        description="False: all prices of the proof are zero, as after too short a run; nothing "
        "can be estimated then."
    )
    complete: bool = Field(description="False: ended by the user before all was estimated and checked.")
    again: Again | None = Field(description="What changes are measured against; null: none was tried.")
    savings: list[Saving] = Field(description="Most valuable first, those tried before the others.")


def write_explanation(explanation: Explanation, path: Path) -> None:
    """Write an explanation so that a reader never sees half of it."""
    draft = path.with_suffix(path.suffix + ".part")
    draft.write_text(explanation.model_dump_json(indent=1), encoding="utf-8")
    draft.replace(path)
