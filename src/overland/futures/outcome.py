"""What came of a plan in futures: one row for each, and sums over all that do not grow with their number."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from overland.futures.order_reading import Reading
from overland.futures.play import ALONE, DRIVEN, OUT, REDIRECTED, STAYED, UNDER_WAY, WAITING, Play
from overland.futures.sampling import Drawn

Ints = NDArray[np.int64]
Rows = NDArray[np.void]

SHARES = (0.5, 0.95, 1.0)
"""Of the people, for whom it is said how long it takes until so many are out."""
BINS = 200
"""Of the share of people out, in the sums."""

OUTCOME = np.dtype(
    [
        ("number", "i8"),
        ("war_hour", "f8"),  # hours after the start; nan: no attack
        ("people", "i8"),  # to be brought out: who neither stay nor leave by themselves
        ("out", "i8"),
        ("left_waiting", "i8"),  # at a place or a hub
        ("left_under_way", "i8"),  # on the road or at a border
        ("alone", "i8"),
        ("stay", "i8"),
        ("newcomers", "i8"),  # among the people
        ("hours_50", "f8"),  # until so many per cent are out; nan: not by the horizon
        ("hours_95", "f8"),
        ("hours_100", "f8"),
        ("exposure", "f8"),  # weighted person-hours of the people
        ("cost", "f8"),  # with what those left and driving cost
        ("missed", "i8"),  # people whose own departure left without them, as often as it did
        ("redirected", "i8"),  # people who passed by another crossing than they were to
    ]
)


@dataclass(slots=True)
class Sums:
    """Sums over futures; those of several parts of a run add up to those of the whole.

    Attributes
    ----------
    futures : int
    people, in_danger : int64 (places,)
        People of each place to be brought out, and futures in which there are any.
    out : int64 (places, T + 1)
        Those who are out by each step.
    all_out : int64 (places, T + 1)
        Futures in which there are any, and all are out by each step.
    left : int64 (nodes,)
        People left, by where they are in the end.
    share : int64 (T + 1, BINS + 1)
        Futures by the share of people who are out by each step.
    """

    futures: int
    people: Ints
    in_danger: Ints
    out: Ints
    all_out: Ints
    left: Ints
    share: Ints

    @classmethod
    def none(cls, places: int, nodes: int, steps: int) -> Sums:
        """The sums over no futures."""
        return cls(
            0,
            np.zeros(places, dtype=np.int64),
            np.zeros(places, dtype=np.int64),
            np.zeros((places, steps + 1), dtype=np.int64),
            np.zeros((places, steps + 1), dtype=np.int64),
            np.zeros(nodes, dtype=np.int64),
            np.zeros((steps + 1, BINS + 1), dtype=np.int64),
        )

    def add(self, other: Sums) -> None:
        """Count the futures of another part."""
        self.futures += other.futures
        for name in ("people", "in_danger", "out", "all_out", "left", "share"):
            getattr(self, name)[...] += getattr(other, name)


def left_of(rows: Rows) -> NDArray[np.float64]:
    """People left in each future."""
    left: NDArray[np.float64] = (rows["left_waiting"] + rows["left_under_way"]).astype(np.float64)
    return left


def count(reading: Reading, drawn: Drawn, play: Play, sums: Sums) -> Rows:
    """The row of one future, which is added to the sums.

    Returns
    -------
    OUTCOME ()
        One row.
    """
    case, person = reading.case, play.person
    steps, size = case.steps, person["size"]
    ours = (person["fate"] != ALONE) & (person["fate"] != STAYED)
    is_out, is_left = person["fate"] == OUT, ours & (person["fate"] != OUT)
    places = len(sums.people)
    people = np.bincount(person["home"][ours], weights=size[ours], minlength=places).astype(np.int64)
    out = np.zeros((places, steps + 1), dtype=np.int64)
    np.add.at(out, (person["home"][is_out], person["out"][is_out]), size[is_out])
    out = np.cumsum(out, axis=1)
    course, whole = out.sum(axis=0), max(1, int(people.sum()))
    sums.futures += 1
    sums.people += people
    sums.in_danger += people > 0
    sums.out += out
    sums.all_out += (out >= people[:, None]) & (people > 0)[:, None]
    np.add.at(sums.left, person["node"][is_left], size[is_left])
    sums.share[np.arange(steps + 1), (course * BINS) // whole] += 1
    exposure = float(person["exposure"][ours].sum())
    penalty = case.policy.left_penalty_hours * float((person["weight"] * size)[is_left].sum())
    driving = case.policy.vehicle_hour_cost * case.step_hours * float(play.tally[DRIVEN])
    row = np.zeros((), dtype=OUTCOME)
    row["number"] = drawn.number
    row["war_hour"] = np.nan if drawn.war is None else drawn.war * case.step_hours
    row["people"], row["out"] = people.sum(), size[is_out].sum()
    row["left_waiting"] = size[person["fate"] == WAITING].sum()
    row["left_under_way"] = size[person["fate"] == UNDER_WAY].sum()
    row["alone"], row["stay"] = (size[person["fate"] == fate].sum() for fate in (ALONE, STAYED))
    row["newcomers"] = size[len(reading.groups) :].sum()
    for share in SHARES:
        reached = np.flatnonzero(course >= share * people.sum() - 1e-9)
        row[f"hours_{share:.0%}".rstrip("%")] = reached[0] * case.step_hours if len(reached) else np.nan
    row["exposure"], row["cost"] = exposure, exposure + penalty + driving
    row["missed"] = (size * person["missed"]).sum()
    row["redirected"] = play.tally[REDIRECTED]
    return row
