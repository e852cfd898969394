"""What came of plans in futures, for spreadsheets. The columns are declared here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable
from math import isnan
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from overland.futures.comparison import Difference
from overland.futures.sensitivity import Effect
from overland.futures.stress_report import StressReport
from overland.plan.sheets import SheetColumn, write_sheet

Rows = NDArray[np.void]

FUTURE_COLUMNS = (
    SheetColumn("number", "The future among those of the seed."),
    SheetColumn("war_hour", "Hours after the start at which the attack begins; empty: it does not."),
    SheetColumn("people", "To be brought out: who neither stay nor leave by themselves."),
    SheetColumn("out", "Of them out by the horizon."),
    SheetColumn("left_waiting", "Of them left at a place or a hub."),
    SheetColumn("left_under_way", "Of them left on the road, or in the queue of a border."),
    SheetColumn("alone", "Leave by themselves."),
    SheetColumn("stay", "Stay."),
    SheetColumn("newcomers", "People whom nobody knew of before they appeared."),
    SheetColumn("hours_50", "Hours until half of the people are out; empty: not by the horizon."),
    SheetColumn("hours_95", "Until 95 % are."),
    SheetColumn("hours_100", "Until all are."),
    SheetColumn("exposure", "Weighted person-hours of the people."),
    SheetColumn("cost", "Exposure, what those left cost, and driving."),
    SheetColumn("missed", "People whose own departure left without them, as often as it did."),
    SheetColumn("redirected", "People who passed by another crossing than they were to."),
)

PLACE_COLUMNS = (
    SheetColumn("place", "Id of the place."),
    SheetColumn("people", "To be brought out, on average of the futures in which there are any."),
    SheetColumn("out", "Chance of a person to be out by the horizon."),
    SheetColumn("all_out", "Chance that all are."),
)  # and a column for every six hours

DIFFERENCE_COLUMNS = (
    SheetColumn("plan", "The plan that is held against the first."),
    SheetColumn("figure", "Of `futures.csv`, or `left`: people left."),
    SheetColumn("unit", "Its unit."),
    SheetColumn("first", "Mean with the first plan."),
    SheetColumn("other", "Mean with this one."),
    SheetColumn("mean", "Mean difference; less is better."),
    SheetColumn("low", "Of the interval that holds the mean of all futures with 95 %."),
    SheetColumn("high", "Likewise."),
    SheetColumn("better", "Share of the futures in which this plan is better."),
    SheetColumn("worse", "In which it is worse."),
)

EFFECT_COLUMNS = (
    SheetColumn("kind", "`road`, `crossing`, `depot` or `assumption`."),
    SheetColumn("subject", "Id of the road, crossing or place; name of the section."),
    SheetColumn("what", "In words."),
    SheetColumn("futures", "In which it was tried."),
    SheetColumn("cost", "Mean change of the cost (weighted person-hours)."),
    SheetColumn("cost_low", "Of the interval that holds the mean of all futures with 95 %."),
    SheetColumn("cost_high", "Likewise."),
    SheetColumn("left", "Mean change of the people left."),
    SheetColumn("left_low", "As of the cost."),
    SheetColumn("left_high", "Likewise."),
)


def write_future_rows(rows: Rows, path: Path) -> None:
    """Write a row for each future."""
    names = [column.name for column in FUTURE_COLUMNS]
    write_sheet(path, FUTURE_COLUMNS, (tuple(_cell(row[name].item()) for name in names) for row in rows))


def write_place_rows(found: StressReport, path: Path) -> None:
    """Write a row for each place, with the chance of a person to be out every six hours."""
    hourly = [SheetColumn(f"out_{band.hour:g}h", "") for band in found.bands]
    rows = (
        (row.place, f"{row.people:.1f}", f"{row.out:.4f}", f"{row.all_out:.4f}", *row.chances)
        for row in found.places
    )
    write_sheet(path, [*PLACE_COLUMNS, *hourly], rows)


def write_differences(plans: Iterable[tuple[str, Iterable[Difference]]], path: Path) -> None:
    """Write how each plan does against the first."""
    rows = (
        (
            plan,
            row.key,
            row.unit,
            *_short(row.first, row.other, row.mean, row.low, row.high, row.better, row.worse),
        )
        for plan, differences in plans
        for row in differences
    )
    write_sheet(path, DIFFERENCE_COLUMNS, rows)


def write_effects(effects: Iterable[Effect], path: Path) -> None:
    """Write what each variation changes."""
    rows = (
        (
            *(effect.variation.kind, effect.variation.subject, effect.variation.what, effect.futures),
            *_short(effect.cost.mean, effect.cost.low, effect.cost.high),
            *_short(effect.left.mean, effect.left.low, effect.left.high),
        )
        for effect in effects
    )
    write_sheet(path, EFFECT_COLUMNS, rows)


def _short(*values: float) -> tuple[str, ...]:
    return tuple(f"{value:.6g}" for value in values)


def _cell(value: float) -> str | int:
    if isinstance(value, int):
        return value
    return "" if isnan(value) else f"{value:.2f}".rstrip("0").rstrip(".")
