"""The headline figures, the curve, and who is left: what the page says first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from overland.case.model import Case
from overland.plan.document import Plan
from overland.report.movements import Counts, Headcounts, Journey
from overland.report.words import at_most, count, moment, number, percent, span

MARKS = (24, 48, 72)
"""Hours after the start at which the page says how many are out."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One headline figure."""

    key: str
    value: str
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """People out at a number of hours after the start."""

    hours: int
    step: int
    people: int
    best: int | None  # upper bound for any plan; None where the certificate has none


@dataclass(frozen=True, slots=True)
class LeftRow:
    """People left at one place for one reason."""

    place: str
    reason: str
    stranded: bool
    people: int
    groups: int


def best_possible(case: Case, plan: Plan) -> list[tuple[int, int]]:
    """The envelope of the certificate as (step, people), in the order of time."""
    points = ((case.step_of(when, up=False), people) for when, people in plan.certificate.envelope)
    return sorted((min(max(step, 0), case.steps), people) for step, people in points)


def marks_of(case: Case, plan: Plan, out: Counts) -> list[Mark]:
    """People out after 24, 48 and 72 hours, as far as the horizon goes."""
    envelope = best_possible(case, plan)
    marks = []
    for hours in MARKS:
        if hours <= case.horizon_hours:
            step = case.steps_of_hours(hours)
            before = [people for k, people in envelope if k <= step]
            marks.append(Mark(hours, step, int(out[step]), before[-1] if before else None))
    return marks


def figures_of(case: Case, plan: Plan, marks: list[Mark]) -> list[Figure]:
    """The headline figures, in the order in which they are read."""
    totals = plan.totals
    share = totals.out / totals.people if totals.people else 0.0
    figures = [
        Figure("people", number(totals.people), "people to get out", f"in {number(len(case.groups))} groups"),
        Figure("out", number(totals.out), "get out with this plan", percent(share) + " of all"),
    ]
    figures += [
        Figure(f"out{m.hours}", number(m.people), f"out after {m.hours} h", _share_note(m, totals.people))
        for m in marks
    ]
    if totals.cleared is None:
        figures.append(Figure("cleared", "–", "last one across", "nobody gets out"))
    else:
        hours = (totals.cleared - case.start) / timedelta(hours=1)
        when = moment(totals.cleared, case.zone)
        figures.append(Figure("cleared", span(hours), "until the last one is across", when))
    left = totals.people - totals.out
    note = f"{number(totals.stranded)} could not get out by any plan" if left else "nobody stays behind"
    figures.append(Figure("left", number(left), "left behind", note))
    return figures


def _share_note(mark: Mark, people: int) -> str:
    return percent(mark.people / people) if people else ""


def certificate_sentence(case: Case, plan: Plan) -> str:
    """What the certificate means, for somebody who has to decide."""
    proof = plan.certificate
    return " ".join(part for part in (clearance_sentence(case, plan), _cost_sentence(case, plan)) if part) + (
        " It was made for the earliest clearance, not for the least cost."
        if plan.objective == "clearance" and proof.cost > 0
        else ""
    )


def clearance_sentence(case: Case, plan: Plan) -> str:
    """What is proven of the moment the last one is out and of those left; empty if nothing is."""
    proof, totals = plan.certificate, plan.totals
    parts = []
    if totals.cleared is not None and proof.earliest_cleared is not None:
        out, earliest = moment(totals.cleared, case.zone), moment(proof.earliest_cleared, case.zone)
        everybody = "Everybody" if totals.out == totals.people else "Everybody who gets out"
        parts.append(f"{everybody} is out by {out}:")
        if totals.cleared <= proof.earliest_cleared:
            parts.append("no plan that gets as many people out can clear earlier, this is proven.")
        else:
            parts.append(f"no plan that gets as many people out can clear before {earliest}, this is proven.")
    if proof.least_left:
        people = count(proof.least_left, "person", "people")
        parts.append(f"Any plan leaves at least {people} who have a way out.")
    return " ".join(parts)


def _cost_sentence(case: Case, plan: Plan) -> str:
    proof = plan.certificate
    if proof.cost <= 0:
        return "The plan has no cost: nobody has to wait or travel."
    if plan.replanned is not None and proof.bound <= 0:
        return (
            f"This plan took the place of another on {plan.replanned.now:%d %B at %H:%M} UTC in seconds. "
            "What had left by then is as it was; nothing is proven of how good the rest is."
        )
    which = "plan under the same limits"
    if proof.deadline is not None:
        which += f" that clears by {moment(proof.deadline, case.zone)}"
    if proof.gap <= 0.0005:
        return f"No other {which} can do better: this is proven."
    return (
        f"It is proven that no {which} can be more than {at_most(proof.gap)} better than "
        "this one, however long one were to search."
    )


def left_rows(case: Case, plan: Plan, journeys: dict[str, Journey]) -> list[LeftRow]:
    """Who is left, by place and reason: only numbers, never single groups."""
    names = {place.id: place.name for place in case.places}
    entries = {entry.group: (entry.reason, entry.stranded) for entry in plan.left}
    people: Counter[tuple[str, str, bool]] = Counter()
    groups: Counter[tuple[str, str, bool]] = Counter()
    for group, journey in journeys.items():
        if not journey.stages:
            reason, stranded = entries.get(group, ("The plan does not say.", False))
            people[journey.place, reason, stranded] += journey.size
            groups[journey.place, reason, stranded] += 1
    rows = [
        LeftRow(names[place], reason, stranded, number_left, groups[place, reason, stranded])
        for (place, reason, stranded), number_left in people.items()
    ]
    return sorted(rows, key=lambda row: (-row.people, row.place, row.reason))


@dataclass(frozen=True, slots=True)
class Reason:
    """People left for one reason, at all places together."""

    reason: str
    stranded: bool
    people: int
    places: tuple[tuple[str, int], ...]


def reasons_of(rows: list[LeftRow]) -> list[Reason]:
    """Sum up who is left by reason; most people first."""
    groups: dict[tuple[str, bool], list[LeftRow]] = {}
    for row in rows:
        groups.setdefault((row.reason, row.stranded), []).append(row)
    reasons = [
        Reason(
            reason, stranded, sum(row.people for row in members), tuple((r.place, r.people) for r in members)
        )
        for (reason, stranded), members in groups.items()
    ]
    return sorted(reasons, key=lambda reason: (-reason.people, reason.reason))


def place_rows(case: Case, counts: Headcounts, journeys: dict[str, Journey]) -> list[dict[str, object]]:
    """Each place with people: how many, how they leave, from when to when; the largest first."""
    rows: dict[str, dict[str, object]] = {}
    means: dict[str, Counter[str]] = {}
    departures: dict[str, list[int]] = {}
    for journey in journeys.values():
        if journey.stages:
            first = journey.stages[0]
            mode = "bus" if first.mode.value == "foot" else first.mode.value
            means.setdefault(journey.place, Counter())[mode] += journey.size
            departures.setdefault(journey.place, []).append(first.depart)
    for place in case.places:
        by, left = means.get(place.id, Counter()), counts.left.get(place.id, 0)
        if by or left:
            steps = departures.get(place.id, [])
            rows[place.id] = {
                "name": place.name,
                "region": place.region,
                "people": by.total() + left,
                "bus": by["bus"],
                "rail": by["rail"],
                "car": by["car"],
                "left": left,
                "first": moment(case.time_of(min(steps)), case.zone) if steps else "–",
                "last": moment(case.time_of(max(steps)), case.zone) if steps else "–",
            }
    return sorted(rows.values(), key=lambda row: (-int(str(row["people"])), str(row["name"])))
