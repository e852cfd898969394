"""``overland new``: a case to start from."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer


def new(
    case: Annotated[Path, typer.Argument(help="The folder to make.", metavar="CASE", show_default=False)],
) -> None:
    """Make a small commented case to start from.

    The country is invented; replace its tables by your own, one after the other.
    """
    from overland.case.starter import new_case

    new_case(case)
    typer.echo(f"Wrote a starter case to {case}; its README.md explains each file.")
    typer.echo(f"Next: overland check {shlex.quote(str(case))}")
