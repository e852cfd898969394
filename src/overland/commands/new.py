"""``overland new``: a case to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def new(
    case: Annotated[Path, typer.Argument(help="The folder to make.", metavar="CASE", show_default=False)],
) -> None:
    """Make a small commented case of an invented country, to be replaced table by table by your own."""
    from overland.case.starter import new_case

    new_case(case)
    typer.echo(f"Wrote a starter case to {case}; its README.md explains each file.")
    typer.echo(f"Next: overland check {case}")
