"""Tables as spreadsheets save them: read rightly, or refused with the line that is at fault."""

from __future__ import annotations

import pytest

from overland.case import digest, read_case
from tests.case.conftest import Folder


@pytest.fixture
def before(folder: Folder) -> str:
    """The digest of the sound case; another way of saving must not change it."""
    return digest(read_case(folder.path))


def test_a_byte_order_mark_and_crlf(folder: Folder, before: str) -> None:
    for file in ("groups.csv", "case.toml", "threats.geojson"):
        folder.write(file, b"\xef\xbb\xbf" + folder.text(file).replace("\n", "\r\n").encode())
    assert digest(read_case(folder.path)) == before


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_separators_with_decimal_commas(folder: Folder, before: str, delimiter: str) -> None:
    rows = [[cell.replace(".", ",") for cell in row] for row in folder.rows("places.csv")]
    folder.save("places.csv", rows, delimiter=delimiter)
    folder.save("groups.csv", folder.rows("groups.csv"), delimiter=delimiter)
    assert digest(read_case(folder.path)) == before


def test_decimal_comma_and_point_in_one_file_are_refused(folder: Folder) -> None:
    rows = folder.rows("places.csv")
    rows[3][3] = "38,75"
    folder.save("places.csv", rows, delimiter=";")
    assert any(
        fault.startswith("places.csv:4: latitude: ") and "use the same throughout" in fault
        for fault in folder.faults()
    )


def test_a_first_line_that_declares_the_separator(folder: Folder, before: str) -> None:
    folder.save("groups.csv", folder.rows("groups.csv"), delimiter=";")
    folder.write("groups.csv", "sep=;\r\n" + folder.text("groups.csv"))
    assert digest(read_case(folder.path)) == before
    folder.write("groups.csv", folder.text("groups.csv").replace("G0002;kestrel", "G0002;kestral"))
    assert folder.fault().startswith("groups.csv:4: place: ")


def test_empty_columns_and_rows_at_the_end(folder: Folder, before: str) -> None:
    lines = folder.text("groups.csv").splitlines()
    folder.write("groups.csv", "".join(f"{line},,,\n" for line in [*lines, "," * 10, "  ,"]) + "\n\n")
    assert digest(read_case(folder.path)) == before


def test_spreadsheets_cut_off_empty_cells_at_the_end(folder: Folder, before: str) -> None:
    lines = folder.text("groups.csv").splitlines()
    folder.write("groups.csv", "\n".join(line.rstrip(",") for line in lines))
    assert digest(read_case(folder.path)) == before


def test_columns_in_any_order_with_spaces_and_capitals_and_without_optional_ones(
    folder: Folder, before: str
) -> None:
    rows = folder.rows("service_stops.csv")
    rows = [[f" {cell} " for cell in reversed(row)] for row in rows]
    rows[0] = [name.upper() for name in rows[0]]
    folder.save("service_stops.csv", rows)
    folder.save("groups.csv", [row[:-1] for row in folder.rows("groups.csv")])  # without source
    assert digest(read_case(folder.path)) == before


def test_line_numbers_hold_behind_a_text_of_several_lines(folder: Folder) -> None:
    folder.change("notes.csv", 3, text="The host countries:\nbeds,\r\n\nand entry")
    folder.change("notes.csv", 4, basis="guess")
    faults = [fault for fault in folder.faults() if fault.startswith("notes.csv")]
    assert faults[0].startswith("notes.csv:7: basis: must be one of fact, assumption, not 'guess'")


@pytest.mark.parametrize(
    ("written", "read"),
    [("04.03.2030 10:00", "2030-03-04 10:00"), ("2030-03-04T11:00:00Z", "2030-03-04 10:00")],
)
def test_dates_as_people_and_programs_write_them(
    folder: Folder, before: str, written: str, read: str
) -> None:
    assert folder.rows("groups.csv")[2][4] == read
    folder.change("groups.csv", 3, ready=written)
    assert digest(read_case(folder.path)) == before


@pytest.mark.parametrize(("written", "value"), [("TRUE", True), ("1", True), ("Yes", True), ("0", False)])
def test_yes_and_no(folder: Folder, written: str, value: bool) -> None:
    folder.change("groups.csv", 2, own_car=written)
    assert read_case(folder.path).groups[0].own_car is value


def test_a_row_with_too_many_cells(folder: Folder) -> None:
    folder.replace("posts.csv", "Embassy,kestrel", "Embassy, rear of the park,kestrel")
    assert folder.fault() == (
        "posts.csv:2: the row has 7 cells but the header has 6; "
        "a text that holds the separator must stand in quotation marks"
    )


def test_a_row_with_too_few_cells(folder: Folder) -> None:
    folder.write("groups.csv", folder.text("groups.csv") + "G0011,linden,4,citizens\n")
    assert folder.fault().startswith("groups.csv:12: ready: the row ends before this column")


def test_a_quotation_mark_that_is_not_closed(folder: Folder) -> None:
    folder.replace("groups.csv", "G0002,kestrel", 'G0002,"kestrel')
    assert folder.fault().startswith("groups.csv:3: the quotation marks of this row do not match")


def test_unknown_and_doubled_and_missing_columns(folder: Folder) -> None:
    text = folder.text("groups.csv")
    folder.write("groups.csv", text.replace("can_walk", "canwalk", 1))
    assert folder.fault() == "groups.csv:1: canwalk: is not a column here; did you mean 'can_walk'?"
    folder.write("groups.csv", text.replace("can_walk", "own_car", 1))
    assert folder.fault() == "groups.csv:1: own_car: is the name of columns 9 and 10; remove one"
    folder.write("groups.csv", text.replace(",size,", ",,", 1))
    assert "groups.csv:1: size: the column is missing; People in it." in folder.faults()


def test_a_value_below_a_column_without_a_name_is_not_lost(folder: Folder) -> None:
    folder.replace("groups.csv", ",source\n", ",source,\n")
    assert folder.faults() == []
    folder.replace("groups.csv", "valid,no,no,wheelchair,\n", "valid,no,no,wheelchair,,chair\n")
    assert folder.fault().startswith("groups.csv:3: 'chair' stands in a column without a name")


def test_a_table_without_its_header(folder: Folder) -> None:
    rows = folder.rows("groups.csv")
    folder.save("groups.csv", rows[1:])
    assert folder.fault().startswith("groups.csv:1: the first row must name the columns (id, place, size")


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff"])
def test_an_empty_file(folder: Folder, content: str) -> None:
    folder.write("groups.csv", content)
    assert folder.fault().startswith("groups.csv:1: is empty; the first row must name the columns: id,place")


@pytest.mark.parametrize("mark", ["utf-16", "utf-32"])
def test_utf_16_with_its_mark_is_read(folder: Folder, before: str, mark: str) -> None:
    folder.write("groups.csv", folder.text("groups.csv").encode(mark))
    assert digest(read_case(folder.path)) == before


def test_utf_16_without_its_mark_is_refused(folder: Folder) -> None:
    folder.write("groups.csv", folder.text("groups.csv").encode("utf-16-le"))
    assert folder.fault().startswith(
        "groups.csv:1: is not text as UTF-8; perhaps it is UTF-16 without a mark"
    )


@pytest.mark.parametrize(
    ("page", "name", "label"),
    [("cp1251", "Київ", "Windows-1251"), ("cp1252", "Besançon", "Windows-1252")],
)
def test_an_old_code_page_is_refused_at_its_line(folder: Folder, page: str, name: str, label: str) -> None:
    folder.change("places.csv", 4, name=name)
    assert folder.faults() == []
    folder.write("places.csv", folder.text("places.csv").encode(page))
    assert folder.fault() == (
        f"places.csv:4: the text is not UTF-8 ({label} would read {name!r} here); "
        "save it again as UTF-8 (in a spreadsheet: Save as, CSV UTF-8)"
    )


def test_the_other_faults_of_a_file_in_an_old_code_page_are_named_too(folder: Folder) -> None:
    folder.change("places.csv", 4, name="Київ", latitude="north")
    folder.write("places.csv", folder.text("places.csv").encode("cp1251"))
    assert [fault.split(" ")[0] for fault in folder.faults()] == ["places.csv:4:", "places.csv:4:"]


def test_nul_bytes(folder: Folder) -> None:
    folder.replace("groups.csv", "G0004", "G0\x00004")
    assert folder.fault().startswith("groups.csv:5: has 1 NUL characters, so it may be damaged")


def test_a_code_page_in_the_settings(folder: Folder) -> None:
    folder.replace("case.toml", "An invented country,", "Вигадана країна,")
    folder.write("case.toml", folder.text("case.toml").encode("cp1251"))
    assert folder.fault().startswith("case.toml:7: the text is not UTF-8 (Windows-1251 would read ")
