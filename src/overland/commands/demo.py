"""``overland demo``: plan the bundled case, verify the plan, say where the report is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from overland.commands.folders import refuse_case
from overland.errors import UsageError

BUNDLED = "ukraine-2022"


def demo(
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Folder for the plan; made if it is not there.")
    ] = Path("out") / BUNDLED,
    time_limit: Annotated[
        float, typer.Option("--time-limit", help="Seconds to search.", min=1.0, max=86_400.0)
    ] = 110.0,
) -> None:
    """Plan the bundled case: Ukraine, 17 February 2022, ten thousand people, five countries."""
    from overland.case import read_case
    from overland.commands.plan import make_plan
    from overland.verify import verify

    bundled = bundled_case()
    refuse_case(output, bundled)
    known = read_case(bundled)
    made = make_plan(known, output, time_limit=time_limit, seed=0, quiet=False)
    violations = verify(known, made)
    for violation in violations:
        typer.echo(str(violation))
    if violations:
        raise typer.Exit(1)
    typer.echo("verified  every rule of the problem holds (overland verify)")


def bundled_case() -> Path:
    """Folder of the bundled case: in the package, or beside it in a checkout.

    Raises
    ------
    UsageError
        If the installation lacks it.
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "cases", package.parents[1] / "cases"):
        if (folder / BUNDLED / "case.toml").is_file():
            return folder / BUNDLED
    raise UsageError(
        f"The bundled case {BUNDLED} is not in this installation; give a case to `overland plan`."
    )
