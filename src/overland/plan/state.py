"""The state of the search: chains of trips, seats opened on services, and what follows from them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from overland.plan.cars import CarWays, assign_cars
from overland.plan.options import HUB, LINE
from overland.plan.problem import Problem
from overland.plan.scratch import Scratch, new_scratch
from overland.plan.tables import Tables

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MOST_TRIPS = 24  # of one vehicle
MOST_DEPARTURES = 600  # of one place
SHORTLIST = 16  # bus options of a place that the search tries
CONVOYS = 6  # of them, at most, ways of convoys

# Tables whose rows are used together, as that is quicker; what stands in the columns of
BUS_STEP, BUS_VEHICLE, BUS_OPTION, BUS_SAFE, BUS_SEATS, BUS_HEAD, BUS_RIDE, BUS_REST = range(8)  # State.bus
SIZE, READY, KIND, QUEUE = range(4)  # State.rider: those of Tables, and the class counted from the highest
CHOICE, BEHIND, SINCE, BESIDE = range(4)  # Scratch.member; beside: who else can board from the same step on
# State.journal: step and seats of a departure, its bus option or service call, ride and rest of a trip of a
# line (as in State.bus), position in the list of buses or service call (calls as -2 - call); people aboard;
# then what was so before it: idle trips, uses of limits, groups that wait, groups sent to each hub
ENTRY_STEP, ENTRY_SEATS, ENTRY_WAY, ENTRY_RIDE, ENTRY_REST, ENTRY_WHICH = range(6)
ENTRY_ABOARD, ENTRY_IDLE, ENTRY_USES, ENTRY_WAITING, ENTRY_CHANGES = range(6, 11)

LEFT = 2**30  # instead of a step, of those who do not leave


class State(NamedTuple):
    """Decisions and their consequences; all arrays are changed in place.

    Decisions are ``count``, ``place``, ``option``, ``target`` (chains) and ``open`` (seats on service calls).
    A trip leaves at its target step or as early after it as the vehicle can. Consequences of a place are kept
    twice, in ``side[p]`` and the other side, so that a move can be tried without losing the present.
    """

    # chains, by vehicle and position
    count: Ints  # type: ignore[assignment]  # trips of each vehicle; hides tuple.count
    place: Ints
    option: Ints
    target: Ints
    depart: Ints
    road: Ints  # road steps of the trip and the empty move to it
    freed: Ints  # step at which the vehicle is free after the trip
    since_rest: Ints  # road steps driven since the last rest, after the trip
    began: Ints  # step at which the duty of the trip began
    driven: Ints  # road steps of each vehicle
    type: Ints
    depot: Ints
    available: Ints
    driven_before: Ints  # road steps driven since the last rest, when it is available
    began_before: Ints  # step at which the duty began that it is in then; RESTED if in none
    # departures of each place, by step and vehicle
    bus_count: Ints
    # (places, MOST_DEPARTURES, 8) step, vehicle, option, step across, usable seats; step at which the trip
    # leaves its first stop; twice the number of the ride on a trip of a line, and one if it must be filled
    # (-1 for other trips); ride that those on this one cannot take, -1 if they may (ride_rest of the tables)
    bus: Ints
    open: Ints
    # what they did: see journal.py
    entries: Ints  # (2, places)
    journal: Ints  # (2, places, entries, ENTRY_CHANGES + hubs)
    paid: Floats  # (2, places, entries, 2) cost and waited before each
    gone: Ints  # (riders,) step at which each leaves its place at present, or LEFT
    passed_on: Ints  # (riders,) and the hub to which it comes
    come: Ints  # (hubs, riders) who comes to each hub, by the step from which they can board and by number
    come_first: Ints  # (hubs, steps + 1)
    crowd: Ints  # (hubs, T + 2) people in transit at each step
    standing: Ints  # those of them who were there, or on the way there, before
    # consequences
    side: Ints  # (places,)
    cost: Floats  # (2, places)
    waited: Floats  # (2, places) cost of waiting there before boarding
    left: Ints  # (2, places) people left
    breach: Ints  # (2, places) people stuck at a hub, and person-steps above its capacity
    stuck: Ints  # (2, places) people stuck at a hub
    aboard: Ints  # (2, places, MOST_DEPARTURES) people on each bus
    idle: Ints  # (2, places) buses that leave with nobody aboard
    uses: Ints  # (2, places) number of entries in the two arrays below
    use_row: Ints
    use_people: Ints
    changes: Ints  # (2, places, hubs) groups that go on to a hub
    change_group: Ints
    change_step: Ints  # arrival at the hub
    use: Ints  # (limits,)
    rider: Ints  # (riders, 4) size, ready step, kind and queue
    class_first: Ints  # (places, classes + 1) riders by place and class, highest first
    shortlist: Ints  # (places, makes, SHORTLIST), -1 padded
    quickest: NDArray[np.int16]  # (profiles, stations, places) fewest road steps of an empty move at any time
    nearness: Floats  # (stations, places) cumulated chance to look for the next trip at a place
    hint_first: Ints  # (places + 1,) trips that the bound's mix makes, by place
    hint_option: Ints
    hint_step: Ints
    hint_chance: Floats  # cumulated within the place
    way_first: Ints  # (cohorts + 1,) ways that the bound's mix takes, by cohort
    way_hint: Ints
    way_step: Ints
    way: Ints  # (drivers,) -1: left
    step: Ints  # (drivers,)
    driver_size: Ints
    toll: Floats  # (limits,) what the search charges a person for each limit, to steer; no part of the cost
    total: Floats  # (4,) cost of riders, road steps, excess over limits, cost of drivers
    scratch: Scratch


def new_state(problem: Problem, tables: Tables, cars: CarWays) -> State:
    """A plan in which the drivers have gone the cheapest way, one after another, and nobody else has left."""
    drivers = problem.drivers
    room = tables.limit.copy()
    order = np.lexsort((-drivers.size, drivers.ready, -drivers.weight))
    way, step = assign_cars(tables, cars, room, order, drivers.size)
    vehicles, places = len(problem.vehicles.name), len(problem.places)
    groups = int(np.diff(tables.rider_first).max()) if places else 0
    calls = int(np.diff(tables.call_first).max()) if places else 0
    entries, uses = MOST_DEPARTURES + calls + 1, 6 * MOST_DEPARTURES + 8 * calls
    riders, hubs = len(tables.size), len(tables.hubs)

    def ints(*shape: int) -> Ints:
        return np.zeros(shape, dtype=np.int64)

    return State(
        count=ints(vehicles),
        place=ints(vehicles, MOST_TRIPS),
        option=ints(vehicles, MOST_TRIPS),
        target=ints(vehicles, MOST_TRIPS),
        depart=ints(vehicles, MOST_TRIPS),
        road=ints(vehicles, MOST_TRIPS),
        freed=ints(vehicles, MOST_TRIPS),
        since_rest=ints(vehicles, MOST_TRIPS),
        began=ints(vehicles, MOST_TRIPS),
        driven=ints(vehicles),
        type=problem.vehicles.type,
        depot=problem.vehicles.depot,
        available=problem.vehicles.available,
        driven_before=problem.vehicles.driven,
        began_before=problem.vehicles.began,
        bus_count=ints(places),
        bus=ints(places, MOST_DEPARTURES, 8),
        open=ints(len(tables.call_step)),
        entries=ints(2, places),
        journal=ints(2, places, entries, ENTRY_CHANGES + hubs),
        paid=np.zeros((2, places, entries, 2)),
        gone=np.full(riders, LEFT),
        passed_on=np.full(riders, LEFT),
        come=ints(hubs, riders),
        come_first=ints(hubs, tables.horizon + tables.change + 3),
        crowd=ints(hubs, tables.horizon + 2),
        standing=ints(hubs, tables.horizon + 2),
        side=ints(places),
        cost=np.zeros((2, places)),
        waited=np.zeros((2, places)),
        left=ints(2, places),
        breach=ints(2, places),
        stuck=ints(2, places),
        aboard=ints(2, places, MOST_DEPARTURES),
        idle=ints(2, places),
        uses=ints(2, places),
        use_row=ints(2, places, uses),
        use_people=ints(2, places, uses),
        changes=ints(2, places, hubs),
        change_group=ints(2, places, hubs, max(1, groups)),
        change_step=ints(2, places, hubs, max(1, groups)),
        use=tables.limit - room,
        rider=np.column_stack(
            [tables.size, tables.ready, tables.kind, len(tables.weights) - 1 - tables.rank]
        ),
        class_first=_class_first(tables),
        shortlist=_shortlist(problem, tables),
        quickest=_quickest(tables),
        nearness=_nearness(problem, tables),
        hint_first=ints(places + 1),
        hint_option=ints(0),
        hint_step=ints(0),
        hint_chance=np.zeros(0),
        way_first=ints(len(cars.cohort_ready) + 1),
        way_hint=ints(0),
        way_step=ints(0),
        way=way,
        step=step,
        driver_size=drivers.size,
        toll=np.zeros(len(tables.limit)),
        total=np.zeros(4),
        scratch=new_scratch(tables, places),
    )


def _class_first(tables: Tables) -> Ints:
    """Where the riders of each place and class begin; within a place the highest class stands first."""
    places, classes = len(tables.rider_first) - 1, len(tables.weights)
    first = np.zeros((places, classes + 1), dtype=np.int64)
    for p in range(places):
        mine = slice(tables.rider_first[p], tables.rider_first[p + 1])
        order = classes - 1 - tables.rank[mine]
        first[p] = mine.start + np.searchsorted(order, np.arange(classes + 1))
    return first


def with_hints(state: State, trips: Floats, ways: list[tuple[int, int, int, float]], toll: Floats) -> State:
    """The same state, steered by the mix and the tolls of the bound."""
    trips = trips[np.argsort(trips[:, 2], kind="stable")]
    place = trips[:, 2].astype(np.int64)
    first = np.searchsorted(place, np.arange(len(state.side) + 1)).astype(np.int64)
    chance = np.zeros(len(trips))
    for p in range(len(state.side)):
        mine = slice(first[p], first[p + 1])
        chance[mine] = np.cumsum(trips[mine, 4]) / max(1e-9, trips[mine, 4].sum())
    ordered = sorted(ways)
    state.toll[:] = toll
    return state._replace(
        hint_first=first,
        hint_option=trips[:, 1].astype(np.int64),
        hint_step=trips[:, 3].astype(np.int64),
        hint_chance=chance,
        way_first=np.searchsorted([w[0] for w in ordered], np.arange(len(state.way_first))).astype(np.int64),
        way_hint=np.array([w[1] for w in ordered], dtype=np.int64),
        way_step=np.array([w[2] for w in ordered], dtype=np.int64),
    )


def _shortlist(problem: Problem, tables: Tables) -> Ints:
    """The options of each place that take people and vehicles away quickest, and the hubs."""
    places, makes = len(problem.places), len(problem.makes)
    shortlist = np.full((places, makes, SHORTLIST), -1, dtype=np.int64)
    samples = range(4, problem.horizon, max(1, problem.horizon // 12))
    for p in range(places):
        for m in range(makes):
            options = np.arange(tables.option_first[p, m], tables.option_first[p, m + 1])
            options = options[tables.option_kind[options] != LINE]  # line_moves.py looks for them
            if not len(options):
                continue
            score = np.full(len(options), np.inf)
            for t in samples:
                usable = (tables.road[t, options] >= 0) & (tables.room[t, options] >= 1)
                hours = (tables.safe[t, options] - t) + 0.5 * (tables.free[t, options] - t)
                score = np.where(usable, np.minimum(score, hours), score)
            score = np.where(tables.option_kind[options] == HUB, 0.5 * score, score)
            only = tables.option_only[options]
            for i in np.flatnonzero(only >= 0):
                if tables.room[only[i], options[i]] >= 1:
                    score[i] = tables.safe[only[i], options[i]] - only[i]
            order = np.argsort(score, kind="stable")
            order = order[np.isfinite(score[order])]
            escorted = order[only[order] >= 0][:CONVOYS]
            order = np.concatenate([order[only[order] < 0][: SHORTLIST - len(escorted)], escorted])
            shortlist[p, m, : len(order)] = options[order]
    return shortlist


def _quickest(tables: Tables) -> NDArray[np.int16]:
    """Fewest road steps of an empty move; beyond all steps where there never is one."""
    never = np.int16(np.iinfo(np.int16).max)
    return np.where(tables.empty < 0, never, tables.empty).min(axis=1, initial=never)


def _nearness(problem: Problem, tables: Tables) -> Floats:
    """Chance, cumulated over places, to send a vehicle from a station there: near and with many riders."""
    if not problem.places or not problem.profiles:
        return np.zeros((len(problem.stations), len(problem.places)))
    riders = np.bincount(problem.riders.place, tables.size, len(problem.places)).astype(np.float64)
    riders[tables.hubs] += riders.sum() / 20 + 1  # where people change
    hours = problem.empty[0][:, :, 0] * tables.hours
    hours = np.where(hours < 0, np.inf, hours)
    hours[np.arange(len(problem.places)), np.arange(len(problem.places))] = 0.0
    chance = np.sqrt(riders)[None, :] * np.exp(-hours / 5.0) + 1e-9
    return np.cumsum(chance / chance.sum(axis=1, keepdims=True), axis=1)
