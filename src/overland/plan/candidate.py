"""A whole plan found on the way, judged by who is left, when the last one is out, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from overland.plan.build import drop_empty_trips
from overland.plan.journeys import journeys_of
from overland.plan.play import play_everything
from overland.plan.search import Decisions
from overland.plan.seeds import stage_use
from overland.plan.setting import Setting
from overland.plan.state import State

NOBODY_OUT = -1


@dataclass(frozen=True, slots=True)
class Candidate:
    """A plan within all limits, without empty trips.

    Attributes
    ----------
    decisions : Decisions
        In the whole problem.
    left : int
        People left who are not stranded.
    cleared : int
        Step at which the last of the others is out; -1 if nobody gets out.
    cost : float
        Of people and driving, by their weights; without the stranded.
    """

    decisions: Decisions
    left: int
    cleared: int
    cost: float

    @property
    def rank(self) -> tuple[int, int, float]:
        """Fewest left, then earliest out, then least cost: the lower the better."""
        return self.left, self.cleared, self.cost


def people_left(state: State) -> int:
    """People left in a state, who are not stranded."""
    riders = state.left[state.side, np.arange(len(state.side))].sum()
    return int(riders + state.driver_size[state.way < 0].sum())


def played(whole: Setting, decisions: Decisions) -> State:
    """The state of a plan in the whole problem, without the trips that carry nobody."""
    state = whole.state(decisions)
    play_everything(whole.tables, whole.cars, state)
    drop_empty_trips(whole.tables, whole.cars, state)
    return state


def judge(whole: Setting, decisions: Decisions) -> Candidate:
    """Play decisions through in the whole problem, drop empty trips, and see what becomes of everybody."""
    tables, cars, state = whole.tables, whole.cars, played(whole, decisions)
    last = NOBODY_OUT
    for journey in journeys_of(tables, state):
        if journey:
            last = max(last, stage_use(tables, journey[-1])[0])
    gone = state.way >= 0
    last = max(last, int(cars.safe[state.way[gone], state.step[gone]].max(initial=NOBODY_OUT)))
    cost = state.total[0] + tables.driven_cost * state.total[1] + state.total[3]
    return Candidate(whole.decisions(state), people_left(state), last, float(cost))
