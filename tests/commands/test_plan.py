"""``overland plan``: what it writes and prints, and how wrong turns end."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from overland import cli
from overland.case import digest, read_case
from overland.case.starter import new_case
from overland.commands.plan import make_plan
from overland.plan.document import Replanned, read_plan, write_plan
from overland.plan.spare_seats import spare_seats
from overland.verify import verify


@pytest.fixture
def case(tmp_path: Path) -> Path:
    new_case(tmp_path / "case")
    return tmp_path / "case"


def call(monkeypatch: pytest.MonkeyPatch, *arguments: Any) -> int:
    """Exit code of ``overland plan`` with arguments."""
    monkeypatch.setattr(sys, "argv", ["overland", "plan", *(str(argument) for argument in arguments)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


def no_work(**_: object) -> None:
    """In place of what a command begins with, where it is to be refused before."""
    raise AssertionError("work was begun")


def test_it_writes_its_files_and_says_how_good_the_plan_is(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "deep" / "out"
    assert call(monkeypatch, case, "--output", out, "--time-limit", 1, "--seed", 3) == 0
    files = {
        "plan.json",
        "proof.json",
        "trips.csv",
        "manifests.csv",
        "car-advice.csv",
        "spare-seats.csv",
        "report.html",
    }
    assert {path.name for path in out.iterdir()} - {"stops.csv"} == files  # that if a trip is of a line
    plan, known = read_plan(out / "plan.json"), read_case(case)
    assert list(verify(known, plan)) == []
    assert plan.seed == 3
    shown = capfd.readouterr().out
    flat = "".join(shown.split())
    assert f"{plan.totals.out:,} of {plan.totals.people:,} people out" in shown
    assert "gap at most" in shown
    spare = sum(offer.seats for offer in spare_seats(known, plan))
    assert spare > 0
    assert f"{spare:,}seatson" in flat
    assert all("".join(str(out / name).split()) in flat for name in files)


def test_quiet_means_no_progress(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert call(monkeypatch, case, "-o", tmp_path / "out", "--time-limit", 1, "--quiet") == 0
    assert capfd.readouterr().err == ""


def test_a_case_that_is_not_there_is_a_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert call(monkeypatch, tmp_path / "nowhere", "-o", tmp_path / "out") == 2
    shown = capfd.readouterr()
    assert "nowhere" in shown.err
    assert "Traceback" not in shown.err
    assert not (tmp_path / "out").exists()


def test_an_output_that_is_a_file_is_a_message_before_any_work(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").write_text("a diary")
    assert call(monkeypatch, case, "-o", tmp_path / "out", "--time-limit", 1) == 2
    assert "cannot be made a folder for the plan" in capfd.readouterr().err
    assert (tmp_path / "out").read_text() == "a diary"


def test_the_case_itself_is_no_folder_for_the_plan(
    case: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    before = sorted(case.iterdir())
    assert call(monkeypatch, case, "-o", case.parent / "not-there" / ".." / case.name) == 2
    assert "is the case itself; give another folder with -o." in " ".join(capfd.readouterr().err.split())
    assert sorted(case.iterdir()) == before
    read_case(case)


def test_a_folder_that_cannot_be_written_is_a_message_before_any_work(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "access", lambda path, _: path != tmp_path / "out")
    monkeypatch.setattr("overland.commands.plan.compile_kernels", no_work)
    assert call(monkeypatch, case, "-o", tmp_path / "out") == 2
    assert "cannot be written; give another folder with -o." in " ".join(capfd.readouterr().err.split())


def test_a_re_plan_to_start_from_is_a_message_before_any_work(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    known = read_case(case)
    document = make_plan(known, tmp_path / "first", time_limit=1, seed=0, quiet=True)
    told = Replanned(
        now=known.start, known=known.start, running_digest=digest(known), missed=[], change_price=0.0
    )
    start = tmp_path / "replanned.json"
    write_plan(document.model_copy(update={"replanned": told}), start)
    monkeypatch.setattr("overland.commands.plan.compile_kernels", no_work)
    assert call(monkeypatch, case, "--start", start, "-o", tmp_path / "out") == 2
    said = "".join(capfd.readouterr().err.split())
    assert "".join(f"{start}: a re-plan cannot be what a plan from scratch starts from".split()) in said
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("limit", ["-5", "0", "soon"])
def test_a_time_limit_that_makes_no_sense_is_a_message(
    case: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], limit: str
) -> None:
    assert call(monkeypatch, case, "--time-limit", limit) == 2
    shown = capfd.readouterr().err
    assert "--time-limit" in shown
    assert "Traceback" not in shown


def test_a_plan_for_the_earliest_clearance_says_what_is_proven_of_it(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    options = "--objective", "lexicographic", "--work", 4, "--time-limit", 600
    assert call(monkeypatch, case, "-o", tmp_path / "out", *options) == 0
    plan, known = read_plan(tmp_path / "out" / "plan.json"), read_case(case)
    assert list(verify(known, plan)) == []
    assert plan.objective == "lexicographic"
    assert plan.work is not None
    assert plan.certificate.deadline is not None
    assert plan.totals.cleared is not None
    assert plan.totals.cleared <= plan.certificate.deadline, "the last level may even find an earlier one"
    shown = " ".join(capfd.readouterr().out.split())
    assert "can clear" in shown
    assert "certified: no plan that clears by" in shown


def test_an_objective_that_is_none_is_a_message(
    case: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert call(monkeypatch, case, "--objective", "fame") == 2
    assert "lexicographic" in capfd.readouterr().err
