"""The table of speeds and a user's own over it."""

from __future__ import annotations

from pathlib import Path

import pytest

from overland.errors import NetworkError
from overland.roads.osm.speeds import read_speeds
from overland.roads.osm.tags import HIGHWAYS


def own(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "speeds.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_kind_of_road_has_a_speed() -> None:
    assert {*HIGHWAYS, "ferry", "rail"} <= set(read_speeds().free_flow)


def test_a_file_of_ones_own_changes_only_what_it_names(tmp_path: Path) -> None:
    text = "share_of_limit = 0.9\n[free_flow]\nprimary = 70\n[surface]\nice = 10\n[limit.QQ]\nurban = 45\n"
    speeds, bundled = read_speeds(own(tmp_path, text), country="QQ"), read_speeds()
    assert speeds.share_of_limit == 0.9
    assert (speeds.free_flow["primary"], speeds.free_flow["trunk"]) == (70, bundled.free_flow["trunk"])
    assert speeds.surface["ice"] == 10
    assert (speeds.statutory("urban"), speeds.statutory("rural")) == (45, bundled.statutory("rural"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[freeflow]\nprimary = 70", "'freeflow' is not a table"),
        ("[free_flow]\nprimry = 70", "'primry' is not known here; there are"),
        ("[free_flow]\nprimary = -1", "primary: -1 should be a number above 0"),
        ('[free_flow]\nprimary = "fast"', "primary: 'fast' should be a number"),
        ("share_of_limit = 80", "at most 1"),
        ("limit = 50", "'limit' is not a table"),
        ("[limit]\nUA = 50", "limits are a table"),
        ("[limit.UA]\ncity = 50", "'city' is not known here"),
        ("primary: 70", "this is not TOML"),
    ],
)
def test_a_mistake_in_it_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(NetworkError, match=r"speeds\.toml") as caught:
        read_speeds(own(tmp_path, text))
    assert said in str(caught.value)


def test_a_file_that_is_not_there_and_a_country_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(NetworkError, match="cannot be read"):
        read_speeds(tmp_path / "none.toml")
    with pytest.raises(NetworkError, match="'XX'; known are AL, AM"):
        read_speeds(country="XX")
