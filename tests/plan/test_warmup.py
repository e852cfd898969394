"""Kernels are compiled once, in processes side by side: a second look finds them."""

from __future__ import annotations

import os
import signal
import threading
import time
from functools import partial
from pathlib import Path

import pytest

from overland.plan.warmup import kernels_are_compiled, side_by_side

LONG = 600.0  # seconds that no test waits


def test_after_a_plan_the_kernels_are_known_to_be_compiled() -> None:
    assert kernels_are_compiled(), "the session has warmed up"


def note(folder: Path, name: str, seconds: float = 0.0) -> None:
    """Leave the number of this process behind, and go on for a while."""
    (folder / f"{name}.part").write_text(str(os.getpid()))
    (folder / f"{name}.part").rename(folder / name)
    time.sleep(seconds)


def fail() -> None:
    raise ValueError("no such kernel")


def test_parts_are_done_in_processes_of_their_own(tmp_path: Path) -> None:
    side_by_side(partial(note, tmp_path, "a"), partial(note, tmp_path, "b"))
    numbers = {int((tmp_path / name).read_text()) for name in "ab"}
    assert len(numbers | {os.getpid()}) == 3


def test_a_part_that_fails_says_why_and_the_other_is_done(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    side_by_side(fail, partial(note, tmp_path, "b"))
    assert "ValueError: no such kernel" in capfd.readouterr().err
    assert (tmp_path / "b").exists()


def test_an_interrupt_ends_all_parts(tmp_path: Path) -> None:
    def interrupt() -> None:
        while not all((tmp_path / name).exists() for name in "ab"):
            time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt, daemon=True).start()
    with pytest.raises(KeyboardInterrupt):
        side_by_side(partial(note, tmp_path, "a", LONG), partial(note, tmp_path, "b", LONG))
    for name in "ab":
        with pytest.raises(ProcessLookupError):
            os.kill(int((tmp_path / name).read_text()), 0)
