"""``overland sensitivity``: which road, crossing, depot or assumption matters most to a plan."""

from __future__ import annotations

import csv
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from overland.commands.folders import make_folder, refuse_case
from overland.commands.stress import Policy, compile_execution, futures_file
from overland.errors import UsageError

if TYPE_CHECKING:
    from overland.futures.sensitivity import Effect

COLUMNS = (
    "kind",
    "subject",
    "what",
    "futures",
    "cost",
    "cost_low",
    "cost_high",
    "left",
    "left_low",
    "left_high",
)
SHOWN = 25


class Kind(StrEnum):
    """What is varied."""

    ROAD = "road"
    CROSSING = "crossing"
    DEPOT = "depot"
    ASSUMPTION = "assumption"


def sensitivity(
    case: Annotated[Path, typer.Argument(help="The case folder.", metavar="CASE", show_default=False)],
    plan: Annotated[Path, typer.Argument(help="Its plan.json.", metavar="PLAN", show_default=False)],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Folder for the results; made if it is not there.")
    ] = Path("out/sensitivity"),
    futures: Annotated[
        int, typer.Option("--futures", help="For what matters most; all is tried in 16.", min=2, max=99_999)
    ] = 200,
    top: Annotated[int, typer.Option("--top", help="How many are tried in all futures.", min=1)] = SHOWN,
    only: Annotated[
        list[Kind] | None, typer.Option("--only", help="Vary these kinds only.", show_default=False)
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="Of the futures.", min=0)] = 0,
    policy: Annotated[Policy, typer.Option("--policy", help="As of overland stress.")] = Policy.DETOUR,
    may_go_wrong: Annotated[
        Path | None,
        typer.Option("--from", help="What may go wrong; futures.toml of the case.", show_default=False),
    ] = None,
    cores: Annotated[
        int | None, typer.Option("--cores", help="Processes; by default all.", min=1, show_default=False)
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print no progress.")] = False,
) -> None:
    """Say which road, crossing, depot or assumption matters most to a plan.

    Each road that it uses is closed, each crossing shut, each depot emptied, and each section of futures.toml
    taken for as planned, one at a time, in the same futures. Writes sensitivity.csv. Ctrl-C ends it with what
    is known by then.
    """
    from overland.case import read_case
    from overland.commands.documents import read_plan_of
    from overland.commands.progress import stages
    from overland.futures.sensitivity import KINDS, Trial, variations_of
    from overland.futures.stress import Run, stage_of

    known = read_case(case)
    refuse_case(output, case)
    read_plan_of(known, plan)
    file = futures_file(case, may_go_wrong)
    run = Run.of(case, plan, policy=policy.value, seed=seed, futures=file)
    stage = stage_of(run)
    kinds = tuple(kind for kind in KINDS if only is None or Kind(kind) in only)
    variations = variations_of(stage, kinds)
    if not variations:
        raise UsageError("there is nothing of these kinds to vary: the plan uses none of it.")
    make_folder(output, "the results")
    compile_execution(run, quiet=quiet)
    trial, is_interrupted = Trial(run, variations, futures, top=top), False
    with stages(quiet=quiet) as show:
        try:
            for _ in trial.go(cores=cores):
                show("variations", trial.done, trial.total)
        except KeyboardInterrupt:
            is_interrupted = True
    effects = trial.effects()
    if not effects:
        typer.echo("Ended before anything was known; nothing is written.", err=True)
        raise typer.Exit(130)
    _print(known.title, effects)
    path = output / "sensitivity.csv"
    try:
        _write(effects, path)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error
    typer.echo(f"\nresults   {path}")
    if is_interrupted:
        typer.echo(f"ended after {trial.done:,} of {trial.total:,} trials", err=True)
        raise typer.Exit(130)


def _print(title: str, effects: list[Effect]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    console.print(f"\n[bold]{title}: what matters most to the plan[/bold]")
    console.print(
        "mean change of cost (weighted person-hours) and of people left, and the range that is 95 % sure"
    )
    table = Table()
    table.add_column("if")
    for heading in ("futures", "cost", "95 % sure", "people left"):
        table.add_column(heading, justify="right")
    for effect in effects[:SHOWN]:
        cost, left = effect.cost, effect.left
        table.add_row(
            effect.variation.what,
            f"{effect.futures:,}",
            f"{cost.mean:+,.0f}",
            f"{cost.low:+,.0f} … {cost.high:+,.0f}" if cost.is_clear else "unclear",
            f"{left.mean:+,.1f}",
        )
    console.print(table)


def _write(effects: list[Effect], path: Path) -> None:
    """Write the table so that a reader never sees half of it."""
    draft = path.with_suffix(".csv.part")
    with draft.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file, lineterminator="\n")
        sheet.writerow(COLUMNS)
        for effect in effects:
            varied, cost, left = effect.variation, effect.cost, effect.left
            figures = (cost.mean, cost.low, cost.high, left.mean, left.low, left.high)
            row = varied.kind, varied.subject, varied.what, effect.futures
            sheet.writerow([*row, *(f"{value:.6g}" for value in figures)])
    draft.replace(path)
