"""``overland replan``: what it writes and says, and how wrong turns end."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from overland import cli
from overland.case import read_case
from overland.case.starter import new_case
from overland.commands.plan import make_plan
from overland.plan.document import read_plan
from overland.verify import verify

NOW = "2030-03-04 14:00"


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the starter case in ``case`` and its plan in ``out``."""
    folder = tmp_path_factory.mktemp("planned")
    new_case(folder / "case")
    make_plan(read_case(folder / "case"), folder / "out", time_limit=1, seed=0, quiet=True)
    return folder


def call(monkeypatch: pytest.MonkeyPatch, *arguments: Any) -> int:
    """Exit code of ``overland`` with arguments."""
    monkeypatch.setattr(sys, "argv", ["overland", *(str(argument) for argument in arguments)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


def events(path: Path, *told: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in told), encoding="utf-8")
    return path


CLOSED = {"known": "2030-03-04 13:00", "event": "road_closed", "road": "m1-kestrel-midway"}


def test_a_re_plan_can_be_verified_and_says_who_is_to_be_told(
    planned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    case, plan, out = planned / "case", planned / "out" / "plan.json", tmp_path / "out"
    later = CLOSED | {"known": "2030-03-04 18:00", "road": "n2-kestrel-harrow"}
    lost = CLOSED | {"event": "vehicles_lost", "fleet": "coaches", "number": 1}
    del lost["road"]
    told = events(tmp_path / "events.jsonl", CLOSED, lost, later)
    arguments = ("--now", NOW, "--events", told, "-o", out, "--time-limit", 2)
    assert call(monkeypatch, "replan", case, plan, *arguments) == 0
    said = capfd.readouterr().out
    assert "1 event becomes known only after now: left out" in said
    assert "to be told: " in said
    sheets = sorted(set(out.glob("*.csv")) - {out / "changes.csv"})
    assert sorted(said.partition("sheets    ")[2].partition("\nreport ")[0].split(", ")) == [
        str(path) for path in sheets
    ]
    made, known = read_plan(out / "plan.json"), read_case(out / "case")
    assert known.closures[-1].road == "m1-kestrel-midway"
    assert verify(known, made, running=read_plan(plan)) == []
    with (out / "changes.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    groups = {row["where"] for row in rows if row["who"] == "groups"}
    assert groups
    has_lines = any(
        trip.line for trip in made.trips
    )  # which way is quicker depends on the moves there is time for
    assert {path.name for path in out.iterdir()} == {
        "case", "plan.json", "running.json", "changes.csv", "trips.csv", "manifests.csv", "report.html",
        "car-advice.csv", "spare-seats.csv",
    } | ({"stops.csv"} if has_lines else set())  # fmt: skip

    page = (out / "report.html").read_text(encoding="utf-8")
    assert "This plan took the place of another on 04 March at 15:00 UTC" in page
    assert "Certified gap" not in page

    assert call(monkeypatch, "verify", out / "case", out / "plan.json") == 0
    assert "what left before 2030-03-04 15:00 UTC is as in the running plan" in capfd.readouterr().out

    assert call(monkeypatch, "verify", out / "case", out / "plan.json", "--json") == 0
    assert json.loads(capfd.readouterr().out)["past"] == "as in the running plan"

    again = ("--now", "2030-03-04 20:00", "--events", told, "-o", tmp_path / "again", "--time-limit", 2)
    assert call(monkeypatch, "replan", out / "case", out / "plan.json", *again) == 0
    said = capfd.readouterr().out
    assert "2 events known by 2030-03-04 15:00 UTC are in the case already: left out" in said
    closed = [row.road for row in read_case(tmp_path / "again" / "case").closures]
    assert closed.count("m1-kestrel-midway") == 1
    assert closed[-1] == "n2-kestrel-harrow"


def test_with_nothing_new_nobody_is_to_be_told_anything(
    planned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    arguments = ("--now", NOW, "-o", out)
    assert call(monkeypatch, "replan", planned / "case", planned / "out" / "plan.json", *arguments) == 0
    assert "to be told: 0 people in 0 groups, 0 drivers" in capfd.readouterr().out
    assert (out / "changes.csv").read_text(encoding="utf-8").count("\n") == 1
    assert read_plan(out / "plan.json").trips == read_plan(planned / "out" / "plan.json").trips


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"event": "road_close"}, "events.jsonl:1: event: 'road_close' is no kind of event"),
        ({"event": "road_closed", "road": "m2"}, "events.jsonl:1: road: 'm2' is not in roads.csv"),
        (
            {"event": "group_changed", "group": "G0001", "kin": 9},
            "With these events the case has faults:\ngroups.csv:2: kin: must be at most the size of ",
        ),
    ],
)
def test_events_that_make_no_sense_leave_nothing_behind(
    planned: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    told: dict[str, Any],
    message: str,
) -> None:
    path, out = events(tmp_path / "events.jsonl", {"known": "2030-03-04 13:00"} | told), tmp_path / "out"
    arguments = ("--now", NOW, "--events", path, "-o", out)
    assert call(monkeypatch, "replan", planned / "case", planned / "out" / "plan.json", *arguments) == 2
    assert message in capfd.readouterr().err
    assert not out.exists() or not list(out.iterdir())


def test_now_is_a_moment_within_the_case(
    planned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def no_work(**_: object) -> None:
        raise AssertionError("work was begun")

    monkeypatch.setattr("overland.commands.plan.compile_kernels", no_work)
    case, plan = planned / "case", planned / "out" / "plan.json"
    assert call(monkeypatch, "replan", case, plan, "--now", "noon", "-o", tmp_path / "out") == 2
    assert "--now: must be a date and time such as" in capfd.readouterr().err
    assert call(monkeypatch, "replan", case, plan, "--now", "2031-01-01 00:00", "-o", tmp_path / "out") == 2
    assert "not within the horizon" in capfd.readouterr().err
    assert not (tmp_path / "out").exists()


def test_neither_the_running_plan_nor_anything_else_is_overwritten(
    planned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    case, plan = planned / "case", planned / "out" / "plan.json"
    before = (case / "case.toml").read_bytes(), plan.read_bytes()
    for output in (planned, planned / "out"):
        assert call(monkeypatch, "replan", case, plan, "--now", NOW, "-o", output) == 2
        assert "would be overwritten; give another folder" in capfd.readouterr().err
    files = sorted(case.iterdir())
    assert call(monkeypatch, "replan", case, plan, "--now", NOW, "-o", case) == 2
    assert "is the case itself; give another folder with -o." in capfd.readouterr().err
    assert sorted(case.iterdir()) == files
    assert ((case / "case.toml").read_bytes(), plan.read_bytes()) == before
    (tmp_path / "case").mkdir()
    (tmp_path / "case" / "letters.txt").write_text("mine")
    assert call(monkeypatch, "replan", case, plan, "--now", NOW, "-o", tmp_path) == 2
    assert "not of an earlier re-plan" in capfd.readouterr().err
    assert (tmp_path / "case" / "letters.txt").read_text() == "mine"


def test_the_running_plan_must_be_of_the_case(
    planned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    new_case(tmp_path / "other")
    fleets = tmp_path / "other" / "fleets.csv"
    fleets.write_text(fleets.read_text(encoding="utf-8").replace(",3,20,", ",3,21,"), encoding="utf-8")
    assert call(monkeypatch, "replan", tmp_path / "other", planned / "out" / "plan.json", "--now", NOW) == 2
    assert "made for another case or another state of it" in capfd.readouterr().err


def test_a_re_plan_whose_past_was_touched_is_refused_by_verify(
    planned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    arguments = ("--now", "2030-03-05 14:00", "-o", out)
    assert call(monkeypatch, "replan", planned / "case", planned / "out" / "plan.json", *arguments) == 0
    document = json.loads((out / "running.json").read_text(encoding="utf-8"))
    document["trips"][0]["groups"].pop()
    (out / "running.json").write_text(json.dumps(document), encoding="utf-8")
    capfd.readouterr()
    assert call(monkeypatch, "verify", out / "case", out / "plan.json") == 1
    assert "past: trip from" in capfd.readouterr().out
