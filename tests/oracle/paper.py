"""The plan that the search has found, as a plan document."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from overland.case import digest
from overland.case.model import Group
from overland.plan.document import Certificate, Drive, Left, Move, Plan, Ride, Stop, Totals, Trip
from tests.oracle.linetrips import Head
from tests.oracle.world import Chain, Option, Stage, World


@dataclass(frozen=True)
class Outcome:
    """What happens to each group, and what the vehicles do for it."""

    cost: float
    choice: list[tuple[Group, Option]]
    chains: dict[int, Chain]
    order: dict[Stage | Head, int]  # numbers of the trips
    stranded: dict[str, bool]


def on_paper(world: World, outcome: Outcome) -> Plan:
    """Write down an outcome; its cost is its own bound."""
    aboard: dict[Stage, list[str]] = defaultdict(list)
    for group, option in outcome.choice:
        for stage in option.stages:
            aboard[stage].append(group.id)
    trips = [
        _trip(world, outcome.order[stage], stage, who)
        for stage, who in aboard.items()
        if stage.by_bus and not stage.head
    ]
    trips += [
        _line_trip(world, outcome.order[head], head, aboard)
        for head in dict.fromkeys(stage.head for stage in aboard)
        if head
    ]
    at = world.case.time_of
    everybody = [(at(world.T), world.people)]
    return Plan(
        case=world.case.id,
        case_digest=digest(world.case),
        overland="oracle",
        seed=0,
        seconds=0.0,
        trips=sorted(trips, key=lambda trip: trip.id),
        moves=[
            Move(vehicle=_name(world, k), origin=a, destination=b, depart=at(u), arrive=at(v))
            for k, (_, moves) in outcome.chains.items()
            for a, b, u, v in moves
        ],
        rides=[
            Ride(run=str(stage.carrier), groups=who, **_common(world, stage))
            for stage, who in aboard.items()
            if stage.kind in {"rail", "rail-hub"}
        ],
        drives=[
            Drive(group=group, **_common(world, stage))
            for stage, who in aboard.items()
            if stage.kind == "car"
            for group in who
        ],
        left=[
            Left(group=g.id, stranded=outcome.stranded[g.id], reason="the cheapest plan leaves it")
            for g, option in outcome.choice
            if not option.stages
        ],
        totals=_totals(world, outcome),
        certificate=Certificate(cost=outcome.cost, bound=outcome.cost, gap=0.0, envelope=everybody),
        values=[],
    )


def _trip(world: World, number: int, stage: Stage, who: list[str]) -> Trip:
    kind: Any = stage.kind
    return Trip(
        id=f"T{number:04d}",
        vehicle=_name(world, stage.carrier),
        kind=kind,
        free=world.case.time_of(stage.free),
        convoy=stage.convoy,
        groups=who,
        **_common(world, stage),
    )


def _line_trip(world: World, number: int, head: Head, aboard: dict[Stage, list[str]]) -> Trip:
    at, last, kind = world.case.time_of, len(head.nodes) - 1, head.kinds[-1]
    mine = {stage: who for stage, who in aboard.items() if stage.head == head}
    stops = [
        Stop(
            node=node,
            kind=head.kinds[k],  # type: ignore[arg-type]
            arrive=at(head.arrives[k]) if k else None,
            depart=at(head.leaves[k]) if k < last else None,
            passed=None if (passed := head.passed[k]) is None else at(passed),
            on=[g for stage, who in mine.items() if stage.origin == node for g in who],
            off=[g for stage, who in mine.items() if stage.destination == node for g in who],
        )
        for k, node in enumerate(head.nodes)
    ]
    return Trip(
        id=f"T{number:04d}",
        vehicle=_name(world, head.carrier),
        origin=head.origin,
        kind=kind,  # type: ignore[arg-type]
        destination=head.destination,
        depart=at(head.depart),
        arrive=at(head.arrives[-1]),
        passed=stops[-1].passed,
        free=at(head.free),
        groups=[g for stop in stops for g in stop.on],
        line=head.line,
        stops=stops,
    )


def _common(world: World, stage: Stage) -> dict[str, Any]:
    at = world.case.time_of
    return {
        "origin": stage.origin,
        "destination": stage.destination,
        "depart": at(stage.depart),
        "arrive": at(stage.arrive),
        "passed": None if stage.passed is None else at(stage.passed),
    }


def _totals(world: World, outcome: Outcome) -> Totals:
    out = [(option.stages[-1].until, group.size) for group, option in outcome.choice if option.stages]
    return Totals(
        people=world.people,
        out=sum(size for _, size in out),
        stranded=sum(group.size for group, _ in outcome.choice if outcome.stranded[group.id]),
        exposure=sum(option.cost for _, option in outcome.choice if option.stages),
        left_cost=sum(option.cost for _, option in outcome.choice if not option.stages),
        vehicle_hours=world.case.step_hours * sum(driven for driven, _ in outcome.chains.values()),
        cleared=world.case.time_of(max(step for step, _ in out)) if out else None,
    )


def _name(world: World, vehicle: Any) -> str:
    fleet, number = world.vehicles[vehicle]
    return f"{fleet.id}-{number:02d}"
