"""The sheets of a plan: what a dispatcher and those who call people aboard have in hand."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from overland.case import Case
from overland.plan.document import Plan
from overland.plan.sheets import MANIFEST_COLUMNS, TRIP_COLUMNS, write_manifests, write_trips
from tests.verify.handmade import good_plan, rich_case

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def case() -> Case:
    return rich_case()


@pytest.fixture(scope="module")
def plan(case: Case) -> Plan:
    return good_plan(case)


def read(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def trips(case: Case, plan: Plan, tmp_path: Path) -> Rows:
    write_trips(case, plan, tmp_path / "trips.csv")
    return read(tmp_path / "trips.csv")


@pytest.fixture
def manifests(case: Case, plan: Plan, tmp_path: Path) -> Rows:
    write_manifests(case, plan, tmp_path / "manifests.csv")
    return read(tmp_path / "manifests.csv")


def test_a_trip_across_the_border_is_a_row_in_local_time(trips: Rows) -> None:
    assert list(trips[0]) == [column.name for column in TRIP_COLUMNS]
    assert trips[0] == {
        "trip": "T0001",
        "vehicle": "buses-01",
        "fleet": "buses",
        "kind": "across",
        "origin": "capital",
        "destination": "west",
        "country": "PL",
        "depart_local": "2022-02-17 08:30",
        "arrive_local": "2022-02-17 11:30",
        "passed_local": "2022-02-17 12:30",
        "seats": "20",
        "people": "10",
        "groups": "2",
        "convoy": "",
        "line": "",
    }


def test_a_trip_to_a_hub_has_no_country_and_no_passing(trips: Rows) -> None:
    to_hub = [row for row in trips if row["kind"] == "hub"]
    assert [(row["destination"], row["country"], row["passed_local"]) for row in to_hub] == [("hub", "", "")]


def test_trips_are_in_order_of_departure(trips: Rows) -> None:
    assert [row["trip"] for row in trips] == ["T0001", "T0002", "T0004", "T0003", "T0005", "T0006"]


def test_a_group_on_a_bus_is_a_row(manifests: Rows) -> None:
    assert list(manifests[0]) == [column.name for column in MANIFEST_COLUMNS]
    assert manifests[0] == {
        "departure": "T0001",
        "mode": "bus",
        "vehicle_or_run": "buses-01",
        "origin": "capital",
        "destination": "west",
        "depart_local": "2022-02-17 08:30",
        "group": "G1",
        "size": "4",
        "category": "vulnerable",
        "can_walk": "no",
        "needs": "",
    }


def test_needs_stand_on_the_manifest(case: Case, plan: Plan, tmp_path: Path) -> None:
    both = frozenset(["wheelchair", "stretcher"])
    groups = tuple(replace(group, needs=both if group.id == "G2" else frozenset()) for group in case.groups)
    write_manifests(replace(case, groups=groups), plan, tmp_path / "manifests.csv")
    needs = {row["group"]: row["needs"] for row in read(tmp_path / "manifests.csv")}
    assert needs["G2"] == "stretcher wheelchair"
    assert needs["G1"] == ""


def departures(manifests: Rows, group: str) -> list[tuple[str, str, str]]:
    return [
        (row["departure"], row["mode"], row["vehicle_or_run"]) for row in manifests if row["group"] == group
    ]


def test_a_group_that_changes_at_a_hub_is_on_two_manifests(manifests: Rows) -> None:
    train = "train@2022-02-17"
    assert departures(manifests, "G7") == [(train, "service", train), ("T0003", "bus", "vans-01")]


def test_an_own_car_is_a_manifest_without_a_vehicle_of_ours(manifests: Rows) -> None:
    assert departures(manifests, "G4") == [("car", "car", "")]


def test_who_is_left_is_on_no_manifest(manifests: Rows) -> None:
    assert departures(manifests, "G8") == departures(manifests, "G9") == []


def test_the_two_sheets_count_the_same_people(trips: Rows, manifests: Rows) -> None:
    for trip in trips:
        aboard = [int(row["size"]) for row in manifests if row["departure"] == trip["trip"]]
        assert (sum(aboard), len(aboard)) == (int(trip["people"]), int(trip["groups"]))


def test_an_hour_that_comes_twice_is_told_apart(case: Case, plan: Plan, tmp_path: Path) -> None:
    autumn = datetime(2022, 10, 29, 23, 30, tzinfo=UTC)  # clocks go back in Kyiv at 01:00 UTC on the 30th
    later = [
        plan.trips[0].model_copy(update={"id": key, "depart": autumn + timedelta(hours=hours)})
        for key, hours in (("T1", 0), ("T2", 1), ("T3", 2))
    ]
    write_trips(case, plan.model_copy(update={"trips": later}), tmp_path / "trips.csv")
    departs = [row["depart_local"] for row in read(tmp_path / "trips.csv")]
    assert departs == ["2022-10-30 02:30", "2022-10-30 00:30Z", "2022-10-30 01:30Z"]


def test_a_category_with_a_comma_stays_one_cell(case: Case, plan: Plan, tmp_path: Path) -> None:
    groups = tuple(replace(group, category='kin, "near"') for group in case.groups)
    write_manifests(replace(case, groups=groups), plan, tmp_path / "manifests.csv")
    assert {row["category"] for row in read(tmp_path / "manifests.csv")} == {'kin, "near"'}


def test_a_sheet_replaces_the_one_before_and_leaves_nothing_beside_it(
    case: Case, plan: Plan, tmp_path: Path
) -> None:
    (tmp_path / "trips.csv").write_text("of yesterday")
    write_trips(case, plan, tmp_path / "trips.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["trips.csv"]
    assert len(read(tmp_path / "trips.csv")) == len(plan.trips)


def test_an_empty_plan_has_headings_only(case: Case, plan: Plan, tmp_path: Path) -> None:
    nothing = plan.model_copy(update={"trips": [], "rides": [], "drives": []})
    write_trips(case, nothing, tmp_path / "trips.csv")
    write_manifests(case, nothing, tmp_path / "manifests.csv")
    assert (tmp_path / "trips.csv").read_text().count("\n") == 1
    assert (tmp_path / "manifests.csv").read_text().count("\n") == 1
