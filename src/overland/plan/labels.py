"""Labels of the dynamic programme of schedules.py: a reach and queues, and which of them matter."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from overland.plan.kernels import array_subkernel, subkernel

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Array = NDArray[Any]


@array_subkernel
def longer(array: Array, length: int) -> Array:
    """A copy of an array with more room."""
    longer = np.empty(length, array.dtype)
    longer[: len(array)] = array
    return longer


@array_subkernel
def longer2(array: Array, length: int) -> Array:
    """A copy of a table with more room."""
    longer = np.empty((length, array.shape[1]), array.dtype)
    longer[: len(array)] = array
    return longer


@array_subkernel
def enough(array: Array, length: int) -> Array:
    """The array, or a copy with more room if it has not enough."""
    return array if length <= len(array) else longer(array, 2 * length)


@array_subkernel
def enough2(array: Array, length: int) -> Array:
    """The table, or a copy with more room if it has not enough."""
    return array if length <= len(array) else longer2(array, 2 * length)


@subkernel
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


@array_subkernel
def undominated(reach: Floats, queue: Ints, label: Ints) -> tuple[Floats, Ints, Ints]:
    """The labels that no other dominates, in ascending reach."""
    kept_reach, kept_queue, kept_label = np.empty_like(reach), np.empty_like(queue), np.empty_like(label)
    kept = 0
    for i in np.argsort(reach):
        if not is_dominated(reach[i], queue[i], kept_reach, kept_queue, kept):
            kept_reach[kept], kept_queue[kept], kept_label[kept] = reach[i], queue[i], label[i]
            kept += 1
    return kept_reach[:kept].copy(), kept_queue[:kept].copy(), kept_label[:kept].copy()


@array_subkernel
def fewer(
    reach: Floats, queue: Ints, label: Ints, cap: int, spare: float, dropping: bool
) -> tuple[Floats, Ints, Ints]:
    """The labels that no other dominates, in ascending reach, at most ``cap`` of them.

    Of too many the most promising are kept, or those are merged that are much alike.
    """
    reach, queue, label = undominated(reach, queue, label)
    if len(reach) > cap and dropping:
        best = np.sort(np.argsort(reach + spare * queue[:, 0])[:cap])
        return reach[best], queue[best], label[best]
    return merged(reach, queue, label, cap)


@array_subkernel
def merged(reach: Floats, queue: Ints, label: Ints, cap: int) -> tuple[Floats, Ints, Ints]:
    """Merge labels with much the same queues until at most ``cap`` remain, in ascending reach.

    Those whose queues lie in one cell of a grid become one label, the least reach with the shortest queues;
    the grid is made coarser until there are few enough.
    """
    cell = np.empty(len(reach), np.int64)
    width = 1
    while len(reach) > cap:
        for i in range(len(reach)):
            cell[i] = 0
            for k in range(queue.shape[1]):
                cell[i] = 1_000_003 * cell[i] + queue[i, k] // width
        order = np.argsort(cell[: len(reach)])
        kept = -1
        new_reach, new_queue, new_label = np.empty_like(reach), np.empty_like(queue), np.empty_like(label)
        for n in range(len(order)):
            i = order[n]
            if n == 0 or cell[i] != cell[order[n - 1]]:
                kept += 1
                new_reach[kept], new_label[kept] = reach[i], label[i]
                new_queue[kept] = queue[i]
                continue
            if reach[i] < new_reach[kept]:
                new_reach[kept], new_label[kept] = reach[i], label[i]
            for k in range(queue.shape[1]):
                new_queue[kept, k] = min(new_queue[kept, k], queue[i, k])
        reach, queue, label = undominated(new_reach[: kept + 1], new_queue[: kept + 1], new_label[: kept + 1])
        width *= 2
    return reach, queue, label


@array_subkernel
def promising(
    reach: Floats, queue: Ints, label: Ints, spare: float, ceiling: float
) -> tuple[Floats, Ints, Ints]:
    """The labels that can still lead to less than ``ceiling``; each of queue 0 pays ``spare`` more."""
    kept = 0
    for i in range(len(reach)):
        if reach[i] + spare * queue[i, 0] < ceiling:
            reach[kept], label[kept] = reach[i], label[i]
            queue[kept] = queue[i]
            kept += 1
    return reach[:kept].copy(), queue[:kept].copy(), label[:kept].copy()
