"""Playing a place again only where it changes comes to the same as playing it afresh."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from overland.case.model import Case
from overland.plan.anneal import anneal
from overland.plan.play import play_everything
from overland.plan.search import decisions_of
from overland.plan.state import State
from tests.lines import line_cases
from tests.plan.arrays import Arrays, random_chains
from tests.strategies import tiny_cases

COPIES = 12  # of each group, so that queues form


def crowded(case: Case, random: np.random.Generator) -> Case:
    """The same case with more people, who come over a longer time."""
    return replace(
        case,
        groups=tuple(
            replace(
                group,
                id=f"{group.id}-{i}",
                size=int(random.integers(1, 6)),
                kin=0,
                ready=group.ready + timedelta(minutes=int(random.integers(0, 180))),
            )
            for group in case.groups
            for i in range(COPIES)
        ),
    )


def consequences(state: State) -> dict[str, Any]:
    """What follows from the decisions of a state."""
    places, side = np.arange(len(state.side)), state.side
    found: dict[str, Any] = {
        name: getattr(state, name)[side, places].tolist() for name in ("left", "breach", "stuck", "idle")
    }
    found |= {name: getattr(state, name)[side, places].round(6).tolist() for name in ("cost", "waited")}
    found |= {name: getattr(state, name).tolist() for name in ("use", "gone")}
    found["total"] = state.total.round(6).tolist()
    for p, s in enumerate(side):
        n = state.uses[s, p]
        found[f"uses of {p}"] = [state.use_row[s, p, :n].tolist(), state.use_people[s, p, :n].tolist()]
        for h, m in enumerate(state.changes[s, p]):
            sent = state.change_group[s, p, h, :m], state.change_step[s, p, h, :m]
            found[f"sent from {p} to {h}"] = [array.tolist() for array in sent]
    return found


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.one_of(tiny_cases(), line_cases()), st.integers(0, 1000), st.sampled_from([3.0, 30.0, 300.0]))
def test_a_place_played_where_it_changes_is_as_played_afresh(
    case: Case, seed: int, temperature: float
) -> None:
    random = np.random.default_rng(seed)
    arrays = Arrays.of(crowded(case, random))
    state = arrays.state()
    random_chains(arrays, state, random)
    play_everything(arrays.tables, arrays.cars, state)
    best = tuple(array.copy() for array in decisions_of(state))
    for _ in range(5):
        anneal(arrays.tables, arrays.cars, state, 300, temperature, 50.0, seed, 0.0, best)
        moved = consequences(state)
        play_everything(arrays.tables, arrays.cars, state)
        assert consequences(state) == moved
