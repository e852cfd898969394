"""The cheapest way for one person who pays a seat's share of a bus: people at hubs, and drivers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from overland.verify.proof.costs import Costs
from overland.verify.proof.departures import BusWay, Call, Departures
from overland.verify.proof.fleets import VehicleType
from overland.verify.proof.people import Kind, Party
from overland.verify.proof.units import INFINITE
from overland.verify.terms import Terms

Ints = NDArray[np.int64]


def shares(costs: Costs, types: list[VehicleType], ways: list[BusWay], prices: list[Ints]) -> Ints:
    """What a person pays for a bus at least: a seat's share of the cheapest vehicle, rounded down.

    Parameters
    ----------
    prices : list of int64 (ways, T)
        Of the trips of each type.

    Returns
    -------
    int64 (ways, T)
    """
    horizon = len(costs.driving) - 1
    best = np.full((len(ways), horizon), INFINITE, dtype=np.int64)
    for fleet, price in zip(types, prices, strict=True):
        for number, way in enumerate(ways):
            whole = price[number] + costs.driving[np.maximum(way.road, 0)]
            share = whole // np.maximum(1, np.minimum(fleet.seats, way.room))
            best[number] = np.minimum(best[number], np.where(price[number] < INFINITE, share, INFINITE))
    return best


def from_hub(
    costs: Costs, place: int, ways: list[BusWay], calls: list[Call], share: Ints, kind: Kind
) -> Ints:
    """Least cost of getting across from a hub for one who can leave it from a step on.

    Returns
    -------
    int64 (classes, T + 1)
        Counted as if the person had waited at the hub from the start; :data:`INFINITE` where there is no way.
    """
    classes, horizon = len(costs.weights), len(costs.driving) - 1
    steps = np.arange(horizon)
    best = np.full((classes, horizon + 1), INFINITE, dtype=np.int64)
    for number, way in enumerate(ways):
        if way.country not in kind.countries or (way.on_foot and not kind.walks):
            continue
        if not kind.needs <= way.access:
            continue
        possible = share[number] < INFINITE
        cost = costs.waited[:, place, :-1] + costs.under_way[:, np.where(possible, way.until - steps, 0)]
        cost = cost + np.where(possible, share[number] + way.toll, INFINITE)
        best[:, :-1] = np.minimum(best[:, :-1], np.where(possible, cost, INFINITE))
    for call in calls:
        if call.country in kind.countries and kind.needs <= call.access:
            cost = (
                costs.waited[:, place, call.board] + costs.under_way[:, call.until - call.board] + call.toll
            )
            best[:, call.board] = np.minimum(best[:, call.board], cost)
    cheapest: Ints = np.minimum.accumulate(best[:, ::-1], axis=1)[:, ::-1]
    return cheapest


def drivers_cost(terms: Terms, costs: Costs, departures: Departures, drivers: tuple[Party, ...]) -> int:
    """Cheapest ways of all who leave in their own cars, or are left; counted from the start."""
    numbers, steps = {key: i for i, key in enumerate(terms.places)}, np.arange(terms.horizon)
    known: dict[tuple[str, int, frozenset[str]], Ints] = {}
    total = 0
    for party in drivers:
        key = (party.place, party.rank, party.countries)
        place = numbers[party.place]
        if key not in known:
            best = np.full(terms.horizon + 1, INFINITE, dtype=np.int64)
            best[-1] = costs.waited[party.rank, place, -1] + costs.left[party.rank]
            for country, until, toll in departures.cars(party.place):
                if country in party.countries:
                    cost = costs.under_way[party.rank, np.maximum(until - steps, 0)] + toll
                    cost = cost + costs.waited[party.rank, place, :-1]
                    best[:-1] = np.minimum(best[:-1], np.where(until >= 0, cost, INFINITE))
            known[key] = np.minimum.accumulate(best[::-1])[::-1]
        total += party.size * int(known[key][party.ready])
    return total
