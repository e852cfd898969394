"""Showing how far a run of the planner is."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import isfinite
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from overland.plan.planner import Progress

SECONDS_BETWEEN_LINES = 10.0


@contextmanager
def following(time_limit: float, *, quiet: bool) -> Iterator[Callable[[Progress], None] | None]:
    """Show progress while the block runs: a live line in a terminal, a line now and then in a log."""
    if quiet:
        yield None
    elif sys.stderr.isatty():
        with _live_line(time_limit) as show:
            yield show
    else:
        yield _log_lines()


def describe(progress: Progress) -> str:
    """Phase, time, best plan, bound and gap in one line."""
    cost = f"{progress.cost:,.0f}" if isfinite(progress.cost) else "—"
    bound = f"{progress.bound:,.0f}" if isfinite(progress.bound) else "—"
    gap = f"{progress.gap:.1%}" if isfinite(progress.cost) and isfinite(progress.bound) else "—"
    return f"{progress.seconds:5.0f} s  {progress.phase:<10}  best plan {cost}  bound {bound}  gap {gap}"


@contextmanager
def _live_line(time_limit: float) -> Iterator[Callable[[Progress], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    bar = Bar(BarColumn(bar_width=24), TextColumn("{task.description}"), console=Console(stderr=True))
    with bar:
        task = bar.add_task("starting", total=time_limit)

        def show(progress: Progress) -> None:
            bar.update(task, completed=min(progress.seconds, time_limit), description=describe(progress))

        yield show


def _log_lines() -> Callable[[Progress], None]:
    last = -SECONDS_BETWEEN_LINES

    def show(progress: Progress) -> None:
        nonlocal last
        if progress.seconds - last >= SECONDS_BETWEEN_LINES:
            last = progress.seconds
            print(describe(progress), file=sys.stderr, flush=True)

    return show
