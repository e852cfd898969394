"""What the Ukraine case holds: as much as the reference case must have, and what is known of it."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from datetime import datetime
from pathlib import Path

import pytest

from overland.case import check_case
from overland.case.model import Case, CorridorStatus, Mode, Papers, Role

OBLAST_CENTRES = {
    "cherkasy", "chernihiv", "chernivtsi", "dnipro", "ivano-frankivsk", "kharkiv", "kherson", "khmelnytskyi",
    "kramatorsk", "kropyvnytskyi", "kyiv", "lutsk", "lviv", "mykolaiv", "odesa", "poltava", "rivne",
    "sievierodonetsk", "sumy", "ternopil", "uzhhorod", "vinnytsia", "zaporizhzhia", "zhytomyr",
}  # fmt: skip


def test_the_case_is_sound(folder: Path) -> None:
    assert check_case(folder) == []


def test_it_begins_on_the_morning_of_17_february_in_kyiv(case: Case) -> None:
    local = case.start.astimezone(case.zone)
    assert (local.isoformat(), case.time_zone) == ("2022-02-17T06:00:00+02:00", "Europe/Kyiv")
    assert (case.horizon_hours, case.step_minutes) == (168, 30)
    assert (case.sponsor, case.country) == ("IL", "UA")
    assert "17 February 2022" in case.description


def test_assembly_areas_cover_every_oblast_centre_and_the_towns_of_pilgrims(case: Case) -> None:
    areas = {place.id for place in case.places if Role.ASSEMBLY in place.roles}
    assert len(areas) >= 60
    assert areas >= OBLAST_CENTRES
    assert areas >= {"uman", "bila-tserkva", "berdychiv", "medzhybizh", "mariupol", "kryvyi-rih", "mukachevo"}


def test_the_network_is_as_large_as_a_country_needs(case: Case) -> None:
    assert len(case.places) >= 150
    assert len(case.roads) >= 250
    assert len(case.crossings) >= 30
    countries = Counter(crossing.country for crossing in case.crossings)
    assert countries.keys() == {"PL", "SK", "HU", "RO", "MD"}
    assert countries["PL"] >= 8
    assert countries["MD"] >= 10


def test_crossings_are_passed_by_car_bus_foot_and_rail(case: Case) -> None:
    modes = defaultdict(set)
    for entry in case.crossing_modes:
        modes[entry.crossing].add(entry.mode)
    assert modes.keys() == {crossing.id for crossing in case.crossings}
    assert modes["shehyni"] == {Mode.CAR, Mode.BUS, Mode.FOOT}
    assert modes["krakivets"] == {Mode.CAR, Mode.BUS}
    assert modes["mali-selmentsi"] == {Mode.FOOT}
    assert sum(Mode.RAIL in found for found in modes.values()) >= 4
    assert any(entry.opens for entry in case.crossing_modes)


def test_services_end_at_a_crossing_by_rail_or_at_a_hub(case: Case) -> None:
    by_rail = {entry.crossing for entry in case.crossing_modes if entry.mode is Mode.RAIL}
    hubs = {place.id for place in case.places if Role.HUB in place.roles}
    stations = {place.id for place in case.places if Role.STATION in place.roles}
    for service in case.services:
        stops = [stop.stop for stop in case.service_stops if stop.service == service.id]
        assert stops[-1] in by_rail | hubs, service.id
        assert set(stops[:-1]) <= stations, service.id
    assert "lviv" in hubs
    assert len(hubs) <= 4


def test_buses_stand_at_several_depots_within_half_a_day(case: Case) -> None:
    assert sum(fleet.count for fleet in case.fleets) == 120
    assert len({fleet.depot for fleet in case.fleets}) >= 6
    assert 20 <= sum(fleet.count for fleet in case.fleets if fleet.seats == 20) <= 30
    for fleet in case.fleets:
        assert 4 <= (fleet.available - case.start).total_seconds() / 3600 <= 12, fleet.id
    assert any(fleet.avoids_level == 3 for fleet in case.fleets)


def test_ten_thousand_people_in_groups_of_one_to_seven(case: Case) -> None:
    assert sum(group.size for group in case.groups) == 10_000
    assert {group.size for group in case.groups} == set(range(1, 8))
    assert 3_300 <= len(case.groups) <= 3_700
    assert case.groups[0].id == "G0001"
    assert {group.category for group in case.groups} == case.policy.weights.keys()
    assert len(set(case.policy.weights.values())) <= 3


def test_headcounts_are_ranges_whose_likely_figure_the_groups_add_up_to(case: Case) -> None:
    counts = case.headcounts
    assert sum(count.low for count in counts) == 7_000
    assert sum(count.likely for count in counts) == 10_000
    assert sum(count.high for count in counts) == 14_000
    assert all(count.low <= count.likely <= count.high for count in counts)
    people: Counter[str] = Counter()
    for group in case.groups:
        people[group.place] += group.size
    assert people == {count.place: count.likely for count in counts}
    assert sum(count.likely < 90 for count in counts) >= len(counts) / 2


@pytest.mark.parametrize(
    ("what", "low", "high"),
    [
        ("own car", 0.20, 0.26),
        ("without valid papers", 0.03, 0.05),
        ("kin of other nationalities", 0.03, 0.15),
        ("vulnerable", 0.05, 0.15),
        ("cannot walk", 0.05, 0.15),
        ("with a wheelchair", 0.008, 0.012),
        ("in and around Kyiv", 0.28, 0.36),
    ],
)
def test_the_people_are_mixed_as_assumed(case: Case, what: str, low: float, high: float) -> None:
    counted = {
        "own car": lambda g: g.size * g.own_car,
        "without valid papers": lambda g: g.size * (g.papers is not Papers.VALID),
        "kin of other nationalities": lambda g: g.kin,
        "vulnerable": lambda g: g.size * (g.category == "vulnerable"),
        "cannot walk": lambda g: g.size * (not g.can_walk),
        "with a wheelchair": lambda g: int("wheelchair" in g.needs),  # one person of the group
        "in and around Kyiv": lambda g: g.size * g.place.startswith(("kyiv", "brovary", "irpin", "boryspil")),
    }[what]
    assert low <= sum(counted(group) for group in case.groups) / 10_000 <= high


def test_who_needs_a_wheelchair_cannot_walk_and_can_be_taken(case: Case) -> None:
    chairs = [group for group in case.groups if group.needs]
    assert all(group.needs == {"wheelchair"} and not group.can_walk for group in chairs)
    unable = [fleet.id for fleet in case.fleets if "wheelchair" not in fleet.access]
    assert unable == ["kyiv-cautious"]
    assert [service.id for service in case.services if service.access] == ["ic705", "ic715"]


def test_most_are_ready_within_36_hours_and_all_within_60(case: Case) -> None:
    after = [((group.ready - case.start).total_seconds() / 3600, group.size) for group in case.groups]
    assert min(after)[0] >= case.policy.notice_hours
    assert max(after)[0] <= 60
    assert sum(size for hours, size in after if hours <= 36) >= 9_000


def test_essential_staff_leave_last(case: Case) -> None:
    weights = case.policy.weights
    assert min(weights, key=weights.__getitem__) == "essential_staff"
    staff = [group for group in case.groups if group.category == "essential_staff"]
    assert min(group.ready for group in staff).astimezone(case.zone) >= datetime(
        2022, 2, 19, tzinfo=case.zone
    )


def test_lviv_is_the_alternate_of_the_embassy(case: Case) -> None:
    posts = {post.id: post for post in case.posts}
    assert (posts["embassy-kyiv"].place, posts["embassy-kyiv"].alternate) == ("kyiv", "lviv")


def test_passage_asked_of_russia_is_not_granted(case: Case) -> None:
    asked = [corridor for corridor in case.corridors if corridor.source == "F-request-russia"]
    assert {corridor.status for corridor in asked} == {CorridorStatus.REQUESTED}


def test_an_accepted_corridor_leads_through_a_closing_threat(case: Case) -> None:
    accepted = [corridor for corridor in case.corridors if corridor.status is CorridorStatus.ACCEPTED]
    closing = [threat for threat in case.threats if threat.closes_roads]
    assert len(accepted) >= 3
    for corridor in accepted:
        assert any(
            threat.start <= corridor.start and corridor.end <= (threat.end or case.time_of(case.steps))
            for threat in closing
        )


def test_shares_and_intake_leave_room_for_all(case: Case) -> None:
    assert math.fsum(case.policy.country_share.values()) > 1.2
    assert sum(centre.intake_per_day for centre in case.reception) >= 6_000
