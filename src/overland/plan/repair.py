"""Bring a state within all limits by leaving out what breaks them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from overland.plan.build import drop_latest, keep_trips
from overland.plan.cars import CarWays
from overland.plan.options import HUB
from overland.plan.play import play_everything
from overland.plan.state import State
from overland.plan.tables import Tables

ROUNDS = 200  # in which one departure is left out for each limit broken, before all the last ones go


def bring_within_limits(tables: Tables, cars: CarWays, state: State) -> None:
    """Leave out departures until no shared limit is exceeded and nobody is brought to a hub to stay there.

    For each limit exceeded, the last departure that uses it goes; for a hub, the last one that leads there.
    """
    play_everything(tables, cars, state)
    for _ in range(ROUNDS):
        if state.total[2] <= 0:
            return
        trips, calls = _offenders(tables, state)
        if not trips and not calls:
            break
        for v in {v for v, _ in trips}:
            n = int(state.count[v])
            state.target[v, :n] = state.depart[v, :n]
            keep_trips(tables, state, v, [i for i in range(n) if (v, i) not in trips])
        state.open[list(calls)] = 0
        play_everything(tables, cars, state)
    while state.total[2] > 0 and drop_latest(state):
        play_everything(tables, cars, state)


def _offenders(tables: Tables, state: State) -> tuple[set[tuple[int, int]], set[int]]:
    """Trips (vehicle and position) and calls, one for each limit that is exceeded."""
    broken = set(np.flatnonzero(state.use > tables.limit).tolist())
    crowded = [int(h) for h in tables.hubs if state.breach[state.side[h], h] > 0]
    trips: set[tuple[int, int]] = set()
    calls: set[int] = set()
    last: dict[int, tuple[int, tuple[int, int] | int]] = {}  # limit, or hub as -1 - hub → the last departure
    for step, what, rows in _departures(tables, state):
        for row in rows:
            if (row in broken or -1 - row in crowded) and (row not in last or last[row][0] < step):
                last[row] = step, what
    for _, what in last.values():
        if isinstance(what, tuple):
            trips.add(what)
        else:
            calls.add(what)
    return trips, calls


def _departures(tables: Tables, state: State) -> Iterator[tuple[int, tuple[int, int] | int, list[int]]]:
    """Every departure with its step and the limits it uses; the hub it leads to stands there as -1 - hub."""
    for v in range(len(state.count)):
        for i in range(int(state.count[v])):
            p, o, t = int(state.place[v, i]), int(state.option[v, i]), int(state.depart[v, i])
            rows = [int(tables.boarding_row[p, t]), int(tables.option_convoy[o])]
            if tables.option_kind[o] == HUB:
                rows.append(-1 - int(tables.option_station[o]))
            else:
                gate, safe = int(tables.option_gate[o]), int(tables.safe[t, o])
                rows += _beyond(tables, gate, int(tables.option_country[o]), safe)
            yield t, (v, i), rows
    place = np.searchsorted(tables.call_first, np.arange(len(tables.call_step)), side="right") - 1
    for e in np.flatnonzero(state.open).tolist():
        t = int(tables.call_step[e])
        rows = [int(tables.boarding_row[place[e], t]), *range(tables.leg_first[e], tables.leg_last[e] + 1)]
        if tables.call_hub[e] >= 0:
            rows.append(-1 - int(tables.call_hub[e]))
        else:
            rows += _beyond(
                tables, int(tables.call_gate[e]), int(tables.call_country[e]), int(tables.call_safe[e])
            )
        yield t, e, rows


def _beyond(tables: Tables, gate: int, country: int, safe: int) -> list[int]:
    rows = [tables.gate_row[gate, safe], tables.reception_row[gate, safe], tables.country_row[country]]
    return [int(row) for row in rows]
