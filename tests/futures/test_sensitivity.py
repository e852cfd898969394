"""What matters most is found by changing one thing at a time, in the same futures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from overland.case import read_case, write_case
from overland.case.model import Mode, Role
from overland.futures.sensitivity import SCREENED, Trial, Variation, variations_of, varied
from overland.futures.stage import Run, outcomes, stage_of
from overland.plan import solve
from overland.plan.document import write_plan
from tests.builders import fleet, mode, place, road
from tests.futures.test_execution import one_way_out


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """One bus by one road to one crossing, with a road and a depot that the plan does not use."""
    folder = tmp_path_factory.mktemp("sensitivity")
    base = one_way_out()
    case = replace(
        base,
        places=(*base.places, place("village"), place("yard", Role.DEPOT, latitude=48.0)),
        roads=(*base.roads, road("town", "village", 5), road("yard", "village", 900)),
        fleets=(*base.fleets, fleet("far", "yard", count=1)),
        crossing_modes=(*base.crossing_modes, mode("south", Mode.CAR)),
    )
    write_case(case, folder / "case")
    (folder / "case" / "futures.toml").write_text("[people]\nlate = 0.4\nlate_hours = 2\n", encoding="utf-8")
    write_plan(solve(read_case(folder / "case"), work=2, time_limit=600), folder / "plan.json")
    return Run.of(folder / "case", folder / "plan.json", policy="keep", seed=1)


def test_what_the_plan_uses_is_varied_and_what_is_assumed(run: Run) -> None:
    found = {(v.kind, v.subject) for v in variations_of(stage_of(run))}
    assert {("road", "capital-hub"), ("road", "hub-west"), ("crossing", "west")} <= found
    assert ("road", "town-village") not in found
    assert ("crossing", "north") not in found
    assert {("depot", "capital"), ("depot", "yard"), ("assumption", "people")} <= found
    assert len([v for v in found if v[0] == "assumption"]) == 1, "the other sections are as planned already"
    assert {v.kind for v in variations_of(stage_of(run), ("depot",))} == {"depot"}


def test_nothing_varied_is_the_stress_test(run: Run) -> None:
    assert (varied(run, None, 3, 9)["cost"] == outcomes(run, range(3, 9))[0]["cost"]).all()


@pytest.mark.parametrize(
    ("variation", "left"),
    [
        (Variation("road", "hub-west", ""), 10),
        (Variation("crossing", "west", ""), 10),
        (Variation("depot", "capital", ""), 10),
        (Variation("depot", "yard", ""), None),
    ],
)
def test_what_is_closed_shut_or_taken_away_is(run: Run, variation: Variation, left: int | None) -> None:
    rows, before = varied(run, variation, 0, 8), varied(run, None, 0, 8)
    if left is None:
        assert (rows["cost"] == before["cost"]).all(), "the plan does not use them"
    else:
        assert (rows["left_waiting"] + rows["left_under_way"] == left).all()


def test_a_section_as_planned_leaves_nothing_of_what_it_brought(run: Run) -> None:
    plan = stage_of(run).reading.plan
    rows = varied(run, Variation("assumption", "people", ""), 0, 8)
    assert rows["cost"] == pytest.approx(plan.certificate.cost)
    assert varied(run, None, 0, 8)["cost"].max() > plan.certificate.cost


def test_what_matters_most_comes_first_on_however_many_cores(run: Run, tmp_path: Path) -> None:
    variations = [v for v in variations_of(stage_of(run)) if v.kind != "crossing"]
    found = []
    for cores in (1, 2):
        folder = tmp_path / str(cores)
        folder.mkdir()
        trial = Trial(run, variations, folder, futures=SCREENED + 10, top=2)
        assert trial.effects() == []
        assert list(trial.go(cores=cores))[-1] == trial.total == 2 + len(variations) + 2
        found.append(trial.effects())
    assert found[0] == found[1]
    assert [effect.futures for effect in found[0][:3]] == [SCREENED + 10, SCREENED + 10, SCREENED]
    costs = [effect.cost.mean for effect in found[0][:2]]
    assert costs == sorted(costs, reverse=True)
    assert found[0][0].cost.is_clear


def test_a_trial_that_was_ended_says_what_is_known_and_goes_on(run: Run, tmp_path: Path) -> None:
    variations = variations_of(stage_of(run), ("road", "depot"))
    trial = Trial(run, variations, tmp_path, futures=SCREENED, top=1)
    for done in trial.go(cores=1):
        if done == 3:
            break
    assert len(trial.effects()) == 2, "of none, and of two variations"
    again = Trial(run, variations, tmp_path, futures=SCREENED, top=1)
    assert next(iter(again.go(cores=1))) == 3
    assert list(again.go(cores=2))[-1] == again.total
    assert len(again.effects()) == len(variations)
