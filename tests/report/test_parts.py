"""What the page is made of: words, projection, loads, duties, curve."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from overland.case.model import Role
from overland.report import words
from overland.report.duties import duties_of
from overland.report.geography import country_labels, frame_of, outline_paths
from overland.report.loads import centre_loads, country_loads, gate_loads
from overland.report.movements import journeys_of
from overland.report.tracks import tracks_of
from overland.roads import RoadTimes
from tests.builders import place, road, small_case
from tests.plan.convoys import besieged
from tests.report.conftest import Shown
from tests.verify.handmade import good_plan, rich_case, trip


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0 %"), (1, "100 %"), (0.973, "97 %"), (0.034, "3.4 %"), (0.00001, "< 0.1 %"), (0.99996, "> 99.9 %"),
     (0.994, "99.4 %"), (1.4, "140 %")],
)  # fmt: skip
def test_a_share_is_never_rounded_to_none_or_all(share: float, text: str) -> None:
    assert words.percent(share) == text


@pytest.mark.parametrize(
    ("hours", "text"), [(0.5, "30 min"), (2, "2 h"), (17.5, "17.5 h"), (72, "3 days"), (102.2, "4 d 6 h")]
)
def test_a_time_span_is_said_as_people_say_it(hours: float, text: str) -> None:
    assert words.span(hours) == text


def test_moments_are_local() -> None:
    assert (
        words.moment(datetime(2022, 2, 17, 22, 30, tzinfo=UTC), ZoneInfo("Europe/Kyiv"))
        == "Fri 18 Feb, 00:30"
    )


def test_an_unknown_country_is_shown_by_its_code() -> None:
    assert (words.country("RO"), words.country("ZZ")) == ("Romania", "ZZ")


def test_the_map_keeps_north_up_and_shapes_true(bundled: Shown) -> None:
    project = frame_of(bundled.case).project
    (x, y), (east, _), (_, north) = project(31.0, 49.0), project(31.1, 49.0), project(31.0, 49.1)
    assert east > x
    assert north < y
    # a tenth of a degree of longitude is 7.31 km here, one of latitude 11.13 km
    assert (east - x) / (y - north) == pytest.approx(7.31 / 11.13, rel=0.03)


def test_everything_of_the_case_is_inside_the_map(bundled: Shown) -> None:
    left, top, width, height = bundled.scene["box"]
    for x, y in bundled.scene["nodes"]:
        assert left <= x <= left + width
        assert top <= y <= top + height


def test_a_case_at_one_point_or_on_the_equator_still_has_a_map() -> None:
    here = frame_of(small_case(places=(place("a"),), crossings=()))
    assert here.width > 0 < here.height
    equator = frame_of(small_case(places=(place("a", Role.HUB, latitude=0.0),), crossings=()))
    assert equator.box[2] > 0 < equator.box[3]


def test_crimea_lies_within_ukraine(bundled: Shown) -> None:
    from shapely import Point, Polygon

    frame = frame_of(bundled.case)
    simferopol = Point(frame.project(34.1, 44.95))

    def holds(path: str) -> bool:
        rings = [ring.rstrip("Z").split("L") for ring in path.split("M") if ring]
        shapes = [Polygon([tuple(map(float, pair.split(","))) for pair in ring]) for ring in rings]
        return any(shape.contains(simferopol) for shape in shapes)

    assert [code for code, path in outline_paths(frame.project).items() if holds(path)] == ["UA"]


def test_neighbours_are_named_on_the_map(bundled: Shown) -> None:
    named = {label.country for label in country_labels(frame_of(bundled.case))}
    assert {"PL", "RO", "MD", "BY", "RU"} <= named


def test_loads_at_the_border_add_up_to_the_people_out(bundled: Shown) -> None:
    journeys = journeys_of(bundled.case, bundled.plan)
    out = bundled.plan.totals.out
    assert sum(gate.people for gate in gate_loads(bundled.case, journeys)) == out
    assert sum(load.people for load in country_loads(bundled.case, journeys)) == out
    assert sum(load.people for load in centre_loads(bundled.case, journeys)) == out


def test_windows_of_a_gate_follow_each_other_to_the_horizon(bundled: Shown) -> None:
    for gate in gate_loads(bundled.case, journeys_of(bundled.case, bundled.plan)):
        steps = [step for cell in gate.cells for step in range(cell.start, cell.end)]
        assert steps == list(range(bundled.case.steps + 1))


def test_a_night_closure_has_no_capacity(small: Shown) -> None:
    gates = gate_loads(small.case, journeys_of(small.case, small.plan))
    south = next(gate for gate in gates if gate.crossing == "south")
    assert {cell.limit for cell in south.cells if 26 <= cell.start < 46} == {0}  # 21:00 to 07:00


def test_every_vehicle_has_a_duty_and_no_two_bars_of_it_overlap(bundled: Shown) -> None:
    sizes = {group.id: group.size for group in bundled.case.groups}
    fleets = duties_of(bundled.case, bundled.plan, sizes)
    assert sum(len(fleet.duties) for fleet in fleets) == sum(fleet.count for fleet in bundled.case.fleets)
    for duty in (duty for fleet in fleets for duty in fleet.duties):
        for before, after in zip(duty.bars, duty.bars[1:], strict=False):
            assert before.end <= after.start, duty.vehicle


def test_a_convoy_is_drawn_on_the_roads_of_its_corridor() -> None:
    case = besieged()
    corridor = replace(case.corridors[0], roads=("town-inn", "inn-west"))
    case = replace(
        case,
        places=(*case.places, place("inn", Role.JUNCTION, longitude=29.5)),
        roads=(road("town", "inn", 60), road("inn", "west", 60)),
        corridors=(corridor,),
    )
    for convoy, way in (("first", ("town", "inn", "west")), (None, ("town", "west"))):
        only = trip("T1", "buses-01", "town", "across", "west", (4, 6, 6.5, 8.5), "G1", convoy=convoy)
        plan = good_plan(rich_case()).model_copy(
            update={"trips": [only], "moves": [], "rides": [], "drives": []}
        )
        (track,) = tracks_of(case, plan, RoadTimes.of(case), {"G1": 4}).tracks
        assert track.way == way
