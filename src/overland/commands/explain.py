"""``overland explain``: what binds in a plan, and what one more of something would save."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from overland.commands.folders import make_folder
from overland.errors import PlanError, UsageError


def explain(
    case: Annotated[Path, typer.Argument(help="The case folder.", metavar="CASE", show_default=False)],
    plan: Annotated[
        Path, typer.Argument(help="The plan document, plan.json.", metavar="PLAN", show_default=False)
    ],
    proof: Annotated[
        Path | None,
        typer.Option("--proof", help="The proof of its bound; proof.json beside the plan if not given."),
    ] = None,
    top: Annotated[
        int, typer.Option("--top", help="How many of the most valuable changes are planned anew.", min=0)
    ] = 5,
    seconds: Annotated[
        float, typer.Option("--seconds", help="Each search may take.", min=1.0, max=86_400.0)
    ] = 20.0,
    work: Annotated[
        int | None,
        typer.Option(
            "--work",
            help="Rounds of work of each search, instead of all its time, so that it can be repeated.",
            min=1,
            max=1_000_000,
            show_default=False,
        ),
    ] = None,
    searches: Annotated[
        int,
        typer.Option(
            "--searches",
            help="Searches of each changed case, with different seeds: what differs by chance shows.",
            min=1,
            max=100,
        ),
    ] = 2,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Folder for explanation.json; that of the plan if not given."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the explanation for a program to read.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print no progress.")] = False,
) -> None:
    """Explain a plan: what binds, and what one more bus, person an hour or hour of a corridor would save.

    Everything is estimated from the prices behind the bound; the most valuable changes are planned anew, as
    is the unchanged case, from the plan and with the same effort. Writes explanation.json. Ctrl-C ends the
    work; what there is until then is written.
    """
    from overland.case import read_case
    from overland.commands.documents import read_plan_of, read_proof_of
    from overland.commands.explanation import print_explanation
    from overland.commands.plan import compile_kernels
    from overland.commands.progress import stages
    from overland.plan.explain.explaining import explain as explain_plan
    from overland.plan.explain.explanation import write_explanation
    from overland.plan.explain.resolving import Trial
    from overland.roads import RoadTimes

    known = read_case(case)
    document = read_plan_of(known, plan)
    if document.replanned is not None:
        raise PlanError(f"{plan}: a re-plan has no bound, and so no prices; explain a plan from scratch.")
    prices = read_proof_of(known, plan, proof)
    folder = output or plan.parent
    make_folder(folder, "the explanation")
    compile_kernels(quiet=quiet)
    trial = Trial(tuple(range(searches)), 86_400.0 if work else seconds, work)
    times = RoadTimes.of(known)
    with stages(quiet=quiet) as show:
        times.prepare(lambda done, of: show("road times", done, of))
        found = explain_plan(known, document, prices, top=top, trial=trial, times=times, show=show)
    path = folder / "explanation.json"
    try:
        write_explanation(found, path)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error
    if as_json:
        typer.echo(found.model_dump_json(indent=1))
        return
    print_explanation(known, document, found)
    typer.echo(f"\nexplanation  {path}")
