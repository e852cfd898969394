"""Re-plans keep the past and every rule, and change no more than they must."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from overland.case import digest
from overland.case.changes import after
from overland.case.events import Event
from overland.case.model import Case, Closure, Mode, SingleVehicle
from overland.errors import PlanError
from overland.plan import solve
from overland.plan.document import Plan, Trip
from overland.plan.notices import people_told_otherwise
from overland.plan.replanning import replan
from overland.plan.rolling import rolling_plan
from overland.plan.standing import standing_of
from overland.verify import verify
from tests.builders import fleet, group, hours, mode, small_case
from tests.plan.changes import changes
from tests.strategies import tiny_cases

QUICKLY = 0.25  # seconds


def departures(plan: Plan, now: object) -> list[str]:
    """What leaves before a moment, word by word."""
    records = [*plan.trips, *plan.moves, *plan.rides, *plan.drives]
    return sorted(record.model_dump_json() for record in records if record.depart < now)


def replanned(case: Case, running: Plan, hour: float, **others: object) -> Plan:
    """A re-plan that keeps every rule and what the running plan did before."""
    options = {"time_limit": QUICKLY} | others
    plan = replan(case, running, hours(hour), **options)  # type: ignore[arg-type]
    assert [str(violation) for violation in verify(case, plan, running=running)] == []
    return plan


def vehicles_ahead(plan: Plan, hour: float) -> set[str]:
    """Vehicles that make a trip from a moment on."""
    return {trip.vehicle for trip in plan.trips if trip.depart >= hours(hour)}


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(tiny_cases(), st.data())
def test_whatever_changes_a_re_plan_keeps_every_rule_and_the_past(case: Case, data: st.DataObject) -> None:
    running = solve(case, time_limit=QUICKLY)
    now = case.time_of(data.draw(st.integers(0, case.steps - 1)))
    changed = data.draw(changes(case, running, now))
    plan = replan(changed, running, now, time_limit=QUICKLY)
    assert [str(violation) for violation in verify(changed, plan, running=running)] == []
    assert departures(plan, now) == departures(running, now)
    later = now + timedelta(minutes=case.step_minutes)
    if later < case.time_of(case.steps):
        renamed = replace(changed, title="A tiny case, changed twice")
        again = replan(renamed, plan, later, time_limit=QUICKLY)
        assert [str(violation) for violation in verify(renamed, again, running=plan)] == []


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(tiny_cases(), st.data())
def test_what_matters_to_nobody_changes_nobodys_instruction(case: Case, data: st.DataObject) -> None:
    running = solve(case, time_limit=QUICKLY)
    now = case.time_of(data.draw(st.integers(0, case.steps - 1)))
    renamed = replace(case, title="The same case under another title")
    plan = replan(renamed, running, now, time_limit=QUICKLY, change_price=1e6)
    assert people_told_otherwise(renamed, running, plan)[0] == 0
    assert plan.certificate.cost <= running.certificate.cost + 1e-6


def test_with_nothing_new_the_running_plan_goes_on_as_it_is() -> None:
    case = small_case()
    running = solve(case, time_limit=QUICKLY)
    plan = replan(case, running, hours(3), time_limit=QUICKLY)
    assert plan.replanned is not None
    assert plan.replanned.now == hours(3)
    assert plan.model_copy(update={"replanned": None}) == running


def two_ways(buses: int = 1) -> Case:
    """Forty people at the capital with buses of twenty; west is a little nearer than south."""
    case = small_case(
        groups=tuple(group(f"G{i}", "capital", 20, can_walk=False) for i in range(2)),
        fleets=(fleet("buses", "capital", buses, 20),),
        crossing_modes=(mode("west", Mode.BUS, 60, 0.5), mode("south", Mode.BUS, 60, 0.5)),
    )
    return replace(case, places=tuple(replace(place, boarding_per_hour=None) for place in case.places))


def test_a_vehicle_goes_on_from_where_it_is() -> None:
    case = two_ways()
    running = solve(case, time_limit=QUICKLY)
    first, second = sorted(running.trips, key=lambda trip: trip.depart)
    now = (first.depart - case.start) / timedelta(hours=1) + 1  # it is on the road
    closed = replace(case, closures=(Closure(road="hub-south", start=hours(now)),))
    plan = replanned(closed, running, now)
    assert plan.trips[0] == first
    move = plan.moves[-1]
    assert (move.origin, move.depart >= first.free) == (first.destination, True)
    assert plan.totals.out == 40
    assert second.destination == plan.trips[1].destination == "west"


def test_what_is_under_way_arrives_as_planned_on_a_road_that_closes() -> None:
    case = two_ways(2)
    case = replace(case, groups=(case.groups[0], replace(case.groups[1], ready=hours(3))))
    running = solve(case, time_limit=QUICKLY)
    first = min(running.trips, key=lambda trip: trip.depart)
    now = (first.depart - case.start) / timedelta(hours=1) + 0.5
    closed = replace(case, closures=(Closure(road="hub-west", start=hours(now)),))
    plan = replanned(closed, running, now)
    assert first in plan.trips
    assert {trip.destination for trip in plan.trips if trip.depart >= hours(now)} == {"south"}


def test_the_duty_of_a_crew_goes_on() -> None:
    case = replace(two_ways(), fleets=(fleet("buses", "capital", 1, 20, max_duty_hours=12),))
    running = solve(case, time_limit=QUICKLY)
    first = min(running.trips, key=lambda trip: trip.depart)
    now = (first.depart - case.start) / timedelta(hours=1) + 0.5
    standing = standing_of(case, running, hours(now))
    began = case.step_of(first.depart, up=False) - case.steps_of_hours(case.policy.loading_minutes / 60)
    assert standing.vehicles["buses-01"].began == began
    plan = replanned(replace(case, title="Renamed"), running, now)
    assert plan.totals.out == 40
    second = max(plan.trips, key=lambda trip: trip.depart)
    assert second.free - case.time_of(began) > timedelta(hours=12), "after a rest only"
    tired = replace(case, fleets=(replace(case.fleets[0], rest_hours=48),))
    assert replanned(tired, running, now).totals.out == 20


def test_a_bus_that_still_loads_does_not_leave_by_a_road_that_has_closed() -> None:
    case = two_ways()
    running = solve(case, time_limit=QUICKLY)
    first = min(running.trips, key=lambda trip: trip.depart)
    closed = replace(case, closures=(Closure(road="hub-west", start=first.depart),))
    plan = replanned(closed, running, (first.depart - case.start) / timedelta(hours=1))
    assert "west" not in {trip.destination for trip in plan.trips}
    assert plan.totals.out == 40


def test_when_everybody_is_gone_nothing_is_planned() -> None:
    case = replace(small_case(), groups=(group("G1", "capital", 20),), fleets=(fleet("buses", "capital", 2),))
    places = tuple(replace(p, roles=frozenset(["assembly", "depot"])) for p in case.places)
    case = replace(case, places=places)
    running = solve(case, time_limit=QUICKLY)
    plan = replanned(replace(case, title="Renamed"), running, 20)
    assert plan.trips == running.trips


def test_a_lost_vehicle_ends_its_trip_and_begins_no_other() -> None:
    case = replace(two_ways(), fleets=(fleet("buses", "capital", 2, 20),))
    case = replace(case, groups=(*case.groups, group("G2", "capital", 20), group("G3", "capital", 20)))
    running = solve(case, time_limit=QUICKLY)
    lost = replace(case, vehicles=(SingleVehicle(fleet="buses", number=1, lost=True),))
    plan = replanned(lost, running, 2)
    assert vehicles_ahead(running, 2) == {"buses-01", "buses-02"}
    assert vehicles_ahead(plan, 2) == {"buses-02"}
    assert plan.totals.out == 80


def by_the_hub() -> tuple[Case, Plan]:
    """A case in which one can only go by the hub, and its plan."""
    case = small_case(
        groups=(group("G1", "capital", 4), group("G2", "capital", 6)),
        fleets=(
            fleet("buses", "capital", 1, 20, max_driving_hours=2),
            fleet("vans", "hub", 2, 10, max_driving_hours=2),
        ),
        crossing_modes=(mode("west", Mode.BUS, 60, 1), mode("south", Mode.BUS, 60, 0.5)),
    )
    roles = {place.id: place.roles | {"depot"} for place in case.places}
    case = replace(case, places=tuple(replace(p, roles=frozenset(roles[p.id])) for p in case.places))
    return case, solve(case, time_limit=QUICKLY)


def test_who_is_on_the_way_to_a_hub_goes_on_from_there() -> None:
    case, running = by_the_hub()
    (to_hub,) = [trip for trip in running.trips if trip.kind == "hub"]
    now = (to_hub.arrive - case.start) / timedelta(hours=1) - 0.5
    closed = replace(case, closures=(Closure(road="hub-west", start=hours(now)),))
    plan = replanned(closed, running, now)
    ahead = [trip for trip in plan.trips if trip.depart >= hours(now)]
    assert {(trip.origin, trip.destination) for trip in ahead} == {("hub", "south")}
    assert sorted(g for trip in ahead for g in trip.groups) == ["G1", "G2"]
    assert min(trip.depart for trip in ahead) >= to_hub.arrive + timedelta(minutes=30)


def test_who_cannot_go_on_from_a_hub_is_left_there_and_said_to_be() -> None:
    case, running = by_the_hub()
    (to_hub,) = [trip for trip in running.trips if trip.kind == "hub"]
    now = (to_hub.arrive - case.start) / timedelta(hours=1) - 0.5
    roads = ("hub-west", "hub-south")
    closed = replace(case, closures=tuple(Closure(road=road, start=hours(now)) for road in roads))
    plan = replanned(closed, running, now)
    assert {left.group: left.stranded for left in plan.left} == {"G1": True, "G2": True}
    assert {left.reason for left in plan.left} == {
        "Cut off: no road or train leads from Hub to an open crossing within the horizon."
    }
    under_way = 2 * 10 * 1.0  # two hours of ten people
    before = 2.0 * 10 * ((to_hub.depart - case.start) / timedelta(hours=1))  # hazard 2 at the capital
    waits = 10 * (48 - (to_hub.arrive - case.start) / timedelta(hours=1))
    assert plan.totals.left_cost == pytest.approx(under_way + before + waits + 336 * 10)


def test_a_hub_that_is_too_small_now_takes_those_who_are_on_their_way_and_nobody_else() -> None:
    case, running = by_the_hub()
    (to_hub,) = [trip for trip in running.trips if trip.kind == "hub"]
    now = (to_hub.depart - case.start) / timedelta(hours=1) + 0.5
    small = replace(
        case,
        places=tuple(replace(p, waiting_capacity=4 if p.id == "hub" else None) for p in case.places),
        groups=(*case.groups, group("G3", "capital", 4, ready=hours(now))),
    )
    plan = replanned(small, running, now, time_limit=1.0)
    assert plan.totals.out == 14
    (later,) = [trip for trip in plan.trips if trip.kind == "hub" and trip != to_hub]
    onward = [trip for trip in plan.trips if trip.origin == "hub" and "G3" not in trip.groups]
    assert later.arrive >= max(trip.depart for trip in onward), "the first ten are gone when it comes"


def test_who_missed_a_departure_is_where_it_was() -> None:
    case = two_ways()
    running = solve(case, time_limit=QUICKLY)
    first = min(running.trips, key=lambda trip: trip.depart)
    (missed,) = first.groups
    now = (first.depart - case.start) / timedelta(hours=1) + 0.5
    plan = replanned(case, running, now, missed=[missed])
    assert next(trip for trip in plan.trips if trip.id == first.id).groups == []
    assert plan.totals.out == 40
    assert min(trip.depart for trip in plan.trips if missed in trip.groups) >= hours(now)


def test_who_was_to_take_nothing_yet_cannot_have_missed_it() -> None:
    case = two_ways()
    running = solve(case, time_limit=QUICKLY)
    with pytest.raises(PlanError, match="G0 cannot have missed a departure"):
        replan(case, running, hours(0), missed=["G0"])


def test_a_group_that_has_left_cannot_be_withdrawn() -> None:
    case = two_ways()
    running = solve(case, time_limit=QUICKLY)
    first = min(running.trips, key=lambda trip: trip.depart)
    without = replace(case, groups=tuple(g for g in case.groups if g.id not in first.groups))
    with pytest.raises(PlanError, match="has left already, at 2022-02-17 06:30 UTC from capital"):
        replan(without, running, hours(3))


@pytest.mark.parametrize("hour", [-1.0, 48.0])
def test_now_is_within_the_horizon(hour: float) -> None:
    case = small_case()
    with pytest.raises(PlanError, match="not within the horizon"):
        replan(case, solve(case, time_limit=QUICKLY), hours(hour))


def test_now_is_not_before_the_running_plan_was_made() -> None:
    case = small_case()
    running = replan(case, solve(case, time_limit=QUICKLY), hours(5))
    with pytest.raises(PlanError, match="before the running plan was made, 2022-02-17 11:00 UTC"):
        replan(case, running, hours(4))


def test_what_has_left_speaks_of_what_the_case_has() -> None:
    case = two_ways()
    running = solve(case, time_limit=QUICKLY)
    without = replace(
        case, crossing_modes=(mode("west", Mode.FOOT, 60, 0.5), mode("south", Mode.BUS, 60, 0.5))
    )
    with pytest.raises(PlanError, match="people have left for west by bus, which the case has not"):
        replan(without, running, hours(3))


def test_a_plan_from_scratch_does_not_start_from_a_re_plan() -> None:
    case = two_ways()
    again = replan(case, solve(case, time_limit=QUICKLY), hours(3))
    with pytest.raises(PlanError, match="re-plan it instead"):
        solve(case, time_limit=QUICKLY, start=again)


def test_a_price_of_changes_keeps_people_to_what_they_were_told() -> None:
    """The first bus could take one more way that is quicker now; that gains 20 people half an hour each."""
    case = replace(
        two_ways(2), crossing_modes=(mode("west", Mode.BUS, 60, 1), mode("south", Mode.BUS, 60, 1))
    )
    running = solve(case, time_limit=QUICKLY)
    quicker = replace(case, crossing_modes=(mode("west", Mode.BUS, 60, 1), mode("south", Mode.BUS, 60, 0.0)))
    free = replanned(quicker, running, 0, change_price=0.0)
    dear = replanned(quicker, running, 0, change_price=100.0)
    assert people_told_otherwise(quicker, running, free)[0] > 0
    assert people_told_otherwise(quicker, running, dear)[0] == 0
    assert free.certificate.cost < dear.certificate.cost


def test_trips_keep_their_ids() -> None:
    case = two_ways()
    running = solve(case, time_limit=QUICKLY)
    later = replace(case, groups=(*case.groups, group("G9", "town", 2, ready=hours(20))))
    plan = replanned(later, running, 1, change_price=100.0)
    ids = {trip.id: (trip.vehicle, trip.origin, trip.depart) for trip in running.trips}
    named = {trip.id: (trip.vehicle, trip.origin, trip.depart) for trip in plan.trips}
    assert ids.items() <= named.items()


def event(known: float, kind: str, **fields: object) -> Event:
    return Event("events.jsonl", 1, kind, hours(known), dict(fields))


def test_a_rolling_horizon_plans_anew_when_something_is_known() -> None:
    case = two_ways(2)
    running = solve(case, time_limit=QUICKLY)
    events = (
        event(1.5, "road_closed", road="hub-south"),
        event(
            7.2, "group_added", id="G9", place="town", size=3, category="citizens", ready="2022-02-17 16:00"
        ),
    )
    turns = list(rolling_plan(case, running, events, every_hours=1, time_limit=QUICKLY))
    assert [turn.now for turn in turns] == [hours(2), hours(8)]
    plans = [running, *(turn.plan for turn in turns)]
    for turn, before in zip(turns, plans[:-1], strict=True):
        assert verify(turn.case, turn.plan, running=before) == []
        assert departures(turn.plan, turn.now) == departures(before, turn.now)
    assert turns[-1].plan.totals.out == 43
    assert turns[-1].case == after(case, events).case
    assert digest(turns[-1].case) == turns[-1].plan.case_digest


def test_a_trip_of_the_past_keeps_its_words() -> None:
    case, running = by_the_hub()
    plan = replan(replace(case, title="Renamed"), running, hours(10), time_limit=QUICKLY)
    kept = [trip for trip in plan.trips if isinstance(trip, Trip) and trip.depart < hours(10)]
    assert kept == [trip for trip in running.trips if trip.depart < hours(10)]
