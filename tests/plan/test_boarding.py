"""People board by the loading rule, whatever the buses do: the verifier finds nothing unfair."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from overland.case.model import Case, Mode
from overland.plan.build import draft_plan, drop_empty_trips
from overland.plan.document import Plan
from overland.plan.envelope import envelope
from overland.plan.journeys import journeys_of
from overland.plan.paper import Making, certificate_of, plan_document
from overland.plan.play import play_everything
from overland.plan.state import State
from overland.verify import verify
from tests.builders import fleet, group, hours, mode, place, road, small_case
from tests.plan.arrays import Arrays, random_chains
from tests.strategies import tiny_cases

SHARED = {"crossing-rate", "boarding-rate", "hub-capacity", "reception", "country-share", "run-seats"}
"""Limits that the search may exceed on its way."""


def played(arrays: Arrays, state: State) -> Plan:
    """The plan that follows from the decisions of a state."""
    tables, cars, problem = arrays.tables, arrays.cars, arrays.problem
    play_everything(tables, cars, state)
    drop_empty_trips(tables, cars, state)
    draft = draft_plan(problem, tables, cars, state)
    certificate = certificate_of(problem.case, draft, 0.0, envelope(problem, tables, cars), None)
    return plan_document(problem.case, draft, certificate, [], Making("exposure", 0, None, 0.0))


def somebody_is_stuck(arrays: Arrays, state: State) -> bool:
    """Whether a group has been brought to a hub and left there: such states are never written down."""
    journeys = journeys_of(arrays.tables, state)
    for p, side in enumerate(state.side):
        for hub, n in enumerate(state.changes[side, p]):
            if any(not journeys[g] for g in state.change_group[side, p, hub, :n]):
                return True
    return False


@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(tiny_cases(), st.integers(0, 1000))
def test_random_buses_are_boarded_fairly(case: Case, seed: int) -> None:
    arrays = Arrays.of(case)
    state = arrays.state()
    random_chains(arrays, state, np.random.default_rng(seed))
    play_everything(arrays.tables, arrays.cars, state)
    assume(not somebody_is_stuck(arrays, state))
    found = [str(v) for v in verify(case, played(arrays, state)) if v.rule not in SHARED | {"envelope"}]
    assert found == []


def one_bus(case: Case) -> Plan:
    """What happens if the only bus makes one trip over the border as soon as it can at noon."""
    arrays = Arrays.of(case)
    state, tables = arrays.state(), arrays.tables
    capital, west = arrays.problem.places.index("capital"), arrays.problem.stations.index("west")
    options = range(tables.option_first[capital, 0], tables.option_first[capital, 1])
    state.count[0], state.place[0, 0], state.target[0, 0] = 1, capital, 8
    state.option[0, 0] = next(o for o in options if tables.option_station[o] == west)
    return played(arrays, state)


def aboard(plan: Plan) -> list[str]:
    """Groups on the only trip."""
    (trip,) = plan.trips
    return trip.groups


def crowd(*groups: object, seats: int = 10) -> Case:
    """One bus to the west for people waiting in the capital."""
    return small_case(
        groups=groups,
        fleets=(fleet("buses", "capital", count=1, seats=seats),),
        crossing_modes=(mode("west", Mode.BUS, 60, 1),),
    )


def test_the_highest_class_boards_first() -> None:
    case = crowd(
        group("first", "capital", 4, category="kin"),
        group("second", "capital", 4),
        group("third", "capital", 6, category="vulnerable"),
    )
    assert aboard(one_bus(case)) == ["second", "third"]


def test_within_a_class_who_was_ready_first_boards_first() -> None:
    case = crowd(
        group("late", "capital", 6, ready=hours(2)),
        group("early", "capital", 6, ready=hours(1)),
    )
    assert aboard(one_bus(case)) == ["early"]


def test_a_smaller_group_takes_the_seats_that_a_larger_one_cannot() -> None:
    case = crowd(
        group("large", "capital", 7, category="vulnerable"),
        group("larger", "capital", 8),
        group("small", "capital", 3, category="kin"),
    )
    assert aboard(one_bus(case)) == ["large", "small"]


def test_nobody_boards_before_being_ready() -> None:
    case = crowd(
        group("ready", "capital", 2, ready=hours(4)), group("not-yet", "capital", 2, ready=hours(4.5))
    )
    assert aboard(one_bus(case)) == ["ready"]


def test_an_empty_bus_stays_where_it_is() -> None:
    case = crowd(group("late", "capital", 2, ready=hours(5)))
    plan = one_bus(case)
    assert plan.trips == plan.moves == []
    assert [left.group for left in plan.left] == ["late"]


def test_people_at_another_place_do_not_board() -> None:
    case = crowd(group("here", "capital", 2), group("there", "village", 2))
    case = replace(
        case,
        places=(*case.places, place("village")),
        roads=(*case.roads, road("village", "hub", 10)),
    )
    assert aboard(one_bus(case)) == ["here"]


def test_trips_that_need_an_empty_one_are_dropped_with_it() -> None:
    """The far town is five hours away and the crew may drive four: it gets there by way of the hub only."""
    case = small_case(
        places=(*small_case().places, place("far")),
        roads=(*small_case().roads, road("far", "hub", 180)),
        groups=(group("later", "capital", ready=hours(40)), group("away", "far")),
        fleets=(fleet("buses", "capital", count=1, max_driving_hours=4, rest_hours=2),),
    )
    arrays = Arrays.of(case)
    state, tables, problem = arrays.state(), arrays.tables, arrays.problem
    for i, (origin, destination) in enumerate([("capital", "hub"), ("far", "west")]):
        p, s = problem.places.index(origin), problem.stations.index(destination)
        options = range(tables.option_first[p, 0], tables.option_first[p, 1])
        state.place[0, i], state.target[0, i] = p, 0
        state.option[0, i] = next(o for o in options if tables.option_station[o] == s)
    state.count[0] = 2
    play_everything(tables, arrays.cars, state)
    assert state.depart[0, 1] > 0, "with the empty trip it can be done"
    plan = played(arrays, state)
    assert plan.trips == []
    assert {left.group for left in plan.left} == {"later", "away"}


def test_people_who_change_board_by_class_too() -> None:
    """Two buses bring people to the hub; one with few seats takes them on, the highest class first."""
    case = small_case(
        groups=(
            group("kin", "town", 4, category="kin"),
            group("citizens", "town", 4),
            group("vulnerable", "capital", 4, category="vulnerable"),
        ),
        fleets=(
            fleet("buses", "capital", count=2, seats=8, max_driving_hours=20),
            fleet("van", "hub", count=1, seats=8, max_driving_hours=20, rest_hours=8),
        ),
    )
    arrays = Arrays.of(case)
    state, tables, problem = arrays.state(), arrays.tables, arrays.problem
    legs = [("town", "hub", 0), ("capital", "hub", 0), ("hub", "west", 20)]
    for v, (origin, destination, target) in enumerate(legs):
        p, s, f = problem.places.index(origin), problem.stations.index(destination), 0
        options = range(tables.option_first[p, f], tables.option_first[p, f + 1])
        state.place[v, 0], state.target[v, 0], state.count[v] = p, target, 1
        state.option[v, 0] = next(o for o in options if tables.option_station[o] == s)
    play_everything(tables, arrays.cars, state)
    journeys = dict(zip(problem.riders.id, journeys_of(tables, state), strict=True))
    assert {name for name, journey in journeys.items() if len(journey) == 2} == {"vulnerable", "citizens"}
    assert journeys["kin"] == [], "brought to the hub and left there, it counts as left"
