"""A plan in many futures, on all cores: parts of a run, each kept on disk as soon as it is done."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache
from hashlib import sha256
from multiprocessing import Process
from multiprocessing.connection import wait
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import overland
from overland.case import digest, read_case
from overland.errors import UsageError
from overland.futures.border_queue import BorderQueue
from overland.futures.driving import DETOUR, KEEP
from overland.futures.execution import carry_out
from overland.futures.flight import FLIGHT_FILE, read_flight
from overland.futures.order_reading import Reading
from overland.futures.outcome import OUTCOME, Sums, count
from overland.futures.sampling import Sampler
from overland.futures.scene import Scene
from overland.futures.toml_file import read_toml
from overland.futures.uncertainty import FUTURES_FILE, Uncertainty
from overland.futures.world import World
from overland.plan.document import read_plan
from overland.roads.search.threads import threads

Rows = NDArray[np.void]

POLICIES = {"keep": KEEP, "detour": DETOUR}
PART = 25
"""Futures of a part: what is lost at most when a run is cut off."""
SECONDS_BETWEEN_LOOKS = 0.2
"""Between two looks at what the processes of a run have done."""
_RUN_FILE = "run.json"


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
    def of(cls, case: Path, plan: Path, *, policy: str, seed: int, futures: Path | None = None) -> Run:
        """A run; the futures are those of the case unless it is said otherwise."""
        return cls(str(case), str(plan), str(futures or case / FUTURES_FILE), policy, seed)


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


@lru_cache(maxsize=2)
def stage_of(run: Run) -> Stage:
    """Read what a run is of; kept, since the parts of a run in one process share it.

    Raises
    ------
    CaseError, PlanError
        If the case, the plan or the file of futures cannot be read.
    """
    scene = Scene.of(read_case(Path(run.case)))
    reading = Reading(scene, read_plan(Path(run.plan)))
    may = read_toml(Path(run.futures), Uncertainty)
    queue = None
    if may.border.flight:
        flight = read_flight(Path(run.case), scene.case)
        queue = BorderQueue.of(scene.case, scene.times, flight)
    return Stage(reading, reading.world, Sampler(scene, may, queue))


def part_of(run: Run, first: int, end: int) -> tuple[Rows, Sums]:
    """Carry a plan out in the futures from one number to before another."""
    stage = stage_of(run)
    sums, rows = stage.sums(), np.zeros(end - first, dtype=OUTCOME)
    for i, number in enumerate(range(first, end)):
        drawn = stage.sampler.draw(run.seed, number)
        play = carry_out(stage.world, drawn.happenings, POLICIES[run.policy])
        rows[i] = count(stage.reading, drawn, play, sums)
    return rows, sums


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a run on disk, in a folder of their own."""

    folder: Path

    def begin(self, run: Run, *, resume: bool) -> None:
        """Make the folder ready for a run.

        Raises
        ------
        UsageError
            If it holds parts of another run, or of this one and it is not to be resumed.
        """
        mark = self.folder / _RUN_FILE
        known = json.loads(mark.read_text(encoding="utf-8")) if mark.exists() else None
        mine = fingerprint(run)
        if known is not None and resume and known != mine:
            other = ", ".join(key for key in mine if known.get(key) != mine[key])
            raise UsageError(
                f"{self.folder}: holds parts of another run (other {other}); give another folder with -o, or "
                "leave --resume out."
            )
        if known is not None and not resume:
            for path in [*self.paths(), mark]:
                path.unlink()
        self.folder.mkdir(parents=True, exist_ok=True)
        mark.write_text(json.dumps(mine, indent=1), encoding="utf-8")

    def paths(self) -> list[Path]:
        """Files of the parts that are done, in order."""
        return sorted(self.folder.glob("part-*.npz"))

    def missing(self, futures: int) -> list[tuple[int, int]]:
        """Parts of so many futures that are not done: from and to before which number."""
        done = {path.name for path in self.paths()}
        spans = [(first, min(first + PART, futures)) for first in range(0, futures, PART)]
        return [span for span in spans if self._path(*span).name not in done]

    def _path(self, first: int, end: int) -> Path:
        return self.folder / f"part-{first:06}-{end:06}.npz"

    def keep(self, first: int, end: int, rows: Rows, sums: Sums) -> None:
        """Write a part so that a reader never sees half of it."""
        path = self._path(first, end)
        draft = path.with_suffix(".part")
        with draft.open("wb") as file:
            np.savez_compressed(file, rows=rows, **asdict(sums))
        draft.replace(path)

    def together(self, stage: Stage, futures: int) -> tuple[Rows, Sums]:
        """What all parts of so many futures that are done have brought."""
        sums, rows = stage.sums(), [np.zeros(0, dtype=OUTCOME)]
        for path in self.paths():
            first, end = map(int, path.stem.split("-")[1:])
            if end > futures or (first, end) not in {(first, min(first + PART, futures))}:
                continue
            with np.load(path) as part:
                rows.append(part["rows"])
                sums.add(Sums(int(part["futures"]), *(part[name] for name in list(asdict(sums))[1:])))
        return np.concatenate(rows), sums


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


def carry_out_all(run: Run, parts: Parts, futures: int, *, cores: int | None = None) -> Iterator[int]:
    """Do the parts of a run that are missing, and keep them; yields the number of futures done so far.

    Whoever stops listening ends the run; the parts that are done are kept.

    Parameters
    ----------
    cores : int, optional
        Processes to work in; as many as there are cores by default. With one, this process does it.
    """
    spans = parts.missing(futures)
    done = futures - sum(end - first for first, end in spans)
    yield done
    cores = min(cores or threads(len(spans)), len(spans))
    if cores <= 1:
        for span in spans:
            parts.keep(*span, *part_of(run, *span))
            done += span[1] - span[0]
            yield done
        return
    shares = [spans[i::cores] for i in range(cores)]
    processes = [Process(target=_do_parts, args=(run, parts, share), daemon=True) for share in shares]
    try:
        for process in processes:
            process.start()
        while spans:
            working = [process.sentinel for process in processes if process.is_alive()]
            wait(working, timeout=SECONDS_BETWEEN_LOOKS)
            spans = parts.missing(futures)
            yield futures - sum(end - first for first, end in spans)
            codes = [process.exitcode for process in processes if process.exitcode]
            if spans and (codes or not working):
                raise UsageError(
                    f"a process of the run has ended before its work was done (exit codes {codes}); what is "
                    "done is kept, and --resume goes on."
                )
    finally:
        for process in processes:
            if process.is_alive():
                process.terminate()
                process.join()


def _do_parts(run: Run, parts: Parts, spans: list[tuple[int, int]]) -> None:
    """Do some parts in this process, which keeps each itself: nothing has to go from process to process."""
    ignore_interrupts()
    for span in spans:
        parts.keep(*span, *part_of(run, *span))


def ignore_interrupts() -> None:
    """Ctrl-C ends the main process, which ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
