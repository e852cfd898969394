"""Convoys that run: which, from where, and at which step."""

from __future__ import annotations

from dataclasses import dataclass

from overland.case.model import Case, CorridorStatus


@dataclass(frozen=True, slots=True)
class RunningConvoy:
    """A convoy whose corridor has been agreed."""

    id: str
    corridor: str
    place: str
    step: int  # at which all its vehicles leave
    vehicles: int


def running_convoys(case: Case) -> tuple[RunningConvoy, ...]:
    """Convoys of accepted, escorted corridors that leave within the horizon."""
    agreed = {c.id for c in case.corridors if c.escorted and c.status is CorridorStatus.ACCEPTED}
    found = (
        RunningConvoy(row.id, row.corridor, row.place, case.step_of(row.departs, up=True), row.vehicles)
        for row in case.convoys
        if row.corridor in agreed
    )
    return tuple(convoy for convoy in found if 0 <= convoy.step < case.steps)
