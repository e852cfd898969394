"""What moves on the map: buses, trains and cars along their ways in time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Literal

from overland.case.model import Case
from overland.plan.document import Plan, Ride
from overland.plan.legs import fleet_of, hops_of
from overland.roads import RoadTimes
from overland.roads.rails import Rails

Kind = Literal["bus", "empty", "train", "cars"]

Way = tuple[str, ...]
"""Nodes passed, both ends included."""


@dataclass(frozen=True, slots=True)
class Track:
    """Something that moves along a way from one time to another (in steps, not necessarily whole)."""

    kind: Kind
    start: float
    end: float
    way: Way
    people: int
    vehicles: int = 1


@dataclass(frozen=True, slots=True)
class Tracks:
    """All tracks of a plan, and the persons carried over each stretch in the whole plan.

    Attributes
    ----------
    by_road, by_rail : dict of (str, str) to int
        Ends of a stretch (in alphabetical order) → persons, both directions together.
    """

    tracks: list[Track]
    by_road: Counter[tuple[str, str]]
    by_rail: Counter[tuple[str, str]]
    rails: list[Way]  # each stretch between neighbouring stops of any service, once
    places: dict[str, tuple[float, float]]  # longitude and latitude of the case's nodes and those passed


def tracks_of(case: Case, plan: Plan, times: RoadTimes, sizes: dict[str, int]) -> Tracks:
    """Trace every loaded trip, empty move, train run and flow of cars of a plan.

    Parameters
    ----------
    sizes : dict of str to int
        Group → persons.
    """
    tracks = [*_buses(case, plan, times, sizes), *_cars(case, plan, times, sizes)]
    by_road = _carried(tracks)
    rails = None if case.railways is None else Rails.of(case)
    trains = list(_trains(case, plan, sizes, rails))
    tracks = sorted([*tracks, *trains], key=lambda track: (track.start, track.end))
    lines = [_rail_way(rails, a, b) for a, b in _stretches(case)]
    ways = [*(track.way for track in tracks), *lines]
    passed = dict.fromkeys([*times.nodes, *(node for way in ways for node in way)])
    places = {
        node: rails.position(node) if rails is not None and node.startswith("rail-") else times.position(node)
        for node in passed
    }
    return Tracks(tracks, by_road, _carried(trains), lines, places)


def way_between(times: RoadTimes, profile: str, a: str, b: str, step: int) -> Way:
    """The way by road; a straight line where the roads give none."""
    route = times.route(profile, a, b, step) if 0 <= step < times.case.steps else []
    return tuple(route) or (a, b)


def _buses(case: Case, plan: Plan, times: RoadTimes, sizes: dict[str, int]) -> list[Track]:
    profiles = {fleet.id: times.profile_of(fleet) for fleet in case.fleets}
    corridors = {convoy.id: convoy.corridor for convoy in case.convoys}

    tracks: list[Track] = []
    for trip in plan.trips:
        profile = profiles[fleet_of(trip.vehicle)]
        if trip.convoy is not None:
            profile = f"{profile}+{corridors[trip.convoy]}"
        for hop in hops_of(trip):
            start, end = case.step_of(hop.depart, up=False), case.step_of(hop.arrive, up=True)
            way = way_between(times, profile, hop.origin, hop.destination, start)
            tracks.append(Track("bus", start, end, way, sum(sizes[group] for group in hop.groups)))
    for move in plan.moves:
        start, end = case.step_of(move.depart, up=False), case.step_of(move.arrive, up=True)
        way = way_between(times, profiles[fleet_of(move.vehicle)], move.origin, move.destination, start)
        tracks.append(Track("empty", start, end, way, 0))
    return tracks


def _cars(case: Case, plan: Plan, times: RoadTimes, sizes: dict[str, int]) -> list[Track]:
    """Cars that leave together are one flow: the map shows no single group."""
    flows: dict[tuple[str, str, int, int], list[int]] = {}
    for drive in plan.drives:
        start, end = case.step_of(drive.depart, up=False), case.step_of(drive.arrive, up=True)
        flows.setdefault((drive.origin, drive.destination, start, end), []).append(sizes[drive.group])
    return [
        Track("cars", start, end, way_between(times, "car", a, b, start), sum(people), len(people))
        for (a, b, start, end), people in flows.items()
    ]


def _trains(case: Case, plan: Plan, sizes: dict[str, int], rails: Rails | None) -> list[Track]:
    rides: dict[str, list[Ride]] = {}
    for ride in plan.rides:
        rides.setdefault(ride.run, []).append(ride)
    tracks = []
    for run, members in rides.items():
        calls = calls_of(case, run)
        order = {stop: i for i, (stop, _) in enumerate(calls)}
        for i, ((a, leaves), (b, reaches)) in enumerate(pairwise(calls)):
            people = sum(
                sizes[group]
                for ride in members
                if order[ride.origin] <= i < order[ride.destination]
                for group in ride.groups
            )
            if people:
                tracks.append(Track("train", leaves, reaches, _rail_way(rails, a, b), people))
    return tracks


def _rail_way(rails: Rails | None, a: str, b: str) -> Way:
    return (a, b) if rails is None else rails.way(a, b)


def _stretches(case: Case) -> list[tuple[str, str]]:
    """Each stretch between neighbouring stops of any service, once."""
    stretches: dict[tuple[str, str], None] = {}
    for service in case.services:
        stops = sorted(
            (s for s in case.service_stops if s.service == service.id), key=lambda stop: stop.sequence
        )
        for a, b in pairwise(stops):
            stretches[min(a.stop, b.stop), max(a.stop, b.stop)] = None
    return list(stretches)


def calls_of(case: Case, run: str) -> list[tuple[str, float]]:
    """The stops of a run with the time of call, in steps after the start of the case."""
    key, _, first_day = run.rpartition("@")
    service = next(service for service in case.services if service.id == key)
    local = datetime.combine(date.fromisoformat(first_day), service.departs, tzinfo=case.zone)
    departs = local.astimezone(UTC)
    stops = sorted((s for s in case.service_stops if s.service == key), key=lambda stop: stop.sequence)
    return [
        (
            stop.stop,
            (departs + timedelta(minutes=stop.minutes) - case.start) / timedelta(minutes=case.step_minutes),
        )
        for stop in stops
    ]


def _carried(tracks: list[Track]) -> Counter[tuple[str, str]]:
    carried: Counter[tuple[str, str]] = Counter()
    for track in tracks:
        for a, b in pairwise(track.way):
            if track.people:
                carried[min(a, b), max(a, b)] += track.people
    return carried
