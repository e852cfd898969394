"""What the commands on futures share: their options, and what is read and made ready before the work."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from overland.commands.folders import make_folder, refuse_case
from overland.errors import UsageError

if TYPE_CHECKING:
    from overland.futures.stage import Run, Stage


class Policy(StrEnum):
    """What drivers do when something is not as planned."""

    KEEP = "keep"
    DETOUR = "detour"


CaseFolder = Annotated[Path, typer.Argument(help="The case folder.", metavar="CASE", show_default=False)]
PlanFile = Annotated[Path, typer.Argument(help="Its plan.json.", metavar="PLAN", show_default=False)]
Output = Annotated[
    Path, typer.Option("--output", "-o", help="Folder for the results; made if it is not there.")
]
Seed = Annotated[int, typer.Option("--seed", help="Of the futures.", min=0)]
PolicyChoice = Annotated[
    Policy,
    typer.Option(
        "--policy",
        help="keep: follow the plan, and wait where a road is closed; detour: look for another way, and for "
        "another crossing, as far as one is told.",
    ),
]
FuturesFile = Annotated[
    Path | None,
    typer.Option("--from", help="What may go wrong; futures.toml of the case.", show_default=False),
]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with a run that was ended before.")]
Cores = Annotated[
    int | None, typer.Option("--cores", help="Processes; by default one a core.", min=1, show_default=False)
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print no progress.")]


def runs_of(
    case: Path,
    plans: Sequence[Path],
    output: Path,
    *,
    policy: Policy,
    seed: int,
    may_go_wrong: Path | None,
) -> list[tuple[Run, Stage]]:
    """Read what is to be carried out, plan by plan, and make sure that the results can be written.

    Raises
    ------
    CaseError, PlanError, UsageError
        If the case, a plan or the file of what may go wrong cannot be read, or the folder not be written.
    """
    from overland.case import read_case
    from overland.commands.documents import read_plan_of
    from overland.futures.stage import Run, stage_of

    known = read_case(case)
    refuse_case(output, case)
    for plan in plans:
        read_plan_of(known, plan)
    file = _futures_file(case, may_go_wrong)
    runs = [Run(str(case), str(plan), str(file), policy.value, seed) for plan in plans]
    found = [(run, stage_of(run)) for run in runs]
    make_folder(output, "the results")
    return found


def _futures_file(case: Path, given: Path | None) -> Path:
    """The file that says what may go wrong: that of the case unless another is given."""
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
    from overland.futures.stage import outcomes

    if not is_compiled():
        if not quiet:
            typer.echo("Compiling the execution; this happens once and takes a minute …", err=True)
        outcomes(run, range(1))
