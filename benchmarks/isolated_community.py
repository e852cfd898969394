"""The isolated community evacuation problem: plans that roll on as head-counts come in.

    python benchmarks/isolated_community.py FOLDER [--only REGEX] [--seconds 10] [--seeds 3] [--work 1]
    python benchmarks/isolated_community.py --random 10 --seed 0 [--write FOLDER]

Vessels of different kinds bring the people of an island to the mainland; the last one is to be off as
early as can be. How many people there are at each location is a forecast, which another one replaces
every quarter of an hour, half or whole hour, until the truth is known. ``isolated_community_instances.py``
says how instances are read, ``isolated_community_random.py`` what is drawn at random, and
``isolated_community_case.py`` how they become cases. For each instance stand side by side, in minutes:

- *perfect information*: what HiGHS proves and finds (``isolated_community_peer.py``, exact times), what our
  envelope proves, the planner's plan for the earliest clearance (``--work`` rounds), the best of ``--seeds``
  re-plans from nothing, and the better of these two if its trips are made at exact times;
- *rolling*: such a re-plan for the first forecast, then ``overland.plan.rolling`` at each forecast, the best
  of ``--rolling-seeds`` each time; instructions may change for nothing (``--change-price``);
- *once*: the plan for the first forecast is kept until the truth is known. The people it has no seats for,
  if it is never changed at all, are counted as left.

Our minutes are those of the case, which are never less than the exact ones. All our runs but those with
``--replan-seconds`` do a fixed number of moves, so that the same versions of the libraries give the same
figures; HiGHS is cut off by the clock.
"""

from __future__ import annotations

import argparse
import re
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

from instance_files import arguments, pattern, quantity, run, whole
from isolated_community_case import parcel_of
from isolated_community_instances import Instance, read_best_known, read_folder
from isolated_community_peer import Peer, solve_by_highs
from isolated_community_random import random_instances, write_instance
from isolated_community_rolling import (
    Outcome,
    left_if_never_changed,
    plan_first,
    plan_known,
    plan_rolling,
)

from overland.errors import UsageError

Published = tuple[float | None, ...]  # perfect information, rolling, once
HEADS = (
    f"{'':28} {'perfect information':>43}   {'':>24} {'published':>20}\n"
    f"{'instance':28} {'HiGHS':>13} {'proven':>6} {'planner':>7} {'re-plan':>7} {'exact':>6}   "
    f"{'rolling':>7} {'once':>5} {'left':>4} {'time':>5} {'perf.':>6} {'roll.':>6} {'once':>6}"
)


@dataclass(frozen=True)
class Known:
    """What is reached with perfect information."""

    peer: Peer
    proven: float  # minutes, by our envelope
    planned: Outcome  # by the planner
    replanned: Outcome  # by re-plans from nothing

    @property
    def best(self) -> float:
        """Least clearance that anybody has reached: by HiGHS, or by us at exact times."""
        ours = [o.exact for o in (self.planned, self.replanned) if o.clearance is not None]
        return min([*ours, *([self.peer.clearance] if self.peer.clearance is not None else [])])

    @property
    def ours(self) -> float | None:
        """The better of our plans, by the minutes of the case."""
        reached = [o.clearance for o in (self.planned, self.replanned) if o.clearance is not None]
        return min(reached, default=None)


@dataclass(frozen=True)
class Row:
    """What came of one instance."""

    name: str
    known: Known
    rolling: Outcome
    once: Outcome
    left: int  # people, if the first plan is never changed
    seconds: float  # of the first plan and all its re-plans, verified
    published: Published

    @property
    def faults(self) -> int:
        """Of all plans, by the verifier."""
        outcomes = (self.known.planned, self.known.replanned, self.rolling, self.once)
        return sum(outcome.faults for outcome in outcomes)

    @property
    def late(self) -> float:
        """Most minutes that any vessel of any plan is late at exact times."""
        outcomes = (self.known.planned, self.known.replanned, self.rolling, self.once)
        return max(outcome.late for outcome in outcomes)


class Measuring:
    """Plans instances; what does not depend on forecasts is planned once for all that share a truth."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self._known: dict[tuple, Known] = {}

    def row(self, instance: Instance, published: Published) -> Row:
        """Plan one instance in all ways."""
        options, parcel = self._options, self._options.parcel or parcel_of(instance)
        known = self._of_truth(instance, parcel)
        begun = time.perf_counter()
        case, plan, _ = plan_first(instance, parcel, options.seeds)
        rules = {
            "change_price": options.change_price,
            "seconds": options.replan_seconds,
            "seeds": options.rolling_seeds,
        }
        _, rolling = plan_rolling(instance, parcel, case, plan, **rules)
        seconds = time.perf_counter() - begun
        _, once = plan_rolling(instance, parcel, case, plan, only_truth=True, **rules)
        left = left_if_never_changed(instance, plan, parcel)
        return Row(instance.name, known, rolling, once, left, seconds, published)

    def _of_truth(self, instance: Instance, parcel: int) -> Known:
        truth = instance.known()
        miles = tuple(tuple(table.items()) for table in (truth.start, truth.out, truth.back))
        key = (truth.vessels, truth.usable, miles, tuple(truth.truth.items()))
        if key not in self._known:
            planned, proven = plan_known(truth, parcel, self._options.work)
            _, _, replanned = plan_first(truth, parcel, self._options.seeds)
            self._known[key] = Known(solve_by_highs(truth, self._options.seconds), proven, planned, replanned)
        return self._known[key]


def _short(name: str) -> str:
    """The name of a published experiment without what it has in common with all others."""
    words = ("experiment_", ""), ("_var_factor_", "_v"), ("_update_interval_", "_i"), ("_seed_", "_s")
    for long, short in (*words, ("test_case_small", "small"), ("_ratio_", "_r")):
        name = name.replace(long, short)
    return re.sub(r"_number_updates_\d+", "", name)[-28:]


def report(row: Row) -> str:
    """A row of the table."""

    def text(value: float | None, width: int) -> str:
        return f"{'-' if value is None else f'{value:.0f}':>{width}}"

    peer, known = row.known.peer, row.known
    published = " ".join(text(value, 6) for value in row.published)
    doubt = f"  NOT VERIFIED: {row.faults} faults" if row.faults else ""
    doubt += f"  LATE by {row.late:.1f}" if row.late > 1e-6 else ""
    return (
        f"{_short(row.name):28} {text(peer.bound, 6)} {text(peer.clearance, 6)} {text(known.proven, 6)} "
        f"{text(known.planned.clearance, 7)} {text(known.replanned.clearance, 7)} "
        f"{text(min(known.planned.exact, known.replanned.exact), 6)}   "
        f"{text(row.rolling.clearance, 7)} {text(row.once.clearance, 5)} {row.left:>4} {row.seconds:>3.0f} s "
        f"{published}{doubt}"
    )


def summary(rows: list[Row]) -> str:
    """What the table says."""
    lines = [f"{len(rows)} instances, {sum(row.rolling.plans for row in rows)} plans in rolling"]

    def tell(what: str, ratios: list[float]) -> None:
        if ratios:
            lines.append(
                f"{what}: {statistics.mean(ratios):.3f} on average, {statistics.median(ratios):.3f} median, "
                f"{max(ratios):.3f} at most ({len(ratios)})"
            )

    def ratios(one: str, other: str) -> list[float]:
        found = []
        for row in rows:
            perfect, rolling, once = row.published
            value = {
                "rolling": row.rolling.clearance, "once": row.once.clearance, "ours": row.known.ours,
                "best": row.known.best, "bound": row.known.peer.bound or None, "proven": row.known.proven,
                "solver": row.known.peer.clearance, "perfect": perfect, "their rolling": rolling,
                "their once": once,
            }  # fmt: skip
            above, below = value[one], value[other]
            if above is not None and below:
                found.append(above / below)
        return found

    tell("rolling / our plan with perfect information", ratios("rolling", "ours"))
    tell("rolling / best with perfect information", ratios("rolling", "best"))
    tell("rolling / bound of HiGHS with perfect information", ratios("rolling", "bound"))
    tell("once / best with perfect information", ratios("once", "best"))
    tell("our plan with perfect information / bound of HiGHS", ratios("ours", "bound"))
    tell("HiGHS's plan / its bound", ratios("solver", "bound"))
    tell("our envelope / bound of HiGHS", ratios("proven", "bound"))
    tell("published: rolling / its perfect information", ratios("their rolling", "perfect"))
    tell("published: rolling / best with perfect information", ratios("their rolling", "best"))
    tell("published: once / best with perfect information", ratios("their once", "best"))
    tell("our rolling / published rolling", ratios("rolling", "their rolling"))
    left = [row for row in rows if row.left]
    lines.append(
        f"never changed, the first plan has no seats for somebody in {len(left)} of {len(rows)}, "
        f"{statistics.mean([row.left for row in left] or [0]):.0f} people in them on average"
    )
    return "\n".join(lines)


def main() -> None:
    """Print a row for each instance, and a summary."""
    parser = arguments(__doc__, "with a folder for each instance")
    parser.add_argument(
        "--only", type=pattern, default="", help="instances whose name has this regular expression in it"
    )
    parser.add_argument("--write", type=Path, help="folder to write the random instances into, and no more")
    parser.add_argument("--seconds", type=quantity, default=10.0, help="of HiGHS for each truth")
    parser.add_argument("--work", type=whole(1), default=1, help="rounds of the planner for each truth")
    parser.add_argument(
        "--seeds", type=whole(1), default=3, help="re-plans from nothing, of which the best is taken"
    )
    parser.add_argument("--rolling-seeds", type=whole(1), default=3, help="the same at each forecast")
    parser.add_argument("--parcel", type=whole(1), help="people in one; as many as leave hardly a seat empty")
    parser.add_argument("--change-price", type=quantity, default=0.0)
    parser.add_argument("--replan-seconds", type=quantity, default=0.0, help="of each re-plan in rolling")
    run(parser, measure)


def measure(options: argparse.Namespace) -> None:
    """Plan every instance, or write it."""
    known: dict[str, Published] = {}
    if options.folder is None:
        instances = random_instances(options.random, options.seed)
    else:
        instances, known = read_folder(options.folder), read_best_known(options.folder)
    instances = chosen(instances, options.only)
    if options.write is not None:
        for instance in instances:
            write_instance(instance, options.write)
        return
    if options.parcel is not None:
        check_parcel(instances, options.parcel)
    print(HEADS)
    measuring, rows = Measuring(options), []
    for instance in instances:
        rows.append(measuring.row(instance, known.get(instance.name, (None, None, None))))
        print(report(rows[-1]), flush=True)
    print(summary(rows))


def chosen(instances: list[Instance], only: str) -> list[Instance]:
    """Those whose name has a regular expression in it.

    Raises
    ------
    UsageError
        If there are none.
    """
    found = [instance for instance in instances if re.search(only, instance.name)]
    if not found:
        first = instances[0].name
        raise UsageError(
            f"--only {only}: none of {len(instances)} instances has this in its name; one is {first}"
        )
    return found


def check_parcel(instances: list[Instance], parcel: int) -> None:
    """Say which vessel cannot take a single parcel.

    Raises
    ------
    UsageError
        If there is one.
    """
    for instance in instances:
        smallest = min(instance.vessels, key=lambda vessel: vessel.seats)
        if smallest.seats < parcel:
            raise UsageError(
                f"{instance.name}: --parcel {parcel} is more than {smallest.name} takes; "
                f"give {smallest.seats} at most"
            )


if __name__ == "__main__":
    main()
