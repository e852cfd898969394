"""Why something would save: what is scarce in a plan or at the prices of its proof, in a sentence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from overland.case.model import CorridorStatus
from overland.case.moments import day_in_words, moment_in_words
from overland.plan.document import Plan
from overland.plan.explain.changes import Change
from overland.plan.explain.estimates import Estimator, most_in_transit
from overland.plan.legs import fleet_of
from overland.plan.standing import all_legs, groups_of


def reason(estimator: Estimator, plan: Plan, change: Change) -> str:
    """What binds where a change would help; empty if neither prices nor plan say."""
    return _REASONS[change.kind](estimator, plan, change)


def _fleet(estimator: Estimator, plan: Plan, change: Change) -> str:
    case = estimator.problem.case
    fleet = next(fleet for fleet in case.fleets if fleet.id == change.subject)
    trips = [trip for trip in plan.trips if fleet_of(trip.vehicle) == fleet.id]
    there = len(case.vehicles_of(fleet))
    used = len({trip.vehicle for trip in trips})
    if not trips:
        return "None of them has a trip in the plan."
    each = f"{len(trips) / used:.1f}".removesuffix(".0")
    return (
        f"{used} of the {there} there ({fleet.id}) carry people in the plan, {each} "
        f"{'trip' if each == '1' else 'trips'} each."
    )


def _windows(estimator: Estimator, plan: Plan, change: Change) -> str:  # noqa: ARG001
    """Windows of a rate in which people pay for passing or boarding."""
    problem = estimator.problem
    width = max(1, problem.case.steps_of_hours(problem.case.policy.rate_window_minutes / 60))
    windows = [problem.limits.rows[i].period for i in estimator.scarce(change)]
    if not windows:
        return ""
    begin = problem.case.time_of(min(windows) * width)
    end = problem.case.time_of(min((max(windows) + 1) * width, problem.horizon))
    hours = len(windows) * width * problem.hours
    act = "board" if change.kind == "boarding" else "pass"
    between = f"{moment_in_words(begin, problem.case.zone)} and {moment_in_words(end, problem.case.zone)}"
    return f"In {hours:,.0f} h between {between} more want to {act} than may."


def _days(estimator: Estimator, plan: Plan, change: Change) -> str:  # noqa: ARG001
    days = [estimator.problem.limits.rows[i].detail for i in estimator.scarce(change)]
    return f"It is full on {_listed(days)}." if days else ""


def _country(estimator: Estimator, plan: Plan, change: Change) -> str:
    case = estimator.problem.case
    abroad = {x.id for x in case.crossings if x.country == change.subject}
    size = {group.id: group.size for group in case.groups}
    legs = [leg for leg in all_legs(plan) if leg.destination in abroad]
    people = sum(size[group] for leg in legs for group in groups_of(leg))
    most = int(case.policy.country_share[change.subject] * sum(size.values()) + 1e-9)
    return f"{people:,} go there in the plan; {most:,} may."


def _runs(estimator: Estimator, plan: Plan, change: Change) -> str:  # noqa: ARG001
    runs = [estimator.problem.limits.rows[i].detail.partition("@")[2] for i in estimator.scarce(change)]
    return f"Seats are short on the runs of {_listed(runs)}." if runs else ""


def _hub(estimator: Estimator, plan: Plan, change: Change) -> str:
    most = most_in_transit(estimator.problem.case, plan, change.subject)
    return f"In the plan {most:,} wait there at one time; it can shelter {estimator.room(change):,}."


def _opening(estimator: Estimator, plan: Plan, change: Change) -> str:  # noqa: ARG001
    case = estimator.problem.case
    row = next(
        m for m in case.crossing_modes if (m.crossing, m.mode.value) == (change.subject, change.detail)
    )
    return f"It is open from {row.opens:%H:%M} to {row.closes:%H:%M}; who comes at other times waits."


def _corridor(estimator: Estimator, plan: Plan, change: Change) -> str:  # noqa: ARG001
    before = estimator.problem.case.corridors
    status = next(row.status for row in before if row.id == change.subject)
    if status is not CorridorStatus.ACCEPTED:
        return f"It is {status.value}, not accepted: its roads stay closed while there is a threat."
    return "Outside its windows its roads are closed while there is a threat."


def _closure(estimator: Estimator, plan: Plan, change: Change) -> str:  # noqa: ARG001
    case = estimator.problem.case
    shut = [
        f"from {moment_in_words(row.start, case.zone)} "
        + (f"to {moment_in_words(row.end, case.zone)}" if row.end else "for good")
        for row in case.closures
        if row.road == change.subject
    ]
    return f"It is closed {', '.join(shut)}."


def _listed(days: list[str]) -> str:
    """Days of the local calendar in words: ``Thu 17 Feb, Fri 18 Feb``."""
    found = [datetime.fromisoformat(day) for day in sorted(set(days))]
    runs: list[tuple[datetime, datetime]] = []
    for day in found:
        if runs and day - runs[-1][1] == timedelta(days=1):
            runs[-1] = runs[-1][0], day
        else:
            runs.append((day, day))
    return ", ".join(
        day_in_words(a) if a == b else f"{day_in_words(a)} to {day_in_words(b)}" for a, b in runs
    )


_REASONS: dict[str, Callable[[Estimator, Plan, Change], str]] = {
    "fleet": _fleet,
    "crossing": _windows,
    "boarding": _windows,
    "reception": _days,
    "country": _country,
    "service": _runs,
    "hub": _hub,
    "opening": _opening,
    "corridor": _corridor,
    "closure": _closure,
}
