"""The road network of the Ukraine case against an independent one (skipped where that is absent).

The reference holds M and H roads only, and they stop at the edges of towns. So the ways are compared twice:
like with like, by the M and H roads of the case; and as the planner sees them, where a way may be far shorter
than the reference's only because it uses regional roads. Each gap of the reference that had to be closed is
named below, and a test makes sure that it is a gap.
"""

from __future__ import annotations

from statistics import median

import pytest

from overland.case.model import Case
from tests.cases.network import Network, Position, distances, positions, road_network, straight_km
from tests.cases.reference import Node, Reference, read_crossings, read_reference

MAIN_CROSSINGS = (
    "yahodyn", "ustyluh", "rava-ruska-hrebenne", "krakivets", "shehyni", "uzhhorod-vysne",
    "chop-tysa", "luzhanka", "porubne", "diakove", "mohyliv-otaci", "palanca",
)  # fmt: skip

BEHIND_THE_LINE = {"donetsk", "horlivka", "luhansk"}  # nobody of the case travels there
PARTS_OF_KYIV = {"kyiv-podil", "kyiv-left-bank"}

GAPS = {
    ("dnipro", "novomoskovsk"): "M04 stops at the edge of Dnipro; the reference goes round by 200 km",
    ("novomoskovsk", "pavlohrad"): "M04 east of Novomoskovsk hangs on Pavlohrad only",
    ("dnipro", "poltava"): "H31 by Kobeliaky is missing; the reference goes round by Kremenchuk",
    ("kamianske", "piatykhatky"): "M04 passes south of Kamianske without a junction",
    ("piatykhatky", "oleksandriia"): "Oleksandriia is not joined to M04, only to Kremenchuk",
    ("oleksandriia", "znamianka"): "Oleksandriia is not joined to M04, only to Kremenchuk",
    ("kyiv", "bila-tserkva"): "M05 passes Bila Tserkva without a junction; the way goes round by Kaharlyk",
    ("bila-tserkva", "uman"): "M05 passes Bila Tserkva without a junction; the way goes back to Kyiv",
    ("mukachevo", "svaliava"): "Mukachevo hangs on Khust only; M06 from the pass is not joined to it",
    ("mukachevo", "uzhhorod"): "Mukachevo hangs on Khust only; M06 to Uzhhorod is not joined to it",
    ("mukachevo", "berehove"): "Mukachevo hangs on Khust only; M24 is not joined to it",
}
"""Roads the reference lacks; each is added by its straight line × 1.2, not by the length in the case."""

Way = tuple[str, str]


@pytest.fixture(scope="module")
def raw() -> Reference:
    return read_reference()


@pytest.fixture(scope="module")
def towns(case: Case, raw: Reference) -> dict[str, Node]:
    """The 40 largest towns of the case and their nodes in the reference."""
    found: dict[str, Node] = {}
    for place in case.places:
        node = raw.town((place.latitude, place.longitude))
        if node and node not in found.values() and place.id not in BEHIND_THE_LINE | PARTS_OF_KYIV:
            found[place.id] = node
    largest = sorted(found, key=lambda name: -found[name].population)[:40]
    assert {"kyiv", "kharkiv", "odesa", "dnipro", "lviv", "uzhhorod", "mukachevo"} <= set(largest)
    return {name: found[name] for name in largest}


@pytest.fixture(scope="module")
def ends(case: Case, raw: Reference, towns: dict[str, Node]) -> dict[str, Node]:
    """The towns and the main crossings in the reference."""
    where = positions(case)
    return towns | {name: raw.nearest(where[name], "crossing") for name in MAIN_CROSSINGS}


@pytest.fixture(scope="module")
def mended(case: Case, towns: dict[str, Node]) -> dict[Way, float]:
    """Distances of the reference, its towns joined and its gaps closed."""
    reference = read_reference()
    for town in towns.values():
        reference.join_town(town)
    where = positions(case)
    for a, b in GAPS:
        reference.close_gap(*(node_of(name, reference, towns, where) for name in (a, b)))
    return _ways(reference.graph, towns, _ends(case, reference, towns))


def _ends(case: Case, reference: Reference, towns: dict[str, Node]) -> dict[str, Node]:
    where = positions(case)
    return towns | {name: reference.nearest(where[name], "crossing") for name in MAIN_CROSSINGS}


def node_of(name: str, reference: Reference, towns: dict[str, Node], where: dict[str, Position]) -> Node:
    return towns.get(name) or reference.nearest(where[name])


def _ways(graph: Network, starts: dict[str, Node], ends: dict[str, Node]) -> dict[Way, float]:
    """Distances from each town to each other town, once, and to each crossing."""
    ways = {}
    for name, start in starts.items():
        found = distances(graph, start.id)
        for other, end in ends.items():
            if other != name and (other, name) not in ways:
                ways[name, other] = found[end.id]
    return ways


def own_ways(case: Case, like: dict[Way, float], *, main_roads_only: bool) -> dict[Way, float]:
    """The same distances in the network of the case."""
    roads = [road for road in case.roads if road.road_class != "P" or not main_roads_only]
    graph = road_network(roads)
    found = {start: distances(graph, start) for start in {start for start, _ in like}}
    return {(start, end): found[start][end] for start, end in like}


def deviations(own: dict[Way, float], reference: dict[Way, float]) -> dict[Way, float]:
    return {way: own[way] / reference[way] - 1 for way in reference}


def test_there_are_40_towns_and_12_crossings(mended: dict[Way, float]) -> None:
    assert len(mended) == 40 * 39 // 2 + 40 * 12


def test_most_distances_agree_with_the_reference_as_it_is(
    case: Case, raw: Reference, towns: dict[str, Node], ends: dict[str, Node]
) -> None:
    reference = _ways(raw.graph, towns, ends)
    found = deviations(own_ways(case, reference, main_roads_only=False), reference)
    assert median(map(abs, found.values())) <= 0.08
    assert max(found.values()) <= 0.20, "the case is nowhere much longer than the reference"


@pytest.mark.parametrize("gap", GAPS, ids="-".join)
def test_a_gap_of_the_reference_is_one(case: Case, raw: Reference, towns: dict[str, Node], gap: Way) -> None:
    where = positions(case)
    a, b = (node_of(name, raw, towns, where) for name in gap)
    assert distances(raw.graph, a.id)[b.id] > 1.65 * straight_km(a.position, b.position)


def test_by_main_roads_every_distance_agrees(case: Case, mended: dict[Way, float]) -> None:
    found = deviations(own_ways(case, mended, main_roads_only=True), mended)
    assert median(map(abs, found.values())) <= 0.08
    assert {way: round(value, 2) for way, value in found.items() if abs(value) > 0.20} == {}


def test_where_a_distance_differs_it_is_shorter_by_a_regional_road(
    case: Case, mended: dict[Way, float]
) -> None:
    """For instance Chernivtsi–Mohyliv by Nova Ushytsia, Kharkiv–Sumy by P46, Lviv–Ustyluh by P15."""
    found = deviations(own_ways(case, mended, main_roads_only=False), mended)
    assert median(map(abs, found.values())) <= 0.08
    differing = {way: value for way, value in found.items() if abs(value) > 0.20}
    assert max(differing.values(), default=0) <= 0
    assert len(differing) <= 0.02 * len(found), differing


NAMES = {
    "yahodyn": "Yahodyn - Dorohusk",
    "uhryniv": "Uhryniv - Dolhobychuv",
    "ustyluh": "Ustyluh - Zosin",
    "rava-ruska-hrebenne": "Rava-Ruska - Khrebenne",
    "krakivets": "Krakivets - Korchova",
    "shehyni": "Shehyni - Medyka",
    "hrushiv": "Hrushiv - Budomiezh",
    "smilnytsia": "Smilnytsia - Krostsenko",
    "uzhhorod-vysne": "Uzhhorod - Vyshnie-Niemetske",
    "malyi-bereznyi": "Malyi Bereznyi - Ubl'a",
    "mali-selmentsi": "Mali Selmentsi - Velke Slementse",
    "dzvinkove": "Dzvinkove - Lonia",
    "chop-tysa": "Chop (Tysa) - Zakhon",
    "vylok": "Vylok - Tisabech",
    "luzhanka": "Luzhanka - Berehshuran",
    "kosyno": "Kosyno - Barabás",
    "diakove": "Diakove - Halmeu",
    "solotvyno": "Solotvyno-Sihetu Marmatsiiei",
    "porubne": "Porubne - Siret",
    "orlivka": "Orlivka - Isaceea",
    "rossoshany": "Rossoshany - Brichen",
    "sokyriany": "Sokyriany - Oknytsia",
    "mohyliv-otaci": "Mohyliv-Podilskyi - Otach",
    "yampil": "Yampil - Soroca",
    "palanca": "Maiaky - Udobne-Palanka",
    "serpneve": "Basarabiaska",
    "novi-troiany": "Novi Troiany - Ceadir-Lunga",
    "vynohradivka": "Vynohradivka - Vulcanesti",
    "reni-giurgiulesti": "Reni - Dzhiurdzhiulesht",
}


def test_crossings_are_where_an_independent_list_has_them(case: Case) -> None:
    listed = read_crossings()
    where = positions(case)
    far = {name: straight_km(where[name], listed[there]) for name, there in NAMES.items()}
    assert {name: km for name, km in far.items() if km > 5} == {}
