"""Whether a proof is one: of this case, sound, and as high as it and the plan say."""

from __future__ import annotations

from dataclasses import dataclass

from overland.case import digest
from overland.case.model import Case
from overland.errors import PlanError
from overland.plan.document import Plan
from overland.plan.proof import UNITS_PER_HOUR, Proof
from overland.roads import RoadTimes
from overland.verify.proof.recomputation import recompute_bound
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
    try:
        units = recompute_bound(Terms(case, times), proof).units
    except RefusedError as refused:
        return Certified(None, (refused.violation,))
    except PlanError as error:
        return _refused("prices", str(error))
    claims = {"bound of the proof": (proof.bound, UNITS_PER_HOUR)}
    claims["certificate.bound"] = plan.certificate.bound.as_integer_ratio()
    short = [
        Violation(
            "proof",
            subject,
            f"recomputed from the prices it is {units / UNIT:.10g}, "
            f"{number / parts - units / UNIT:.6g} less than the {number / parts:.10g} claimed",
        )
        for subject, (number, parts) in claims.items()
        if number * UNIT * MILLIONTH > (max(units, 0) * MILLIONTH + max(units, UNIT)) * parts
    ]
    return Certified(units / UNIT, tuple(short))


def _refused(subject: str, message: str) -> Certified:
    return Certified(None, (Violation("proof", subject, message),))
