"""What vessels of an isolated community take from location to mainland and back, as ways of a case."""

from __future__ import annotations

from math import inf

from isolated_community_instances import Instance, Vessel

RANKS = 5  # of vessels: threats have five levels, and the lowest is that of the growing hazard

Legs = dict[tuple[str, str], float]  # minutes


def area(instance: Instance, location: str) -> str:
    """The place of a location."""
    return f"area-{instance.locations.index(location)}"


def ranks_of(vessels: tuple[Vessel, ...]) -> list[int]:
    """Rank of each vessel, the quickest first: those of ten nautical miles there and back."""
    trip = [600 / v.speed + 600 / v.loaded_speed + 2 * v.loading for v in vessels]
    kinds = sorted(set(trip))
    return [kinds.index(time) * min(RANKS, len(kinds)) // len(kinds) for time in trip]


def docks_of(instance: Instance, vessel: Vessel, location: str, generous: bool) -> list[str]:
    """The dock of a location that makes a vessel's shortest round trip; all, to be generous."""

    def round_trip(dock: str) -> float:
        ways = [(c, instance.again(vessel, c, dock)) for c in instance.havens(vessel, dock)]
        return min((instance.crossing(vessel, dock, c) + t for c, t in ways if t is not None), default=inf)

    docks = instance.docks(vessel, location)
    return docks if generous or not docks else [min(docks, key=round_trip)]


def legs_of(instance: Instance, vessel: Vessel, generous: bool) -> Legs:
    """Minutes of a vessel from each location to each dock of the mainland and back, and between locations."""
    legs: Legs = {}

    def shorten(start: str, end: str, minutes: float | None) -> None:
        if minutes is not None:
            legs[start, end] = min(minutes, legs.get((start, end), inf))

    for a in instance.locations:
        for b in docks_of(instance, vessel, a, generous):
            for c in instance.havens(vessel, b):
                haven = f"haven-{instance.safe.index(c)}"
                shorten(area(instance, a), haven, instance.crossing(vessel, b, c))
                shorten(haven, area(instance, a), instance.again(vessel, c, b))
    for (start, haven), out in list(legs.items()):
        for (other, end), back in list(legs.items()):
            if other == haven and haven.startswith("haven") and end != start:
                shorten(start, end, out + back)  # there is nobody to take after all
    return legs
