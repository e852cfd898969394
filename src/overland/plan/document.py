"""The plan document ``plan.json``: what a plan is on paper, for people, programs and the verifier.

The schema is here and nowhere else; ``docs/plan-format.md`` is generated from it. Moments are aware UTC
and fall on steps of the case. The meaning of every field is fixed by ``docs/problem.md``.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer

FORMAT: Literal["overland-plan/1"] = "overland-plan/1"


Objective = Literal["exposure", "clearance", "lexicographic"]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Stop(_Record):
    """One stop of a trip of a line, in the order in which the vehicle makes them."""

    node: str = Field(description="Place, hub or crossing.")
    kind: Literal["board", "hub", "foot", "across"] = Field(
        description="What happens there, as in lines.csv."
    )
    arrive: datetime | None = Field(description="The vehicle is there; null at the first stop.")
    depart: datetime | None = Field(description="It leaves; null at the last stop.")
    passed: datetime | None = Field(
        description="People who get off are across; null where they get on, or change at a hub."
    )
    on: list[str] = Field(description="Ids of the groups that get on.")
    off: list[str] = Field(description="Ids of the groups that get off.")


class Trip(_Record):
    """One loaded trip of one vehicle."""

    id: str = Field(description="Unique in the plan, e.g. T0001.")
    vehicle: str = Field(description="Fleet id and number, e.g. kyiv-coaches-07 (numbers from 01).")
    origin: str = Field(description="Place or hub where everybody aboard boards (of a line: its first stop).")
    kind: Literal["across", "foot", "hub"] = Field(
        description="across: the vehicle crosses; foot: people walk across; hub: people change at a hub."
    )
    destination: str = Field(description="Crossing, or the hub.")
    depart: datetime = Field(description="Leaves the origin.")
    arrive: datetime = Field(description="Reaches the crossing or hub.")
    passed: datetime | None = Field(description="People are across; null for a trip to a hub.")
    free: datetime = Field(description="The vehicle can be used again, at the destination (near side).")
    groups: list[str] = Field(description="Ids of the groups aboard.")
    convoy: str | None = Field(default=None, description="Convoy that it is part of.")
    line: str | None = Field(
        default=None,
        description="Line that it is of; origin and departure are then those of the first stop, the other "
        "nodes and moments those of the last. Left out for other trips.",
    )
    stops: list[Stop] = Field(
        default=[], description="All stops of a trip of a line. Left out for other trips."
    )

    @model_serializer(mode="wrap")
    def _as_before_there_were_lines(self, written: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out what other trips do not have."""
        record: dict[str, Any] = written(self)
        if self.line is None and not self.stops:
            del record["line"], record["stops"]
        return record


class Move(_Record):
    """One empty move of one vehicle."""

    vehicle: str = Field(description="Vehicle, as in trips.")
    origin: str = Field(description="Node it leaves.")
    destination: str = Field(description="Place it goes to.")
    depart: datetime = Field(description="Leaves.")
    arrive: datetime = Field(description="Arrives.")


class Ride(_Record):
    """Groups on one run of a service between two stops."""

    run: str = Field(description="Service id @ local day of the first departure, e.g. d715@2022-02-18.")
    origin: str = Field(description="Stop where they board.")
    destination: str = Field(description="Hub, or crossing.")
    depart: datetime = Field(description="Step of the call at the origin (rounded down).")
    arrive: datetime = Field(description="Step of the call at the destination (rounded up).")
    passed: datetime | None = Field(description="People are across; null for a ride to a hub.")
    groups: list[str] = Field(description="Ids of the groups aboard.")


class Drive(_Record):
    """A group leaving in its own car."""

    group: str = Field(description="Id of the group.")
    origin: str = Field(description="Its place.")
    destination: str = Field(description="Crossing.")
    depart: datetime = Field(description="Leaves.")
    arrive: datetime = Field(description="Reaches the crossing.")
    passed: datetime = Field(description="Is across.")


class Left(_Record):
    """A group that is not out by the horizon."""

    group: str = Field(description="Id of the group.")
    stranded: bool = Field(
        description="True: could not get out even with unlimited vehicles, seats and rates."
    )
    reason: str = Field(description="Why, in a sentence.")


class Value(_Record):
    """What one more unit of a limit is worth, by the dual prices of the bound (an estimate)."""

    limit: str = Field(description="The limit in words.")
    kind: Literal["fleet", "crossing", "boarding", "reception", "country", "service"] = Field(
        description="What kind of limit it is."
    )
    subject: str = Field(description="Id of the fleet's depot, crossing, place, centre, country or service.")
    unit: str = Field(description="What one more means, e.g. 'one more bus', 'ten more persons an hour'.")
    saves: float = Field(description="Weighted person-hours saved, estimated.")


class Certificate(_Record):
    """How good the plan is."""

    cost: float = Field(description="Cost of the plan (weighted person-hours).")
    bound: float = Field(description="No feasible plan (that clears by the deadline, if any) costs less.")
    gap: float = Field(description="(cost - bound) / cost.")
    deadline: datetime | None = Field(
        default=None,
        description="The bound is that of the plans that have all who get out across by then; null: of all.",
    )
    least_left: int = Field(
        default=0, ge=0, description="Of those who are not stranded, no plan leaves fewer people."
    )
    earliest_cleared: datetime | None = Field(
        default=None,
        description="No plan with as many people out has the last of them out earlier; null: nothing "
        "is claimed.",
    )
    envelope: list[tuple[datetime, int]] = Field(
        description="Upper bound of the people out by each moment, in any plan."
    )


class Totals(_Record):
    """The figures of the summary; all recomputed by the verifier."""

    people: int = Field(description="People in all groups.")
    out: int = Field(description="Of them out by the horizon.")
    stranded: int = Field(description="Of the others, those who could not get out by any plan.")
    exposure: float = Field(
        description="Weighted person-hours at risk of those who get out (Σ of exposures)."
    )
    left_cost: float = Field(description="Cost of those left.")
    vehicle_hours: float = Field(description="Hours driven by vehicles.")
    cleared: datetime | None = Field(description="Moment the last one is out; null if nobody is.")


class Replanned(_Record):
    """That the plan was made while another was running, and what of that it keeps to."""

    now: datetime = Field(description="What leaves before this moment is as in the running plan.")
    known: datetime = Field(description="What came to be known until this moment is in the case.")
    running_digest: str = Field(description="SHA-256 of the case of the running plan.")
    missed: list[str] = Field(
        description="Groups that did not take the last departure they were to take before `now`."
    )
    change_price: float = Field(
        description="What the search charged for each person told otherwise; no part of the cost."
    )


class Work(_Record):
    """What a run that does not go by the clock was asked for, so that it can be made again."""

    rounds: int = Field(ge=1, description="Rounds asked for.")
    done: int = Field(ge=0, description="Rounds that the search has done; fewer where the gap was closed.")
    stopped: bool = Field(
        description="True: ended by the time limit or by the user, so that another run may end elsewhere."
    )


class Plan(_Record):
    """The whole plan."""

    format: Literal["overland-plan/1"] = FORMAT
    case: str = Field(description="Id of the case.")
    case_digest: str = Field(description="SHA-256 of the case as read; the plan is for this case only.")
    overland: str = Field(description="Version that made it.")
    objective: Objective = Field(
        default="exposure",
        description="What was to be least. exposure: cost; clearance: people left, then the moment the last "
        "one is out; lexicographic: the same, then cost.",
    )
    seed: int = Field(description="Seed of the search.")
    work: Work | None = Field(
        default=None,
        description="Work done; null where the run went by the clock, so that another may end elsewhere.",
    )
    seconds: float = Field(description="Time taken.")
    trips: list[Trip]
    moves: list[Move]
    rides: list[Ride]
    drives: list[Drive]
    left: list[Left]
    totals: Totals
    certificate: Certificate
    values: list[Value] = Field(description="Binding limits, most valuable first.")
    replanned: Replanned | None = Field(
        default=None, description="For a re-plan; null for a plan from scratch."
    )

    def is_ahead(self, depart: datetime) -> bool:
        """Whether what departs at a moment had not left when the plan was made: of a re-plan, some has."""
        return self.replanned is None or depart >= self.replanned.now


def read_plan(path: Path) -> Plan:
    """Read a plan document.

    Raises
    ------
    pydantic.ValidationError
        If the file is not a plan; it names every field at fault.
    """
    return Plan.model_validate_json(path.read_bytes())


def write_plan(plan: Plan, path: Path) -> None:
    """Write a plan document so that a reader never sees half of it."""
    draft = path.with_suffix(path.suffix + ".part")
    draft.write_text(plan.model_dump_json(indent=1), encoding="utf-8")
    draft.replace(path)
