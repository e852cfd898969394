"""The journeys of all groups in a state of the search: who took which departure, from where."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from overland.plan.boarding import left_step
from overland.plan.journal import board
from overland.plan.state import BUS_OPTION, BUS_STEP, BUS_VEHICLE, CHOICE, State
from overland.plan.tables import Tables
from overland.plan.waiting import NOBODY

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Stage:
    """A departure taken: by a vehicle or a service call (the other is -1), from a place at a step."""

    place: int
    step: int
    vehicle: int
    option: int
    call: int

    @property
    def key(self) -> tuple[int, int, int, int]:
        """What tells departures apart."""
        return (self.place, self.step, self.vehicle, self.call)


def journeys_of(tables: Tables, state: State) -> list[list[Stage]]:
    """Stages of each rider group, in order; an empty list for a group that is left.

    A group that would be brought to a hub and not out of it counts as left.
    """
    stages: list[list[Stage]] = [[] for _ in tables.size]
    stuck: set[int] = set()
    hubs = set(tables.hubs.tolist())
    places = [p for p in range(len(state.side)) if p not in hubs] + sorted(hubs)
    for p in places:
        board(tables, state, p, state.side, int(state.side[p]), True)
        group = [*range(tables.rider_first[p], tables.rider_first[p + 1]), *_arrivals(tables, state, p)]
        buses = state.bus[p, : state.bus_count[p]].tolist()
        option_at = {(bus[BUS_VEHICLE], bus[BUS_STEP]): bus[BUS_OPTION] for bus in buses}
        for g, token in zip(group, state.scratch.member[group, CHOICE].tolist(), strict=True):
            if token == NOBODY:
                if stages[g]:
                    stuck.add(g)
                continue
            step = int(left_step(tables, token))
            if token < 0:
                stages[g].append(Stage(p, step, -1, -1, -2 - token))
            else:
                vehicle = token // (tables.horizon + 1)
                stages[g].append(Stage(p, step, vehicle, option_at[vehicle, step], -1))
    for g in stuck:
        stages[g] = []
    return stages


def _arrivals(tables: Tables, state: State, place: int) -> list[int]:
    """Groups that come to a place to change."""
    found: list[int] = []
    for h in np.flatnonzero(tables.hubs == place).tolist():
        for p, side in enumerate(state.side):
            found += state.change_group[side, p, h, : state.changes[side, p, h]].tolist()
    return found
