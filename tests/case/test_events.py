"""Events: what they make of a case, and how those that make no sense are refused."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from overland.case import read_case, write_case
from overland.case.changes import AsOfNow, after
from overland.case.events import KINDS, between, read_events
from overland.case.model import (
    Case,
    Closure,
    Convoy,
    Corridor,
    CorridorStatus,
    Mode,
    RunSeats,
    Service,
    ServiceStop,
    SingleVehicle,
    Threat,
    WaitForecast,
)
from overland.errors import CaseError
from tests.builders import fleet, group, hours, small_case

KNOWN = {"known": "2022-02-17 10:00"}  # two hours after the start
SQUARE = ((20.0, 48.0), (21.0, 48.0), (21.0, 49.0), (20.0, 48.0))


def write(path: Path, *events: dict[str, Any] | str) -> Path:
    rows = [event if isinstance(event, str) else json.dumps(KNOWN | event) for event in events]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def told(tmp_path: Path, case: Case, *events: dict[str, Any]) -> AsOfNow:
    """A case after events, by way of a file."""
    return after(case, read_events(write(tmp_path / "events.jsonl", *events), case))


def fault(tmp_path: Path, case: Case, *events: dict[str, Any] | str) -> str:
    """What is wrong with the events, without the folder of the file."""
    path = write(tmp_path / "events.jsonl", *events)
    with pytest.raises(CaseError) as raised:
        after(case, read_events(path, case))
    return str(raised.value).replace(f"{path.parent}/", "")


def with_a_train() -> Case:
    service = Service(
        id="train",
        name="Train",
        seats=10,
        departs=time(12),
        first_day=date(2022, 2, 17),
        last_day=date(2022, 2, 18),
    )
    stops = tuple(
        ServiceStop(service="train", sequence=i + 1, stop=stop, minutes=60 * i)
        for i, stop in enumerate(("capital", "hub"))
    )
    return small_case(services=(service,), service_stops=stops)


def test_a_road_closes_from_when_it_is_known_or_at_another_moment(tmp_path: Path) -> None:
    case = told(
        tmp_path,
        small_case(),
        {"event": "road_closed", "road": "hub-west"},
        {"event": "road_closed", "road": "hub-south", "start": "2022-02-17 18:00", "end": "2022-02-18 06:00"},
    ).case
    assert case.closures == (
        Closure(road="hub-west", start=hours(2)),
        Closure(road="hub-south", start=hours(10), end=hours(22)),
    )


def test_a_road_opens_what_was_to_close_it_later_is_off(tmp_path: Path) -> None:
    closures = (
        Closure(road="hub-west", start=hours(-9), end=hours(-5)),
        Closure(road="hub-west", start=hours(0)),
        Closure(road="hub-west", start=hours(9), end=hours(11)),
        Closure(road="hub-south", start=hours(0)),
    )
    case = told(tmp_path, small_case(closures=closures), {"event": "road_opened", "road": "hub-west"}).case
    assert case.closures == (closures[0], replace(closures[1], end=hours(2)), closures[3])


def test_a_crossing_has_another_rate_wait_and_hours(tmp_path: Path) -> None:
    at_west = {"event": "crossing_changed", "crossing": "west", "mode": "bus"}
    case = told(
        tmp_path,
        small_case(),
        at_west | {"rate_per_hour": 5, "wait_hours": 6},
        at_west | {"opens": "06:00", "closes": "20:00"},
    ).case
    west = case.crossing_modes[0]
    assert (west.rate_per_hour, west.wait_hours, west.opens, west.closes) == (5, 1, time(6), time(20))
    assert case.waits == (WaitForecast(crossing="west", mode=Mode.BUS, start=hours(2), wait_hours=6),)
    assert case.crossing_modes[1:] == small_case().crossing_modes[1:]


def test_vehicles_are_lost_or_late_by_name_or_by_number(tmp_path: Path) -> None:
    case = small_case(fleets=(fleet("buses", "capital", 4),))
    case = told(
        tmp_path,
        case,
        {"event": "vehicles_lost", "vehicles": ["buses-01"]},
        {"event": "vehicles_lost", "fleet": "buses", "number": 1},
        {"event": "vehicles_late", "vehicles": "buses-02 buses-01", "available": "2022-02-17T12:00:00Z"},
    ).case
    assert case.vehicles == (
        SingleVehicle(fleet="buses", number=1, lost=True, available=hours(6)),
        SingleVehicle(fleet="buses", number=4, lost=True),
        SingleVehicle(fleet="buses", number=2, available=hours(6)),
    )
    assert case.vehicles_of(case.fleets[0]) == {"buses-02": hours(6), "buses-03": hours(0)}


def test_runs_are_cancelled_or_have_other_seats(tmp_path: Path) -> None:
    case = told(
        tmp_path, with_a_train(), {"event": "run_changed", "run": "train@2022-02-18", "seats": 0}
    ).case
    assert case.runs == (RunSeats(service="train", day=date(2022, 2, 18), seats=0),)
    assert [case.seats_of(case.services[0], date(2022, 2, day)) for day in (17, 18)] == [10, 0]


def test_groups_come_change_go_and_miss_their_bus(tmp_path: Path) -> None:
    as_of_now = told(
        tmp_path,
        small_case(),
        {"event": "group_added", "id": "G9", "place": "town", "size": 3, "category": "kin", **_ready(20)},
        {"event": "group_changed", "group": "G9", "size": 4, "can_walk": False, "needs": ["wheelchair"]},
        {"event": "group_withdrawn", "group": "G2"},
        {"event": "group_missed", "group": "G1", **_ready(12)},
    )
    ids = [row.id for row in as_of_now.case.groups]
    assert ids == ["G1", "G3", "G4", "G5", "G9"]
    assert as_of_now.case.groups[-1] == group(
        "G9", "town", 4, category="kin", can_walk=False, ready=hours(12), needs=frozenset(["wheelchair"])
    )
    assert as_of_now.case.groups[0].ready == hours(4)
    assert as_of_now.missed == {"G1"}


def _ready(hour: int) -> dict[str, str]:
    return {"ready": f"2022-02-17 {hour}:00"}


def test_threats_and_corridors_begin_and_end(tmp_path: Path) -> None:
    area = {"type": "Polygon", "coordinates": [[list(point) for point in SQUARE]]}
    window = {"id": "green", "name": "Green", "roads": "hub-west", "start": "2022-02-17 08:00"}
    case = told(
        tmp_path,
        small_case(),
        {
            "event": "threat_added", "id": "front", "name": "Front", "level": 5, "hazard": 3,
            "closes_roads": True, "start": "2022-02-17 10:00", "geometry": area,
        },
        {"event": "threat_ended", "threat": "front", "end": "2022-02-17 20:00"},
        {"event": "corridor_added", **window, "end": "2022-02-17 20:00", "status": "accepted"},
        {"event": "corridor_changed", "corridor": "green", "status": "refused"},
    ).case  # fmt: skip
    assert case.threats == (
        Threat(
            id="front", name="Front", level=5, hazard=3, closes_roads=True, start=hours(2), end=hours(12),
            rings=(SQUARE,),
        ),
    )  # fmt: skip
    was = Corridor(
        id="green",
        name="Green",
        roads=("hub-west",),
        start=hours(0),
        end=hours(2),
        status=CorridorStatus.ACCEPTED,
    )
    assert case.corridors == (was, replace(was, start=hours(2), end=hours(12), status=CorridorStatus.REFUSED))


def test_a_convoy_is_added_to_an_escorted_corridor(tmp_path: Path) -> None:
    way = {"id": "way", "name": "The way out", "roads": "hub-west", "status": "accepted", "escorted": True}
    convoy = {"event": "convoy_added", "id": "first", "corridor": "way", "place": "hub", "vehicles": 3}
    case = told(
        tmp_path,
        small_case(),
        {"event": "corridor_added", **way, "start": "2022-02-17 12:00", "end": "2022-02-17 20:00"},
        convoy | {"departs": "2022-02-17 14:00"},
    ).case
    first = Convoy(id="first", corridor="way", place="hub", departs=hours(6), vehicles=3)
    assert case.convoys == (first,)
    with pytest.raises(CaseError, match="'first' is there already"):
        told(tmp_path, case, convoy | {"departs": "2022-02-17 15:00"})


def test_a_fleet_is_added_and_the_case_can_be_written_and_read(tmp_path: Path) -> None:
    case = told(
        tmp_path,
        with_a_train(),
        {"event": "fleet_added", "id": "new", "depot": "capital", "count": 2, "seats": 50}
        | {"available": "2022-02-17 20:00"},
        {"event": "vehicles_lost", "vehicles": ["new-02"]},
        {"event": "run_changed", "run": "train@2022-02-17", "seats": 3},
    ).case
    assert case.fleets[-1] == fleet("new", "capital", 2, 50, available=hours(12))
    write_case(case, tmp_path / "case")
    assert read_case(tmp_path / "case") == case


def test_events_count_by_when_they_are_known(tmp_path: Path) -> None:
    lines = [
        json.dumps({"known": f"2022-02-17 {hour}:00", "event": "group_withdrawn", "group": "G1"})
        for hour in (14, 10, 12)
    ]
    events = read_events(write(tmp_path / "events.jsonl", *lines), small_case())
    assert [event.line for event in between(events, None, hours(6))] == [2, 3, 1]
    assert [event.line for event in between(events, hours(2), hours(4))] == [3]


@pytest.mark.parametrize(
    ("event", "message"),
    [
        ("{", "events.jsonl:1: is not a JSON object on one line: "),
        ("[1]", 'events.jsonl:1: must be a JSON object, such as {"known": '),
        ({"event": "road_close"}, "events.jsonl:1: event: 'road_close' is no kind of event; did you "),
        ({"event": ["road_closed"]}, "events.jsonl:1: event: \"['road_closed']\" is no kind of event"),
        (
            {"event": {"a": 1}},
            "events.jsonl:1: event: \"{'a': 1}\" is no kind of event; the kinds of events ",
        ),
        ({"event": "road_closed"}, "events.jsonl:1: road: is missing; Road that is closed."),
        ('{"event": "group_withdrawn", "group": "G1"}', "events.jsonl:1: known: is missing; "),
        (
            {"event": "road_closed", "road": "hub-wst"},
            "events.jsonl:1: road: 'hub-wst' is not in roads.csv; did you mean 'hub-west'?",
        ),
        (
            {"event": "road_closed", "road": "hub-west", "ends": "2022-02-17 12:00"},
            "events.jsonl:1: ends: is not a field of road_closed; did you mean 'end'?",
        ),
        (
            {"event": "road_closed", "road": "hub-west", "end": "2022-02-17 09:00"},
            "events.jsonl:1: end: must be later than 2022-02-17 08:00 UTC, when it closes",
        ),
        (
            {"event": "road_closed", "road": "hub-west", "start": "noon"},
            "events.jsonl:1: start: must be a date and time such as 2022-02-17 12:00, not 'noon'",
        ),
        ({"event": "road_opened", "road": "hub-west"}, "events.jsonl:1: road: hub-west has no closure"),
        (
            {"event": "crossing_changed", "crossing": "south", "mode": "foot", "rate_per_hour": 1},
            "events.jsonl:1: mode: south has no mode foot in crossing_modes.csv",
        ),
        (
            {"event": "crossing_changed", "crossing": "west", "mode": "foot"},
            "events.jsonl:1: rate_per_hour: nothing is changed; ",
        ),
        (
            {"event": "crossing_changed", "crossing": "west", "mode": "foot", "opens": "08:00"},
            "events.jsonl:1: opens: opens and closes belong together; ",
        ),
        (
            {"event": "vehicles_lost", "vehicles": ["buses-7"]},
            "events.jsonl:1: vehicles: 'buses-7' is no vehicle",
        ),
        ({"event": "vehicles_lost", "fleet": "buses", "number": 3}, "events.jsonl:1: number: buses has 2 "),
        ({"event": "vehicles_lost"}, "events.jsonl:1: vehicles: name either vehicles, "),
        (
            {"event": "run_changed", "run": "train@2022-02-17", "seats": 0},
            "events.jsonl:1: run: there is no run ",
        ),
        (
            {"event": "group_changed", "group": "G1", "size": 0},
            "events.jsonl:1: size: must be at least 1, not 0",
        ),
        ({"event": "group_changed", "group": "G1"}, "events.jsonl:1: group: nothing is changed; "),
        (
            {"event": "group_added", "id": "G1", "place": "town", "size": 1, "category": "kin", **_ready(9)},
            "events.jsonl:1: id: 'G1' is there already; what is new needs an id of its own",
        ),
        ({"event": "threat_ended", "threat": "front"}, "events.jsonl:1: threat: 'front' is no threat"),
        (
            {"event": "corridor_changed", "corridor": "x", "status": "assured"},
            "events.jsonl:1: corridor: 'x' is ",
        ),
        (
            {"event": "group_withdrawn", "group": {"id": "G1"}},
            "events.jsonl:1: group: must be a single value",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_where_it_stands(
    tmp_path: Path, event: dict[str, Any] | str, message: str
) -> None:
    assert fault(tmp_path, small_case(), event).startswith(message)


def test_all_lines_that_are_no_events_are_named(tmp_path: Path) -> None:
    message = fault(tmp_path, small_case(), "{", {"event": "group_withdrawn", "group": "G1"}, "null")
    assert [line.split(":")[1] for line in message.splitlines()] == ["1", "3"]


def test_an_event_may_speak_of_what_an_earlier_one_brought_and_not_of_what_it_took(tmp_path: Path) -> None:
    gone = {"event": "group_withdrawn", "group": "G1"}
    come = {"event": "group_added", "id": "G77", "place": "town", "size": 1, "category": "kin", **_ready(9)}
    told(tmp_path, small_case(), come, {"event": "group_changed", "group": "G77", "size": 2})
    message = fault(tmp_path, small_case(), gone, gone)
    assert message.startswith("events.jsonl:2: group: 'G1' is not in groups.csv")


def test_every_kind_of_event_is_described() -> None:
    page = (Path(__file__).parents[2] / "docs" / "replan.md").read_text(encoding="utf-8")
    assert [kind for kind in KINDS if f"`{kind}`" not in page] == []
