"""A run by work is the same whenever and wherever it is made."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from overland.case import read_case
from overland.case.starter import new_case
from overland.plan import solve_with_proof
from overland.plan.document import Plan, Work
from overland.plan.proof import Proof
from overland.verify import verify
from overland.verify.proof import certify
from tests.builders import small_case

PRINT_PLAN = """
import sys
from pathlib import Path
from overland.case import read_case
from overland.plan import solve
print(solve(read_case(Path(sys.argv[1])), seed=3, work=4, time_limit=600).model_copy(update={"seconds": 0}))
"""


def made(folder: Path, *, seed: int = 3, work: int = 4) -> tuple[Plan, Proof]:
    """The plan of a run by work, without its time, and its proof."""
    plan, proof = solve_with_proof(read_case(folder), seed=seed, work=work, time_limit=600)
    return plan.model_copy(update={"seconds": 0}), proof


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("starter") / "case"
    new_case(folder)
    return folder


def test_the_same_seed_and_work_give_the_same_plan_and_proof(starter: Path) -> None:
    first, second = made(starter), made(starter)
    assert first == second
    assert first[0].work == Work(rounds=4, done=4, stopped=False)
    assert first[0].trips, "there was something to plan"
    case = read_case(starter)
    assert verify(case, first[0]) == []
    assert certify(case, *first).violations == ()


def test_so_do_plans_for_the_earliest_clearance(starter: Path) -> None:
    case = read_case(starter)
    plans = [
        solve_with_proof(case, seed=2, work=12, objective="lexicographic", time_limit=600)[0]
        for _ in range(2)
    ]
    first, second = (plan.model_copy(update={"seconds": 0}) for plan in plans)
    assert first == second
    assert first.certificate.deadline is not None


def test_another_process_with_other_hashes_makes_the_same_plan(starter: Path) -> None:
    printed = [
        subprocess.run(
            [sys.executable, "-c", PRINT_PLAN, str(starter)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert printed[0] == printed[1] == f"{made(starter)[0]}\n"


def test_another_seed_is_another_search(starter: Path) -> None:
    plans = [made(starter, seed=seed, work=1)[0] for seed in range(3)]
    assert len({str(plan.trips) for plan in plans}) > 1


def test_work_that_the_time_does_not_allow_is_said_to_be_unfinished() -> None:
    plan, _ = solve_with_proof(small_case(), work=1_000_000, time_limit=1)
    finished = plan.certificate.gap <= 1e-6  # the gap may have been closed
    assert plan.work is not None
    assert plan.work.stopped is not finished
    assert plan.work.done < 1_000_000
    assert verify(small_case(), plan) == []


def test_a_run_by_the_clock_promises_nothing() -> None:
    assert solve_with_proof(small_case(), time_limit=0.5)[0].work is None
