"""Kernels without an entrance from Python are called by kernels only; another call would end the process."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
CLOSED = {"subkernel", "inner_kernel", "array_subkernel"}
OPEN = {"kernel", "open_inner_kernel", "array_kernel"}


def decorators(function: ast.FunctionDef) -> set[str]:
    return {one.id for one in function.decorator_list if isinstance(one, ast.Name)}


def functions(module: ast.Module) -> list[ast.FunctionDef]:
    return [node for node in module.body if isinstance(node, ast.FunctionDef)]


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT / "src").with_suffix("").parts)


def closed_kernels() -> dict[str, set[str]]:
    """Names of the closed kernels of each module."""
    return {
        module_name(path): {f.name for f in functions(ast.parse(path.read_text())) if decorators(f) & CLOSED}
        for room in ("plan", "futures")
        for path in (ROOT / "src/overland" / room).rglob("*.py")
    }


def outside_calls(module: ast.Module, names: set[str]) -> list[str]:
    """Those of the names that are used as functions outside of kernels."""
    found: list[str] = []

    def visit(node: ast.AST) -> None:
        if isinstance(node, ast.FunctionDef) and decorators(node) & (CLOSED | OPEN):
            return
        if isinstance(node, ast.Call):
            used = [one for one in (node.func, *node.args) if isinstance(one, ast.Name) and one.id in names]
            found.extend(f"{one.id} in line {one.lineno}" for one in used)
        for child in ast.iter_child_nodes(node):
            visit(child)

    visit(module)
    return found


def test_closed_kernels_are_called_by_kernels_only() -> None:
    closed, wrong = closed_kernels(), []
    assert sum(map(len, closed.values())) > 100, "the kernels are found"
    for folder in ("src", "tests", "benchmarks"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            module = ast.parse(path.read_text())
            names = set(closed.get(module_name(path), set())) if folder == "src" else set()
            for node in ast.walk(module):
                if isinstance(node, ast.ImportFrom):
                    known = closed.get(node.module or "", set())
                    names |= {alias.asname or alias.name for alias in node.names if alias.name in known}
            wrong += [f"{path.relative_to(ROOT)}: {call}" for call in outside_calls(module, names)]
    assert wrong == []


def test_a_call_from_python_is_found() -> None:
    module = ast.parse("def plain():\n    tried(1)\n\n@kernel\ndef kept():\n    tried(2)\n")
    assert outside_calls(module, {"tried"}) == ["tried in line 2"]
