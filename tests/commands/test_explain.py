"""``overland explain``: what it prints and writes, and how wrong turns end."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from overland import cli
from overland.case import read_case, write_case
from overland.case.model import Mode
from overland.commands import explanation as words
from overland.plan.document import Replanned, read_plan, write_plan
from overland.plan.explain.explanation import Again, Checked, Explanation, Saving
from tests.builders import fleet, group, mode, small_case


def call(monkeypatch: pytest.MonkeyPatch, *arguments: Any) -> int:
    """Exit code of ``overland`` with arguments."""
    monkeypatch.setattr(sys, "argv", ["overland", *(str(argument) for argument in arguments)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a case in which people queue, and its plan."""
    from overland.plan import solve_with_proof
    from overland.plan.proof import write_proof

    folder = tmp_path_factory.mktemp("explain")
    case = small_case(
        groups=tuple(group(f"G{i:02d}", "capital", 4) for i in range(15)),
        fleets=(fleet("buses", "capital", count=2),),
        crossing_modes=(mode("west", Mode.BUS, 4, 0.5), mode("south", Mode.CAR, 1)),
    )
    write_case(case, folder / "case")
    plan, proof = solve_with_proof(read_case(folder / "case"), work=16, time_limit=600)
    (folder / "out").mkdir()
    write_plan(plan, folder / "out" / "plan.json")
    write_proof(proof, folder / "out" / "proof.json")
    return folder


def test_it_says_what_would_help_and_writes_it_down(
    planned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    options = "--work", 3, "--top", 1, "-o", tmp_path / "deep", "-q"
    assert call(monkeypatch, "explain", planned / "case", planned / "out" / "plan.json", *options) == 0
    captured = capfd.readouterr()
    shown = " ".join(captured.out.split())
    assert "10 more persons an hour at West by bus would save about" in shown
    assert "(estimate from prices); re-solved:" in shown
    assert "more want to pass than may." in shown
    assert "Proven: with it no plan costs less than" in shown
    assert captured.err == ""
    written = Explanation.model_validate_json((tmp_path / "deep" / "explanation.json").read_bytes())
    assert written.savings[0].subject == "west"
    assert written.complete


def test_a_program_reads_what_was_written(
    planned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    options = "--top", 0, "-o", tmp_path, "--json", "-q"
    assert call(monkeypatch, "explain", planned / "case", planned / "out" / "plan.json", *options) == 0
    shown = json.loads(capfd.readouterr().out)
    assert shown == json.loads((tmp_path / "explanation.json").read_text(encoding="utf-8"))
    assert shown["again"] is None


def test_a_plan_of_another_case_is_a_message(
    planned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    write_case(small_case(), tmp_path / "other")
    assert call(monkeypatch, "explain", tmp_path / "other", planned / "out" / "plan.json") == 2
    assert "made for another case" in capfd.readouterr().err
    assert not (planned / "out" / "explanation.json").exists()


def test_no_proof_beside_the_plan_is_a_message(
    planned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "plan.json").write_bytes((planned / "out" / "plan.json").read_bytes())
    assert call(monkeypatch, "explain", planned / "case", tmp_path / "plan.json") == 2
    message = capfd.readouterr().err
    assert "no proof beside the plan" in message
    assert "--proof" in message


def test_a_replan_is_a_message(
    planned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    case, plan = read_case(planned / "case"), read_plan(planned / "out" / "plan.json")
    told = Replanned(
        now=case.start, known=case.start, running_digest=plan.case_digest, missed=[], change_price=0.0
    )
    write_plan(plan.model_copy(update={"replanned": told}), tmp_path / "plan.json")
    assert call(monkeypatch, "explain", planned / "case", tmp_path / "plan.json") == 2
    assert "a re-plan has no bound" in capfd.readouterr().err


def test_a_proof_that_is_said_is_taken(
    planned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "plan.json").write_bytes((planned / "out" / "plan.json").read_bytes())
    proof = planned / "out" / "proof.json"
    options = "--proof", proof, "--top", 0, "-q"
    assert call(monkeypatch, "explain", planned / "case", tmp_path / "plan.json", *options) == 0
    assert (tmp_path / "explanation.json").exists()


def test_a_proof_of_another_case_is_a_message(
    planned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    other = json.loads((planned / "out" / "proof.json").read_text(encoding="utf-8"))
    other["case_digest"] = "0" * 64
    (tmp_path / "other.json").write_text(json.dumps(other), encoding="utf-8")
    options = "--proof", tmp_path / "other.json"
    assert call(monkeypatch, "explain", planned / "case", planned / "out" / "plan.json", *options) == 2
    assert "this proof was made for another case" in capfd.readouterr().err


def test_a_folder_that_cannot_be_made_is_a_message_before_any_work(
    planned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "diary").write_text("mine")
    options = "-o", tmp_path / "diary" / "deep"
    assert call(monkeypatch, "explain", planned / "case", planned / "out" / "plan.json", *options) == 2
    assert "cannot be made a folder" in capfd.readouterr().err
    assert (tmp_path / "diary").read_text() == "mine"


def saving(saves: float | None, checked: Checked | None) -> Saving:
    """One more bus."""
    return Saving(
        kind="fleet",
        subject="buses",
        detail="",
        what="one more 50-seat bus at Uman",
        why="",
        saves=saves,
        checked=checked,
    )


def explanation(noise: float | None, *savings: Saving) -> Explanation:
    """Of a plan that costs a thousand."""
    seeds = [0] if noise is None else [0, 1]
    again = Again(
        seeds=seeds, seconds=20, rounds=None, costs=[980.0, 990.0][: len(seeds)], bound=900, noise=noise
    )
    return Explanation(
        case="c", case_digest="0", overland="0", cost=1000, bound=900, has_prices=True, complete=True,
        again=again, savings=list(savings),
    )  # fmt: skip


def checked(saves: float, *, is_clear: bool) -> Checked:
    """With a bound 40 lower."""
    return Checked(
        costs=[980 - saves, 990 - saves], saves=saves, is_clear=is_clear, bound=860.0, lowers_bound=40.0
    )


def test_the_sentences_of_a_saving() -> None:
    sure, unsure = saving(183.4, checked(154.2, is_clear=True)), saving(None, checked(2.0, is_clear=False))
    assert words.sentence(sure) == (
        "One more 50-seat bus at Uman would save about 180 weighted person-hours (estimate from prices); "
        "re-solved: 150."
    )
    assert words.sentence(unsure) == (
        "One more 50-seat bus at Uman: no estimate (prices do not know of it); re-solved: 2."
    )
    assert words.judgement(sure, explanation(10.0)) == (
        "That is more than chance: the searches say 150 and 150. Proven: with it no plan costs less than 860 "
        "(40 below the bound without it)."
    )
    assert "within the noise" in words.judgement(unsure, explanation(10.0))
    assert "cannot tell" in words.judgement(unsure, explanation(None))
