"""Carry a plan out in many futures: seconds, memory, and how both grow with futures and with people.

``python benchmarks/futures.py CASE PLAN [--futures N] [--times N]``: the whole command ``overland stress``
under both policies; then, in one process, the seconds of the processor for drawing a future and for carrying
the plan out in it, with the people, vehicles and room at borders that there are, and with ten times as many.
"""

from __future__ import annotations

import argparse
import re
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from overland.case import digest, read_case
from overland.case.model import Case
from overland.futures.driving import DETOUR, KEEP
from overland.futures.execution import carry_out
from overland.futures.order_reading import Reading
from overland.futures.sampling import Sampler
from overland.futures.scene import Scene
from overland.futures.stage import Run, stage_of
from overland.plan.document import Plan, read_plan

OF_PROCESS = 50
"""Futures of the part in one process."""


def whole_command(case: Path, plan: Path, futures: int, policy: str) -> str:
    """Seconds and memory of the command as a user runs it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "overland.cli", "stress", str(case), str(plan), "-o", folder, "-q"]
        started = time.monotonic()
        subprocess.run(
            [*command, "--futures", str(futures), "--policy", policy], check=True, capture_output=True
        )
        seconds = time.monotonic() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime - before.ru_utime
    return f"{seconds:6.1f} s, {processor:6.1f} s of the processor, {after.ru_maxrss / 1024:5.0f} MB at most"


def enlarged(case: Case, plan: Plan, times: int) -> tuple[Case, Plan]:
    """So many times the people, vehicles, seats and room at borders; the plan is carried out by each copy."""
    copies = range(times)
    count = {fleet.id: fleet.count for fleet in case.fleets}
    larger = replace(
        case,
        groups=tuple(replace(g, id=f"{g.id}-{k}") for k in copies for g in case.groups),
        fleets=tuple(replace(fleet, count=fleet.count * times) for fleet in case.fleets),
        services=tuple(replace(service, seats=service.seats * times) for service in case.services),
        runs=tuple(replace(run, seats=run.seats * times) for run in case.runs),
        crossing_modes=tuple(replace(m, rate_per_hour=m.rate_per_hour * times) for m in case.crossing_modes),
        headcounts=tuple(
            replace(h, low=h.low * times, likely=h.likely * times, high=h.high * times)
            for h in case.headcounts
        ),
    )

    def vehicle(name: str, k: int) -> str:
        fleet, number = re.fullmatch(r"(.*)-(\d+)", name).groups()  # type: ignore[union-attr]
        return f"{fleet}-{int(number) + k * count[fleet]:02d}"

    def groups(names: list[str], k: int) -> list[str]:
        return [f"{name}-{k}" for name in names]

    return larger, plan.model_copy(
        update={
            "case_digest": digest(larger),
            "trips": [
                t.model_copy(
                    update={
                        "id": f"{t.id}-{k}",
                        "vehicle": vehicle(t.vehicle, k),
                        "groups": groups(t.groups, k),
                        "stops": [
                            s.model_copy(update={"on": groups(s.on, k), "off": groups(s.off, k)})
                            for s in t.stops
                        ],
                    }
                )
                for k in copies
                for t in plan.trips
            ],
            "moves": [
                m.model_copy(update={"vehicle": vehicle(m.vehicle, k)}) for k in copies for m in plan.moves
            ],
            "rides": [
                r.model_copy(update={"groups": [g for k in copies for g in groups(r.groups, k)]})
                for r in plan.rides
            ],
            "drives": [d.model_copy(update={"group": f"{d.group}-{k}"}) for k in copies for d in plan.drives],
            "left": [x.model_copy(update={"group": f"{x.group}-{k}"}) for k in copies for x in plan.left],
        }
    )


def in_one_process(case: Case, plan: Plan, like: Sampler) -> str:
    """Milliseconds of the processor for a future."""
    scene = Scene.of(case)
    world, sampler = Reading(scene, plan).world, Sampler(scene, like.uncertainty, like.queue)
    carry_out(world, sampler.draw(0, 0).happenings, DETOUR)
    started = time.process_time()
    drawn = [sampler.draw(0, number).happenings for number in range(OF_PROCESS)]
    parts = [f"drawing {1000 * (time.process_time() - started) / OF_PROCESS:6.1f} ms"]
    for name, policy in (("keep", KEEP), ("detour", DETOUR)):
        started = time.process_time()
        for happenings in drawn:
            carry_out(world, happenings, policy)
        parts.append(f"{name} {1000 * (time.process_time() - started) / OF_PROCESS:6.1f} ms")
    people = sum(group.size for group in case.groups)
    return f"{people:9,} people: {', '.join(parts)}"


def main() -> None:
    """Print what is measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("case", type=Path)
    parser.add_argument("plan", type=Path)
    parser.add_argument("--futures", type=int, default=1000)
    parser.add_argument("--times", type=int, default=10)
    arguments = parser.parse_args()
    for policy in ("keep", "detour"):
        for futures in (arguments.futures, 4 * arguments.futures):
            measured = whole_command(arguments.case, arguments.plan, futures, policy)
            print(f"{futures:6,} futures, {policy:6}: {measured}", flush=True)
    case, plan = read_case(arguments.case), read_plan(arguments.plan)
    like = stage_of(Run.of(arguments.case, arguments.plan, policy="keep", seed=0)).sampler
    print(in_one_process(case, plan, like), flush=True)
    print(in_one_process(*enlarged(case, plan, arguments.times), like), flush=True)


if __name__ == "__main__":
    main()
