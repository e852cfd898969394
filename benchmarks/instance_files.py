"""What benchmarks on instances of others share: their arguments, their exit codes, what was best known."""

from __future__ import annotations

import argparse
import csv
import re
import sys
from collections.abc import Callable, Sequence
from math import isfinite
from pathlib import Path
from typing import TypeVar

from overland.errors import CaseError, Fault, OverlandError

ENCODING = "utf-8-sig"  # of all files: spreadsheets put a mark at the beginning
Value = TypeVar("Value")


def arguments(description: str | None, folder: str) -> argparse.ArgumentParser:
    """The arguments that all such benchmarks have.

    Parameters
    ----------
    description : str
        What the script is for, printed as it is.
    folder : str
        What the folder of instances holds.
    """
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="?", help=folder)
    parser.add_argument("--random", type=whole(1), help="so many random instances instead")
    parser.add_argument("--seed", type=int, default=0, help="of the random instances")
    return parser


def run(parser: argparse.ArgumentParser, measure: Callable[[argparse.Namespace], None]) -> None:
    """Measure what the command line asks for; what the user can put right is said, with exit code 2."""
    options = parser.parse_args()
    if (options.folder is None) == (options.random is None):
        parser.error("give either a FOLDER with instances or --random N")
    try:
        measure(options)
    except OverlandError as error:
        print(error, file=sys.stderr)
        sys.exit(2)


def whole(least: int) -> Callable[[str], int]:
    """Reads an argument that is a whole number, and not less than another one."""

    def read(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = least - 1
        if value < least:
            raise argparse.ArgumentTypeError(f"{text!r}: a whole number is due, not below {least}")
        return value

    return read


def quantity(text: str) -> float:
    """Read an argument that is a number, and not below 0."""
    try:
        return not_negative(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r}: a number is due, not below 0") from None


def pattern(text: str) -> str:
    """Read an argument that is a regular expression."""
    try:
        re.compile(text)
    except re.error as error:
        raise argparse.ArgumentTypeError(f"{text!r}: no regular expression: {error}") from None
    return text


def not_negative(text: str) -> float:
    """Read a finite number that is not below 0.

    Raises
    ------
    ValueError
        If it is none.
    """
    value = float(text)
    if not isfinite(value) or value < 0:
        raise ValueError(text)
    return value


def reason(error: Exception) -> str:
    """Why a file cannot be read or written, without its path, which the message has already."""
    return (isinstance(error, OSError) and error.strerror) or str(error)


def read_best_known(
    path: Path, columns: Sequence[str], read_row: Callable[[list[str]], Value], wanted: str
) -> dict[str, Value]:
    """What is known of each instance; empty without the file.

    Parameters
    ----------
    path : Path
        A CSV table with the column ``instance`` and those named.
    columns : sequence of str
        What is read besides.
    read_row : callable
        Makes one value of the texts of these columns; raises ValueError if they do not fit.
    wanted : str
        What would be right, for the message.

    Raises
    ------
    CaseError
        If there is the file, but it cannot be read: with the line at fault, and what would be right.
    """
    known: dict[str, Value] = {}
    try:
        with path.open(encoding=ENCODING, newline="") as file:
            rows = csv.DictReader(file)
            if not {"instance", *columns} <= set(rows.fieldnames or ()):
                raise CaseError([Fault(str(path), 1, "", wanted)])
            for row in rows:
                name, *texts = ((row[column] or "").strip() for column in ("instance", *columns))
                try:
                    value = read_row(texts)
                except ValueError:
                    raise CaseError([Fault(str(path), rows.line_num, "", wanted)]) from None
                if not name:
                    raise CaseError([Fault(str(path), rows.line_num, "instance", "is empty")])
                known[name] = value
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CaseError([Fault(str(path), None, "", f"cannot be read: {reason(error)}")]) from None
    return known
