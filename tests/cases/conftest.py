from __future__ import annotations

from pathlib import Path

import pytest

from overland.case import read_case
from overland.case.model import Case

UKRAINE = Path(__file__).parents[2] / "cases" / "ukraine-2022"


@pytest.fixture(scope="session")
def folder() -> Path:
    return UKRAINE


@pytest.fixture(scope="session")
def case(folder: Path) -> Case:
    return read_case(folder)
