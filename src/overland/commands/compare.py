"""``overland compare``: plans of a case carried out in the same futures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from overland.commands.futures_run import (
    CaseFolder,
    Cores,
    FuturesFile,
    Output,
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

    from overland.futures.comparison import Difference

    Rows = NDArray[np.void]


def compare(
    case: CaseFolder,
    plans: Annotated[
        list[Path],
        typer.Argument(help="Two plans or more; the others are held against the first.", metavar="PLAN…"),
    ],
    output: Output = Path("out/compare"),
    futures: Annotated[int, typer.Option("--futures", help="How many.", min=2, max=999_999)] = 1000,
    seed: Seed = 0,
    policy: PolicyChoice = Policy.DETOUR,
    may_go_wrong: FuturesFile = None,
    resume: Resume = False,
    cores: Cores = None,
    quiet: Quiet = False,
) -> None:
    """Carry plans of a case out in the same futures: which holds better, by how much, and how sure that is.

    Writes compare.csv. Ctrl-C ends it; --resume goes on from what was done.
    """
    from overland.commands.progress import stages
    from overland.futures.comparison import differences
    from overland.futures.parts import begin_parts, do_all
    from overland.futures.stage import fingerprint
    from overland.futures.stress import parts_of, together

    if len(plans) < 2:
        raise UsageError("compare takes two plans or more; one by itself is for overland stress.")
    runs = runs_of(case, plans, output, policy=policy, seed=seed, may_go_wrong=may_go_wrong)
    known = runs[0][1].reading.case
    compile_execution(runs[0][0], quiet=quiet)
    found: list[Rows] = []
    with stages(quiet=quiet) as show:
        for number, (run, _) in enumerate(runs, start=1):
            folder = output / f"parts-{number}"
            begin_parts(folder, fingerprint(run), resume=resume)
            parts = parts_of(run, folder, futures)
            try:
                for done in do_all(parts, cores=cores):
                    show(f"plan {number} of {len(runs)}", done, len(parts))
            except KeyboardInterrupt as interrupt:
                typer.echo("ended; what is done is kept, --resume goes on", err=True)
                raise typer.Exit(130) from interrupt
            found.append(together(parts)[0])
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
    from overland.futures.sheets import write_differences

    write_differences([(str(plan), rows) for plan, rows in zip(plans[1:], tables, strict=True)], path)
