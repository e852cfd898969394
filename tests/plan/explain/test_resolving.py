"""Planning anew from a plan: never dearer than the plan where it still holds, and the same again."""

from __future__ import annotations

import pytest

from overland.case.model import Case, Mode
from overland.plan import solve_with_proof
from overland.plan.document import Plan
from overland.plan.explain.changes import Change, changes_of
from overland.plan.explain.estimates import Estimator
from overland.plan.explain.explaining import compared
from overland.plan.explain.resolving import InterruptedRunError, NoPlanError, Outcome, Trial, plan_anew
from overland.plan.proof import Proof
from overland.plan.run import Run
from overland.plan.search import Search
from overland.roads import RoadTimes
from tests.builders import fleet, group, mode, small_case
from tests.plan.arrays import bound_at

TRIAL = Trial(seeds=(0, 1), seconds=600, rounds=6)


def short_of_buses() -> Case:
    """A hundred people in the capital, and one bus."""
    return small_case(
        groups=tuple(group(f"G{i:02d}", "capital", 4) for i in range(25)),
        fleets=(fleet("buses", "capital", count=1),),
        crossing_modes=(mode("west", Mode.BUS, 500, 0.5),),
    )


@pytest.fixture(scope="module")
def planned() -> tuple[Case, Plan, Proof]:
    case = short_of_buses()
    return case, *solve_with_proof(case, work=8, time_limit=600)


def one_more_bus(case: Case) -> Change:
    return next(change for change in changes_of(case) if change.kind == "fleet")


def test_a_case_planned_anew_costs_no_more_than_the_plan(planned: tuple[Case, Plan, Proof]) -> None:
    case, plan, proof = planned
    found = plan_anew(case, RoadTimes.of(case), plan, proof, TRIAL)
    assert len(found.costs) == 2
    assert max(found.costs) <= plan.certificate.cost + 1e-6
    assert found.bound <= min(found.costs) + 1e-6


def test_one_more_bus_saves_and_the_estimate_does_not_fall_short_of_the_fall_of_the_bound(
    planned: tuple[Case, Plan, Proof],
) -> None:
    case, plan, proof = planned
    estimator = Estimator.of(case, RoadTimes.of(case), proof)
    change = one_more_bus(case)
    before = plan_anew(case, estimator.times, plan, proof, TRIAL)
    after = plan_anew(change.case, estimator.times, plan, proof, TRIAL)
    assert min(before.costs) - max(after.costs) > 100
    assert after.bound >= bound_at(change.case, proof) - 1e-6, "other prices only lift it"
    estimate = estimator.saving(change)
    assert estimate is not None
    assert estimator.value - after.bound <= estimate + 1e-6


def test_the_same_work_comes_to_the_same(planned: tuple[Case, Plan, Proof]) -> None:
    case, plan, proof = planned
    change, times = one_more_bus(case), RoadTimes.of(case)
    assert plan_anew(change.case, times, plan, proof, TRIAL) == plan_anew(
        change.case, times, plan, proof, TRIAL
    )


def test_an_interrupt_is_told_from_an_end(
    planned: tuple[Case, Plan, Proof], monkeypatch: pytest.MonkeyPatch
) -> None:
    case, plan, proof = planned

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Search, "anneal", interrupted)
    with pytest.raises(InterruptedRunError):
        plan_anew(case, RoadTimes.of(case), plan, proof, TRIAL)


def test_where_no_plan_is_met_there_is_nothing_to_compare(
    planned: tuple[Case, Plan, Proof], monkeypatch: pytest.MonkeyPatch
) -> None:
    case, plan, proof = planned
    monkeypatch.setattr(Run, "has_plan", False)
    with pytest.raises(NoPlanError):
        plan_anew(case, RoadTimes.of(case), plan, proof, TRIAL)


@pytest.mark.parametrize(
    ("before", "after", "saves", "is_clear"),
    [
        ((100.0, 104.0), (90.0, 95.0), 9.5, True),  # more than costs differ by chance
        ((100.0, 104.0), (99.0, 101.0), 2.0, False),  # less than that
        ((100.0, 120.0), (80.0, 121.0), 9.5, False),  # one seed says otherwise
        ((100.0, 101.0), (90.0, 70.0), 20.5, True),
        ((100.0, 101.0), (90.0, 60.0), 25.5, False),  # the changed case's own chance is greater
        ((100.0,), (50.0,), 50.0, False),  # one search cannot tell
        ((100.0, 101.0), (110.0, 111.0), -10.0, True),  # a change may do harm
    ],
)
def test_a_saving_is_clear_when_it_is_more_than_chance(
    before: tuple[float, ...], after: tuple[float, ...], saves: float, is_clear: bool
) -> None:
    found = compared(Outcome(before, 50.0), Outcome(after, 48.0))
    assert (found.saves, found.is_clear, found.lowers_bound) == (saves, is_clear, 2.0)
