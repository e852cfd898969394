"""What came of a plan in futures, in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overland.report.words import number, percent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from overland.case.model import Case
    from overland.futures.outcome import Sums
    from overland.futures.sampling import Drawn
    from overland.futures.stress_report import StressReport

PLACES_SHOWN = 12
LEFT_SHOWN = 8
POLICIES = {
    "keep": "everybody keeps to the plan, and waits where a road is closed",
    "detour": "drivers go round what is closed, and to other crossings, as far as they are told",
}


def print_stress(case: Case, found: StressReport) -> None:
    """Print what holds, how it is spread, and where it is least likely."""
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    console.print(f"\n[bold]{case.title}: the plan in {found.futures:,} futures[/bold]")
    console.print(f"seed {found.seed}; {POLICIES[found.policy]}")
    console.print(f"[bold]all are out in {percent(found.all_out)} of the futures[/bold]")
    for part in found.parts:
        console.print(
            f"  {part.when} ({part.futures:,}): all out in {percent(part.all_out)}; left {part.left:,.0f} "
            f"people on average, {part.worst_left:,.0f} in the worst twentieth"
        )
    table = Table(title="How it is spread over the futures")
    table.add_column("")
    for heading in ("plan", "mean", "5 %", "50 %", "95 %"):
        table.add_column(heading, justify="right")
    for row in found.spreads:
        name = f"{row.what} ({row.unit})" if row.unit == "h" else row.what
        mean = "–" if row.mean is None else _figure(row.mean, row.unit)
        planned = "" if row.planned is None else _figure(row.planned, row.unit)
        table.add_row(name, planned, mean, *(_figure(value, row.unit) for value in row.quantiles[::2]))
    console.print(table)
    console.print(f"cost in the worst twentieth of the futures: {found.worst_cost:,.0f}")
    places = Table(title="Where it is least likely to get out within the horizon")
    for heading in ("place", "people", "chance of a person", "chance that all are"):
        places.add_column(heading, justify="left" if heading == "place" else "right")
    for place in found.places[:PLACES_SHOWN]:
        places.add_row(place.name, f"{place.people:,.0f}", percent(place.out), percent(place.all_out))
    console.print(places)
    if found.left:
        console.print("left on average: " + ", ".join(_left(found)))


def _left(found: StressReport) -> list[str]:
    shown = [f"{row.people:,.1f} at {row.name}" for row in found.left[:LEFT_SHOWN]]
    rest = sum(row.people for row in found.left[LEFT_SHOWN:])
    return [*shown, f"{rest:,.1f} elsewhere"] if rest else shown


def _figure(value: float | None, unit: str) -> str:
    if value is None:
        return "never"
    return f"{value:,.1f}" if unit == "h" else number(value)


def print_course(case: Case, drawn: Drawn, row: NDArray[np.void], sums: Sums) -> None:
    """Print what came of a plan in one future."""
    from rich.console import Console

    console = Console(highlight=False)
    console.print(f"\n[bold]{case.title}: future {drawn.number} of seed {drawn.seed}[/bold]")
    if drawn.war is not None:
        local = case.time_of(drawn.war).astimezone(case.zone)
        console.print(f"the attack begins {local:%a %d %b %H:%M} local time")
    console.print(
        f"{int(row['out']):,} of {int(row['people']):,} people out; {int(row['left_waiting']):,} left at a "
        f"place, {int(row['left_under_way']):,} on the road or at a border; {int(row['stay']):,} stay, "
        f"{int(row['alone']):,} leave by themselves"
    )
    for share in ("50", "95", "100"):
        hours = float(row[f"hours_{share}"])
        console.print(
            f"{share} % out " + (f"after {hours:.1f} h" if hours == hours else "not by the horizon")
        )
    names = [*(place.name for place in case.places), *(crossing.name for crossing in case.crossings)]
    for node in sums.left.argsort()[::-1][:LEFT_SHOWN].tolist():
        if sums.left[node]:
            console.print(f"  left at {names[node]}: {sums.left[node]:,}")
