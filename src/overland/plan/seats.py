"""Seats that vehicles and runs can have brought across the border by each step, whoever sits on them."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from overland.plan.options import HUB, LINE
from overland.plan.problem import Problem
from overland.plan.tables import Tables

Ints = NDArray[np.int64]
Shorts = NDArray[np.int16]

MOST_TRIPS = 64  # that are counted: a vehicle that can make as many has room for everybody


def seats_across(problem: Problem, tables: Tables) -> Ints:
    """Seats on which people can be across by each step at most.

    A vehicle makes trip after trip, each as early as it could be made after as many trips by any way; its
    crew needs no rest between them.

    Returns
    -------
    int64 (T + 1,)
        Nondecreasing.
    """
    everybody = int(tables.size.sum())
    across = np.zeros(tables.horizon + 1, dtype=np.int64)
    vehicles = problem.vehicles
    columns = vehicles.type.tolist(), vehicles.depot.tolist(), vehicles.available.tolist()
    known: dict[tuple[int, int], _Trips] = {}  # by make and driving
    for (y, depot, available), count in Counter(zip(*columns, strict=True)).items():
        able = int(tables.type_make[y]), int(tables.type_driving[y])
        if able not in known:
            known[able] = _Trips(problem, tables, *able)
        if available <= tables.horizon:
            made = known[able].made(depot, available)
            seats = np.where(made >= MOST_TRIPS, everybody, made * tables.type_seats[y])
            across += count * np.minimum(seats, everybody)
    return np.minimum(across + _run_seats(problem, tables), everybody)


class _Trips:
    """What vehicles of a make, with crews that drive so long without a rest, can do how soon."""

    def __init__(self, problem: Problem, tables: Tables, m: int, longest: int) -> None:
        self._loading, self._horizon = problem.loading, tables.horizon
        never, steps = tables.horizon + 1, np.arange(tables.horizon)
        self._never, self._stand = never, tables.stand

        def soonest(moment: Shorts, road: Shorts) -> Shorts:
            """The least moment, capped, of what is possible at each step or later."""
            found = np.full((never + 1, *moment.shape[1:]), never, dtype=np.int16)
            np.copyto(
                found[: tables.horizon], moment, where=(road >= 0) & (road <= longest) & (moment < never)
            )
            for t in range(tables.horizon - 1, -1, -1):
                np.minimum(found[t], found[t + 1], out=found[t])
            return found

        moves = tables.moves[problem.makes[m].profile]
        self._arrive = soonest(moves + steps.astype(np.int16)[:, None, None], moves)
        first = tables.option_first
        origin = np.full(len(tables.option_kind), -1, dtype=np.int64)
        for p in range(len(problem.places)):
            origin[first[p, m] : first[p, m + 1]] = p
        lines = tables.option_kind == LINE
        ways = np.flatnonzero(
            (_boarded(problem)[origin] & (tables.option_kind != HUB) & ~lines) | (lines & (origin >= 0))
        )
        road, across = tables.road[:, ways], tables.safe[:, ways].copy()
        for i in np.flatnonzero(lines[ways]):
            across[:, i] = problem.options.lines.across[tables.option_line[ways[i]]]
        self._origin, self._station = origin[ways], tables.option_station[ways]
        self._across = soonest(across, road)
        self._free = soonest(tables.free[:, ways], road)

    def made(self, depot: int, available: int) -> Ints:
        """Trips across that a vehicle can have made by each step, from its depot on: int64 (T + 1,)."""
        never, nodes = self._never, self._arrive.shape[1]
        made = np.zeros(never, dtype=np.int64)
        first = np.full(nodes, never, dtype=np.int64)
        first[depot] = available
        for number in range(1, MOST_TRIPS + 1):
            first = self._moved(first)
            leave = np.minimum(first[self._origin] + self._loading, never)
            ways = np.arange(len(leave))
            across = int(self._across[leave, ways].min(initial=never))
            if across >= never:
                break
            made[across:] = np.maximum(made[across:], number)
            free, first = self._free[leave, ways], np.full(nodes, never, dtype=np.int64)
            np.minimum.at(first, self._station, free)
        return made

    def _moved(self, first: Ints) -> Ints:
        """When a vehicle can be at each node, if it can be at some by a step, and moves on."""
        nodes = np.arange(len(first))
        while True:
            after = first.copy()
            after[self._stand] = np.minimum(first[self._stand], self._arrive[first, nodes].min(axis=0))
            if (after == first).all():
                return after
            first = after


def _boarded(problem: Problem) -> NDArray[np.bool_]:
    """Places where somebody could board, and hubs; the last stands for no place."""
    boarded = np.zeros(len(problem.places) + 1, dtype=bool)
    boarded[problem.riders.place] = boarded[problem.hubs] = True
    return boarded


def _run_seats(problem: Problem, tables: Tables) -> Ints:
    """Seats of the runs whose riders can be across by each step."""
    calls, across = problem.calls, np.zeros(tables.horizon + 1, dtype=np.int64)
    place = np.repeat(np.arange(len(problem.places)), np.diff(calls.first))
    boarded = _boarded(problem)[place]
    last = {run: e for e, run in enumerate(calls.run) if calls.hub[e] < 0 and boarded[e]}
    for e in last.values():
        across[calls.safe[e] :] += calls.seats[e]
    return across
