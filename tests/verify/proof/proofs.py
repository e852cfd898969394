"""Proofs for tests, of prices at hand."""

from __future__ import annotations

from dataclasses import dataclass

from overland.case.model import Case
from overland.plan.bound import Evaluation, whole_prices
from overland.plan.build import stranded_cost
from overland.plan.pricing import Prices
from overland.plan.proof import Proof
from overland.plan.proving import proof_of
from overland.verify.proof.recomputation import Sum, recompute_bound
from overland.verify.terms import Terms
from tests.plan.arrays import Arrays


@dataclass
class Known:
    """A bound that knows just one set of prices."""

    arrays: Arrays
    prices: Prices

    def __post_init__(self) -> None:
        self._bound = self.arrays.bound()
        self.best: Evaluation | None = self._bound.evaluate(self.prices)

    def zero_prices(self) -> Prices:
        return self._bound.zero_prices()

    def evaluate(self, prices: Prices) -> Evaluation:
        return self._bound.evaluate(prices)


def proof_at(arrays: Arrays, prices: Prices) -> Proof:
    """The proof that the planner would write at some prices."""
    return proof_of(arrays.problem, Known(arrays, prices))


def planners_bound(arrays: Arrays, prices: Prices) -> float:
    """What the planner's own evaluation says at prices as they are written down."""
    return float(arrays.bound().evaluate(whole_prices(prices)).value) + stranded_cost(arrays.problem)


def recomputed(case: Case, proof: Proof) -> Sum:
    """The verifier's recomputation."""
    return recompute_bound(Terms(case), proof)
