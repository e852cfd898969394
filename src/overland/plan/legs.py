"""Trips of a plan as those see them who are aboard, or drive: a trip of a line is several of either."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from overland.plan.document import Trip


def fleet_of(vehicle: str) -> str:
    """The fleet of a vehicle: its name without the number."""
    return vehicle.rpartition("-")[0]


def legs_of(trips: Iterable[Trip]) -> list[Trip]:
    """Trips as the people aboard see them: each ride on a trip of a line as a trip from where they get on.

    Rides that nobody takes are left out.
    """
    legs: list[Trip] = []
    for trip in trips:
        legs += _rides_of(trip) if trip.line is not None else [trip]
    return legs


def _rides_of(trip: Trip) -> list[Trip]:
    rides = []
    for i, here in enumerate(trip.stops):
        for there in trip.stops[i + 1 :]:
            groups = [group for group in here.on if group in there.off]
            if groups:
                fields = {
                    "origin": here.node,
                    "kind": there.kind,
                    "destination": there.node,
                    "depart": here.depart,
                    "arrive": there.arrive,
                    "passed": there.passed,
                    "groups": groups,
                    "line": None,
                    "stops": [],
                }
                rides.append(trip.model_copy(update=fields))
    return rides


def driving(trip: Trip) -> timedelta:
    """How long the vehicle of a trip drives: from its origin, without the time it stands at stops."""
    if trip.line is None:
        return trip.arrive - trip.depart
    whole = timedelta()
    for here, there in pairwise(trip.stops):
        if here.depart is not None and there.arrive is not None:
            whole += there.arrive - here.depart
    return whole


class Hop(NamedTuple):
    """What a vehicle does between two stops of a loaded trip."""

    origin: str
    destination: str
    depart: datetime
    arrive: datetime
    groups: list[str]  # aboard


def hops_of(trip: Trip) -> list[Hop]:
    """The drives of a trip from stop to stop; one for a trip that is of no line."""
    if trip.line is None:
        return [Hop(trip.origin, trip.destination, trip.depart, trip.arrive, trip.groups)]
    hops, aboard = [], list[str]()
    for here, there in pairwise(trip.stops):
        aboard = [group for group in [*aboard, *here.on] if group not in here.off]
        if here.depart is not None and there.arrive is not None:
            hops.append(Hop(here.node, there.node, here.depart, there.arrive, aboard))
    return hops


def filling_leg(trip: Trip) -> Trip:
    """The ride that must be filled, also if nobody takes it: from the last stop where people get on."""
    if trip.line is None:
        return trip
    here = [stop for stop in trip.stops if stop.kind == "board"][-1]
    groups = [group for group in here.on if group in trip.stops[-1].off]
    update = {"origin": here.node, "depart": here.depart, "groups": groups, "line": None, "stops": []}
    return trip.model_copy(update=update)
