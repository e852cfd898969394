"""Labels of the dynamic programme of schedules.py: a reach and queues, and which of them matter."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Array = NDArray[Any]


@njit(cache=True, nogil=True)
def longer(array: Array, length: int) -> Array:
    """A copy of an array with more room."""
    longer = np.empty(length, array.dtype)
    longer[: len(array)] = array
    return longer


@njit(cache=True, nogil=True)
def longer2(array: Array, length: int) -> Array:
    """A copy of a table with more room."""
    longer = np.empty((length, array.shape[1]), array.dtype)
    longer[: len(array)] = array
    return longer


@njit(cache=True, nogil=True)
def enough(array: Array, length: int) -> Array:
    """The array, or a copy with more room if it has not enough."""
    return array if length <= len(array) else longer(array, 2 * length)


@njit(cache=True, nogil=True)
def enough2(array: Array, length: int) -> Array:
    """The table, or a copy with more room if it has not enough."""
    return array if length <= len(array) else longer2(array, 2 * length)


@njit(cache=True, nogil=True)
def is_dominated(reach: float, queue: Ints, reaches: Floats, queues: Ints, count: int) -> bool:
    """Whether one of the first ``count`` labels, in ascending reach, dominates a label."""
    for i in range(count):
        if reaches[i] > reach:
            return False
        shorter = True
        for k in range(len(queue)):
            if queues[i, k] > queue[k]:
                shorter = False
                break
        if shorter:
            return True
    return False


@njit(cache=True, nogil=True)
def undominated(reach: Floats, queue: Ints, label: Ints) -> tuple[Floats, Ints, Ints]:
    """The labels that no other dominates, in ascending reach."""
    kept_reach, kept_queue, kept_label = np.empty_like(reach), np.empty_like(queue), np.empty_like(label)
    kept = 0
    for i in np.argsort(reach):
        if not is_dominated(reach[i], queue[i], kept_reach, kept_queue, kept):
            kept_reach[kept], kept_queue[kept], kept_label[kept] = reach[i], queue[i], label[i]
            kept += 1
    return kept_reach[:kept].copy(), kept_queue[:kept].copy(), kept_label[:kept].copy()


@njit(cache=True, nogil=True)
def merged(reach: Floats, queue: Ints, label: Ints, cap: int) -> tuple[Floats, Ints, Ints]:
    """Merge neighbours in reach until at most ``cap`` remain: the least reach with the shortest queues."""
    while len(reach) > cap:
        half = (len(reach) + 1) // 2
        for j in range(half):
            a, b = 2 * j, min(2 * j + 1, len(reach) - 1)
            reach[j], label[j] = reach[a], label[a]
            for k in range(queue.shape[1]):
                queue[j, k] = min(queue[a, k], queue[b, k])
        reach, queue, label = reach[:half].copy(), queue[:half].copy(), label[:half].copy()
    return reach, queue, label


@njit(cache=True, nogil=True)
def promising(reach: Floats, queue: Ints, label: Ints, ceiling: float) -> tuple[Floats, Ints, Ints]:
    """The labels that can still lead to less than ``ceiling``."""
    kept = 0
    for i in range(len(reach)):
        if reach[i] < ceiling:
            reach[kept], label[kept] = reach[i], label[i]
            queue[kept] = queue[i]
            kept += 1
    return reach[:kept].copy(), queue[:kept].copy(), label[:kept].copy()
