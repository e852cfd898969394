"""Closures of roads that nobody foresaw: as rows, and as the flat arrays that the execution takes."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from overland.futures.happenings import Conditions

Ints = NDArray[np.int64]


def flat(rows: Iterable[tuple[int, int, int]], segments: int) -> tuple[Ints, Ints]:
    """Closures (segment, from, until) as ``closed_first`` and ``closed``, sorted."""
    table = np.array(sorted(rows), dtype=np.int64).reshape(-1, 3)
    first = np.searchsorted(table[:, 0], np.arange(segments + 1)).astype(np.int64)
    return first, np.ascontiguousarray(table[:, 1:])


def closures_of(conditions: Conditions) -> list[tuple[int, int, int]]:
    """Closures (segment, from, until) of the conditions of a future."""
    segment = np.repeat(np.arange(len(conditions.closed_first) - 1), np.diff(conditions.closed_first))
    return [(s, *row) for s, row in zip(segment.tolist(), conditions.closed.tolist(), strict=True)]
