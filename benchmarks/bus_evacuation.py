"""The bus evacuation problem: our clearance and its proof, beside a solver and what is known.

    python benchmarks/bus_evacuation.py FOLDER [--seconds 5 | --work 40] [--unit 1]
    python benchmarks/bus_evacuation.py --random 20 --seed 0

Buses stand at depots, drive to pick-ups, bring a load to a shelter that has room, and come back for the
next; the longest tour is to be least. ``bus_evacuation_instances.py`` says how files are read, and what is
drawn at random. Each instance becomes a case: a pick-up a place, a shelter a crossing of which the reception
centre takes so many on one day, and one day is all there is; a unit of distance is a step of a minute. The
solver (HiGHS, see ``bus_evacuation_peer.py``) has the same seconds after us.

Where demand is in whole bus loads, as in all published instances at hand, the two problems are the same:
roads lead from pick-up to shelter and back only, nobody drives through either, and a trip carries a load.
Else people are dealt out in the largest parcels that nobody need split, and our loading rule lets no bus
leave with seats free while somebody waits who could come: plans that need that are not ours, so our least
tour may be longer. What we prove does not rest on the rule and holds for both. A trip has one pick-up; some
formulations let a bus collect at several.
"""

from __future__ import annotations

import argparse
import statistics
from dataclasses import dataclass
from datetime import UTC, datetime

from bus_evacuation_instances import Instance, random_instances, read_best_known, read_folder
from bus_evacuation_peer import Peer, solve_by_highs
from instance_files import arguments, quantity, run, whole

from overland.case.model import (
    Case,
    Crossing,
    CrossingMode,
    EntryRule,
    Fleet,
    Group,
    Mode,
    Place,
    Policy,
    Reception,
    Road,
    Role,
)
from overland.errors import UsageError
from overland.plan import solve
from overland.verify import verify

START = datetime(2022, 1, 1, tzinfo=UTC)
LONGEST_HOURS = 23  # the horizon lies in one local day: a reception centre takes in once
SPARE = 1.25  # horizon against the greedy tour
HEADS = (
    f"{'':18} {'buses/pick-ups':>15} {'our longest tour':>27} {'':10} {'peer: no tour shorter than':>24}\n"
    f"{'instance':18} {'/shelters/loads':>15} {'plan':>6} {'proven':>6} {'gap':>7} {'time':>8}  "
    f"{'in LP':>6} {'proven':>6} {'tour':>6} {'time':>8} {'known':>6}"
)


def case_of(instance: Instance) -> Case:
    """The instance as a case, in steps of a minute.

    Raises
    ------
    UsageError
        If its tours take longer than a day.
    """
    instance = instance.in_loads()
    hours = -(-int(SPARE * instance.greedy() + 1) // 60)
    if hours > LONGEST_HOURS:
        raise UsageError(
            f"{instance.name}: tours of {hours} h; give a greater --unit, so that a day is enough"
        )
    people = sum(instance.demand)
    return Case(
        id=instance.name,
        title=f"Bus evacuation problem {instance.name}",
        sponsor="IL",
        country="UA",
        time_zone="UTC",
        start=START,
        horizon_hours=hours,
        step_minutes=1,
        policy=Policy(
            weights={"all": 1.0},
            country_share={},
            speeds_kmh={"M": 60.0},
            bus_speed_factor=1.0,
            rate_window_minutes=60 * hours,
            loading_minutes=0,
            unloading_minutes=0,
            hub_change_minutes=0,
        ),
        places=(
            *(_place(f"depot-{k + 1}", Role.DEPOT) for k in range(len(instance.buses))),
            *(_place(f"pick-up-{i + 1}", Role.ASSEMBLY) for i in range(len(instance.demand))),
        ),
        roads=_roads(instance),
        crossings=tuple(_crossing(j) for j in range(len(instance.room))),
        crossing_modes=tuple(_mode(j, 60.0 * people) for j in range(len(instance.room))),
        reception=tuple(_reception(j, places) for j, places in enumerate(instance.room)),
        groups=tuple(
            _group(f"{i + 1}-{number + 1}", f"pick-up-{i + 1}")
            for i, waiting in enumerate(instance.demand)
            for number in range(waiting)
        ),
        fleets=tuple(
            Fleet(
                id=f"fleet-{k + 1}",
                depot=f"depot-{k + 1}",
                count=count,
                seats=instance.capacity,
                available=START,
                max_driving_hours=24.0,
            )
            for k, count in enumerate(instance.buses)
        ),
        entry_rules=(EntryRule(country="*", nationality="*", papers="*", admitted=True),),
    )


def _place(key: str, role: Role) -> Place:
    return Place(id=key, name=key, latitude=50.0, longitude=30.0, roles=frozenset({role}))


def _roads(instance: Instance) -> tuple[Road, ...]:
    def road(start: str, end: str, steps: int, one_way: bool) -> Road:
        return Road(
            id=f"{start}-{end}", start=start, end=end, km=float(steps), road_class="M", one_way=one_way
        )

    return (
        *(
            road(f"depot-{k + 1}", f"pick-up-{i + 1}", steps, True)
            for k, row in enumerate(instance.start)
            for i, steps in enumerate(row)
        ),
        *(
            road(f"pick-up-{i + 1}", f"shelter-{j + 1}", steps, False)
            for i, row in enumerate(instance.distance)
            for j, steps in enumerate(row)
        ),
    )


def _crossing(j: int) -> Crossing:
    name = f"shelter-{j + 1}"
    return Crossing(
        id=name, name=name, country="PL", latitude=50.0, longitude=24.0, reception=f"room-{j + 1}"
    )


def _mode(j: int, rate: float) -> CrossingMode:
    return CrossingMode(
        crossing=f"shelter-{j + 1}", mode=Mode.BUS, rate_per_hour=rate, wait_hours=0.0, turnaround_hours=0.0
    )


def _reception(j: int, places: int) -> Reception:
    name = f"room-{j + 1}"
    return Reception(id=name, name=name, country="PL", latitude=50.0, longitude=23.0, intake_per_day=places)


def _group(key: str, place: str) -> Group:
    return Group(id=key, place=place, size=1, category="all", ready=START)


@dataclass(frozen=True)
class Ours:
    """What we plan and prove."""

    tour: int | None  # steps; None if somebody is left
    bound: int  # steps
    faults: int  # of the plan, by the verifier
    seconds: float

    @property
    def gap(self) -> float | None:
        """Of the longest tour, how much may be too long."""
        return None if self.tour is None else (self.tour - self.bound) / self.tour


def solve_by_overland(instance: Instance, seconds: float, work: int | None) -> Ours:
    """Plan an instance for the earliest clearance, and verify the plan."""
    case = case_of(instance)
    plan = solve(case, objective="clearance", time_limit=seconds if work is None else 3600.0, work=work)
    faults = verify(case, plan)
    earliest, cleared = plan.certificate.earliest_cleared, plan.totals.cleared
    bound = 0 if earliest is None else case.step_of(earliest, up=True)
    tour = None if plan.left or cleared is None else case.step_of(cleared, up=True)
    return Ours(tour, bound, len(faults), plan.seconds)


def report(instance: Instance, ours: Ours, peer: Peer, known: tuple[int, bool] | None) -> str:
    """A row of the table."""
    loads = instance.in_loads()
    size = f"{sum(loads.buses)}/{len(loads.demand)}/{len(loads.room)}/{sum(loads.demand)}"
    tour = ours.tour or "-"
    gap = "left" if ours.gap is None else f"{ours.gap:.1%}"
    best = "-" if known is None else f"{known[0]}{'' if known[1] else '?'}"
    exact = ["-" if number is None else str(number) for number in (peer.relaxed, peer.bound, peer.tour)]
    return (
        f"{instance.name:18} {size:>15} {tour:>6} {ours.bound:>6} {gap:>7} {ours.seconds:6.1f} s  "
        f"{exact[0]:>6} {exact[1]:>6} {exact[2]:>6} {peer.seconds:6.1f} s {best:>6}"
        f"{f'  NOT VERIFIED: {ours.faults} faults' if ours.faults else ''}"
    )


def summary(rows: list[tuple[Ours, Peer, tuple[int, bool] | None]]) -> str:
    """What the table says."""
    whole = [row for row in rows if row[0].tour is not None]
    gaps = [ours.gap for ours, _, _ in whole if ours.gap is not None]
    relaxed = [
        (ours.tour - peer.relaxed) / ours.tour for ours, peer, _ in whole if ours.tour and peer.relaxed
    ]
    solved = [(ours, peer) for ours, peer, _ in whole if peer.tour is not None and peer.tour == peer.bound]
    lines = [f"{len(rows)} instances, {len(rows) - len(whole)} with somebody left"]
    if gaps:
        closed = sum(gap == 0 for gap in gaps)
        lines.append(
            f"our gap: {statistics.mean(gaps):.1%} on average, {max(gaps):.1%} at most, none in {closed}"
        )
    if relaxed:
        lines.append(f"our tour above the peer's programme in fractions: {statistics.mean(relaxed):.1%}")
    if solved:
        met = sum(ours.tour == peer.tour for ours, peer in solved)
        above = [ours.tour / peer.tour - 1 for ours, peer in solved if ours.tour and peer.tour]
        below = [1 - ours.bound / peer.tour for ours, peer in solved if peer.tour]
        lines.append(
            f"{len(solved)} solved by the peer: our tour is the least in {met}, {statistics.mean(above):.1%} "
            f"above it on average, {max(above):.1%} at most; our bound {statistics.mean(below):.1%} below it"
        )
    for proven in (True, False):
        old = [(ours.tour, known[0]) for ours, _, known in whole if known and known[1] == proven]
        if old:
            better, equal = (sum(t is not None and c(t, k) for t, k in old) for c in (int.__lt__, int.__eq__))
            kind = "proven" if proven else "not proven"
            lines.append(f"against {len(old)} best known, {kind}: better {better}, equal {equal}")
    return "\n".join(lines)


def main() -> None:
    """Print a row for each instance, and a summary."""
    parser = arguments(__doc__, "with instances as *.txt")
    parser.add_argument(
        "--seconds", type=quantity, default=5.0, help="for each instance, ours and the peer's"
    )
    parser.add_argument("--work", type=whole(1), help="rounds of ours, instead of seconds")
    parser.add_argument("--unit", type=whole(1), default=1, help="distance of one step")
    run(parser, measure)


def measure(options: argparse.Namespace) -> None:
    """Plan every instance."""
    known: dict[str, tuple[int, bool]] = {}
    if options.folder is None:
        instances = random_instances(options.random, options.seed)
    else:
        instances, known = read_folder(options.folder, options.unit), read_best_known(options.folder)
    cases = [case_of(instance) for instance in instances]  # what cannot be planned is said before anything is
    solve(cases[0], objective="clearance", work=2, time_limit=3600.0)  # compiles the kernels
    print(HEADS)
    rows = []
    for instance in instances:
        ours = solve_by_overland(instance, options.seconds, options.work)
        peer = solve_by_highs(instance.in_loads(), options.seconds)
        rows.append((ours, peer, known.get(instance.name)))
        print(report(instance, *rows[-1]), flush=True)
    print(summary(rows))


if __name__ == "__main__":
    main()
