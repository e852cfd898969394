"""Compiling the kernels before the clock starts; they are kept on disk, so it happens once."""

from __future__ import annotations

from overland.case.model import Case
from overland.plan.anneal import make_moves
from overland.plan.kernels import is_ready
from overland.plan.planner import solve
from overland.plan.schedules import search as search_schedules


def kernels_are_compiled() -> bool:
    """Whether the largest kernels are in memory or can be loaded from the cache of compiled code."""
    return all(is_ready(kernel) for kernel in (make_moves, search_schedules))


def warm_up(case: Case) -> None:
    """Plan a small case, so that every kernel is compiled."""
    solve(case, time_limit=600.0)
