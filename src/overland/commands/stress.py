"""``overland stress``: carry a plan out in many futures, and say what holds."""

from __future__ import annotations

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
    import numpy as np
    from numpy.typing import NDArray

    from overland.futures.stage import Run, Stage
    from overland.futures.stress_report import StressReport

PARTS = "parts"


def stress(
    case: CaseFolder,
    plan: PlanFile,
    output: Output = Path("out/stress"),
    futures: Annotated[int, typer.Option("--futures", help="How many.", min=1, max=999_999)] = 1000,
    seed: Seed = 0,
    policy: PolicyChoice = Policy.DETOUR,
    may_go_wrong: FuturesFile = None,
    resume: Resume = False,
    cores: Cores = None,
    save: Annotated[
        int | None,
        typer.Option(
            "--save", help="Write the future of this number to a file, and end.", show_default=False
        ),
    ] = None,
    replay: Annotated[
        Path | None,
        typer.Option("--replay", help="Carry the plan out in the future of this file.", show_default=False),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Carry a plan out in many futures: who is out by when, who is left where, and how likely.

    Writes stress.json, stress.html, futures.csv (a row for each future) and places.csv. Ctrl-C ends it; what
    is done until then is written, and --resume goes on from there.
    """
    from overland.futures.parts import begin_parts
    from overland.futures.stage import fingerprint

    ((run, stage),) = runs_of(case, [plan], output, policy=policy, seed=seed, may_go_wrong=may_go_wrong)
    compile_execution(run, quiet=quiet)
    if save is not None:
        _save(run, stage, save, output)
    elif replay is not None:
        _replay(run, stage, replay)
    else:
        begin_parts(output / PARTS, fingerprint(run), resume=resume)
        _run(run, stage, futures, output, cores=cores, quiet=quiet)


def _run(run: Run, stage: Stage, futures: int, output: Path, *, cores: int | None, quiet: bool) -> None:
    """Do what is missing, then write and print what there is."""
    from overland.commands.progress import stages
    from overland.commands.stress_summary import print_stress
    from overland.futures.parts import do_all
    from overland.futures.stress import parts_of, together
    from overland.futures.stress_report import stress_report

    parts, is_interrupted = parts_of(run, output / PARTS, futures), False
    with stages(quiet=quiet) as show:
        try:
            for done in do_all(parts, cores=cores):
                show("parts", done, len(parts))
        except KeyboardInterrupt:
            is_interrupted = True
    rows, sums = together(parts)
    if not sums.futures:
        typer.echo("Ended before any part was done; nothing is written.", err=True)
        raise typer.Exit(130)
    found = stress_report(run, stage, futures, rows, sums)
    try:
        _write(stage, found, rows, output)
    except OSError as error:
        raise UsageError(f"{output}: the results cannot be written: {error.strerror}") from error
    print_stress(stage.reading.case, found)
    typer.echo(f"\nresults   {output / 'stress.json'}, {output / 'futures.csv'}, {output / 'places.csv'}")
    typer.echo(f"page      {output / 'stress.html'}")
    if is_interrupted:
        typer.echo(f"ended after {sums.futures:,} of {futures:,} futures; --resume goes on", err=True)
        raise typer.Exit(130)


def _write(stage: Stage, found: StressReport, rows: NDArray[np.void], output: Path) -> None:
    from overland.futures.sheets import write_future_rows, write_place_rows
    from overland.report.stress import write_stress_page

    draft = output / "stress.json.part"
    draft.write_text(found.model_dump_json(indent=1), encoding="utf-8")
    draft.replace(output / "stress.json")
    write_future_rows(rows, output / "futures.csv")
    write_place_rows(found, output / "places.csv")
    write_stress_page(stage.reading.case, found, output / "stress.html")


def _save(run: Run, stage: Stage, number: int, output: Path) -> None:
    from overland.futures.future import write_future
    from overland.futures.future_paper import future_of

    if number < 0:
        raise UsageError(f"--save {number}: futures are numbered from 0.")
    path = output / f"future-{number:06}.json"
    write_future(future_of(stage.reading.scene, stage.sampler.draw(run.seed, number)), path)
    typer.echo(f"future    {path}; edit it as you like, and carry the plan out in it with --replay {path}")


def _replay(run: Run, stage: Stage, path: Path) -> None:
    from overland.commands.stress_summary import print_course
    from overland.futures.execution import carry_out
    from overland.futures.future import read_future
    from overland.futures.future_paper import drawn_of
    from overland.futures.outcome import count
    from overland.futures.stage import POLICIES

    drawn = drawn_of(stage.reading.scene, read_future(path))
    play = carry_out(stage.world, drawn.happenings, POLICIES[run.policy])
    sums = stage.sums()
    print_course(stage.reading.case, drawn, count(stage.reading, drawn, play, sums), sums)
