"""Everybody in the Ukraine case has a way out: papers, roads, driving times, trains, corridors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from shapely.geometry import LineString, MultiPolygon, Point, Polygon

from overland.case.model import Case, CorridorStatus, Mode, Role, Threat
from tests.cases.network import Network, distances, network

COUNTRIES = ("PL", "SK", "HU", "RO", "MD")


def admits(case: Case, country: str, nationality: str, papers: str) -> bool | None:
    """The first rule that fits; None if there is none."""
    for rule in case.entry_rules:
        if (
            rule.country in (country, "*")
            and rule.nationality in (nationality, "*")
            and rule.papers in (papers, "*")
        ):
            return rule.admitted
    return None


def test_every_combination_that_occurs_has_a_rule(case: Case) -> None:
    occurring = {(case.sponsor, group.papers.value) for group in case.groups}
    occurring |= {(group.kin_nationality, group.papers.value) for group in case.groups if group.kin}
    for nationality, papers in occurring:
        for country in COUNTRIES:
            assert admits(case, country, nationality, papers) is not None, (country, nationality, papers)


def test_every_group_may_enter_some_country(case: Case) -> None:
    for group in case.groups:
        persons = {case.sponsor} | ({group.kin_nationality} if group.kin else set())
        papers = group.papers.value
        assert any(all(admits(case, c, p, papers) for p in persons) for c in COUNTRIES), group.id


def area(threat: Threat) -> Polygon | MultiPolygon:
    return Polygon(threat.rings[0])


@pytest.fixture(scope="module")
def hours_by_bus(case: Case) -> Callable[[datetime], Network]:
    """Hours of driving on the roads open at a moment."""
    at = {node.id: (node.longitude, node.latitude) for node in (*case.places, *case.crossings)}
    lines = {road.id: LineString([at[road.start], at[road.end]]) for road in case.roads}
    areas = {threat.id: area(threat) for threat in case.threats}

    def graph(moment: datetime) -> Network:
        closing = [
            areas[threat.id]
            for threat in case.threats
            if threat.closes_roads and threat.start <= moment and not (threat.end and threat.end <= moment)
        ]
        closed = {
            closure.road
            for closure in case.closures
            if closure.start <= moment and not (closure.end and closure.end <= moment)
        }
        opened = {
            road
            for corridor in case.corridors
            if corridor.status is CorridorStatus.ACCEPTED and corridor.start <= moment < corridor.end
            for road in corridor.roads
        }
        speeds, factor = case.policy.speeds_kmh, case.policy.bus_speed_factor
        return network(
            (road.start, road.end, road.km / ((road.speed_kmh or speeds[road.road_class]) * factor))
            for road in case.roads
            if road.id not in closed
            and (road.id in opened or not any(lines[road.id].intersects(shape) for shape in closing))
        )

    return graph


def local(case: Case, day: int, hour: int) -> datetime:
    return datetime(2022, 2, day, hour, tzinfo=case.zone)


def nearest_crossing(case: Case, graph: Network, place: str) -> float:
    ends = frozenset(crossing.id for crossing in case.crossings)
    by_bus = {entry.crossing for entry in case.crossing_modes if entry.mode is Mode.BUS}
    found = distances(graph, place, ends)
    return min((found[crossing] for crossing in by_bus & found.keys()), default=float("inf"))


@pytest.mark.parametrize(("day", "hour"), [(17, 12), (20, 12), (23, 12)])
def test_a_coach_reaches_a_crossing_from_everywhere_within_its_driving_limit(
    case: Case, hours_by_bus: Callable[[datetime], Network], day: int, hour: int
) -> None:
    limit = max(fleet.max_driving_hours for fleet in case.fleets)
    graph = hours_by_bus(local(case, day, hour))
    for place in case.places:
        if Role.ASSEMBLY in place.roles:
            assert nearest_crossing(case, graph, place.id) <= limit - 1, place.id


def test_only_the_corridor_leads_out_of_sievierodonetsk_once_there_is_fighting(
    case: Case, hours_by_bus: Callable[[datetime], Network]
) -> None:
    assert nearest_crossing(case, hours_by_bus(local(case, 20, 20)), "sievierodonetsk") == float("inf")
    assert nearest_crossing(case, hours_by_bus(local(case, 20, 10)), "sievierodonetsk") < 17


def test_only_corridor_towns_lie_inside_a_closing_threat(case: Case) -> None:
    closing = [area(threat) for threat in case.threats if threat.closes_roads]
    inside = {
        place.id
        for place in case.places
        if Role.ASSEMBLY in place.roles
        and any(shape.contains(Point(place.longitude, place.latitude)) for shape in closing)
    }
    roads = {road for c in case.corridors if c.status is CorridorStatus.ACCEPTED for road in c.roads}
    served = {end for road in case.roads if road.id in roads for end in (road.start, road.end)}
    assert inside <= served


def test_trains_carry_two_to_three_thousand_in_three_days(case: Case) -> None:
    stops = defaultdict(list)
    for stop in case.service_stops:
        stops[stop.service].append(stop)
    waits = {entry.crossing: entry.wait_hours for entry in case.crossing_modes if entry.mode is Mode.RAIL}
    first = case.start + timedelta(hours=case.policy.notice_hours)
    last = case.start + timedelta(hours=72)
    seats = 0
    for service in case.services:
        final = max(stops[service.id], key=lambda stop: stop.sequence)
        for day in range((service.last_day - service.first_day).days + 1):
            departs = datetime.combine(
                service.first_day + timedelta(days=day), service.departs, tzinfo=case.zone
            )
            through = departs + timedelta(minutes=final.minutes, hours=waits.get(final.stop, 0))
            seats += service.seats * (departs >= first and through <= last)
    assert 2_000 <= seats <= 3_000


def test_a_full_bus_passes_a_crossing_within_one_window(case: Case) -> None:
    window = case.policy.rate_window_minutes / 60
    for entry in case.crossing_modes:
        if entry.mode is Mode.BUS:
            assert entry.rate_per_hour * window >= 50, entry.crossing
