"""The journeys of all groups in a state of the search: who took which departure, from where."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from overland.plan.boarding import left_step
from overland.plan.journal import board
from overland.plan.state import BUS_HEAD, BUS_OPTION, BUS_RIDE, BUS_STEP, BUS_VEHICLE, CHOICE, State
from overland.plan.tables import Tables
from overland.plan.waiting import NOBODY

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Stage:
    """A departure taken: by a vehicle or a service call (the other is -1), from a place at a step.

    Of a ride on a trip of a line, ``option`` is that of the ride, and the last three fields are those of the
    trip; of other bus trips they say the same as the first.
    """

    place: int
    step: int
    vehicle: int
    option: int
    call: int
    first_place: int = -1
    first_step: int = -1
    trip_option: int = -1

    @property
    def trip(self) -> tuple[int, int, int, int]:
        """What tells the trips of vehicles, and calls of services, apart."""
        if self.call >= 0:
            return (self.place, self.step, self.vehicle, self.call)
        return (self.first_place, self.first_step, self.vehicle, self.call)


def journeys_of(tables: Tables, state: State) -> list[list[Stage]]:
    """Stages of each rider group, in order; an empty list for a group that is left.

    A group that would be brought to a hub and not out of it counts as left.
    """
    stages: list[list[Stage]] = [[] for _ in tables.size]
    stuck: set[int] = set()
    hubs = set(tables.hubs.tolist())
    places = [p for p in range(len(state.side)) if p not in hubs] + sorted(hubs)
    for p in places:
        board(tables, state, p, state.side, int(state.side[p]))
        group = [*range(tables.rider_first[p], tables.rider_first[p + 1]), *_arrivals(tables, state, p)]
        taken = _taken(state, p)
        for g, token in zip(group, state.scratch.member[group, CHOICE].tolist(), strict=True):
            if token == NOBODY:
                if stages[g]:
                    stuck.add(g)
                continue
            step = int(left_step(tables, token))
            if token < 0:
                stages[g].append(Stage(p, step, -1, -1, -2 - token))
            else:
                stages[g].append(taken[token // (tables.horizon + 1), step])
    for g in stuck:
        stages[g] = []
    return stages


def _taken(state: State, p: int) -> dict[tuple[int, int], Stage]:
    """The buses of a place by what tells them apart in the choices of groups, and their step."""
    vehicles, found = len(state.count), {}
    for bus in state.bus[p, : state.bus_count[p]].tolist():
        v, step, option, ride = bus[BUS_VEHICLE], bus[BUS_STEP], bus[BUS_OPTION], bus[BUS_RIDE]
        if ride < 0:
            found[v, step] = Stage(p, step, v, option, -1, p, step, option)
            continue
        i = int(np.flatnonzero(state.depart[v, : state.count[v]] == bus[BUS_HEAD])[0])
        trip = int(state.place[v, i]), bus[BUS_HEAD], int(state.option[v, i])
        found[v + (1 + ride // 2) * vehicles, step] = Stage(p, step, v, option, -1, *trip)
    return found


def _arrivals(tables: Tables, state: State, place: int) -> list[int]:
    """Groups that come to a place to change."""
    found: list[int] = []
    for h in np.flatnonzero(tables.hubs == place).tolist():
        for p, side in enumerate(state.side):
            found += state.change_group[side, p, h, : state.changes[side, p, h]].tolist()
    return found
