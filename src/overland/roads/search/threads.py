"""Sharing work among threads: kernels let go of Python's lock, so threads run side by side."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor


def shared(work: Callable[[range], None], tasks: int) -> None:
    """Share tasks, by number, among as many threads as there are processors."""
    count = threads(tasks)
    if count == 1:
        work(range(tasks))
        return
    with ThreadPoolExecutor(count) as pool:
        list(pool.map(work, [range(i, tasks, count) for i in range(count)]))


def threads(tasks: int) -> int:
    """How many threads to share some tasks among: as many as processors, at least one."""
    return max(1, min(os.cpu_count() or 1, tasks))
