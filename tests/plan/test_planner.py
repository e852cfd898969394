"""Whatever the case: everybody who can get out does, and the others are told why they cannot."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest

from overland.case import read_case
from overland.case.model import Case, EntryRule, Mode, Papers, RunSeats, Service, ServiceStop, SingleVehicle
from overland.case.starter import new_case
from overland.plan import solve, solve_with_proof
from overland.plan.document import Objective, Plan
from overland.plan.planner import Progress
from overland.verify import verify
from overland.verify.proof import certify
from tests.builders import crossing, fleet, group, hours, mode, place, small_case


def verified(case: Case, *, seed: int = 0, time_limit: float = 0.5) -> Plan:
    """A plan that keeps every rule."""
    plan = solve(case, time_limit=time_limit, seed=seed)
    assert [str(violation) for violation in verify(case, plan)] == []
    return plan


def reasons(plan: Plan) -> dict[str, str]:
    """Why each stranded group cannot get out; nobody else is left."""
    assert all(left.stranded for left in plan.left)
    return {left.group: left.reason for left in plan.left}


def test_everybody_gets_out_of_the_small_case() -> None:
    plan = verified(small_case())
    assert plan.left == []
    assert plan.totals.out == plan.totals.people == 17
    assert 0 <= plan.certificate.gap < 1


def test_everybody_gets_out_of_the_starter_case(tmp_path: Path) -> None:
    new_case(tmp_path / "case")
    plan = verified(read_case(tmp_path / "case"), time_limit=2)
    assert plan.left == []
    assert plan.totals.cleared is not None


@pytest.mark.parametrize("seed", [0, 7])
def test_a_plan_keeps_every_rule_whatever_the_seed(seed: int) -> None:
    assert verified(small_case(), seed=seed).seed == seed


def test_a_town_that_is_cut_off_does_not_keep_the_others_from_leaving() -> None:
    case = small_case()
    case = replace(case, places=(*case.places, place("island")))
    plan = verified(replace(case, groups=(*case.groups, group("G6", "island", 5))))
    assert reasons(plan) == {
        "G6": "Cut off: no road or train leads from Island to an open crossing within the horizon."
    }
    assert plan.totals.out == 17
    assert plan.totals.stranded == 5


def test_a_group_that_is_ready_too_late_is_told_so() -> None:
    case = small_case()
    plan = verified(replace(case, groups=(*case.groups, group("G6", "capital", ready=hours(47)))))
    assert list(reasons(plan)) == ["G6"]
    assert "Ready too late" in reasons(plan)["G6"]


def test_without_any_seats_only_those_with_cars_leave() -> None:
    plan = verified(small_case(fleets=()))
    assert [drive.group for drive in plan.drives] == ["G4"]
    assert set(reasons(plan)) == {"G1", "G2", "G3", "G5"}
    assert plan.trips == []


def test_a_fleet_of_no_buses_is_no_fleet() -> None:
    plan = verified(small_case(fleets=(fleet("buses", "capital", count=0),)))
    assert plan.totals.out == 2


def test_buses_that_nobody_can_board_in_time_leave_people_who_are_not_stranded() -> None:
    plan = verified(small_case(fleets=(fleet("buses", "capital", available=hours(47.5)),)))
    assert {left.group for left in plan.left} == {"G1", "G2", "G3", "G5"}
    assert not any(left.stranded for left in plan.left)
    assert all(left.reason for left in plan.left)


def test_when_all_borders_are_closed_nobody_leaves() -> None:
    shut = (mode("west", Mode.BUS, 20, 1000), mode("south", Mode.CAR, 20, 1000))
    plan = verified(small_case(crossing_modes=shut))
    assert set(reasons(plan)) == {"G1", "G2", "G3", "G4", "G5"}
    assert all(reason.startswith("Cut off") for reason in reasons(plan).values())
    assert plan.totals.out == 0
    assert plan.totals.cleared is None


def test_a_border_that_lets_nobody_through_leaves_people_who_are_not_stranded() -> None:
    plan = verified(small_case(crossing_modes=(mode("west", Mode.BUS, 0), mode("west", Mode.CAR, 0))))
    assert {left.group for left in plan.left} == {"G1", "G2", "G3", "G4", "G5"}
    assert not any(left.stranded for left in plan.left)


def test_papers_that_no_country_admits_strand_a_group() -> None:
    admitted = EntryRule(country="*", nationality="*", papers="valid", admitted=True)
    case = small_case(entry_rules=(admitted,))
    plan = verified(replace(case, groups=(*case.groups, group("G6", "capital", papers=Papers.NONE))))
    assert reasons(plan) == {"G6": "No neighbouring country admits everybody in the group with its papers."}


def test_those_who_cannot_walk_are_stranded_where_only_walkers_pass() -> None:
    plan = verified(small_case(crossing_modes=(mode("west", Mode.FOOT, 10, 0.5),)))
    assert list(reasons(plan)) == ["G1"]
    assert reasons(plan)["G1"].startswith("Cannot walk")


def test_a_case_of_nothing_but_drivers_needs_no_buses() -> None:
    drivers = tuple(replace(g, own_car=True) for g in small_case().groups)
    for fleets in ((), small_case().fleets):
        plan = verified(small_case(groups=drivers, fleets=fleets))
        assert len(plan.drives) == 5
        assert plan.certificate.gap == pytest.approx(0, abs=1e-6)


def test_a_case_without_people_has_an_empty_plan() -> None:
    plan = verified(small_case(groups=()))
    assert plan.totals.people == 0
    assert plan.certificate.cost == plan.certificate.gap == 0
    assert plan.trips == plan.left == []


def test_a_crossing_without_people_on_its_road_changes_nothing() -> None:
    case = small_case()
    plan = verified(replace(case, crossings=(*case.crossings, crossing("lonely", "PL"))))
    assert plan.left == []


def test_opening_hours_are_kept_through_the_night() -> None:
    night = (mode("south", Mode.BUS, 40, 0, opens=time(22), closes=time(4)),)
    plan = verified(small_case(crossing_modes=night))
    zone = small_case().zone
    passed = [trip.passed.astimezone(zone).time() for trip in plan.trips if trip.passed]
    assert passed
    assert all(moment >= time(22) or moment < time(4) for moment in passed)


@pytest.mark.parametrize("work", [None, 10])
@pytest.mark.parametrize("objective", ["exposure", "clearance", "lexicographic"])
def test_hardly_any_time_is_enough_for_a_plan_with_a_proof(objective: Objective, work: int | None) -> None:
    case = small_case()
    plan, proof = solve_with_proof(case, time_limit=1e-3, work=work, objective=objective)
    assert certify(case, plan, proof).violations == ()
    assert verify(case, plan) == []


def test_progress_is_told_with_a_gap_that_makes_sense() -> None:
    told: list[Progress] = []
    solve(small_case(), time_limit=1, progress=told.append)
    assert told
    assert all(0 <= progress.gap <= 1 for progress in told)
    assert [p.seconds for p in told] == sorted(p.seconds for p in told)


def test_a_lost_vehicle_is_as_one_that_never_was() -> None:
    case = small_case(fleets=(fleet("buses", "capital", 3),))
    lost = replace(case, vehicles=(SingleVehicle(fleet="buses", number=2, lost=True),))
    plan, proof = solve_with_proof(lost, time_limit=1.0)
    assert verify(lost, plan) == []
    assert certify(lost, plan, proof).violations == ()
    assert "buses-02" not in {trip.vehicle for trip in plan.trips}
    fewer = small_case(fleets=(fleet("buses", "capital", 2),))
    assert plan.certificate.cost == pytest.approx(solve(fewer, time_limit=1.0).certificate.cost)


def test_a_vehicle_that_comes_later_than_its_fleet_leaves_later() -> None:
    case = small_case(fleets=(fleet("buses", "capital", 1),))
    late = replace(case, vehicles=(SingleVehicle(fleet="buses", number=1, available=hours(6)),))
    plan, proof = solve_with_proof(late, time_limit=1.0)
    assert verify(late, plan) == []
    assert certify(late, plan, proof).violations == ()
    assert min(trip.depart for trip in plan.trips) == hours(6.5)


def test_nobody_boards_a_run_that_is_cancelled() -> None:
    day = hours(0).date()
    case = small_case(
        fleets=(),
        services=(Service(id="train", name="T", seats=20, departs=time(10), first_day=day, last_day=day),),
        service_stops=tuple(
            ServiceStop(service="train", sequence=i, stop=stop, minutes=60 * (i - 1))
            for i, stop in enumerate(("capital", "west"), start=1)
        ),
        crossing_modes=(*small_case().crossing_modes, mode("west", Mode.RAIL, 60, 0)),
    )
    assert verified(case, time_limit=1.0).totals.out == 12
    cancelled = replace(case, runs=(RunSeats(service="train", day=day, seats=0),))
    plan, proof = solve_with_proof(cancelled, time_limit=1.0)
    assert verify(cancelled, plan) == []
    assert certify(cancelled, plan, proof).violations == ()
    assert plan.rides == []
