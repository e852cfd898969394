"""What people, drivers and dispatchers read of a trip of a line."""

from __future__ import annotations

import csv
from pathlib import Path

from overland.plan.document import Plan
from overland.plan.notices import notices
from overland.plan.sheets import write_manifests, write_sheets, write_stops, write_trips
from overland.plan.spare_seats import spare_seats
from overland.report import write_report
from overland.report.duties import duties_of
from overland.report.movements import journeys_of
from overland.report.tracks import tracks_of
from overland.roads import RoadTimes
from tests.builders import hours
from tests.verify.test_lines import plan_of, village_case, villages

CASE = village_case()
PLAN = plan_of(CASE, villages())
SIZES = {group.id: group.size for group in CASE.groups}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_driver_reads_all_stops_in_order(tmp_path: Path) -> None:
    write_stops(CASE, PLAN, tmp_path / "stops.csv")
    found = rows(tmp_path / "stops.csv")
    moments = "arrive_local", "depart_local", "passed_local"
    assert [(row["node"], row["kind"], *(row[name][-5:] for name in moments)) for row in found] == [
        ("far", "board", "08:00", "08:30", ""),  # it begins to load half an hour before it leaves
        ("near", "board", "09:00", "09:30", ""),
        ("hub", "hub", "10:30", "11:00", ""),
        ("north", "across", "12:00", "", "13:00"),
    ]
    assert [(row["on"], row["off"], row["aboard"], row["seats"], row["groups"]) for row in found] == [
        ("5", "0", "5", "10", "F1 F2"),
        ("4", "0", "9", "10", "N1"),
        ("0", "2", "7", "10", "F2"),
        ("0", "7", "0", "10", "F1 N1"),
    ]


def test_without_trips_of_lines_there_is_no_sheet_of_stops(tmp_path: Path) -> None:
    write_stops(CASE, PLAN, tmp_path / "stops.csv")
    write_stops(CASE, PLAN.model_copy(update={"trips": PLAN.trips[1:]}), tmp_path / "stops.csv")
    assert list(tmp_path.iterdir()) == []


def test_all_sheets_are_written_and_named_and_no_other(tmp_path: Path) -> None:
    def written(plan: Plan) -> list[str]:
        sheets = write_sheets(CASE, plan, RoadTimes.of(CASE), spare_seats(CASE, plan), tmp_path)
        assert sorted(sheets) == sorted(tmp_path.iterdir())
        return [path.name for path in sheets]

    others = ["manifests.csv", "car-advice.csv", "spare-seats.csv"]
    assert written(PLAN) == ["trips.csv", "stops.csv", *others]
    assert written(PLAN.model_copy(update={"trips": PLAN.trips[1:]})) == ["trips.csv", *others]


def test_everybody_stands_on_the_manifest_of_the_stop_where_it_boards(tmp_path: Path) -> None:
    write_manifests(CASE, PLAN, tmp_path / "manifests.csv")
    found = [(row["departure"], row["origin"], row["destination"], row["group"]) for row in
             rows(tmp_path / "manifests.csv")]  # fmt: skip
    assert found == [
        ("T1", "far", "hub", "F2"),
        ("T1", "far", "north", "F1"),
        ("T1", "near", "north", "N1"),
        ("T2", "hub", "north", "F2"),
    ]
    write_trips(CASE, PLAN, tmp_path / "trips.csv")
    assert [(row["trip"], row["people"], row["line"]) for row in rows(tmp_path / "trips.csv")] == [
        ("T1", "9", "villages"),
        ("T2", "2", ""),
    ]


def test_the_report_shows_the_bus_from_stop_to_stop_with_those_aboard(tmp_path: Path) -> None:
    times = RoadTimes.of(CASE)
    buses = [(track.start, track.end, track.people) for track in tracks_of(CASE, PLAN, times, SIZES).tracks]
    assert buses == [(1, 2, 5), (3, 5, 9), (6, 8, 7), (6, 8, 2)]
    stages = journeys_of(CASE, PLAN)["F2"].stages
    assert [(stage.origin, stage.depart, stage.destination) for stage in stages] == [
        ("far", 1, "hub"), ("hub", 6, "north"),
    ]  # fmt: skip
    (bars, _) = (duty for fleet in duties_of(CASE, PLAN, SIZES) for duty in fleet.duties)
    assert any("Far – Near – Hub – across North" in bar.text for bar in bars.bars)
    write_report(CASE, PLAN, times, tmp_path / "report.html")
    assert "Near" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_a_driver_is_told_of_another_stop_time() -> None:
    later = villages(
        stops=[
            *villages().stops[:1],
            villages().stops[1].model_copy(update={"depart": hours(2)}),
            *villages().stops[2:],
        ]
    )
    said = [n.after for n in notices(CASE, PLAN, plan_of(CASE, later)) if n.who == "driver"]
    assert said == ["Thu 08:30 far to north by way of near 10:00, hub 11:00"]
