"""Parts of a long piece of work, on all cores: each leaves a file as soon as it is done, and nothing else.

Nothing goes from process to process, so that none can keep another waiting, whatever ends it and when.
Whoever ends the work loses what is being done, and can go on with the rest.
"""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterator, Sequence
from multiprocessing import Process
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from overland.errors import OverlandError, UsageError
from overland.roads.search.threads import threads

SECONDS_BETWEEN_LOOKS = 0.2
"""Between two looks at what the processes have done."""
_RECORD = "run.json"


class Part(Protocol):
    """A part of some work."""

    @property
    def path(self) -> Path:
        """The file that it leaves."""
        ...

    def do(self) -> None:
        """Do it, and write the file whole."""
        ...


def begin_parts(folder: Path, fingerprint: dict[str, str | int], *, resume: bool) -> None:
    """Make a folder ready for the parts of some work.

    Parts that are there are gone on with, or deleted if nothing is to be resumed.

    Parameters
    ----------
    fingerprint : dict
        What must be alike for parts to be of the same work.

    Raises
    ------
    UsageError
        If parts of other work are there that are to be gone on with, or the folder cannot be written.
    """
    record = folder / _RECORD
    try:
        if resume and record.exists():
            _refuse_others(folder, record, fingerprint)
        elif not resume:
            for path in [*folder.glob("*.npz"), record]:
                path.unlink(missing_ok=True)
        folder.mkdir(parents=True, exist_ok=True)
        draft = record.with_suffix(".part")
        draft.write_text(json.dumps(fingerprint, indent=1), encoding="utf-8")
        draft.replace(record)
    except OSError as error:
        raise UsageError(f"{folder}: cannot be used for the parts of the run: {error.strerror}") from error


def _refuse_others(folder: Path, record: Path, fingerprint: dict[str, str | int]) -> None:
    try:
        known = json.loads(record.read_text(encoding="utf-8"))
        other = ", ".join(key for key in fingerprint if known.get(key) != fingerprint[key])
    except (ValueError, AttributeError) as error:  # no JSON, or none of an object
        raise UsageError(f"{record}: is no record of a run; leave --resume out to begin anew.") from error
    if other:
        raise UsageError(
            f"{folder}: holds parts of another run (other {other}); give another folder with -o, or leave "
            "--resume out."
        )


def keep(path: Path, **arrays: Any) -> None:
    """Write what a part has brought, so that a reader never sees half of it.

    Raises
    ------
    UsageError
        If it cannot be written.
    """
    draft = path.with_suffix(".part")
    try:
        with draft.open("wb") as file:
            np.savez_compressed(file, **arrays)
        draft.replace(path)
    except OSError as error:
        raise UsageError(
            f"{path}: cannot be written: {error.strerror}; what is done is kept, and --resume goes on."
        ) from error


def do_all(parts: Sequence[Part], *, cores: int | None = None) -> Iterator[int]:
    """Do the parts that are not done yet; yields now and then how many are.

    Parameters
    ----------
    cores : int, optional
        Processes to work in; as many as there are cores by default. With one, this process does it.

    Raises
    ------
    UsageError
        If a file cannot be written, or a process ends before its work is done.
    """
    missing = [part for part in parts if not part.path.exists()]
    yield len(parts) - len(missing)
    cores = min(cores or threads(len(missing)), len(missing))
    if cores <= 1:
        for done, part in enumerate(missing, start=len(parts) - len(missing) + 1):
            part.do()
            yield done
        return
    processes = [Process(target=_do, args=(missing[i::cores],), daemon=True) for i in range(cores)]
    try:
        for process in processes:
            process.start()
        while missing:
            working = [process.sentinel for process in processes if process.is_alive()]
            wait(working, timeout=SECONDS_BETWEEN_LOOKS)
            missing = [part for part in missing if not part.path.exists()]
            yield len(parts) - len(missing)
            codes = [process.exitcode for process in processes if process.exitcode]
            if missing and (codes or not working):
                raise UsageError(
                    f"a process ended before its work was done (exit codes {codes}); what is done is kept, "
                    "and --resume goes on."
                )
    finally:
        for process in processes:
            if process.is_alive():
                process.terminate()
                process.join()


def _do(parts: Sequence[Part]) -> None:
    """Do some parts in this process, which the other ends when it is interrupted itself."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        for part in parts:
            part.do()
    except OverlandError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
