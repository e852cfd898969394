"""The road network of the Ukraine case is plausible by itself."""

from __future__ import annotations

from overland.case.model import Case
from tests.cases.network import distances, positions, road_network, straight_km

SHORT_KM = 3.0  # below it, the rounding of positions and of lengths decides

DETOURS = {
    frozenset(("solotvyno-town", "rakhiv")): "follows the bend of the Tisza",
    frozenset(("odesa", "bilhorod-dnistrovskyi")): "round the Dniester estuary by the spit of Zatoka",
    frozenset(("chornomorsk", "bilhorod-dnistrovskyi")): "round the Dniester estuary by the spit of Zatoka",
    frozenset(
        ("mohyliv-podilskyi", "sokyriany-town")
    ): "up the Dniester to the dam at Novodnistrovsk and back",
    frozenset(("lysychansk", "sievierodonetsk")): "down to the bridge over the Donets",
}


def test_roads_are_longer_than_the_straight_line_but_not_twice_as_long(case: Case) -> None:
    where = positions(case)
    odd = {}
    for road in case.roads:
        straight = straight_km(where[road.start], where[road.end])
        ratio = road.km / max(straight, SHORT_KM)
        if straight >= SHORT_KM and not 1.0 <= ratio <= 1.8:
            odd[frozenset((road.start, road.end))] = round(ratio, 2)
    assert odd.keys() == DETOURS.keys(), odd


def test_short_links_stay_short(case: Case) -> None:
    where = positions(case)
    for road in case.roads:
        if straight_km(where[road.start], where[road.end]) < SHORT_KM:
            assert road.km <= 6, road.id


def test_no_two_roads_join_the_same_nodes(case: Case) -> None:
    ends = [frozenset((road.start, road.end)) for road in case.roads]
    assert len(set(ends)) == len(ends)


def test_classes_follow_the_numbers(case: Case) -> None:
    """A road of class M is an M road, one of class N an M or H road."""
    for road in case.roads:
        if road.road_class == "M":
            assert road.number.startswith("M"), road.id
        if road.road_class == "N":
            assert road.number.startswith(("M", "H")), road.id


def test_every_crossing_is_reached_from_everywhere_without_passing_another(case: Case) -> None:
    crossings = frozenset(crossing.id for crossing in case.crossings)
    graph = road_network(case.roads)
    for place in ("kyiv", "lviv", "sievierodonetsk", "izmail", "uzhhorod"):
        assert crossings <= distances(graph, place, ends=crossings).keys(), place


def test_crossings_are_served_by_their_own_approach(case: Case) -> None:
    where = positions(case)
    for crossing in case.crossings:
        approaches = [road for road in case.roads if crossing.id in (road.start, road.end)]
        assert approaches, crossing.id
        for road in approaches:
            assert straight_km(where[road.start], where[road.end]) < 60, road.id


def test_well_known_distances(case: Case) -> None:
    """Road distances one finds on signs and in timetables."""
    graph = road_network(case.roads)
    known = {
        ("kyiv", "lviv"): 540,
        ("kyiv", "odesa"): 475,
        ("kyiv", "kharkiv"): 480,
        ("kyiv", "dnipro"): 455,
        ("kharkiv", "dnipro"): 220,
        ("lviv", "uzhhorod"): 270,
        ("odesa", "mykolaiv"): 133,
        ("zaporizhzhia", "dnipro"): 84,
        ("vinnytsia", "uman"): 160,
        ("kyiv", "chernihiv"): 145,
        ("ternopil", "chernivtsi"): 172,
        ("lviv", "shehyni"): 85,
        ("kyiv", "yahodyn"): 510,
        ("chernivtsi", "porubne"): 39,
    }
    for (a, b), km in known.items():
        assert abs(distances(graph, a)[b] / km - 1) < 0.06, (a, b, distances(graph, a)[b])
