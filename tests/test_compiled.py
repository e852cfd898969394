"""Compiled kernels go when a source has changed that may be in them."""

from __future__ import annotations

from pathlib import Path

import pytest

import overland.compiled
from overland.compiled import forget_stale_kernels

KERNEL = "from numba import njit\nfrom overland.plan.words import ONE\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package with a kernel, a constant that it takes, and a file that has nothing to do with it."""
    monkeypatch.setattr(overland.compiled, "__file__", str(tmp_path / "compiled.py"))
    plan = tmp_path / "plan"
    (plan / "inner" / "__pycache__").mkdir(parents=True)
    (plan / "moves.py").write_text(KERNEL)
    (plan / "words.py").write_text("ONE = 1\n")
    (plan / "sheets.py").write_text("# paper\n")
    forget_stale_kernels(plan)
    for place in (plan, plan / "inner"):
        (place / "__pycache__" / "moves.nbi").touch()
        (place / "__pycache__" / "moves.1.nbc").touch()
    return plan


def compiled(folder: Path) -> int:
    return len([*folder.rglob("*.nbi"), *folder.rglob("*.nbc")])


def test_they_stay_while_nothing_changes_that_is_in_them(folder: Path) -> None:
    (folder / "sheets.py").write_text("# other paper\n")
    forget_stale_kernels(folder)
    assert compiled(folder) == 4


@pytest.mark.parametrize(("name", "text"), [("moves.py", KERNEL + "TWO = 2\n"), ("words.py", "ONE = 11\n")])
def test_they_go_when_a_kernel_changes_or_what_it_takes(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text)
    forget_stale_kernels(folder)
    assert compiled(folder) == 0
    (folder / "__pycache__" / "moves.nbi").touch()
    forget_stale_kernels(folder)
    assert compiled(folder) == 1, "what is compiled from then on stays"


def test_without_a_word_of_which_sources_they_are_they_go(folder: Path) -> None:
    (folder / "__pycache__" / overland.compiled.STAMP).unlink()
    forget_stale_kernels(folder)
    assert compiled(folder) == 0
