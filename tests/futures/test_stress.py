"""A run in parts comes to the same however it is cut, on however many cores, and whatever ends it midway."""

from __future__ import annotations

import json
import multiprocessing
from pathlib import Path

import numpy as np
import pytest

from overland.case import read_case
from overland.case.starter import new_case
from overland.errors import UsageError
from overland.futures.outcome import OUTCOME
from overland.futures.sheets import write_future_rows
from overland.futures.stress import PART, Parts, Run, carry_out_all, part_of, stage_of
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
    parts = Parts(folder)
    parts.begin(run, resume=folder.exists())
    assert list(carry_out_all(run, parts, futures, cores=cores))[-1] == futures
    rows, sums = parts.together(stage_of(run), futures)
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
    rows, _ = part_of(starter, 0, 3)
    np.testing.assert_array_equal(one[0][:3]["cost"], rows["cost"])


def test_a_run_that_was_ended_goes_on_where_it_was(starter: Run, tmp_path: Path) -> None:
    parts, futures = Parts(tmp_path / "ended"), 4 * PART
    parts.begin(starter, resume=False)
    for done in carry_out_all(starter, parts, futures, cores=1):
        if done >= 2 * PART:
            break
    assert len(parts.paths()) == 2
    (tmp_path / "ended" / "part-000050-000075.part").write_bytes(b"half of a part")
    parts.begin(starter, resume=True)
    assert next(iter(carry_out_all(starter, parts, futures, cores=1))) == 2 * PART
    assert_same(
        whole(starter, tmp_path / "ended", futures, 2), whole(starter, tmp_path / "whole", futures, 1)
    )


def test_a_process_that_is_killed_ends_the_run_and_loses_only_what_it_was_at(
    starter: Run, tmp_path: Path
) -> None:
    parts, futures = Parts(tmp_path / "killed"), 400 * PART
    parts.begin(starter, resume=False)

    def kill_midway() -> None:
        for done in carry_out_all(starter, parts, futures, cores=2):
            if done >= 2 * PART:
                for child in multiprocessing.active_children():
                    child.kill()

    with pytest.raises(UsageError, match="--resume goes on"):
        kill_midway()
    assert not multiprocessing.active_children()
    few = 2 * PART
    parts.begin(starter, resume=True)
    assert_same(whole(starter, tmp_path / "killed", few, 2), whole(starter, tmp_path / "whole", few, 1))


def test_parts_of_another_run_are_not_gone_on_with(starter: Run, tmp_path: Path) -> None:
    whole(starter, tmp_path / "parts", PART, 1)
    other = Run(starter.case, starter.plan, starter.futures, "keep", starter.seed)
    with pytest.raises(UsageError, match=r"another run \(other policy\)"):
        Parts(tmp_path / "parts").begin(other, resume=True)
    Parts(tmp_path / "parts").begin(other, resume=False)
    assert Parts(tmp_path / "parts").paths() == [], "without --resume it begins anew"


def test_the_figures_add_up(starter: Run, tmp_path: Path) -> None:
    rows, _ = whole(starter, tmp_path / "parts", 3 * PART, 2)
    assert (rows["out"] + rows["left_waiting"] + rows["left_under_way"] == rows["people"]).all()
    case = stage_of(starter).reading.case
    registered = sum(group.size for group in case.groups)
    assert (rows["people"] + rows["stay"] + rows["alone"] == registered + rows["newcomers"]).all()
    sums = Parts(tmp_path / "parts").together(stage_of(starter), 3 * PART)[1]
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
    assert lines[0].startswith("number,war_hour,people,out")
