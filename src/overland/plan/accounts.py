"""What a solution of a subproblem uses: its cost without prices, its use of every limit, its trips.

Adding ``toll · use + trip prices`` to the cost gives the priced cost again; a test holds the two together.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from overland.plan.increments import Fares
from overland.plan.kernels import array_kernel, subkernel
from overland.plan.line_fares import RIDDEN, RideFares, Shares, line_of_ride
from overland.plan.options import HUB
from overland.plan.pricing import WAIT, Hubs, Prices, trip_price
from overland.plan.queues import Queues
from overland.plan.schedules import ANYBODY, payers
from overland.plan.tables import Tables

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@subkernel
def use_gate(tables: Tables, use: Floats, gate: int, country: int, safe: int, people: float) -> None:
    """Count people who pass a gate."""
    use[tables.gate_row[gate, safe]] += people
    use[tables.reception_row[gate, safe]] += people
    if tables.country_row[country] >= 0:
        use[tables.country_row[country]] += people


@subkernel
def take(
    tables: Tables, hubs: Hubs, use: Floats, trips: Floats, made: int,
    p: int, o: int, t: int, c: int, k: int, people: float,
) -> tuple[float, int]:  # fmt: skip
    """Count people of one kind and class who leave by an option (or call ``-2 - e``).

    Their way on from a hub is counted as well. The vehicle of the first departure is counted by the caller,
    shares of vehicles from the hub here.

    Returns
    -------
    cost : float
        Weighted hours from the departure on, with shares of driving from the hub.
    made : int
        Rows of ``trips`` now used; a row is (type, option, place, step, vehicles).
    """
    cost = 0.0
    if tables.boarding_row[p, t] >= 0:
        use[tables.boarding_row[p, t]] += people
    if o >= 0:
        s = tables.safe[t, o]
        gate, country = tables.option_gate[o], tables.option_country[o]
        hub = tables.option_station[o] if tables.option_kind[o] == HUB else -1
    else:
        e = -2 - o
        s = tables.call_safe[e]
        gate, country, hub = tables.call_gate[e], tables.call_country[e], tables.call_hub[e]
        for leg in range(tables.leg_first[e], tables.leg_last[e] + 1):
            use[leg] += people
    cost += people * tables.weights[k] * tables.hours * (s - t)
    if hub < 0:
        use_gate(tables, use, gate, country, s, people)
        return cost, made
    _, ref, ref_type, _ = hubs
    leave = s + tables.change
    while ref[hub, c, k, leave] == WAIT:
        leave += 1
    cost += people * tables.weights[k] * (tables.hazard[hub, leave] - tables.hazard[hub, s])
    onward = ref[hub, c, k, leave]
    if onward >= 0:
        made, driving = share_bus(
            tables, hubs[3], trips, made, onward, ref_type[hub, c, k, leave], hub, leave, people
        )
        cost += driving
    further, made = take(tables, hubs, use, trips, made, hub, onward, leave, c, k, people)
    return cost + further, made


@subkernel
def share_bus(
    tables: Tables, shares: Shares, trips: Floats, made: int, o: int, y: int, p: int, t: int, people: float
) -> tuple[int, float]:
    """Count the share of a bus that people need; returns the trips made and the cost of the driving.

    ``y`` is as in the references of `person_values`.
    """
    if y >= len(tables.type_seats):
        return share_line(tables, shares, trips, made, y - len(tables.type_seats), t, people)
    share = people / min(tables.type_seats[y], tables.room[t, o])
    trips[made, 0], trips[made, 1], trips[made, 2], trips[made, 3], trips[made, 4] = y, o, p, t, share
    return made + 1, share * tables.driven_cost * tables.road[t, o]


@subkernel
def share_line(
    tables: Tables, shares: Shares, trips: Floats, made: int, r: int, t: int, people: float
) -> tuple[int, float]:
    """Count the share of the trip of a line that people on a ride need; see :func:`share_bus`."""
    y, head, line = shares.type[t, r], shares.head[t, r], line_of_ride(tables, r)
    o, share = tables.line_option[line], people / tables.type_seats[y]
    trips[made, 0], trips[made, 1], trips[made, 2] = y, o, tables.line_place[line]
    trips[made, 3], trips[made, 4] = head, share
    return made + 1, share * tables.driven_cost * tables.road[head, o]


@array_kernel
def account_person(
    tables: Tables, hubs: Hubs, ref: Ints, ref_type: Ints, p: int, c: int, k: int, ready: int, people: float
) -> tuple[float, Floats, Floats]:
    """Account of people who follow the references of :func:`person_values` from their ready step on.

    Returns
    -------
    cost : float
        Weighted hours counted from step 0, driving shares included.
    use : float64 (limits,)
    trips : float64 (trips, 5)
    """
    use = np.zeros(len(tables.limit))
    trips = np.empty((2, 5))
    t = ready
    while t < tables.horizon and ref[c, k, t] == WAIT:
        t += 1
    cost = people * tables.weights[k] * tables.hazard[p, t]
    if t == tables.horizon:
        return cost + people * tables.weights[k] * tables.penalty, use, trips[:0]
    made = 0
    o = ref[c, k, t]
    if o >= 0:
        made, driving = share_bus(tables, hubs[3], trips, made, o, ref_type[c, k, t], p, t, people)
        cost += driving
    further, made = take(tables, hubs, use, trips, made, p, o, t, c, k, people)
    return cost + further, use, trips[:made]


@subkernel
def _ridden(
    tables: Tables, hubs: Hubs, use: Floats, trips: Floats, made: int, p: int, t: int, r: int,
    c: int, k: int, people: float,
) -> tuple[float, int]:  # fmt: skip
    """Count people who take a ride on a trip of a line, from the start on."""
    made, cost = share_line(tables, hubs[3], trips, made, r, t, people)
    further, made = take(tables, hubs, use, trips, made, p, tables.ride_option[r], t, c, k, people)
    return cost + further + people * tables.weights[k] * tables.hazard[p, t], made


@subkernel
def _increment(
    tables: Tables, hubs: Hubs, use: Floats, trips: Floats, made: int, p: int, o: int, t: int,
    queues: Queues, rides: RideFares, q: int, people: float,
) -> tuple[float, int]:  # fmt: skip
    """Count people of a queue at its increment: as of its class, less as of the class below."""
    kind, rank, below = queues.kind[q], queues.rank[q], queues.below[q]
    if o == RIDDEN:
        cost, made = _ridden(tables, hubs, use, trips, made, p, t, rides.ride[t, q], kind, rank, people)
        if below >= 0:
            less, made = _ridden(
                tables, hubs, use, trips, made, p, t, rides.ride[t, q - 1], kind, below, -people
            )
            cost += less
        return cost, made
    if o == WAIT:  # left
        lower = tables.weights[below] if below >= 0 else 0.0
        left = tables.hazard[p, tables.horizon] + tables.penalty
        return people * (tables.weights[rank] - lower) * left, made
    cost, made = take(tables, hubs, use, trips, made, p, o, t, kind, rank, people)
    cost += people * tables.weights[rank] * tables.hazard[p, t]
    if below >= 0:
        less, made = take(tables, hubs, use, trips, made, p, o, t, kind, below, -people)
        cost += less - people * tables.weights[below] * tables.hazard[p, t]
    return cost, made


@array_kernel
def account_schedule(
    tables: Tables, prices: Prices, hubs: Hubs, p: int, queues: Queues,
    fares: Fares, actions: Ints,
) -> tuple[float, float, Floats, Floats]:  # fmt: skip
    """Account of a schedule found by :func:`cheapest_schedule`, played through again.

    Returns
    -------
    cost, priced : float
        Without and with prices, counted from step 0.
    use, trips
        As in :func:`account_person`.
    """
    bus, service, least_cost = fares.bus, fares.service, fares.least
    least_option, least_step = fares.option, fares.step
    count, nested, begin = len(queues.kind), queues.nested, tables.call_first[p]
    use = np.zeros(len(tables.limit))
    trips = np.empty((len(actions) * (1 + 8 * count) + 8 * count, 5))
    queue = np.zeros(count, np.int64)
    cost, priced, made, done, spent = 0.0, 0.0, 0, 0, 0
    for a in range(len(actions)):
        t, o, y, low, high, mask = actions[a]
        while done <= t:
            queue += queues.arrivals[done]
            done += 1
        if o >= 0:
            trips[made, 0], trips[made, 1], trips[made, 2], trips[made, 3], trips[made, 4] = y, o, p, t, 1.0
            made += 1
            driving = tables.driven_cost * tables.road[t, o]
            cost += driving
            priced += driving + trip_price(tables, prices, y, o, p, t)
            full = min(tables.type_seats[y], tables.room[t, o]) - queues.slack
            sure = full - (queues.others[t] - spent)
            if high < queue[0]:
                spent = min(spent + max(0, full - high), queues.others[t])
            increment = bus[t, o - tables.option_first[p, 0]]
        elif o == RIDDEN:
            sure, increment = low - ANYBODY, fares.rides.increment[t]
        else:
            sure, increment = low - queues.slack, service[-2 - o - begin]
        whole = queue.copy()
        for q in range(count):
            if q < nested:
                gone = min(high, whole[q])
                paying = payers(whole, q, low, sure) if gone > 0 else 0
            else:
                gone = whole[q] if (mask >> q) & 1 else 0
                paying = gone
            if increment[q] <= least_cost[t, q]:
                paying = gone
            if gone == 0:
                continue
            priced += increment[q] * paying + least_cost[t, q] * (gone - paying)
            paid, made = _increment(
                tables, hubs, use, trips, made, p, o, t, queues, fares.rides, q, float(paying)
            )
            cost += paid
            if gone > paying:
                paid, made = _increment(
                    tables, hubs, use, trips, made, p, least_option[t, q], least_step[t, q],
                    queues, fares.rides, q, float(gone - paying),
                )  # fmt: skip
                cost += paid
            queue[q] -= gone
    while done < tables.horizon:
        queue += queues.arrivals[done]
        done += 1
    for q in range(count):
        paid, made = _increment(
            tables, hubs, use, trips, made, p, WAIT, tables.horizon, queues, fares.rides, q, float(queue[q])
        )
        cost += paid
        priced += queue[q] * least_cost[tables.horizon, q]
    return cost, priced, use, trips[:made]


@array_kernel
def account_least(
    tables: Tables, hubs: Hubs, p: int, queues: Queues, fares: Fares
) -> tuple[float, float, Floats, Floats]:
    """Account of people who all pay the least increment there is; see :func:`account_schedule`."""
    use, count = np.zeros(len(tables.limit)), len(queues.kind)
    trips = np.empty((4 * count * (tables.horizon + 1), 5))
    cost, priced, made = 0.0, 0.0, 0
    for t in range(tables.horizon + 1):
        for q in range(count):
            people = queues.arrivals[t, q]
            if people > 0:
                priced += people * fares.least[t, q]
                o, step = fares.option[t, q], fares.step[t, q]
                paid, made = _increment(
                    tables, hubs, use, trips, made, p, o, step, queues, fares.rides, q, float(people)
                )
                cost += paid
    return cost, priced, use, trips[:made]
