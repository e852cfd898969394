"""A run in parts comes to the same however it is cut, on however many cores, and whatever ends it midway."""

from __future__ import annotations

import json
import multiprocessing
import resource
from pathlib import Path

import numpy as np
import pytest

from overland.case import read_case
from overland.case.starter import new_case
from overland.errors import UsageError
from overland.futures.outcome import OUTCOME
from overland.futures.parts import begin_parts, do_all
from overland.futures.sheets import write_future_rows
from overland.futures.stage import Run, fingerprint, outcomes, stage_of
from overland.futures.stress import PART, parts_of, together
from overland.futures.stress_report import stress_report
from overland.plan import solve
from overland.plan.document import write_plan


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("stress")
    new_case(folder / "case")
    write_plan(solve(read_case(folder / "case"), work=2, time_limit=600), folder / "plan.json")
    return Run.of(folder / "case", folder / "plan.json", policy="detour", seed=4)


def whole(run: Run, folder: Path, futures: int, cores: int) -> tuple[np.ndarray, list[np.ndarray]]:
    """Rows and sums of a run that nothing ends."""
    begin_parts(folder, fingerprint(run), resume=folder.exists())
    parts = parts_of(run, folder, futures)
    assert list(do_all(parts, cores=cores))[-1] == len(parts)
    rows, sums = together(parts)
    assert sums.futures == len(rows) == futures
    return rows, [getattr(sums, name) for name in ("people", "in_danger", "out", "all_out", "left", "share")]


def assert_same(a: tuple[np.ndarray, list[np.ndarray]], b: tuple[np.ndarray, list[np.ndarray]]) -> None:
    """All is alike."""
    for name in OUTCOME.names or ():
        np.testing.assert_array_equal(a[0][name], b[0][name])
    for x, y in zip(a[1], b[1], strict=True):
        np.testing.assert_array_equal(x, y)


def test_two_cores_come_to_the_same_as_one(starter: Run, tmp_path: Path) -> None:
    futures = 2 * PART + 7
    one, two = (whole(starter, tmp_path / str(cores), futures, cores) for cores in (1, 2))
    assert_same(one, two)
    rows, _ = outcomes(starter, range(3))
    np.testing.assert_array_equal(one[0][:3]["cost"], rows["cost"])


def test_a_run_that_was_ended_goes_on_where_it_was(starter: Run, tmp_path: Path) -> None:
    folder, futures = tmp_path / "ended", 4 * PART
    begin_parts(folder, fingerprint(starter), resume=False)
    parts = parts_of(starter, folder, futures)
    for done in do_all(parts, cores=1):
        if done == 2:
            break
    assert len(list(folder.glob("*.npz"))) == 2
    (folder / "part-000050-000075.part").write_bytes(b"half of a part")
    begin_parts(folder, fingerprint(starter), resume=True)
    assert next(iter(do_all(parts, cores=1))) == 2
    assert_same(whole(starter, folder, futures, 2), whole(starter, tmp_path / "whole", futures, 1))


def test_a_process_that_is_killed_ends_the_run_and_loses_only_what_it_was_at(
    starter: Run, tmp_path: Path
) -> None:
    folder = tmp_path / "killed"
    begin_parts(folder, fingerprint(starter), resume=False)

    def kill_midway() -> None:
        for done in do_all(parts_of(starter, folder, 400 * PART), cores=2):
            if done >= 2:
                for child in multiprocessing.active_children():
                    child.kill()

    with pytest.raises(UsageError, match="--resume goes on"):
        kill_midway()
    assert not multiprocessing.active_children()
    few = 2 * PART
    assert_same(whole(starter, folder, few, 2), whole(starter, tmp_path / "whole", few, 1))


def test_parts_of_another_run_are_not_gone_on_with(starter: Run, tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    whole(starter, folder, PART, 1)
    other = Run(starter.case, starter.plan, starter.futures, "keep", starter.seed)
    with pytest.raises(UsageError, match=r"another run \(other policy\)"):
        begin_parts(folder, fingerprint(other), resume=True)
    begin_parts(folder, fingerprint(other), resume=False)
    assert not list(folder.glob("*.npz")), "without --resume it begins anew"


@pytest.mark.parametrize("record", ["{", "[]", "null", "half"])
def test_a_record_that_is_none_is_said_to_be_none(record: str, starter: Run, tmp_path: Path) -> None:
    begin_parts(tmp_path, fingerprint(starter), resume=False)
    (tmp_path / "run.json").write_text(record)
    with pytest.raises(UsageError, match="is no record of a run"):
        begin_parts(tmp_path, fingerprint(starter), resume=True)


@pytest.mark.parametrize("cores", [1, 2])
def test_a_disk_that_is_full_ends_the_run_and_what_was_done_stays(
    cores: int, starter: Run, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """A limit on the size of files stands in for it."""
    whole(starter, tmp_path, PART, 1)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200, before[1]))
    try:
        with pytest.raises(UsageError, match="--resume goes on"):
            list(do_all(parts_of(starter, tmp_path, 3 * PART), cores=cores))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [path.name for path in tmp_path.glob("*.npz")] == ["part-000000-000025.npz"]
    assert cores == 1 or "cannot be written: File too large" in capfd.readouterr().err
    assert len(whole(starter, tmp_path, 3 * PART, 2)[0]) == 3 * PART


def test_the_figures_add_up(starter: Run, tmp_path: Path) -> None:
    rows, _ = whole(starter, tmp_path / "parts", 3 * PART, 2)
    assert (rows["out"] + rows["left_waiting"] + rows["left_under_way"] == rows["people"]).all()
    case = stage_of(starter).reading.case
    registered = sum(group.size for group in case.groups)
    assert (rows["people"] + rows["stay"] + rows["alone"] == registered + rows["newcomers"]).all()
    sums = together(parts_of(starter, tmp_path / "parts", 3 * PART))[1]
    assert sums.people.sum() == rows["people"].sum()
    assert sums.out[:, -1].sum() == rows["out"].sum()
    assert sums.left.sum() == (rows["left_waiting"] + rows["left_under_way"]).sum()
    assert (np.diff(sums.out, axis=1) >= 0).all()
    assert (sums.share.sum(axis=1) == 3 * PART).all()
    report = stress_report(starter, stage_of(starter), 3 * PART, rows, sums)
    assert report.all_out == np.isfinite(rows["hours_100"]).mean()
    assert sum(part.futures for part in report.parts) == report.futures == 3 * PART
    for band in report.bands:
        assert band.shares == sorted(band.shares)
    json.loads(report.model_dump_json())
    write_future_rows(rows, tmp_path / "futures.csv")
    lines = (tmp_path / "futures.csv").read_text().splitlines()
    assert len(lines) == 1 + 3 * PART
    assert lines[0].split(",") == list(OUTCOME.names or ())
