"""What is carried out in futures, read and laid out: a case, its plan, and what may go otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import overland
from overland.case import digest, read_case
from overland.futures.border_queue import BorderQueue
from overland.futures.driving import DETOUR, KEEP
from overland.futures.execution import carry_out
from overland.futures.flight import FLIGHT_FILE, read_flight
from overland.futures.happenings import Happenings
from overland.futures.order_reading import Reading
from overland.futures.outcome import OUTCOME, Sums, count
from overland.futures.sampling import Sampler
from overland.futures.scene import Scene
from overland.futures.toml_file import read_toml, refuse_strangers
from overland.futures.uncertainty import FUTURES_FILE, Uncertainty
from overland.futures.world import World
from overland.plan.document import read_plan

Rows = NDArray[np.void]

POLICIES = {"keep": KEEP, "detour": DETOUR}


@dataclass(frozen=True, slots=True)
class Run:
    """What is carried out in which futures.

    Attributes
    ----------
    case, plan, futures : str
        Case folder, plan document and file of futures.
    policy : str
        A key of ``POLICIES``.
    seed : int
        Of the futures.
    """

    case: str
    plan: str
    futures: str
    policy: str
    seed: int

    @classmethod
    def of(cls, case: Path, plan: Path, *, policy: str, seed: int) -> Run:
        """A run in the futures of the case."""
        return cls(str(case), str(plan), str(case / FUTURES_FILE), policy, seed)


@dataclass(frozen=True, slots=True)
class Stage:
    """All that is needed to carry the plan of a run out in any of its futures."""

    reading: Reading
    world: World
    sampler: Sampler

    def sums(self) -> Sums:
        """Sums over no futures."""
        case = self.reading.case
        return Sums.none(len(case.places), len(case.places) + len(case.crossings), case.steps)


@lru_cache(maxsize=16)
def stage_of(run: Run) -> Stage:
    """Read what a run is of; kept, since the parts of a run in one process share it.

    Raises
    ------
    CaseError, PlanError
        If the case, the plan or the file of futures cannot be read.
    """
    scene = Scene.of(read_case(Path(run.case)))
    reading = Reading(scene, read_plan(Path(run.plan)))
    may, queue = _read_uncertainty(Path(run.futures), scene), None
    if may.border.flight:
        flight = read_flight(Path(run.case), scene.case)
        queue = BorderQueue.of(scene.case, scene.times, flight)
    return Stage(reading, reading.world, Sampler(scene, may, queue))


def _read_uncertainty(path: Path, scene: Scene) -> Uncertainty:
    may, layers = read_toml(path, Uncertainty), scene.layers
    strange = [road for road in may.road_closures if not scene.segments_of(road)]
    refuse_strangers(
        path,
        [
            ("travel_regions", may.travel_regions, layers.regions, "region of the case"),
            ("road_closures", strange, layers.names, "road of the case"),
        ],
    )
    return may


def outcomes(
    run: Run,
    numbers: Iterable[int],
    sampler: Sampler | None = None,
    change: Callable[[Happenings], Happenings] = lambda happenings: happenings,
) -> tuple[Rows, Sums]:
    """Carry the plan of a run out in some of its futures.

    Parameters
    ----------
    sampler : Sampler, optional
        Draws them, in place of that of the run.
    change : callable, optional
        What is done to each before the plan is carried out in it.

    Returns
    -------
    rows : OUTCOME (futures,)
    sums : Sums
    """
    stage = stage_of(run)
    sums, rows = stage.sums(), []
    for number in numbers:
        drawn = (sampler or stage.sampler).draw(run.seed, number)
        play = carry_out(stage.world, change(drawn.happenings), POLICIES[run.policy])
        rows.append(count(stage.reading, drawn, play, sums))
    return np.array(rows, dtype=OUTCOME), sums


def fingerprint(run: Run) -> dict[str, str | int]:
    """What must be alike for parts to be of one run."""
    stage, flight = stage_of(run), Path(run.case) / FLIGHT_FILE
    return {
        "overland": overland.__version__,
        "case": digest(stage.reading.case),
        "plan": sha256(Path(run.plan).read_bytes()).hexdigest(),
        "futures": sha256(Path(run.futures).read_bytes()).hexdigest(),
        "flight": sha256(flight.read_bytes()).hexdigest() if flight.exists() else "",
        "policy": run.policy,
        "seed": run.seed,
    }
