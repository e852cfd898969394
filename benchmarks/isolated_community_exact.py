"""Plans of an isolated community by the exact times of its vessels, and any docks that they may use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

from isolated_community_case import minutes_of
from isolated_community_instances import Instance, Vessel

from overland.plan.document import Plan


@dataclass(frozen=True)
class Sailing:
    """A loaded trip of a vessel as a plan has it; minutes."""

    location: str
    leaves: float
    safe: float


def late_by(instance: Instance, plan: Plan) -> float:
    """Most minutes by which a vessel is later, by its exact times, than a plan says; 0 or less: never.

    It is late where it cannot be loaded at a location when the plan says so, or everybody is off later.
    """
    worst = -inf
    for vessel, trips in _trips(instance, plan):
        at: dict[
            str, float
        ] = {}  # dock of the mainland where it may be: how late it has been on the way there
        for number, trip in enumerate(trips):
            then: dict[str, float] = {}
            for b in instance.docks(vessel, trip.location):
                if number == 0:
                    first = instance.first(vessel, b)
                    late = inf if first is None else first - trip.leaves
                else:
                    since = trips[number - 1].safe - trip.leaves
                    ways = [(instance.again(vessel, c, b), before) for c, before in at.items()]
                    late = min((max(was, since + t) for t, was in ways if t is not None), default=inf)
                for c in instance.havens(vessel, b):
                    off = trip.leaves + instance.crossing(vessel, b, c) - trip.safe
                    then[c] = min(max(late, off), then.get(c, inf))
            at = then
        worst = max(worst, min(at.values(), default=inf))
    return worst


def exact_clearance(instance: Instance, plan: Plan) -> float:
    """Minutes until everybody is off when vessels make the trips of a plan as soon as they can."""
    last = 0.0
    for vessel, trips in _trips(instance, plan):
        at: dict[str, float] = {}  # dock of the mainland where it may be, and since when
        for number, trip in enumerate(trips):
            then: dict[str, float] = {}
            for b in instance.docks(vessel, trip.location):
                ways = [(instance.again(vessel, c, b), since) for c, since in at.items()]
                firsts = [instance.first(vessel, b)] if number == 0 else []
                leave = min(
                    (
                        *(since + t for t, since in ways if t is not None),
                        *(t for t in firsts if t is not None),
                    ),
                    default=inf,
                )
                for c in instance.havens(vessel, b):
                    then[c] = min(leave + instance.crossing(vessel, b, c), then.get(c, inf))
            at = then
        last = max(last, min(at.values(), default=inf))
    return last


def _trips(instance: Instance, plan: Plan) -> Iterator[tuple[Vessel, list[Sailing]]]:
    """The trips of each vessel that makes any, in their order."""
    for k, vessel in enumerate(instance.vessels):
        trips = sorted((t for t in plan.trips if t.vehicle == f"vessel-{k}-01"), key=lambda t: t.depart)
        if trips:
            yield (
                vessel,
                [
                    Sailing(
                        instance.locations[int(trip.origin.rpartition("-")[2])],
                        minutes_of(trip.depart),
                        minutes_of(trip.free),
                    )
                    for trip in trips
                ],
            )
