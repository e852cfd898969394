"""The envelope: no plan has more people out by any moment."""

from __future__ import annotations

from datetime import time

import numpy as np
from hypothesis import HealthCheck, assume, given, settings

from overland.case.model import Case, Mode, Service, ServiceStop
from overland.plan.document import Plan
from overland.plan.envelope import envelope
from overland.verify.envelope import most_out
from overland.verify.terms import Terms
from tests.builders import START, centre, fleet, group, mode, policy, small_case
from tests.oracle import TooLargeError, optimum
from tests.plan.arrays import Arrays
from tests.strategies import tiny_cases


def curve(case: Case) -> np.ndarray:
    """The envelope of a case."""
    arrays = Arrays.of(case)
    return envelope(arrays.problem, arrays.tables, arrays.cars)


def people_out(case: Case, plan: Plan) -> np.ndarray:
    """People out by each step in a plan."""
    size = {group.id: group.size for group in case.groups}
    out = np.zeros(case.steps + 1, dtype=np.int64)
    for row in (*plan.trips, *plan.rides):
        if row.passed is not None:
            out[case.step_of(row.passed, up=True) :] += sum(size[g] for g in row.groups)
    for drive in plan.drives:
        out[case.step_of(drive.passed, up=True) :] += size[drive.group]
    return out


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(tiny_cases())
def test_the_best_plan_stays_under_it(case: Case) -> None:
    try:
        best = optimum(case).plan
    except TooLargeError:
        assume(False)
    highest = curve(case)
    assert (np.diff(highest, prepend=0) >= 0).all()
    assert (people_out(case, best) <= highest).all()


def test_it_ends_with_everybody_who_can_get_out() -> None:
    assert curve(small_case())[-1] == 17
    assert curve(small_case(fleets=()))[-1] == 2, "those with a car"


def test_nobody_is_out_before_the_first_bus_can_be_across() -> None:
    highest = curve(small_case())
    first = int(np.flatnonzero(highest)[0])
    assert first > 3, "the hub is an hour from the border, where people wait half an hour at least"


def test_beds_and_shares_hold_it_down() -> None:
    few = small_case(reception=(centre("PL", 3), centre("HU", 2)))
    assert curve(few)[31] <= 5
    none = small_case(policy=policy(country_share={"PL": 0.0, "HU": 0.2}))
    assert curve(none)[-1] == 3


@settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(tiny_cases())
def test_the_verifier_works_out_the_same_or_less(case: Case) -> None:
    assert (curve(case) >= most_out(Terms(case))).all()


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(tiny_cases())
def test_the_best_plan_stays_under_what_the_verifier_works_out(case: Case) -> None:
    try:
        best = optimum(case).plan
    except TooLargeError:
        assume(False)
    assert (people_out(case, best) <= most_out(Terms(case))).all()


def test_a_run_that_nobody_can_board_brings_no_seats() -> None:
    """A train calls at a town without people on its way; the ten in the city have a van of two seats."""
    train = Service(
        id="train", name="Train", seats=10, departs=time(8), first_day=START.date(), last_day=START.date()
    )
    stops = (
        ServiceStop(service="train", sequence=1, stop="town", minutes=0),
        ServiceStop(service="train", sequence=2, stop="west", minutes=30),
    )
    case = small_case(
        groups=tuple(group(f"G{i}", "capital", 2) for i in range(5)),
        fleets=(fleet("vans", "capital", 1, 2),),
        crossing_modes=(*small_case().crossing_modes, mode("west", Mode.RAIL, 20, 0)),
        services=(train,),
        service_stops=stops,
    )
    highest = curve(case)
    assert highest[highest > 0][0] == 2
    assert highest.tolist() == most_out(Terms(case))


def test_a_single_van_brings_no_more_than_its_seats_can_have_made_trips() -> None:
    case = small_case(
        fleets=(fleet("vans", "hub", 1, 8),), groups=(group("G1", "hub", 8), group("G2", "hub", 8))
    )
    highest = curve(case)
    across = [int(np.argmax(highest >= people)) for people in (1, 9)]
    assert highest[across[0]] == 8, "the second eight are not there yet"
    assert across[1] - across[0] >= 4, "an hour back from the border, and an hour there again"
    assert highest.tolist() == most_out(Terms(case))
