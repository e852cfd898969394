"""What the benchmarks on instances of others share: what is wrong is said, with exit code 2."""

from __future__ import annotations

import argparse
from math import isfinite
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from instance_files import arguments, not_negative, pattern, quantity, read_best_known, run, whole

from overland.errors import CaseError, UsageError

WANTED = "needs the column value (a whole number)"


def best_known(path: Path) -> dict[str, int]:
    return read_best_known(path, ("value",), lambda texts: int(texts[0]), WANTED)


def test_what_is_best_known_is_read_with_and_without_a_mark_at_the_beginning(tmp_path: Path) -> None:
    path = tmp_path / "best-known.csv"
    assert best_known(path) == {}
    for encoding in ("utf-8", "utf-8-sig"):
        path.write_text("instance,more,value\na,x, 7\n\nö,,9\n", encoding=encoding)
        assert best_known(path) == {"a": 7, "ö": 9}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", f":1: {WANTED}"),
        (b"instance,worth\n", f":1: {WANTED}"),
        (b"name,value\na,7\n", f":1: {WANTED}"),
        (b"instance,value\na,7\n\nb,many\n", f":4: {WANTED}"),
        (b"instance,value\na\n", f":2: {WANTED}"),
        (b"instance,value\n,7\n", ":2: instance: is empty"),
        (b"instance,value\n\xff,7\n", ": cannot be read: 'utf-8' codec"),
        (b"instance,value\n" + b"a" * 200_000 + b",7\n", ": cannot be read: field larger than"),
    ],
)
def test_what_is_wrong_with_best_known_is_said(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "best-known.csv"
    path.write_bytes(content)
    with pytest.raises(CaseError) as caught:
        best_known(path)
    assert str(caught.value).startswith(f"{path}{message}")


def test_a_folder_in_place_of_the_table_is_named_once(tmp_path: Path) -> None:
    with pytest.raises(CaseError) as caught:
        best_known(tmp_path)
    assert str(caught.value) == f"{tmp_path}: cannot be read: Is a directory"


@given(st.floats())
def test_numbers_are_finite_and_not_below_0(value: float) -> None:
    if isfinite(value) and value >= 0:
        assert not_negative(repr(value)) == quantity(repr(value)) == value
    else:
        with pytest.raises(argparse.ArgumentTypeError, match="a number is due, not below 0"):
            quantity(repr(value))


@given(st.integers(), st.integers())
def test_whole_numbers_are_not_below_the_least(least: int, value: int) -> None:
    if value >= least:
        assert whole(least)(str(value)) == value
    else:
        with pytest.raises(argparse.ArgumentTypeError, match=f"not below {least}"):
            whole(least)(str(value))
    with pytest.raises(argparse.ArgumentTypeError, match="a whole number is due"):
        whole(least)(f"{value}.5")


def test_regular_expressions_are_read_as_they_are() -> None:
    assert pattern("_v0.[24]$") == "_v0.[24]$"
    with pytest.raises(argparse.ArgumentTypeError, match="no regular expression: missing"):
        pattern("(")


def ended(
    line: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[object, str]:
    """Exit code and what is said of a benchmark that wants other instances, whatever it is given."""

    def measure(options: argparse.Namespace) -> None:
        raise UsageError(f"other instances than {options.folder or options.random} are due")

    monkeypatch.setattr("sys.argv", ["benchmark", *line])
    with pytest.raises(SystemExit) as caught:
        run(arguments("What it is for.", "of instances"), measure)
    return caught.value.code, capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ([], "give either a FOLDER with instances or --random N"),
        (["there", "--random", "2"], "give either a FOLDER with instances or --random N"),
        (["--random", "-1"], "argument --random: '-1': a whole number is due, not below 1"),
        (["--random", "0"], "argument --random: '0': a whole number is due, not below 1"),
        (["there"], "other instances than there are due"),
        (["--random", "2"], "other instances than 2 are due"),
    ],
)
def test_what_cannot_be_done_ends_with_2(
    line: list[str], message: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = ended(line, monkeypatch, capsys)
    assert code == 2
    assert said.endswith(f"{message}\n")
