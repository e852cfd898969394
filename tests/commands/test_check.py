"""``overland check``: every fault at once, or what the case contains."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from overland.case import digest, read_case
from overland.case.starter import new_case
from overland.cli import app


@pytest.fixture
def case(tmp_path: Path) -> Path:
    new_case(tmp_path / "case")
    return tmp_path / "case"


def check(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["check", *map(str, arguments)])


def spoil(case: Path) -> None:
    groups = case / "groups.csv"
    groups.write_text(groups.read_text().replace("G0002,kestrel,2", "G0002,kestral,0"))


def test_a_sound_case_is_summed_up(case: Path) -> None:
    result = check(case)
    assert result.exit_code == 0
    for line in (
        "An invented country, 4 March 2030",
        "35  people",
        "60  seats in vehicles",
        "The case is sound.",
    ):
        assert line in result.stdout


def test_every_fault_is_a_line(case: Path) -> None:
    spoil(case)
    result = check(case)
    assert result.exit_code == 2
    assert result.stdout == (
        "groups.csv:3: place: 'kestral' is not in places.csv; did you mean 'kestrel'?\n"
        "groups.csv:3: size: must be at least 1, not 0\n"
    )
    assert result.stderr == f"2 faults in {case}\n"


def test_a_program_reads_what_a_sound_case_contains(case: Path) -> None:
    result = check(case, "--json")
    document = json.loads(result.stdout)
    assert result.exit_code == 0
    assert document["sound"] is True
    assert document["digest"] == digest(read_case(case))
    assert document["contains"]["people"] == 35


def test_a_program_reads_the_faults(case: Path) -> None:
    spoil(case)
    result = check(case, "--json")
    document = json.loads(result.stdout)
    assert result.exit_code == 2
    assert document["sound"] is False
    assert document["total"] == 2
    assert document["faults"][1] == {
        "file": "groups.csv",
        "line": 3,
        "column": "size",
        "message": "must be at least 1, not 0",
    }


def test_no_folder(tmp_path: Path) -> None:
    result = check(tmp_path / "nowhere")
    assert result.exit_code == 2
    assert "there is no such folder" in result.stdout
