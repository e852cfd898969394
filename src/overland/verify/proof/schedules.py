"""The cheapest schedule of departures of one place: a search through everything that its people may do.

A *label* is what departures so far have left: people waiting, by queue, and the *reach*, what has been paid
and what those who wait pay at least. Behind its queues stands how many people of other kinds must have
taken seats. ``docs/proof.md`` says why no plan is missed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from overland.verify.proof.boards import Board
from overland.verify.proof.units import INFINITE

Ints = NDArray[np.int64]
Labels = tuple[Ints, Ints, Ints]  # reach, queue, and the round of the step in which a label was made

ANYBODY = 1 << 40  # more people than there are
FEW = 300  # labels kept in search of a ceiling


class Effort(NamedTuple):
    """How much a search may do: labels kept, and ranges of people aboard that are told apart."""

    labels: int
    ranges: int


EFFORTS = Effort(600, 30), Effort(1_000, 60)
"""What is done at first, and what is done where a bound seems to fall short."""


def least_cost(board: Board, effort: Effort) -> int:
    """The least that the people of a place pay in any schedule, or less."""
    everybody = int((board.arrivals.sum(axis=0) * board.least[-1]).sum())
    ceiling = cheapest_schedule(board, everybody, FEW, 1, True)
    return int(cheapest_schedule(board, ceiling, effort.labels, effort.ranges, False))


@njit(cache=True)
def cheapest_schedule(board: Board, ceiling: int, most: int, ranges: int, dropping: bool) -> int:
    """The least reach at the end, or ``ceiling`` if nothing is below.

    Parameters
    ----------
    most : int
        Labels kept.
    ranges : int
        Ranges of the number of people aboard that are told apart.
    dropping : bool
        Whether only some loads are tried and other labels are dropped, so that the outcome is no less than
        that of all schedules; else labels are merged, so that it is no more.
    """
    horizon, count = len(board.least) - 1, board.arrivals.shape[1]
    reach, queue, made = np.zeros(1, np.int64), np.zeros((1, count + 1), np.int64), np.zeros(1, np.int64)
    ready = np.zeros(count, np.int64)
    for t in range(horizon):
        ready += board.arrivals[t]
        for i in range(len(reach)):
            for q in range(count):
                queue[i, q] += board.arrivals[t, q]
                reach[i] += board.arrivals[t, q] * board.least[t, q]
        for e in range(board.call_first[t], board.call_first[t + 1]):
            made[:] = 1
            reach, queue, made = _after(
                board, t, ceiling, reach, queue, made, 1, 0, board.call_seats[e], board.call_fare[e], True,
                board.slack, ranges, dropping,
            )  # fmt: skip
            reach, queue, made = _fewer(board, t, most, dropping, reach, queue, made)
        if count > 0 and board.line_fare[t].min() < INFINITE:
            made[:] = 1
            reach, queue, made = _after(
                board, t, ceiling, reach, queue, made, 1, 0, ANYBODY, board.line_fare[t], True,
                ANYBODY, ranges, dropping,
            )  # fmt: skip
            reach, queue, made = _fewer(board, t, most, dropping, reach, queue, made)
        made[:] = 1
        buses = _worthwhile(board, t, ready)
        round_number = 1
        while len(buses) and made.max() == round_number:
            for i in buses:
                reach, queue, made = _after(
                    board, t, ceiling, reach, queue, made, round_number,
                    board.bus_price[i], board.bus_seats[i], board.bus_fare[i], False,
                    board.slack, ranges, dropping,
                )  # fmt: skip
            reach, queue, made = _fewer(board, t, most, dropping, reach, queue, made)
            round_number += 1
        for i in range(len(reach)):
            for q in range(count):
                reach[i] += queue[i, q] * (board.least[t + 1, q] - board.least[t, q])
        reach, queue, made = _promising(board, t + 1, ceiling - board.rest[t], reach, queue, made)
        if len(reach) == 0:
            return ceiling
        reach, queue, made = _fewer(board, t + 1, most, dropping, reach, queue, made)
    return min(ceiling, reach.min())


@njit(cache=True)
def _after(
    board: Board, t: int, ceiling: int, reach: Ints, queue: Ints, made: Ints, round_number: int,
    price: int, seats: int, fare: Ints, service: bool, slack: int, ranges: int, dropping: bool,
) -> Labels:  # fmt: skip
    """Add what a departure makes of the labels that were made in a round of the step.

    Of ``slack`` people aboard a service nobody knows that they are of a class as high as those left behind:
    of all, on trips of lines, which are many together and need not be filled.
    """
    nested, count, old, n = board.nested, len(fare), len(reach), len(reach)
    least, below = board.least[t], ceiling - board.rest[t]
    after = np.empty(count + 1, np.int64)
    for i in range(old):
        if made[i] != round_number or reach[i] + price >= below:
            continue
        may = fare[0] < INFINITE and queue[i, 0] > 0
        largest = min(seats, queue[i, 0]) if may else 0
        full = (
            seats - board.slack
        )  # people aboard, at least, where somebody of the highest class is left behind
        sure = full - (board.others[t] - queue[i, count])  # of them of the chief kind
        low = max(0, min(sure, largest)) if not service else 0
        width = (largest - low) // ranges + 1
        surely, perhaps = _others(queue[i, :count], nested, fare, least)
        while low <= largest:
            high = low if low == 0 or dropping else min(largest, low + width - 1)
            whole = (
                reach[i]
                + price
                + _aboard(board, t, queue[i], low, high, low - slack if service else sure, fare, after)
            )
            others = max(0, full - high) if high < queue[i, 0] and not service else 0
            after[count] = queue[i, count] + others
            some = perhaps
            while True:
                total = whole
                for q in range(nested, count):
                    after[q] = queue[i, q]
                    if ((surely | some) >> q) & 1:
                        total += (fare[q] - least[q]) * queue[i, q]
                        after[q] = 0
                if (
                    (high > 0 or surely | some)
                    and total + after[0] * board.spare[t] < below
                    and not _dominated(total, after, reach, queue, old)
                ):
                    if n == len(reach):
                        reach, queue, made = _roomier(reach, queue, made)
                    reach[n], made[n] = total, round_number + 1
                    queue[n] = after
                    n += 1
                if some == 0:
                    break
                some = 0 if dropping else (some - 1) & perhaps
            low = largest if dropping and low < largest else high + 1
    return reach[:n], queue[:n], made[:n]


@njit(cache=True)
def _aboard(
    board: Board, t: int, queue: Ints, low: int, high: int, loaded: int, fare: Ints, after: Ints
) -> int:
    """What people of the chief kind aboard pay beyond the least; ``after`` becomes who still waits.

    Between ``low`` and ``high`` of them go, and of each class and above at least ``loaded``, or all. Those
    who must pay the fare are as few as can be, those who are gone as many.
    """
    more = 0
    for q in range(board.nested):
        certain = low
        if q > 0:
            certain = max(0, min(loaded, queue[q]), low - (queue[0] - queue[q]))
        if high > 0:
            more += (fare[q] - board.least[t, q]) * certain
        after[q] = queue[q] - min(high, queue[q])
    return more


@njit(cache=True)
def _others(queue: Ints, nested: int, fare: Ints, least: Ints) -> tuple[int, int]:
    """Masks of the other queues that board in any case, as nothing is cheaper, and of those that may."""
    surely, perhaps = 0, 0
    for q in range(nested, len(queue)):
        if queue[q] > 0 and fare[q] < INFINITE:
            if fare[q] <= least[q]:
                surely |= 1 << q
            else:
                perhaps |= 1 << q
    return surely, perhaps


@njit(cache=True)
def _worthwhile(board: Board, t: int, ready: Ints) -> Ints:
    """The buses of a step but those that another with as many seats beats, whoever goes along."""
    kept = np.empty(board.bus_first[t + 1] - board.bus_first[t], np.int64)
    n = 0
    for i in range(board.bus_first[t], board.bus_first[t + 1]):
        beaten = False
        for j in range(n):
            if _beats(board, kept[j], i, ready):
                beaten = True
                break
        if beaten:
            continue
        m = 0
        for j in range(n):
            if not _beats(board, i, kept[j], ready):
                kept[m] = kept[j]
                m += 1
        kept[m] = i
        n = m + 1
    return kept[:n]


@njit(cache=True)
def _beats(board: Board, i: int, j: int, ready: Ints) -> bool:
    """Whether bus ``i`` costs no more than bus ``j``, whoever goes along."""
    seats = board.bus_seats[i]
    one, other = board.bus_fare[i], board.bus_fare[j]
    if seats != board.bus_seats[j] or (one[0] < INFINITE) != (other[0] < INFINITE):
        return False
    dearer = board.bus_price[j] - board.bus_price[i]
    for q in range(len(ready)):
        if ready[q] > 0 and other[q] < INFINITE:
            if one[q] >= INFINITE:
                return False
            people = min(seats, ready[q]) if q < board.nested else ready[q]
            dearer += min(0, people * (other[q] - one[q]))
    return dearer >= 0


@njit(cache=True)
def _dominated(reach: int, queue: Ints, reaches: Ints, queues: Ints, count: int) -> bool:
    """Whether one of the first labels, in ascending reach, has no more people waiting in any queue."""
    for i in range(count):
        if reaches[i] > reach:
            return False
        shorter = True
        for q in range(len(queue)):
            if queues[i, q] > queue[q]:
                shorter = False
                break
        if shorter:
            return True
    return False


@njit(cache=True)
def _undominated(reach: Ints, queue: Ints, made: Ints) -> Labels:
    """The labels that no other dominates, in ascending reach."""
    kept_reach, kept_queue, kept_made = np.empty_like(reach), np.empty_like(queue), np.empty_like(made)
    n = 0
    for i in np.argsort(reach):
        if not _dominated(reach[i], queue[i], kept_reach, kept_queue, n):
            kept_reach[n], kept_queue[n], kept_made[n] = reach[i], queue[i], made[i]
            n += 1
    return kept_reach[:n].copy(), kept_queue[:n].copy(), kept_made[:n].copy()


@njit(cache=True)
def _promising(board: Board, t: int, below: int, reach: Ints, queue: Ints, made: Ints) -> Labels:
    """The labels that may still lead to a total below a ceiling."""
    wanted = reach + queue[:, 0] * board.spare[t] < below
    return reach[wanted], queue[wanted], made[wanted]


@njit(cache=True)
def _fewer(board: Board, t: int, most: int, dropping: bool, reach: Ints, queue: Ints, made: Ints) -> Labels:
    """Labels that no other dominates, and few enough of them.

    Of too many the most promising are kept, or those are merged that are much alike: the least reach, the
    shortest queues.
    """
    reach, queue, made = _undominated(reach, queue, made)
    if len(reach) > most and dropping:
        best = np.argsort(reach + queue[:, 0] * board.spare[t])[:most]
        best.sort()
        return reach[best], queue[best], made[best]
    grain = 1
    while len(reach) > most:
        reach, queue, made = _merged(grain, reach, queue, made)
        grain *= 2
    return reach, queue, made


@njit(cache=True)
def _merged(grain: int, reach: Ints, queue: Ints, made: Ints) -> Labels:
    """One label for all whose queues are the same if counted in grains of so many people."""
    numbers: dict[int, int] = {}
    n = 0
    for i in range(len(reach)):
        key = 0
        for q in range(queue.shape[1]):
            key = key * 1_000_033 + queue[i, q] // grain
        if key not in numbers:
            numbers[key] = n
            reach[n], queue[n], made[n] = reach[i], queue[i], made[i]
            n += 1
            continue
        m = numbers[key]
        reach[m], made[m] = min(reach[m], reach[i]), max(made[m], made[i])
        for q in range(queue.shape[1]):
            queue[m, q] = min(queue[m, q], queue[i, q])
    return _undominated(reach[:n], queue[:n], made[:n])


@njit(cache=True)
def _roomier(reach: Ints, queue: Ints, made: Ints) -> Labels:
    n, more = len(reach), max(256, len(reach))
    longer = np.empty((n + more, queue.shape[1]), np.int64)
    longer[:n] = queue
    return (
        np.concatenate((reach, np.empty(more, np.int64))),
        longer,
        np.concatenate((made, np.empty(more, np.int64))),
    )
