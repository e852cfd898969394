"""The command line: it only wires the commands; each lives in a module of ``overland.commands``."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from overland import __version__
from overland.commands.check import check
from overland.commands.compare import compare
from overland.commands.demo import demo
from overland.commands.explain import explain
from overland.commands.massflow import massflow
from overland.commands.new import new
from overland.commands.plan import plan
from overland.commands.replan import replan
from overland.commands.report import report
from overland.commands.roads import app as roads
from overland.commands.sensitivity import sensitivity
from overland.commands.stress import stress
from overland.commands.verify import verify
from overland.errors import OverlandError

app = typer.Typer(
    name="overland",
    help="Getting a state's people out of a country at risk of war, by land, with every one accounted for.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
COMMANDS = demo, new, check, plan, replan, explain, verify, report, stress, compare, sensitivity, massflow
for command in COMMANDS:  # in the order of --help
    app.command()(command)
app.add_typer(roads, name="roads")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"overland {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version.", show_default=False
        ),
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command line; what a user can put right is a message and exit code 2, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal that lacks a letter shows a question mark
            stream.reconfigure(errors="replace")
    try:
        status = _run()
        sys.stdout.flush()
    except BrokenPipeError:
        _forget_output()
        status = 1
    except KeyboardInterrupt:
        status = 130
    sys.exit(status)


def _run() -> int:
    try:
        app(prog_name="overland")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except OverlandError as error:
        print(error, file=sys.stderr)
        return 2
    except BrokenPipeError:
        raise
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        print(f"{where}{error.strerror or error}", file=sys.stderr)
        return 2
    return 0


def _forget_output() -> None:
    """The reader of our output has gone; keep Python from complaining when it flushes what is left."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
    os.close(null)


if __name__ == "__main__":
    main()
