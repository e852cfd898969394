"""What we will do: the plan, its search and its bound.

``solve`` is loaded when it is asked for, so that reading a plan document does not load the solver.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from overland.plan.planner import solve

__all__ = ["solve"]


def __getattr__(name: str) -> Any:
    if name == "solve":
        import importlib

        return importlib.import_module("overland.plan.planner").solve
    raise AttributeError(name)
