"""``flight.toml``: the bundled one is read, and every fault of one is said with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from overland.case.reader import read_case
from overland.errors import CaseError
from overland.futures.flight import Flight, read_flight
from tests.builders import small_case

BUNDLED = Path(__file__).parents[2] / "cases" / "ukraine-2022"
TEXT = """
[leaving]
at_once_share = 0.01
at_once_hours = 12
share = 0.06
peak_hours = 196
daily_share = 0.001
hazard_power = 1
[choosing]
slowness = 2
spread_hours = 20
known_after_hours = 12
[serving]
everybody = 2
ramp_hours = 90
[at_first]
PL = 0.3
[service]
HU = 0.5
[attraction]
PL = 0.5
[cars]
per_km = 133
persons = 4
[uncertainty]
total = 0.4
origins = 0.3
service = 0.3
attraction = 0.25
[residents]
capital = 1000
town = 200
"""


def read(folder: Path, text: str) -> Flight:
    """The file of a small case."""
    (folder / "flight.toml").write_text(text, encoding="utf-8")
    return read_flight(folder, small_case())


def faults(folder: Path, text: str) -> list[str]:
    """What is said of it."""
    with pytest.raises(CaseError) as caught:
        read(folder, text)
    return [str(fault) for fault in caught.value.faults]


def test_a_sound_file_is_read(tmp_path: Path) -> None:
    flight = read(tmp_path, TEXT)
    assert (flight.residents, flight.service) == ({"capital": 1000.0, "town": 200.0}, {"HU": 0.5})


def test_the_bundled_file_sets_out_with_all_residents_of_the_statistics_but_those_not_held() -> None:
    flight = read_flight(BUNDLED, read_case(BUNDLED))
    assert sum(flight.residents.values()) == 41_167_335 - 2_267_352 - 1_462_241
    assert len(flight.residents) == 25


def test_a_place_and_a_country_that_the_case_has_not_are_named(tmp_path: Path) -> None:
    said = faults(tmp_path, TEXT.replace("PL = 0.5", "DE = 0.5").replace("capital = 1", "capitol = 1"))
    assert said == [
        "flight.toml:21: [attraction] DE: is no country with a crossing",
        "flight.toml:31: [residents] capitol: is no place of the case; did you mean 'capital'?",
    ]


def test_numbers_out_of_range_and_unknown_keys_are_all_said_at_once(tmp_path: Path) -> None:
    text = TEXT.replace("peak_hours = 196", "peak_hours = 0").replace("persons = 4", "person = 4")
    said = faults(tmp_path, text.replace("slowness = 2", "slowness = 0.5").replace("town = 200", "town = -1"))
    assert [line.split(":")[1] for line in said] == ["6", "10", "22", "24", "32"]  # [cars] lacks persons
    assert any("peak_hours: Input should be greater than 0" in line for line in said)
    assert any("slowness: Input should be greater than or equal to 1" in line for line in said)
    assert any("person: is not known here; did you mean 'persons'?" in line for line in said)
    assert any("[residents] town: Input should be greater than or equal to 0" in line for line in said)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=r"flight\.toml"):
        read_flight(tmp_path, small_case())
