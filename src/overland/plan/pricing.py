"""What people pay under prices: compiled kernels of the bound.

Prices are ``toll`` (per person, for each shared limit) and the price of a vehicle's trip: the value of having
it at the place when loading starts (``call``) less its value where it is free again (``back``). Every kernel
works for *any* non-negative tolls and any values; the bound is valid whatever they are.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from overland.plan.kernels import array_kernel, array_subkernel, inner_kernel, kernel, open_inner_kernel
from overland.plan.line_fares import Shares, no_shares, offer_ride
from overland.plan.options import FOOT, HUB, LINE
from overland.plan.tables import Tables

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

Hubs = tuple[Floats, Ints, Ints, Shares]  # result of `hub_values`

WAIT = -1  # "wait one step more"; other references: bus option o, or -2 - e for service call e


class Prices(NamedTuple):
    """Prices of vehicles and limits.

    ``call`` (types, places, T + 1), ``back`` (types, stations, T + 1), ``toll`` (limits,).
    """

    call: Floats
    back: Floats
    toll: Floats


@open_inner_kernel
def trip_price(tables: Tables, prices: Prices, y: int, o: int, p: int, t: int) -> float:
    """Price of a vehicle of type ``y`` for an option of place ``p`` at step ``t``; infinite if impossible."""
    road = tables.road[t, o]
    if t < tables.first_bus[y, p] or road < 0 or road > tables.type_driving[y]:
        return np.inf
    if tables.room[t, o] < 1 and tables.option_kind[o] != LINE:
        return np.inf
    freed = tables.free[t, o]
    value = prices.back[y, tables.option_station[o], freed] if freed <= tables.horizon else 0.0
    return max(0.0, prices.call[y, p, t - tables.loading] - value)


@inner_kernel
def gate_toll(tables: Tables, toll: Floats, gate: int, country: int, safe: int) -> float:
    """What one person pays for passing a gate at a step."""
    paid = toll[tables.gate_row[gate, safe]] + toll[tables.reception_row[gate, safe]]
    if tables.country_row[country] >= 0:
        paid += toll[tables.country_row[country]]
    return paid


@array_subkernel
def country_tolls(tables: Tables, toll: Floats) -> Floats:
    """What one person pays for the share of each country: float64 (countries,)."""
    paid = np.zeros(len(tables.country_row))
    for c in range(len(paid)):
        if tables.country_row[c] >= 0:
            paid[c] = toll[tables.country_row[c]]
    return paid


@inner_kernel
def boarding_toll(tables: Tables, toll: Floats, p: int, t: int) -> float:
    """What one person pays for boarding at a place at a step."""
    row = tables.boarding_row[p, t]
    return toll[row] if row >= 0 else 0.0


@inner_kernel
def option_cost(
    tables: Tables, prices: Prices, hub_value: Floats, p: int, o: int, t: int, c: int, k: int
) -> float:
    """Weighted hours and tolls of one person of kind ``c`` and class ``k`` who takes a bus option at ``t``.

    The price of the vehicle is not in it. Infinite if the person may not take it.
    """
    if not tables.kind_fits[c, tables.option_access[o]]:
        return np.inf
    s = tables.safe[t, o]
    cost = tables.weights[k] * tables.hours * (s - t) + boarding_toll(tables, prices.toll, p, t)
    if tables.option_kind[o] == HUB:
        return cost + _change_cost(tables, hub_value, tables.option_station[o], s, c, k)
    country = tables.option_country[o]
    if not (tables.kind_admits[c] >> country) & 1:
        return np.inf
    if tables.option_kind[o] == FOOT and not tables.kind_walks[c]:
        return np.inf
    return cost + gate_toll(tables, prices.toll, tables.option_gate[o], country, s)


@inner_kernel
def call_cost(tables: Tables, prices: Prices, hub_value: Floats, p: int, e: int, c: int, k: int) -> float:
    """Weighted hours and tolls of one person who takes a service call; infinite if the person may not."""
    if not tables.kind_fits[c, tables.call_access[e]]:
        return np.inf
    t, s = tables.call_step[e], tables.call_safe[e]
    cost = tables.weights[k] * tables.hours * (s - t) + boarding_toll(tables, prices.toll, p, t)
    for leg in range(tables.leg_first[e], tables.leg_last[e] + 1):
        cost += prices.toll[leg]
    if tables.call_hub[e] >= 0:
        return cost + _change_cost(tables, hub_value, tables.call_hub[e], s, c, k)
    country = tables.call_country[e]
    if not (tables.kind_admits[c] >> country) & 1:
        return np.inf
    return cost + gate_toll(tables, prices.toll, tables.call_gate[e], country, s)


@inner_kernel
def _change_cost(tables: Tables, hub_value: Floats, h: int, arrive: int, c: int, k: int) -> float:
    leave = arrive + tables.change
    if leave > tables.horizon:
        return np.inf
    waiting = tables.hazard[h, leave] - tables.hazard[h, arrive]
    return tables.weights[k] * waiting + hub_value[h, c, k, leave]


@array_kernel
def person_values(
    tables: Tables, prices: Prices, shares: Shares, hub_value: Floats, p: int, penalty: float
) -> tuple[Floats, Ints, Ints]:
    """Cheapest way on for one person at a place, if the price of a bus is shared by its usable seats.

    A bus with ``n`` people aboard costs its price; charging each of them ``price / usable seats`` never
    charges more.

    Parameters
    ----------
    shares : Shares
        From :func:`ride_shares`.
    hub_value : float64 (places, kinds, classes, T + 1)
        Result of this function for each hub; infinite elsewhere.
    penalty : float
        What it costs to be left at the place, times the person's weight; infinite for one in transit at a
        hub, who may not be left.

    Returns
    -------
    value : float64 (kinds, classes, T + 1)
        Weighted hours and prices from each step on.
    ref, ref_type : int64 (kinds, classes, T + 1)
        What to do (``WAIT``, bus option, or ``-2 - e`` for service call ``e``) and the type of the bus; for a
        ride on a trip of a line its option, and as many as there are types and the number of the ride.
    """
    kinds, classes, horizon = len(tables.kind_admits), len(tables.weights), tables.horizon
    value = np.empty((kinds, classes, horizon + 1))
    ref = np.full((kinds, classes, horizon + 1), WAIT, dtype=np.int64)
    ref_type = np.zeros((kinds, classes, horizon + 1), dtype=np.int64)
    for k in range(classes):
        value[:, k, horizon] = tables.weights[k] * penalty
    e = tables.call_first[p + 1] - 1
    for t in range(horizon - 1, -1, -1):
        for k in range(classes):
            value[:, k, t] = value[:, k, t + 1] + tables.weights[k] * (
                tables.hazard[p, t + 1] - tables.hazard[p, t]
            )
        while e >= tables.call_first[p] and tables.call_step[e] == t:
            for c in range(kinds):
                for k in range(classes):
                    cost = call_cost(tables, prices, hub_value, p, e, c, k)
                    if cost < value[c, k, t]:
                        value[c, k, t], ref[c, k, t] = cost, -2 - e
            e -= 1
        _board_buses(tables, prices, hub_value, p, t, value, ref, ref_type)
        for r in range(len(tables.ride_place)):
            if tables.ride_place[r] != p or shares.part[t, r] == np.inf:
                continue
            for c in range(kinds):
                for k in range(classes):
                    o = tables.ride_option[r]
                    cost = shares.part[t, r] + option_cost(tables, prices, hub_value, p, o, t, c, k)
                    if cost < value[c, k, t]:
                        value[c, k, t], ref[c, k, t] = cost, o
                        ref_type[c, k, t] = len(tables.type_profile) + r
    return value, ref, ref_type


@array_subkernel
def ride_shares(tables: Tables, prices: Prices) -> Shares:
    """What a person pays for the vehicle at least, on each ride on a trip of a line."""
    shares = no_shares(tables)
    for f in range(len(tables.family_first) - 1):
        line = tables.family_first[f]
        p, o = tables.line_place[line], tables.line_option[line]
        for y in range(len(tables.type_profile)):
            m = tables.type_make[y]
            if not tables.option_first[p, m] <= o < tables.option_first[p, m + 1]:
                continue
            for t in range(tables.horizon):
                price = trip_price(tables, prices, y, o, p, t)
                if price < np.inf:
                    offer_ride(tables, shares, y, line, t, price + tables.driven_cost * tables.road[t, o])
    return shares


@array_subkernel
def _board_buses(
    tables: Tables,
    prices: Prices,
    hub_value: Floats,
    p: int,
    t: int,
    value: Floats,
    ref: Ints,
    ref_type: Ints,
) -> None:
    """Improve the values of a step by the buses that can leave at it.

    Who may take a bus to a crossing depends on its country, its access and on walking only, so the best bus
    of each such sort is found first.
    """
    kinds, classes, accesses = len(tables.kind_admits), len(tables.weights), tables.kind_fits.shape[1]
    sorts = 2 * accesses * len(tables.country_row)
    boarding = boarding_toll(tables, prices.toll, p, t)
    best = np.full((sorts, classes), np.inf)
    best_option, best_type = np.zeros((sorts, classes), np.int64), np.zeros((sorts, classes), np.int64)
    for y in range(len(tables.type_profile)):
        m = tables.type_make[y]
        for o in range(tables.option_first[p, m], tables.option_first[p, m + 1]):
            price = trip_price(tables, prices, y, o, p, t)
            if price == np.inf or tables.option_kind[o] == LINE:
                continue
            seats = min(tables.type_seats[y], tables.room[t, o])
            share = (price + tables.driven_cost * tables.road[t, o]) / seats
            if tables.option_kind[o] == HUB:
                for c in range(kinds):
                    for k in range(classes):
                        cost = share + option_cost(tables, prices, hub_value, p, o, t, c, k)
                        if cost < value[c, k, t]:
                            value[c, k, t], ref[c, k, t], ref_type[c, k, t] = cost, o, y
                continue
            country, s = tables.option_country[o], tables.safe[t, o]
            share += boarding + gate_toll(tables, prices.toll, tables.option_gate[o], country, s)
            sort = 2 * (country * accesses + tables.option_access[o]) + (tables.option_kind[o] == FOOT)
            for k in range(classes):
                cost = share + tables.weights[k] * tables.hours * (s - t)
                if cost < best[sort, k]:
                    best[sort, k], best_option[sort, k], best_type[sort, k] = cost, o, y
    for c in range(kinds):
        for sort in range(sorts):
            country, access = sort // 2 // accesses, sort // 2 % accesses
            if not (tables.kind_admits[c] >> country) & 1 or not tables.kind_fits[c, access]:
                continue
            if sort % 2 and not tables.kind_walks[c]:
                continue
            for k in range(classes):
                if best[sort, k] < value[c, k, t]:
                    value[c, k, t], ref[c, k, t] = best[sort, k], best_option[sort, k]
                    ref_type[c, k, t] = best_type[sort, k]


@array_kernel
def hub_values(tables: Tables, prices: Prices, places: int) -> Hubs:
    """:func:`person_values` of people in transit at hubs, for all places (infinite where there is no hub).

    With them come the shares of :func:`ride_shares`.
    """
    kinds, classes = len(tables.kind_admits), len(tables.weights)
    value = np.full((places, kinds, classes, tables.horizon + 1), np.inf)
    ref = np.full((places, kinds, classes, tables.horizon + 1), WAIT, dtype=np.int64)
    ref_type = np.zeros((places, kinds, classes, tables.horizon + 1), dtype=np.int64)
    shares = ride_shares(tables, prices)
    nowhere = np.full((places, kinds, classes, tables.horizon + 1), np.inf)
    for h in tables.hubs:
        value[h], ref[h], ref_type[h] = person_values(tables, prices, shares, nowhere, h, np.inf)
    return value, ref, ref_type, shares


@kernel
def settle_values(tables: Tables, prices: Prices) -> None:
    """Make the values of vehicles, in place, agree with each other.

    A vehicle that is free is worth the best that a move to a place where it is called makes of it: no less,
    since a trip that ends there then costs less, and no more, since nobody else would pay it. A vehicle
    that is called
    to a place is worth no less than one that is free there, or where it is after a trip from there:
    otherwise a trip could have a price below nothing, which the master pays and the schedules do not.
    """
    empty, call, back = tables.empty, prices.call, prices.back
    trip, free, station, first_bus = tables.road, tables.free, tables.option_station, tables.first_bus
    for y in range(call.shape[0]):
        f, m = tables.type_profile[y], tables.type_make[y]
        back[y, :, tables.horizon] = 0.0
        for t in range(tables.horizon - 1, -1, -1):
            for s in range(back.shape[1]):
                best = back[y, s, t + 1]
                for p in range(call.shape[1]):
                    road = empty[f, t, s, p]
                    if s == p:
                        best = max(best, call[y, p, t])
                    elif road >= 0 and t + road <= tables.horizon:
                        best = max(best, call[y, p, t + road] - tables.driven_cost * road)
                back[y, s, t] = best
            leave = t + tables.loading
            for p in range(call.shape[1]):
                best = max(call[y, p, t], back[y, p, t])
                if first_bus[y, p] <= leave < tables.horizon:
                    for o in range(tables.option_first[p, m], tables.option_first[p, m + 1]):
                        if trip[leave, o] >= 0 and free[leave, o] <= tables.horizon:
                            best = max(best, back[y, station[o], free[leave, o]])
                call[y, p, t] = best


@array_kernel
def fleet_value(tables: Tables, prices: Prices, y: int, places: int, stations: int, level: int) -> Floats:
    """Greatest value that a vehicle, paid the price of each trip, can collect from a station and step on.

    Driving and rest are honoured up to rounding the driving *down* to levels of ``level`` road steps, so the
    value is never too small. The vehicle may stop, and its crew rest, at any place of the case.

    Returns
    -------
    value : float64 (stations, T + 1)
        Of a rested vehicle.
    """
    horizon, rest = tables.horizon, max(1, tables.type_rest[y])
    f, m = tables.type_profile[y], tables.type_make[y]
    limit = tables.type_driving[y]
    levels = limit // level + 1
    nodes = tables.moves.shape[2]
    value = np.zeros((horizon + 2, nodes, levels))
    for t in range(horizon - 1, -1, -1):
        for s in range(nodes):
            rested = value[t + rest, s, 0] if t + rest <= horizon else 0.0
            for d in range(levels):
                value[t, s, d] = max(value[t + 1, s, d], rested)
        depart = t + tables.loading
        for p in range(places):
            if depart >= horizon:
                break
            for o in range(tables.option_first[p, m], tables.option_first[p, m + 1]):
                price = trip_price(tables, prices, y, o, p, depart)
                if price == np.inf:
                    continue
                road, freed = tables.road[depart, o], min(tables.free[depart, o], horizon)
                then = value[freed, tables.option_station[o]]
                if price + then[0] > value[t, p, levels - 1]:
                    _raise_values(value[t, p], then, price, road // level, (limit - road) // level + 1)
        for s in range(nodes):
            for j in range(len(tables.stand)):
                p, road = tables.stand[j], tables.moves[f, t, s, j]
                if p == s or road < 0 or t + road > horizon or road > limit:
                    continue
                then = value[t + road, p]
                if then[0] > value[t, s, levels - 1]:
                    cost = tables.driven_cost * road
                    _raise_values(value[t, s], then, -cost, road // level, (limit - road) // level + 1)
    return value[: horizon + 1, :stations, 0].copy().T


@inner_kernel
def _raise_values(now: Floats, then: Floats, gain: float, shift: int, count: int) -> None:
    """Raise the values of a vehicle, by level of driving, to what it has after ``shift`` levels more."""
    for d in range(count):
        now[d] = max(now[d], gain + then[d + shift])
