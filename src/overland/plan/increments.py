"""What people pay for each departure under prices: increments by nested class (see schedules.py)."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from overland.plan.options import FOOT, HUB
from overland.plan.pricing import (
    WAIT,
    Prices,
    boarding_toll,
    call_cost,
    country_tolls,
    option_cost,
    trip_price,
)
from overland.plan.tables import Tables

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

Increments = tuple[Floats, Ints]  # by departure; and the people barred from it


@njit(cache=True, nogil=True)
def people_by_kind(tables: Tables, p: int) -> Ints:
    """People riding from a place, by kind."""
    people = np.zeros(len(tables.kind_admits), np.int64)
    for g in range(tables.rider_first[p], tables.rider_first[p + 1]):
        people[tables.kind[g]] += tables.size[g]
    return people


@njit(cache=True, nogil=True, inline="always")
def excluded(tables: Tables, people: Ints, country: int, on_foot: bool, hub: int, latest: int) -> int:
    """How many of some people, by kind, may not take a departure: to a country, or to a hub at a step."""
    number = 0
    for c in range(len(people)):
        if hub >= 0:
            barred = latest > tables.kind_hub_last[c, hub]
        else:
            barred = not (tables.kind_admits[c] >> country) & 1 or (on_foot and not tables.kind_walks[c])
        if barred:
            number += people[c]
    return number


@njit(cache=True, nogil=True)
def classes_of(tables: Tables, p: int) -> Ints:
    """The classes of the people riding from a place, ascending; queue ``k`` is about the ``k``-th of them."""
    return np.unique(tables.rank[tables.rider_first[p] : tables.rider_first[p + 1]])


@njit(cache=True, nogil=True)
def nested_arrivals(tables: Tables, p: int) -> Ints:
    """People riding from a place who become ready at each step, of each of its classes or a higher one."""
    ranks = classes_of(tables, p)
    arrivals = np.zeros((tables.horizon + 1, len(ranks)), np.int64)
    for g in range(tables.rider_first[p], tables.rider_first[p + 1]):
        for k in range(len(ranks)):
            if tables.rank[g] >= ranks[k]:
                arrivals[tables.ready[g], k] += tables.size[g]
    return arrivals


@njit(cache=True, nogil=True)
def barred_from_buses(tables: Tables, p: int) -> Ints:
    """People of a place who may not take each of its bus options: int64 (T, options of the place)."""
    base, options = tables.option_first[p, 0], tables.option_first[p, -1] - tables.option_first[p, 0]
    people = people_by_kind(tables, p)
    barred = np.zeros((tables.horizon, options), np.int64)
    for i in range(options):
        o, constant = base + i, -1
        hub = tables.option_station[o] if tables.option_kind[o] == HUB else -1
        if hub < 0:
            foot = tables.option_kind[o] == FOOT
            constant = excluded(tables, people, tables.option_country[o], foot, -1, 0)
        for t in range(tables.horizon):
            if hub < 0:
                barred[t, i] = constant
            elif tables.road[t, o] >= 0:
                barred[t, i] = excluded(tables, people, 0, False, hub, tables.safe[t, o] + tables.change)
    return barred


@njit(cache=True, nogil=True)
def bus_increments(tables: Tables, prices: Prices, hub_value: Floats, p: int) -> Floats:
    """What each person pays for each bus option of a place.

    Returns
    -------
    float64 (T, options of the place, classes of the place)
        Cost of a person by nested class, counted from step 0, without the vehicle; infinite where impossible.
        The person may go everywhere: who may not is counted by :func:`barred_from_buses`.
    """
    base, options = tables.option_first[p, 0], tables.option_first[p, -1] - tables.option_first[p, 0]
    ranks = classes_of(tables, p)
    weights = tables.weights[ranks]
    increment = np.full((tables.horizon, options, len(ranks)), np.inf)
    # arrays taken out of the tuples once: to take one out counts a reference, which the inner loop would feel
    road, room, safe, kind = tables.road, tables.room, tables.safe, tables.option_kind
    gate, country, hazard = tables.option_gate, tables.option_country, tables.hazard[p]
    toll, gate_row, reception_row = prices.toll, tables.gate_row, tables.reception_row
    country_toll = country_tolls(tables, toll)
    for t in range(tables.horizon):
        boarding = boarding_toll(tables, toll, p, t)
        for i in range(options):
            o = base + i
            if road[t, o] < 0 or room[t, o] < 1:
                continue
            if kind[o] == HUB:
                _change_increments(tables, prices, hub_value, p, o, t, ranks, increment[t, i])
                continue
            s, g = safe[t, o], gate[o]
            exposed = hazard[t] + tables.hours * (s - t)
            below = 0.0
            for k in range(len(weights)):
                increment[t, i, k] = (weights[k] - below) * exposed
                below = weights[k]
            increment[t, i, 0] += (
                boarding + toll[gate_row[g, s]] + toll[reception_row[g, s]] + country_toll[country[o]]
            )
    return increment


@njit(cache=True, nogil=True)
def _change_increments(
    tables: Tables, prices: Prices, hub_value: Floats, p: int, o: int, t: int, ranks: Ints, increment: Floats
) -> None:
    """Write down what each person pays for a bus to a hub, by nested class."""
    below = 0.0
    for k in range(len(ranks)):
        whole = option_cost(tables, prices, hub_value, p, o, t, 0, ranks[k])
        if whole == np.inf:
            break
        whole += tables.weights[ranks[k]] * tables.hazard[p, t]
        increment[k] = whole - below
        below = whole


@njit(cache=True, nogil=True)
def service_increments(tables: Tables, prices: Prices, hub_value: Floats, p: int) -> Increments:
    """Increments (calls, classes) of the service calls of a place, and the people barred from each."""
    begin, end = tables.call_first[p], tables.call_first[p + 1]
    ranks, people = classes_of(tables, p), people_by_kind(tables, p)
    increment = np.empty((end - begin, len(ranks)))
    barred = np.empty(end - begin, np.int64)
    for e in range(begin, end):
        below = 0.0
        for k in range(len(ranks)):
            whole = call_cost(tables, prices, hub_value, p, e, 0, ranks[k])
            if whole < np.inf:
                whole += tables.weights[ranks[k]] * tables.hazard[p, tables.call_step[e]]
                increment[e - begin, k] = whole - below
                below = whole
            else:
                increment[e - begin, k] = np.inf
        hub = tables.call_hub[e]
        latest = tables.call_safe[e] + tables.change
        country = tables.call_country[e] if hub < 0 else 0
        barred[e - begin] = excluded(tables, people, country, False, hub, latest)
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
    ranks = classes_of(tables, p)
    horizon, classes = tables.horizon, len(ranks)
    least = np.empty((horizon + 1, classes))
    option = np.full((horizon + 1, classes), WAIT, np.int64)
    step = np.full((horizon + 1, classes), horizon, np.int64)
    lower = 0.0
    for k in range(classes):
        weight = tables.weights[ranks[k]]
        least[horizon, k] = (weight - lower) * (tables.hazard[p, horizon] + tables.penalty)
        lower = weight
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
    tables: Tables, prices: Prices, p: int, t: int, slack: int, bus: Increments
) -> tuple[Floats, Ints, Ints, Ints, Ints]:
    """Bus departures at a step that no other departure with as many seats beats in every respect.

    Returns
    -------
    price : float64 (departures,)
        Of the vehicle, with its driving.
    seats, out, option, type : int64 (departures,)
        Usable seats; people who may not take it; option counted within the place; vehicle type.
    """
    increment, barred = bus
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
            most = max(0, usable - slack)  # people certainly aboard
            row = count  # where this departure goes: in the place of one that it beats, or at the end
            for j in range(count):
                if seats[j] != usable or out[j] != barred[t, i]:
                    continue
                more = cost - price[j]
                least, greatest = more, more  # over all loads that nested queues can give
                for k in range(classes):
                    more += most * (increment[t, i, k] - increment[t, option[j], k])
                    least, greatest = min(least, more), max(greatest, more)
                if least >= 0.0:
                    row = -1
                    break
                if greatest <= 0.0:
                    row = j
                    break
            if row >= 0:
                price[row], seats[row], out[row], option[row], kind[row] = cost, usable, barred[t, i], i, y
                count = max(count, row + 1)
    return price[:count], seats[:count], out[:count], option[:count], kind[:count]
