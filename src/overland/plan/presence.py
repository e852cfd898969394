"""Where vehicles can be how soon, and where they may stop: also where nobody waits for them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from overland.plan.problem import Problem

Ints = NDArray[np.int64]
Shorts = NDArray[np.int16]


def all_moves(problem: Problem) -> tuple[Shorts, Ints]:
    """Empty moves between the stations and any other place of the case: a crew may rest at all of them.

    Returns
    -------
    moves : int16 (profiles, T, nodes, stands)
        Road steps, -1 where impossible. Nodes are the stations, then the places that are none.
    stand : int64 (stands,)
        Node of each place of the case.
    """
    stations, times = problem.stations, problem.times
    others = [place.id for place in problem.case.places if place.id not in set(stations)]
    nodes = [*stations, *others]
    number = {node: i for i, node in enumerate(nodes)}
    stands = [place.id for place in problem.case.places]
    columns = [times.index[place] for place in stands]
    moves = np.full((len(problem.profiles), problem.horizon, len(nodes), len(stands)), -1, dtype=np.int16)
    for f, profile in enumerate(problem.profiles):
        for n, node in enumerate(nodes):
            moves[f, :, n] = times.table(profile, node)[:, columns]
    return moves, np.array([number[place] for place in stands], dtype=np.int64)


def first_buses(problem: Problem, moves: Shorts, stand: Ints) -> Ints:
    """The first step at which a vehicle of each type can leave each place loaded: int64 (types, places).

    It may have come by way of other places, and of trips: from a crossing, roads lead on that nobody takes
    through it.
    """
    types, places = len(problem.vehicles.type_seats), len(problem.places)
    first = np.full((types, places), problem.horizon, dtype=np.int64)
    for y in range(types):
        present = _first_presence(problem, y, moves[problem.vehicles.type_profile[y]], stand)
        first[y] = np.minimum(present[:places] + problem.loading, problem.horizon)
    return first


def _first_presence(problem: Problem, y: int, moves: Shorts, stand: Ints) -> Ints:
    """The first step at which a vehicle of a type can be at each node; ``T + 1`` for never."""
    vehicles, options, never = problem.vehicles, problem.options, problem.horizon + 1
    first = np.full(moves.shape[1], never, dtype=np.int64)
    mine = vehicles.type == y
    np.minimum.at(first, vehicles.depot[mine], np.minimum(vehicles.available[mine], never))
    make = int(vehicles.type_make[y])
    origin = np.full(len(options.kind), -1, dtype=np.int64)
    for p in range(len(problem.places)):
        origin[options.first[p, make] : options.first[p, make + 1]] = p
    ways = np.flatnonzero(origin >= 0)
    for t in range(problem.horizon):
        settled = False
        while not settled:  # what takes no whole step leads on at once
            before = first.copy()
            for node in np.flatnonzero(first == t):
                road = moves[t, node].astype(np.int64)
                first[stand] = np.minimum(first[stand], np.where(road >= 0, t + road, never))
            able = ways[(first[origin[ways]] <= t - problem.loading) & (options.road[ways, t] >= 0)]
            np.minimum.at(first, options.station[able], options.free[able, t])
            settled = bool((first == before).all())
    return first
