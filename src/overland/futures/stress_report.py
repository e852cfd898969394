"""The document ``stress.json``: what came of a plan in many futures.

The schema is here and nowhere else; ``docs/futures.md`` explains the figures.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from overland.case import digest
from overland.futures.comparison import worst
from overland.futures.outcome import BINS, Sums, left_of
from overland.futures.stage import Run, Stage

Rows = NDArray[np.void]

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
BANDS_EVERY_HOURS = 6
FIRST_DAYS_HOURS = 72.0

_WHAT = {
    "hours_50": ("until 50 % are out", "h"),
    "hours_95": ("until 95 % are out", "h"),
    "hours_100": ("until all are out", "h"),
    "people": ("people to bring out", "persons"),
    "out": ("of them out", "persons"),
    "left": ("of them left", "persons"),
    "left_under_way": ("of these under way", "persons"),
    "stay": ("stay", "persons"),
    "alone": ("leave by themselves", "persons"),
    "newcomers": ("nobody knew of", "persons"),
    "missed": ("missed a departure", "persons"),
    "redirected": ("by another crossing", "persons"),
    "exposure": ("exposure", "weighted person-hours"),
    "cost": ("cost", "weighted person-hours"),
}


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Spread(_Record):
    """How a figure is spread over the futures; null: not within the horizon."""

    key: str = Field(description="The column of `futures.csv`, or `left`.")
    what: str = Field(description="The figure in words.")
    unit: str = Field(description="h, persons, or weighted person-hours.")
    planned: float | None = Field(description="In the plan, where everything goes as forecast.")
    mean: float | None = Field(description="Null if it is not reached in some future.")
    quantiles: list[float | None] = Field(description="Of 5, 25, 50, 75 and 95 % of the futures.")


class Part(_Record):
    """Some of the futures by themselves."""

    when: str = Field(description="Which.")
    futures: int = Field(description="How many.")
    all_out: float = Field(description="Share of them in which all are out.")
    left: float = Field(description="People left, on average.")
    worst_left: float = Field(description="People left in the worst twentieth of them, on average.")


class Band(_Record):
    """Shares of the people who are out by an hour."""

    hour: float = Field(description="After the start.")
    shares: list[float] = Field(description="Reached in 95, 75, 50, 25 and 5 % of the futures.")


class PlaceOut(_Record):
    """How likely it is that a place is out."""

    place: str = Field(description="Id of the place.")
    name: str = Field(description="Its name.")
    people: float = Field(description="To bring out, on average of the futures in which there are any.")
    out: float = Field(description="Chance of a person to be out by the horizon.")
    all_out: float = Field(description="Chance that all are.")
    chances: list[float] = Field(description="Of a person to be out, every six hours from the start.")


class LeftAt(_Record):
    """People left, by where they are."""

    node: str = Field(description="Place, or crossing: in its queue.")
    name: str = Field(description="Its name.")
    people: float = Field(description="On average of all futures.")


class StressReport(_Record):
    """What came of a plan in many futures."""

    format: Literal["overland-stress/1"] = Field(default="overland-stress/1", description="The format.")
    case: str = Field(description="Id of the case.")
    case_digest: str = Field(description="SHA-256 of the case as read.")
    policy: Literal["keep", "detour"] = Field(description="What drivers do when something is not as planned.")
    seed: int = Field(description="Of the futures.")
    asked: int = Field(description="Futures that were asked for.")
    futures: int = Field(description="Futures that were carried out; fewer if it was ended before.")
    all_out: float = Field(description="Share of the futures in which all are out by the horizon.")
    worst_cost: float = Field(
        description="Cost in the worst twentieth of the futures on average (CVaR 95 %)."
    )
    spreads: list[Spread] = Field(description="How each figure is spread.")
    parts: list[Part] = Field(description="By whether and when the attack comes.")
    bands: list[Band] = Field(description="Every six hours.")
    places: list[PlaceOut] = Field(description="Those where it is least likely first.")
    left: list[LeftAt] = Field(description="Where most are left first.")


def stress_report(run: Run, stage: Stage, asked: int, rows: Rows, sums: Sums) -> StressReport:
    """Put the results of a run together; there must be at least one future."""
    case = stage.reading.case
    finite = np.isfinite(rows["hours_100"])
    return StressReport(
        case=case.id,
        case_digest=digest(case),
        policy="keep" if run.policy == "keep" else "detour",
        seed=run.seed,
        asked=asked,
        futures=sums.futures,
        all_out=float(finite.mean()),
        worst_cost=worst(rows["cost"]),
        spreads=_spreads(stage, rows),
        parts=_parts(rows),
        bands=_bands(stage, sums),
        places=_places(stage, sums),
        left=_left(stage, sums),
    )


def _spreads(stage: Stage, rows: Rows) -> list[Spread]:
    planned = _planned(stage)
    spreads = []
    for key, (what, unit) in _WHAT.items():
        values = left_of(rows) if key == "left" else rows[key].astype(np.float64)
        reached = np.where(np.isnan(values), np.inf, values)
        quantiles = np.quantile(reached, QUANTILES, method="inverted_cdf").tolist()
        spreads.append(
            Spread(
                key=key,
                what=what,
                unit=unit,
                planned=planned.get(key),
                mean=float(values.mean()) if np.isfinite(reached).all() else None,
                quantiles=[value if np.isfinite(value) else None for value in quantiles],
            )
        )
    return spreads


def _planned(stage: Stage) -> dict[str, float]:
    """The figures of the plan itself."""
    case, plan = stage.reading.case, stage.reading.plan
    totals = plan.totals
    figures = {
        "people": float(totals.people),
        "out": float(totals.out),
        "left": float(totals.people - totals.out),
        "exposure": totals.exposure,
        "cost": plan.certificate.cost,
    }
    if totals.cleared is not None and totals.out == totals.people:
        figures["hours_100"] = (totals.cleared - case.start).total_seconds() / 3600
    return figures


def _parts(rows: Rows) -> list[Part]:
    hour = rows["war_hour"]
    kinds = [
        ("no attack within the horizon", np.isnan(hour)),
        (f"attack within {FIRST_DAYS_HOURS:.0f} h", hour < FIRST_DAYS_HOURS),
        (f"attack after {FIRST_DAYS_HOURS:.0f} h or more", hour >= FIRST_DAYS_HOURS),
    ]
    return [
        Part(
            when=when,
            futures=int(mine.sum()),
            all_out=float(np.isfinite(rows["hours_100"][mine]).mean()),
            left=float(left_of(rows[mine]).mean()),
            worst_left=worst(left_of(rows[mine])),
        )
        for when, mine in kinds
        if mine.any()
    ]


def _every(stage: Stage) -> list[int]:
    """The steps of which the document speaks, every six hours and the last."""
    case = stage.reading.case
    return sorted({*range(0, case.steps + 1, case.steps_of_hours(BANDS_EVERY_HOURS)), case.steps})


def _bands(stage: Stage, sums: Sums) -> list[Band]:
    case, bands = stage.reading.case, []
    for step in _every(stage):
        below = np.cumsum(sums.share[step]) / sums.futures
        at = [int(np.searchsorted(below, quantile - 1e-12)) for quantile in QUANTILES]
        bands.append(Band(hour=step * case.step_hours, shares=[bin_ / BINS for bin_ in at]))
    return bands


def _places(stage: Stage, sums: Sums) -> list[PlaceOut]:
    case, steps = stage.reading.case, _every(stage)
    rows = [
        PlaceOut(
            place=place.id,
            name=place.name,
            people=float(sums.people[p] / sums.in_danger[p]),
            out=float(sums.out[p, -1] / sums.people[p]),
            all_out=float(sums.all_out[p, -1] / sums.in_danger[p]),
            chances=[round(float(chance), 4) for chance in sums.out[p, steps] / sums.people[p]],
        )
        for p, place in enumerate(case.places)
        if sums.people[p]
    ]
    return sorted(rows, key=lambda row: (row.out, row.all_out, row.place))


def _left(stage: Stage, sums: Sums) -> list[LeftAt]:
    case = stage.reading.case
    names = [*((p.id, p.name) for p in case.places), *((x.id, x.name) for x in case.crossings)]
    rows = [
        LeftAt(node=names[i][0], name=names[i][1], people=float(sums.left[i] / sums.futures))
        for i in np.flatnonzero(sums.left).tolist()
    ]
    return sorted(rows, key=lambda row: (-row.people, row.node))
