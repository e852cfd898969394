"""What a flow network is made of is checked when it is made."""

from __future__ import annotations

import pytest

from overland.errors import FlowError
from overland.plan.massflow.flow_network import MOST_STEPS, FlowNetwork

NAMES = ("a", "b", "z")
ROADS = [(0, 1, 1, 1), (1, 2, 1, 1)]


@pytest.mark.parametrize(
    ("arcs", "supply", "sinks", "release", "said"),
    [
        (ROADS, {0: 1}, [], {}, "there is no sink"),
        (ROADS, {0: 1}, [9], {}, "node number 9 is not one of the 3 nodes"),
        ([(0, 7, 1, 1)], {0: 1}, [2], {}, "an arc leads from or to a node that is not one of the 3"),
        ([(0, 1, -1, 1)], {0: 1}, [2], {}, "a capacity is negative"),
        ([(0, 1, 1, -1)], {0: 1}, [2], {}, "must be between 0 and 30,000 steps"),
        ([(0, 1, 1, MOST_STEPS + 1)], {0: 1}, [2], {}, "take longer steps"),
        (ROADS, {0: -1}, [2], {}, "negative number of people"),
        (ROADS, {}, [2], {}, "there are 0 people at sources"),
        (ROADS, {0: 2 * 10**9}, [2], {}, "there must be 1 to 1,000,000,000"),
        (ROADS, {0: 1}, [2], {0: -1}, "people must be free to leave"),
        (ROADS[:1], {0: 5}, [2], {}, r"5 people have no way to a sink, at 1 sources \(a\)"),
        ([(0, 2, 0, 1)], {0: 5}, [2], {}, "5 people have no way to a sink"),
    ],
)
def test_what_makes_no_sense_is_a_message(
    arcs: list[tuple[int, int, int, int]],
    supply: dict[int, int],
    sinks: list[int],
    release: dict[int, int],
    said: str,
) -> None:
    with pytest.raises(FlowError, match=said):
        FlowNetwork.of(NAMES, arcs, supply, sinks, release)


def test_roads_out_of_a_sink_and_from_a_place_to_itself_lead_nowhere() -> None:
    network = FlowNetwork.of(NAMES, [*ROADS, (2, 0, 1, 1), (1, 1, 1, 0)], {0: 1}, [2])
    assert network.tail.tolist() == [0, 1]
    steps, place = network.nearness()
    assert steps.tolist() == [2, 1, 0]
    assert place.tolist() == [2, 1, 0]
