"""Room for the kernels of the search to work in."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from overland.plan.tables import Tables

Ints = NDArray[np.int64]


class Scratch(NamedTuple):
    """Room for the kernels to work in; nothing is read that the same move has not written, but as stated."""

    # waiting.py, boarding.py
    member: Ints  # (riders, 4) what a group takes; who stands behind it; since when it waits; see BESIDE
    # by class, highest first
    head: Ints
    tail: Ints
    coming: Ints  # first of the place's own groups that is not in the queue yet
    # by step
    crowd: Ints  # change of the people in transit; 0 between moves
    standing: Ints  # the same of those who were there, or on the way there, before
    by_size: Ints  # groups in the queues
    least: Ints  # (1,) size of the smallest of them
    gathered: Ints  # (1,) steps of which all have joined the queues
    waiting: Ints  # (1,) groups in the queues
    boarded: Ints  # (2 riders, 2) group and step of who boards in what is tried; LEFT for who is left
    boarded_first: Ints  # (places,) where those of each place begin and end
    boarded_last: Ints
    # arrivals.py
    odd: Ints  # (riders,) stamp of those who come to a hub otherwise than at present
    stamp: Ints  # (1,) of the hub looked at
    odd_group: Ints  # (riders,) those who come
    odd_step: Ints  # (riders,) step from which each can board
    odd_count: Ints  # (1,)
    from_step: Ints  # by step, the first of them who can board from it on; -1 between moves
    # trial.py
    place: Ints  # (places,) those to be played again
    touched: Ints  # (places,) whether they are
    side: Ints  # (places,) side of the state to be read if the change is kept
    same: Ints  # (places,) entries of the use that stay, at the beginning and at the end
    alike: Ints
    dirty: Ints  # (places,) where the seats of a trip of a line have changed


def new_scratch(tables: Tables, places: int) -> Scratch:
    """Room for a problem."""

    def room(size: int) -> Ints:
        return np.zeros(size, dtype=np.int64)

    riders, classes, steps = len(tables.size), len(tables.weights), tables.horizon + tables.change + 2
    return Scratch(
        member=np.zeros((riders, 4), dtype=np.int64),
        head=room(classes),
        tail=room(classes),
        coming=room(classes),
        crowd=room(steps),
        standing=room(steps),
        by_size=room(int(tables.size.max()) + 1 if riders else 1),
        least=room(1),
        gathered=room(1),
        waiting=room(1),
        boarded=np.zeros((2 * riders, 2), dtype=np.int64),
        boarded_first=room(places),
        boarded_last=room(places),
        odd=room(riders),
        stamp=room(1),
        odd_group=room(riders),
        odd_step=room(riders),
        odd_count=room(1),
        from_step=np.full(steps, -1),
        place=room(places),
        touched=room(places),
        side=room(places),
        same=room(places),
        alike=room(places),
        dirty=room(places),
    )
