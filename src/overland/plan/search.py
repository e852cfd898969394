"""The plan that is searched for: the state of the search, and the best plan it has met."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from overland.plan.anneal import anneal
from overland.plan.cars import CarWays
from overland.plan.pace import CHUNK
from overland.plan.play import play_everything
from overland.plan.state import State, with_hints
from overland.plan.tables import Tables

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

Decisions = tuple[Ints, ...]  # count, place, option, target, open, way and step of a state

EXCESS, MORE_EXCESS = 60.0, 400.0  # price of a person above a limit, at first and added in the end, where
USUAL_PENALTY = 336.0  # this or less is what leaving one costs; in proportion where it costs more
COOLING_TOLLS = 0.8  # part of a search from which on the tolls that steer it fade


class Hints(NamedTuple):
    """What the bound tells the search; handed over between threads whole."""

    trips: Floats
    ways: list[tuple[int, int, int, float]]
    toll: Floats


@dataclass(slots=True)
class Search:
    """A search in progress.

    Attributes
    ----------
    state : State
        The plan as it stands.
    best_cost : float
        Of people and driving in the best plan within all limits; infinite before there is one.
    """

    tables: Tables
    cars: CarWays
    state: State
    best_cost: float = np.inf
    best: Decisions = field(default_factory=tuple)

    def __post_init__(self) -> None:
        """Play the plan through, and keep it if it is within all limits."""
        self.best = tuple(array.copy() for array in decisions_of(self.state))
        self.play()

    def play(self) -> None:
        """Work out what follows from the decisions of the state, and keep them if they are the best."""
        play_everything(self.tables, self.cars, self.state)
        if self.state.total[2] <= 0 and self.cost < self.best_cost:
            self.keep()

    @property
    def cost(self) -> float:
        """Of the state: people and driving."""
        total = self.state.total
        return float(total[0] + self.tables.driven_cost * total[1] + total[3])

    def keep(self) -> None:
        """Take the state for the best plan."""
        self.best_cost = self.cost
        self.best = tuple(array.copy() for array in decisions_of(self.state))

    def restore(self) -> None:
        """Go back to the best plan."""
        for array, kept in zip(decisions_of(self.state), self.best, strict=True):
            array[:] = kept
        play_everything(self.tables, self.cars, self.state)

    def follow(self, hints: Hints) -> None:
        """Be steered by the bound from now on."""
        ways = [
            way for way in hints.ways if self.cars.safe[way[1], way[2]] >= 0
        ]  # not all are in every setting
        self.state = with_hints(self.state, hints.trips, ways, hints.toll)

    def anneal(self, temperature: float, done: float, seed: int) -> None:
        """Make some moves at a temperature.

        Parameters
        ----------
        done : float
            Part of the annealing that is done: the price of exceeding limits rises with it.
        seed : int
            Of the random numbers from now on; -1 to go on with those there are.
        """
        if done > COOLING_TOLLS:
            self.state.toll[:] *= 0.98
        excess = (EXCESS + MORE_EXCESS * done) * max(1.0, self.tables.penalty / USUAL_PENALTY)
        self.best_cost, _ = anneal(
            self.tables, self.cars, self.state, CHUNK, temperature, excess, seed, self.best_cost, self.best
        )


def decisions_of(state: State) -> Decisions:
    """The arrays of a state that decide; the others follow from them."""
    return state.count, state.place, state.option, state.target, state.open, state.way, state.step
