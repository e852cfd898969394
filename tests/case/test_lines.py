"""Lines of our own vehicles: one slip is one fault, at its row."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings

from overland.case import check_case, digest, read_case, write_case
from overland.case.linerules import check_lines
from overland.case.model import Case, LineStop, Mode, Role
from tests.builders import mode, place
from tests.case.conftest import Folder
from tests.lines import line, line_cases

HEADER = "line,sequence,stop,kind\n"
GOOD = "w,1,harrow,board\nw,2,linden,board\nw,3,midway,hub\nw,4,north-gate,foot\nw,5,west-gate,across\n"


def spoilt(*changes: str) -> str:
    """The rows with some texts, one after another, replaced by those that follow them."""
    rows = GOOD
    for old, new in zip(changes[::2], changes[1::2], strict=True):
        assert rows.count(old) == 1
        rows = rows.replace(old, new)
    return rows


def test_a_line_may_have_every_kind_of_stop(folder: Folder, tmp_path: Path) -> None:
    folder.write("lines.csv", HEADER + GOOD)
    assert folder.faults() == []
    case = read_case(folder.path)
    write_case(case, tmp_path / "again")
    again = read_case(tmp_path / "again")
    assert again.lines == case.lines
    assert [stop.stop for stop in case.stops_of_lines()["w"]] == [
        "harrow", "linden", "midway", "north-gate", "west-gate",
    ]  # fmt: skip


def test_a_case_without_lines_has_the_digest_it_had(folder: Folder) -> None:
    with_line = digest(read_case(folder.path))
    folder.write("lines.csv", HEADER)
    empty = digest(read_case(folder.path))
    (folder.path / "lines.csv").unlink()
    assert digest(read_case(folder.path)) == empty != with_line


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ("w,1,harrow,board\nw,2,north-gate,across\n", "2: line: w has 2 stops; a line has 3 to 6"),
        (GOOD + "w,6,kestrel,board\nw,7,midway,board\n", "2: line: w has 7 stops"),
        (spoilt("2,linden", "2,harrow"), "3: stop: w stops at harrow twice"),
        (spoilt("2,linden", "1,linden"), "3: line: a row with line 'w' and sequence '1' is already on"),
        (spoilt("2,linden", "9,linden"), "4: sequence: must be more than 9"),
        (spoilt("2,linden,board", "2,midway,hub", "3,midway,hub", "3,linden,board"),
         "4: kind: nobody gets on after midway"),
        (spoilt("north-gate,foot", "north-gate,across"), "6: kind: the vehicle has crossed at north-gate"),
        (spoilt("3,midway,hub", "3,kestrel,board", "w,4,north-gate,foot\nw,5,west-gate,across\n", ""),
         "4: kind: must be hub, foot or across at the last stop, not board"),
        (spoilt("linden,board", "west-gate,board", "w,5,west-gate,across\n", ""),
         "3: stop: west-gate is a crossing; there people get off"),
        (spoilt("midway,hub", "kestrel,hub"), "4: stop: kestrel is no hub"),
        (spoilt("west-gate,across", "west-gate,foot"),
         "6: stop: crossing_modes.csv has no row for west-gate and foot"),
        (spoilt("north-gate,foot", "kestrel,foot"), "5: stop: kestrel is a place; people get across"),
        (spoilt("linden,board", "lindn,board"), "3: stop: 'lindn' is not in places.csv or crossings.csv"),
        (spoilt("linden,board", "linden,stop"), "3: kind: must be one of board, hub, foot,"),
    ],
)  # fmt: skip
def test_a_slip_is_named_at_its_row(folder: Folder, rows: str, fault: str) -> None:
    folder.write("lines.csv", HEADER + rows)
    found = folder.faults()
    assert any(text.startswith(f"lines.csv:{fault}") for text in found), "\n".join(found)


def test_who_boards_last_at_a_hub_is_taken_across(folder: Folder) -> None:
    folder.change("places.csv", 4, roles="assembly hub")
    folder.write("lines.csv", HEADER + "w,1,harrow,board\nw,2,linden,board\nw,3,midway,hub\n")
    assert folder.fault().startswith("lines.csv:4: stop: from the hub linden one goes only to a crossing")


def test_nobody_gets_on_at_a_hub_of_a_line_that_stops_at_no_crossing(folder: Folder) -> None:
    folder.change("places.csv", 3, roles="assembly hub")
    folder.write("lines.csv", HEADER + "w,1,harrow,board\nw,2,linden,board\nw,3,midway,hub\n")
    assert folder.fault().startswith(
        "lines.csv:2: stop: nobody can get on at harrow: from a hub one goes only"
    )
    folder.write(
        "lines.csv", HEADER + "w,1,harrow,board\nw,2,linden,board\nw,3,north-gate,foot\nw,4,midway,hub\n"
    )
    assert folder.faults() == []


def test_nobody_gets_off_at_a_hub_of_a_line_on_which_all_get_on_at_hubs(folder: Folder) -> None:
    folder.change("places.csv", 4, roles="assembly hub")
    folder.write("lines.csv", HEADER + "w,1,linden,board\nw,2,midway,hub\nw,3,west-gate,across\n")
    assert folder.fault().startswith("lines.csv:3: stop: nobody can get off at midway: all get on at hubs")


def test_a_road_that_goes_the_other_way_leads_to_no_stop(folder: Folder) -> None:
    folder.change("roads.csv", 3, start="harrow", end="kestrel", one_way="yes")
    folder.change("roads.csv", 4, one_way="yes")  # from harrow, which one can only leave now
    assert folder.faults() == []
    folder.write("lines.csv", HEADER + "w,1,linden,board\nw,2,harrow,board\nw,3,west-gate,across\n")
    assert folder.fault() == (
        "lines.csv:3: stop: no road leads from linden to harrow; add one in roads.csv, or change the line"
    )


def test_a_line_drives_on_from_a_crossing_and_through_none(folder: Folder) -> None:
    for table, row in (("roads", 5), ("roads", 4), ("closures", 2), ("convoys", 2), ("corridors", 2)):
        folder.remove(f"{table}.csv", row)  # from linden only north-gate can be reached now
    folder.write("lines.csv", HEADER + "w,1,linden,board\nw,2,north-gate,foot\nw,3,west-gate,across\n")
    assert folder.faults() == []
    folder.write("lines.csv", HEADER + "w,1,linden,board\nw,2,midway,hub\nw,3,west-gate,across\n")
    assert folder.fault().startswith(
        "lines.csv:3: stop: no road leads from linden to midway but through a crossing; add one in roads.csv"
    )


def test_a_crossing_no_road_leads_to_is_one_fault_with_a_line_to_it(folder: Folder) -> None:
    folder.write("lines.csv", HEADER + "w,1,linden,board\nw,2,midway,board\nw,3,west-gate,across\n")
    folder.remove("roads.csv", 6)
    assert folder.fault().startswith("crossings.csv:3: id: no road leads to west-gate")


@given(case=line_cases())
@settings(max_examples=20)
def test_the_cases_with_lines_that_are_planned_at_random_are_sound(case: Case) -> None:
    with TemporaryDirectory() as folder:
        write_case(case, Path(folder))
        assert [str(fault) for fault in check_case(Path(folder))] == []


def lines_in_order() -> list[tuple[LineStop, ...]]:
    """All lines of three to five stops, each place and crossing of a kind being like any other."""
    made = []
    for on, off in product(range(1, 4), range(1, 4)):
        for boards, leaves in product(
            product(["village", "town"], repeat=on), product(["hub", "foot", "across"], repeat=off)
        ):
            if 3 <= on + off <= 5 and "across" not in leaves[:-1]:
                stops = [(f"{name}-{i}", "board") for i, name in enumerate(boards)]
                stops += [
                    (f"{'market' if kind == 'hub' else 'gate'}-{i}", kind) for i, kind in enumerate(leaves)
                ]
                made.append(line("w", *stops))
    return made


def test_a_line_is_sound_if_some_ride_begins_or_ends_at_each_stop_and_one_can_be_filled() -> None:
    hubs = [place(f"{name}-{i}", Role.HUB) for name in ("town", "market") for i in range(3)]
    places = [*hubs, *(place(f"village-{i}") for i in range(3))]
    modes = [mode(f"gate-{i}", how) for i in range(3) for how in (Mode.BUS, Mode.FOOT)]
    at_hubs = {hub.id for hub in hubs}
    sound = 0
    for stops in lines_in_order():
        on, off = (
            [i for i, row in enumerate(stops) if (row.kind == "board") is way] for way in (True, False)
        )
        rides = {
            (i, j)
            for i, j in product(on, off)
            if stops[i].stop not in at_hubs or stops[j].stop not in at_hubs
        }
        idle = {i for i in range(len(stops)) if not any(i in ride for ride in rides)}
        filled = (on[-1], off[-1]) in rides
        named = [finding.index for finding in check_lines(stops, places, modes)]
        assert len(named) == len(set(named))
        assert set(named) - {off[-1]} == idle - {off[-1]} - (set() if filled else {on[-1]})
        assert (off[-1] in named) == (not filled or off[-1] in idle)
        sound += not named
    assert 0 < sound < len(lines_in_order())
