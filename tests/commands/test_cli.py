"""The command line as a whole: messages and exit codes, never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from overland import __version__, cli
from overland.case import reader
from overland.errors import PlanError

STARTED = [sys.executable, "-m", "overland.cli"]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*STARTED, *arguments],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, **environment},
        timeout=60,
        check=False,
    )


def call(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["overland", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_the_version(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(monkeypatch, "--version") == 0
    assert capsys.readouterr().out == f"overland {__version__}\n"


def test_help_is_quick_since_it_loads_nothing_heavy() -> None:
    code = "import sys, overland.cli; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert {"numpy", "numba", "shapely", "highspy", "pydantic", "rich"}.isdisjoint(loaded.split())


@pytest.mark.parametrize(
    "arguments", [["chek"], ["check"], ["check", "--fast", "x"], ["new"], ["--nonsense"]]
)
def test_bad_usage_is_a_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert call(monkeypatch, *arguments) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "Usage: overland" in shown.err
    assert "Traceback" not in shown.err


def failing(error: BaseException) -> object:
    def fail(*_: object) -> None:
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (PlanError("plan.json is not a plan of this case"), 2, "plan.json is not a plan of this case\n"),
        (OSError(28, "No space left on device", "out"), 2, "out: No space left on device\n"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_what_goes_wrong_is_a_message(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    status: int,
    message: str,
) -> None:
    monkeypatch.setattr(reader, "examine", failing(error))
    assert call(monkeypatch, "check", "somewhere") == status
    assert capsys.readouterr().err == message


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    run("new", str(tmp_path / "case"))
    process = subprocess.Popen(
        [*STARTED, "check", str(tmp_path / "case")], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    process.wait(timeout=60)


def test_a_terminal_that_lacks_letters(tmp_path: Path) -> None:
    run("new", str(tmp_path / "case"))
    groups = tmp_path / "case" / "groups.csv"
    groups.write_text(groups.read_text().replace("kestrel", "Київ…"))
    ended = run("check", str(tmp_path / "case"), PYTHONIOENCODING="cp437")
    assert ended.returncode == 2
    assert "groups.csv:2: place: '????" in ended.stdout
    assert "Traceback" not in ended.stderr


def test_an_interrupt_is_quiet(tmp_path: Path) -> None:
    import signal

    run("new", str(tmp_path / "case"))
    groups = tmp_path / "case" / "groups.csv"
    header = "id,place,size,category,ready\n"
    groups.write_text(header + "".join(f"G{n},nowhere,3,citizens,soon\n" for n in range(400_000)))
    process = subprocess.Popen(
        [*STARTED, "check", str(tmp_path / "case")], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    time.sleep(0.7)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, output, errors) == (130, b"", b"")
