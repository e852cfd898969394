"""The cheapest schedule of departures of one place under prices: the subproblem of the bound.

A *schedule* says at which steps which buses leave a place by which options, which services take people, and
how many go along: an exact label-setting dynamic programme over (cost, people waiting).

People of weight classes ``w_0 < w_1 < …`` count in nested queues: queue ``k`` holds everybody of class ``k``
or higher, and everybody in it pays the *increment* of the cost of class ``k`` over class ``k - 1``. By the
loading rule a bus with ``s`` usable seats takes at least ``min(s - (g - 1), q_k - r)`` of queue ``k``, where
``g`` is the largest group of the place and ``r`` the number of people there who may not take it. Between
that and ``min(s, q_0)`` the programme may choose, in ranges: those of the lower end pay the increment of this
departure, the others, up to the upper end, the least increment of any departure from now on. So no plan of
the place, with unsplit groups and with people who may not go everywhere, costs less than the optimum here.

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

from overland.plan.increments import Increments, departures_at
from overland.plan.pricing import Prices
from overland.plan.tables import Tables

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Array = NDArray[Any]

LOADS = 4  # ranges of the number of people aboard that are told apart


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
def payers(queue: Ints, k: int, low: int, sure: int, barred: int) -> int:
    """People of queue ``k`` who certainly pay the increment of a departure with ``low`` or more aboard.

    Parameters
    ----------
    sure : int
        Usable seats less the size of the largest group but one person.
    barred : int
        People of the place who may not take the departure.
    """
    if k == 0:
        return low
    return max(0, min(sure, queue[k] - barred), low - (queue[0] - queue[k]))


@njit(cache=True, nogil=True)
def _take_aboard(
    queue: Ints, low: int, high: int, sure: int, barred: int, increment: Floats, least: Floats, after: Ints
) -> float:
    """By how much people aboard raise the reach of a label; ``after`` (classes,) becomes its queues."""
    more = 0.0
    for k in range(len(queue)):
        more += max(0.0, increment[k] - least[k]) * payers(queue, k, low, sure, barred)
        after[k] = queue[k] - min(high, queue[k])
    return more


@njit(cache=True, nogil=True)
def cheapest_schedule(
    tables: Tables,
    prices: Prices,
    p: int,
    arrivals: Ints,
    slack: int,
    bus: Increments,
    service: Increments,
    least: Floats,
    cap: int,
) -> tuple[float, Ints]:
    """Solve the subproblem of one place.

    Parameters
    ----------
    arrivals : int64 (T + 1, classes of the place)
        People who become ready at each step, nested by class.
    slack : int
        Size of the largest group of the place, less one.
    bus, service : tuple
        Results of :func:`bus_increments` and :func:`service_increments`.
    least : float64 (T + 1, classes of the place)
        From :func:`least_increments`.
    cap : int
        Greatest number of labels kept at a step.

    Returns
    -------
    cost : float
        Lower bound of the priced cost of every schedule, counted from step 0.
    actions : int64 (actions, 5)
        The schedule found: step, option (or ``-2 - e``), vehicle type, range of the people aboard.
    """
    horizon, classes = tables.horizon, arrivals.shape[1]
    reach, queue, label = np.zeros(1), np.zeros((1, classes), np.int64), np.zeros(1, np.int64)
    parent, action = np.full(65536, -1, np.int64), np.zeros((65536, 5), np.int64)
    made = 1
    begin, end = tables.call_first[p], tables.call_first[p + 1]
    e = begin
    later = arrivals.sum(axis=0)
    ceiling = 0.0
    for k in range(classes):
        ceiling += later[k] * least[horizon, k]
    winner = 0  # being left, all of them
    for t in range(horizon):
        rest = 0.0
        for k in range(classes):
            later[k] -= arrivals[t, k]
            rest += later[k] * least[t, k]
            for i in range(len(reach)):
                queue[i, k] += arrivals[t, k]
                reach[i] += arrivals[t, k] * least[t, k]
        while e < end and tables.call_step[e] == t:
            reach, queue, label, parent, action, made = _load_service(
                tables, e, slack, service[1][e - begin], service[0][e - begin], least[t],
                reach, queue, label, parent, action, made,
            )  # fmt: skip
            e += 1
        reach, queue, label, parent, action, made = _send_buses(
            tables, prices, p, t, slack, bus, least[t], ceiling - rest,
            reach, queue, label, parent, action, made,
        )  # fmt: skip
        rest = 0.0
        for k in range(classes):
            rest += later[k] * least[t + 1, k]
        for i in range(len(reach)):
            if later[0] == 0 and queue[i, 0] == 0 and reach[i] < ceiling:
                ceiling, winner = reach[i], label[i]
            for k in range(classes):
                reach[i] += queue[i, k] * (least[t + 1, k] - least[t, k])
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
    tables: Tables, e: int, slack: int, barred: int, increment: Floats, least: Floats,
    reach: Floats, queue: Ints, label: Ints, parent: Ints, action: Ints, made: int,
) -> tuple[Floats, Ints, Ints, Ints, Ints, int]:  # fmt: skip
    """Add labels in which a service call takes people, in ranges of its load."""
    if not increment[-1] < np.inf:
        return reach, queue, label, parent, action, made
    count = old = len(reach)
    more, seats = old * (1 + LOADS), tables.call_seats[e]
    width = max(1, (seats + LOADS - 1) // LOADS)
    reach, queue, label = _longer(reach, more), _longer2(queue, more), _longer(label, more)
    parent, action = _enough(parent, made + more), _enough2(action, made + more)
    for i in range(old):
        low, most = 1, min(seats, queue[i, 0])
        while low <= most:
            high = min(most, low + width - 1)
            reach[count] = reach[i] + _take_aboard(
                queue[i], low, high, low - slack, barred, increment, least, queue[count]
            )
            label[count], parent[made] = made, label[i]
            action[made, 0], action[made, 1], action[made, 2] = tables.call_step[e], -2 - e, -1
            action[made, 3], action[made, 4] = low, high
            made += 1
            count += 1
            low = high + 1
    reach, queue, label = _undominated(reach[:count], queue[:count], label[:count])
    return reach, queue, label, parent, action, made


@njit(cache=True, nogil=True)
def _send_buses(
    tables: Tables, prices: Prices, p: int, t: int, slack: int, bus: Increments, least: Floats,
    ceiling: float, reach: Floats, queue: Ints, label: Ints, parent: Ints, action: Ints, made: int,
) -> tuple[Floats, Ints, Ints, Ints, Ints, int]:  # fmt: skip
    """Add labels in which one bus or more leave at a step."""
    reach, queue, label = _promising(reach, queue, label, ceiling)
    waiting = False
    for i in range(len(reach)):
        waiting = waiting or queue[i, 0] > 0
    if not waiting:
        return reach, queue, label, parent, action, made
    price, seats, out, option, kind = departures_at(tables, prices, p, t, slack, bus)
    fresh = 0  # labels made at this step from this number on may send another bus at this step
    while len(price):
        old, before = len(reach), made
        more = old * (1 + len(price) * (LOADS + 1))
        reach, queue, label = _longer(reach, more), _longer2(queue, more), _longer(label, more)
        parent, action = _enough(parent, made + more), _enough2(action, made + more)
        count = old
        for i in range(old):
            if queue[i, 0] == 0 or label[i] < fresh:
                continue
            for j in range(len(price)):
                increment = bus[0][t, option[j]]
                most, sure = min(seats[j], queue[i, 0]), seats[j] - slack
                low = max(0, min(sure, queue[i, 0] - out[j]))
                if increment[0] <= least[0]:
                    low = most  # nobody finds a better way
                width = max(1, (most - low + LOADS - 1) // LOADS)
                while low <= most:
                    high = min(most, low + width)
                    whole = reach[i] + price[j] + _take_aboard(
                        queue[i], low, high, sure, out[j], increment, least, queue[count]
                    )  # fmt: skip
                    if whole < ceiling and not _is_dominated(whole, queue[count], reach, queue, old):
                        reach[count], label[count], parent[made] = whole, made, label[i]
                        action[made, 0], action[made, 1] = t, tables.option_first[p, 0] + option[j]
                        action[made, 2], action[made, 3], action[made, 4] = kind[j], low, high
                        made += 1
                        count += 1
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
    actions = np.empty((length, 5), np.int64)
    node = winner
    while parent[node] >= 0:
        length -= 1
        actions[length] = action[node]
        node = parent[node]
    return actions
