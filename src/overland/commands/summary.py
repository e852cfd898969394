"""The summary of a plan in the terminal."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from math import floor
from typing import TYPE_CHECKING

from overland.plan.legs import legs_of
from overland.report.figures import clearance_sentence
from overland.report.words import at_most, moment

if TYPE_CHECKING:
    from rich.console import Console

    from overland.case.model import Case
    from overland.plan.document import Plan
    from overland.plan.spare_seats import Offer

CROSSINGS_SHOWN = 12
VALUES_SHOWN = 10


def print_summary(case: Case, plan: Plan, offers: list[Offer]) -> None:
    """Print what a crisis cell asks first: who is out when, where, how good it is and what would help."""
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    passings = passings_of(case, plan)
    totals, certificate = plan.totals, plan.certificate
    console.print(f"\n[bold]{case.title}[/bold]")
    console.print(
        f"{totals.out:,} of {totals.people:,} people out"
        + "".join(f", {_out_by(case, passings, h):,} by {h} h" for h in (24, 48, 72))
    )
    if totals.cleared is not None:
        hours = (totals.cleared - case.start).total_seconds() / 3600
        local = totals.cleared.astimezone(case.zone)
        console.print(f"last one out after {hours:.1f} h ({local:%a %d %b %H:%M} local time)")
    if proven := clearance_sentence(case, plan):
        console.print(proven)
    if plan.left:
        console.print(
            f"[bold]{totals.people - totals.out:,} people left[/bold], "
            f"{totals.stranded:,} of them cannot get out"
        )
        for reason, people in _reasons(case, plan).most_common(8):
            console.print(f"  {people:,}: {reason}")
    console.print(
        f"exposure {totals.exposure:,.0f} weighted person-hours; {len(plan.trips):,} bus trips, "
        f"{len(plan.rides):,} boardings of trains, {len(plan.drives):,} own cars, "
        f"{totals.vehicle_hours:,.0f} hours driven"
    )
    if offers:
        console.print(
            f"{sum(offer.seats for offer in offers):,} seats on {len(offers):,} departures are spare, to be "
            "offered to partners"
        )
    console.print(
        f"[bold]certified: no plan {_within(case, plan)}costs less than {floor(certificate.bound):,}; "
        f"this one costs {certificate.cost:,.0f}: gap at most {at_most(certificate.gap)}[/bold] "
        f"({plan.seconds:.0f} s)"
    )
    if plan.work is not None and plan.work.stopped:
        console.print(
            f"stopped after {plan.work.done:,} of {plan.work.rounds:,} rounds of work: another run may end "
            "elsewhere; give it a longer --time-limit"
        )
    _print_loads(console, case, passings)
    if plan.values:
        table = Table(title="What binds, and what one more would save (estimate, weighted person-hours)")
        for heading in ("limit", "one more", "saves"):
            table.add_column(heading, justify="right" if heading == "saves" else "left")
        for value in plan.values[:VALUES_SHOWN]:
            table.add_row(value.limit, value.unit, f"{value.saves:,.0f}")
        console.print(table)


def _within(case: Case, plan: Plan) -> str:
    """Of which plans the bound is, where it is not that of all."""
    deadline = plan.certificate.deadline
    return "" if deadline is None else f"that clears by {moment(deadline, case.zone)} "


def passings_of(case: Case, plan: Plan) -> list[tuple[datetime, str, str, int]]:
    """Everybody who crosses: moment, crossing, mode, people."""
    size = {group.id: group.size for group in case.groups}
    rows = [(d.passed, d.destination, "car", size[d.group]) for d in plan.drives]
    for trip in legs_of(plan.trips):
        if trip.passed is not None:
            mode = "bus" if trip.kind == "across" else "foot"
            rows.append((trip.passed, trip.destination, mode, sum(size[g] for g in trip.groups)))
    rows += [
        (ride.passed, ride.destination, "rail", sum(size[g] for g in ride.groups))
        for ride in plan.rides
        if ride.passed is not None
    ]
    return rows


def _out_by(case: Case, passings: list[tuple[datetime, str, str, int]], hours: int) -> int:
    return sum(n for moment, _, _, n in passings if (moment - case.start).total_seconds() <= hours * 3600)


def _reasons(case: Case, plan: Plan) -> Counter[str]:
    size = {group.id: group.size for group in case.groups}
    reasons: Counter[str] = Counter()
    for row in plan.left:
        reasons[row.reason] += size[row.group]
    return reasons


def _print_loads(console: Console, case: Case, passings: list[tuple[datetime, str, str, int]]) -> None:
    from rich.table import Table

    crossing = {x.id: x for x in case.crossings}
    by_country: Counter[str] = Counter()
    by_crossing: dict[str, Counter[str]] = {}
    for _, where, mode, people in passings:
        by_country[crossing[where].country] += people
        by_crossing.setdefault(where, Counter())[mode] += people
    if not by_country:
        return
    everybody = sum(g.size for g in case.groups)
    shares = case.policy.country_share
    console.print(
        "by country: "
        + ", ".join(
            f"{country} {people:,}"
            + (f" (limit {int(shares[country] * everybody + 1e-9):,})" if country in shares else "")
            for country, people in by_country.most_common()
        )
    )
    table = Table(title="People by crossing")
    for heading in ("crossing", "country", "car", "bus", "foot", "rail", "all"):
        table.add_column(heading, justify="left" if heading in ("crossing", "country") else "right")
    ranked = sorted(by_crossing.items(), key=lambda item: -item[1].total())
    for where, modes in ranked[:CROSSINGS_SHOWN]:
        cells = [f"{modes[m]:,}" if modes[m] else "" for m in ("car", "bus", "foot", "rail")]
        table.add_row(crossing[where].name, crossing[where].country, *cells, f"{modes.total():,}")
    rest = sum(modes.total() for _, modes in ranked[CROSSINGS_SHOWN:])
    if rest:
        table.add_row(f"{len(ranked) - CROSSINGS_SHOWN} others", "", "", "", "", "", f"{rest:,}")
    console.print(table)
