"""What people pay for each departure under prices, by queue (see queues.py and schedules.py)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from overland.plan.kernels import array_kernel, array_subkernel, subkernel
from overland.plan.line_fares import RIDDEN, RideFares, Shares
from overland.plan.options import FOOT, HUB, LINE
from overland.plan.pricing import (
    WAIT,
    Hubs,
    Prices,
    boarding_toll,
    call_cost,
    country_tolls,
    option_cost,
    trip_price,
)
from overland.plan.queues import Queues
from overland.plan.tables import Tables

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Fares(NamedTuple):
    """What the people of a place pay for its departures, by queue.

    Attributes
    ----------
    bus : float64 (T, options of the place, queues)
        From :func:`bus_increments`.
    service : float64 (calls, queues)
        From :func:`service_increments`.
    least, option, step : (T + 1, queues)
        From :func:`least_increments`.
    spare : float64 (T + 1,)
        From :func:`spare_fares`.
    rides : RideFares
        From :func:`ride_increments`.
    """

    bus: Floats
    service: Floats
    least: Floats
    option: Ints
    step: Ints
    spare: Floats
    rides: RideFares


def fares_of(tables: Tables, prices: Prices, hubs: Hubs, p: int, queues: Queues) -> Fares:
    """What the people of a place pay under prices."""
    hub_value, _, _, shares = hubs
    bus = bus_increments(tables, prices, hub_value, p, queues)
    service = service_increments(tables, prices, hub_value, p, queues)
    rides = ride_increments(tables, prices, hub_value, shares, p, queues)
    least, option, step = least_increments(tables, p, queues, bus, service, rides.increment)
    spare = np.zeros(tables.horizon + 1)
    if queues.nested:
        spare = spare_fares(tables, prices, p, bus, service, rides.increment, least)
    return Fares(bus, service, least, option, step, spare, rides)


@array_kernel
def bus_increments(tables: Tables, prices: Prices, hub_value: Floats, p: int, queues: Queues) -> Floats:
    """What each person pays for each bus option of a place.

    Returns
    -------
    float64 (T, options of the place, queues)
        Cost of a person by queue, counted from step 0, without the vehicle; infinite where it is impossible
        or the person may not take it.
    """
    base, options = tables.option_first[p, 0], tables.option_first[p, -1] - tables.option_first[p, 0]
    increment = np.full((tables.horizon, options, len(queues.kind)), np.inf)
    # arrays taken out of the tuples once: to take one out counts a reference, which the inner loop would feel
    road, room, safe, kind = tables.road, tables.room, tables.safe, tables.option_kind
    gate, country, hazard = tables.option_gate, tables.option_country, tables.hazard[p]
    toll, gate_row, reception_row = prices.toll, tables.gate_row, tables.reception_row
    country_toll, weight, admitted = country_tolls(tables, toll), _weights(tables, queues), queues.kind
    nested, admits, walks = queues.nested, tables.kind_admits, tables.kind_walks
    fits, access = tables.kind_fits, tables.option_access
    for t in range(tables.horizon):
        boarding = boarding_toll(tables, toll, p, t)
        for i in range(options):
            o = base + i
            if road[t, o] < 0 or room[t, o] < 1 or kind[o] == LINE:
                continue
            if kind[o] == HUB:
                _change_increments(tables, prices, hub_value, p, o, t, queues, increment[t, i])
                continue
            s, g = safe[t, o], gate[o]
            exposed = hazard[t] + tables.hours * (s - t)
            tolls = boarding + toll[gate_row[g, s]] + toll[reception_row[g, s]] + country_toll[country[o]]
            for q in range(len(weight)):
                c = admitted[q]
                if (admits[c] >> country[o]) & 1 and (kind[o] != FOOT or walks[c]) and fits[c, access[o]]:
                    increment[t, i, q] = weight[q] * exposed
                    if q == 0 or q >= nested:
                        increment[t, i, q] += tolls
    return increment


@array_subkernel
def _weights(tables: Tables, queues: Queues) -> Floats:
    """What an hour at risk of one more person of a queue costs."""
    weight = np.empty(len(queues.rank))
    for q in range(len(weight)):
        weight[q] = tables.weights[queues.rank[q]]
        if queues.below[q] >= 0:
            weight[q] -= tables.weights[queues.below[q]]
    return weight


@subkernel
def _change_increments(
    tables: Tables,
    prices: Prices,
    hub_value: Floats,
    p: int,
    o: int,
    t: int,
    queues: Queues,
    increment: Floats,
) -> None:
    """Write down what each person pays for a bus to a hub, by queue."""
    lower = 0.0
    latest = tables.safe[t, o] + tables.change
    for q in range(len(queues.kind)):
        c = queues.kind[q]
        if latest > tables.kind_hub_last[c, tables.option_station[o]]:
            continue
        whole = option_cost(tables, prices, hub_value, p, o, t, c, queues.rank[q])
        if whole == np.inf:
            continue
        whole += tables.weights[queues.rank[q]] * tables.hazard[p, t]
        increment[q] = whole - (lower if queues.below[q] >= 0 else 0.0)
        lower = whole


@array_kernel
def service_increments(tables: Tables, prices: Prices, hub_value: Floats, p: int, queues: Queues) -> Floats:
    """Increments (calls, queues) of the service calls of a place."""
    begin, end = tables.call_first[p], tables.call_first[p + 1]
    increment = np.full((end - begin, len(queues.kind)), np.inf)
    for e in range(begin, end):
        lower, hub = 0.0, tables.call_hub[e]
        for q in range(len(queues.kind)):
            c = queues.kind[q]
            if hub >= 0 and tables.call_safe[e] + tables.change > tables.kind_hub_last[c, hub]:
                continue
            whole = call_cost(tables, prices, hub_value, p, e, c, queues.rank[q])
            if whole < np.inf:
                whole += tables.weights[queues.rank[q]] * tables.hazard[p, tables.call_step[e]]
                increment[e - begin, q] = whole - (lower if queues.below[q] >= 0 else 0.0)
                lower = whole
    return increment


@array_kernel
def ride_increments(
    tables: Tables, prices: Prices, hub_value: Floats, shares: Shares, p: int, queues: Queues
) -> RideFares:
    """What people pay for the best ride on a trip of a line at each step, by queue."""
    count = len(queues.kind)
    increment = np.full((tables.horizon, count), np.inf)
    best = np.full((tables.horizon, count), -1, np.int64)
    for t in range(tables.horizon if len(tables.ride_place) > 0 else 0):
        for q in range(count):
            c, k = queues.kind[q], queues.rank[q]
            for r in range(len(tables.ride_place)):
                if tables.ride_place[r] != p or shares.part[t, r] == np.inf:
                    continue
                o = tables.ride_option[r]
                hub = tables.option_station[o] if tables.option_kind[o] == HUB else -1
                if hub >= 0 and tables.safe[t, o] + tables.change > tables.kind_hub_last[c, hub]:
                    continue
                whole = shares.part[t, r] + option_cost(tables, prices, hub_value, p, o, t, c, k)
                if whole < increment[t, q]:
                    increment[t, q], best[t, q] = whole, r
            if best[t, q] >= 0:
                increment[t, q] += tables.weights[k] * tables.hazard[p, t]
        for q in range(count - 1, 0, -1):  # of each class, less what those of the class below pay
            if queues.below[q] >= 0 and increment[t, q] < np.inf:
                increment[t, q] -= increment[t, q - 1]
    return RideFares(increment, best)


@array_kernel
def least_increments(
    tables: Tables, p: int, queues: Queues, bus: Floats, service: Floats, riding: Floats
) -> tuple[Floats, Ints, Ints]:
    """Least increment of any departure at each step or later, or of being left.

    Returns
    -------
    least : float64 (T + 1, queues)
    option, step : int64 (T + 1, queues)
        The departure it belongs to (bus option, ``-2 - e`` for call ``e``, ``RIDDEN`` for a ride on a trip of
        a line, ``WAIT`` for being left); its step.
    """
    horizon, count, weight = tables.horizon, len(queues.kind), _weights(tables, queues)
    least = np.empty((horizon + 1, count))
    option = np.full((horizon + 1, count), WAIT, np.int64)
    step = np.full((horizon + 1, count), horizon, np.int64)
    for q in range(count):
        least[horizon, q] = weight[q] * (tables.hazard[p, horizon] + tables.penalty)
    begin = tables.call_first[p]
    e = tables.call_first[p + 1] - 1
    for t in range(horizon - 1, -1, -1):
        for q in range(count):
            least[t, q], option[t, q], step[t, q] = least[t + 1, q], option[t + 1, q], step[t + 1, q]
        for i in range(bus.shape[1]):
            for q in range(count):
                if bus[t, i, q] < least[t, q]:
                    least[t, q], option[t, q], step[t, q] = bus[t, i, q], tables.option_first[p, 0] + i, t
        for q in range(count):
            if riding[t, q] < least[t, q]:
                least[t, q], option[t, q], step[t, q] = riding[t, q], RIDDEN, t
        while e >= begin and tables.call_step[e] == t:
            for q in range(count):
                if service[e - begin, q] < least[t, q]:
                    least[t, q], option[t, q], step[t, q] = service[e - begin, q], -2 - e, t
            e -= 1
    return least, option, step


@array_kernel
def spare_fares(
    tables: Tables, prices: Prices, p: int, bus: Floats, service: Floats, riding: Floats, least: Floats
) -> Floats:
    """What each person of queue 0 pays beyond the least if a seat's share of its bus is counted: (T + 1,).

    At most as many people of the queue as there are usable seats go by a bus, so that they pay no more than
    its price and driving together. The least increment of all that remain is counted in full.
    """
    horizon, begin = tables.horizon, tables.call_first[p]
    spare = np.zeros(horizon + 1)
    e, whole = tables.call_first[p + 1] - 1, least[horizon, 0]
    for t in range(horizon - 1, -1, -1):
        for y in range(len(tables.type_profile)):
            m = tables.type_make[y]
            for o in range(tables.option_first[p, m], tables.option_first[p, m + 1]):
                fare = bus[t, o - tables.option_first[p, 0], 0]
                if fare < whole:
                    cost = trip_price(tables, prices, y, o, p, t) + tables.driven_cost * tables.road[t, o]
                    whole = min(whole, fare + cost / min(tables.type_seats[y], tables.room[t, o]))
        while e >= begin and tables.call_step[e] == t:
            whole = min(whole, service[e - begin, 0])
            e -= 1
        whole = min(whole, riding[t, 0])
        spare[t] = whole - least[t, 0]
    return spare


@array_subkernel
def departures_at(
    tables: Tables, prices: Prices, p: int, t: int, queues: Queues, ready: Ints, bus: Floats
) -> tuple[Floats, Ints, Ints, Ints]:
    """Bus departures at a step that no other departure with as many seats beats in every respect.

    Parameters
    ----------
    ready : int64 (queues,)
        People of each queue who are ready by the step.

    Returns
    -------
    price : float64 (departures,)
        Of the vehicle, with its driving.
    seats, option, type : int64 (departures,)
        Usable seats; option counted within the place; vehicle type.
    """
    base, options, types = tables.option_first[p, 0], bus.shape[1], len(tables.type_profile)
    price, seats = np.empty(options * types), np.empty(options * types, np.int64)
    option, kind = np.empty_like(seats), np.empty_like(seats)
    count = 0
    for y in range(types):
        m = tables.type_make[y]
        for o in range(tables.option_first[p, m], tables.option_first[p, m + 1]):
            i = o - base
            cost = trip_price(tables, prices, y, o, p, t)
            if cost == np.inf or tables.option_kind[o] == LINE:
                continue
            cost += tables.driven_cost * tables.road[t, o]
            usable = min(tables.type_seats[y], tables.room[t, o])
            row = count  # where this departure goes: in the place of one that it beats, or at the end
            for j in range(count):
                if seats[j] != usable:
                    continue
                if _is_beaten(cost, bus[t, i], price[j], bus[t, option[j]], usable, ready, queues.nested):
                    row = -1
                    break
                if _is_beaten(price[j], bus[t, option[j]], cost, bus[t, i], usable, ready, queues.nested):
                    row = j
                    break
            if row >= 0:
                price[row], seats[row], option[row], kind[row] = cost, usable, i, y
                count = max(count, row + 1)
    return price[:count], seats[:count], option[:count], kind[:count]


@subkernel
def _is_beaten(
    price: float, increment: Floats, other_price: float, other: Floats, seats: int, ready: Ints, nested: int
) -> bool:
    """Whether a departure costs no less than another with as many seats, whatever people it takes.

    The people of the nested queues must be able to take both or neither, as the loading rule sends them
    aboard; the others need not take what they may.
    """
    if (increment[0] == np.inf) != (other[0] == np.inf):
        return False
    least = price - other_price
    for q in range(len(increment)):
        if increment[q] < np.inf and ready[q] > 0:
            if other[q] == np.inf:
                return False
            people = min(seats, ready[q]) if q < nested else ready[q]
            least += min(0.0, people * (increment[q] - other[q]))
    return least >= 0.0
