"""``overland compare``: plans in the same futures, and how wrong turns end."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from overland.case import read_case, write_case
from overland.plan import solve
from overland.plan.document import write_plan
from tests.builders import small_case
from tests.commands.test_stress import call


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with a good plan, and one that leaves everybody."""
    folder = tmp_path_factory.mktemp("compare")
    write_case(small_case(), folder / "case")
    (folder / "case" / "futures.toml").write_text("[travel]\nspread = 0.3\n[people]\nlate = 0.3\n")
    case = read_case(folder / "case")
    good = solve(case, work=2, time_limit=600)
    write_plan(good, folder / "good.json")
    nothing = {"trips": [], "moves": [], "rides": [], "drives": []}
    write_plan(good.model_copy(update=nothing), folder / "nothing.json")
    return folder


def test_the_better_plan_is_told_from_the_worse(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    plans = folder / "nothing.json", folder / "good.json"
    options = "--futures", 30, "--cores", 1, "-o", tmp_path, "-q"
    assert call(monkeypatch, "compare", folder / "case", *plans, *options) == 0
    assert "2 plans in the same 30 futures" in capfd.readouterr().out
    with (tmp_path / "compare.csv").open() as file:
        rows = {row["figure"]: row for row in csv.DictReader(file)}
    assert float(rows["left"]["first"]) == 17
    assert float(rows["left"]["high"]) < -10
    assert float(rows["left"]["better"]) == 1
    assert float(rows["hours_100"]["first"]) == 48, "the horizon, for what is not reached"


def test_a_plan_is_no_better_than_itself(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    plans = folder / "good.json", folder / "good.json"
    options = "--futures", 10, "--cores", 1, "-o", tmp_path, "-q"
    assert call(monkeypatch, "compare", folder / "case", *plans, *options) == 0
    assert "unclear" in capfd.readouterr().out


def test_one_plan_is_not_compared(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert call(monkeypatch, "compare", folder / "case", folder / "good.json") == 2
    assert "two plans or more" in capfd.readouterr().err


def test_what_matters_most_is_said_and_written_down(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    options = "--futures", 20, "--top", 3, "--cores", 1, "-o", tmp_path, "-q"
    assert call(monkeypatch, "sensitivity", folder / "case", folder / "good.json", *options) == 0
    shown = " ".join(capfd.readouterr().out.split())
    assert "no vehicles from Capital" in shown
    with (tmp_path / "sensitivity.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["futures"] for row in rows[:4]] == ["20", "20", "20", "16"]
    assert float(rows[0]["left"]) > 0
    assert {row["kind"] for row in rows} == {"road", "crossing", "depot", "assumption"}


def test_nothing_to_vary_is_said(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    options = "--only", "crossing", "-o", tmp_path
    assert call(monkeypatch, "sensitivity", folder / "case", folder / "nothing.json", *options) == 2
    assert "nothing of these kinds to vary" in capfd.readouterr().err
