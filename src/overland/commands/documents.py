"""Reading a plan document for a command: what is wrong with it is said, never a traceback."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from overland.errors import PlanError

if TYPE_CHECKING:
    from overland.case.model import Case
    from overland.plan.document import Plan
    from overland.plan.proof import Proof

PROOF = "proof.json"
FAULTS_SHOWN = 20


def read_plan_of(case: Case, path: Path) -> Plan:
    """Read a plan document and make sure that it is a plan of this case as it is now.

    Raises
    ------
    PlanError
        If the file is missing, is no plan document, or was made for another case or another state of it.
    """
    from overland.case import digest

    plan = read_plan_document(path)
    if plan.case_digest != digest(case):
        raise PlanError(
            f"{path}: this plan was made for another case or another state of it ({plan.case}, "
            f"{plan.case_digest[:12]}…). Plan the case again, or give the case as it was then."
        )
    return plan


def read_proof_of(case: Case, plan: Path, proof: Path | None) -> Proof:
    """Read the proof of a plan, beside the plan if it is not said where, and make sure it is of this case.

    Raises
    ------
    PlanError
        If there is none, or it was made for another case or another state of it.
    """
    from overland.case import digest
    from overland.plan.proof import read_proof

    path = proof or plan.parent / PROOF
    if proof is None and not path.exists():
        raise PlanError(
            f"{path}: there is no proof beside the plan; its prices are needed. Say with --proof where it "
            "is, or plan the case again."
        )
    found = read_proof(path)
    if found.case_digest != digest(case):
        raise PlanError(
            f"{path}: this proof was made for another case or another state of it ({found.case}, "
            f"{found.case_digest[:12]}…). Give the one that was written with the plan."
        )
    return found


def read_plan_document(path: Path) -> Plan:
    """Read a plan document.

    Raises
    ------
    PlanError
        If the file is missing or is no plan document; the message names the fields at fault.
    """
    from pydantic import ValidationError

    from overland.plan.document import read_plan

    try:
        return read_plan(path)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False, include_input=False)
        lines = [f"{path}: {_field(fault['loc'])}{fault['msg']}" for fault in faults[:FAULTS_SHOWN]]
        if len(faults) > FAULTS_SHOWN:
            lines.append(f"{path}: and {len(faults) - FAULTS_SHOWN:,} more")
        raise PlanError("\n".join([*lines, f"{path} is not a plan document."])) from error
    except OSError as error:
        raise PlanError(f"{path}: cannot be read: {error.strerror}") from error


def _field(place: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in place) + ": " if place else ""
