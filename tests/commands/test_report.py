"""``overland report``: from two files to a page, or a message that says what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from overland.case import Case, digest, read_case, write_case
from overland.commands.report import report
from overland.errors import PlanError
from overland.plan.document import write_plan
from tests.builders import small_case
from tests.report.naive import naive_plan


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small case as a folder, with a plan of it beside it."""
    write_case(small_case(), tmp_path / "case")
    case: Case = read_case(tmp_path / "case")
    write_plan(naive_plan(case).model_copy(update={"case_digest": digest(case)}), tmp_path / "plan.json")
    return tmp_path


def test_it_writes_the_page(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report(folder / "case", folder / "plan.json", folder / "page.html")
    assert "A small case" in (folder / "page.html").read_text(encoding="utf-8")
    assert "page.html" in capsys.readouterr().out


def test_a_plan_of_another_state_of_the_case_is_refused(folder: Path) -> None:
    plan = naive_plan(small_case())  # without the digest of the case
    write_plan(plan, folder / "plan.json")
    with pytest.raises(PlanError, match="another case or another state of it"):
        report(folder / "case", folder / "plan.json", folder / "page.html")
    assert not (folder / "page.html").exists()


def test_a_file_that_is_no_plan_is_refused_with_the_fields_at_fault(folder: Path) -> None:
    (folder / "plan.json").write_text('{"case": "small"}', encoding="utf-8")
    with pytest.raises(PlanError, match="trips: Field required"):
        report(folder / "case", folder / "plan.json", folder / "page.html")


def test_a_plan_that_is_not_there_is_a_message(folder: Path) -> None:
    with pytest.raises(PlanError, match=r"nowhere\.json: cannot be read"):
        report(folder / "case", folder / "nowhere.json", folder / "page.html")
