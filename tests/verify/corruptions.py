"""Ways to spoil a good plan, each with the rules that it breaks."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

from overland.case.model import Case, RunSeats, SingleVehicle
from overland.plan.document import Left, Plan
from tests.builders import hours
from tests.verify.handmade import move, ride, trip
from tests.verify.spoiling import (
    breaks,
    breaks_in,
    change,
    having,
    with_certificate,
    with_group,
    with_place,
    with_total,
    without,
)

CHAIR = frozenset(["wheelchair"])

# the document


@breaks("case")
def plan_of_another_case(plan: Plan) -> Plan:
    return plan.model_copy(update={"case": "another"})


@breaks("digest")
def case_changed_since(plan: Plan) -> Plan:
    return plan.model_copy(update={"case_digest": "0" * 64})


@breaks("moment")
def moment_between_two_steps(plan: Plan) -> Plan:
    return change(plan, "trips", "T0006", depart=hours(14) + timedelta(minutes=7))


@breaks("moment")
def moment_without_zone(plan: Plan) -> Plan:
    return change(plan, "trips", "T0006", depart=datetime(2022, 2, 17, 20))


@breaks("moment")
def moment_in_local_time(plan: Plan) -> Plan:
    return change(plan, "trips", "T0006", depart=hours(14).astimezone(timezone(timedelta(hours=2))))


@breaks("moment")
def moment_before_the_start(plan: Plan) -> Plan:
    return change(plan, "rides", 1, depart=hours(-1))


@breaks("moment")
def moment_after_the_horizon(plan: Plan) -> Plan:
    return change(plan, "drives", 0, passed=hours(48.5))


@breaks("unknown-id")
def unknown_group(plan: Plan) -> Plan:
    return change(plan, "trips", "T0006", groups=["G11", "G99"])


@breaks("unknown-id")
def unknown_group_left(plan: Plan) -> Plan:
    return having(plan, "left", Left(group="G99", stranded=False, reason="unknown"))


@breaks("unknown-id")
def unknown_crossing(plan: Plan) -> Plan:
    return change(plan, "trips", "T0006", destination="nowhere")


@breaks("unknown-id")
def unknown_place(plan: Plan) -> Plan:
    return change(plan, "rides", 1, origin="nowhere")


@breaks("unknown-id")
def unknown_fleet(plan: Plan) -> Plan:
    return change(plan, "trips", "T0002", vehicle="coaches-01")


@breaks("unknown-id")
def value_of_unknown_thing(plan: Plan) -> Plan:
    return change(plan, "values", 0, subject="nowhere")


@breaks("vehicle-number")
def vehicle_beyond_its_fleet(plan: Plan) -> Plan:
    return change(plan, "trips", "T0002", vehicle="buses-04")


@breaks("vehicle-number")
def vehicle_with_number_zero(plan: Plan) -> Plan:
    return change(plan, "trips", "T0002", vehicle="buses-00")


@breaks("vehicle-number")
def vehicle_spelt_otherwise(plan: Plan) -> Plan:
    return change(plan, "trips", "T0002", vehicle="buses-2")


@breaks("duplicate")
def two_trips_of_one_id(plan: Plan) -> Plan:
    return change(plan, "trips", "T0002", id="T0001")


@breaks("duplicate")
def group_twice_in_one_list(plan: Plan) -> Plan:
    return change(plan, "trips", "T0002", groups=["G6", "G6"])


@breaks("duplicate")
def group_left_twice(plan: Plan) -> Plan:
    return having(plan, "left", plan.left[1])


@breaks("duplicate", "empty")
def two_records_of_one_ride(plan: Plan) -> Plan:
    return having(plan, "rides", ride("capital", "west", (2, 6.5, 7)))


@breaks("empty")
def trip_without_people(plan: Plan) -> Plan:
    return having(plan, "trips", trip("T0007", "buses-03", "hub", "across", "west", (8, 9, 10, 12)))


@breaks("destination", "arrival", "passing", "crossing-rate", "vehicle-place")
def on_foot_where_nobody_walks(plan: Plan) -> Plan:
    return change(plan, "trips", "T0005", destination="south")


@breaks("destination", "origin")
def changing_at_no_hub(plan: Plan) -> Plan:
    return change(plan, "trips", "T0004", destination="capital", arrive=hours(3.5), free=hours(4))


@breaks("destination")
def moving_to_a_crossing(plan: Plan) -> Plan:
    return having(plan, "moves", move("buses-03", "hub", "west", 6, 7))


@breaks("destination")
def moving_on_the_spot(plan: Plan) -> Plan:
    return having(plan, "moves", move("buses-03", "hub", "hub", 6, 6))


@breaks("run")
def run_on_a_day_without(plan: Plan) -> Plan:
    return change(plan, "rides", 1, run="train@2022-02-19")


@breaks("run")
def run_of_no_service(plan: Plan) -> Plan:
    return change(plan, "rides", 1, run="night-train@2022-02-17")


@breaks("run")
def run_the_other_way(plan: Plan) -> Plan:
    return change(plan, "rides", 0, origin="hub", destination="capital")


# people


@breaks("accounted")
def group_forgotten(plan: Plan) -> Plan:
    return without(plan, "trips", 5)


@breaks("accounted")
def group_forgotten_among_those_left(plan: Plan) -> Plan:
    return without(plan, "left", 0)


@breaks("accounted")
def group_out_and_left(plan: Plan) -> Plan:
    return having(plan, "left", Left(group="G6", stranded=False, reason="forgotten"))


@breaks("journey", "origin")
def group_aboard_twice(plan: Plan) -> Plan:
    return change(plan, "trips", "T0006", groups=["G11", "G5"])


@breaks("journey", "origin")
def group_split_over_two_buses(plan: Plan) -> Plan:
    return change(plan, "trips", "T0002", groups=["G6", "G2"])


@breaks("journey", "loading-rule")
def group_stays_at_the_hub(plan: Plan) -> Plan:
    return change(plan, "trips", "T0003", groups=["G5"])


@breaks("origin", "ready")
def group_boards_elsewhere(plan: Plan) -> Plan:
    return change(without(plan, "left", 1), "trips", "T0003", groups=["G5", "G7", "G9"])


@breaks("ready")
def group_leaves_before_it_is_ready(plan: Plan) -> Plan:
    earlier = {"depart": hours(3), "arrive": hours(7.5), "passed": hours(9.5)}
    return change(plan, "drives", 0, **earlier)


@breaks("change")
def change_too_quick(plan: Plan) -> Plan:
    early = {"depart": hours(4.5), "arrive": hours(5.5), "passed": hours(6), "free": hours(6)}
    return change(plan, "trips", "T0003", **early)


@breaks("admission")
def papers_that_do_not_admit(plan: Plan) -> Plan:
    moved = change(plan, "trips", "T0001", groups=["G1", "G2", "G6"])
    return without(moved, "trips", 1)


@breaks_in("walking")
def group_that_cannot_walk_on_foot(case: Case) -> Case:
    return with_group(case, "G5", can_walk=False)


@breaks_in("access")
def group_whose_needs_the_vehicle_cannot_take(case: Case) -> Case:
    able = tuple(replace(fleet, access=CHAIR) if fleet.id == "buses" else fleet for fleet in case.fleets)
    return with_group(replace(case, fleets=able), "G5", needs=CHAIR)


@breaks("driver", "ready", "hub-capacity")
def driver_on_a_bus(plan: Plan) -> Plan:
    to_the_hub = change(without(plan, "drives", 0), "trips", "T0004", groups=["G3", "G4"])
    return change(to_the_hub, "trips", "T0005", groups=["G3", "G4"])


@breaks_in("own-car")
def drive_without_a_car(case: Case) -> Case:
    return with_group(case, "G4", own_car=False)


@breaks("stranded")
def stranded_without_need(plan: Plan) -> Plan:
    return change(plan, "left", 1, stranded=True)


@breaks("stranded")
def stranded_not_said(plan: Plan) -> Plan:
    return change(plan, "left", 0, stranded=False)


@breaks("reason")
def left_without_a_reason(plan: Plan) -> Plan:
    return change(plan, "left", 1, reason=" ")


@breaks_in("duty")
def crew_on_duty_for_too_long(case: Case) -> Case:
    able = [replace(fleet, max_duty_hours=5.5) if fleet.id == "vans" else fleet for fleet in case.fleets]
    return replace(case, fleets=tuple(able))  # from 12 h, when the van moves, until 18 h, when it is back


@breaks("unknown-id")
def trip_in_a_convoy_that_is_none(plan: Plan) -> Plan:
    return change(plan, "trips", "T0006", convoy="second")


@breaks("convoy")
def trip_that_leaves_before_its_convoy(plan: Plan) -> Plan:
    return change(plan, "trips", "T0005", convoy="first")


@breaks_in("convoy-size")
def convoy_with_too_many_vehicles(case: Case) -> Case:
    return replace(case, convoys=tuple(replace(convoy, vehicles=0) for convoy in case.convoys))


# moments


@breaks("arrival")
def trip_faster_than_the_road(plan: Plan) -> Plan:
    faster = {"arrive": hours(3), "passed": hours(4), "free": hours(6)}
    return change(plan, "trips", "T0001", **faster)


@breaks("arrival")
def trip_slower_than_the_road(plan: Plan) -> Plan:
    slower = {"arrive": hours(4), "passed": hours(5), "free": hours(7)}
    return change(plan, "trips", "T0001", **slower)


@breaks("arrival")
def move_faster_than_the_road(plan: Plan) -> Plan:
    return change(plan, "moves", 0, arrive=hours(1))


@breaks("arrival")
def car_faster_than_the_road(plan: Plan) -> Plan:
    return change(plan, "drives", 0, arrive=hours(7), passed=hours(9))


@breaks("arrival")
def train_before_its_time(plan: Plan) -> Plan:
    return change(plan, "rides", 1, depart=hours(1.5))


@breaks("arrival")
def arrival_before_departure(plan: Plan) -> Plan:
    return change(plan, "moves", 1, depart=hours(7), arrive=hours(6.5))


@breaks("reachable", "vehicle-place")
def trip_without_a_road(plan: Plan) -> Plan:
    island = trip("T0007", "buses-03", "island", "across", "west", (8, 11, 12, 14), "G8")
    return having(without(plan, "left", 0), "trips", island)


@breaks("passing")
def passing_before_the_wait_is_over(plan: Plan) -> Plan:
    return change(plan, "trips", "T0001", passed=hours(4), free=hours(6))


@breaks("passing")
def passing_later_than_one_can(plan: Plan) -> Plan:
    return change(plan, "trips", "T0006", passed=hours(16.5), free=hours(18.5))


@breaks("passing", "crossing-rate")
def passing_when_closed(plan: Plan) -> Plan:
    late = {"depart": hours(9), "arrive": hours(12.5), "passed": hours(13), "free": hours(15)}
    return change(plan, "trips", "T0002", **late)


@breaks("passing")
def trip_across_without_passing(plan: Plan) -> Plan:
    return change(plan, "trips", "T0006", passed=None)


@breaks("passing")
def trip_to_a_hub_with_passing(plan: Plan) -> Plan:
    return change(plan, "trips", "T0004", passed=hours(6))


@breaks("free")
def vehicle_free_before_it_is_back(plan: Plan) -> Plan:
    return change(plan, "trips", "T0001", free=hours(4.5))


@breaks("free")
def vehicle_free_before_it_is_unloaded(plan: Plan) -> Plan:
    return change(plan, "trips", "T0005", free=hours(9))


# vehicles


@breaks_in("available")
def vehicle_leaves_before_it_is_available(case: Case) -> Case:
    buses, vans = case.fleets
    return replace(case, fleets=(replace(buses, available=hours(1)), vans))


@breaks("vehicle-place")
def vehicle_is_elsewhere(plan: Plan) -> Plan:
    return without(plan, "moves", 2)


@breaks("vehicle-place", "vehicle-time")
def vehicle_in_two_places_at_once(plan: Plan) -> Plan:
    return change(plan, "trips", "T0002", vehicle="buses-01")


@breaks("loading")
def trip_leaves_before_it_is_loaded(plan: Plan) -> Plan:
    early = {"depart": hours(7.5), "arrive": hours(8.5), "passed": hours(9), "free": hours(9)}
    return change(plan, "trips", "T0005", **early)


@breaks("driving")
def drivers_without_rest(plan: Plan) -> Plan:
    return change(plan, "moves", 2, depart=hours(11), arrive=hours(12))


@breaks_in("lost")
def vehicle_lost(case: Case) -> Case:
    return replace(case, vehicles=(SingleVehicle(fleet="vans", number=1, lost=True),))


@breaks_in("available")
def vehicle_later_than_its_fleet(case: Case) -> Case:
    return replace(case, vehicles=(SingleVehicle(fleet="vans", number=1, available=hours(24)),))


@breaks_in("run-seats")
def run_cancelled(case: Case) -> Case:
    service = case.services[0]
    return replace(case, runs=(RunSeats(service=service.id, day=service.first_day, seats=0),))


@breaks_in("driving")
def driving_longer_than_allowed(case: Case) -> Case:
    buses, vans = case.fleets
    return replace(case, fleets=(replace(buses, max_driving_hours=4.9), vans))


# limits


@breaks_in("seats")
def more_people_than_seats(case: Case) -> Case:
    buses, vans = case.fleets
    return replace(case, fleets=(replace(buses, seats=9), vans))


@breaks_in("run-seats")
def more_people_than_seats_of_a_run(case: Case) -> Case:
    return replace(case, services=(replace(case.services[0], seats=5),))


@breaks_in("crossing-rate")
def more_people_than_pass_in_a_window(case: Case) -> Case:
    modes = [replace(m, rate_per_hour=4.9) if m.crossing == "west" else m for m in case.crossing_modes]
    return replace(case, crossing_modes=tuple(modes))


@breaks_in("boarding-rate")
def more_people_than_board_in_a_window(case: Case) -> Case:
    return with_place(case, "capital", boarding_per_hour=7.4)


@breaks_in("hub-capacity")
def more_people_than_the_hub_shelters(case: Case) -> Case:
    return with_place(case, "hub", waiting_capacity=3)


@breaks_in("reception")
def more_people_than_received_in_a_day(case: Case) -> Case:
    centres = [replace(c, intake_per_day=22) if c.country == "PL" else c for c in case.reception]
    return replace(case, reception=tuple(centres))


@breaks_in("country-share")
def more_people_than_the_share_of_a_country(case: Case) -> Case:
    return replace(case, policy=replace(case.policy, country_share={"PL": 0.7}))


# fairness


@breaks("loading-rule")
def seat_empty_while_somebody_waits(plan: Plan) -> Plan:
    later = {"depart": hours(1), "arrive": hours(4.5), "passed": hours(5), "free": hours(7)}
    return change(plan, "trips", "T0002", **later)


@breaks_in("loading-rule")
def lower_class_rides_while_a_higher_waits(case: Case) -> Case:
    buses, vans = case.fleets
    waiting = with_group(case, "G10", category="vulnerable", ready=hours(0))
    return replace(waiting, fleets=(replace(buses, seats=10), vans))


@breaks_in("loading-rule")
def lower_class_takes_the_train_first(case: Case) -> Case:
    return with_group(case, "G10", category="vulnerable")


@breaks_in("loading-rule")
def somebody_left_at_the_hub(case: Case) -> Case:
    return with_group(case, "G11", ready=hours(8))


# figures


@breaks("totals", figures=True)
def more_people_out_than_are(plan: Plan) -> Plan:
    return with_total(plan, out=31)


@breaks("totals", figures=True)
def fewer_people_than_are(plan: Plan) -> Plan:
    return with_total(plan, people=32)


@breaks("totals", figures=True)
def fewer_people_stranded_than_are(plan: Plan) -> Plan:
    return with_total(plan, stranded=0)


@breaks("totals", figures=True)
def exposure_lowered(plan: Plan) -> Plan:
    return with_total(plan, exposure=plan.totals.exposure * (1 - 1e-5))


@breaks("totals", figures=True)
def cost_of_those_left_lowered(plan: Plan) -> Plan:
    return with_total(plan, left_cost=0.0)


@breaks("totals", figures=True)
def vehicle_hours_lowered(plan: Plan) -> Plan:
    return with_total(plan, vehicle_hours=16.0)


@breaks("totals", figures=True)
def cleared_too_early(plan: Plan) -> Plan:
    return with_total(plan, cleared=hours(10.5))


@breaks("totals", figures=True)
def exposure_no_number(plan: Plan) -> Plan:
    return with_total(plan, exposure=float("nan"))


@breaks("cost", figures=True)
def cost_lowered(plan: Plan) -> Plan:
    return with_certificate(plan, cost=plan.certificate.cost * (1 - 1e-5))


@breaks("cost", figures=True)
def cost_no_number(plan: Plan) -> Plan:
    return with_certificate(plan, cost=float("nan"))


@breaks("bound", figures=True)
def bound_above_the_cost(plan: Plan) -> Plan:
    return with_certificate(plan, bound=plan.certificate.cost * 1.01, gap=-0.01)


@breaks("bound", "gap", figures=True)
def bound_no_number(plan: Plan) -> Plan:
    return with_certificate(plan, bound=float("nan"))


@breaks("gap", figures=True)
def gap_made_small(plan: Plan) -> Plan:
    return with_certificate(plan, gap=0.01)


@breaks("envelope")
def envelope_below_the_plan(plan: Plan) -> Plan:
    return with_certificate(plan, envelope=[(hours(4.5), 14), (hours(48), 31)])


@breaks("envelope")
def envelope_that_falls(plan: Plan) -> Plan:
    return with_certificate(plan, envelope=[(hours(4.5), 33), (hours(48), 31)])


@breaks("envelope")
def envelope_backwards_in_time(plan: Plan) -> Plan:
    return with_certificate(plan, envelope=[(hours(48), 31), (hours(24), 31)])


@breaks("envelope")
def envelope_off_the_steps(plan: Plan) -> Plan:
    return with_certificate(plan, envelope=[(hours(4.6), 31)])


@breaks("envelope")
def envelope_lower_than_can_be_proven(plan: Plan) -> Plan:
    return with_certificate(plan, envelope=[(hours(4.5), 20), (hours(48), 33)])


@breaks("clearance")
def clearance_said_to_be_the_earliest(plan: Plan) -> Plan:
    return with_certificate(plan, earliest_cleared=plan.totals.cleared)


@breaks("clearance")
def somebody_said_to_be_left_by_any_plan(plan: Plan) -> Plan:
    return with_certificate(plan, least_left=1)


@breaks("clearance")
def deadline_of_the_bound_before_the_last_is_out(plan: Plan) -> Plan:
    return with_certificate(plan, deadline=hours(15.5))


@breaks("values")
def value_below_nothing(plan: Plan) -> Plan:
    return change(plan, "values", 1, saves=-1.0)


@breaks("values")
def values_out_of_order(plan: Plan) -> Plan:
    return change(plan, "values", 1, saves=100.0)
