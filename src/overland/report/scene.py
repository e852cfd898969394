"""The data block of the page: everything the map and its time slider show. No ids of single groups."""

from __future__ import annotations

from typing import Any

import numpy as np

from overland.case.model import Case, Role
from overland.plan.document import Plan
from overland.report.drawn_roads import DrawnRoad
from overland.report.duties import Duty
from overland.report.geography import Frame, path_of
from overland.report.movements import Counts, Headcounts
from overland.report.tracks import Track, Tracks
from overland.report.words import country, moment

Scene = dict[str, Any]

KINDS = ("bus", "empty", "train", "cars")


def scene_of(
    case: Case,
    plan: Plan,
    frame: Frame,
    counts: Headcounts,
    tracks: Tracks,
    duties: list[Duty],
    roads: list[DrawnRoad],
) -> Scene:
    """Build the data block as a dict of plain values.

    Parameters
    ----------
    case, plan : Case, Plan
        What is shown.
    frame : Frame
        The plane of the map.
    counts : Headcounts
        Persons by where they are.
    tracks : Tracks
        What moves.
    duties : list of Duty
        What each vehicle does.
    roads : list of DrawnRoad
        The roads of the map.
    """
    nodes = positions(frame, tracks)
    index = {node: i for i, node in enumerate(nodes)}
    ways: dict[tuple[str, ...], int] = {}
    moving = [_moving(track, ways) for track in tracks.tracks]
    return {
        "stepMinutes": case.step_minutes,
        "first": opening_step(case, plan),
        "last": last_step(case, plan),
        "clock": [moment(case.time_of(step), case.zone) for step in range(case.steps + 1)],
        "box": [round(value, 1) for value in frame.box],
        "nodes": [list(point) for point in nodes.values()],
        "places": _places(case, counts, index),
        "crossings": _crossings(case, counts, index),
        "closed": [
            [i, [_interval(case, start, end) for start, end in road.closed]]
            for i, road in enumerate(roads)
            if road.closed
        ],
        "threats": [_active(case, threat.start, threat.end) for threat in case.threats],
        "kinds": list(KINDS),
        "ways": [[index[node] for node in way] for way in ways],
        "moving": moving,
        "totals": totals_of(case, counts, duties),
        "abroad": _abroad(case, counts),
    }


def last_step(case: Case, plan: Plan) -> int:
    """The step at which slider and charts end: half a day after the last thing happens at most."""
    moments = [case.start, *(trip.free for trip in plan.trips), *(move.arrive for move in plan.moves)]
    moments += [leg.passed or leg.arrive for legs in (plan.rides, plan.drives, plan.trips) for leg in legs]
    half_day = case.steps_of_hours(12)
    last = case.step_of(max(moments), up=True)
    return min(case.steps, max(case.steps_of_hours(24), -(-(last + 1) // half_day) * half_day))


def opening_step(case: Case, plan: Plan) -> int:
    """The step the page opens at: a day in, when things move, or the middle of something shorter."""
    return min(case.steps_of_hours(24), last_step(case, plan) // 2)


def totals_of(case: Case, counts: Headcounts, duties: list[Duty]) -> dict[str, list[int]]:
    """Persons and buses by what they do at each step; the persons add up to everybody at every step."""
    length = case.steps + 1
    nobody = np.zeros(length, dtype=np.int64)
    left = np.full(length, sum(counts.left.values()), dtype=np.int64)
    persons: dict[str, Counts] = {
        "waiting": np.asarray(sum(counts.waiting.values(), nobody)),
        "riding": counts.riding,
        "hub": np.asarray(sum(counts.at_hub.values(), nobody)),
        "border": np.asarray(sum(counts.queueing.values(), nobody)),
        "out": counts.out,
        "left": left,
    }
    buses = {f"buses_{kind}": nobody.copy() for kind in ("loaded", "empty", "border", "standing")}
    for duty in duties:
        buses["buses_standing"] += 1
        for bar in duty.bars:
            kind = {
                "across": "loaded",
                "foot": "loaded",
                "hub": "loaded",
                "move": "empty",
                "border": "border",
            }
            if name := kind.get(bar.kind):
                buses[f"buses_{name}"][bar.start : bar.end] += 1
                buses["buses_standing"][bar.start : bar.end] -= 1
    return {name: series.tolist() for name, series in (persons | buses).items()}


def changes(series: Counts) -> list[list[int]]:
    """A series as ``[step, value]`` where it changes; zero before the first."""
    before = np.concatenate(([0], series[:-1]))
    return [[int(step), int(series[step])] for step in np.flatnonzero(series != before)]


def _moving(track: Track, ways: dict[tuple[str, ...], int]) -> list[float]:
    way = ways.setdefault(track.way, len(ways))
    start, end = round(track.start, 2), round(track.end, 2)
    return [KINDS.index(track.kind), start, end, way, track.people, track.vehicles]


def _places(case: Case, counts: Headcounts, index: dict[str, int]) -> list[Scene]:
    posts = {post.place for post in case.posts} | {post.alternate for post in case.posts}
    depots = {fleet.depot for fleet in case.fleets if fleet.count}
    nobody = np.zeros(case.steps + 1, dtype=np.int64)
    places = []
    for place in case.places:
        waiting, hub = counts.waiting.get(place.id, nobody), counts.at_hub.get(place.id, nobody)
        left = counts.left.get(place.id, 0)
        shown = Role.HUB in place.roles or place.id in posts or place.id in depots
        if shown or left or waiting.any() or hub.any():
            places.append(
                {
                    "node": index[place.id],
                    "name": place.name,
                    "hub": Role.HUB in place.roles,
                    "post": place.id in posts,
                    "people": int(waiting[0]) + left,
                    "left": left,
                    "waiting": changes(waiting),
                    "transit": changes(hub),
                }
            )
    return places


def _crossings(case: Case, counts: Headcounts, index: dict[str, int]) -> list[Scene]:
    nobody = np.zeros(case.steps + 1, dtype=np.int64)
    crossings = []
    for crossing in case.crossings:
        passed = sum((s for (key, _), s in counts.passed.items() if key == crossing.id), nobody)
        crossings.append(
            {
                "node": index[crossing.id],
                "name": crossing.name,
                "abroad": crossing.name_abroad,
                "country": country(crossing.country),
                "people": int(passed[-1]),
                "passed": changes(np.asarray(passed)),
                "queue": changes(counts.queueing.get(crossing.id, nobody)),
            }
        )
    return crossings


def _abroad(case: Case, counts: Headcounts) -> list[Scene]:
    """Persons out by country, the country with the most people first."""
    at = {crossing.id: crossing.country for crossing in case.crossings}
    by_country = {code: np.zeros(case.steps + 1, dtype=np.int64) for code in at.values()}
    for (crossing, _), series in counts.passed.items():
        by_country[at[crossing]] += series
    rows = [
        {"code": code, "name": country(code), "out": changes(series)} for code, series in by_country.items()
    ]
    return sorted(rows, key=lambda row: (-row["out"][-1][1] if row["out"] else 0, row["name"]))


def _interval(case: Case, start: float, end: float) -> list[float]:
    last = float(case.steps + 1)
    return [round(min(max(minutes / case.step_minutes, -1.0), last), 2) for minutes in (start, end)]


def _active(case: Case, start: Any, end: Any) -> list[float]:
    minutes = (start - case.start).total_seconds() / 60
    until = float("inf") if end is None else (end - case.start).total_seconds() / 60
    return _interval(case, minutes, until)


def positions(frame: Frame, tracks: Tracks) -> dict[str, tuple[float, float]]:
    """Where the places, crossings and other nodes passed are, in map units."""
    return {node: frame.project(*place) for node, place in tracks.places.items()}


def still_layers(case: Case, frame: Frame, tracks: Tracks, roads: list[DrawnRoad]) -> dict[str, list[Scene]]:
    """What of the map does not move: roads, railways in use, flows and threat areas, as SVG path data."""
    at = positions(frame, tracks)
    most = max([*tracks.by_road.values(), *tracks.by_rail.values(), 1])

    def flow(kind: str, ends: tuple[str, str], people: int) -> Scene:
        width = round(1 + 9 * (people / most) ** 0.5, 1)
        return {"kind": kind, "path": path_of(at[end] for end in ends), "width": width, "people": people}

    flows = [flow("road", ends, people) for ends, people in sorted(tracks.by_road.items())]
    flows += [flow("rail", ends, people) for ends, people in sorted(tracks.by_rail.items())]
    return {
        "flows": sorted(flows, key=lambda row: row["people"]),
        "roads": [
            {"path": path_of(frame.project(*point) for point in road.line), "tier": road.tier}
            for road in roads
        ],
        "rails": [{"path": path_of(at[stop] for stop in line)} for line in tracks.rails],
        "threats": [
            {
                "name": threat.name,
                "level": threat.level,
                "path": "".join(
                    path_of((frame.project(*point) for point in ring), closed=True) for ring in threat.rings
                ),
            }
            for threat in case.threats
        ],
    }
