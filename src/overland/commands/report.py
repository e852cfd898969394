"""``overland report``: the page of a plan."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def report(
    case: Annotated[Path, typer.Argument(help="The case folder.", metavar="CASE", show_default=False)],
    plan: Annotated[
        Path, typer.Argument(help="The plan document, plan.json.", metavar="PLAN", show_default=False)
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The page to write; replaced if it is there.")
    ] = Path("report.html"),
) -> None:
    """Write one HTML page of a plan: map in time, curve, border, duties. It opens without a network."""
    from overland.case import read_case
    from overland.commands.documents import read_plan_of
    from overland.report import write_report
    from overland.roads import RoadTimes

    known = read_case(case)
    document = read_plan_of(known, plan)
    write_report(known, document, RoadTimes.of(known), output)
    typer.echo(f"Wrote {output}; open it in a browser.")
