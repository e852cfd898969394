"""Lines of our own vehicles: one slip is one fault, at its row."""

from __future__ import annotations

from pathlib import Path

import pytest

from overland.case import digest, read_case, write_case
from tests.case.conftest import Folder

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
