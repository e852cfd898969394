"""Tables far larger than any case: read in bounded memory, with faults counted rather than listed."""

from __future__ import annotations

import tracemalloc

import pytest

from overland.case import read_case, tables
from overland.case.faults import KEPT_OF_A_KIND
from overland.case.reader import examine
from tests.case.conftest import Folder

HEADER = "id,place,size,category,ready\n"


def test_a_large_sound_table_is_read(folder: Folder) -> None:
    rows = "".join(f"G{number},midway,3,citizens,2030-03-04 10:00\n" for number in range(20_000))
    folder.write("groups.csv", HEADER + rows)
    case = read_case(folder.path)
    assert len(case.groups) == 20_000
    assert case.groups[0].ready is case.groups[-1].ready  # what repeats is kept once


def test_faults_beyond_a_number_are_counted(folder: Folder) -> None:
    rows = "".join(f"G{number},midway,0,citizens,now\n" for number in range(5000))
    folder.write("groups.csv", HEADER + rows)
    examination = examine(folder.path)
    faults = [str(fault) for fault in examination.faults]
    assert examination.total == 10_000
    assert len(faults) == 2 * (KEPT_OF_A_KIND + 1)
    more = KEPT_OF_A_KIND + 2
    assert f"groups.csv:{more}: size: … and 4,975 more of the same kind" in faults
    assert f"groups.csv:{more}: ready: … and 4,975 more of the same kind" in faults
    assert faults == sorted(faults, key=lambda fault: int(fault.split(":")[1]))


def test_faulty_rows_take_no_memory(folder: Folder) -> None:
    def peak(number: int) -> int:
        rows = "".join(f"G 1,x{row},{-row},c{row},r{row}\n" for row in range(number))
        folder.write("groups.csv", HEADER + rows)
        del rows
        tracemalloc.start()
        examine(folder.path)
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    assert peak(8_000) < 1.5 * peak(1_000) + 200_000


def test_an_absurd_number_of_rows(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MAX_ROWS", 9)
    assert folder.fault() == "groups.csv:11: has more than 9 rows; the rest was not read"


def test_an_endless_line(folder: Folder) -> None:
    folder.write("groups.csv", HEADER + "G1,midway," * 200_000)
    assert folder.fault().startswith("groups.csv:2: is longer than a million characters")


def test_a_quotation_mark_that_swallows_the_table(folder: Folder) -> None:
    rows = "".join(f"G{number},midway,3,citizens,2030-03-04 10:00\n" for number in range(20_000))
    folder.write("groups.csv", HEADER + '"' + rows)
    assert folder.fault().startswith("groups.csv:2: the quotation marks of this row do not match")
