"""The starter case: sound, complete, and made whole or not at all."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from overland.case import check_case, read_case, write_case
from overland.case.model import Role
from overland.case.schema import LEDGERS, POLICY_KEYS, TABLES
from overland.case.starter import new_case
from overland.errors import UsageError


def test_it_is_sound(tmp_path: Path) -> None:
    new_case(tmp_path / "deep" / "down" / "case")
    assert check_case(tmp_path / "deep" / "down" / "case") == []


def test_it_shows_every_table_and_setting(tmp_path: Path) -> None:
    new_case(tmp_path / "case")
    case = read_case(tmp_path / "case")
    assert all(getattr(case, table.field) for table in TABLES)
    assert case.threats
    settings = (tmp_path / "case" / "case.toml").read_text(encoding="utf-8")
    readme = (tmp_path / "case" / "README.md").read_text(encoding="utf-8")
    assert all(f"\n{key.name} = " in settings for key in POLICY_KEYS)
    assert all(f"\n[{ledger.section}]" in settings for ledger in LEDGERS)
    assert all(f"`{table.file}`" in readme for table in TABLES)


def test_it_has_what_a_plan_needs(tmp_path: Path) -> None:
    new_case(tmp_path / "case")
    case = read_case(tmp_path / "case")
    assert {crossing.country for crossing in case.crossings} == {"XB", "XC"}
    assert any(Role.HUB in place.roles for place in case.places)
    assert sum(fleet.count * fleet.seats for fleet in case.fleets) > sum(group.size for group in case.groups)


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "case").mkdir()
    new_case(tmp_path / "case")
    assert check_case(tmp_path / "case") == []


def test_nothing_is_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "case").mkdir()
    (tmp_path / "case" / "diary.txt").write_text("dear")
    (tmp_path / "file").write_text("dear")
    with pytest.raises(UsageError, match="is not empty"):
        new_case(tmp_path / "case")
    with pytest.raises(UsageError, match="is a file"):
        new_case(tmp_path / "file")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    with pytest.raises(UsageError, match="in the folder one is in"):
        new_case(Path())
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["case", "diary.txt", "file", "here"]


def test_an_interruption_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(shutil, "move", interrupted)
    with pytest.raises(KeyboardInterrupt):
        new_case(tmp_path / "case")
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "case"
    new_case(folder)
    case = read_case(folder)
    before = (folder / "groups.csv").read_bytes()

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_case(case, folder)
    assert (folder / "groups.csv").read_bytes() == before
    assert not [path for path in folder.iterdir() if path.suffix == ".part"]
