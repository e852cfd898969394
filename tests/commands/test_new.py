"""``overland new``: a case to start from, which the check finds sound."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from overland.case import check_case
from overland.cli import app
from overland.errors import UsageError


def test_it_makes_a_sound_case_and_says_what_comes_next(tmp_path: Path) -> None:
    case = tmp_path / "my case"
    result = CliRunner().invoke(app, ["new", str(case)])
    assert result.exit_code == 0
    assert f"Next: overland check '{case}'" in result.stdout
    assert check_case(case) == []


def test_it_refuses_a_folder_that_is_not_empty(tmp_path: Path) -> None:
    (tmp_path / "diary.txt").write_text("dear")
    result = CliRunner().invoke(app, ["new", str(tmp_path)])
    assert isinstance(result.exception, UsageError)
    assert "is not empty; name a folder that does not exist yet" in str(result.exception)
    assert [path.name for path in tmp_path.iterdir()] == ["diary.txt"]
