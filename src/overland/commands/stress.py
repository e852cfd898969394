"""``overland stress``: carry a plan out in many futures, and say what holds."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from overland.commands.folders import make_folder, refuse_case
from overland.errors import UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from overland.futures.stress import Parts, Run, Stage
    from overland.futures.stress_report import StressReport

PARTS = "parts"


class Policy(StrEnum):
    """What drivers do when something is not as planned."""

    KEEP = "keep"
    DETOUR = "detour"


def stress(
    case: Annotated[Path, typer.Argument(help="The case folder.", metavar="CASE", show_default=False)],
    plan: Annotated[Path, typer.Argument(help="Its plan.json.", metavar="PLAN", show_default=False)],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Folder for the results; made if it is not there.")
    ] = Path("out/stress"),
    futures: Annotated[int, typer.Option("--futures", help="How many.", min=1, max=999_999)] = 1000,
    seed: Annotated[int, typer.Option("--seed", help="Of the futures.", min=0)] = 0,
    policy: Annotated[
        Policy,
        typer.Option(
            "--policy",
            help="keep: follow the plan, and wait where a road is closed; detour: look for another way, and "
            "for another crossing, as far as one is told.",
        ),
    ] = Policy.DETOUR,
    may_go_wrong: Annotated[
        Path | None,
        typer.Option("--from", help="What may go wrong; futures.toml of the case.", show_default=False),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a run that was ended before.")] = False,
    cores: Annotated[
        int | None,
        typer.Option("--cores", help="Processes; by default one a core.", min=1, show_default=False),
    ] = None,
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
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print no progress.")] = False,
) -> None:
    """Carry a plan out in many futures: who is out by when, who is left where, and how likely.

    Writes stress.json, stress.html, futures.csv (a row for each future) and places.csv. Ctrl-C ends it; what
    is done until then is written, and --resume goes on from there.
    """
    from overland.case import read_case
    from overland.commands.documents import read_plan_of
    from overland.futures.stress import Parts, Run, stage_of

    known = read_case(case)
    refuse_case(output, case)
    read_plan_of(known, plan)
    run = Run.of(case, plan, policy=policy.value, seed=seed, futures=futures_file(case, may_go_wrong))
    stage = stage_of(run)
    make_folder(output, "the results")
    compile_execution(run, quiet=quiet)
    if save is not None:
        _save(run, stage, save, output)
    elif replay is not None:
        _replay(run, stage, replay)
    else:
        parts = Parts(output / PARTS)
        parts.begin(run, resume=resume)
        _run(run, stage, parts, futures, output, cores=cores, quiet=quiet)


def futures_file(case: Path, given: Path | None) -> Path:
    """The file that says what may go wrong: that of the case unless another is given.

    Raises
    ------
    UsageError
        If it is not there.
    """
    from overland.futures.uncertainty import FUTURES_FILE

    path = given or case / FUTURES_FILE
    if not path.exists():
        raise UsageError(
            f"{path}: is not there; it says what may go wrong, see docs/futures.md. "
            "`overland new` writes one to start from."
        )
    return path


def compile_execution(run: Run, *, quiet: bool) -> None:
    """Let the kernels be compiled (once for an installation) before the work begins."""
    from overland.futures.execution import is_compiled
    from overland.futures.stress import part_of

    if not is_compiled():
        if not quiet:
            typer.echo("Compiling the execution; this happens once and takes a minute …", err=True)
        part_of(run, 0, 1)


def _run(
    run: Run, stage: Stage, parts: Parts, futures: int, output: Path, *, cores: int | None, quiet: bool
) -> None:
    """Do what is missing, then write and print what there is."""
    from overland.commands.progress import stages
    from overland.commands.stress_summary import print_stress
    from overland.futures.stress import carry_out_all
    from overland.futures.stress_report import stress_report

    is_interrupted = False
    with stages(quiet=quiet) as show:
        try:
            for done in carry_out_all(run, parts, futures, cores=cores):
                show("futures", done, futures)
        except KeyboardInterrupt:
            is_interrupted = True
    rows, sums = parts.together(stage, futures)
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
    from overland.futures.stress import POLICIES

    drawn = drawn_of(stage.reading.scene, read_future(path))
    play = carry_out(stage.world, drawn.happenings, POLICIES[run.policy])
    sums = stage.sums()
    print_course(stage.reading.case, drawn, count(stage.reading, drawn, play, sums), sums)
