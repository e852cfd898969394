"""The verification of a plan: every rule, one after another."""

from __future__ import annotations

from collections.abc import Iterator

from overland.case import digest
from overland.case.model import Case
from overland.plan.document import Plan
from overland.roads import RoadTimes
from overland.verify import fairness, figures, journeys, limits, linetrips, moments, past, vehicles
from overland.verify.envelope import most_out
from overland.verify.reading import read_schedule
from overland.verify.schedule import Schedule
from overland.verify.terms import Terms
from overland.verify.violation import Violation


def verify(
    case: Case, plan: Plan, times: RoadTimes | None = None, running: Plan | None = None
) -> list[Violation]:
    """Check a plan against every rule of the planning problem.

    Parameters
    ----------
    case : Case
        The case it was made for.
    plan : Plan
        The plan.
    times : RoadTimes, optional
        Road times of the case, if they are at hand.
    running : Plan, optional
        For a re-plan, the plan that was running: without it, what left before now is believed.

    Returns
    -------
    list of Violation
        Empty for a plan without fault.
    """
    terms = Terms(case, times)
    schedule = read_schedule(terms, plan)
    return [
        *_identity(case, plan),
        *past.marks(case, plan),
        *(past.kept(plan, running) if running is not None else ()),
        *schedule.faults,
        *_people(terms, schedule, plan),
        *_travel(terms, schedule),
        *_limits(terms, schedule),
        *_figures(terms, schedule, plan),
    ]


def recompute(case: Case, plan: Plan, times: RoadTimes | None = None) -> figures.Figures:
    """Recompute the objective and the totals of a plan."""
    terms = Terms(case, times)
    return figures.figures_of(terms, read_schedule(terms, plan))


def _identity(case: Case, plan: Plan) -> Iterator[Violation]:
    if plan.case != case.id:
        yield Violation("case", f"case {plan.case}", f"the plan is for another case than {case.id}")
    right = digest(case)
    if plan.case_digest != right:
        yield Violation(
            "digest", "case_digest", f"the case has changed: {right[:12]}…, not {plan.case_digest[:12]}…"
        )


def _people(terms: Terms, schedule: Schedule, plan: Plan) -> Iterator[Violation]:
    yield from journeys.accounted(terms, schedule)
    yield from journeys.whole_journeys(terms, schedule)
    yield from journeys.origins(terms, schedule)
    yield from journeys.ready(terms, schedule)
    yield from journeys.changes(terms, schedule)
    yield from journeys.admission(terms, schedule)
    yield from journeys.walking(schedule)
    yield from journeys.access(schedule)
    yield from journeys.drivers(terms, schedule)
    yield from journeys.stranded_flags(terms, plan)
    yield from journeys.reasons(plan)
    yield from fairness.loading_rule(terms, schedule)


def _travel(terms: Terms, schedule: Schedule) -> Iterator[Violation]:
    yield from moments.arrivals_by_road(terms, schedule)
    yield from moments.convoys(terms, schedule)
    yield from moments.calls(terms, schedule)
    yield from moments.passings(terms, schedule)
    yield from moments.releases(terms, schedule)
    yield from linetrips.line_moments(terms, schedule)
    yield from vehicles.duties(terms, schedule)


def _limits(terms: Terms, schedule: Schedule) -> Iterator[Violation]:
    yield from limits.convoy_sizes(schedule)
    yield from limits.seats(schedule)
    yield from limits.run_seats(schedule)
    yield from limits.crossing_rate(terms, schedule)
    yield from limits.boarding_rate(terms, schedule)
    yield from limits.hub_capacity(terms, schedule)
    yield from limits.reception(terms, schedule)
    yield from limits.country_share(terms, schedule)


def _figures(terms: Terms, schedule: Schedule, plan: Plan) -> Iterator[Violation]:
    right = figures.figures_of(terms, schedule)
    yield from figures.totals(right, plan)
    yield from figures.certificate(right, plan)
    stated = plan.certificate
    if stated.envelope or stated.least_left or stated.earliest_cleared or stated.deadline:
        most = most_out(terms)
        yield from figures.envelope(terms, schedule, plan, most)
        yield from figures.clearance(terms, right, plan, most)
    yield from figures.values(terms, plan)
