"""``overland stress`` as a user meets it, wrong turns included."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from overland import cli
from overland.case import read_case
from overland.case.starter import new_case
from overland.plan import solve
from overland.plan.document import Replanned, read_plan, write_plan


def call(monkeypatch: pytest.MonkeyPatch, *arguments: Any) -> int:
    """Exit code of ``overland`` with arguments."""
    monkeypatch.setattr(sys, "argv", ["overland", *(str(argument) for argument in arguments)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the starter case, and a plan of it."""
    folder = tmp_path_factory.mktemp("stress")
    new_case(folder / "case")
    write_plan(solve(read_case(folder / "case"), work=2, time_limit=600), folder / "plan.json")
    return folder


def test_it_says_what_holds_and_writes_it_down(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    options = "--futures", 60, "-o", tmp_path / "out", "-q"
    assert call(monkeypatch, "stress", folder / "case", folder / "plan.json", *options) == 0
    shown = " ".join(capfd.readouterr().out.split())
    assert "the plan in 60 futures" in shown
    assert "all are out in" in shown
    found = json.loads((tmp_path / "out" / "stress.json").read_text())
    assert (found["futures"], found["asked"], found["policy"]) == (60, 60, "detour")
    assert len((tmp_path / "out" / "futures.csv").read_text().splitlines()) == 61
    assert (tmp_path / "out" / "places.csv").read_text().startswith("place,people,out,all_out,out_0h,out_6h")
    page = (tmp_path / "out" / "stress.html").read_text()
    assert "60 futures" in page
    assert "<script" not in page


def test_a_future_is_saved_and_replayed(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    case_and_plan = folder / "case", folder / "plan.json"
    assert call(monkeypatch, "stress", *case_and_plan, "--save", 7, "-o", tmp_path) == 0
    assert call(monkeypatch, "stress", *case_and_plan, "--futures", 8, "-o", tmp_path, "-q") == 0
    row = (tmp_path / "futures.csv").read_text().splitlines()[8].split(",")
    capfd.readouterr()
    assert call(monkeypatch, "stress", *case_and_plan, "--replay", tmp_path / "future-000007.json") == 0
    shown = capfd.readouterr().out
    assert "future 7 of seed 0" in shown
    assert f"{int(row[3]):,} of {int(row[2]):,} people out" in shown, "the same as in the run"


@pytest.mark.parametrize(
    ("change", "arguments", "said"),
    [
        ("remove", (), "futures.toml: is not there"),
        ("", ("--from", "nowhere.toml"), "nowhere.toml: is not there"),
        ("spoil", (), "futures.toml:1: [crew]: is not known here; did you mean 'crews'?"),
        ("roads", (), "futures.toml:2: [road_closures] r9: is no road of the case"),
        ("", ("--save", "-1"), "futures are numbered from 0"),
        ("", ("--replay", "nowhere.json"), "nowhere.json: cannot be read"),
        ("replan", (), "only plans from the start"),
        ("", ("-o", "CASE"), "is the case itself"),
    ],
)
def test_a_wrong_turn_ends_with_a_message(
    folder: Path,
    tmp_path: Path,
    change: str,
    arguments: tuple[str, ...],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    case, plan = tmp_path / "case", tmp_path / "plan.json"
    shutil.copytree(folder / "case", case)
    shutil.copy(folder / "plan.json", plan)
    if change == "remove":
        (case / "futures.toml").unlink()
    elif change == "spoil":
        (case / "futures.toml").write_text("[crew]\nabsent = 0.1\n", encoding="utf-8")
    elif change == "roads":
        (case / "futures.toml").write_text("[road_closures]\nr9 = 0.1\n", encoding="utf-8")
    elif change == "replan":
        old = read_plan(plan)
        start = read_case(case).start
        mark = Replanned(now=start, known=start, running_digest=old.case_digest, missed=[], change_price=0.0)
        write_plan(old.model_copy(update={"replanned": mark}), plan)
    options = [str(case) if argument == "CASE" else argument for argument in arguments]
    if "-o" not in options:
        options += ["-o", str(tmp_path / "out")]
    assert call(monkeypatch, "stress", case, plan, "--futures", 5, "-q", *options) == 2
    assert said in capfd.readouterr().err.replace("\n", " ")
    assert not (tmp_path / "out" / "stress.json").exists()


def test_an_interrupt_leaves_what_is_done_and_resume_goes_on(folder: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "overland.cli", "stress", folder / "case", folder / "plan.json"]
    command += ["--futures", "200000", "--cores", "2", "-o", tmp_path, "-q"]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
    until = time.monotonic() + 120
    while len(list((tmp_path / "parts").glob("part-*.npz"))) < 3:
        assert run.poll() is None, "it ended by itself"
        assert time.monotonic() < until
        time.sleep(0.02)
    os.killpg(run.pid, signal.SIGINT)
    _, said = run.communicate(timeout=120)
    assert run.returncode == 130
    assert b"--resume goes on" in said
    done = json.loads((tmp_path / "stress.json").read_text())["futures"]
    assert done >= 75
    again = subprocess.run(
        [*command[:6], "--futures", "75", "--resume", "-o", tmp_path, "-q"], capture_output=True, check=True
    )
    assert b"the plan in 75 futures" in again.stdout
