"""From a future as arrays to one on paper, in the names of the case, and back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from overland.errors import PlanError
from overland.futures.closures import closures_of, flat
from overland.futures.future import (
    Future,
    Gate,
    GroupOtherwise,
    Newcomers,
    RoadClosed,
    Silence,
    Slow,
    Threatened,
    VehicleAway,
)
from overland.futures.happenings import (
    LEAVES_ALONE,
    NEWCOMER,
    STAYS,
    Conditions,
    Happenings,
    nothing_happens,
)
from overland.futures.orders import NEVER
from overland.futures.sampling import Drawn
from overland.futures.scene import Scene
from overland.roads.search.graph import NOWHERE

WHY: dict[int, Literal["alone", "stays"] | None] = {0: None, LEAVES_ALONE: "alone", STAYS: "stays"}
FATES = {why: fate for fate, why in WHY.items()}


def future_of(scene: Scene, drawn: Drawn) -> Future:
    """Write a future down."""
    case, conditions = scene.case, drawn.happenings.conditions
    return Future(
        case=case.id,
        seed=drawn.seed,
        number=drawn.number,
        war=None if drawn.war is None else case.time_of(drawn.war),
        period_hours=conditions.period * case.step_hours,
        travel=_slow(scene.layers.regions, conditions.travel),
        waits=_slow(_gate_names(scene), conditions.wait),
        gates=[
            Gate(of=gate, rate=row["rate"].item(), shut=_moment(scene, row["shut"]))
            for gate, row in zip(_gate_names(scene), conditions.gate, strict=True)
            if row["rate"] != 1 or row["shut"] < NEVER
        ],
        closures=_roads_closed(scene, conditions),
        threatened=[
            Threatened(
                place=place.id, start=case.time_of(int(row["threatened"])), factor=row["factor"].item()
            )
            for place, row in zip(case.places, conditions.place, strict=True)
            if row["threatened"] < NEVER
        ],
        silences=[
            Silence(region=region, start=case.time_of(begin), end=case.time_of(end))
            for region, (begin, end) in zip(scene.layers.regions, conditions.silent.tolist(), strict=True)
            if begin < NEVER
        ],
        cancelled=[scene.runs[i] for i in np.flatnonzero(conditions.run_cancelled).tolist()],
        vehicles=_vehicles_away(scene, drawn.happenings),
        groups=_groups_otherwise(scene, drawn.happenings),
        newcomers=[
            Newcomers(
                place=scene.times.nodes[row["node"]],
                size=int(row["size"]),
                ready=case.time_of(int(row["ready"])),
                weight=row["weight"].item(),
                countries=[c for i, c in enumerate(scene.gates.countries) if int(row["admits"]) >> i & 1],
            )
            for row in drawn.happenings.newcomer
        ],
    )


def _moment(scene: Scene, step: int) -> datetime | None:
    return None if step >= NEVER else scene.case.time_of(int(step))


def _slow(names: Sequence[str], table: NDArray[np.float64]) -> list[Slow]:
    """Those of which any factor is not 1."""
    return [
        Slow(of=name, factors=factors.tolist())
        for name, factors in zip(names, table, strict=True)
        if (factors != 1).any()
    ]


def _roads_closed(scene: Scene, conditions: Conditions) -> list[RoadClosed]:
    start = scene.case.start
    return [
        RoadClosed(
            road=scene.layers.names[segment],
            start=start + timedelta(milliseconds=begin),
            end=None if end >= NOWHERE else start + timedelta(milliseconds=end),
        )
        for segment, begin, end in closures_of(conditions)
    ]


def _vehicles_away(scene: Scene, happenings: Happenings) -> list[VehicleAway]:
    hours = scene.case.step_hours
    return [
        VehicleAway(vehicle=name, late_hours=int(row["late"]) * hours, ends=_moment(scene, row["ends"]))
        for name, row in zip(scene.vehicles, happenings.vehicle, strict=True)
        if row["late"] or row["ends"] < NEVER
    ]


def _groups_otherwise(scene: Scene, happenings: Happenings) -> list[GroupOtherwise]:
    return [
        GroupOtherwise(
            group=name,
            late_hours=int(row["late"]) * scene.case.step_hours,
            gone=_moment(scene, row["gone"]),
            why=WHY[int(row["fate"])],
        )
        for name, row in zip(scene.groups, happenings.group, strict=True)
        if row["late"] or row["gone"] < NEVER
    ]


def drawn_of(scene: Scene, future: Future) -> Drawn:
    """Read a future that is written down.

    Raises
    ------
    PlanError
        If it is of another case, or speaks of something the case does not have.
    """
    case = scene.case
    if future.case != case.id:
        raise PlanError(f"the future is of the case {future.case!r}, not of {case.id!r}.")
    period = max(1, round(future.period_hours / case.step_hours))
    nothing = nothing_happens(scene, -(-case.steps // period), period)
    conditions, gates = nothing.conditions, _gate_names(scene)
    for slow in future.travel:
        _put(conditions.travel, _number(scene.layers.regions, slow.of, "region"), slow)
    for slow in future.waits:
        _put(conditions.wait, _number(gates, slow.of, "crossing and mode"), slow)
    for gate in future.gates:
        g = _number(gates, gate.of, "crossing and mode")
        conditions.gate["rate"][g], conditions.gate["shut"][g] = gate.rate, _step(scene, gate.shut)
    for row in future.threatened:
        p = _number([place.id for place in case.places], row.place, "place")
        conditions.place["threatened"][p] = _step(scene, row.start)
        conditions.place["factor"][p] = row.factor
    for silence in future.silences:
        r = _number(scene.layers.regions, silence.region, "region")
        conditions.silent[r] = _step(scene, silence.start), _step(scene, silence.end)
    for run in future.cancelled:
        conditions.run_cancelled[_number(scene.runs, run, "run")] = True
    for away in future.vehicles:
        v = _number(scene.vehicles, away.vehicle, "vehicle")
        nothing.vehicle["late"][v] = case.steps_of_hours(away.late_hours)
        nothing.vehicle["ends"][v] = _step(scene, away.ends)
    for other in future.groups:
        g = _number(scene.groups, other.group, "group")
        nothing.group["late"][g] = case.steps_of_hours(other.late_hours)
        nothing.group["gone"][g] = _step(scene, other.gone)
        nothing.group["fate"][g] = FATES[other.why]
    first, closed = flat(_closures(scene, future), len(scene.layers.km))
    war = None if future.war is None else _step(scene, future.war)
    changed = conditions._replace(closed_first=first, closed=closed)
    return Drawn(
        future.seed,
        future.number,
        war,
        Happenings(Conditions(*changed), nothing.group, nothing.vehicle, _newcomers(scene, future)),
    )


def _gate_names(scene: Scene) -> list[str]:
    return [f"{mode.crossing}/{mode.mode.value}" for mode in scene.case.crossing_modes]


def _number(names: Sequence[str], name: str, what: str) -> int:
    if name not in names:
        raise PlanError(f"the future speaks of a {what} that the case does not have: {name}.")
    return list(names).index(name)


def _put(table: NDArray[np.float64], row: int, slow: Slow) -> None:
    if len(slow.factors) != table.shape[1]:
        raise PlanError(f"{slow.of} has {len(slow.factors):,} factors; there are {table.shape[1]:,} periods.")
    table[row] = slow.factors


def _step(scene: Scene, moment: datetime | None) -> int:
    return NEVER if moment is None else max(0, scene.case.step_of(moment, up=True))


def _closures(scene: Scene, future: Future) -> list[tuple[int, int, int]]:
    rows = []
    for closure in future.closures:
        start = round((closure.start - scene.case.start) / timedelta(milliseconds=1))
        end = NOWHERE
        if closure.end is not None:
            end = round((closure.end - scene.case.start) / timedelta(milliseconds=1))
        rows.append((_number(scene.layers.names, closure.road, "road"), start, end))
    return rows


def _newcomers(scene: Scene, future: Future) -> NDArray[np.void]:
    rows = np.zeros(len(future.newcomers), dtype=NEWCOMER)
    for row, new in zip(rows, future.newcomers, strict=True):
        row["node"] = _number(scene.times.nodes, new.place, "place")
        row["size"], row["weight"], row["ready"] = new.size, new.weight, _step(scene, new.ready)
        for country in new.countries:
            row["admits"] |= 1 << _number(scene.gates.countries, country, "country")
    return rows[np.lexsort((rows["ready"], rows["node"]))]
