"""Small flow networks for tests."""

from __future__ import annotations

from hypothesis import assume
from hypothesis import strategies as st

from overland.errors import FlowError
from overland.plan.massflow.flow_network import FlowNetwork

# Ten people at a; a narrow short road and a wide long one. At steps 1 … one more each, from step 3 on three.
TWO_ROADS = FlowNetwork.of(("a", "z"), [(0, 1, 1, 1), (0, 1, 2, 3)], {0: 10}, [1])


@st.composite
def small_networks(draw: st.DrawFn) -> FlowNetwork:
    """Up to five nodes; roads without transit or capacity, side by side or in circles; late people."""
    nodes = draw(st.integers(2, 5))
    node = st.integers(0, nodes - 1)
    arc = st.tuples(node, node, st.integers(0, 3), st.integers(0, 3))
    arcs = draw(st.lists(arc, min_size=1, max_size=10))
    supply = draw(st.dictionaries(node, st.integers(1, 5), min_size=1, max_size=3))
    sinks = draw(st.lists(node, min_size=1, max_size=2))
    release = draw(st.dictionaries(node, st.integers(0, 3), max_size=2))
    try:
        return FlowNetwork.of([str(v) for v in range(nodes)], arcs, supply, sinks, release)
    except FlowError:
        assume(False)
        raise
