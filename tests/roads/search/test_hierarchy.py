"""The hierarchy of a network says what plain searches say, whatever is closed."""

from __future__ import annotations

from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings

from overland.roads.network import NEVER, Bools, Network
from overland.roads.search.dissection import dissected
from overland.roads.search.fastest import times_between
from overland.roads.search.hierarchy import Hierarchy, Metric
from tests.roads.networks import grid_network, network_of
from tests.roads.oracles import drive, networks, times_by_relaxing


@settings(max_examples=80, deadline=None, derandomize=True)
@given(networks())
def test_times_are_those_of_relaxing_every_arc_until_nothing_improves(made: tuple[Network, Bools]) -> None:
    network, closed = made
    everywhere, hierarchy = range(len(network)), Hierarchy.of(network)
    for shut in (None, closed):
        expected = times_by_relaxing(network, everywhere, shut)
        assert hierarchy.customized(shut).times_between(everywhere, everywhere).tolist() == expected


@settings(max_examples=80, deadline=None, derandomize=True)
@given(networks())
def test_following_changes_gives_the_same_metric_as_beginning_again(made: tuple[Network, Bools]) -> None:
    network, closed = made
    hierarchy = Hierarchy.of(network)
    before = hierarchy.customized()
    with patch("overland.roads.search.hierarchy._FEW", len(closed)):
        shut = before.changed(closed)
        assert shut.times.tolist() == hierarchy.customized(closed).times.tolist()
        other = shut.changed(~closed)
        assert other.times.tolist() == hierarchy.customized(~closed).times.tolist()
        assert other.changed(None).times.tolist() == before.times.tolist()


@settings(max_examples=60, deadline=None, derandomize=True)
@given(networks())
def test_a_path_is_drivable_open_and_takes_the_fastest_time(made: tuple[Network, Bools]) -> None:
    network, closed = made
    metric, times = Hierarchy.of(network).customized(closed), times_by_relaxing(network, [0], closed)[0]
    for target in range(len(network)):
        path = metric.fastest_path(0, target)
        if path is None:
            assert times[target] == NEVER
            continue
        assert drive(network, 0, path.arcs.tolist()) == (target, times[target])
        assert path.millis == times[target]
        assert not closed[path.arcs].any()


def test_a_town_of_two_thousand_nodes_is_exact_as_roads_close_and_open_again() -> None:
    network = grid_network(50, 40, seed=5, kept=0.75)
    random = np.random.default_rng(6)
    sources, targets = random.integers(0, len(network), (2, 40))
    metric = Hierarchy.of(network).customized()
    closed = np.zeros(len(network.head), dtype=np.bool_)
    for _ in range(8):
        _assert_exact(network, metric, sources, targets, closed)
        closed[random.integers(0, len(closed), 12)] ^= True
        metric = metric.changed(closed)
    _assert_exact(network, metric, sources, targets, closed)


def _assert_exact(
    network: Network, metric: Metric, sources: np.ndarray, targets: np.ndarray, closed: Bools
) -> None:
    assert (metric.times_between(sources, targets) == times_between(network, sources, targets, closed)).all()


def test_other_times_of_arcs_can_be_used_instead_of_the_network_s_own() -> None:
    network = grid_network(20, 20, seed=10)
    night, everywhere = replace(network, millis=network.millis[::-1].copy()), range(len(network))
    expected = times_between(night, everywhere, everywhere)
    by_day = Hierarchy.of(network).customized()
    assert (by_day.changed(None, night.millis).times_between(everywhere, everywhere) == expected).all()
    one = network.millis.copy()
    one[7] += 100_000
    expected = times_between(replace(network, millis=one), everywhere, everywhere)
    assert (by_day.changed(None, one).times_between(everywhere, everywhere) == expected).all()


def test_any_order_of_contraction_is_exact() -> None:
    network = grid_network(12, 12, seed=7)
    order = np.random.default_rng(8).permutation(len(network)).astype(np.int32)
    everywhere = range(len(network))
    times = Hierarchy.of(network, order).customized().times_between(everywhere, everywhere)
    assert times.tolist() == times_by_relaxing(network, everywhere)


def test_an_order_that_leaves_a_node_out_is_refused() -> None:
    with pytest.raises(ValueError, match="each of the network's 2 nodes once"):
        Hierarchy.of(network_of([(20, 50), (21, 50)], []), np.array([1, 1], dtype=np.int32))


def test_nodes_at_one_place_in_a_row_and_apart_are_dissected() -> None:
    road = [(i, i + 1, 5, 5) for i in range(99)]
    for places in ([(20.0, 50.0)] * 100, [(20 + i / 100, 50.0) for i in range(100)]):
        for roads in ([], road, road[:40] + road[50:]):
            order = dissected(network_of(places, roads))
            assert sorted(order.tolist()) == list(range(100))


def test_an_order_does_not_depend_on_how_cells_are_shared_among_threads() -> None:
    network = grid_network(40, 40, seed=13)
    in_one_go = dissected(network)
    with patch("overland.roads.search.dissection._WHOLE", 20):
        assert dissected(network).tolist() == in_one_go.tolist()


def test_dissection_keeps_the_shortcuts_of_a_grid_few() -> None:
    network = grid_network(60, 60, seed=9, kept=1.0)
    links = len(Hierarchy.of(network).shortcuts.head)
    assert links < 25 * len(network)  # about n log n; contracted row by row: 60 for each node


def test_a_network_without_roads_or_without_nodes_has_a_hierarchy() -> None:
    assert Hierarchy.of(network_of([(20, 50)], [])).customized().times_between([0], [0]).tolist() == [[0]]
    nothing = Hierarchy.of(network_of([], [])).customized()
    assert nothing.times_between([], []).shape == (0, 0)
    assert nothing.changed(None).times.shape == (2, 0)
