"""The cheapest schedule of departures of one place under prices: the subproblem of the bound.

A *schedule* says at which steps which buses leave a place by which options, and how many people each service
takes. The loading rule makes the loads follow from it: an exact label-setting dynamic programme over (cost,
people waiting).

People of weight classes ``w_0 < w_1 < …`` count in nested queues: queue ``k`` holds everybody of class ``k``
or higher, and everybody in it pays the *increment* of the cost of class ``k`` over class ``k - 1``. The rule
then says that a departure with ``s`` usable seats takes at least ``min(s - (g - 1), q_k - r)`` of queue
``k``, where ``g`` is the largest group of the place and ``r`` the number of people there who may not take it.
Those certainly aboard pay this departure's increment; the rest of the ``min(s, q_k)`` that the programme lets
go pay the least increment of any departure from now on. So no plan of the place, with unsplit groups and with
people who may not go everywhere, costs less than the programme's optimum. Fewer people waiting never cost
more, hence labels with fewer waiting and smaller cost dominate, and merging labels component by component
keeps the bound valid.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from overland.plan.options import FOOT, HUB
from overland.plan.pricing import (
    WAIT,
    Prices,
    boarding_toll,
    call_cost,
    gate_toll,
    option_cost,
    trip_price,
)
from overland.plan.tables import Tables

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Array = NDArray[Any]

Increments = tuple[Floats, Ints]  # by departure; and the people barred from it

SERVICE_LEVELS = 4  # loads of a service that are told apart


@njit(cache=True, nogil=True)
def excluded(tables: Tables, p: int, admits_bit: int, on_foot: bool, hub: int, latest: int) -> int:
    """People riding from a place who may not take a departure."""
    people = 0
    for g in range(tables.rider_first[p], tables.rider_first[p + 1]):
        c = tables.kind[g]
        if hub >= 0:
            barred = latest > tables.kind_hub_last[c, hub]
        else:
            barred = not (tables.kind_admits[c] >> admits_bit) & 1 or (on_foot and not tables.kind_walks[c])
        if barred:
            people += tables.size[g]
    return people


@njit(cache=True, nogil=True)
def barred_from(tables: Tables, p: int, o: int, t: int) -> int:
    """People riding from a place who may not take a bus option at a step."""
    if tables.option_kind[o] == HUB:
        return excluded(tables, p, 0, False, tables.option_station[o], tables.safe[t, o] + tables.change)
    return excluded(tables, p, tables.option_country[o], tables.option_kind[o] == FOOT, -1, 0)


@njit(cache=True, nogil=True)
def bus_increments(tables: Tables, prices: Prices, hub_value: Floats, p: int) -> tuple[Floats, Ints]:
    """What each person pays for each bus option of a place, and who may not take it.

    Returns
    -------
    increment : float64 (T, options of the place, classes)
        Cost of a person by nested class, counted from step 0, without the vehicle; infinite where impossible.
    barred : int64 (options of the place,)
        People of the place who may not take it (for a trip to a hub it depends on the step: -1).
    """
    base, options = tables.option_first[p, 0], tables.option_first[p, -1] - tables.option_first[p, 0]
    classes = len(tables.weights)
    increment = np.full((tables.horizon, options, classes), np.inf)
    barred = np.full(options, -1, np.int64)
    for i in range(options):
        o = base + i
        if tables.option_kind[o] != HUB:
            barred[i] = barred_from(tables, p, o, 0)
    for t in range(tables.horizon):
        boarding = boarding_toll(tables, prices.toll, p, t)
        for i in range(options):
            o = base + i
            if tables.road[t, o] < 0 or tables.room[t, o] < 1:
                continue
            s = tables.safe[t, o]
            exposed = tables.hazard[p, t] + tables.hours * (s - t)
            if tables.option_kind[o] != HUB:  # admission is in `barred`, so the person here may go everywhere
                paid = boarding + gate_toll(
                    tables, prices.toll, tables.option_gate[o], tables.option_country[o], s
                )
                below = 0.0
                for k in range(classes):
                    increment[t, i, k] = (tables.weights[k] - below) * exposed
                    below = tables.weights[k]
                increment[t, i, 0] += paid
                continue
            below = 0.0
            for k in range(classes):
                whole = option_cost(tables, prices, hub_value, p, o, t, 0, k)
                if whole == np.inf:
                    break
                whole += tables.weights[k] * tables.hazard[p, t]
                increment[t, i, k] = whole - below
                below = whole
    return increment, barred


@njit(cache=True, nogil=True)
def service_increments(tables: Tables, prices: Prices, hub_value: Floats, p: int) -> tuple[Floats, Ints]:
    """Increments (calls, classes) of the service calls of a place, and the people barred from each."""
    begin, end = tables.call_first[p], tables.call_first[p + 1]
    classes = len(tables.weights)
    increment = np.empty((end - begin, classes))
    barred = np.empty(end - begin, np.int64)
    for e in range(begin, end):
        below = 0.0
        for k in range(classes):
            whole = call_cost(tables, prices, hub_value, p, e, 0, k)
            if whole < np.inf:
                whole += tables.weights[k] * tables.hazard[p, tables.call_step[e]]
                increment[e - begin, k] = whole - below
                below = whole
            else:
                increment[e - begin, k] = np.inf
        hub = tables.call_hub[e]
        latest = tables.call_safe[e] + tables.change
        country = tables.call_country[e] if hub < 0 else 0
        barred[e - begin] = excluded(tables, p, country, False, hub, latest)
    return increment, barred


@njit(cache=True, nogil=True)
def least_increments(tables: Tables, p: int, bus: Floats, service: Floats) -> tuple[Floats, Ints, Ints]:
    """Least increment of any departure at each step or later, or of being left.

    Returns
    -------
    least : float64 (T + 1, classes)
    option, step : int64 (T + 1, classes)
        The departure it belongs to (bus option, ``-2 - e`` for call ``e``, ``WAIT`` for being left); its
        step.
    """
    horizon, classes = tables.horizon, len(tables.weights)
    least = np.empty((horizon + 1, classes))
    option = np.full((horizon + 1, classes), WAIT, np.int64)
    step = np.full((horizon + 1, classes), horizon, np.int64)
    lower = 0.0
    for k in range(classes):
        least[horizon, k] = (tables.weights[k] - lower) * (tables.hazard[p, horizon] + tables.penalty)
        lower = tables.weights[k]
    begin = tables.call_first[p]
    e = tables.call_first[p + 1] - 1
    for t in range(horizon - 1, -1, -1):
        for k in range(classes):
            least[t, k], option[t, k], step[t, k] = least[t + 1, k], option[t + 1, k], step[t + 1, k]
            for i in range(bus.shape[1]):
                if bus[t, i, k] < least[t, k]:
                    least[t, k], option[t, k], step[t, k] = bus[t, i, k], tables.option_first[p, 0] + i, t
        while e >= begin and tables.call_step[e] == t:
            for k in range(classes):
                if service[e - begin, k] < least[t, k]:
                    least[t, k], option[t, k], step[t, k] = service[e - begin, k], -2 - e, t
            e -= 1
    return least, option, step


@njit(cache=True, nogil=True)
def departures_at(
    tables: Tables, prices: Prices, p: int, t: int, increment: Floats, barred: Ints
) -> tuple[Floats, Ints, Ints, Ints, Ints]:
    """Bus departures at a step that no other departure with as many seats beats in every respect.

    Returns
    -------
    price : float64 (departures,)
        Of the vehicle, with its driving.
    seats, out, option, type : int64 (departures,)
        Usable seats; people who may not take it; option counted within the place; vehicle type.
    """
    base, options = tables.option_first[p, 0], increment.shape[1]
    types, classes = len(tables.type_profile), increment.shape[2]
    price, seats = np.empty(options * types), np.empty(options * types, np.int64)
    out, option, kind = np.empty_like(seats), np.empty_like(seats), np.empty_like(seats)
    count = 0
    for y in range(types):
        f = tables.type_profile[y]
        for o in range(tables.option_first[p, f], tables.option_first[p, f + 1]):
            i = o - base
            if not increment[t, i, classes - 1] < np.inf:
                continue
            cost = trip_price(tables, prices, y, o, p, t)
            if cost == np.inf:
                continue
            cost += tables.driven_cost * tables.road[t, o]
            usable = min(tables.type_seats[y], tables.room[t, o])
            beaten = False
            for j in range(count):
                if price[j] <= cost and seats[j] == usable and (out[j] >= barred[i] or out[j] < 0):
                    beaten = True
                    for k in range(classes):
                        if increment[t, option[j], k] > increment[t, i, k]:
                            beaten = False
                            break
                    if beaten:
                        break
            if not beaten:
                price[count], seats[count], out[count] = cost, usable, barred[i]
                option[count], kind[count] = i, y
                count += 1
    for j in range(count):
        if out[j] < 0:
            out[j] = barred_from(tables, p, base + option[j], t)
    return price[:count], seats[:count], out[:count], option[:count], kind[:count]


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
def _is_dominated(cost: float, queue: Ints, costs: Floats, queues: Ints, count: int) -> bool:
    for i in range(count):
        if costs[i] <= cost:
            smaller = True
            for k in range(len(queue)):
                if queues[i, k] > queue[k]:
                    smaller = False
                    break
            if smaller:
                return True
    return False


@njit(cache=True, nogil=True)
def _undominated(cost: Floats, queue: Ints, label: Ints) -> tuple[Floats, Ints, Ints]:
    """The labels that no other dominates, cheapest first."""
    kept_cost, kept_queue, kept_label = np.empty_like(cost), np.empty_like(queue), np.empty_like(label)
    kept = 0
    for i in np.argsort(cost):
        if not _is_dominated(cost[i], queue[i], kept_cost, kept_queue, kept):
            kept_cost[kept], kept_queue[kept], kept_label[kept] = cost[i], queue[i], label[i]
            kept += 1
    return kept_cost[:kept].copy(), kept_queue[:kept].copy(), kept_label[:kept].copy()


@njit(cache=True, nogil=True)
def _merged(cost: Floats, queue: Ints, label: Ints, cap: int) -> tuple[Floats, Ints, Ints]:
    """Merge neighbours in cost until at most ``cap`` remain: the cheaper cost with the smaller queues."""
    while len(cost) > cap:
        half = (len(cost) + 1) // 2
        for j in range(half):
            a, b = 2 * j, min(2 * j + 1, len(cost) - 1)
            cost[j], label[j] = cost[a], label[a]
            for k in range(queue.shape[1]):
                queue[j, k] = min(queue[a, k], queue[b, k])
        cost, queue, label = cost[:half].copy(), queue[:half].copy(), label[:half].copy()
    return cost, queue, label


@njit(cache=True, nogil=True)
def charge(
    usable: int, slack: int, barred: int, waiting: int, increment: float, least: float, gone: int
) -> float:
    """What a queue pays for a departure that lets ``gone`` people go (see the module's text)."""
    certain = max(0, min(usable - slack, waiting - barred))
    return increment * certain + min(increment, least) * (gone - certain)


@njit(cache=True, nogil=True)
def _promising(
    cost: Floats, queue: Ints, label: Ints, least: Floats, ready_later: Ints, ceiling: float
) -> tuple[Floats, Ints, Ints]:
    """The labels that can still lead to less than ``ceiling``."""
    kept = 0
    for i in range(len(cost)):
        reach = cost[i]
        for k in range(queue.shape[1]):
            reach += (queue[i, k] + ready_later[k]) * least[k]
        if reach < ceiling:
            cost[kept], label[kept] = cost[i], label[i]
            queue[kept] = queue[i]
            kept += 1
    return cost[:kept].copy(), queue[:kept].copy(), label[:kept].copy()


@njit(cache=True, nogil=True)
def _load_service(
    tables: Tables, e: int, slack: int, barred: int, increment: Floats, least: Floats,
    cost: Floats, queue: Ints, label: Ints, old: int, parent: Ints, action: Ints, made: int,
) -> tuple[int, int]:  # fmt: skip
    """Add labels in which a service call takes people at each level of its load.

    Returns
    -------
    count, made : int
        Labels at this step, ``old`` of them without the service; labels made in all.
    """
    count, seats = old, tables.call_seats[e]
    width = max(1, (seats + SERVICE_LEVELS - 1) // SERVICE_LEVELS)
    for i in range(old):
        for level in range(SERVICE_LEVELS):
            below = level * width
            if queue[i, 0] <= below or below >= seats:
                break
            load = min(seats, below + width)
            paid = cost[i]
            for k in range(queue.shape[1]):
                gone = min(load, queue[i, k])
                paid += charge(below + 1, slack, barred, queue[i, k], increment[k], least[k], gone)
                queue[count, k] = queue[i, k] - gone
            cost[count], label[count], parent[made] = paid, made, label[i]
            action[made, 0], action[made, 1], action[made, 2] = tables.call_step[e], -2 - e, level
            made += 1
            count += 1
    return count, made


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
    arrivals : int64 (T + 1, classes)
        People who become ready at each step, nested by class.
    slack : int
        Size of the largest group of the place, less one.
    bus, service : tuple
        Results of :func:`bus_increments` and :func:`service_increments`.
    least : float64 (T + 1, classes)
        From :func:`least_increments`.
    cap : int
        Greatest number of labels kept at a step.

    Returns
    -------
    cost : float
        Lower bound of the priced cost of every schedule, counted from step 0.
    actions : int64 (actions, 3)
        The schedule found: step, option (or ``-2 - e``), vehicle type (or level of the load of a service).
    """
    increment, barred = bus
    call_increment, call_barred = service
    horizon, classes = tables.horizon, len(tables.weights)
    cost, queue, label = np.zeros(1), np.zeros((1, classes), np.int64), np.zeros(1, np.int64)
    parent = np.full(65536, -1, np.int64)
    action = np.zeros((65536, 3), np.int64)
    made = 1
    begin, end = tables.call_first[p], tables.call_first[p + 1]
    e = begin
    later = arrivals.sum(axis=0)
    ceiling = 0.0
    for t in range(horizon + 1):
        for k in range(classes):
            ceiling += arrivals[t, k] * least[horizon, k]
    winner = 0  # being left, all of them
    for t in range(horizon):
        for k in range(classes):
            later[k] -= arrivals[t, k]
        for i in range(len(cost)):
            for k in range(classes):
                queue[i, k] += arrivals[t, k]
        while e < end and tables.call_step[e] == t:
            if call_increment[e - begin, classes - 1] < np.inf:
                old = len(cost)
                more = old * (1 + SERVICE_LEVELS)
                cost, queue, label = _longer(cost, more), _longer2(queue, more), _longer(label, more)
                parent, action = _enough(parent, made + more), _enough2(action, made + more)
                count, made = _load_service(
                    tables, e, slack, call_barred[e - begin], call_increment[e - begin], least[t],
                    cost, queue, label, old, parent, action, made,
                )  # fmt: skip
                cost, queue, label = _undominated(cost[:count], queue[:count], label[:count])
            e += 1
        cost, queue, label = _promising(cost, queue, label, least[t], later, ceiling)
        waiting = False
        for i in range(len(cost)):
            waiting = waiting or queue[i, 0] > 0
        fresh = 0  # labels made at this step from this number on may send another bus at this step
        if waiting:
            price, seats, out, option, kind = departures_at(tables, prices, p, t, increment, barred)
        while waiting and len(price):
            old = len(cost)
            more = old * (1 + len(price))
            before = made
            cost, queue, label = _longer(cost, more), _longer2(queue, more), _longer(label, more)
            parent, action = _enough(parent, made + more), _enough2(action, made + more)
            count = old
            for i in range(old):
                if queue[i, 0] == 0 or label[i] < fresh:
                    continue
                for j in range(len(price)):
                    paid, reach = cost[i] + price[j], 0.0
                    for k in range(classes):
                        gone = min(seats[j], queue[i, k])
                        paid += charge(
                            seats[j],
                            slack,
                            out[j],
                            queue[i, k],
                            increment[t, option[j], k],
                            least[t, k],
                            gone,
                        )
                        queue[count, k] = queue[i, k] - gone
                        reach += (queue[count, k] + later[k]) * least[t, k]
                    if paid + reach >= ceiling or _is_dominated(paid, queue[count], cost, queue, old):
                        continue
                    cost[count], label[count], parent[made] = paid, made, label[i]
                    action[made, 0], action[made, 1] = t, tables.option_first[p, 0] + option[j]
                    action[made, 2] = kind[j]
                    made += 1
                    count += 1
            cost, queue, label = _undominated(cost[:count], queue[:count], label[:count])
            if made == before:
                break
            fresh = before
        if later[0] == 0:
            for i in range(len(cost)):
                if queue[i, 0] == 0 and cost[i] < ceiling:
                    ceiling, winner = cost[i], label[i]
            cost, queue, label = _promising(cost, queue, label, least[t + 1], later, ceiling)
            if len(cost) == 0:
                break
        if len(cost) > cap:
            cost, queue, label = _merged(cost, queue, label, cap)
    for i in range(len(cost)):
        total = cost[i]
        for k in range(classes):
            total += queue[i, k] * least[horizon, k]
        if total < ceiling:
            ceiling, winner = total, label[i]
    return ceiling, _way_back(parent, action, winner)


@njit(cache=True, nogil=True)
def _way_back(parent: Ints, action: Ints, winner: int) -> Ints:
    length = 0
    node = winner
    while parent[node] >= 0:
        length += 1
        node = parent[node]
    actions = np.empty((length, 3), np.int64)
    node = winner
    while parent[node] >= 0:
        length -= 1
        actions[length] = action[node]
        node = parent[node]
    return actions
