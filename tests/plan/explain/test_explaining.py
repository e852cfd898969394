"""The explanation as a whole: what comes first, what is tried, why it binds, and what an interrupt leaves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from overland.case import digest
from overland.case.model import Case, Mode
from overland.errors import PlanError
from overland.plan import solve_with_proof
from overland.plan.document import Plan
from overland.plan.explain import explaining
from overland.plan.explain.changes import Change, changes_of
from overland.plan.explain.estimates import Estimator
from overland.plan.explain.explaining import explain
from overland.plan.explain.explanation import Explanation
from overland.plan.explain.reasons import reason
from overland.plan.explain.resolving import InterruptedRunError, NoPlanError, Outcome, Trial
from overland.plan.proof import Proof
from overland.plan.run import Run
from overland.roads import RoadTimes
from tests.builders import fleet, group, mode, small_case
from tests.plan.explain.everything import everything

TRIAL = Trial(seeds=(0,), seconds=600, rounds=4)

Planned = tuple[Case, Plan, Proof]


@pytest.fixture(scope="module")
def planned() -> Planned:
    """Eighty people in the capital, few buses and a narrow crossing."""
    base = small_case()
    case = small_case(
        places=(*base.places[:2], replace(base.places[2], waiting_capacity=None)),
        groups=tuple(group(f"G{i:02d}", "capital", 4) for i in range(20)),
        fleets=(fleet("buses", "capital", count=2), fleet("more", "capital", count=1)),
        crossing_modes=(mode("west", Mode.BUS, 4, 0.5),),
    )
    return case, *solve_with_proof(case, work=8, time_limit=600)


@pytest.fixture(scope="module")
def all_kinds() -> Planned:
    case = everything()
    return case, *solve_with_proof(case, work=6, time_limit=600)


@pytest.fixture(scope="module")
def explained(planned: Planned) -> Explanation:
    case, plan, proof = planned
    return explain(case, plan, proof, top=1, trial=TRIAL)


def test_what_people_queue_for_comes_first_and_is_tried(explained: Explanation, planned: Planned) -> None:
    first = explained.savings[0]
    assert (first.kind, first.subject, first.detail) == ("crossing", "west", "bus")
    assert first.checked is not None
    assert first.checked.saves > 0
    assert [saving.checked is not None for saving in explained.savings].count(True) == 1
    assert explained.again is not None
    assert explained.again.rounds == 4
    assert explained.case_digest == digest(planned[0])
    assert explained.complete
    assert explained.has_prices


def test_estimates_come_most_valuable_first(explained: Explanation) -> None:
    estimates = [saving.saves or 0.0 for saving in explained.savings]
    assert estimates == sorted(estimates, reverse=True)


def test_of_like_buses_at_one_depot_one_is_enough(explained: Explanation) -> None:
    assert len([saving for saving in explained.savings if saving.kind == "fleet"]) <= 1


def test_not_only_one_kind_is_tried(all_kinds: Planned, monkeypatch: pytest.MonkeyPatch) -> None:
    case, plan, proof = all_kinds
    worth = {"crossing": 30.0, "corridor": 10.0}

    def saving(_: Estimator, change: Change) -> float | None:
        return None if change.kind == "hub" else worth.get(change.kind, 0.0)

    monkeypatch.setattr(Estimator, "candidates", lambda *_: changes_of(case))
    monkeypatch.setattr(Estimator, "saving", saving)
    monkeypatch.setattr(explaining, "plan_anew", lambda *_: Outcome((90.0,), 40.0))
    found = explain(case, plan, proof, top=4, trial=TRIAL)
    tried = [saving.kind for saving in found.savings if saving.checked is not None]
    assert tried == ["crossing", "crossing", "corridor", "corridor", "hub"]
    found = explain(case, plan, proof, top=5, trial=TRIAL)
    tried = [saving.kind for saving in found.savings if saving.checked is not None]
    assert tried == ["crossing", "crossing", "crossing", "corridor", "corridor", "hub"]


def test_nothing_need_be_tried(planned: Planned) -> None:
    case, plan, proof = planned
    found = explain(case, plan, proof, top=0, trial=TRIAL)
    assert found.again is None
    assert found.savings
    assert all(saving.checked is None for saving in found.savings)


def test_a_proof_without_prices_says_so(planned: Planned) -> None:
    case, plan, proof = planned
    bare = proof.model_copy(update={"vehicles": [], "tolls": []})
    found = explain(case, plan, bare, top=2, trial=TRIAL)
    assert not found.has_prices
    assert all(saving.kind not in ("fleet", "crossing") for saving in found.savings)


def test_the_bound_is_that_of_all_plans_whatever_the_proof_is_of() -> None:
    case = small_case()
    plan, proof = solve_with_proof(case, work=8, time_limit=600, objective="lexicographic")
    assert proof.deadline is not None
    found = explain(case, plan, proof, top=0, trial=TRIAL)
    least = solve_with_proof(case, work=8, time_limit=600, start=plan)[0].certificate.cost
    assert 0 < found.bound <= min(least, proof.bound_hours)


def test_an_interrupt_while_estimating_leaves_what_is_there(
    all_kinds: Planned, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, plan, proof = all_kinds
    asked: list[Change] = []

    def saving(_: Estimator, change: Change) -> float:
        asked.append(change)
        if len(asked) > 3:
            raise KeyboardInterrupt
        return 10.0 * len(asked)

    monkeypatch.setattr(Estimator, "saving", saving)
    found = explain(case, plan, proof, top=5, trial=TRIAL)
    assert not found.complete
    assert found.again is None
    assert 0 < len(found.savings) <= 3


def test_an_interrupt_while_planning_anew_leaves_what_was_tried(
    all_kinds: Planned, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, plan, proof = all_kinds
    outcomes = iter([Outcome((100.0,), 50.0), Outcome((90.0,), 40.0)])

    def anew(*_: object) -> Outcome:
        for outcome in outcomes:
            return outcome
        raise InterruptedRunError

    monkeypatch.setattr(explaining, "plan_anew", anew)
    monkeypatch.setattr(Estimator, "saving", lambda *_: 10.0)
    found = explain(case, plan, proof, top=9, trial=TRIAL)
    assert not found.complete
    assert found.again is not None
    assert [saving.checked is not None for saving in found.savings].count(True) == 1


def test_a_plan_that_breaks_limits_and_of_which_nothing_comes_is_a_message(
    planned: Planned, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, plan, proof = planned
    monkeypatch.setattr(Run, "has_plan", False)
    with pytest.raises(
        PlanError, match="breaks limits of its case, and no other was found in that time; see"
    ):
        explain(case, plan, proof, top=1, trial=TRIAL)


def test_a_changed_case_of_which_nothing_comes_stays_untried(
    all_kinds: Planned, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, plan, proof = all_kinds

    def anew(planned: Case, *_: object) -> Outcome:
        if planned is not case:
            raise NoPlanError
        return Outcome((100.0,), 50.0)

    monkeypatch.setattr(explaining, "plan_anew", anew)
    monkeypatch.setattr(Estimator, "saving", lambda *_: 10.0)
    found = explain(case, plan, proof, top=2, trial=TRIAL)
    assert found.complete
    assert found.again is not None
    assert all(saving.checked is None for saving in found.savings)


def test_every_kind_of_change_can_be_estimated_and_has_its_reason(all_kinds: Planned) -> None:
    case, plan, proof = all_kinds
    estimator = Estimator.of(case, RoadTimes.of(case), proof)
    for change in changes_of(case):
        estimate = estimator.saving(change)
        assert (estimate is None) == (change.kind == "hub")
        why = reason(estimator, plan, change)
        assert why == "" or why.endswith(".")
        if change.kind not in ("crossing", "boarding", "reception", "service"):
            assert why, change.what


@pytest.mark.parametrize(
    ("kind", "subject", "words"),
    [
        ("closure", "hub-south", "It is closed from Thu 17 Feb, 09:00 to Thu 17 Feb, 13:00."),
        ("closure", "town-island", "It is closed from Thu 17 Feb, 08:00 for good."),
        ("corridor", "lifeline", "Outside its windows its roads are closed while there is a threat."),
        ("corridor", "wish", "It is requested, not accepted: its roads stay closed while there is a threat."),
        ("opening", "south", "It is open from 08:00 to 20:00; who comes at other times waits."),
    ],
)
def test_reasons_in_words(all_kinds: Planned, kind: str, subject: str, words: str) -> None:
    case, plan, proof = all_kinds
    estimator = Estimator.of(case, RoadTimes.of(case), proof)
    change = next(c for c in changes_of(case) if (c.kind, c.subject) == (kind, subject))
    assert reason(estimator, plan, change) == words


def test_a_full_crossing_says_when_it_is_full(explained: Explanation) -> None:
    why = explained.savings[0].why
    assert why.startswith("In ")
    assert "between Thu 17 Feb" in why
    assert why.endswith("more want to pass than may.")
