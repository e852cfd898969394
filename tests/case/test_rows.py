"""Each slip in a row is one fault, at its line and column, with the remedy."""

from __future__ import annotations

import pytest

from tests.case.conftest import Folder

SLIPS = [
    # file, line, cells, fault begins with, and says
    ("groups.csv", 3, {"size": "0"}, "groups.csv:3: size: ", "must be at least 1, not 0"),
    ("groups.csv", 3, {"size": "-2"}, "groups.csv:3: size: ", "must be at least 1, not -2"),
    ("groups.csv", 3, {"size": "61"}, "groups.csv:3: size: ", "must be at most 60, not 61"),
    ("groups.csv", 3, {"size": "two"}, "groups.csv:3: size: ", "must be a whole number such as 4, not 'two'"),
    ("groups.csv", 3, {"size": "2.5"}, "groups.csv:3: size: ", "must be a whole number"),
    ("groups.csv", 3, {"size": "9" * 30}, "groups.csv:3: size: ", "too large"),
    ("groups.csv", 3, {"size": "٤"}, "groups.csv:3: size: ", "must be a whole number"),
    ("groups.csv", 3, {"size": ""}, "groups.csv:3: size: ", "is empty; People in it."),
    ("groups.csv", 3, {"place": "kestral"}, "groups.csv:3: place: ", "did you mean 'kestrel'?"),
    ("groups.csv", 3, {"category": "citizen"}, "groups.csv:3: category: ", "did you mean 'citizens'?"),
    ("groups.csv", 3, {"papers": "stolen"}, "groups.csv:3: papers: ", "one of valid, expired, none"),
    ("groups.csv", 3, {"own_car": "maybe"}, "groups.csv:3: own_car: ", "must be yes or no, not 'maybe'"),
    ("groups.csv", 3, {"source": "S-nobody"}, "groups.csv:3: source: ", "'S-nobody' is not in notes.csv"),
    ("groups.csv", 3, {"id": "G 2"}, "groups.csv:3: id: ", "no spaces"),
    ("groups.csv", 3, {"id": "G0001"}, "groups.csv:3: id: ", "'G0001' is already on line 2; each id must be"),
    (
        "groups.csv",
        3,
        {"kin": "3", "kin_nationality": "XA"},
        "groups.csv:3: kin: ",
        "at most the size of the",
    ),
    ("groups.csv", 6, {"kin_nationality": ""}, "groups.csv:6: kin_nationality: ", "give their nationality"),
    ("groups.csv", 6, {"kin_nationality": "xa"}, "groups.csv:6: kin_nationality: ", "two capital letters"),
    ("groups.csv", 3, {"ready": "soon"}, "groups.csv:3: ready: ", "a date and time such as 2022-02-17 12:00"),
    (
        "groups.csv",
        3,
        {"ready": "2030-03-04"},
        "groups.csv:3: ready: ",
        "write for instance 2030-03-04 00:00",
    ),
    ("groups.csv", 3, {"ready": "2030-02-30 10:00"}, "groups.csv:3: ready: ", "is not a day of the calendar"),
    ("groups.csv", 3, {"ready": "2030-03-04 24:30"}, "groups.csv:3: ready: ", "00:00 to 23:59"),
    (
        "groups.csv",
        3,
        {"ready": "0001-01-01 00:00"},
        "groups.csv:3: ready: ",
        "year must be from 1970 to 2199",
    ),
    ("groups.csv", 3, {"ready": "3/4/2030 12:00"}, "groups.csv:3: ready: ", "2022-02-17 12:00"),
    (
        "groups.csv",
        3,
        {"ready": "2030-03-07 08:00"},
        "groups.csv:3: ready: ",
        "end of the horizon, 2030-03-07",
    ),
    ("groups.csv", 3, {"ready": "2030-03-04 08:00+19:00"}, "groups.csv:3: ready: ", "is no offset from UTC"),
    ("places.csv", 2, {"latitude": "nan"}, "places.csv:2: latitude: ", "must be a number such as 4.5"),
    ("places.csv", 2, {"hazard": "inf"}, "places.csv:2: hazard: ", "must be a number such as 4.5"),
    ("places.csv", 2, {"hazard": "1e300"}, "places.csv:2: hazard: ", "must be at most 1,000,000,000"),
    ("places.csv", 2, {"hazard": "-1"}, "places.csv:2: hazard: ", "must be at least 0, not -1"),
    ("places.csv", 2, {"latitude": "91"}, "places.csv:2: latitude: ", "must be at most 90, not 91"),
    ("places.csv", 2, {"latitude": "38,0"}, "places.csv:2: latitude: ", "write the decimal point: 38.0"),
    ("places.csv", 2, {"boarding_per_hour": "0"}, "places.csv:2: boarding_per_hour: ", "more than 0, not 0"),
    ("places.csv", 2, {"waiting_capacity": "9"}, "places.csv:2: waiting_capacity: ", "add the role hub"),
    (
        "roads.csv",
        2,
        {"end": "midwey"},
        "roads.csv:2: end: ",
        "places.csv or crossings.csv; did you mean 'mid",
    ),
    ("roads.csv", 2, {"end": "kestrel"}, "roads.csv:2: end: ", "a road joins two nodes"),
    ("roads.csv", 2, {"km": "0"}, "roads.csv:2: km: ", "must be more than 0"),
    ("roads.csv", 2, {"road_class": "T"}, "roads.csv:2: road_class: ", "add it there, or give speed_kmh"),
    ("closures.csv", 2, {"end": "2030-03-04 19:00"}, "closures.csv:2: end: ", "must be later than start"),
    ("closures.csv", 2, {"road": "n3"}, "closures.csv:2: road: ", "'n3' is not in roads.csv"),
    (
        "corridors.csv",
        2,
        {"roads": "n2-kestrel-harrow n3-harow-linden"},
        "corridors.csv:2: roads: ",
        "did you",
    ),
    ("corridors.csv", 2, {"end": "2030-03-05 10:00"}, "corridors.csv:2: end: ", "must be later than start"),
    (
        "corridors.csv",
        2,
        {"status": "agreed"},
        "corridors.csv:2: status: ",
        "requested, assured, accepted, ref",
    ),
    (
        "crossings.csv",
        2,
        {"country": "Portugal"},
        "crossings.csv:2: country: ",
        "two capital letters such as",
    ),
    ("crossings.csv", 2, {"reception": "nowhere"}, "crossings.csv:2: reception: ", "is not in reception.csv"),
    ("crossing_modes.csv", 4, {"closes": ""}, "crossing_modes.csv:4: closes: ", "give both, or neither"),
    ("crossing_modes.csv", 4, {"opens": ""}, "crossing_modes.csv:4: opens: ", "give both, or neither"),
    (
        "crossing_modes.csv",
        4,
        {"opens": "6 am"},
        "crossing_modes.csv:4: opens: ",
        "a time of day such as 06:00",
    ),
    ("crossing_modes.csv", 4, {"mode": "feet"}, "crossing_modes.csv:4: mode: ", "car, bus, foot, rail, not"),
    ("crossing_modes.csv", 3, {"mode": "bus"}, "crossing_modes.csv:3: crossing: ", "already on line 2"),
    (
        "waits.csv",
        2,
        {"crossing": "west-gate", "mode": "foot"},
        "waits.csv:2: mode: ",
        "add it there or remove",
    ),
    ("fleets.csv", 2, {"depot": "linden"}, "fleets.csv:2: depot: ", "give it the role depot in places.csv"),
    (
        "fleets.csv",
        2,
        {"available": "2030-04-01 00:00"},
        "fleets.csv:2: available: ",
        "before the end of the",
    ),
    ("fleets.csv", 2, {"seats": "0"}, "fleets.csv:2: seats: ", "must be at least 1"),
    (
        "fleets.csv",
        2,
        {"max_duty_hours": "8"},
        "fleets.csv:2: max_duty_hours: ",
        "at least max_driving_hours, 9",
    ),
    ("fleets.csv", 2, {"access": "Wheelchair"}, "fleets.csv:2: access: ", "words of small letters such as"),
    ("groups.csv", 3, {"needs": "weelchair"}, "groups.csv:3: needs: ", "did you mean 'wheelchair'?"),
    ("convoys.csv", 2, {"departs": "2030-04-01 00:00"}, "convoys.csv:2: departs: ", "before the end of the"),
    ("convoys.csv", 2, {"vehicles": "0"}, "convoys.csv:2: vehicles: ", "must be at least 1"),
    ("services.csv", 2, {"last_day": "2030-03-03"}, "services.csv:2: last_day: ", "not be before first_day"),
    ("services.csv", 2, {"first_day": "Monday"}, "services.csv:2: first_day: ", "a day such as 2022-02-17"),
    ("service_stops.csv", 3, {"sequence": "1"}, "service_stops.csv:3: service: ", "is already on line 2"),
    (
        "service_stops.csv",
        3,
        {"sequence": "01"},
        "service_stops.csv:3: service: a row with service 'night-train' and sequence '01' is ",
        "already on line 2 of the file; service and sequence must together be unique",
    ),
    ("service_stops.csv", 3, {"minutes": "0"}, "service_stops.csv:3: minutes: ", "must be more than 0"),
    ("service_stops.csv", 4, {"sequence": "0"}, "service_stops.csv:4: sequence: ", "must be at least 1"),
    ("service_stops.csv", 3, {"sequence": "9"}, "service_stops.csv:4: sequence: ", "must be more than 9"),
    (
        "service_stops.csv",
        2,
        {"minutes": "5"},
        "service_stops.csv:2: minutes: ",
        "must be 0 at the first stop",
    ),
    ("service_stops.csv", 4, {"stop": "west-gate"}, "service_stops.csv:4: stop: ", "has no mode rail"),
    ("service_stops.csv", 4, {"stop": "kestrel"}, "service_stops.csv:4: stop: ", "calls at kestrel twice"),
    ("headcounts.csv", 2, {"likely": "9"}, "headcounts.csv:2: likely: ", "must be at least low, 10, not 9"),
    ("headcounts.csv", 2, {"high": "12"}, "headcounts.csv:2: high: ", "must be at least likely, 13, not 12"),
    (
        "entry_rules.csv",
        2,
        {"papers": "any"},
        "entry_rules.csv:2: papers: ",
        "one of valid, expired, none, *",
    ),
    ("entry_rules.csv", 2, {"nationality": "?"}, "entry_rules.csv:2: nationality: ", "such as PL or *"),
    ("entry_rules.csv", 5, {"nationality": "*", "papers": "*"}, "entry_rules.csv:6: admitted: ", "above it"),
    ("posts.csv", 2, {"alternate": "midvay"}, "posts.csv:2: alternate: ", "did you mean 'midway'?"),
]


@pytest.mark.parametrize(("file", "line", "cells", "where", "says"), SLIPS)
def test_a_slip_is_one_fault_at_its_place(
    folder: Folder, file: str, line: int, cells: dict[str, str], where: str, says: str
) -> None:
    folder.change(file, line, **cells)
    fault = folder.fault()
    assert fault.startswith(where)
    assert says in fault


def test_all_faults_are_named_at_once_in_file_and_line_order(folder: Folder) -> None:
    folder.change("roads.csv", 4, km="-1")
    folder.change("groups.csv", 9, size="many", papers="lost")
    folder.change("groups.csv", 3, place="atlantis")
    folder.replace("case.toml", "step_minutes = 30 ", "step_minutes = 35 ")
    assert [fault.rsplit(": ", 1)[0] for fault in folder.faults()] == [
        "case.toml:14: [case] step_minutes",
        "groups.csv:3: place",
        "groups.csv:9: size",
        "groups.csv:9: papers",
        "roads.csv:4: km",
    ]


def test_a_faulty_row_still_counts_as_being_there(folder: Folder) -> None:
    folder.change("places.csv", 2, latitude="north")
    assert folder.fault().startswith("places.csv:2: latitude")  # nobody who refers to kestrel is at fault


def test_a_group_gathers_where_people_may_gather(folder: Folder) -> None:
    folder.change("places.csv", 4, roles="junction")
    faults = folder.faults()
    assert [fault.split(": ")[0] for fault in faults] == ["groups.csv:8", "groups.csv:9"]
    assert "give it the role assembly in places.csv" in faults[0]


def test_a_road_with_its_own_speed_needs_none_for_its_class(folder: Folder) -> None:
    folder.change("roads.csv", 2, road_class="T", speed_kmh="30")
    assert folder.faults() == []


@pytest.mark.parametrize(
    ("text", "what"), [("2030-03-31 00:30", "does not exist"), ("2030-10-27 00:30", "comes twice")]
)
def test_a_local_time_when_the_clocks_change_needs_an_offset(folder: Folder, text: str, what: str) -> None:
    folder.change("headcounts.csv", 2, as_of=text)
    fault = folder.fault()
    assert fault.startswith("headcounts.csv:2: as_of: ")
    assert what in fault
    assert f"give the offset: {text}-01:00 or {text}+00:00" in fault or (
        f"give the offset: {text}+00:00 or {text}-01:00" in fault
    )
    folder.change("headcounts.csv", 2, as_of=f"{text}-01:00")
    assert folder.faults() == []
