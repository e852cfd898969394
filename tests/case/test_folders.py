"""Whatever is found where a case should be, the answer is a fault and never a traceback."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from overland.case import check_case, read_case
from overland.errors import CaseError
from tests.case.conftest import Folder


def test_no_folder(tmp_path: Path) -> None:
    (fault,) = check_case(tmp_path / "nowhere")
    assert str(fault).endswith("nowhere: there is no such folder; `overland new` makes a case to start from")


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "case").write_text("")
    (fault,) = check_case(tmp_path / "case")
    assert "is not a folder; a case is a folder with case.toml and tables" in str(fault)


def test_a_name_no_folder_can_have() -> None:
    assert len(check_case(Path("a\0b"))) == 1
    assert len(check_case(Path("x" * 5000))) == 1


def test_an_empty_folder_lacks_every_required_file(tmp_path: Path) -> None:
    faults = [str(fault) for fault in check_case(tmp_path)]
    assert len(faults) == 9
    assert all(fault.endswith(": is missing; a case needs this file") for fault in faults)


def test_reading_a_faulty_case_raises_all_its_faults(folder: Folder) -> None:
    folder.change("groups.csv", 2, size="0")
    folder.change("roads.csv", 2, km="0")
    with pytest.raises(CaseError) as caught:
        read_case(folder.path)
    assert [str(fault) for fault in caught.value.faults] == folder.faults()
    assert len(caught.value.faults) == 2


def test_a_folder_in_place_of_a_table(folder: Folder) -> None:
    (folder.path / "closures.csv").unlink()
    (folder.path / "closures.csv").mkdir()
    assert folder.fault() == "closures.csv: is a folder; it must be a file"


def test_a_pipe_is_not_waited_for(folder: Folder) -> None:
    (folder.path / "closures.csv").unlink()
    os.mkfifo(folder.path / "closures.csv")
    assert folder.fault().startswith("closures.csv: is not an ordinary file")


def test_a_link_that_leads_nowhere(folder: Folder) -> None:
    (folder.path / "closures.csv").unlink()
    (folder.path / "closures.csv").symlink_to("nowhere")
    assert folder.fault() == "closures.csv: is not an ordinary file, or a link that leads nowhere"


def test_a_file_one_may_not_read(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    unguarded = Path.open

    def guarded(path: Path, *args: object, **kwargs: object) -> object:
        if path.name == "groups.csv":
            raise PermissionError(13, "Permission denied", str(path))
        return unguarded(path, *args, **kwargs)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", guarded)
    assert folder.fault() == "groups.csv: cannot be read: Permission denied"


def test_a_misspelt_table_is_not_silently_left_out(folder: Folder) -> None:
    (folder.path / "closures.csv").rename(folder.path / "closure.csv")
    assert folder.fault() == "closure.csv: is not a file of a case; did you mean 'closures.csv'?"


def test_a_missing_table_under_a_similar_name(folder: Folder) -> None:
    (folder.path / "groups.csv").rename(folder.path / "groups.xlsx")
    assert folder.fault() == "groups.csv: is missing; a case needs this file; is it 'groups.xlsx'?"


def test_files_of_other_kinds_are_left_alone(folder: Folder) -> None:
    for name in ("SOURCES.md", ".gitignore", ".~lock.groups.csv#", "~$groups.csv", "map.pdf"):
        folder.write(name, b"\xff\x00")
    assert folder.faults() == []
