"""``overland compare``: plans of a case carried out in the same futures."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from overland.commands.folders import make_folder, refuse_case
from overland.commands.stress import Policy, compile_execution, futures_file
from overland.errors import UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from overland.futures.comparison import Difference

    Rows = NDArray[np.void]

COLUMNS = ("plan", "figure", "unit", "first", "other", "mean", "low", "high", "better", "worse")


def compare(
    case: Annotated[Path, typer.Argument(help="The case folder.", metavar="CASE", show_default=False)],
    plans: Annotated[
        list[Path],
        typer.Argument(help="Two plans or more; the others are held against the first.", metavar="PLAN…"),
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Folder for the results; made if it is not there.")
    ] = Path("out/compare"),
    futures: Annotated[int, typer.Option("--futures", help="How many.", min=2, max=999_999)] = 1000,
    seed: Annotated[int, typer.Option("--seed", help="Of the futures.", min=0)] = 0,
    policy: Annotated[Policy, typer.Option("--policy", help="As of overland stress.")] = Policy.DETOUR,
    may_go_wrong: Annotated[
        Path | None,
        typer.Option("--from", help="What may go wrong; futures.toml of the case.", show_default=False),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a run that was ended before.")] = False,
    cores: Annotated[
        int | None, typer.Option("--cores", help="Processes; by default all.", min=1, show_default=False)
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print no progress.")] = False,
) -> None:
    """Carry plans of a case out in the same futures: which holds better, by how much, and how sure that is.

    Writes compare.csv. Ctrl-C ends it; --resume goes on from what was done.
    """
    from overland.case import read_case
    from overland.commands.documents import read_plan_of
    from overland.commands.progress import stages
    from overland.futures.comparison import differences
    from overland.futures.stress import Parts, Run, carry_out_all, stage_of

    known = read_case(case)
    refuse_case(output, case)
    if len(plans) < 2:
        raise UsageError("compare takes two plans or more; one by itself is for overland stress.")
    for plan in plans:
        read_plan_of(known, plan)
    file = futures_file(case, may_go_wrong)
    runs = [Run.of(case, plan, policy=policy.value, seed=seed, futures=file) for plan in plans]
    for run in runs:
        stage_of(run)
    make_folder(output, "the results")
    compile_execution(runs[0], quiet=quiet)
    found: list[Rows] = []
    with stages(quiet=quiet) as show:
        for number, run in enumerate(runs, start=1):
            parts = Parts(output / f"parts-{number}")
            parts.begin(run, resume=resume)
            try:
                for done in carry_out_all(run, parts, futures, cores=cores):
                    show(f"plan {number} of {len(runs)}", done, futures)
            except KeyboardInterrupt as interrupt:
                typer.echo("ended; what is done is kept, --resume goes on", err=True)
                raise typer.Exit(130) from interrupt
            found.append(parts.together(stage_of(run), futures)[0])
    tables = [differences(found[0], rows, known.horizon_hours) for rows in found[1:]]
    _print(known.title, plans, found, tables, known.horizon_hours)
    path = output / "compare.csv"
    try:
        _write(plans, tables, path)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error
    typer.echo(f"\nresults   {path}")


def _print(
    title: str, plans: list[Path], found: list[Rows], tables: list[list[Difference]], horizon: float
) -> None:
    from rich.console import Console
    from rich.table import Table

    from overland.futures.comparison import figure, worst

    console = Console(highlight=False)
    console.print(f"\n[bold]{title}: {len(plans)} plans in the same {len(found[0]):,} futures[/bold]")
    tails = [worst(figure(rows, "cost", horizon)) for rows in found]
    for plan, other, tail in zip(plans[1:], tables, tails[1:], strict=True):
        table = Table(title=f"{plan} against {plans[0]}")
        table.add_column("on average")
        for heading in ("first", "other", "difference", "95 % sure", "better in", "worse in"):
            table.add_column(heading, justify="right")
        for row in other:
            digits = 1 if row.unit == "h" or row.key == "left" else 0
            table.add_row(
                f"{row.what} (h)" if row.unit == "h" else row.what,
                f"{row.first:,.{digits}f}",
                f"{row.other:,.{digits}f}",
                f"{row.mean:+,.{digits}f}",
                f"{row.low:+,.{digits}f} … {row.high:+,.{digits}f}" if row.is_clear else "unclear",
                f"{row.better:.0%}",
                f"{row.worse:.0%}",
            )
        console.print(table)
        console.print(f"cost in the worst twentieth of the futures: {tails[0]:,.0f}, {tail:,.0f}")


def _write(plans: list[Path], tables: list[list[Difference]], path: Path) -> None:
    """Write the table so that a reader never sees half of it."""
    draft = path.with_suffix(".csv.part")
    with draft.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file, lineterminator="\n")
        sheet.writerow(COLUMNS)
        for plan, other in zip(plans[1:], tables, strict=True):
            for row in other:
                figures = (row.first, row.other, row.mean, row.low, row.high, row.better, row.worse)
                sheet.writerow([plan, row.key, row.unit, *(f"{value:.6g}" for value in figures)])
    draft.replace(path)
