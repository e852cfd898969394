"""``case.toml``: each slip is one fault at its line and key, with the remedy."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from overland.case import read_case
from overland.case.model import Policy
from tests.case.conftest import Folder

SLIPS = [
    # old, new, fault begins with, and says
    ('id = "starter"', 'id = "my case"', "case.toml:6: [case] id: ", "no spaces"),
    ('"XS"', '"Sponsorland"', "case.toml:9: [case] sponsor: ", "two capital letters such as IL"),
    ('"XA"', '"xa"', "case.toml:10: [case] country: ", "two capital letters"),
    ('"Atlantic/Azores"', '"Atlantic/Azore"', "case.toml:11: [case] time_zone: ", "mean 'Atlantic/Azores'?"),
    (
        '"Atlantic/Azores"',
        '"../../etc/passwd"',
        "case.toml:11: [case] time_zone: ",
        "is not a known time zone",
    ),
    ('"Atlantic/Azores"', "7", "case.toml:11: [case] time_zone: ", "'7' is not a known time zone"),
    ('"Atlantic/Azores"', '""', "case.toml:11: [case] time_zone: ", "is missing; IANA time zone"),
    ('"2030-03-04 08:00"', '"4 March"', "case.toml:12: [case] start: ", "such as 2022-02-17 12:00"),
    ('"2030-03-04 08:00"', '"2030-03-04 08:00:30"', "case.toml:12: [case] start: ", "must be a full minute"),
    ('"2030-03-04 08:00"', '["2030"]', "case.toml:12: [case] start: ", "must be a single value"),
    ("horizon_hours = 72", "horizon_hours = 0", "case.toml:13: [case] horizon_hours: ", "at least 1, not 0"),
    (
        "horizon_hours = 72",
        "horizon_hours = 400",
        "case.toml:13: [case] horizon_hours: ",
        "at most 336, not 400",
    ),
    ("horizon_hours = 72", "horizon = 72", "case.toml:13: [case] horizon: ", "did you mean 'horizon_hours'?"),
    (
        "step_minutes = 30",
        "step_minutes = 35",
        "case.toml:14: [case] step_minutes: ",
        "such as 15 or 30; not 35",
    ),
    (
        "step_minutes = 30",
        "step_minutes = 300",
        "case.toml:13: [case] horizon_hours: ",
        "multiple of the step",
    ),
    ("notice_hours = 2", "notice_hours = -2", "case.toml:19: [policy] notice_hours: ", "at least 0, not -2"),
    ("notice_hours = 2", "notice_hours = nan", "case.toml:19: [policy] notice_hours: ", "must be a number"),
    (
        "bus_speed_factor = 0.85",
        "bus_speed_factor = 85",
        "case.toml:18: [policy] bus_speed_factor: ",
        "at most 1",
    ),
    ("citizens = 1.0", "citizens = 0", "case.toml:31: [weights] citizens: ", "must be more than 0, not 0"),
    ("citizens = 1.0", 'citizens = "much"', "case.toml:31: [weights] citizens: ", "must be a number such as"),
    ("citizens = 1.0", "citizens = [1]", "case.toml:31: [weights] citizens: ", "category of groups = number"),
    ("XC = 0.8", "XC = 80", "case.toml:36: [country_share] XC: ", "must be at most 1, not 80"),
    ("XC = 0.8", "XD = 0.8", "case.toml:36: [country_share] XD: ", "no crossing leads to XD"),
    ("M = 75", "M = 0", "case.toml:40: [speeds] M: ", "must be more than 0, not 0"),
    ("N = 55", f"N = 0x{'f' * 5000}", "case.toml:41: [speeds] N: ", "must be a number such as"),
    ("N = 55", "N = 55\n[policies]\n", "case.toml:42: policies: ", "did you mean 'policy'?"),
    ("horizon_hours = 72", "horizon_hours 72", "case.toml:13: ", "is not valid TOML (column 15)"),
    ("[policy]", "[case]", "case.toml:17: ", "is not valid TOML"),
    ('title = "An', "title = An", "case.toml:7: ", 'key = "text"'),
    ("N = 55", 'N = """', "case.toml:41: ", "is not valid TOML"),
    ("N = 55", f"N = {'9' * 6000}", "case.toml: ", "a number of thousands of digits"),
    ("N = 55", f"N = {'[' * 3000}", "case.toml: ", "is nested too deeply"),
    ("N = 55", f"{'a.' * 3000}a = 1", "case.toml:41: ", "shorten the line"),
]


@pytest.mark.parametrize(("old", "new", "where", "says"), SLIPS)
def test_a_slip_is_one_fault_at_its_key(folder: Folder, old: str, new: str, where: str, says: str) -> None:
    folder.replace("case.toml", old, new)
    faults = folder.faults()
    mine = [fault for fault in faults if fault.startswith(where)]
    assert len(mine) == 1, "\n".join(faults)
    assert says in mine[0]
    assert all("is missing" in fault for fault in faults if fault not in mine)


@pytest.mark.parametrize("section", ["case", "weights", "speeds"])
def test_a_section_that_is_missing(folder: Folder, section: str) -> None:
    text = folder.text("case.toml")
    begin = text.index(f"[{section}]")
    end = text.find("\n[", begin) + 1 or len(text)
    folder.write("case.toml", text[:begin] + text[end:])
    assert any(
        fault.startswith(f"case.toml: [{section}]: the section is missing") for fault in folder.faults()
    )


def test_a_category_nobody_has_weighed(folder: Folder) -> None:
    folder.replace("case.toml", "vulnerable = 3.0", "vulnerables = 3.0")
    assert len(folder.faults()) == 2
    assert all("did you mean 'vulnerables'?" in fault for fault in folder.faults())


def test_settings_that_are_missing_are_one_fault(folder: Folder) -> None:
    (folder.path / "case.toml").unlink()
    assert folder.fault() == "case.toml: is missing; a case needs this file"


def test_settings_that_are_far_too_large(folder: Folder) -> None:
    folder.write("case.toml", "#" * 1_000_001)
    assert folder.fault().startswith("case.toml: has 1,000,001 bytes")


def test_a_policy_that_is_left_out_has_its_defaults(folder: Folder) -> None:
    text = folder.text("case.toml")
    begin, end = text.index("[policy]"), text.index("[weights]")
    folder.write("case.toml", text[:begin] + text[end:])
    policy = read_case(folder.path).policy
    expected = Policy(weights=policy.weights, country_share={"XC": 0.8}, speeds_kmh={"M": 75, "N": 55})
    assert policy == expected


@pytest.mark.parametrize(
    "written", ['"2030-03-04 08:00"', "2030-03-04T08:00:00", "2030-03-04T09:00:00Z", '"04.03.2030 08:00"']
)
def test_the_start_is_local_time_or_has_an_offset(folder: Folder, written: str) -> None:
    folder.replace("case.toml", '"2030-03-04 08:00"', written)
    assert read_case(folder.path).start == datetime(2030, 3, 4, 9, tzinfo=UTC)


def test_lines_are_counted_past_texts_of_several_lines(folder: Folder) -> None:
    text = '"""\n[weights]\ncitizens = 7\n"""'
    folder.replace("case.toml", '"A starter case: one capital, two towns, a hub, two borders."', text)
    folder.replace("case.toml", "citizens = 1.0", "citizens = 0")
    assert folder.fault().startswith("case.toml:34: [weights] citizens: ")
