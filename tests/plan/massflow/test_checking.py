"""The checker refuses flows that break a rule and cuts that prove nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from overland.errors import FlowError
from overland.plan.massflow.checking import people_out, upper_bound
from overland.plan.massflow.earliest_arrival import earliest_arrival
from overland.plan.massflow.flow_network import FlowNetwork
from overland.plan.massflow.mass_flow import Cuts, Pattern
from tests.plan.massflow.networks import TWO_ROADS

LINE = FlowNetwork.of(("a", "b", "z"), [(0, 1, 2, 1), (1, 2, 1, 1)], {0: 2}, [2], {0: 1})


def pattern(flow: list[tuple[int, int, int]], departures: list[tuple[int, int, int]]) -> Pattern:
    return Pattern(*np.array(flow).reshape(-1, 3).T, *np.array(departures).reshape(-1, 3).T)


def test_a_flow_that_keeps_every_rule() -> None:
    flow = pattern([(0, 1, 1), (0, 2, 1), (1, 2, 1), (1, 3, 1)], [(0, 1, 1), (0, 2, 1)])
    assert people_out(LINE, flow).tolist() == [0, 0, 0, 1, 2]


@pytest.mark.parametrize(
    ("flow", "departures", "said"),
    [
        ([(0, 1, 2), (1, 2, 2)], [(0, 1, 2)], "the road b → z takes 1 persons a step; 2 enter at step 2"),
        ([(0, 1, 2), (1, 2, 1)], [(0, 1, 2)], "1 persons vanish at node b at step 2"),
        ([(0, 1, 2), (1, 2, 1), (1, 3, 1)], [(0, 1, 2)], "1 persons vanish at node b at step 2"),
        ([(1, 2, 1), (1, 3, 1)], [(0, 1, 2)], "2 persons vanish at node a at step 1"),
        ([(0, 2, 1), (1, 2, 1), (1, 3, 1)], [(0, 2, 2)], "vanish at node a at step 2"),
        ([(0, 1, 1), (1, 2, 1)], [(0, 1, 1)], "1 persons set out from a; 2 are there"),
        ([(0, 0, 1), (0, 2, 1), (1, 1, 1), (1, 3, 1)], [(0, 0, 1), (0, 2, 1)], "from a before step 1"),
        ([(0, 1, 1), (0, 1, 1), (1, 2, 1), (1, 3, 1)], [(0, 1, 2)], "a → b is twice in the pattern"),
        ([(7, 1, 1)], [(0, 1, 2)], "names an arc that does not exist"),
        ([(0, 1, 0)], [(0, 1, 2)], "a row without people"),
    ],
)
def test_a_broken_rule_is_named(
    flow: list[tuple[int, int, int]], departures: list[tuple[int, int, int]], said: str
) -> None:
    with pytest.raises(FlowError, match=said):
        people_out(LINE, pattern(flow, departures))


def cuts(until: int, *rows: list[int]) -> Cuts:
    return Cuts(until, np.array(rows, dtype=np.int16))


def test_what_a_cut_lets_through_is_counted_by_hand() -> None:
    # Only the sink lies behind: both roads cross at each step they arrive by.
    found = upper_bound(TWO_ROADS, cuts(3, [-1] * 5, [-1, 0, 1, 2, 3]), 4)
    assert found.tolist() == [0, 1, 2, 5]


def test_the_last_cut_put_off_step_by_step_bounds_later_steps() -> None:
    found = upper_bound(TWO_ROADS, cuts(3, [-1] * 5, [-1, 0, 1, 2, 3]), 7)
    assert found.tolist() == [0, 1, 2, 5, 8, 10, 10]


def test_without_cuts_everybody_might_be_out_at_once() -> None:
    assert upper_bound(TWO_ROADS, cuts(-1, [-1], [-1]), 2).tolist() == [10, 10]


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        (cuts(3, [-1] * 5, [-1, 0, 1, 2, -1]), "an arrival at the sink on the wrong side"),
        (cuts(3, [-1] * 5, [-1, 1, 1, 2, 3]), "an arrival at the sink on the wrong side"),
        (cuts(3, [-1, 2, -1, -1, -1], [-1, 0, 1, 2, 3]), "between those who wait at a and their road"),
        (cuts(3, [3, 2, -1, -1, -1], [-1, 0, 1, 2, 3]), "between those who wait at a and their road"),
        (cuts(5, [-1] * 5, [-1, 0, 1, 2, 3]), "not those of this network"),
        (cuts(3, [-1, 0, 1, 2, 3]), "not those of this network"),
    ],
)
def test_what_is_no_cut_is_refused(spoilt: Cuts, said: str) -> None:
    with pytest.raises(FlowError, match=said):
        upper_bound(TWO_ROADS, spoilt, 6)


def test_no_single_change_of_the_cuts_proves_more_than_is_possible() -> None:
    flow = earliest_arrival(TWO_ROADS)
    for v, column in np.ndindex(flow.cuts.behind.shape):
        for value in range(-1, flow.cuts.until + 1):
            behind = flow.cuts.behind.copy()
            behind[v, column] = value
            try:
                most = upper_bound(TWO_ROADS, replace(flow.cuts, behind=behind), len(flow.out))
            except FlowError:
                continue
            assert (most >= flow.out).all()
