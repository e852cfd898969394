"""Folders that commands write to: made if they can be, and refused before any work if not."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from pathlib import Path

import pytest

from overland.commands import demo as demonstration
from overland.commands.folders import make_folder, refuse_case
from overland.errors import UsageError

NOBODY = 65534  # the user of that name


def test_a_folder_is_made_with_those_above_it_or_taken_as_it_is(tmp_path: Path) -> None:
    for _ in range(2):
        make_folder(tmp_path / "deep" / "out", "the plan")
        assert (tmp_path / "deep" / "out").is_dir()


@pytest.mark.parametrize("below", [".", "deep"])
def test_where_a_file_is_no_folder_can_be_made(tmp_path: Path, below: str) -> None:
    diary = tmp_path / "diary"
    diary.write_text("mine")
    with pytest.raises(UsageError, match=r"diary.*: cannot be made a folder for the flow: "):
        make_folder(diary / below, "the flow")
    assert diary.read_text() == "mine"


def test_a_folder_that_says_it_cannot_be_written_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever runs the tests may be allowed to write everywhere, so the answer is given here."""
    monkeypatch.setattr(os, "access", lambda _path, mode: not mode & os.W_OK)
    with pytest.raises(UsageError, match=r"cannot be written; give another folder with -o\."):
        make_folder(tmp_path, "the plan")


def refuse_as_somebody(folder: Path) -> None:
    """In a process of its own: whoever may write everywhere becomes somebody who may not."""
    if os.geteuid() == 0:
        os.setuid(NOBODY)
    with pytest.raises(UsageError, match="cannot be written"):
        make_folder(folder, "the plan")


def test_a_folder_without_leave_to_write_is_refused() -> None:
    with tempfile.TemporaryDirectory() as above:  # where others may come, unlike to the folders of tests
        folder = Path(above, "out")
        folder.mkdir()
        Path(above).chmod(0o755)
        folder.chmod(0o555)
        process = multiprocessing.get_context("fork").Process(target=refuse_as_somebody, args=(folder,))
        process.start()
        process.join()
        assert process.exitcode == 0


def test_the_case_is_known_by_whatever_path(tmp_path: Path) -> None:
    case = tmp_path / "case"
    case.mkdir()
    (tmp_path / "link").symlink_to(case)
    for path in (case, tmp_path / "link", tmp_path / "not-there" / ".." / "case"):
        with pytest.raises(UsageError, match="is the case itself; give another folder with -o"):
            refuse_case(path, case)
    for path in (case / "out", case / "..", tmp_path / "another"):
        refuse_case(path, case)


def test_the_demonstration_does_not_write_into_its_case() -> None:
    bundled = demonstration.bundled_case()
    before = sorted(bundled.iterdir())
    with pytest.raises(UsageError, match="is the case itself"):
        demonstration.demo(bundled)
    assert sorted(bundled.iterdir()) == before
