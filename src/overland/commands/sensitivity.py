"""``overland sensitivity``: which road, crossing, depot or assumption matters most to a plan."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from overland.commands.futures_run import (
    CaseFolder,
    Cores,
    FuturesFile,
    Output,
    PlanFile,
    Policy,
    PolicyChoice,
    Quiet,
    Resume,
    Seed,
    compile_execution,
    runs_of,
)
from overland.errors import UsageError

if TYPE_CHECKING:
    from overland.futures.sensitivity import Effect

TRIALS = "trials"
SHOWN = 25


class Kind(StrEnum):
    """What is varied."""

    ROAD = "road"
    CROSSING = "crossing"
    DEPOT = "depot"
    ASSUMPTION = "assumption"


def sensitivity(
    case: CaseFolder,
    plan: PlanFile,
    output: Output = Path("out/sensitivity"),
    futures: Annotated[
        int, typer.Option("--futures", help="For what matters most; all is tried in 16.", min=2, max=99_999)
    ] = 200,
    top: Annotated[int, typer.Option("--top", help="How many are tried in all futures.", min=1)] = SHOWN,
    only: Annotated[
        list[Kind] | None, typer.Option("--only", help="Vary these kinds only.", show_default=False)
    ] = None,
    seed: Seed = 0,
    policy: PolicyChoice = Policy.DETOUR,
    may_go_wrong: FuturesFile = None,
    resume: Resume = False,
    cores: Cores = None,
    quiet: Quiet = False,
) -> None:
    """Say which road, crossing, depot or assumption matters most to a plan.

    Each road that it uses is closed, each crossing shut, each depot emptied, and each section of futures.toml
    taken for as planned, one at a time, in the same futures. Writes sensitivity.csv. Ctrl-C ends it with what
    is known by then; --resume goes on.
    """
    from overland.commands.progress import stages
    from overland.futures.parts import begin_parts
    from overland.futures.sensitivity import KINDS, Trial, variations_of
    from overland.futures.stage import fingerprint

    ((run, stage),) = runs_of(case, [plan], output, policy=policy, seed=seed, may_go_wrong=may_go_wrong)
    kinds = tuple(kind for kind in KINDS if only is None or Kind(kind) in only)
    variations = variations_of(stage, kinds)
    if not variations:
        raise UsageError("there is nothing of these kinds to vary: the plan uses none of it.")
    compile_execution(run, quiet=quiet)
    begin_parts(output / TRIALS, fingerprint(run), resume=resume)
    trial = Trial(run, variations, output / TRIALS, futures=futures, top=top)
    done, is_interrupted = 0, False
    with stages(quiet=quiet) as show:
        try:
            for done in trial.go(cores=cores):
                show("trials", done, trial.total)
        except KeyboardInterrupt:
            is_interrupted = True
    from overland.futures.sheets import write_effects

    effects = trial.effects()
    if not effects:
        typer.echo("Ended before anything was known; nothing is written.", err=True)
        raise typer.Exit(130)
    _print(stage.reading.case.title, effects)
    path = output / "sensitivity.csv"
    try:
        write_effects(effects, path)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error
    typer.echo(f"\nresults   {path}")
    if is_interrupted:
        typer.echo(f"ended after {done:,} of {trial.total:,} trials; --resume goes on", err=True)
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
