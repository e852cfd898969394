"""The earliest-arrival flow: most people are safe by every step at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from overland.errors import FlowError
from overland.plan.massflow import earliest_arrival as engine
from overland.plan.massflow.checking import people_out, upper_bound
from overland.plan.massflow.earliest_arrival import earliest_arrival
from overland.plan.massflow.flow_network import FlowNetwork
from overland.plan.massflow.mass_flow import MassFlow
from tests.plan.massflow.networks import TWO_ROADS, small_networks
from tests.plan.massflow.oracle import most_out


def test_the_narrow_short_road_is_used_from_the_start_and_the_wide_long_one_joins_in() -> None:
    flow = earliest_arrival(TWO_ROADS)
    assert flow.out.tolist() == [0, 1, 2, 5, 8, 10]
    assert flow.clearance == flow.clearance_bound == 5
    assert flow.total == flow.bound == 1 + 2 + 3 * 3 + 3 * 4 + 2 * 5
    assert flow.gap == 0
    assert (flow.mean, flow.step_of_share(0.5), flow.step_of_share(0.95)) == (3.4, 3, 5)


def test_who_is_nearer_makes_way_when_that_lets_others_out_earlier() -> None:
    # Both at a and b need the bridge m → z, but a also has a road of its own: b gets the bridge first.
    names = ("a", "b", "m", "z")
    arcs = [(0, 2, 9, 0), (1, 2, 9, 1), (2, 3, 1, 1), (0, 3, 1, 2)]
    flow = earliest_arrival(FlowNetwork.of(names, arcs, {0: 2, 1: 2}, [3]))
    assert flow.out.tolist() == [0, 1, 3, 4]
    assert flow.gap == 0


def test_people_at_the_sink_are_safe_at_once() -> None:
    flow = earliest_arrival(FlowNetwork.of(("z",), [], {0: 7}, [0]))
    assert flow.out.tolist() == [7]
    assert flow.total == flow.bound == 0


def test_nobody_leaves_before_the_release() -> None:
    flow = earliest_arrival(FlowNetwork.of(("a", "z"), [(0, 1, 1, 2)], {0: 2}, [1], {0: 100}))
    assert flow.out[101:].tolist() == [0, 1, 2]
    assert flow.gap == 0


def test_several_sinks_share_the_people() -> None:
    flow = earliest_arrival(FlowNetwork.of(("y", "a", "z"), [(1, 0, 1, 1), (1, 2, 1, 2)], {1: 3}, [0, 2]))
    assert flow.out.tolist() == [0, 1, 3]
    assert flow.network.names[flow.network.sink] == "(safe)"


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(small_networks())
def test_nobody_could_be_out_earlier_even_by_waiting_on_the_road(network: FlowNetwork) -> None:
    flow = earliest_arrival(network)
    assert flow.out.tolist() == [most_out(network, last) for last in range(len(flow.out))]
    assert (flow.total, flow.clearance) == (flow.bound, flow.clearance_bound)


@settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(small_networks())
def test_a_search_that_is_cut_off_still_brings_everybody_out_under_a_valid_bound(
    network: FlowNetwork,
) -> None:
    flow = earliest_arrival(network, time_limit=0.0)
    best = [most_out(network, last) for last in range(len(flow.out))]
    assert flow.out[-1] == network.people
    assert (flow.out <= best).all()
    assert (flow.most_out >= best).all()


def test_an_interruption_gives_the_best_so_far() -> None:
    steps: list[int] = []

    def interrupted(now: engine.Progress) -> None:
        steps.append(now.step)
        if now.step == 3:
            raise KeyboardInterrupt

    flow = earliest_arrival(TWO_ROADS, progress=interrupted)
    assert flow.interrupted
    assert steps == [1, 2, 3]
    assert flow.cuts.until == 2
    assert flow.out[-1] == 10
    assert flow.bound <= flow.total == 34


def interrupting(kernel: Callable[..., Any], at: int) -> Callable[..., Any]:
    """The kernel, and an interruption after it has been called so many times."""
    calls = 0

    def called(*arguments: Any) -> Any:
        nonlocal calls
        outcome, calls = kernel(*arguments), calls + 1
        if calls == at:
            raise KeyboardInterrupt
        return outcome

    return called


@pytest.mark.parametrize("name", ["open_step", "augment"])
@pytest.mark.parametrize("at", range(1, 12))
def test_an_interruption_at_any_moment_leaves_a_whole_flow(
    monkeypatch: pytest.MonkeyPatch, name: str, at: int
) -> None:
    monkeypatch.setattr(engine, name, interrupting(getattr(engine, name), at))
    flow = earliest_arrival(ring())
    assert flow.interrupted
    assert flow.out[-1] == flow.network.people
    assert flow.bound <= flow.total
    again(flow)


def test_many_steps_find_room() -> None:
    flow = earliest_arrival(FlowNetwork.of(("a", "z"), [(0, 1, 1, 10)], {0: 300}, [1]))
    assert flow.clearance == 309
    assert flow.total == sum(range(10, 310))


def test_steps_that_are_far_too_short_are_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "MOST_BITS", 7)
    with pytest.raises(FlowError, match=r"more than 127 steps.*take longer steps"):
        earliest_arrival(FlowNetwork.of(("a", "z"), [(0, 1, 1, 1)], {0: 300}, [1]))


def ring() -> FlowNetwork:
    """Two rings of twelve places, one within the other, with a way out at every fourth place."""
    arcs = [(i, (i + d) % 12, 2 + i % 3, i % 2) for i in range(12) for d in (1, 11)]
    arcs += [(12 + i, 12 + (i + 1) % 12, 3, 1) for i in range(12)]
    arcs += [(12 + i, i, 1 + i % 2, 2) for i in range(12)]
    arcs += [(i, 24, 2, 3) for i in range(0, 12, 4)]
    names = [f"p{i}" for i in range(24)] + ["z"]
    return FlowNetwork.of(names, arcs, {i: 3 + i % 5 for i in range(24)}, [24])


def test_a_town_with_two_rings() -> None:
    network = ring()
    flow = earliest_arrival(network)
    assert flow.out.tolist() == [most_out(network, last) for last in range(len(flow.out))]


def again(flow: MassFlow) -> None:
    """What the flow says of itself is what the checker finds."""
    assert (people_out(flow.network, flow.pattern) == flow.out).all()
    assert (upper_bound(flow.network, flow.cuts, len(flow.out)) == flow.most_out).all()


def test_the_same_network_gives_the_same_flow() -> None:
    one, other = earliest_arrival(ring()), earliest_arrival(ring())
    again(one)
    for name in ("arc", "enter", "persons", "source", "leave", "leaving"):
        assert np.array_equal(getattr(one.pattern, name), getattr(other.pattern, name))


def test_departures_say_by_which_road() -> None:
    flow = earliest_arrival(TWO_ROADS)
    rows = flow.pattern.first_arcs(TWO_ROADS)
    assert sum(persons for *_, persons in rows) == 10
    assert {(v, arc) for v, _, arc, _ in rows} == {(0, 0), (0, 1)}
    assert (0, 0, 1, 2) in rows
