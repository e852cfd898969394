"""``threats.geojson``: each slip is one fault at its line and property, with the remedy."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from overland.case import read_case, write_case
from overland.case.cells import moment_text
from tests.case.conftest import Folder

FILE = "threats.geojson"
RING = "[[-35.6, 38.2], [-35.1, 38.2], [-35.1, 38.6], [-35.6, 38.6], [-35.6, 38.2]]"

SLIPS = [
    # old, new, fault begins with, and says
    ('"level": 4', '"level": 6', "threats.geojson:3: level: ", "must be at most 5, not 6"),
    ('"level": 4, ', "", "threats.geojson:2: level: ", "the property is missing; 1 watch"),
    ('"level": 4', '"level": [4]', "threats.geojson:3: level: ", "must be a single value"),
    ('"hazard": 2.0', '"hazard": -2', "threats.geojson:3: hazard: ", "must be at least 0"),
    ('"closes_roads": true', '"closes_roads": "often"', "threats.geojson:3: closes_roads: ", "yes or no"),
    ('"closes_roads"', '"closes_road"', "threats.geojson:3: closes_road: ", "did you mean 'closes_roads'?"),
    ('"end": null', '"end": "2030-03-05 21:00"', "threats.geojson:4: end: ", "must be later than start"),
    ('"2030-03-05 22:00"', '"tomorrow"', "threats.geojson:4: start: ", "such as 2022-02-17 12:00"),
    ('"A-threat"', '"A-thread"', "threats.geojson:4: source: ", "did you mean 'A-threat'?"),
    ('"Shelling in the east"', '"\\ud800"', "threats.geojson:3: name: ", "half a character"),
    ('"Polygon"', '"Point"', "threats.geojson:5: geometry: ", "a Polygon or a MultiPolygon, not 'Point'"),
    (RING, "7", "threats.geojson:5: geometry: ", "a ring needs at least four positions"),
    (f"[{RING}]", "[]", "threats.geojson:5: geometry: ", "coordinates must be lists of rings"),
    (", [-35.6, 38.2]]", ", [-35.6, 38.3]]", "threats.geojson:5: geometry: ", "is not closed: it begins at"),
    (
        "[-35.1, 38.2]",
        "[38.2, -135.1]",
        "threats.geojson:5: geometry: ",
        "the order is [longitude, latitude]",
    ),
    ("[-35.1, 38.2]", '["west", 38.2]', "threats.geojson:5: geometry: ", "must be [longitude, latitude]"),
    ("[-35.1, 38.2]", "[true, 38.2]", "threats.geojson:5: geometry: ", "must be [longitude, latitude]"),
    ("[-35.1, 38.6]", "[-36, 38.4]", "threats.geojson:5: geometry: ", "the area is not simple"),
    ("[-35.1, 38.2]", "[NaN, 38.2]", "threats.geojson:5: ", "NaN is not a number"),
    ('"level": 4,', '"level": 4', "threats.geojson:3: ", "is not valid JSON (column"),
    ('"FeatureCollection"', '"Topology"', "threats.geojson:1: ", "must be a GeoJSON FeatureCollection"),
    (RING, "[" * 100_000, "threats.geojson: ", "is nested too deeply"),
    ("[-35.1, 38.2]", f"[{'9' * 6000}, 38.2]", "threats.geojson: ", "a number of thousands of digits"),
]


@pytest.mark.parametrize(("old", "new", "where", "says"), SLIPS)
def test_a_slip_is_one_fault_at_its_property(
    folder: Folder, old: str, new: str, where: str, says: str
) -> None:
    folder.replace(FILE, old, new)
    mine = [fault for fault in folder.faults() if fault.startswith(where)]
    assert len(mine) == 1, "\n".join(folder.faults())
    assert says in mine[0]


@pytest.mark.parametrize("content", ["", "[]", "null", "{}", '{"type": "FeatureCollection"}'])
def test_something_else_altogether(folder: Folder, content: str) -> None:
    folder.write(FILE, content)
    assert folder.fault().startswith("threats.geojson:1: ")


def test_a_feature_that_is_none(folder: Folder) -> None:
    folder.replace(FILE, '"features": [', '"features": [17, ')
    assert "a feature must be an object" in folder.fault()


def test_ids_are_unique(folder: Folder) -> None:
    feature = json.loads(folder.text(FILE))["features"][0]
    lines = ",\n".join(json.dumps(feature) for _ in range(2))
    folder.write(FILE, f'{{"type": "FeatureCollection", "features": [\n{lines}\n]}}')
    assert folder.fault() == (
        "threats.geojson:3: id: 'east-shelling' is already the threat on line 2; ids must be unique"
    )


def test_lines_of_features_behind_other_members(folder: Folder) -> None:
    members = '{"bbox": [1, 2],\n"crs": {"features": [{"a": "}"}]},\n"type": "FeatureCollection"'
    folder.replace(FILE, '{"type": "FeatureCollection"', members)
    folder.replace(FILE, '"level": 4', '"level": 9')
    assert folder.fault().startswith("threats.geojson:5: level: ")


def square(west: float, south: float, size: float) -> tuple[tuple[float, float], ...]:
    east, north = west + size, south + size
    return ((west, south), (east, south), (east, north), (west, north), (west, south))


def test_areas_of_several_parts_with_holes_are_read_as_written(folder: Folder) -> None:
    case = read_case(folder.path)
    rings = (square(0, 0, 4), square(1, 1, 1), square(5, 0, 1), square(8, 8, 3), square(9, 9, 1))
    rings = tuple(tuple((float(x), float(y)) for x, y in ring) for ring in rings)
    changed = replace(case, threats=(replace(case.threats[0], rings=rings),))
    write_case(changed, folder.path)
    geometry = json.loads(folder.text(FILE))["features"][0]["geometry"]
    assert [len(polygon) for polygon in geometry["coordinates"]] == [2, 1, 2]
    assert read_case(folder.path) == changed


def test_overlapping_parts_are_refused(folder: Folder) -> None:
    shifted = RING.replace("38.2", "38.3")
    folder.replace(FILE, f"[{RING}]", f"[[{RING}], [{shifted}]]")
    folder.replace(FILE, '"Polygon"', '"MultiPolygon"')
    assert "the area is not simple" in folder.fault()


def test_a_file_that_is_far_too_large(folder: Folder) -> None:
    folder.write(FILE, folder.text(FILE) + " " * 20_000_000)
    assert folder.fault().startswith("threats.geojson: has 20,000,")


def test_a_curfew_is_a_threat_for_every_day(folder: Folder) -> None:
    case = read_case(folder.path)
    folder.replace(FILE, '"level": 4', '"daily_from": "22:00", "daily_until": "05:00", "level": 4')
    folder.replace(FILE, f'"{moment_text(case.threats[0].start, case.zone)}"', '"2020-01-01 00:00"')
    nights = read_case(folder.path).threats
    last = case.time_of(case.steps)
    assert len(nights) in (case.horizon_hours // 24, case.horizon_hours // 24 + 1)
    assert all(case.start <= night.start < night.end <= last for night in nights if night.end)
    whole = [night for night in nights if night.end and night.end - night.start == timedelta(hours=7)]
    assert {f"{night.start.astimezone(case.zone):%H:%M}" for night in whole} == {"22:00"}
    assert all(night.id.startswith("east-shelling-") for night in nights)
    write_case(read_case(folder.path), folder.path)
    assert read_case(folder.path).threats == nights


def test_half_a_curfew_is_a_fault(folder: Folder) -> None:
    folder.replace(FILE, '"level": 4', '"daily_from": "22:00", "level": 4')
    assert folder.fault().endswith("daily_from and daily_until belong together; give both or neither")


def test_a_day_of_a_curfew_does_not_take_the_name_of_another_threat(folder: Folder) -> None:
    case = read_case(folder.path)
    feature = json.loads(folder.text(FILE))["features"][0]
    day = f"{case.start.astimezone(case.zone):%Y-%m-%d}"
    feature["properties"] |= {"start": "2020-01-01 00:00", "end": None}
    other = {**feature, "properties": {**feature["properties"], "id": f"east-shelling-{day}"}}
    feature["properties"] |= {"daily_from": "10:00", "daily_until": "09:00"}
    lines = ",\n".join(json.dumps(one) for one in (other, feature))
    folder.write(FILE, f'{{"type": "FeatureCollection", "features": [\n{lines}\n]}}')
    assert "ids must be unique" in folder.fault()
