"""What matters most to a plan: it is carried out in the same futures with one thing otherwise, over and over.

A *variation* closes one road that the plan uses, shuts one crossing, takes the vehicles of one depot away, or
takes one section of ``futures.toml`` for as planned. All are tried in a few futures; those that cost or save
most then in all of them. What they change is looked at future by future (common random numbers).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from overland.futures.closures import closures_of, flat
from overland.futures.comparison import Difference, differences
from overland.futures.happenings import Happenings
from overland.futures.outcome import OUTCOME
from overland.futures.parts import do_all, keep
from overland.futures.sampling import Sampler
from overland.futures.stage import Run, Stage, outcomes, stage_of
from overland.futures.uncertainty import Uncertainty
from overland.roads.search.graph import NOWHERE

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


@lru_cache(maxsize=16)
def _sampler(run: Run, section: str) -> Sampler:
    stage = stage_of(run)
    may = _without(stage.sampler.uncertainty, section)
    return Sampler(stage.reading.scene, may, stage.sampler.queue if may.border.flight else None)


def varied(run: Run, variation: Variation | None, first: int, end: int) -> Rows:
    """Outcomes of the futures from one number to before another, with one thing otherwise."""
    numbers = range(first, end)
    if variation is None:
        return outcomes(run, numbers)[0]
    if variation.kind == "assumption":
        return outcomes(run, numbers, _sampler(run, variation.subject))[0]
    return outcomes(run, numbers, change=lambda happenings: _applied(stage_of(run), variation, happenings))[0]


@dataclass(frozen=True, slots=True)
class TrialPart:
    """A variation (or none) in the futures from one number to before another."""

    run: Run
    folder: Path
    variation: Variation | None
    first: int
    end: int

    @property
    def path(self) -> Path:
        """The file of their outcomes."""
        one = self.variation
        what = "nothing" if one is None else f"{one.kind}-{quote(one.subject, safe='')}"
        return self.folder / f"{what}-{self.first:06}-{self.end:06}.npz"

    def do(self) -> None:
        """Carry the plan out in them."""
        keep(self.path, rows=varied(self.run, self.variation, self.first, self.end))


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
    road = scene.layers.names.index(variation.subject)
    rows = [*closures_of(conditions), (road, 0, NOWHERE)]
    first, closed = flat(rows, len(scene.layers.km))
    return happenings._replace(conditions=conditions._replace(closed_first=first, closed=closed))


class Trial:
    """Tries variations, on all cores; what is known so far can be asked at any time.

    Parameters
    ----------
    folder : Path
        For the parts of the work; those that are there count as done.
    futures : int
        For none and for the ``top`` variations that matter most; all are tried in ``SCREENED``.

    Attributes
    ----------
    total : int
        Parts of the work.
    """

    def __init__(
        self, run: Run, variations: list[Variation], folder: Path, *, futures: int, top: int
    ) -> None:
        self._run, self._folder, self._variations, self._top = run, folder, variations, top
        screened = min(SCREENED, futures)
        self._spans = [(0, screened)] + ([(screened, futures)] if screened < futures else [])
        self.total = len(self._spans) + len(variations)
        self.total += min(top, len(variations)) if len(self._spans) > 1 else 0

    def _part(self, variation: Variation | None, span: tuple[int, int]) -> TrialPart:
        return TrialPart(self._run, self._folder, variation, *span)

    def go(self, *, cores: int | None = None) -> Iterator[int]:
        """Try all in a few futures, and those that matter most in all; yields how many parts are done."""
        first = [self._part(None, span) for span in self._spans]
        first += [self._part(variation, self._spans[0]) for variation in self._variations]
        yield from do_all(first, cores=cores)
        if len(self._spans) > 1:
            best = sorted(self._effects(self._spans[:1]), key=_importance)[: self._top]
            for done in do_all([self._part(e.variation, self._spans[1]) for e in best], cores=cores):
                yield len(first) + done

    def effects(self) -> list[Effect]:
        """What is known so far: what was tried in most futures first, then what matters most."""
        return sorted(self._effects(self._spans), key=lambda effect: (-effect.futures, *_importance(effect)))

    def _effects(self, spans: list[tuple[int, int]]) -> list[Effect]:
        usual = self._known(None, spans)
        horizon = stage_of(self._run).reading.case.horizon_hours
        effects = []
        for variation in self._variations:
            rows = self._known(variation, spans)
            if np.isin(rows["number"], usual["number"]).any():
                found = {row.key: row for row in differences(usual, rows, horizon)}
                effects.append(Effect(variation, len(rows), found["cost"], found["left"]))
        return effects

    def _known(self, variation: Variation | None, spans: list[tuple[int, int]]) -> Rows:
        """Outcomes with one thing otherwise, as far as they are known."""
        rows = [np.zeros(0, dtype=OUTCOME)]
        for path in (self._part(variation, span).path for span in spans):
            if path.exists():
                with np.load(path) as arrays:
                    rows.append(arrays["rows"])
        return np.concatenate(rows)


def _importance(effect: Effect) -> tuple[float, str, str]:
    """Sorts effects: the greatest change of cost first."""
    return -abs(effect.cost.mean), effect.variation.kind, effect.variation.subject
