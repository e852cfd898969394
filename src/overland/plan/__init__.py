"""What we will do: the plan, its search and its bound.

``solve`` is loaded when it is asked for, so that reading a plan document does not load the solver.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from overland.compiled import forget_stale_kernels

if TYPE_CHECKING:
    from overland.plan.planner import solve, solve_with_proof

__all__ = ["solve", "solve_with_proof"]

forget_stale_kernels(Path(__file__).parent)


def __getattr__(name: str) -> Any:
    if name in __all__:
        import importlib

        return getattr(importlib.import_module("overland.plan.planner"), name)
    raise AttributeError(name)
