"""The plan document, put together: a draft, what is proven of it, and how it was made."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

import overland
from overland.case import digest
from overland.case.model import Case
from overland.plan.build import Draft
from overland.plan.document import Certificate, Objective, Plan, Value, Work
from overland.plan.envelope import earliest_clearance

Ints = NDArray[np.int64]


def certificate_of(case: Case, draft: Draft, bound: float, curve: Ints, deadline: int | None) -> Certificate:
    """What is proven of a draft: the bound of its cost, and what the envelope says of those out.

    Parameters
    ----------
    bound : float
        Of all plans, or of those that clear by a deadline if there is one.
    curve : int64 (T + 1,)
        The envelope.
    """
    certified, totals = min(bound, draft.cost), draft.totals
    earliest = earliest_clearance(curve, totals.out)
    return Certificate(
        cost=draft.cost,
        bound=certified,
        gap=(draft.cost - certified) / draft.cost if draft.cost > 0 else 0.0,
        deadline=None if deadline is None else case.time_of(deadline),
        least_left=max(0, totals.people - totals.stranded - int(curve[-1])),
        earliest_cleared=case.time_of(earliest) if totals.out else None,
        envelope=[(case.time_of(k), int(n)) for k, n in enumerate(curve)],
    )


@dataclass(frozen=True, slots=True)
class Making:
    """How a plan was made."""

    objective: Objective
    seed: int
    work: Work | None
    seconds: float


def plan_document(
    case: Case, draft: Draft, certificate: Certificate, values: list[Value], made: Making
) -> Plan:
    """Put a draft and its certificate together."""
    return Plan(
        case=case.id,
        case_digest=digest(case),
        overland=overland.__version__,
        objective=made.objective,
        seed=made.seed,
        work=made.work,
        seconds=round(made.seconds, 1),
        trips=draft.trips,
        moves=draft.moves,
        rides=draft.rides,
        drives=draft.drives,
        left=draft.left,
        totals=draft.totals,
        certificate=certificate,
        values=values,
    )
