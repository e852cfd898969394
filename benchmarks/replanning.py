"""Closes roads one at a time and plans anew: time to a verified plan, cost against one from scratch, changes.

    python benchmarks/replanning.py CASE PLAN [--hours 20] [--roads 20] [--seed 1] [--seconds 5]

``CASE`` is a case folder and ``PLAN`` its running plan. Roads are drawn, by the seed, from those on which
somebody still has to drive; each is closed for good from the hour on. The time counts from the changed case
in memory to the verified plan. The plan from scratch has the same past and the same seconds to search,
and may tell anybody anything (no price of changes).
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from overland.case import read_case
from overland.case.model import Case, Closure
from overland.plan.document import Plan, read_plan
from overland.plan.notices import people_told_otherwise
from overland.plan.replanning import CHANGE_PRICE, replan
from overland.roads import RoadTimes
from overland.verify import verify

VERIFYING = (
    2.0  # time kept for verifying the plan, against that for road times: a busy machine is slow at both
)


def roads_ahead(case: Case, plan: Plan, times: RoadTimes, step: int) -> list[str]:
    """Roads on which a vehicle or a car of the plan leaves later than a step."""
    ends = {(road.start, road.end): road.id for road in case.roads}
    ends |= {(road.end, road.start): road.id for road in case.roads if not road.one_way}
    profile = {fleet.id: times.profile_of(fleet) for fleet in case.fleets}
    found: set[str] = set()
    for record in (*plan.trips, *plan.moves, *plan.drives):
        depart = case.step_of(record.depart, up=False)
        if depart >= step:
            driven = "car" if not hasattr(record, "vehicle") else profile[record.vehicle.rpartition("-")[0]]
            way = times.route(driven, record.origin, record.destination, depart)
            found |= {ends[pair] for pair in pairwise(way) if pair in ends}
    return sorted(found)


def main() -> None:
    """Print a row for each road, and a summary."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("case", type=Path)
    parser.add_argument("plan", type=Path)
    parser.add_argument("--hours", type=float, default=20.0)
    parser.add_argument("--roads", type=int, default=20, help="0: all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--change-price", type=float, default=CHANGE_PRICE)
    options = parser.parse_args()
    case, running = read_case(options.case), read_plan(options.plan)
    step = case.steps_of_hours(options.hours)
    roads = roads_ahead(case, running, RoadTimes.of(case), step)
    if options.roads:
        roads = sorted(random.Random(options.seed).sample(roads, min(options.roads, len(roads))))
    warm(case, running, step)
    print(f"{'road':34} {'verified':>8} {'processor':>11} {'cost':>8} {'scratch':>9} {'':8} {'left':>5} told")
    rows = []
    for road in roads:
        row = one_road(case, running, step, road, options.seconds, options.change_price)
        rows.append(row)
        print(
            f"{road:34} {row.seconds:6.2f} s {row.processor:9.2f} s {row.cost:8,.0f} {row.scratch:9,.0f} "
            f"{row.against:+8.2%} {row.left:5d} {row.told:5.1%}",
            flush=True,
        )
    for what, numbers, form in (
        ("seconds to a verified plan", [row.seconds for row in rows], ".2f"),
        ("seconds of the processor", [row.processor for row in rows], ".2f"),
        ("against a plan from scratch", [row.against for row in rows], "+.2%"),
        ("people still to leave told otherwise", [row.told for row in rows], ".1%"),
    ):
        print(f"{what}: {statistics.mean(numbers):{form}} on average, {max(numbers):{form}} at most")


class Row(NamedTuple):
    """What came of closing a road."""

    seconds: float  # to a verified plan
    processor: float  # seconds of the processor
    cost: float
    scratch: float  # cost of a plan from scratch
    told: float  # share of the people still to leave who are told otherwise
    left: int  # people

    @property
    def against(self) -> float:
        """How much dearer the plan is than one from scratch."""
        return self.cost / self.scratch - 1


def warm(case: Case, running: Plan, step: int) -> None:
    """Let the kernels be compiled or loaded before anything is measured."""
    changed = replace(
        case, closures=(*case.closures, Closure(road=case.roads[0].id, start=case.time_of(step)))
    )
    replan(changed, running, case.time_of(step), time_limit=1.0)


def one_road(case: Case, running: Plan, step: int, road: str, limit: float, price: float) -> Row:
    """Close a road, plan anew, verify, and plan from scratch."""
    now = case.time_of(step)
    changed = replace(case, closures=(*case.closures, Closure(road=road, start=now)))
    begun, worked = time.perf_counter(), time.process_time()
    times = RoadTimes.of(changed)
    times.prepare()
    search = limit - (1 + VERIFYING) * (time.perf_counter() - begun)
    plan = replan(changed, running, now, time_limit=search, times=times, change_price=price)
    faults = verify(changed, plan, times, running)
    seconds, processor = time.perf_counter() - begun, time.process_time() - worked
    assert not faults, faults[0]
    scratch = replan(
        changed, running, now, time_limit=search, times=times, change_price=0.0, from_scratch=True
    )
    assert not verify(changed, scratch, times, running)
    others, people = people_told_otherwise(changed, running, plan)
    left = plan.totals.people - plan.totals.out
    cost, from_scratch = plan.certificate.cost, scratch.certificate.cost
    return Row(seconds, processor, cost, from_scratch, others / max(1, people), left)


if __name__ == "__main__":
    main()
