"""What is wrong with a TOML file is said with its line, and what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict, Field

from overland.errors import CaseError
from overland.futures.toml_file import read_toml


class Rain(BaseModel):
    """A section."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    chance: float = Field(ge=0, le=1)
    months: dict[str, float] = {}


class Weather(BaseModel):
    """A file."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    rain: Rain


def faults(folder: Path, text: str) -> list[str]:
    """What is said of a file."""
    path = folder / "weather.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CaseError) as caught:
        read_toml(path, Weather)
    return [str(fault) for fault in caught.value.faults]


def test_a_sound_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "weather.toml").write_text("[rain]\nchance = 0.25\nmonths = { may = 2 }\n")
    assert read_toml(tmp_path / "weather.toml", Weather).rain == Rain(chance=0.25, months={"may": 2.0})


def test_each_fault_has_its_line(tmp_path: Path) -> None:
    said = faults(tmp_path, "# weather\n[rain]\nchance = 1.5\nchanse = 1\n")
    assert said == [
        "weather.toml:3: [rain] chance: Input should be less than or equal to 1",
        "weather.toml:4: [rain] chanse: is not known here; did you mean 'chance'?",
    ]


def test_an_unknown_section_is_named(tmp_path: Path) -> None:
    assert "weather.toml:3: [snow]: is not known here; there are rain" in faults(
        tmp_path, "[rain]\nchance = 0.1\n[snow]\n"
    )


def test_what_is_no_toml_is_said_to_be_none(tmp_path: Path) -> None:
    (said,) = faults(tmp_path, "[rain]\nchance = \n")
    assert said.startswith("weather.toml:2: is not valid TOML")


def test_a_missing_file_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=r"weather\.toml: is missing"):
        read_toml(tmp_path / "weather.toml", Weather)
