"""The cheapest schedule of departures of one place under prices: the subproblem of the bound.

A *schedule* says at which steps which buses leave a place by which options, which services take people, and
how many go along: an exact label-setting dynamic programme over (cost, people waiting), by queue (queues.py).

People of the largest kind, of weight classes ``w_0 < w_1 < …``, count in nested queues: queue ``k`` holds
everybody of class ``k`` or higher, and everybody in it pays the *increment* of the cost of class ``k`` over
class ``k - 1``. By the loading rule a bus with ``s`` usable seats takes at least ``min(s - (g - 1) - r, q_k)``
of queue ``k``, where ``g`` is the largest group of the place and ``r`` the number of people of other kinds who
are ready. Between that and ``min(s, q_0)`` the programme may choose, in ranges: those of the lower end pay the
increment of this departure, the others, up to the upper end, the least increment of any departure from now on.
Of the other queues each departure takes all or nobody, as is cheaper, and they need no seats: once the
departures are fixed, those who wait in one of them all do best with the same one. So no plan of the place, with
unsplit groups, costs less than the optimum here.

**Dominance.** The *reach* of a label is its cost with the least increments of all who still wait. Let a label
with no longer queues than another copy the other's departures, taking the same number aboard where it has
them. At every departure it takes no more people than the other, and everybody whom the other takes beyond
that pays the least increment or more. So a label with no longer queues and no greater reach leads to no
greater cost: it dominates. By the same argument labels may be merged, the least reach with the shortest
queues, and the programme stays a lower bound.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from overland.plan.increments import departures_at
from overland.plan.pricing import Prices
from overland.plan.queues import Queues
from overland.plan.tables import Tables

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Array = NDArray[Any]

ACTION = 6  # columns of an action


@njit(cache=True, nogil=True)
def _longer(array: Array, length: int) -> Array:
    longer = np.empty(length, array.dtype)
    longer[: len(array)] = array
    return longer


@njit(cache=True, nogil=True)
def _longer2(array: Array, length: int) -> Array:
    longer = np.empty((length, array.shape[1]), array.dtype)
    longer[: len(array)] = array
    return longer


@njit(cache=True, nogil=True)
def _enough(array: Array, length: int) -> Array:
    return array if length <= len(array) else _longer(array, 2 * length)


@njit(cache=True, nogil=True)
def _enough2(array: Array, length: int) -> Array:
    return array if length <= len(array) else _longer2(array, 2 * length)


@njit(cache=True, nogil=True)
def _is_dominated(reach: float, queue: Ints, reaches: Floats, queues: Ints, count: int) -> bool:
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
def _undominated(reach: Floats, queue: Ints, label: Ints) -> tuple[Floats, Ints, Ints]:
    """The labels that no other dominates, in ascending reach."""
    kept_reach, kept_queue, kept_label = np.empty_like(reach), np.empty_like(queue), np.empty_like(label)
    kept = 0
    for i in np.argsort(reach):
        if not _is_dominated(reach[i], queue[i], kept_reach, kept_queue, kept):
            kept_reach[kept], kept_queue[kept], kept_label[kept] = reach[i], queue[i], label[i]
            kept += 1
    return kept_reach[:kept].copy(), kept_queue[:kept].copy(), kept_label[:kept].copy()


@njit(cache=True, nogil=True)
def _merged(reach: Floats, queue: Ints, label: Ints, cap: int) -> tuple[Floats, Ints, Ints]:
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
def _promising(reach: Floats, queue: Ints, label: Ints, ceiling: float) -> tuple[Floats, Ints, Ints]:
    """The labels that can still lead to less than ``ceiling``."""
    kept = 0
    for i in range(len(reach)):
        if reach[i] < ceiling:
            reach[kept], label[kept] = reach[i], label[i]
            queue[kept] = queue[i]
            kept += 1
    return reach[:kept].copy(), queue[:kept].copy(), label[:kept].copy()


@njit(cache=True, nogil=True)
def payers(queue: Ints, k: int, low: int, sure: int) -> int:
    """People of nested queue ``k`` who certainly pay the increment of a departure with ``low`` or more aboard.

    Parameters
    ----------
    sure : int
        Usable seats less those that others may take, or that the largest group may find too few.
    """
    if k == 0:
        return low
    return max(0, min(sure, queue[k]), low - (queue[0] - queue[k]))


@njit(cache=True, nogil=True)
def _take_nested(
    queue: Ints, nested: int, low: int, high: int, sure: int, increment: Floats, least: Floats, after: Ints
) -> float:
    """By how much people aboard raise the reach of a label; ``after`` (queues,) becomes its nested queues."""
    more = 0.0
    for k in range(nested):
        if high > 0:
            more += max(0.0, increment[k] - least[k]) * payers(queue, k, low, sure)
        after[k] = queue[k] - min(high, queue[k])
    return more


@njit(cache=True, nogil=True)
def _take_others(queue: Ints, nested: int, mask: int, increment: Floats, least: Floats, after: Ints) -> float:
    """The same for the other queues, those of ``mask`` aboard."""
    more = 0.0
    for q in range(nested, len(queue)):
        after[q] = queue[q]
        if (mask >> q) & 1:
            more += (increment[q] - least[q]) * queue[q]
            after[q] = 0
    return more


@njit(cache=True, nogil=True)
def _willing(queue: Ints, nested: int, increment: Floats, least: Floats) -> tuple[int, int]:
    """Masks of the other queues that board in any case, and of those that may."""
    surely, perhaps = 0, 0
    for q in range(nested, len(queue)):
        if queue[q] > 0 and increment[q] < np.inf:
            if increment[q] <= least[q]:
                surely |= 1 << q
            else:
                perhaps |= 1 << q
    return surely, perhaps


@njit(cache=True, nogil=True)
def _all_find_best(nested: int, increment: Floats, least: Floats) -> bool:
    """Whether nobody in the nested queues can find a better departure."""
    for k in range(nested):
        if increment[k] > least[k]:
            return False
    return True


@njit(cache=True, nogil=True)
def cheapest_schedule(
    tables: Tables,
    prices: Prices,
    p: int,
    queues: Queues,
    bus: Floats,
    service: Floats,
    least: Floats,
    loads: int,
    cap: int,
) -> tuple[float, Ints]:
    """Solve the subproblem of one place.

    Parameters
    ----------
    bus, service : float64
        Results of :func:`bus_increments` and :func:`service_increments`.
    least : float64 (T + 1, queues)
        From :func:`least_increments`.
    loads : int
        Number of ranges of the people aboard that are told apart; as many as seats: every number.
    cap : int
        Greatest number of labels kept at a step.

    Returns
    -------
    cost : float
        Lower bound of the priced cost of every schedule, counted from step 0.
    actions : int64 (actions, 6)
        The schedule found: step, option (or ``-2 - e``), vehicle type, range of the people aboard from the
        nested queues, mask of the other queues aboard.
    """
    horizon, count = tables.horizon, len(queues.kind)
    reach, queue, label = np.zeros(1), np.zeros((1, count), np.int64), np.zeros(1, np.int64)
    parent, action = np.full(65536, -1, np.int64), np.zeros((65536, ACTION), np.int64)
    made = 1
    begin, end = tables.call_first[p], tables.call_first[p + 1]
    e = begin
    ready, later = np.zeros(count, np.int64), queues.arrivals.sum(axis=0)
    ceiling = 0.0
    for q in range(count):
        ceiling += later[q] * least[horizon, q]
    winner = 0  # being left, all of them
    for t in range(horizon):
        rest = 0.0
        for q in range(count):
            come = queues.arrivals[t, q]
            ready[q] += come
            later[q] -= come
            rest += later[q] * least[t, q]
            for i in range(len(reach)):
                queue[i, q] += come
                reach[i] += come * least[t, q]
        while e < end and tables.call_step[e] == t:
            reach, queue, label, parent, action, made = _load_service(
                tables, e, queues, loads, service[e - begin], least[t],
                reach, queue, label, parent, action, made,
            )  # fmt: skip
            e += 1
        reach, queue, label, parent, action, made = _send_buses(
            tables, prices, p, t, queues, loads, ready, bus, least[t], ceiling - rest,
            reach, queue, label, parent, action, made,
        )  # fmt: skip
        rest = 0.0
        still = 0
        for q in range(count):
            rest += later[q] * least[t + 1, q]
            still += later[q]
        for i in range(len(reach)):
            if still == 0 and queue[i].sum() == 0 and reach[i] < ceiling:
                ceiling, winner = reach[i], label[i]
            for q in range(count):
                reach[i] += queue[i, q] * (least[t + 1, q] - least[t, q])
        reach, queue, label = _promising(reach, queue, label, ceiling - rest)
        if len(reach) == 0:
            break
        reach, queue, label = _undominated(reach, queue, label)
        if len(reach) > cap:
            reach, queue, label = _merged(reach, queue, label, cap)
    for i in range(len(reach)):
        if reach[i] < ceiling:
            ceiling, winner = reach[i], label[i]
    return ceiling, _way_back(parent, action, winner)


@njit(cache=True, nogil=True)
def _load_service(
    tables: Tables, e: int, queues: Queues, loads: int, increment: Floats, least: Floats,
    reach: Floats, queue: Ints, label: Ints, parent: Ints, action: Ints, made: int,
) -> tuple[Floats, Ints, Ints, Ints, Ints, int]:  # fmt: skip
    """Add labels in which a service call takes people, in ranges of its load."""
    nested, count, old, seats = queues.nested, len(reach), len(reach), tables.call_seats[e]
    width = max(1, (seats + loads - 1) // loads)
    for i in range(old):
        surely, perhaps = _willing(queue[i], nested, increment, least)
        if surely | perhaps == 0 and (queue[i, 0] == 0 or not increment[nested - 1] < np.inf):
            continue
        most = min(seats, queue[i, 0]) if increment[nested - 1] < np.inf else 0
        low = 0
        while low <= most:
            high = low if low == 0 else min(most, low + width - 1)
            some = perhaps
            while True:
                if high > 0 or surely | some > 0:
                    if count >= len(reach):
                        reach, queue, label = (
                            _longer(reach, 2 * count), _longer2(queue, 2 * count), _longer(label, 2 * count)
                        )  # fmt: skip
                    parent, action = _enough(parent, made + 1), _enough2(action, made + 1)
                    reach[count] = (
                        reach[i]
                        + _take_nested(
                            queue[i], nested, low, high, low - queues.slack, increment, least, queue[count]
                        )
                        + _take_others(queue[i], nested, surely | some, increment, least, queue[count])
                    )
                    label[count], parent[made] = made, label[i]
                    action[made, 0], action[made, 1], action[made, 2] = tables.call_step[e], -2 - e, -1
                    action[made, 3], action[made, 4], action[made, 5] = low, high, surely | some
                    made += 1
                    count += 1
                if some == 0:
                    break
                some = (some - 1) & perhaps
            low = high + 1
    reach, queue, label = _undominated(reach[:count], queue[:count], label[:count])
    return reach, queue, label, parent, action, made


@njit(cache=True, nogil=True)
def _send_buses(
    tables: Tables, prices: Prices, p: int, t: int, queues: Queues, loads: int, ready: Ints, bus: Floats, least: Floats,
    ceiling: float, reach: Floats, queue: Ints, label: Ints, parent: Ints, action: Ints, made: int,
) -> tuple[Floats, Ints, Ints, Ints, Ints, int]:  # fmt: skip
    """Add labels in which one bus or more leave at a step."""
    reach, queue, label = _promising(reach, queue, label, ceiling)
    waiting = False
    for i in range(len(reach)):
        waiting = waiting or queue[i].sum() > 0
    if not waiting:
        return reach, queue, label, parent, action, made
    nested = queues.nested
    price, seats, option, kind = departures_at(tables, prices, p, t, queues, ready, bus)
    fresh = 0  # labels made at this step from this number on may send another bus at this step
    while len(price):
        old, before = len(reach), made
        count = old
        for i in range(old):
            if label[i] < fresh:
                continue
            for j in range(len(price)):
                if reach[i] + price[j] >= ceiling:
                    continue
                increment = bus[t, option[j]]
                surely, perhaps = _willing(queue[i], nested, increment, least)
                nobody = queue[i, 0] == 0 or not increment[nested - 1] < np.inf
                if nobody and surely | perhaps == 0:
                    continue
                most = 0 if nobody else min(seats[j], queue[i, 0])
                sure = seats[j] - queues.slack - queues.others[t]
                low = max(0, min(sure, queue[i, 0])) if not nobody else 0
                if _all_find_best(nested, increment, least):
                    low = most
                width = (most - low) // loads  # a range holds one number more
                while low <= most:
                    high = min(most, low + width)
                    some = perhaps
                    while True:
                        if count >= len(reach):
                            reach, queue, label = (
                                _longer(reach, 2 * count), _longer2(queue, 2 * count), _longer(label, 2 * count)
                            )  # fmt: skip
                        parent, action = _enough(parent, made + 1), _enough2(action, made + 1)
                        whole = reach[i] + price[j]
                        whole += _take_nested(
                            queue[i], nested, low, high, sure, increment, least, queue[count]
                        )
                        whole += _take_others(queue[i], nested, surely | some, increment, least, queue[count])
                        if whole < ceiling and not _is_dominated(whole, queue[count], reach, queue, old):
                            reach[count], label[count], parent[made] = whole, made, label[i]
                            action[made, 0], action[made, 1] = t, tables.option_first[p, 0] + option[j]
                            action[made, 2], action[made, 3], action[made, 4] = kind[j], low, high
                            action[made, 5] = surely | some
                            made += 1
                            count += 1
                        if some == 0:
                            break
                        some = (some - 1) & perhaps
                    low = high + 1
        reach, queue, label = _undominated(reach[:count], queue[:count], label[:count])
        if made == before:
            break
        fresh = before
    return reach, queue, label, parent, action, made


@njit(cache=True, nogil=True)
def _way_back(parent: Ints, action: Ints, winner: int) -> Ints:
    length = 0
    node = winner
    while parent[node] >= 0:
        length += 1
        node = parent[node]
    actions = np.empty((length, ACTION), np.int64)
    node = winner
    while parent[node] >= 0:
        length -= 1
        actions[length] = action[node]
        node = parent[node]
    return actions
