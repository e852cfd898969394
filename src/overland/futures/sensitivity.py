"""What matters most to a plan: it is carried out in the same futures with one thing otherwise, over and over.

A *variation* closes one road that the plan uses, shuts one crossing, takes the vehicles of one depot away, or
takes one section of ``futures.toml`` for as planned. All are tried in a few futures; those that cost or save
most then in all of them. What they change is looked at future by future (common random numbers).
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from overland.futures.comparison import Difference, differences
from overland.futures.execution import carry_out
from overland.futures.happenings import Happenings
from overland.futures.outcome import OUTCOME, count
from overland.futures.sampling import Sampler, flat
from overland.futures.stress import POLICIES, Run, Stage, ignore_interrupts, stage_of
from overland.futures.uncertainty import Uncertainty
from overland.roads.search.graph import NOWHERE
from overland.roads.search.threads import threads

Rows = NDArray[np.void]

Kind = Literal["road", "crossing", "depot", "assumption"]
KINDS: tuple[Kind, ...] = ("road", "crossing", "depot", "assumption")
SCREENED = 16
"""Futures in which every variation is tried."""

_GOES_WITH = {
    "travel": ("travel_regions", "travel_hours"),
    "roads": ("road_closures",),
    "front": ("front_axes",),
}


@dataclass(frozen=True, slots=True)
class Variation:
    """One thing otherwise.

    Attributes
    ----------
    kind : str
    subject : str
        Id of the road, crossing or place, or name of the section.
    what : str
        In words.
    """

    kind: Kind
    subject: str
    what: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What a variation changes: cost and people left against the futures as they are drawn."""

    variation: Variation
    futures: int
    cost: Difference
    left: Difference


def variations_of(stage: Stage, kinds: tuple[Kind, ...] = KINDS) -> list[Variation]:
    """All that can be varied of a plan: what it uses, and what is assumed."""
    case, layers = stage.reading.case, stage.reading.layers
    found = []
    if "road" in kinds:
        tables = layers.tables
        used = np.unique(tables.arc["segment"][stage.world.ways.arc] % tables.segments)
        roads = {road.id: road for road in case.roads}
        for name in (layers.names[segment] for segment in used.tolist()):
            road = roads.get(name)
            ends = name if road is None else " – ".join(_name(stage, node) for node in (road.start, road.end))
            label = f"{road.number} {ends}" if road is not None and road.number else ends
            found.append(Variation("road", name, f"{label} closed"))
    if "crossing" in kinds:
        world = stage.world
        gates = {int(gate) for gate in world.orders.stop["gate"] if gate >= 0}
        gates |= {int(gate) for gate in world.ways.way["gate"] if gate >= 0}
        crossings = dict.fromkeys(case.crossing_modes[gate].crossing for gate in sorted(gates))
        found += [Variation("crossing", x, f"{_name(stage, x)} shut") for x in crossings]
    if "depot" in kinds:
        depots = dict.fromkeys(fleet.depot for fleet in case.fleets if fleet.count)
        found += [Variation("depot", d, f"no vehicles from {_name(stage, d)}") for d in depots]
    if "assumption" in kinds:
        may = stage.sampler.uncertainty
        found += [
            Variation("assumption", name, f"{name} as planned (futures.toml)")
            for name in Uncertainty.model_fields
            if name not in ("general", *sum(_GOES_WITH.values(), ())) and _without(may, name) != may
        ]
    return found


def _name(stage: Stage, node: str) -> str:
    case = stage.reading.case
    names = {place.id: place.name for place in case.places} | {x.id: x.name for x in case.crossings}
    return names[node]


def _without(may: Uncertainty, section: str) -> Uncertainty:
    """What may go otherwise, but for one section."""
    usual = Uncertainty()
    names = (section, *_GOES_WITH.get(section, ()))
    return may.model_copy(update={name: getattr(usual, name) for name in names})


@lru_cache(maxsize=4)
def _sampler(run: Run, section: str) -> Sampler:
    stage = stage_of(run)
    may = _without(stage.sampler.uncertainty, section)
    return Sampler(stage.reading.scene, may, stage.sampler.queue if may.border.flight else None)


def varied(run: Run, variation: Variation | None, first: int, end: int) -> Rows:
    """Outcomes of the futures from one number to before another, with one thing otherwise."""
    stage = stage_of(run)
    is_assumption = variation is not None and variation.kind == "assumption"
    sampler = _sampler(run, variation.subject) if variation is not None and is_assumption else stage.sampler
    rows = np.zeros(end - first, dtype=OUTCOME)
    for i, number in enumerate(range(first, end)):
        drawn = sampler.draw(run.seed, number)
        happenings = drawn.happenings
        if variation is not None and not is_assumption:
            happenings = _applied(stage, variation, happenings)
        play = carry_out(stage.world, happenings, POLICIES[run.policy])
        rows[i] = count(stage.reading, drawn, play, stage.sums())
    return rows


def _applied(stage: Stage, variation: Variation, happenings: Happenings) -> Happenings:
    """A future with a road closed, a crossing shut or a depot without vehicles, from the start."""
    scene, conditions = stage.reading.scene, happenings.conditions
    if variation.kind == "crossing":
        mine = np.array([m.crossing == variation.subject for m in scene.case.crossing_modes])
        conditions.gate["shut"][mine] = 0
        return happenings
    if variation.kind == "depot":
        depot = {fleet.id: fleet.depot for fleet in scene.case.fleets}
        mine = np.array([depot[fleet] == variation.subject for fleet in scene.fleets])
        happenings.vehicle["ends"][mine] = 0
        return happenings
    segments = np.repeat(np.arange(len(scene.layers.km)), np.diff(conditions.closed_first))
    rows = [(s, a, b) for s, (a, b) in zip(segments.tolist(), conditions.closed.tolist(), strict=True)]
    rows.append((scene.layers.names.index(variation.subject), 0, NOWHERE))
    first, closed = flat(rows, len(scene.layers.km))
    return happenings._replace(conditions=conditions._replace(closed_first=first, closed=closed))


class Trial:
    """Tries variations, on all cores; what is known so far can be asked at any time.

    Attributes
    ----------
    done, total : int
        Runs of a variation (or of none) in some futures, so far and in all.
    """

    def __init__(self, run: Run, variations: list[Variation], futures: int, *, top: int) -> None:
        self._run, self._variations, self._top = run, variations, top
        self._futures, self._screened = futures, min(SCREENED, futures)
        self._base: Rows | None = None
        self._rows: dict[Variation, Rows] = {}
        self.done, self.total = 0, 1 + len(variations) + min(top, len(variations))

    def go(self, *, cores: int | None = None) -> Iterator[None]:
        """Try all in a few futures, and those that matter most in all; yields after each."""
        cores = min(cores or threads(self.total), self.total)
        with ProcessPoolExecutor(cores, initializer=ignore_interrupts) as pool:
            try:
                waiting: dict[Future[Rows], Variation | None] = {
                    pool.submit(varied, self._run, None, 0, self._futures): None
                }
                waiting |= {pool.submit(varied, self._run, v, 0, self._screened): v for v in self._variations}
                yield from self._collect(waiting)
                if self._screened < self._futures:
                    first = [effect.variation for effect in self.effects()[: self._top]]
                    span = self._screened, self._futures
                    yield from self._collect({pool.submit(varied, self._run, v, *span): v for v in first})
            finally:
                pool.shutdown(wait=True, cancel_futures=True)

    def _collect(self, waiting: dict[Future[Rows], Variation | None]) -> Iterator[None]:
        while waiting:
            for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                variation, rows = waiting.pop(future), future.result()
                if variation is None:
                    self._base = rows
                else:
                    before = self._rows.get(variation)
                    self._rows[variation] = rows if before is None else np.concatenate([before, rows])
                self.done += 1
            yield

    def effects(self) -> list[Effect]:
        """What is known so far: what was tried in most futures first, then what matters most."""
        if self._base is None:
            return []
        horizon = stage_of(self._run).reading.case.horizon_hours
        effects = []
        for variation, rows in self._rows.items():
            found = {row.key: row for row in differences(self._base, rows, horizon)}
            effects.append(Effect(variation, len(rows), found["cost"], found["left"]))
        return sorted(effects, key=lambda e: (-e.futures, -abs(e.cost.mean), e.variation.subject))
