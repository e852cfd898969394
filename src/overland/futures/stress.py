"""A plan in many futures: the parts of a run, and what they have brought together."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from overland.futures.outcome import OUTCOME, Sums
from overland.futures.parts import keep
from overland.futures.stage import Run, outcomes, stage_of

Rows = NDArray[np.void]

PART = 25
"""Futures of a part: what is lost at most when a run is cut off."""


@dataclass(frozen=True, slots=True)
class StressPart:
    """The futures of a run from one number to before another."""

    run: Run
    folder: Path
    first: int
    end: int

    @property
    def path(self) -> Path:
        """The file of their outcomes."""
        return self.folder / f"part-{self.first:06}-{self.end:06}.npz"

    def do(self) -> None:
        """Carry the plan out in them."""
        rows, sums = outcomes(self.run, range(self.first, self.end))
        keep(self.path, rows=rows, **asdict(sums))


def parts_of(run: Run, folder: Path, futures: int) -> list[StressPart]:
    """The parts of so many futures."""
    starts = range(0, futures, PART)
    return [StressPart(run, folder, first, min(first + PART, futures)) for first in starts]


def together(parts: list[StressPart]) -> tuple[Rows, Sums]:
    """What those of some parts have brought that are done; there is one at least."""
    rows, sums = [np.zeros(0, dtype=OUTCOME)], stage_of(parts[0].run).sums()
    for part in parts:
        if part.path.exists():
            with np.load(part.path) as arrays:
                rows.append(arrays["rows"])
                others = {name: arrays[name] for name in asdict(sums) if name != "futures"}
                sums.add(Sums(futures=int(arrays["futures"]), **others))
    return np.concatenate(rows), sums
