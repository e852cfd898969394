"""``overland verify``: check a plan against every rule, from the files alone."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from overland.plan.document import Plan
    from overland.verify import Figures, Violation


def verify(
    case: Annotated[Path, typer.Argument(help="The case folder.", metavar="CASE", show_default=False)],
    plan: Annotated[
        Path, typer.Argument(help="The plan document, plan.json.", metavar="PLAN", show_default=False)
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome for a program to read.")] = False,
) -> None:
    """Check a plan against every rule, independently of the planner.

    Exits with 0 if the plan keeps them all, with 1 if it breaks any, with 2 if the files cannot be read.
    """
    from overland.case import read_case
    from overland.commands.documents import read_plan_document
    from overland.roads import RoadTimes
    from overland.verify import recompute
    from overland.verify import verify as find_violations

    known, document = read_case(case), read_plan_document(plan)
    times = RoadTimes.of(known)
    violations = find_violations(known, document, times)
    figures = recompute(known, document, times)
    if as_json:
        typer.echo(_as_json(violations, figures))
    elif violations:
        for violation in violations:
            typer.echo(str(violation))
        number = len(violations)
        typer.echo(f"{number:,} {'violation' if number == 1 else 'violations'} in {plan}", err=True)
    else:
        _print_confirmation(plan, document, figures)
    if violations:
        raise typer.Exit(1)


def _as_json(violations: list[Violation], figures: Figures) -> str:
    document = {"violations": [asdict(violation) for violation in violations], "figures": asdict(figures)}
    return json.dumps(document, ensure_ascii=False, indent=1, default=str)


def _print_confirmation(path: Path, plan: Plan, figures: Figures) -> None:
    cleared = f"the last at {figures.cleared:%Y-%m-%d %H:%M} UTC" if figures.cleared else "nobody"
    left = figures.people - figures.out
    typer.echo(f"{path}: the plan keeps every rule. Recomputed:")
    typer.echo(f"  out            {figures.out:,} of {figures.people:,} people, {cleared}")
    typer.echo(f"  left           {left:,} people, {figures.stranded:,} of them without any way out")
    typer.echo(f"  cost           {figures.cost:,.1f} weighted person-hours")
    typer.echo(f"  exposure       {figures.exposure:,.1f}, and {figures.left_cost:,.1f} for those left")
    typer.echo(f"  vehicle hours  {figures.vehicle_hours:,.1f}")
    typer.echo(f"  certificate    bound {plan.certificate.bound:,.1f}, gap {plan.certificate.gap:.2%}")
