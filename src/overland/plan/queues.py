"""The people of one place as the subproblem of the bound counts them: in queues of those who are alike.

The largest *kind* of people at a place (who may go to the same countries, and walk or not) stands in nested
queues: queue ``k`` holds everybody of its ``k``-th class or a higher one. The others stand in a queue for
each kind and class. Kinds with few people, beyond a number of queues, are not in any queue: each of them pays
the least that any departure costs.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from overland.plan.tables import Tables

Ints = NDArray[np.int64]

OTHER_QUEUES = 4  # most queues of people who are not of the largest kind


class Queues(NamedTuple):
    """The queues of one place.

    Attributes
    ----------
    nested : int
        The first ``nested`` queues are nested by class.
    kind, rank, below : int64 (queues,)
        Kind and class of the people of a queue. They pay what a person of the class pays less what one of the
        class ``below`` pays, who is in the nested queue before (-1: nothing less).
    arrivals : int64 (T + 1, queues)
        People who become ready at each step.
    others : int64 (T + 1,)
        People not of the largest kind who are ready by each step.
    slack : int
        Size of the largest group of the place, less one.
    """

    nested: int
    kind: Ints
    rank: Ints
    below: Ints
    arrivals: Ints
    others: Ints
    slack: int


def queues_of(tables: Tables, p: int) -> tuple[Queues, Queues]:
    """Sort the riders of a place that has any into queues; the second are those of the people left over."""
    mine = slice(tables.rider_first[p], tables.rider_first[p + 1])
    size, ready, kind, rank = tables.size[mine], tables.ready[mine], tables.kind[mine], tables.rank[mine]
    main = int(np.bincount(kind, size).argmax())
    ranks = np.unique(rank[kind == main])
    pairs, pair_of = np.unique(np.stack([kind, rank], axis=1), axis=0, return_inverse=True)
    people = np.bincount(pair_of.ravel(), size)
    people[pairs[:, 0] == main] = 0
    order = [int(i) for i in np.argsort(-people, kind="stable") if people[i] > 0]
    slack = int(size.max()) - 1

    def ready_at(which: NDArray[np.bool_]) -> Ints:
        return np.bincount(ready[which], size[which], tables.horizon + 1).astype(np.int64)

    def queues(ranks: Ints, others: list[int]) -> Queues:
        arrivals = [ready_at((kind == main) & (rank >= k)) for k in ranks]
        arrivals += [ready_at(pair_of.ravel() == i) for i in others]
        return Queues(
            nested=len(ranks),
            kind=np.array([main] * len(ranks) + [pairs[i, 0] for i in others], dtype=np.int64),
            rank=np.array([*ranks, *(pairs[i, 1] for i in others)], dtype=np.int64),
            below=np.array([-1, *ranks[:-1]][: len(ranks)] + [-1] * len(others), dtype=np.int64),
            arrivals=np.array(arrivals, dtype=np.int64).reshape(-1, tables.horizon + 1).T.copy(),
            others=np.cumsum(ready_at(kind != main)),
            slack=slack,
        )

    return queues(ranks, order[:OTHER_QUEUES]), queues(ranks[:0], order[OTHER_QUEUES:])
