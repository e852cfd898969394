"""``overland plan``: plan a case and write everything down."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from overland.commands.folders import make_folder, refuse_case
from overland.errors import PlanError, UsageError

if TYPE_CHECKING:
    from overland.case.model import Case
    from overland.plan.document import Plan


class Objective(StrEnum):
    """What a plan is made for."""

    EXPOSURE = "exposure"
    CLEARANCE = "clearance"
    LEXICOGRAPHIC = "lexicographic"


def plan(
    case: Annotated[Path, typer.Argument(help="The case folder.", metavar="CASE", show_default=False)],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Folder for the plan; made if it is not there.")
    ] = Path("out"),
    time_limit: Annotated[
        float, typer.Option("--time-limit", help="Seconds to search.", min=1.0, max=86_400.0)
    ] = 110.0,
    seed: Annotated[int, typer.Option("--seed", help="Of the search.", min=0)] = 0,
    work: Annotated[
        int | None,
        typer.Option(
            "--work",
            help="Rounds of work to do instead of all the time there is: the same seed and work give the "
            "same plan on any machine. The time limit still holds; the plan says if it ended the work.",
            min=1,
            max=1_000_000,
            show_default=False,
        ),
    ] = None,
    objective: Annotated[
        Objective,
        typer.Option(
            "--objective",
            help="What is to be least: exposure and driving; or people left and then the time until the last "
            "one is out (clearance); or these and then exposure and driving (lexicographic).",
        ),
    ] = Objective.EXPOSURE,
    start: Annotated[
        Path | None,
        typer.Option("--start", help="A plan.json of the case to start from.", show_default=False),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print no progress.")] = False,
) -> None:
    """Plan a case: who leaves when, in what, through which crossing, with a proven bound.

    Writes plan.json, proof.json, report.html and sheets: trips.csv, stops.csv (if a trip is of a line),
    manifests.csv, car-advice.csv and spare-seats.csv. Ctrl-C ends the search; the best plan until then is
    written.
    """
    from overland.case import read_case
    from overland.commands.documents import read_plan_of

    known = read_case(case)
    refuse_case(output, case)
    begun = read_plan_of(known, start) if start else None
    if begun is not None and begun.replanned is not None:
        raise PlanError(
            f"{start}: a re-plan cannot be what a plan from scratch starts from; re-plan it instead."
        )
    make_plan(
        known,
        output,
        time_limit=time_limit,
        seed=seed,
        work=work,
        objective=objective,
        quiet=quiet,
        start=begun,
    )


def make_plan(
    known: Case,
    output: Path,
    *,
    time_limit: float,
    seed: int,
    quiet: bool,
    work: int | None = None,
    objective: Objective = Objective.EXPOSURE,
    start: Plan | None = None,
) -> Plan:
    """Plan a case, write the documents to a folder, and print the summary.

    Raises
    ------
    UsageError
        If the folder cannot be written.
    """
    from overland.commands.progress import following, stages
    from overland.commands.summary import print_summary
    from overland.plan import solve_with_proof
    from overland.plan.document import write_plan
    from overland.plan.proof import write_proof
    from overland.plan.sheets import write_sheets
    from overland.plan.spare_seats import spare_seats
    from overland.report import write_report
    from overland.roads import RoadTimes
    from overland.roads.rails import Rails

    make_folder(output, "the plan")
    compile_kernels(quiet=quiet)
    times = RoadTimes.of(known)
    if known.railways is not None:
        Rails.of(known)  # the report would find it out only after the planning
    with stages(quiet=quiet) as show:
        times.prepare(lambda done, of: show("road times", done, of))
    with following(time_limit, quiet=quiet) as progress:
        made, proof = solve_with_proof(
            known,
            time_limit=time_limit,
            seed=seed,
            work=work,
            objective=objective.value,
            times=times,
            start=start,
            progress=progress,
        )
    offers = spare_seats(known, made)
    try:
        write_plan(made, output / "plan.json")
        write_proof(proof, output / "proof.json")
        sheets = write_sheets(known, made, times, offers, output)
        write_report(known, made, times, output / "report.html")
    except OSError as error:
        raise UsageError(f"{output}: the plan cannot be written: {error.strerror}") from error
    print_summary(known, made, offers)
    typer.echo(f"\nplan      {output / 'plan.json'}, its bound to be recomputed from {output / 'proof.json'}")
    typer.echo(f"sheets    {', '.join(map(str, sheets))}")
    typer.echo(f"report    {output / 'report.html'}")
    return made


def compile_kernels(*, quiet: bool) -> None:
    """Let the kernels be compiled (once for an installation) before the clock starts."""
    from overland.plan import warmup

    if warmup.kernels_are_compiled():
        return
    if not quiet:
        typer.echo("Compiling the kernels; this happens once and takes some minutes …", err=True)
    warmup.compile_kernels()
    sys.stderr.flush()
