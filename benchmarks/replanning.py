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
    print(f"{'road':34} {'verified':>8} {'cost':>9} {'scratch':>9} {'against':>8} {'left':>5} {'told':>6}")
    seconds, against, told = [], [], []
    for road in roads:
        row = one_road(case, running, step, road, options.seconds, options.change_price)
        seconds.append(row[0]), against.append(row[1] / row[2] - 1), told.append(row[3])
        print(
            f"{road:34} {row[0]:6.2f} s {row[1]:9,.0f} {row[2]:9,.0f} {against[-1]:+8.2%} {row[4]:5d} "
            f"{row[3]:6.1%}",
            flush=True,
        )
    print(
        f"{len(roads)} roads: verified after {statistics.mean(seconds):.2f} s, {max(seconds):.2f} s at most"
    )
    print(
        f"against a plan from scratch {statistics.mean(against):+.2%} on average, {max(against):+.2%} at most"
    )
    print(
        f"told otherwise, of the people still to leave: {statistics.mean(told):.1%}, {max(told):.1%} at most"
    )


def warm(case: Case, running: Plan, step: int) -> None:
    """Let the kernels be compiled or loaded before anything is measured."""
    changed = replace(
        case, closures=(*case.closures, Closure(road=case.roads[0].id, start=case.time_of(step)))
    )
    replan(changed, running, case.time_of(step), time_limit=1.0)


def one_road(
    case: Case, running: Plan, step: int, road: str, limit: float, price: float
) -> tuple[float, float, float, float, int]:
    """Seconds to a verified plan, its cost, that of one from scratch, share told otherwise, people left."""
    now = case.time_of(step)
    changed = replace(case, closures=(*case.closures, Closure(road=road, start=now)))
    begun = time.perf_counter()
    times = RoadTimes.of(changed)
    times.prepare()
    search = limit - (1 + VERIFYING) * (time.perf_counter() - begun)
    plan = replan(changed, running, now, time_limit=search, times=times, change_price=price)
    faults = verify(changed, plan, times, running)
    seconds = time.perf_counter() - begun
    assert not faults, faults[0]
    scratch = replan(
        changed, running, now, time_limit=search, times=times, change_price=0.0, from_scratch=True
    )
    assert not verify(changed, scratch, times, running)
    others, people = people_told_otherwise(changed, running, plan)
    left = plan.totals.people - plan.totals.out
    return seconds, plan.certificate.cost, scratch.certificate.cost, others / max(1, people), left


if __name__ == "__main__":
    main()
