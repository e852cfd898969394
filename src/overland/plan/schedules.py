"""The cheapest schedule of departures of one place under prices: the subproblem of the bound.

A *schedule* says at which steps which buses leave a place by which options, which services take people, and
how many go along: an exact label-setting dynamic programme over (cost, people waiting), by queue (queues.py).

People of the largest kind, of weight classes ``w_0 < w_1 < …``, count in nested queues: queue ``k`` holds
everybody of class ``k`` or higher, and everybody in it pays the *increment* of the cost of class ``k`` over
class ``k - 1``. By the loading rule a bus with ``s`` usable seats takes at least
``min(s - (g - 1) - b, q_k)`` of queue ``k``, where ``g`` is the largest group of the place and ``b`` the
number of people of other kinds aboard. Nobody knows ``b``, but over all departures these people are no more
than have become ready: a bus that leaves somebody of queue 0 behind with ``a`` of it aboard *uses up*
``s - (g - 1) - a`` of them. Of queue 0 the programme may choose how many go, in
ranges: those of the lower end pay the increment of this departure, the others, up to the upper end, the least
increment of any departure from now on. Of the other queues each departure takes all or nobody, as is cheaper,
and they need no seats: once the departures are fixed, those who wait in one of them all do best with the same
one. So no plan of the place, with unsplit groups, costs less than the optimum here.

**Dominance.** The *reach* of a label is its cost with the least increments of all who still wait. What it
has used up of the people of other kinds stands behind its queues, as if it were one. Let a
label with no longer queues than another copy the other's departures, taking as few aboard as keep its
queues no longer than the other's (docs/proof.md has the argument in full). At every departure it takes no
more people than the other, and everybody whom the other takes beyond that pays the least increment or more.
So a label with no longer queues and no greater reach leads to no greater cost: it dominates. By the same
argument labels may be merged, the least reach with the shortest queues, and the programme stays a lower
bound.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from overland.plan.increments import Fares, departures_at
from overland.plan.kernels import array_kernel, array_subkernel, subkernel
from overland.plan.labels import (
    enough,
    enough2,
    fewer,
    is_dominated,
    longer,
    longer2,
    promising,
    undominated,
)
from overland.plan.line_fares import RIDDEN
from overland.plan.pricing import Prices
from overland.plan.queues import Queues
from overland.plan.tables import Tables

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

# Labels (reach, queue, number), how each was made (parent, action), and how many there are of both
Pool = tuple[Floats, Ints, Ints, Ints, Ints, int, int]

ACTION = 6  # columns of an action
ANYBODY = 1 << 40  # more people than there are
FEW = 100  # labels kept when a good schedule is looked for


@subkernel
def payers(queue: Ints, k: int, low: int, sure: int) -> int:
    """People of nested queue ``k`` who certainly pay for a departure with ``low`` or more aboard.

    Parameters
    ----------
    sure : int
        Usable seats less those that others may take, or that the largest group may find too few.
    """
    if k == 0:
        return low
    return max(0, min(sure, queue[k]), low - (queue[0] - queue[k]))


@subkernel
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


@subkernel
def _take_others(queue: Ints, nested: int, mask: int, increment: Floats, least: Floats, after: Ints) -> float:
    """The same for the other queues, those of ``mask`` aboard."""
    more = 0.0
    for q in range(nested, len(queue) - 1):
        after[q] = queue[q]
        if (mask >> q) & 1:
            more += (increment[q] - least[q]) * queue[q]
            after[q] = 0
    return more


@subkernel
def _willing(queue: Ints, nested: int, increment: Floats, least: Floats) -> tuple[int, int]:
    """Masks of the other queues that board in any case, and of those that may."""
    surely, perhaps = 0, 0
    for q in range(nested, len(queue) - 1):
        if queue[q] > 0 and increment[q] < np.inf:
            if increment[q] <= least[q]:
                surely |= 1 << q
            else:
                perhaps |= 1 << q
    return surely, perhaps


@subkernel
def _all_find_best(nested: int, increment: Floats, least: Floats) -> bool:
    """Whether nobody in the nested queues can find a better departure."""
    best = True
    for k in range(nested):
        best = best and increment[k] <= least[k]
    return best


def cheapest_schedule(
    tables: Tables,
    prices: Prices,
    p: int,
    queues: Queues,
    fares: Fares,
    loads: int,
    cap: int,
    halted: Ints | None = None,
) -> tuple[float, Ints]:
    """Solve the subproblem of one place.

    A search that keeps the most promising labels only finds a good schedule; the programme proper then need
    not look at labels that cannot beat it.

    Parameters
    ----------
    fares : Fares
        From :func:`fares_of`.
    loads : int
        Number of ranges of the people aboard that are told apart; as many as seats: every number.
    cap : int
        Greatest number of labels kept at a step; 0: only the good schedule is wanted.
    halted : int64 (1,), optional
        As soon as another thread makes it 1, this ends with a cost of -infinity.

    Returns
    -------
    cost : float
        Lower bound of the priced cost of every schedule, counted from step 0; if only the good one is wanted,
        what that costs.
    actions : int64 (actions, 6)
        A good schedule, the cheapest if few labels are needed: step, option (or ``-2 - e``, ``RIDDEN``),
        vehicle type, range of the people aboard from the nested queues, mask of the other queues aboard.
    """
    everybody = float((queues.arrivals.sum(axis=0) * fares.least[-1]).sum())
    halted = np.zeros(1, np.int64) if halted is None else halted
    cost, actions = search(tables, prices, p, queues, fares, loads, FEW, everybody, True, halted)
    if cap > 0:
        cost, _ = search(tables, prices, p, queues, fares, loads, cap, cost, False, halted)
    return cost, actions


@array_kernel
def search(
    tables: Tables, prices: Prices, p: int, queues: Queues, fares: Fares, loads: int, cap: int,
    ceiling: float, dropping: bool, halted: Ints,
) -> tuple[float, Ints]:  # fmt: skip
    """Look for a schedule that costs less than ``ceiling``; see :func:`cheapest_schedule`.

    Parameters
    ----------
    dropping : bool
        Whether only some loads are tried and labels beyond the cap are dropped, so that the schedule found
        costs what is returned; else labels are merged, and no schedule costs less.
    """
    horizon, count, least = tables.horizon, len(queues.kind), fares.least
    reach, queue, label = np.zeros(1), np.zeros((1, count + 1), np.int64), np.zeros(1, np.int64)
    parent, action = np.full(65536, -1, np.int64), np.zeros((65536, ACTION), np.int64)
    made = 1
    begin, end = tables.call_first[p], tables.call_first[p + 1]
    e = begin
    ready, later = np.zeros(count, np.int64), queues.arrivals.sum(axis=0)
    winner = 0  # being left, all of them
    for t in range(horizon):
        if halted[0] != 0:
            return -np.inf, _way_back(parent, action, winner)
        for q in range(count):
            come = queues.arrivals[t, q]
            ready[q] += come
            later[q] -= come
            for i in range(len(reach)):
                queue[i, q] += come
                reach[i] += come * least[t, q]
        below = ceiling - _least_of(later, t, fares)
        while e < end and tables.call_step[e] == t:
            reach, queue, label, parent, action, made = _load_service(
                tables, e, queues, loads, fares.service[e - begin], least[t], fares.spare[t], below, dropping,
                reach, queue, label, parent, action, made,
            )  # fmt: skip
            reach, queue, label = fewer(reach, queue, label, cap, fares.spare[t], dropping)
            e += 1
        if fares.rides.increment[t].min() < np.inf:
            reach, queue, label, parent, action, made = _load_lines(
                t, queues, loads, fares.rides.increment[t], least[t], fares.spare[t], below, dropping,
                reach, queue, label, parent, action, made,
            )  # fmt: skip
            reach, queue, label = fewer(reach, queue, label, cap, fares.spare[t], dropping)
        reach, queue, label, parent, action, made = _send_buses(
            tables, prices, p, t, queues, loads, cap, ready, fares, below, dropping,
            reach, queue, label, parent, action, made,
        )  # fmt: skip
        still = later.sum()
        for i in range(len(reach)):
            if still == 0 and reach[i] < ceiling and queue[i, :count].sum() == 0:
                ceiling, winner = reach[i], label[i]
            for q in range(count):
                reach[i] += queue[i, q] * (least[t + 1, q] - least[t, q])
        below = ceiling - _least_of(later, t + 1, fares)
        reach, queue, label = promising(reach, queue, label, fares.spare[t + 1], below)
        if len(reach) == 0:
            break
        reach, queue, label = fewer(reach, queue, label, cap, fares.spare[t + 1], dropping)
    for i in range(len(reach)):
        if reach[i] < ceiling:
            ceiling, winner = reach[i], label[i]
    return ceiling, _way_back(parent, action, winner)


@subkernel
def _least_of(people: Ints, t: int, fares: Fares) -> float:
    """The least that people pay, by queue, who are ready after a step."""
    paid = 0.0
    for q in range(len(people)):
        paid += people[q] * fares.least[t, q]
    return paid + people[0] * fares.spare[t] if len(people) else paid


@array_subkernel
def _offer(
    pool: Pool, i: int, old: int, price: float, increment: Floats, least: Floats, nested: int,
    low: int, most: int, loads: int, sure: int, seats: int, spare: float, ceiling: float,
    entry: tuple[int, int, int], dropping: bool,
) -> Pool:  # fmt: skip
    """Add labels in which the people of label ``i`` take a departure, in every way they may.

    Parameters
    ----------
    old : int
        Number of labels that a new one is compared with at once.
    low, most, loads : int
        Least and greatest number of people aboard from the nested queues; into how many ranges at least.
    sure : int
        See :func:`payers`.
    seats : int
        Usable seats less those that the largest group may find too few. If negative, the departure is a
        service, which need not be filled: -1 less those aboard who need not be of the highest class.
    spare, ceiling : float
        What each of queue 0 pays more than the reach says; total that is of no use any more.
    entry : (int, int, int)
        Step, option and vehicle type, for the action.
    """
    reach, queue, label, parent, action, count, made = pool
    spent, widest = len(queue[i]) - 1, (most - low) // loads
    surely, perhaps = _willing(queue[i], nested, increment, least)
    while low <= most:
        high = low if dropping else min(most, low + min(widest, low // loads))
        others = max(0, seats - high) if high < queue[i, 0] else 0
        some = perhaps
        while high > 0 or surely | some > 0:
            if count >= len(reach):
                more = 2 * count
                reach, queue, label = longer(reach, more), longer2(queue, more), longer(label, more)
            parent, action = enough(parent, made + 1), enough2(action, made + 1)
            certain = sure if seats >= 0 else low + 1 + seats
            whole = reach[i] + price
            whole += _take_nested(queue[i], nested, low, high, certain, increment, least, queue[count])
            whole += _take_others(queue[i], nested, surely | some, increment, least, queue[count])
            queue[count, spent] = queue[i, spent] + others
            if whole + spare * queue[count, 0] < ceiling and not is_dominated(
                whole, queue[count], reach, queue, old
            ):
                reach[count], label[count], parent[made] = whole, made, label[i]
                action[made, 0], action[made, 1], action[made, 2] = entry
                action[made, 3], action[made, 4], action[made, 5] = low, high, surely | some
                made += 1
                count += 1
            if some == 0:
                break
            some = 0 if dropping else (some - 1) & perhaps
        low = most if dropping and low < most else high + 1
    return reach, queue, label, parent, action, count, made


@array_subkernel
def _load_service(
    tables: Tables, e: int, queues: Queues, loads: int, increment: Floats, least: Floats, spare: float,
    ceiling: float, dropping: bool,
    reach: Floats, queue: Ints, label: Ints, parent: Ints, action: Ints, made: int,
) -> tuple[Floats, Ints, Ints, Ints, Ints, int]:  # fmt: skip
    """Add labels in which a service call takes people, in ranges of its load."""
    nested, old, seats = queues.nested, len(reach), tables.call_seats[e]
    pool = (reach, queue, label, parent, action, old, made)
    entry = (tables.call_step[e], -2 - e, -1)
    for i in range(old):
        most = min(seats, pool[1][i, 0]) if increment[nested - 1] < np.inf else 0
        pool = _offer(
            pool, i, 0, 0.0, increment, least, nested, 0, most, loads, 0, -1 - queues.slack, spare, ceiling,
            entry, dropping,
        )  # fmt: skip
    reach, queue, label, parent, action, count, made = pool
    return reach[:count], queue[:count], label[:count], parent, action, made


@array_subkernel
def _load_lines(
    t: int, queues: Queues, loads: int, increment: Floats, least: Floats, spare: float,
    ceiling: float, dropping: bool,
    reach: Floats, queue: Ints, label: Ints, parent: Ints, action: Ints, made: int,
) -> tuple[Floats, Ints, Ints, Ints, Ints, int]:  # fmt: skip
    """Add labels in which trips of lines take people: as many as like, of any class."""
    nested, old = queues.nested, len(reach)
    pool = (reach, queue, label, parent, action, old, made)
    for i in range(old):
        most = pool[1][i, 0] if increment[nested - 1] < np.inf else 0
        pool = _offer(
            pool, i, 0, 0.0, increment, least, nested, 0, most, loads, 0, -1 - ANYBODY, spare, ceiling,
            (t, RIDDEN, -1), dropping,
        )  # fmt: skip
    reach, queue, label, parent, action, count, made = pool
    return reach[:count], queue[:count], label[:count], parent, action, made


@array_subkernel
def _send_buses(
    tables: Tables, prices: Prices, p: int, t: int, queues: Queues, loads: int, cap: int, ready: Ints,
    fares: Fares, ceiling: float, dropping: bool,
    reach: Floats, queue: Ints, label: Ints, parent: Ints, action: Ints, made: int,
) -> tuple[Floats, Ints, Ints, Ints, Ints, int]:  # fmt: skip
    """Add labels in which one bus or more leave at a step."""
    least, spare = fares.least[t], fares.spare[t]
    reach, queue, label = promising(reach, queue, label, spare, ceiling)
    nested, base, used = queues.nested, tables.option_first[p, 0], len(queues.kind)
    if queue[:, :used].sum() == 0:
        return reach, queue, label, parent, action, made
    price, seats, option, kind = departures_at(tables, prices, p, t, queues, ready, fares.bus)
    fresh = 0  # labels made at this step from this number on may send another bus at this step
    while len(price):
        old, before = len(reach), made
        pool = (reach, queue, label, parent, action, old, made)
        for i in range(old):
            if label[i] < fresh:
                continue
            for j in range(len(price)):
                if reach[i] + price[j] >= ceiling:
                    continue
                increment = fares.bus[t, option[j]]
                most = min(seats[j], queue[i, 0]) if increment[nested - 1] < np.inf else 0
                full = seats[j] - queues.slack
                sure = max(0, full - (queues.others[t] - queue[i, used]))
                low = most if _all_find_best(nested, increment, least) else min(sure, most)
                pool = _offer(
                    pool, i, old, price[j], increment, least, nested, low, most, loads,
                    sure, max(0, full), spare, ceiling, (t, base + option[j], kind[j]), dropping,
                )  # fmt: skip
        reach, queue, label, parent, action, count, made = pool
        reach, queue, label = undominated(reach[:count], queue[:count], label[:count])
        fresh = before
        if len(reach) > cap:
            reach, queue, label = fewer(reach, queue, label, cap, spare, dropping)
            if not dropping:
                fresh = 0  # a merged label stands for one that may send another bus
        if made == before:
            break
    return reach, queue, label, parent, action, made


@array_subkernel
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
