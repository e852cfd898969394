"""The page ``stress.html``: what came of a plan in many futures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from overland.case.model import Case
from overland.futures.stress_report import PlaceOut, StressReport
from overland.report.charts import Tick, day_axis
from overland.report.page import environment

PLACES_SHOWN = 40
CHANCE_EVERY_HOURS = 12


@dataclass(frozen=True, slots=True)
class Fan:
    """The share of people out over time, in a box of ``width`` hours by 100 per cent."""

    width: float
    outer: str
    inner: str
    middle: str
    ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place with the chance to be out, by hour: shades 0 (none) to 10 (certain)."""

    name: str
    people: float
    out: float
    all_out: float
    cells: tuple[tuple[int, str], ...]


def write_stress_page(case: Case, found: StressReport, path: Path) -> None:
    """Write the page so that a reader never sees half of it."""
    draft = path.with_suffix(path.suffix + ".part")
    draft.write_text(stress_page(case, found), encoding="utf-8")
    draft.replace(path)


def stress_page(case: Case, found: StressReport) -> str:
    """The page, which needs nothing but itself."""
    return (
        environment()
        .get_template("stress.html.j2")
        .render(
            case=case,
            found=found,
            fan=_fan(found),
            axis=day_axis(case, case.steps),
            hours=[band.hour for band in found.bands][:: CHANCE_EVERY_HOURS // 6],
            rows=[_row(found, place) for place in found.places[:PLACES_SHOWN]],
            left=found.left[:PLACES_SHOWN],
        )
    )


def _fan(found: StressReport) -> Fan:
    hours = [band.hour for band in found.bands]
    shares = list(zip(*(band.shares for band in found.bands), strict=True))

    def line(row: int, *, back: bool = False) -> str:
        points = [f"{hour:g},{100 - 100 * share:.2f}" for hour, share in zip(hours, shares[row], strict=True)]
        return "L".join(reversed(points) if back else points)

    ticks = tuple(Tick(share / 100, f"{share} %") for share in (0, 25, 50, 75, 100))
    return Fan(
        width=hours[-1],
        outer=f"M{line(0)}L{line(4, back=True)}Z",
        inner=f"M{line(1)}L{line(3, back=True)}Z",
        middle=f"M{line(2)}",
        ticks=ticks,
    )


def _row(found: StressReport, place: PlaceOut) -> PlaceRow:
    cells = []
    for band, chance in list(zip(found.bands, place.chances, strict=True))[:: CHANCE_EVERY_HOURS // 6]:
        cells.append((round(10 * chance), f"{chance:.0%} out after {band.hour:g} h"))
    return PlaceRow(place.name, place.people, place.out, place.all_out, tuple(cells))
