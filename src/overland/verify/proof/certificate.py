"""Whether a proof is one: of this case, sound, and as high as it and the plan say."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import isfinite

from overland.case import digest
from overland.case.model import Case
from overland.errors import PlanError
from overland.plan.document import Plan
from overland.plan.proof import UNITS_PER_HOUR, Proof
from overland.roads import RoadTimes
from overland.verify.proof.recomputation import recompute_bound
from overland.verify.proof.schedules import EFFORTS
from overland.verify.proof.units import UNIT, RefusedError
from overland.verify.terms import Terms
from overland.verify.violation import Violation

MILLIONTH = 1_000_000
"""A bound may be claimed that is higher by this part of it: the planner's is rounded otherwise."""


@dataclass(frozen=True, slots=True)
class Certified:
    """What came of recomputing a bound.

    Attributes
    ----------
    bound : float or None
        Weighted person-hours, rounded down; None where the proof could not be recomputed.
    violations : tuple of Violation
        Empty if the certificate holds.
    """

    bound: float | None
    violations: tuple[Violation, ...]


def certify(case: Case, plan: Plan, proof: Proof, times: RoadTimes | None = None) -> Certified:
    """Recompute the bound from a proof, and compare it with what proof and plan claim.

    Parameters
    ----------
    case : Case
        The case.
    plan : Plan
        The plan whose bound is to be proven.
    proof : Proof
        The proof.
    times : RoadTimes, optional
        Road times of the case, if they are at hand.
    """
    if proof.case != case.id:
        return _refused("case", f"the proof is for case {proof.case}, not {case.id}")
    right = digest(case)
    if proof.case_digest != right:
        return _refused(
            "case_digest",
            f"the case has changed: {right[:12]}…, not {proof.case_digest[:12]}… as in the proof",
        )
    if not isfinite(plan.certificate.bound):
        return _refused("certificate.bound", f"{plan.certificate.bound} is no number")
    stated = plan.certificate.deadline
    if (None if proof.deadline is None else case.time_of(proof.deadline)) != stated:
        meant = "all plans" if stated is None else f"those that clear by {stated:%Y-%m-%d %H:%M} UTC"
        return _refused("deadline", f"the plan's bound is that of {meant}, the proof's is not")
    claims = {
        "bound of the proof": Fraction(proof.bound, UNITS_PER_HOUR),
        "certificate.bound": Fraction(plan.certificate.bound),
    }
    try:
        units = _best_bound(Terms(case, times), proof, claims)
    except RefusedError as refused:
        return Certified(None, (refused.violation,))
    except PlanError as error:
        return _refused("prices", str(error))
    short = [
        Violation(
            "proof",
            subject,
            f"recomputed from the prices it is {units / UNIT:.10g}, "
            f"{float(claim) - units / UNIT:.6g} less than the {float(claim):.10g} claimed",
        )
        for subject, claim in claims.items()
        if not _reaches(units, claim)
    ]
    return Certified(units / UNIT, tuple(short))


def _best_bound(terms: Terms, proof: Proof, claims: dict[str, Fraction]) -> int:
    """The bound in units; with more effort where it would not reach what is claimed."""
    units = recompute_bound(terms, proof).units
    for effort in EFFORTS[1:]:
        if not all(_reaches(units, claim) for claim in claims.values()):
            units = max(units, recompute_bound(terms, proof, effort).units)
    return units


def _reaches(units: int, claim: Fraction) -> bool:
    """Whether a bound in units is as high as one that is claimed, or less by no more than its rounding."""
    return claim * UNIT * MILLIONTH <= units * MILLIONTH + max(units, UNIT)


def _refused(subject: str, message: str) -> Certified:
    return Certified(None, (Violation("proof", subject, message),))
