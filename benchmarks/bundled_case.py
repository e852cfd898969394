"""Plan the bundled case in a process of its own, seed by seed: time, memory, clearance, cost, bound
and gap.

``python benchmarks/bundled_case.py [--time-limit SECONDS] [--objective OBJECTIVE] [SEED ...]``
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CASE = Path(__file__).resolve().parent.parent / "cases" / "ukraine-2022"


def measure(seed: int, time_limit: float, objective: str) -> str:
    """One row of the table: a whole run of ``overland plan`` and of ``overland verify`` after it."""
    with tempfile.TemporaryDirectory() as folder:
        plan = [sys.executable, "-m", "overland.cli", "plan", str(CASE), "-o", folder, "--quiet"]
        started = time.monotonic()
        options = "--seed", str(seed), "--time-limit", str(time_limit), "--objective", objective
        subprocess.run([*plan, *options], check=True, capture_output=True)
        seconds = time.monotonic() - started
        document = Path(folder, "plan.json")
        verify = [sys.executable, "-m", "overland.cli", "verify", str(CASE), str(document)]
        verified = subprocess.run(verify, check=False, capture_output=True).returncode == 0
        written = json.loads(document.read_text())
    proof, totals = written["certificate"], written["totals"]
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return (
        f"{seed:4}  {seconds:7.1f} s  {memory:6.0f} MB  {totals['out']:6} out  "
        f"{totals['cleared'] or '-':20}  {proof['earliest_cleared'] or '-':20}  {proof['cost']:9,.0f}  "
        f"{proof['bound']:9,.0f}  {proof['gap']:6.2%}  {'verified' if verified else 'NOT VERIFIED'}"
    )


def main() -> None:
    """Print a row for each seed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seeds", nargs="*", type=int, default=[0, 1, 2])
    parser.add_argument("--time-limit", type=float, default=110.0)
    parser.add_argument("--objective", default="exposure")
    arguments = parser.parse_args()
    moments = f"{'last one out':20}  {'none before':20}"
    print(f"seed  process    memory     people  {moments}       cost      bound     gap")
    for seed in arguments.seeds:
        print(measure(seed, arguments.time_limit, arguments.objective), flush=True)


if __name__ == "__main__":
    main()
