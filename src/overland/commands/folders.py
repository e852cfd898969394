"""The folder that a command writes to: whether it can, said before any work, and what must not be there."""

from __future__ import annotations

import os
from pathlib import Path

from overland.errors import UsageError


def make_folder(folder: Path, what: str) -> None:
    """Make sure, before any work, that a folder is there and can be written.

    Parameters
    ----------
    folder : Path
        The folder, made with those above it if it is not there.
    what : str
        What it is for, as in *the plan*.

    Raises
    ------
    UsageError
        If it cannot be made, or nothing can be written to it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder}: cannot be made a folder for {what}: {error.strerror}") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise UsageError(f"{folder}: cannot be written; give another folder with -o.")


def refuse_case(folder: Path, case: Path) -> None:
    """Refuse to write into the folder of the case: sheets there would be taken for tables of it.

    Raises
    ------
    UsageError
        If the two are one folder.
    """
    if folder.resolve() == case.resolve():
        raise UsageError(f"{folder}: is the case itself; give another folder with -o.")
