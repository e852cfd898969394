"""How dangerous it is to wait at a place under threat."""

from typing import Any

import pytest

from overland.case.model import Threat
from overland.verify.hazards import Hazards, covers
from tests.builders import hours, place, small_case

OUTER = ((0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0), (0.0, 0.0))
HOLE = ((4.0, 4.0), (6.0, 4.0), (6.0, 6.0), (4.0, 6.0), (4.0, 4.0))


def threat(**fields: Any) -> Threat:
    values: dict[str, Any] = {
        "level": 3,
        "hazard": 3.0,
        "closes_roads": False,
        "end": None,
        "rings": (OUTER,),
    }
    return Threat(id="front", name="Front", **(values | {"start": hours(0)} | fields))


@pytest.mark.parametrize(
    ("point", "inside"),
    [((2, 2), True), ((11, 2), False), ((-1, 5), False), ((5, 5), False), ((10, 5), True), ((4, 5), True)],
)
def test_an_area_has_holes_and_its_edge_belongs_to_it(point: tuple[float, float], inside: bool) -> None:
    assert covers(threat(rings=(OUTER, HOLE)), point) is inside


def waiting(*threats: Threat, hazard: float = 2.0) -> list[float]:
    here = place("here", latitude=5.0, longitude=5.0, hazard=hazard)
    hazards = Hazards(small_case(places=(here,), roads=(), threats=threats))
    return [hazards.waiting("here", step, step + 1) for step in range(6)]


def test_the_greatest_threat_multiplies_the_hazard_while_it_is_active() -> None:
    early = threat(hazard=3.0, start=hours(0.5), end=hours(2))
    late = threat(hazard=5.0, start=hours(1.25), end=None)
    assert waiting(early, late) == [2, 6, 6, 10, 10, 10]


def test_a_threat_never_makes_a_place_safer() -> None:
    assert waiting(threat(hazard=0.1)) == [2] * 6


def test_waiting_sums_over_the_steps_before_the_end() -> None:
    hazards = Hazards(small_case())
    assert hazards.waiting("capital", 2, 5) == 6.0
    assert hazards.waiting("capital", 5, 5) == hazards.waiting("capital", 9, 5) == 0.0
