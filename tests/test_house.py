"""The rules of the house that a tool can see (CONTRIBUTING.md)."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "src"
MODULES = sorted(ROOT.rglob("*.py"))
LONGEST = 500
NO_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_can_be_read_in_one_go_and_says_what_it_is(module: Path) -> None:
    text = module.read_text(encoding="utf-8")
    assert text.count("\n") <= LONGEST, "too long: it does more than one thing"
    assert ast.get_docstring(ast.parse(text)), "no docstring"


def test_modules_are_named_after_what_they_hold() -> None:
    names = {part for module in MODULES for part in module.relative_to(ROOT).with_suffix("").parts}
    assert names.isdisjoint(NO_NAMES)


def test_reading_a_plan_loads_no_solver() -> None:
    code = "import sys, overland.verify, overland.report; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert {"highspy", "overland.plan.planner", "overland.plan.bound"}.isdisjoint(loaded.split())


def test_every_module_has_its_line_in_the_architecture() -> None:
    page = (ROOT.parent / "docs" / "architecture.md").read_text(encoding="utf-8")
    sections = {part.split("`")[1]: part for part in page.split("\n### ")[1:] if part.startswith("`")}
    undescribed = []
    for module in MODULES:
        *room, name = module.relative_to(ROOT).with_suffix("").parts
        if name != "__init__" and f"`{name}`" not in sections.get(".".join(room), ""):
            undescribed.append(module.relative_to(ROOT).as_posix())
    assert undescribed == []
