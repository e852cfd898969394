"""Rules about figures: objective, totals, certificate and values, recomputed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate, pairwise
from math import inf, isclose, isfinite

from overland.case.model import Group
from overland.plan.document import Plan, Value
from overland.verify.schedule import Leg, Schedule
from overland.verify.terms import Terms
from overland.verify.violation import Violation

RELATIVE = 1e-6
"""Relative difference up to which two figures count as the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The objective and the totals of a plan, recomputed."""

    cost: float
    exposure: float
    left_cost: float
    vehicle_hours: float
    people: int
    out: int
    stranded: int
    cleared: datetime | None


def figures_of(terms: Terms, schedule: Schedule) -> Figures:
    """Recompute the figures of a plan from its moments."""
    policy = terms.case.policy
    journeys = schedule.journeys()
    left = {group.id: group for group in schedule.left}
    exposure = sum(
        _exposure(terms, terms.groups[key], legs)
        for key, legs in journeys.items()
        if not (key in left and key in terms.at_hubs)
    )
    left_cost = sum(_left_cost(terms, group, journeys.get(group.id, [])) for group in left.values())
    driven = sum(trip.arrive - trip.depart for trip in schedule.single_trips)
    driven += sum(trip.driven for trip in schedule.line_trips)
    driven += sum(move.arrive - move.depart for move in schedule.moves)
    passed = [leg.passed for legs in journeys.values() for leg in legs if leg.passed is not None]
    out = sum(terms.groups[key].size for key, legs in journeys.items() if legs[-1].passed is not None)
    vehicle_hours = driven * terms.case.step_hours
    return Figures(
        cost=exposure + left_cost + policy.vehicle_hour_cost * vehicle_hours,
        exposure=exposure,
        left_cost=left_cost,
        vehicle_hours=vehicle_hours,
        people=terms.people,
        out=out,
        stranded=sum(group.size for group in left.values() if terms.stranded(group)),
        cleared=terms.case.time_of(max(passed)) if passed else None,
    )


def _exposure(terms: Terms, group: Group, legs: list[Leg]) -> float:
    """Weighted person-hours from the moment a group is ready until it is across."""
    steps, since = 0.0, terms.ready(group)
    for leg in legs:
        if leg.origin in terms.places:
            steps += terms.hazards.waiting(leg.origin, since, leg.depart)
        steps += leg.until - leg.depart
        since = leg.until
    return terms.weight(group) * group.size * terms.case.step_hours * steps


def _left_cost(terms: Terms, group: Group, legs: list[Leg]) -> float:
    if group.id in terms.at_hubs:  # left at a hub
        hub, arrival = terms.at_hubs[group.id]
        waited = terms.hazards.waiting(hub, arrival, terms.horizon)
        hours = terms.case.step_hours * waited + terms.case.policy.left_penalty_hours
        return terms.weight(group) * group.size * hours + _exposure(terms, group, legs)
    waited = terms.hazards.waiting(group.place, terms.ready(group), terms.horizon)
    hours = terms.case.step_hours * waited + terms.case.policy.left_penalty_hours
    return terms.weight(group) * group.size * hours


def totals(figures: Figures, plan: Plan) -> Iterator[Violation]:
    """The totals are those of the plan."""
    for name in ("people", "out", "stranded", "exposure", "left_cost", "vehicle_hours"):
        stated, right = getattr(plan.totals, name), getattr(figures, name)
        if not _same(stated, right):
            yield Violation("totals", f"totals.{name}", f"is {right}, not {stated}")
    if plan.totals.cleared != figures.cleared:
        yield Violation("totals", "totals.cleared", f"is {figures.cleared}, not {plan.totals.cleared}")
    if not (isfinite(plan.seconds) and plan.seconds >= 0):
        yield Violation("totals", "seconds", f"{plan.seconds} is no time taken")


def certificate(figures: Figures, plan: Plan) -> Iterator[Violation]:
    """Cost, bound and gap are consistent with the plan and each other."""
    stated, subject = plan.certificate, "certificate"
    cost = figures.cost
    if not _same(stated.cost, cost):
        yield Violation("cost", subject, f"the cost is {cost:.10g}, not {stated.cost:.10g}")
    if not isfinite(stated.bound):
        yield Violation("bound", subject, f"the bound {stated.bound} is no number")
    elif stated.bound > cost + RELATIVE * max(1.0, abs(cost)):
        over = stated.bound - cost
        yield Violation(
            "bound", subject, f"the bound {stated.bound:.10g} is {over:.6g} above the cost {cost:.10g}"
        )
    gap = (cost - stated.bound) / cost if cost > 0 else 0.0
    if not isclose(stated.gap, gap, rel_tol=RELATIVE, abs_tol=RELATIVE):
        yield Violation("gap", subject, f"cost and bound give a gap of {gap:.6%}, not {stated.gap:.6%}")


def envelope(terms: Terms, schedule: Schedule, plan: Plan, most: list[int]) -> Iterator[Violation]:
    """The envelope rises, in steps of the case, the plan stays under it, and it claims nothing unproven.

    Parameters
    ----------
    most
        People who can be out by each step at most, as far as can be proven.
    """
    points = plan.certificate.envelope
    for moment, _ in points:
        if (
            moment.utcoffset() != timedelta(0)
            or terms.case.time_of(terms.case.step_of(moment, up=False)) != moment
        ):
            yield Violation(
                "envelope", "certificate.envelope", f"{moment.isoformat()} is not a step of the case (UTC)"
            )
            return
    for (before, fewer), (moment, people) in pairwise(points):
        if moment <= before or people < fewer:
            yield Violation(
                "envelope",
                "certificate.envelope",
                f"does not rise from {before.isoformat()} ({fewer}) to {moment.isoformat()} ({people})",
            )
    journeys = schedule.journeys().items()
    passed = sorted(
        (min(steps), terms.groups[key].size)
        for key, legs in journeys
        if (steps := [leg.passed for leg in legs if leg.passed is not None])
    )
    steps = [step for step, _ in passed]
    out = [0, *accumulate(people for _, people in passed)]
    for moment, people in points:
        reached = out[bisect_right(steps, terms.case.step_of(moment, up=False))]
        if reached > people:
            yield Violation(
                "envelope",
                "certificate.envelope",
                f"says at most {people} people can be out by {moment.isoformat()}, in the plan {reached} are",
            )

    for moment, people in points:
        step = min(terms.case.step_of(moment, up=False), terms.horizon)
        if step >= 0 and people < most[step]:
            yield Violation(
                "envelope",
                "certificate.envelope",
                f"says at most {people} people can be out by {moment.isoformat()}, which is proven of "
                f"{most[step]} only",
            )
            return


def clearance(terms: Terms, figures: Figures, plan: Plan, most: list[int]) -> Iterator[Violation]:
    """What is claimed of those left, of the moment everybody is out and of the deadline can be proven."""
    stated = plan.certificate
    fewest = max(0, figures.people - figures.stranded - most[-1])
    if stated.least_left > fewest:
        yield Violation(
            "clearance",
            "certificate.least_left",
            f"says any plan leaves {stated.least_left} people, which is proven of {fewest} only",
        )
    if stated.earliest_cleared is not None:
        earliest = next((k for k, people in enumerate(most) if people >= figures.out), terms.horizon)
        if figures.out == 0 or stated.earliest_cleared > terms.case.time_of(earliest):
            yield Violation(
                "clearance",
                "certificate.earliest_cleared",
                f"says {figures.out} people cannot be out before {stated.earliest_cleared.isoformat()}, "
                f"which is proven of {terms.at(earliest)} only",
            )
    if stated.deadline is not None and figures.cleared is not None and figures.cleared > stated.deadline:
        yield Violation(
            "clearance",
            "certificate.deadline",
            f"the bound is that of plans that clear by {stated.deadline.isoformat()}; this one does not",
        )


def values(terms: Terms, plan: Plan) -> Iterator[Violation]:
    """The values of limits are sane numbers about things of the case, most valuable first."""
    subjects = {
        "fleet": {fleet.depot for fleet in terms.fleets.values()},
        "crossing": set(terms.crossings),
        "boarding": set(terms.places),
        "reception": set(terms.intake),
        "country": {crossing.country for crossing in terms.crossings.values()},
        "service": {service.id for service in terms.case.services},
    }
    for value in plan.values:
        if value.subject not in subjects[value.kind]:
            yield Violation(
                "unknown-id", _of(value), f"there is no {value.kind} {value.subject!r} in the case"
            )
        if not (0 <= value.saves < inf):
            yield Violation("values", _of(value), f"saves {value.saves}, which is no saving")
    for more, less in pairwise(plan.values):
        if less.saves > more.saves:
            yield Violation("values", _of(less), f"saves {less.saves:g} and stands below {_of(more)}")


def _of(value: Value) -> str:
    return f"value of {value.limit}"


def _same(stated: float, right: float) -> bool:
    if isinstance(stated, int):
        return stated == right
    return isclose(stated, right, rel_tol=RELATIVE, abs_tol=RELATIVE)
