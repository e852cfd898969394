"""A route on real roads: its line, its roads, its times; where one waits; cut pieces of a segment."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from overland.roads.closings import Closing, closed_intervals
from overland.roads.network import Network
from overland.roads.route import Route, alternative_routes, fastest_route
from overland.roads.snapping import FARTHEST_METRES, graph_with, great_circle, snap
from tests.roads.networks import grid_network, network_of

HOUR = 3_600_000  # milliseconds


def straight() -> Network:
    """Three roads of an hour each, one after another, to the east."""
    return network_of([(30.0 + i / 2, 50.0) for i in range(4)], [(i, i + 1, HOUR, HOUR) for i in range(3)])


def asked(
    network: Network, a: tuple[float, float], b: tuple[float, float], *closings: Closing, depart: float = 0.0
) -> Route | None:
    snaps = snap(network, [("a", *a), ("b", *b)])
    graph = graph_with(network, snaps, closed_intervals(network, closings))
    return fastest_route(network, graph, len(network), len(network) + 1, depart)


def test_a_route_has_its_times_and_roads() -> None:
    route = asked(straight(), (30.25, 50.01), (31.25, 50.0), depart=30)
    assert route is not None
    assert (route.depart, route.arrive, route.waiting) == (30, pytest.approx(150), 0)
    assert [stretch.name for stretch in route.stretches] == ["road 1000", "road 1001", "road 1002"]
    assert route.metres == pytest.approx(111_200, rel=0.01)  # as the network says: a degree is 111.2 km
    assert route.line[0].tolist() == pytest.approx([30.25, 50.0])
    assert route.line[-1].tolist() == pytest.approx([31.25, 50.0])


def test_who_would_be_caught_by_a_closure_waits_at_the_junction_before() -> None:
    front = Closing("front", ((90.0, 240.0),), shapely.box(30.9, 49, 31.1, 51))  # on the second and third
    route = asked(straight(), (30.0, 50.0), (31.5, 50.0), front)
    assert route is not None
    assert route.stretches[1].enter == 240
    assert (route.waiting, route.arrive) == (180, 360)


def test_a_front_that_moves_is_a_row_of_areas() -> None:
    east = Closing("front", ((0.0, 60.0),), shapely.box(31.1, 49, 31.4, 51))
    west = Closing("front", ((60.0, 120.0),), shapely.box(30.1, 49, 30.4, 51))
    closed = closed_intervals(straight(), [east, west])
    assert closed == {2: [(0.0, 60.0)], 0: [(60.0, 120.0)]}


def test_a_bridge_blown_for_good_ends_the_way() -> None:
    assert (
        asked(
            straight(),
            (30.0, 50.0),
            (31.5, 50.0),
            Closing("bridge", ((0.0, np.inf),), ways=frozenset({1001})),
        )
        is None
    )


def test_a_corridor_opens_areas_but_no_broken_bridge() -> None:
    network, forever = straight(), ((0.0, np.inf),)
    area = Closing("front", forever, shapely.box(30.0, 49, 31.5, 51))
    corridor = Closing("agreed", ((120.0, 600.0),), ways=frozenset({1000, 1001, 1002}), corridor=True)
    bridge = Closing("bridge", forever, ways=frozenset({1001}))
    whole = asked(network, (30.0, 50.0), (31.5, 50.0), area, corridor)
    assert whole is not None
    assert (whole.arrive, whole.waiting) == (300, 120)
    assert asked(network, (30.0, 50.0), (31.5, 50.0), area, corridor, bridge) is None
    crews = Closing("front", forever, shapely.box(30.0, 49, 31.5, 51), for_good=True)
    assert asked(network, (30.0, 50.0), (31.5, 50.0), crews, corridor) is None


def test_two_places_on_one_road_and_one_place_twice() -> None:
    route = asked(straight(), (30.1, 50.0), (30.2, 50.0))
    assert route is not None
    assert route.arrive == pytest.approx(12)
    still = asked(straight(), (30.1, 50.0), (30.1, 50.0))
    assert still is not None
    assert (still.arrive, len(still.line)) == (0, 0)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(0, 10_000), st.floats(0, 1), st.floats(0, 1))
def test_pieces_of_a_segment_take_as_long_as_the_whole(seed: int, first: float, second: float) -> None:
    network = grid_network(4, 4, seed=seed)
    random = np.random.default_rng(seed)
    segment = int(random.integers(len(network.segments)))
    a, b = (
        network.segments.part(segment, 0.0, min(first, second)),
        network.segments.part(segment, 0.0, max(first, second)),
    )
    points = [("a", *a[-1]), ("b", *b[-1])]
    graph = graph_with(network, snap(network, points))
    plain = graph_with(network, [])
    for tail in range(len(network)):
        for head in range(len(network)):
            with_them = fastest_route(network, graph, tail, head, 0)
            without = fastest_route(network, plain, tail, head, 0)
            assert (with_them and with_them.arrive) == (without and without.arrive)


def ring() -> Network:
    """Two ways from the west to the east: an hour by the north, 70 minutes by the south."""
    nodes = [(30.0, 50.0), (30.5, 50.3), (31.0, 50.0), (30.5, 49.7), (29.8, 50.0), (31.2, 50.0)]
    half, slow = HOUR // 2, 7 * HOUR // 12
    roads = [(0, 1, half, half), (1, 2, half, half), (0, 3, slow, slow), (3, 2, slow, slow)]
    return network_of(nodes, [*roads, (4, 0, 60_000, 60_000), (2, 5, 60_000, 60_000)])


def ways_round(*closings: Closing) -> tuple[Route, list[Route]]:
    network = ring()
    snaps = snap(network, [("a", 29.9, 50.0), ("b", 31.1, 50.0)])
    graph = graph_with(network, snaps, closed_intervals(network, closings))
    ends = len(network), len(network) + 1
    fastest = fastest_route(network, graph, *ends, 0.0)
    assert fastest is not None
    return fastest, alternative_routes(network, graph, *ends, fastest, 3)


def test_the_other_way_round_is_an_alternative() -> None:
    fastest, others = ways_round()
    assert [stretch.name for stretch in fastest.stretches][1:3] == ["road 1000", "road 1001"]
    assert [[stretch.name for stretch in other.stretches][1:3] for other in others] == [
        ["road 1002", "road 1003"]
    ]
    assert others[0].arrive - fastest.arrive == pytest.approx(10)


def test_an_alternative_stays_open_all_the_while() -> None:
    south = Closing("front", ((75.0, 200.0),), shapely.box(30.4, 49.5, 30.6, 49.8))
    assert ways_round(south)[1] == []
    north = Closing("front", ((0.0, 5.0),), shapely.box(30.4, 50.2, 30.6, 50.5))
    fastest, others = ways_round(north)  # waiting five minutes is quicker than going round …
    assert fastest.waiting == pytest.approx(4.5)
    assert [other.waiting for other in others] == [0.0]  # … but who does not want to wait may


def test_a_place_is_snapped_to_the_nearest_point_and_the_distance_said() -> None:
    found = snap(straight(), [("village", 30.2, 50.02)])[0]
    assert (found.segment, found.longitude, found.latitude) == (0, pytest.approx(30.2), pytest.approx(50.0))
    assert found.metres == pytest.approx(0.02 * 111_195, rel=1e-3)
    assert found.metres < FARTHEST_METRES


def test_distances_are_those_on_a_sphere() -> None:
    metres = great_circle(np.array([0.0]), np.array([0.0]), np.array([90.0]), np.array([0.0]))
    assert metres[0] == pytest.approx(10_007_543, rel=1e-4)
