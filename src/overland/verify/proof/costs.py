"""What the parts of a plan cost, rounded so that sums of them are never too high."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from overland.case.model import Place
from overland.verify.hazards import covers
from overland.verify.proof.units import down, up
from overland.verify.terms import Terms

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Costs:
    """Costs of one person by class (rank of its weight) and of driving, in units.

    Attributes
    ----------
    weights : tuple of Fraction
        Of the classes, ascending.
    hours : dict of str to list of Fraction
        Hazard-weighted hours from the start until each step, by place; exact.
    waited : int64 (classes, places, T + 1)
        Of waiting at a place from the start until a step, rounded down.
    arrived : int64 (classes, places, T + 1)
        The same rounded up: to be subtracted for one who comes at that step.
    under_way : int64 (classes, T + 1)
        Of so many steps, rounded down.
    left : int64 (classes,)
        Of being left, beyond waiting until the end; rounded down.
    driving : int64 (T + 1,)
        Of a vehicle that drives so many steps, rounded down.
    """

    weights: tuple[Fraction, ...]
    hours: dict[str, list[Fraction]]
    waited: Ints
    arrived: Ints
    under_way: Ints
    left: Ints
    driving: Ints

    @classmethod
    def of(cls, terms: Terms) -> Costs:
        """Work out the costs of a case."""
        policy, length = terms.case.policy, Fraction(terms.case.step_minutes, 60)
        weights = tuple(sorted({Fraction(terms.weight(group)) for group in terms.groups.values()}))
        hours = {key: _hours(terms, place, length) for key, place in terms.places.items()}
        steps = range(terms.horizon + 1)
        driven = Fraction(policy.vehicle_hour_cost) * length
        return cls(
            weights=weights,
            hours=hours,
            waited=_table(
                [[[down(w * h) for h in hours[key]] for key in terms.places] for w in weights], steps
            ),
            arrived=_table(
                [[[up(w * h) for h in hours[key]] for key in terms.places] for w in weights], steps
            ),
            under_way=np.array([[down(w * length * n) for n in steps] for w in weights]).reshape(
                -1, len(steps)
            ),
            left=np.array([down(w * Fraction(policy.left_penalty_hours)) for w in weights], dtype=np.int64),
            driving=np.array([down(driven * n) for n in steps], dtype=np.int64),
        )

    def rank(self, weight: float) -> int:
        """The class of a weight."""
        return self.weights.index(Fraction(weight))


def _table(rows: list[list[list[int]]], steps: range) -> Ints:
    return np.array(rows, dtype=np.int64).reshape(len(rows), -1, len(steps))


def _hours(terms: Terms, place: Place, length: Fraction) -> list[Fraction]:
    """Exact hazard-weighted hours at a place from the start until each step."""
    case, here = terms.case, (place.longitude, place.latitude)
    around = [(t, Fraction(t.hazard)) for t in case.threats if t.hazard > 1 and covers(t, here)]
    quiet, parts = Fraction(place.hazard) * length, []
    for step in range(terms.horizon):
        now = case.time_of(step)
        active = [h for t, h in around if t.start <= now and (t.end is None or now < t.end)]
        parts.append(quiet * max(active) if active else quiet)
    return [Fraction(0), *accumulate(parts)]
