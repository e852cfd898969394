"""What a change would save, estimated at the prices of a proof.

At any prices the Lagrangian of the changed case is a bound of it. So what it loses against that of the case
as it is at the same prices is an upper estimate of what the *best* bound loses, if the prices are the best
for the case as it is: other prices may suit the changed case better, and only lift its bound.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from overland.case.model import Case
from overland.plan.bound import Bound, Evaluation
from overland.plan.build import stranded_cost
from overland.plan.document import Plan
from overland.plan.explain.changes import Change, changes_of
from overland.plan.problem import Problem, build_problem
from overland.plan.proof import Proof
from overland.plan.proving import prices_of
from overland.plan.setting import Setting
from overland.plan.standing import all_legs, groups_of
from overland.plan.used import mode_of
from overland.roads import RoadTimes

BY_TOLL = ("crossing", "boarding", "reception", "country", "service")  # nothing where nobody pays a toll
UNPRICED = ("limit", "hub_capacity")  # tables that no schedule of a place or a vehicle depends on
NEARLY_FULL = 12  # people for whom a hub has room: one large group may not find any


@dataclass(frozen=True, slots=True)
class Estimator:
    """The case as it is at the prices of a proof; what changes are measured against.

    Attributes
    ----------
    times : RoadTimes
        Of the case as it is; they hold for every change that leaves the roads alone.
    value : float
        The bound at the prices, with what the stranded cost.
    """

    setting: Setting
    times: RoadTimes
    evaluation: Evaluation
    value: float

    @classmethod
    def of(cls, case: Case, times: RoadTimes, proof: Proof) -> Estimator:
        """Lay out a case at the prices of its proof."""
        problem = build_problem(case, times)
        setting, prices = Setting.of(problem), prices_of(problem, proof)
        evaluation = Bound(problem, setting.tables, setting.cars).evaluate(prices)
        return cls(setting, times, evaluation, evaluation.value + stranded_cost(problem))

    @property
    def problem(self) -> Problem:
        """The case as it is, as arrays."""
        return self.setting.problem

    @property
    def has_prices(self) -> bool:
        """Whether anything has a price."""
        return any(values.any() for values in self.evaluation.prices)

    def candidates(self, plan: Plan) -> list[Change]:
        """The changes of the case that may save something, as far as prices and the plan tell at once."""
        return [change for change in changes_of(self.problem.case) if self._may_save(change, plan)]

    def _may_save(self, change: Change, plan: Plan) -> bool:
        if change.kind in BY_TOLL:
            return bool(len(self.scarce(change)))
        if change.kind == "opening":
            across = [leg for leg in all_legs(plan) if leg.passed is not None]
            return any((leg.destination, mode_of(leg)) == (change.subject, change.detail) for leg in across)
        if change.kind == "hub":
            return most_in_transit(self.problem.case, plan, change.subject) + NEARLY_FULL > self.room(change)
        return True

    def room(self, change: Change) -> int:
        """People that a hub can shelter as it is."""
        return next(p.waiting_capacity or 0 for p in self.problem.case.places if p.id == change.subject)

    def scarce(self, change: Change) -> list[int]:
        """Numbers of the limits that people pay a toll for, of those that a change would raise."""
        rows, toll = self.problem.limits.rows, self.evaluation.prices.toll
        return [
            i
            for i in np.flatnonzero(toll > 0).tolist()
            if (rows[i].kind, rows[i].subject) == (change.kind, change.subject)
            and change.detail in ("", rows[i].detail)
        ]

    def saving(self, change: Change) -> float | None:
        """Weighted person-hours that a change saves at the prices; None where prices say nothing.

        A vehicle more takes just what it collects from the bound. The bound does not know how many people
        hubs can shelter, nor what vehicles are worth of which there is none.
        """
        if change.kind == "hub":
            return None
        if change.kind == "fleet" and (like := self._like_new(change.subject)):
            return float(self.evaluation.vehicle_values[like[0]])
        problem = build_problem(change.case, self.times_of(change))
        if not set(problem.vehicles.type) <= set(self.problem.vehicles.type):
            return None  # of a type that the case has no vehicle of, and so no price for
        setting, prices = Setting.of(problem), self.evaluation.prices
        toll = np.zeros(len(setting.tables.limit))  # a corridor may bring convoys, whose limits come last
        toll[: len(prices.toll)] = prices.toll
        prices = prices._replace(toll=toll)
        if _is_priced_alike(self.setting, setting):
            more = setting.tables.limit - self.setting.tables.limit
            return float(prices.toll @ more)
        changed = Bound(problem, setting.tables, setting.cars).evaluate(prices)
        return self.value - changed.value - stranded_cost(problem)

    def _like_new(self, fleet: str) -> list[int]:
        """Numbers of the vehicles of a fleet that start as another one would."""
        row = next(row for row in self.problem.case.fleets if row.id == fleet)
        usable = self.problem.case.vehicles_of(row)
        return [v for v, name in enumerate(self.problem.vehicles.name) if usable.get(name) == row.available]

    def times_of(self, change: Change) -> RoadTimes:
        """Road times of a changed case."""
        if not change.moves_roads:
            return self.times
        times = RoadTimes.of(change.case)
        times.prepare()
        return times


def _is_priced_alike(before: Setting, after: Setting) -> bool:
    """Whether people and vehicles can do the same, and pay the same for it, up to limits that they share."""
    if before.problem.stranded != after.problem.stranded:
        return False
    if before.problem.limits.rows != after.problem.limits.rows:
        return False
    if before.problem.vehicles.name != after.problem.vehicles.name:
        return False
    same_tables = all(
        name in UNPRICED or np.array_equal(kept, getattr(after.tables, name))
        for name, kept in before.tables._asdict().items()
    )
    return same_tables and all(
        np.array_equal(kept, getattr(after.cars, name)) for name, kept in before.cars._asdict().items()
    )


def most_in_transit(case: Case, plan: Plan, hub: str) -> int:
    """Most people who are in transit at a hub at one time."""
    size = {group.id: group.size for group in case.groups}
    legs = all_legs(plan)
    arrives = {g: leg.arrive for leg in legs if leg.destination == hub for g in groups_of(leg)}
    leaves = {g: leg.depart for leg in legs if leg.origin == hub for g in groups_of(leg)}
    return max(
        (
            sum(size[g] for g, came in arrives.items() if came <= moment < leaves.get(g, moment))
            for moment in sorted(set(arrives.values()))
        ),
        default=0,
    )
