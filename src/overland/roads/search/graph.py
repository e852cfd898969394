"""Roads as the searches in time take them: flat arrays, with the times at which each road is closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

NOWHERE = 2**62
"""Arrival where there is no way, and end of what is closed for good (ms)."""


class RoadGraph(NamedTuple):
    """Arcs in compressed sparse rows; times in milliseconds after the start of the case.

    Attributes
    ----------
    first : int64 (nodes + 1,)
        Arcs of node ``i`` are ``first[i]`` … ``first[i + 1] - 1``.
    head : int32 (arcs,)
        Node an arc leads to.
    millis : int32 (arcs,)
        Time to drive it.
    segment : int32 (arcs,)
        Road it drives along, whose closures hold for it.
    closed_first : int64 (segments + 1,)
        Closed intervals of a road, as rows of ``closed``.
    closed : int64 (intervals, 2)
        From and until (``NOWHERE``: for good), sorted for each road.
    terminal : bool (nodes,)
        Ends of roads (crossings), never passed through.
    share : float64 (arcs, 2)
        From where to where along its segment an arc drives: 0 the start, 1 the end.
    """

    first: NDArray[np.int64]
    head: NDArray[np.int32]
    millis: NDArray[np.int32]
    segment: NDArray[np.int32]
    closed_first: NDArray[np.int64]
    closed: NDArray[np.int64]
    terminal: NDArray[np.bool_]
    share: NDArray[np.float64]

    @classmethod
    def of(
        cls,
        nodes: int,
        arcs: tuple[NDArray[np.int64], ...],
        closed: tuple[NDArray[np.int64], NDArray[np.int64]],
        terminal: Sequence[int] = (),
        share: NDArray[np.float64] | None = None,
    ) -> RoadGraph:
        """The graph of some arcs in any order: tails, heads, times (ms) and segments, each int64 (arcs,)."""
        if share is None:
            share = np.tile([0.0, 1.0], (len(arcs[0]), 1))
        tail, head, millis, segment = arcs
        order = np.argsort(tail, kind="stable")
        return cls(
            first=np.searchsorted(tail[order], np.arange(nodes + 1)).astype(np.int64),
            head=head[order].astype(np.int32),
            millis=millis[order].astype(np.int32),
            segment=segment[order].astype(np.int32),
            closed_first=closed[0],
            closed=closed[1],
            terminal=np.isin(np.arange(nodes), np.array(terminal, dtype=np.int64)),
            share=share[order],
        )


def flat_closures(
    segments: int, closed: Mapping[int, Sequence[tuple[float, float]]]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Closed intervals of segments (number → from and until in minutes): ``closed_first`` and ``closed``."""
    lengths = np.zeros(segments + 1, dtype=np.int64)
    rows: list[tuple[int, int]] = []
    for number in sorted(closed):
        lengths[number + 1] = len(closed[number])
        rows += [(in_millis(start), in_millis(end)) for start, end in closed[number]]
    return np.cumsum(lengths), np.array(rows, dtype=np.int64).reshape(-1, 2)


def in_millis(minutes: float) -> int:
    """Minutes in milliseconds; ``NOWHERE`` for infinity."""
    return NOWHERE if minutes == float("inf") else round(60_000 * minutes)
