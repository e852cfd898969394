"""The travel groups of the Ukraine case are made, reproducibly, by the script beside them."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from overland.case.model import Case


@pytest.fixture(scope="module")
def make_groups(folder: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_groups", folder / "make_groups.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def test_the_table_is_what_the_script_makes(folder: Path, make_groups: ModuleType) -> None:
    assert (folder / "groups.csv").read_text(encoding="utf-8") == make_groups.groups_csv()


def test_kin_travel_with_a_national(case: Case) -> None:
    for group in case.groups:
        assert group.kin < group.size
        assert bool(group.kin) == bool(group.kin_nationality)


def test_no_more_than_five_leave_in_one_car(case: Case) -> None:
    assert max(group.size for group in case.groups if group.own_car) <= 5


def test_the_people_in_cars_are_a_quarter(case: Case) -> None:
    assert 2_000 <= sum(group.size for group in case.groups if group.own_car) <= 2_600
