"""Bring the people of a flow network out as early as possible, and check it.

``python benchmarks/mass_flow.py NETWORK [SECONDS …]``

Searches that are cut off after some seconds, to see how good the flow is by then, then the whole of it.
Kernels are compiled before the clock starts. What is printed as checked has been read back from files.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from overland.plan.massflow.earliest_arrival import earliest_arrival, warm_up
from overland.plan.massflow.network_text import read_flow_network
from overland.plan.massflow.records import write_records
from overland.plan.massflow.verification import verify_records


def peak() -> float:
    """Most memory of this process so far, in MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("network", type=Path)
    parser.add_argument("seconds", type=float, nargs="*", default=[1.0, 2.0, 3.0])
    arguments = parser.parse_args()
    warm_up()
    started = time.perf_counter()
    network = read_flow_network(arguments.network)
    size = f"{len(network):,} nodes, {len(network.tail):,} arcs, {network.people:,} people"
    print(f"{size}, read in {time.perf_counter() - started:.2f} s")
    for limit in (*arguments.seconds, 1e9):
        busy, started = time.process_time(), time.perf_counter()
        seen: list[float] = []
        flow = earliest_arrival(network, limit, lambda now, seen=seen: seen.append(now.seconds))  # type: ignore[misc]
        whole, busy = time.perf_counter() - started, time.process_time() - busy
        print(
            f"{'all' if limit > 1e8 else f'{limit:g} s':5} search {seen[-1]:.2f} s, whole {whole:.2f} s "
            f"(processor {busy:.2f} s), sum {flow.total:,} >= {flow.bound:,}, gap {flow.gap:.2%}, "
            f"clearance {flow.clearance} >= {flow.clearance_bound}, {peak():,.0f} MB"
        )
    with tempfile.TemporaryDirectory() as folder:
        write_records(flow, Path(folder))
        started = time.perf_counter()
        found, wrong = verify_records(network, Path(folder))
        print(f"checked from files in {time.perf_counter() - started:.2f} s: {wrong or found}")


if __name__ == "__main__":
    main()
