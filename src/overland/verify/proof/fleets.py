"""The vehicles of a case with the prices of a proof: what a trip pays, and who could make it at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from overland.case.model import Fleet
from overland.plan.proof import Proof, Table, unpacked
from overland.verify.proof.departures import BusWay
from overland.verify.proof.units import INFINITE, PER_PRICE, RefusedError
from overland.verify.terms import Terms

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class VehicleType:
    """Vehicles that have the same prices, by the fleets they are of.

    ``call`` and ``back`` are int64 (nodes, T + 1), nodes in the order of the road times; in units.
    ``starts`` counts the vehicles that start at a node at a step.
    """

    name: str
    profile: str
    access: frozenset[str]
    seats: int
    longest: int
    rest: int
    starts: dict[tuple[str, int], int]
    call: Ints
    back: Ints


def vehicle_types(terms: Terms, proof: Proof) -> list[VehicleType]:
    """Read the prices of all vehicles.

    Raises
    ------
    RefusedError
        If the fleets of the proof are not those of the case, or are not alike where the proof says so.
    """
    wanted = {key for key in terms.fleets if terms.usable[key]}
    named = Counter(key for entry in proof.vehicles for key in entry.fleets)
    for key, times in named.items():
        if key not in wanted:
            raise RefusedError(f"fleet {key}", "has prices, but the case has no vehicles of such a fleet")
        if times > 1:
            raise RefusedError(f"fleet {key}", "has prices twice")
    for key in sorted(wanted - set(named)):
        raise RefusedError(f"fleet {key}", "has no prices")
    types = []
    for entry in proof.vehicles:
        fleets = [terms.fleets[key] for key in entry.fleets]
        traits = {_traits(terms, fleet) for fleet in fleets}
        name = ", ".join(entry.fleets)
        if len(traits) != 1:
            raise RefusedError(f"fleets {name}", "have the same prices, but are not alike")
        starts: Counter[tuple[str, int]] = Counter()
        for fleet in fleets:
            starts.update((fleet.depot, terms.available(fleet, name)) for name in terms.usable[fleet.id])
        call, back = (_prices(terms, name, table) for table in (entry.call, entry.back))
        types.append(VehicleType(name, *traits.pop(), dict(starts), call, back))
    return types


def _traits(terms: Terms, fleet: Fleet) -> tuple[str, frozenset[str], int, int, int]:
    profile = terms.times.profile_of(fleet)
    return profile, fleet.access, fleet.seats, terms.longest_drive(fleet), max(1, terms.rest(fleet))


def _prices(terms: Terms, name: str, table: Table) -> Ints:
    steps, index = terms.horizon + 1, terms.times.index
    for node in table.nodes:
        if node not in index:
            raise RefusedError(f"prices of {name}", f"there is no place or crossing {node!r} in the case")
    if len(set(table.nodes)) < len(table.nodes):
        raise RefusedError(f"prices of {name}", "a place or crossing stands there twice")
    prices = np.zeros((len(index), steps), dtype=np.int64)
    rows = np.array(unpacked(table, steps), dtype=np.int64).reshape(-1, steps)
    prices[[index[node] for node in table.nodes]] = rows * PER_PRICE
    return prices


def trip_prices(terms: Terms, fleet: VehicleType, place: str, ways: list[BusWay], earliest: int) -> Ints:
    """What trips from a place pay for a vehicle, without its driving.

    Parameters
    ----------
    earliest : int
        Step before which no vehicle of the type can be at the place.

    Returns
    -------
    int64 (ways, T)
        :data:`INFINITE` where no vehicle of the type can make the trip.
    """
    horizon, index = terms.horizon, terms.times.index
    prices = np.full((len(ways), horizon), INFINITE, dtype=np.int64)
    steps = np.arange(horizon)
    call = fleet.call[index[place]][np.maximum(steps - terms.loading, 0)]
    for number, way in enumerate(ways):
        if (way.profile, way.access) != (fleet.profile, fleet.access):
            continue
        back = fleet.back[index[way.vehicle_at]][np.minimum(way.free, horizon)]
        price = np.maximum(0, call - np.where(way.free <= horizon, back, 0))
        possible = (way.road >= 0) & (way.road <= fleet.longest) & (way.room >= 1)
        possible &= steps - terms.loading >= earliest
        prices[number] = np.where(possible, price, INFINITE)
    return prices


def empty_moves(terms: Terms, profile: str) -> NDArray[np.int16]:
    """Road steps of empty moves by departure step: int16 (T, nodes, places); -1 where impossible."""
    times, places = terms.times, len(terms.places)
    return np.stack([times.table(profile, node)[:, :places] for node in times.nodes], axis=1)


def earliest_presence(
    terms: Terms,
    kind: tuple[str, frozenset[str]],
    starts: Iterable[tuple[str, int]],
    moves: NDArray[np.int16],
    ways: dict[str, list[BusWay]],
) -> Ints:
    """The first step at which any of some vehicles can be at each node, however it comes there.

    It may have come by moves and by trips, also across a border, from where roads lead on that lead to no
    other place.

    Parameters
    ----------
    kind
        Their profile and access.
    starts
        Nodes and steps at which they start.
    moves : int16 (T, nodes, places)
        Road steps of empty moves by departure step; -1 where impossible.
    ways : dict of str to list of BusWay
        By place.
    """
    horizon, index = terms.horizon, terms.times.index
    first = np.full(len(index), horizon + 1, dtype=np.int64)
    for depot, step in starts:
        first[index[depot]] = min(first[index[depot]], step)
    names, todo, steps = list(index), set(range(len(index))), np.arange(horizon)
    while todo:
        node = min(todo, key=lambda n: int(first[n]))
        todo.remove(node)
        since = int(first[node])
        if since >= horizon:
            break
        road = moves[since:, node].astype(np.int64)
        reached = np.where(road >= 0, road + steps[since:, None], horizon + 1).min(axis=0)
        first[: len(reached)] = np.minimum(first[: len(reached)], reached)
        for way in ways.get(names[node], []):
            leaves = (way.road >= 0) & (steps - terms.loading >= since)
            if (way.profile, way.access) == kind and leaves.any():
                station = index[way.vehicle_at]
                first[station] = min(int(first[station]), int(way.free[leaves].min()))
    return first
