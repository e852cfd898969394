"""``overland massflow``: what it prints and writes, and what it says when it cannot."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from overland import cli
from overland.plan.massflow import earliest_arrival as engine
from overland.roads.network_file import write_network
from tests.plan.massflow.test_road_capacity import road

TOWN = "S a 10\nT z 10\nE a z 1 1\nE a z 2 3\n"


def call(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr("sys.argv", ["overland", "massflow", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


@pytest.fixture
def town(tmp_path: Path) -> Path:
    path = tmp_path / "town.dat"
    path.write_text(TOWN)
    return path


def test_figures_are_printed_and_everything_is_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], town: Path
) -> None:
    output = town.parent / "out"
    assert call(monkeypatch, town, "-o", output) == 0
    shown = capsys.readouterr()
    for said in (
        "people       10",
        "clearance    step 5 (the earliest possible; not before 5)",
        "sum          34 person-steps (the least possible)",
        "mean         3.4 steps",
        "50/95/100 %  steps 3 / 5 / 5",
    ):
        assert said in shown.out
    assert "mass flow" in shown.err
    files = {path.name for path in output.iterdir()}
    assert files == {"flow.csv", "departures.csv", "cuts.csv", "out.csv", "summary.json", "network.dat"}
    assert (output / "out.csv").read_text().split()[-1] == "5,10,10"
    assert (output / "departures.csv").read_text().split()[:2] == ["source,step,arc,to,persons", "a,0,1,z,2"]


def test_a_folder_that_cannot_be_written_is_a_message_before_any_work(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], town: Path
) -> None:
    def no_work(*_: object) -> None:
        raise AssertionError("work was begun")

    output = town.parent / "out"
    monkeypatch.setattr(os, "access", lambda path, _: path != output)
    monkeypatch.setattr(engine, "earliest_arrival", no_work)
    assert call(monkeypatch, town, "-o", output) == 2
    assert "cannot be written; give another folder with -o." in capsys.readouterr().err
    assert list(output.iterdir()) == []


@pytest.mark.parametrize("name", ["town.dat", "out/network.dat"])
def test_what_is_written_verifies_from_the_files(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], town: Path, name: str
) -> None:
    assert call(monkeypatch, town, "-o", town.parent / "out", "--quiet") == 0
    assert call(monkeypatch, town.parent / name, "--verify", town.parent / "out") == 0
    assert "keeps every rule, and its bound holds" in capsys.readouterr().out


def test_a_spoilt_flow_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], town: Path
) -> None:
    output = town.parent / "out"
    assert call(monkeypatch, town, "-o", output, "--quiet") == 0
    town.write_text(TOWN.replace("E a z 2 3", "E a z 1 3"))
    assert call(monkeypatch, town, "--verify", output) == 1
    assert "the road a → z takes 1 persons a step; 2 enter at step 0" in capsys.readouterr().out
    assert call(monkeypatch, town, "--verify", output, "--json") == 1
    assert len(json.loads(capsys.readouterr().out)["violations"]) == 1


def test_figures_for_a_program(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], town: Path
) -> None:
    assert call(monkeypatch, town, "--json", "--quiet") == 0
    shown = capsys.readouterr()
    found = json.loads(shown.out)
    assert (found["clearance"], found["total"], found["bound"], found["gap"]) == (5, 34, 34, 0)
    assert shown.err == ""


def test_an_interruption_leaves_a_whole_flow_with_its_gap(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], town: Path
) -> None:
    advance = engine._Search.advance

    def interrupted(search: engine._Search) -> None:
        if search.step == 2 and search._proving and len(search.network.tail) == 2:
            raise KeyboardInterrupt
        advance(search)

    monkeypatch.setattr(engine._Search, "advance", interrupted)
    output = town.parent / "out"
    assert call(monkeypatch, town, "-o", output, "--quiet") == 0
    assert "interrupted: those not yet planned for go as roads are free" in capsys.readouterr().out
    assert call(monkeypatch, town, "--verify", output) == 0


def test_on_real_roads(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    write_network(road(), tmp_path / "roads.parquet")
    (tmp_path / "people.csv").write_text("latitude,longitude,people\n50.0,20.01,100\n")
    (tmp_path / "safe.csv").write_text("latitude,longitude\n50.0,20.1\n")
    given = (tmp_path / "roads.parquet", "--people", tmp_path / "people.csv", "--quiet")
    assert call(monkeypatch, *given, "-o", tmp_path / "out") == 0
    assert "clearance    step 22" in capsys.readouterr().out
    assert call(monkeypatch, tmp_path / "out" / "network.dat", "--verify", tmp_path / "out") == 0
    assert call(monkeypatch, *given, "--safe", tmp_path / "safe.csv", "--step-seconds", 600) == 0
    assert "clearance    step 1 " in capsys.readouterr().out
    assert call(monkeypatch, tmp_path / "roads.parquet") == 2
    assert "--people: say where people are" in capsys.readouterr().err


def test_what_cannot_be_read_is_a_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], town: Path
) -> None:
    assert call(monkeypatch, town.parent / "none.dat") == 2
    assert "there is no such file" in capsys.readouterr().err
    assert call(monkeypatch, town, "--people", town) == 2
    assert "only for roads" in capsys.readouterr().err
    assert call(monkeypatch, town, "-o", town) == 2
    assert "cannot be made a folder" in capsys.readouterr().err
    assert call(monkeypatch, town, "--verify", town.parent) == 2
    assert "not the summary of a mass flow" in capsys.readouterr().err
    town.write_text("E a z 1\n")
    assert call(monkeypatch, town) == 2
    assert f"{town}:1: E: has 3 values" in capsys.readouterr().err
