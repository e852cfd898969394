"""``overland verify``: check a plan against every rule, from the files alone."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from overland.commands.documents import PROOF

if TYPE_CHECKING:
    from overland.case.model import Case
    from overland.plan.document import Plan
    from overland.roads import RoadTimes
    from overland.verify import Figures, Violation
    from overland.verify.proof import Certified

RUNNING = "running.json"


def verify(
    case: Annotated[Path, typer.Argument(help="The case folder.", metavar="CASE", show_default=False)],
    plan: Annotated[
        Path, typer.Argument(help="The plan document, plan.json.", metavar="PLAN", show_default=False)
    ],
    proof: Annotated[
        Path | None,
        typer.Option("--proof", help="The proof of the bound; proof.json beside the plan if that is there."),
    ] = None,
    past: Annotated[
        Path | None,
        typer.Option(
            "--past",
            help="For a re-plan, the plan that was running; running.json beside it if that is there.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome for a program to read.")] = False,
) -> None:
    """Check a plan against every rule, independently of the planner, and recompute its bound.

    Exits with 0 if the plan keeps them all, with 1 if it breaks any, with 2 if the files cannot be read.
    """
    from overland.case import read_case
    from overland.commands.documents import read_plan_document
    from overland.roads import RoadTimes
    from overland.verify import recompute
    from overland.verify import verify as find_violations

    known, document = read_case(case), read_plan_document(plan)
    times = RoadTimes.of(known)
    running = _running(document, plan, past)
    violations = find_violations(known, document, times, running)
    figures = recompute(known, document, times)
    certified = _certified(known, document, times, plan, proof)
    violations += certified.violations if certified else ()
    if as_json:
        typer.echo(_as_json(violations, figures, certified, _past(document, running)))
    elif violations:
        for violation in violations:
            typer.echo(str(violation))
        number = len(violations)
        typer.echo(f"{number:,} {'violation' if number == 1 else 'violations'} in {plan}", err=True)
    else:
        _print_confirmation(plan, document, figures, certified)
        if document.replanned is not None:
            _print_past(document, running)
    if violations:
        raise typer.Exit(1)


def _running(document: Plan, path: Path, past: Path | None) -> Plan | None:
    """The plan that was running, if there is one to hold the past against."""
    from overland.commands.documents import read_plan_document

    if past is None:
        past = path.parent / RUNNING
        if document.replanned is None or not past.exists():
            return None
    return read_plan_document(past)


def _print_past(plan: Plan, running: Plan | None) -> None:
    assert plan.replanned is not None
    now = f"{plan.replanned.now:%Y-%m-%d %H:%M} UTC"
    if running is None:
        typer.echo(f"  what left before {now} was believed: there is no {RUNNING} beside the plan")
    else:
        typer.echo(f"  what left before {now} is as in the running plan")


def _certified(case: Case, plan: Plan, times: RoadTimes, path: Path, proof: Path | None) -> Certified | None:
    """Recompute the bound, if there is a proof of it."""
    from overland.plan.proof import read_proof
    from overland.verify.proof import certify

    if proof is None:
        proof = path.parent / PROOF
        if not proof.exists():
            return None
    return certify(case, plan, read_proof(proof), times)


def _past(plan: Plan, running: Plan | None) -> str | None:
    """What the past of a re-plan was held against."""
    if plan.replanned is None:
        return None
    return "believed" if running is None else "as in the running plan"


def _as_json(
    violations: list[Violation], figures: Figures, certified: Certified | None, past: str | None
) -> str:
    document = {
        "violations": [asdict(violation) for violation in violations],
        "figures": asdict(figures),
        "recomputed_bound": certified.bound if certified else None,
        "past": past,
    }
    return json.dumps(document, ensure_ascii=False, indent=1, default=str)


def _print_confirmation(path: Path, plan: Plan, figures: Figures, certified: Certified | None) -> None:
    cleared = f"the last at {figures.cleared:%Y-%m-%d %H:%M} UTC" if figures.cleared else "nobody"
    left = figures.people - figures.out
    typer.echo(f"{path}: the plan keeps every rule. Recomputed:")
    typer.echo(f"  out            {figures.out:,} of {figures.people:,} people, {cleared}")
    typer.echo(f"  left           {left:,} people, {figures.stranded:,} of them without any way out")
    typer.echo(f"  cost           {figures.cost:,.1f} weighted person-hours")
    typer.echo(f"  exposure       {figures.exposure:,.1f}, and {figures.left_cost:,.1f} for those left")
    typer.echo(f"  vehicle hours  {figures.vehicle_hours:,.1f}")
    proof = plan.certificate
    if proof.earliest_cleared is not None:
        earliest = f"{proof.earliest_cleared:%Y-%m-%d %H:%M} UTC"
        typer.echo(f"  clearance      no plan with as many out clears before {earliest}")
    if proof.least_left:
        typer.echo(f"  least left     {proof.least_left:,} people who have a way out")
    if proof.deadline is not None:
        typer.echo(f"  the bound is that of the plans that clear by {proof.deadline:%Y-%m-%d %H:%M} UTC")
    typer.echo(f"  certificate    bound {proof.bound:,.1f}, gap {proof.gap:.2%}")
    if certified is None and plan.replanned is not None and proof.bound <= 0:
        typer.echo("  no bound is claimed for a re-plan: none is below 0")
    elif certified is None:
        typer.echo(f"  the bound was taken on the planner's word: there is no {PROOF} beside the plan")
    elif certified.bound is not None:
        typer.echo(f"  bound recomputed: {certified.bound:,.1f}; the certificate holds")
