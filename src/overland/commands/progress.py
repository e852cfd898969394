"""Showing how far a run of the planner, or an import, is."""

from __future__ import annotations

import sys
import time
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


@contextmanager
def stages(*, quiet: bool) -> Iterator[Callable[[str, float, float | None], None]]:
    """Show the stages of some work while the block runs: bars in a terminal, lines in a log."""
    if quiet:
        yield lambda _stage, _done, _total: None
    elif sys.stderr.isatty():
        with _bars() as show:
            yield show
    else:
        yield _stage_lines()


@contextmanager
def _bars() -> Iterator[Callable[[str, float, float | None], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, TaskID, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description:<10}"), BarColumn(bar_width=24), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def show(stage: str, done: float, total: float | None) -> None:
            if stage not in tasks:
                for earlier in tasks.values():
                    bar.update(earlier, total=1.0, completed=1.0)
                tasks[stage] = bar.add_task(stage)
            bar.update(tasks[stage], completed=done, total=total)

        yield show


def _stage_lines() -> Callable[[str, float, float | None], None]:
    started, told = time.monotonic(), dict[str, float]()

    def show(stage: str, done: float, total: float | None) -> None:
        seconds = time.monotonic() - started
        if stage not in told or seconds - told[stage] >= SECONDS_BETWEEN_LINES:
            share = f"  {done / total:.0%}" if stage in told and total else ""
            told[stage] = seconds
            print(f"{seconds:5.0f} s  {stage}{share}", file=sys.stderr, flush=True)

    return show
