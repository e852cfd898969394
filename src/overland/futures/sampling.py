"""Futures drawn from what may go otherwise: each from its seed and number alone, whatever the plan.

Each kind of thing is drawn from a stream of random numbers of its own, so that a change in one section of
``futures.toml`` leaves what the others bring as it was: plans and assumptions are compared on common random
numbers. ``docs/futures.md`` gives the distributions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from overland.case.model import CorridorStatus
from overland.futures.border_queue import BorderQueue
from overland.futures.closures import flat
from overland.futures.front import reached_after_hours
from overland.futures.happenings import (
    LEAVES_ALONE,
    NEWCOMER,
    STAYS,
    Conditions,
    Happenings,
    nothing_happens,
)
from overland.futures.orders import NEVER
from overland.futures.scene import Scene
from overland.futures.uncertainty import Uncertainty
from overland.futures.unregistered import Unregistered, triangular
from overland.plan.options import run_calls
from overland.plan.standing import ready_step
from overland.roads.search.graph import NOWHERE

LEAST_FORECAST_HOURS = 0.25  # of a wait, where it is to be multiplied

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_STREAMS = (
    "common", "war", "front", "travel", "roads", "road closures", "waits", "rates", "shut", "crews", "quit",
    "late vehicles", "late people", "people", "unregistered", "services", "corridors", "communications",
    "flight",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Drawn:
    """A future as arrays.

    Attributes
    ----------
    war : int or None
        Step at which the attack begins.
    """

    seed: int
    number: int
    war: int | None
    happenings: Happenings


class Sampler:
    """Draws futures of a case.

    Parameters
    ----------
    queue : BorderQueue, optional
        The queues of everybody else, which make the waits once the attack has begun.
    """

    def __init__(self, scene: Scene, uncertainty: Uncertainty, queue: BorderQueue | None = None) -> None:
        case = scene.case
        self.scene, self.uncertainty, self.queue = scene, uncertainty, queue
        self.period = max(1, round(uncertainty.general.period_hours / case.step_hours))
        self.periods = -(-case.steps // self.period)
        clock = [
            case.time_of(min(case.steps, p * self.period + self.period // 2)).astimezone(case.zone).hour
            for p in range(self.periods)
        ]
        hourly = [uncertainty.travel_hours.get(str(hour), 1.0) for hour in clock]
        regional = [uncertainty.travel_regions.get(region, 1.0) for region in scene.layers.regions]
        self.usual_travel = uncertainty.travel.middle * np.outer(regional, hourly)
        places = np.array([[place.longitude, place.latitude] for place in case.places]).reshape(-1, 2)
        axes = list(uncertainty.front_axes.values())
        self.places_reached = reached_after_hours(places, axes, uncertainty.front)
        self.roads_reached = reached_after_hours(scene.layers.middle, axes, uncertainty.front)
        self.country_of_gate = scene.gates.tables.gate["country"]
        self.crossing_of_gate = np.unique([m.crossing for m in case.crossing_modes], return_inverse=True)[1]
        self.fleet_of_vehicle = np.unique(np.array(scene.fleets, dtype=str), return_inverse=True)[1]
        self.day_of_run = np.unique([run.rpartition("@")[2] for run in scene.runs], return_inverse=True)[1]
        self.home = np.array([scene.times.index[group.place] for group in case.groups], dtype=np.int64)
        self.ready = np.array([ready_step(case, group) for group in case.groups], dtype=np.int64)
        self.run_leaves = _run_leaves(scene)
        self.closures = {road: scene.segments_of(road) for road in uncertainty.road_closures}
        self.unregistered = Unregistered(scene, self.home)

    def draw(self, seed: int, number: int) -> Drawn:
        """The future of a seed and a number; the same however many others are drawn."""
        drawing = _Drawing(self, seed, number)
        return Drawn(seed, number, drawing.war, drawing.happenings())


class _Drawing:
    """One future being drawn."""

    def __init__(self, sampler: Sampler, seed: int, number: int) -> None:
        self._sampler, self._scene, self._may = sampler, sampler.scene, sampler.uncertainty
        self._case = sampler.scene.case
        self._entropy = seed, number
        self._common = float(self._stream("common").standard_normal())
        self.war = self._draw_war()
        may, axes = sampler.uncertainty.front, len(sampler.places_reached)
        self._front_speed = np.exp(may.spread * self._stream("front").standard_normal(axes))

    def _stream(self, name: str) -> np.random.Generator:
        """The random numbers of one kind of thing."""
        return np.random.default_rng([*self._entropy, _STREAMS.index(name)])

    def _steps(self, hours: Floats) -> Ints:
        return np.ceil(hours / self._case.step_hours - 1e-9).astype(np.int64)

    def _draw_war(self) -> int | None:
        """The step at which the attack begins."""
        war, random = self._may.war, self._stream("war")
        happens, where = random.random(2)
        if happens >= war.chance or war.earliest is None or war.likely is None or war.latest is None:
            return None
        low, mode, high = (
            (moment.replace(tzinfo=self._case.zone) - self._case.start) / timedelta(hours=1)
            for moment in (war.earliest, war.likely, war.latest)
        )
        step = int(self._steps(np.array(triangular(float(where), low, mode, high))))
        return max(0, step) if step < self._case.steps else None

    def happenings(self) -> Happenings:
        """All that happens."""
        sampler = self._sampler
        nothing = nothing_happens(self._scene, sampler.periods, sampler.period)
        conditions = nothing.conditions
        first, closed = self._closed()
        rate, shut = self._gates()
        conditions.gate["rate"], conditions.gate["shut"] = rate, shut
        hours = self._front_hours(sampler.places_reached)
        if self.war is not None:
            reached = np.isfinite(hours)
            conditions.place["threatened"][reached] = self.war + self._steps(hours[reached])
            conditions.place["factor"][reached] = self._may.front.hazard
        self._vehicles(nothing)
        self._groups(nothing)
        return Happenings(
            Conditions(
                period=sampler.period,
                travel=self._travel(),
                closed_first=first,
                closed=closed,
                silent=self._silent(),
                wait=self._waits(),
                gate=conditions.gate,
                place=conditions.place,
                run_cancelled=self._cancelled(),
            ),
            nothing.group,
            nothing.vehicle,
            self._newcomers(),
        )

    def _alike(self, random: np.random.Generator, clusters: Ints, alike: float) -> Floats:
        """Standard normal causes: partly common to all things, partly to a cluster, partly of each."""
        common = self._may.general.alike
        of_cluster = random.standard_normal(int(clusters.max(initial=-1)) + 1)
        each = random.standard_normal(len(clusters))
        shared = np.sqrt(common) * self._common + np.sqrt(1 - common) * of_cluster[clusters]
        return np.sqrt(alike) * shared + np.sqrt(1 - alike) * each

    def _course(self, random: np.random.Generator, rows: int, persistence: float) -> Floats:
        """Standard normal courses over the periods: (rows, periods), each period like the one before."""
        fresh = random.standard_normal((rows, self._sampler.periods))
        course = np.empty_like(fresh)
        course[:, :1] = fresh[:, :1]
        for p in range(1, self._sampler.periods):
            course[:, p] = persistence * course[:, p - 1] + np.sqrt(1 - persistence**2) * fresh[:, p]
        return course

    def _country_course(self, random: np.random.Generator, rows: int, persistence: float) -> Floats:
        """Courses that have a part in common with everything else."""
        common = self._may.general.alike
        return np.sqrt(common) * self._common + np.sqrt(1 - common) * self._course(random, rows, persistence)

    def _at_war(self) -> Bools:
        """Whether the attack has begun in each period."""
        begins = np.arange(self._sampler.periods) * self._sampler.period
        return np.zeros(len(begins), dtype=np.bool_) if self.war is None else begins >= self.war

    def _travel(self) -> Floats:
        may, random = self._may.travel, self._stream("travel")
        regions = len(self._scene.layers.regions)
        country = self._country_course(random, 1, may.persistence)
        region = self._course(random, regions, may.persistence)
        factor = self._sampler.usual_travel * np.exp(may.spread * country + may.region_spread * region)
        factor[:, self._at_war()] *= may.after_war
        return np.maximum(may.least, factor)

    def _waits(self) -> Floats:
        may, random, sampler = self._may.border, self._stream("waits"), self._sampler
        countries = self._country_course(random, len(self._scene.gates.countries), may.persistence)
        own = self._course(random, len(sampler.country_of_gate), may.persistence)
        theirs = countries[sampler.country_of_gate]
        factor = may.middle * np.exp(may.spread * theirs + may.crossing_spread * own)
        if sampler.queue is None:
            factor[:, self._at_war()] *= may.after_war
        elif self.war is not None:
            factor *= self._flight(sampler.queue, self.war)
        return factor

    def _flight(self, queue: BorderQueue, war: int) -> Floats:
        """What the flight of everybody else makes of the forecast waits, in the middle of each period."""
        case, sampler = self._case, self._sampler
        waits = queue.run(war * case.step_hours, random=self._stream("flight")).waits
        middle = (np.arange(sampler.periods) + 0.5) * sampler.period * case.step_hours
        hour = np.minimum(middle.astype(np.int64), waits.shape[1] - 1)
        step = np.minimum((hour / case.step_hours).astype(np.int64), case.steps)
        forecast = np.maximum(self._scene.gates.tables.wait_hours[:, step], LEAST_FORECAST_HOURS)
        return np.maximum(1.0, np.minimum(waits[:, hour], case.horizon_hours) / forecast)

    def _gates(self) -> tuple[Floats, Ints]:
        may, sampler = self._may.border, self._sampler
        rate = np.exp(may.rate_spread * self._stream("rates").standard_normal(len(sampler.crossing_of_gate)))
        random = self._stream("shut")
        count = int(sampler.crossing_of_gate.max(initial=-1)) + 1
        shuts, when = random.random(count) < may.shut, random.random(count)
        at = np.where(shuts, (when * self._case.steps).astype(np.int64), NEVER)
        return rate, at[sampler.crossing_of_gate]

    def _front_hours(self, reached: Floats) -> Floats:
        """Hours from the attack until the front is at some points, given those of the middle future."""
        return (reached / self._front_speed[:, None]).min(axis=0, initial=np.inf)

    def _closed(self) -> tuple[Ints, Ints]:
        """Closures of all segments, in milliseconds."""
        case, may, layers = self._case, self._may, self._scene.layers
        millis, rows = case.step_minutes * 60_000, list[tuple[int, int, int]]()
        horizon = case.steps * millis
        random = self._stream("roads")
        mean = may.roads.closures_per_1000_km_day * layers.km.sum() / 1000 * case.horizon_hours / 24
        count = int(random.poisson(mean))
        where = random.choice(len(layers.km), size=count, p=layers.km / layers.km.sum()) if count else ()
        for segment, begin, lasts in zip(
            where, random.random(count), np.exp(may.roads.spread * random.standard_normal(count)), strict=True
        ):
            start = round(begin * horizon)
            rows.append((int(segment), start, start + round(may.roads.hours * lasts * 3_600_000)))
        random = self._stream("road closures")
        for road, chance in may.road_closures.items():
            happens, begin, lasts = random.random(), random.random(), random.standard_normal()
            start = round(begin * horizon)
            end = start + round(may.roads.hours * np.exp(may.roads.spread * lasts) * 3_600_000)
            if happens < chance:
                rows += [(segment, start, end) for segment in self._sampler.closures[road]]
        if self.war is not None and may.front.closes_roads:
            hours = self._front_hours(self._sampler.roads_reached)
            for segment in np.flatnonzero(np.isfinite(hours)).tolist():
                start = self.war * millis + round(hours[segment] * 3_600_000)
                if start < horizon:
                    rows.append((segment, start, NOWHERE))
        rows += self._corridors_closed()
        return flat(rows, len(layers.km))

    def _corridors_closed(self) -> list[tuple[int, int, int]]:
        """Windows of accepted corridors that are closed after all: segment, from, until."""
        may, random, rows = self._may.corridors, self._stream("corridors"), list[tuple[int, int, int]]()
        refused: dict[str, bool] = {}
        for corridor in self._case.corridors:
            draws = random.random(3)
            if corridor.status is not CorridorStatus.ACCEPTED:
                continue
            is_refused = refused.setdefault(corridor.id, bool(draws[0] < may.refused))
            begin, end = (
                round((moment - self._case.start) / timedelta(milliseconds=1))
                for moment in (corridor.start, corridor.end)
            )
            if is_refused or draws[1] < may.broken:
                since = begin if is_refused else begin + round(draws[2] * (end - begin))
                segments = {segment for road in corridor.roads for segment in self._scene.segments_of(road)}
                rows += [(segment, since, end) for segment in sorted(segments)]
        return rows

    def _silent(self) -> Ints:
        may, random = self._may.communications, self._stream("communications")
        regions = len(self._scene.layers.regions)
        silent = np.full((regions, 2), NEVER, dtype=np.int64)
        lost, when, lasts = random.random(regions), random.random(regions), random.exponential(size=regions)
        if self.war is not None:
            falls = lost < may.lost_after_war
            begin = self.war + (when * (self._case.steps - self.war)).astype(np.int64)
            silent[falls, 0] = begin[falls]
            silent[falls, 1] = (begin + self._steps(lasts * may.hours))[falls]
        return silent

    def _vehicles(self, nothing: Happenings) -> None:
        may, fleet = self._may.crews, self._sampler.fleet_of_vehicle
        absent = self._alike(self._stream("crews"), fleet, may.alike) > _threshold(may.absent)
        quits = self._alike(self._stream("quit"), fleet, may.alike) > _threshold(may.quit_after_war)
        if self.war is not None:
            nothing.vehicle["ends"][quits] = self.war
        nothing.vehicle["ends"][absent] = 0
        random = self._stream("late vehicles")
        late, hours = random.random(len(fleet)) < may.late, random.exponential(size=len(fleet))
        nothing.vehicle["late"][late] = self._steps(hours[late] * may.late_hours)

    def _groups(self, nothing: Happenings) -> None:
        may, sampler = self._may.people, self._sampler
        random, groups = self._stream("late people"), len(sampler.home)
        late, hours = random.random(groups) < may.late, random.exponential(size=groups)
        nothing.group["late"][late] = self._steps(hours[late] * may.late_hours)
        random = self._stream("people")
        cause = self._alike(random, sampler.home, may.alike)
        share = random.random(groups)
        stays = cause > _threshold(may.stay)
        alone = ~stays & (self._alike(random, sampler.home, may.alike) > _threshold(may.alone))
        nothing.group["gone"][stays], nothing.group["fate"][stays] = 0, STAYS
        nothing.group["gone"][alone] = (share * sampler.ready).astype(np.int64)[alone]
        nothing.group["fate"][alone] = LEAVES_ALONE

    def _cancelled(self) -> Bools:
        may, sampler = self._may.services, self._sampler
        cause = self._alike(self._stream("services"), sampler.day_of_run, may.alike)
        chance = np.full(len(cause), _threshold(may.cancelled))
        if self.war is not None:
            chance[sampler.run_leaves >= self.war] = _threshold(may.cancelled_after_war)
        return cause > chance

    def _newcomers(self) -> NDArray[np.void]:
        may, random = self._may.people, self._stream("unregistered")
        if not may.unregistered:
            return np.zeros(0, dtype=NEWCOMER)
        rows = self._sampler.unregistered.draw(random)
        rows["ready"] = self._steps(random.exponential(size=len(rows)) * may.appear_hours)
        notice = self._case.steps_of_hours(self._case.policy.notice_hours)
        rows["ready"] = np.maximum(rows["ready"], notice)
        rows = rows[rows["ready"] < self._case.steps]
        return rows[np.lexsort((rows["ready"], rows["node"]))]


def _threshold(chance: float) -> float:
    """What a standard normal cause exceeds with a chance."""
    if chance <= 0:
        return float("inf")
    return NormalDist().inv_cdf(1 - chance) if chance < 1 else float("-inf")


def _run_leaves(scene: Scene) -> Ints:
    """Step at which each run leaves its first stop."""
    calls = run_calls(scene.case)
    steps = [scene.case.step_of(calls[run][0][1], up=False) if calls[run] else 0 for run in scene.runs]
    return np.array(steps, dtype=np.int64)
