"""Compiling the kernels before the clock starts; they are kept on disk, so it happens once.

Those of the search and those of the bound call none of each other, and numba compiles one kernel at a time
in a process. So two processes compile the two halves side by side, and this one loads what they have made.
"""

from __future__ import annotations

import signal
import tempfile
from collections.abc import Callable
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from overland.case import read_case
from overland.case.model import Case
from overland.case.starter import new_case
from overland.plan.anneal import make_moves
from overland.plan.bound import Bound
from overland.plan.kernels import is_ready
from overland.plan.planner import solve
from overland.plan.problem import build_problem
from overland.plan.schedules import search as search_schedules
from overland.plan.search import Search
from overland.plan.setting import Setting
from overland.roads.search.threads import threads

SECONDS = 600.0  # to improve prices in, at most: far more than a small case needs


def kernels_are_compiled() -> bool:
    """Whether the largest kernels are in memory or can be loaded from the cache of compiled code."""
    return all(is_ready(kernel) for kernel in (make_moves, search_schedules))


def warm_up(case: Case) -> None:
    """Plan a small case, so that every kernel is compiled."""
    if not kernels_are_compiled() and threads(2) > 1:
        setting = Setting.of(build_problem(case))
        setting.state()  # with the kernels that both halves use: two processes must not write the same file
        side_by_side(partial(compile_search, setting), partial(compile_bound, setting))
    solve(case, time_limit=SECONDS)


def side_by_side(*parts: Callable[[], None]) -> None:
    """Do each part in a process of its own; an interrupt ends them all.

    What a process fails to do is left undone: it says why, and this one fails in the same way when it does
    that itself, or succeeds where the process was killed for want of memory.
    """
    context = get_context("spawn")
    processes = [context.Process(target=_do, args=(part,), daemon=True) for part in parts]
    try:
        for process in processes:
            process.start()
        for process in processes:
            process.join()
    finally:
        for process in processes:
            if process.is_alive():
                process.terminate()
                process.join()


def _do(part: Callable[[], None]) -> None:
    """Do a part in this process, which an interrupt ends at once and without a word."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    part()


def compile_search(setting: Setting) -> None:
    """Search for a moment."""
    Search(setting.tables, setting.cars, setting.state()).anneal(1.0, 0.0, 0)


def compile_bound(setting: Setting) -> None:
    """Work out a bound, improve its prices once, and prove it."""
    bound = Bound(setting.problem, setting.tables, setting.cars)
    bound.take(bound.evaluate(bound.zero_prices()))
    bound.improve(SECONDS)
    bound.prove()


def compile_kernels() -> None:
    """Compile every kernel, unless that is done, by planning the case that ``overland new`` makes."""
    if kernels_are_compiled():
        return
    with tempfile.TemporaryDirectory() as folder:
        new_case(Path(folder) / "starter")
        warm_up(read_case(Path(folder) / "starter"))


if __name__ == "__main__":
    compile_kernels()
