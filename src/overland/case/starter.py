"""A small case to start from."""

from __future__ import annotations

import shutil
import tempfile
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from overland.errors import UsageError


def new_case(folder: Path) -> None:
    """Make a folder with a small, complete and sound case of an invented country.

    The folder appears whole or not at all.

    Raises
    ------
    UsageError
        If something is already there.
    """
    target = folder.resolve()
    _refuse_to_overwrite(folder, target)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as temporary:
        draft = Path(temporary) / target.name
        draft.mkdir()
        for entry in _template().iterdir():
            draft.joinpath(entry.name).write_bytes(entry.read_bytes())
        if target.exists():
            target.rmdir()  # it is empty; were it not any more, this fails and nothing is lost
        shutil.move(draft, target)


def starter_file(name: str) -> Traversable:
    """One file of the starter case, as installed with the package."""
    return _template().joinpath(name)


def _template() -> Traversable:
    return files("overland.case").joinpath("template")


def _refuse_to_overwrite(folder: Path, target: Path) -> None:
    if target.exists() and not target.is_dir():
        raise UsageError(f"{folder} is a file; name a folder that does not exist yet")
    if target.exists() and any(target.iterdir()):
        raise UsageError(f"{folder} is not empty; name a folder that does not exist yet")
    if target == Path.cwd():
        raise UsageError(
            "a case cannot be made in the folder one is in; name a folder that does not exist yet"
        )
