"""Convoys: who is part of one may use its corridor, and nobody else; and it has so many vehicles."""

from __future__ import annotations

from dataclasses import replace

import pytest

import overland.plan
from overland.case.changes import after
from overland.case.events import Event
from overland.case.model import Case, CorridorStatus
from overland.plan.convoys import running_convoys
from overland.plan.document import Plan
from overland.plan.notices import notices
from overland.plan.proof import Proof
from overland.plan.replanning import replan
from overland.roads import RoadTimes
from overland.verify import verify
from overland.verify.proof import certify
from tests.builders import fleet, group, hours
from tests.oracle import optimum
from tests.plan.convoys import besieged


def solved(case: Case) -> tuple[Plan, Proof]:
    plan, proof = overland.plan.solve_with_proof(case, time_limit=1.0, seed=1)
    assert [str(violation) for violation in verify(case, plan)] == []
    return plan, proof


@pytest.mark.parametrize(("vehicles", "out"), [(1, 8), (2, 12)])
def test_a_convoy_takes_as_many_vehicles_as_it_may(vehicles: int, out: int) -> None:
    case = besieged(vehicles=vehicles)
    plan, proof = solved(case)
    assert plan.totals.out == out
    assert {(trip.convoy, trip.depart, trip.arrive) for trip in plan.trips} == {("first", hours(4), hours(6))}
    best = optimum(case)
    assert verify(case, best.plan) == []
    assert plan.certificate.cost == pytest.approx(best.cost)
    assert plan.certificate.bound <= best.cost + 1e-6
    assert plan.certificate.bound > 0
    assert certify(case, plan, proof).violations == ()


def test_without_its_convoy_everybody_is_cut_off() -> None:
    case = besieged(convoys=())
    plan, _ = solved(case)
    assert [left.stranded for left in plan.left] == [True] * 3
    refused = tuple(replace(corridor, status=CorridorStatus.REFUSED) for corridor in case.corridors)
    case = besieged(corridors=refused)
    assert running_convoys(case) == ()
    assert all(left.stranded for left in solved(case)[0].left)


def test_a_corridor_open_to_all_needs_no_convoy() -> None:
    case = besieged(escorted=False)
    plan, _ = solved(case)
    assert plan.totals.out == 12
    assert {trip.convoy for trip in plan.trips} == {None}


def test_who_is_late_for_the_convoy_is_stranded() -> None:
    late = (group("G1", "town", 4, ready=hours(4)), group("G2", "town", 4, ready=hours(4.5)))
    plan, _ = solved(besieged(groups=late))
    assert [(left.group, left.stranded) for left in plan.left] == [("G2", True)]
    assert plan.left[0].reason.startswith("Ready too late")


def test_crews_that_avoid_the_threat_do_not_join() -> None:
    plan, _ = solved(besieged(fleets=(fleet("buses", "town", 2, 8, avoids_level=4),)))
    assert all(left.stranded for left in plan.left)


def test_only_the_profile_of_a_convoy_finds_the_corridor_open() -> None:
    case = besieged()
    times = RoadTimes.of(case)
    assert all(times.steps(profile, "town", "west", 8) < 0 for profile in ("car", "bus", "bus+other"))
    assert times.steps("bus+way", "town", "west", 8) == 4
    assert times.steps("bus+way", "town", "west", 11) < 0, (
        "half an hour too late to be through by the seventh"
    )


def broken(case: Case, plan: Plan) -> set[str]:
    return {violation.rule for violation in verify(case, plan)} & {"convoy", "convoy-size", "reachable"}


def test_the_verifier_knows_convoys() -> None:
    case = besieged(vehicles=2)
    plan, _ = solved(case)
    assert len(plan.trips) == 2
    assert broken(besieged(vehicles=1), plan) == {"convoy-size"}
    later = tuple(replace(convoy, departs=hours(4.5)) for convoy in case.convoys)
    assert broken(besieged(vehicles=2, convoys=later), plan) == {"convoy"}
    alone = [trip.model_copy(update={"convoy": None}) for trip in plan.trips]
    assert broken(case, plan.model_copy(update={"trips": alone})) == {"reachable"}


def test_a_plan_with_convoys_can_be_started_from() -> None:
    case = besieged(vehicles=2)
    plan, _ = solved(case)
    again = overland.plan.solve(case, time_limit=1.0, seed=1, start=plan)
    assert again.certificate.cost <= plan.certificate.cost


def replanned(case: Case, running: Plan, hour: float) -> Plan:
    plan = replan(case, running, hours(hour), time_limit=0.5)
    assert [str(violation) for violation in verify(case, plan, running=running)] == []
    return plan


def test_a_re_plan_keeps_its_convoys() -> None:
    case = besieged(vehicles=2)
    running, _ = solved(case)
    assert replanned(replace(case, title="Renamed"), running, 2).trips == running.trips


def test_a_convoy_that_leaves_later_takes_the_same_people() -> None:
    case = besieged(vehicles=2)
    running, _ = solved(case)
    later = replace(case, convoys=tuple(replace(convoy, departs=hours(5)) for convoy in case.convoys))
    plan = replanned(later, running, 2)
    assert plan.totals.out == 12
    assert {(trip.convoy, trip.depart) for trip in plan.trips} == {("first", hours(5))}
    told = [notice for notice in notices(later, running, plan, case) if notice.who == "driver"]
    assert [notice.after for notice in told] == ["Thu 13:00 town to west in convoy first"] * 2


def test_a_convoy_that_has_left_arrives_though_its_corridor_is_given_up() -> None:
    case = besieged(vehicles=2, fleets=(fleet("buses", "town", 1, 8),))
    running, _ = solved(case)
    given_up = Event(
        "events.jsonl", 1, "corridor_changed", hours(5), {"corridor": "way", "status": "refused"}
    )
    plan = replanned(after(case, [given_up]).case, running, 5)
    assert plan.trips == running.trips


@pytest.mark.parametrize(("vehicles", "out"), [(1, 8), (2, 12)])
def test_vehicles_that_have_left_count_in_a_convoy(vehicles: int, out: int) -> None:
    """One bus has left with the convoy, which comes back for more half an hour later."""
    case = besieged(vehicles=1)
    running, _ = solved(case)
    again = tuple(replace(convoy, departs=hours(4.5), vehicles=vehicles) for convoy in case.convoys)
    assert replanned(replace(case, convoys=again), running, 4.5).totals.out == out
