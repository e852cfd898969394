"""What must hold between tables, and what is missing as a whole."""

from __future__ import annotations

import pytest

from tests.case.conftest import Folder


def test_a_crossing_without_a_mode_cannot_be_passed(folder: Folder) -> None:
    folder.remove("crossing_modes.csv", 7)
    folder.remove("crossing_modes.csv", 6)
    assert folder.fault() == (
        "crossings.csv:3: id: west-gate has no row in crossing_modes.csv; add at least one mode"
    )


def test_a_crossing_no_road_leads_to(folder: Folder) -> None:
    folder.remove("roads.csv", 6)
    assert folder.fault() == (
        "crossings.csv:3: id: no road leads to west-gate; add one in roads.csv that ends there"
    )


def test_a_crossing_by_rail_alone_needs_no_road(folder: Folder) -> None:
    folder.remove("roads.csv", 6)
    folder.remove("crossing_modes.csv", 7)
    folder.change("crossing_modes.csv", 6, mode="rail")
    assert folder.faults() == []


def test_a_place_no_road_leads_out_of(folder: Folder) -> None:
    folder.remove("roads.csv", 4)
    folder.remove("closures.csv", 2)
    folder.remove("convoys.csv", 2)
    folder.remove("corridors.csv", 2)
    assert folder.faults() == []
    folder.change("roads.csv", 3, one_way="yes")  # one can only go to Harrow now
    assert folder.fault() == (
        "places.csv:3: id: no road leads from harrow to any crossing; join it to the network in roads.csv"
    )


def test_crossings_are_no_way_to_elsewhere(folder: Folder) -> None:
    folder.add("places.csv", id="exclave", name="Exclave", latitude="38", longitude="-39", roles="assembly")
    folder.add("roads.csv", id="x", start="west-gate", end="exclave", km="10", road_class="N", one_way="yes")
    assert folder.fault().startswith("places.csv:6: id: no road leads from exclave to any crossing")


def test_closures_do_not_make_a_place_unreachable(folder: Folder) -> None:
    for road in ("n2-kestrel-harrow", "m1-kestrel-midway"):
        folder.add("closures.csv", road=road, start="2030-03-01 00:00")
    assert folder.faults() == []


def test_a_place_and_a_crossing_cannot_share_an_id(folder: Folder) -> None:
    folder.add("places.csv", id="west-gate", name="W", latitude="38", longitude="-38", roles="junction")
    assert folder.fault() == (
        "crossings.csv:3: id: 'west-gate' is already a place (places.csv:6); a crossing needs another id"
    )


def test_people_whose_entry_is_not_ruled(folder: Folder) -> None:
    folder.remove("entry_rules.csv", 6)
    faults = folder.faults()
    assert len(faults) == 1
    assert faults[0] == (
        "entry_rules.csv: nationality: no row says whether people of XS with papers none (groups.csv:9) "
        "may enter XC; add one, such as XC,XS,none,no"
    )


def test_kin_need_an_entry_rule_of_their_own(folder: Folder) -> None:
    folder.remove("entry_rules.csv", 6)
    folder.change("groups.csv", 9, papers="valid")
    folder.change("groups.csv", 6, kin_nationality="XK")
    faults = folder.faults()
    assert [("XK with papers valid (groups.csv:6)" in fault) for fault in faults] == [True, True]


def test_a_train_has_stops(folder: Folder) -> None:
    folder.remove("service_stops.csv", 4)
    folder.remove("service_stops.csv", 3)
    assert folder.fault() == (
        "services.csv:2: id: night-train has 1 stops in service_stops.csv; it needs at least two"
    )


def test_a_crossing_is_the_last_stop(folder: Folder) -> None:
    folder.add("service_stops.csv", service="night-train", sequence="4", stop="linden", minutes="400")
    assert folder.fault().startswith(
        "service_stops.csv:4: stop: north-gate is a crossing; a service can call at one only as its last stop"
    )


@pytest.mark.parametrize("table", ["places", "crossings", "groups"])
def test_some_tables_need_a_row(folder: Folder, table: str) -> None:
    rows = folder.rows(f"{table}.csv")
    folder.save(f"{table}.csv", rows[:1])
    assert f"{table}.csv: has no rows; a case needs at least one" in folder.faults()


@pytest.mark.parametrize(
    "file", ["places", "roads", "crossings", "crossing_modes", "reception", "groups", "fleets", "entry_rules"]
)
def test_a_missing_table_is_one_fault(folder: Folder, file: str) -> None:
    (folder.path / f"{file}.csv").unlink()
    assert folder.fault() == f"{file}.csv: is missing; a case needs this file"


@pytest.mark.parametrize("file", ["closures", "convoys", "waits", "headcounts", "posts"])
def test_other_tables_may_be_left_out(folder: Folder, file: str) -> None:
    (folder.path / f"{file}.csv").unlink()
    assert folder.faults() == []


def test_a_convoy_has_a_corridor_that_is_escorted(folder: Folder) -> None:
    folder.change("corridors.csv", 2, escorted="no")
    assert folder.fault().startswith("convoys.csv:2: corridor: east is open to anybody; set escorted in")
    folder.change("corridors.csv", 2, escorted="yes")
    folder.change("convoys.csv", 2, corridor="eats")
    assert folder.fault() == "convoys.csv:2: corridor: 'eats' is not in corridors.csv; did you mean 'east'?"
    (folder.path / "convoys.csv").unlink()
    (folder.path / "corridors.csv").unlink()
    assert folder.faults() == []


def test_without_notes_no_source_is_known(folder: Folder) -> None:
    (folder.path / "notes.csv").unlink()
    assert any(fault == "places.csv:2: source: 'S-map' is not in notes.csv" for fault in folder.faults())


def test_a_single_vehicle_is_one_of_its_fleet(folder: Folder) -> None:
    folder.change("vehicles.csv", 2, number="4")
    assert folder.fault() == "vehicles.csv:2: number: must be at most 3, the size of coaches, not 4"


def test_a_single_run_is_on_a_day_of_its_service(folder: Folder) -> None:
    folder.change("runs.csv", 2, day="2030-03-09")
    assert folder.fault() == (
        "runs.csv:2: day: night-train runs from 2030-03-04 to 2030-03-06, not on 2030-03-09"
    )
