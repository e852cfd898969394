"""What happens in one future, as arrays that the execution takes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from overland.futures.orders import NEVER
from overland.futures.scene import Scene

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Rows = NDArray[np.void]

LEAVES_ALONE, STAYS = 1, 2
"""Why a group is not at its place any more."""

GATE = np.dtype([("rate", "f8"), ("shut", "i8")])
PLACE = np.dtype([("threatened", "i8"), ("factor", "f8")])
GROUP = np.dtype([("late", "i8"), ("gone", "i8"), ("fate", "i8")])
VEHICLE = np.dtype([("late", "i8"), ("ends", "i8")])
NEWCOMER = np.dtype([("node", "i8"), ("size", "i8"), ("ready", "i8"), ("weight", "f8"), ("admits", "i8")])


class Conditions(NamedTuple):
    """What everybody meets on the way.

    Attributes
    ----------
    period : int
        Steps of a period, in which travel times and waits are alike.
    travel : float64 (regions, periods)
        Factor on the time that a road takes, by the region it begins in.
    closed_first : int64 (segments + 1,)
    closed : int64 (closures, 2)
        Closures of roads that nobody foresaw: milliseconds from and until, for each segment.
    silent : int64 (regions, 2)
        Steps from and until which nobody can be told anything there.
    wait : float64 (gates, periods)
        Factor on the forecast wait.
    gate : GATE (gates,)
        ``rate``: factor on the persons who pass; ``shut``: step from which nobody does.
    place : PLACE (places,)
        ``threatened``: step from which the hazard is greater by ``factor``.
    run_cancelled : bool (runs,)
        The runs of services that do not go.
    """

    period: int
    travel: Floats
    closed_first: Ints
    closed: Ints
    silent: Ints
    wait: Floats
    gate: Rows
    place: Rows
    run_cancelled: NDArray[np.bool_]


class Happenings(NamedTuple):
    """One future, by the numbers of the case.

    Attributes
    ----------
    conditions : Conditions
    group : GROUP (groups,)
        ``late``: steps by which it is; ``gone``: step from which it is not there any more, and ``fate``: why.
    vehicle : VEHICLE (vehicles,)
        ``late``: steps by which it is at its depot; ``ends``: step from which it begins nothing.
    newcomer : NEWCOMER (newcomers,)
        People whom nobody knew of before they appear, sorted by node, then by when they do.
    """

    conditions: Conditions
    group: Rows
    vehicle: Rows
    newcomer: Rows


def nothing_happens(scene: Scene, periods: int = 1, period: int = NEVER) -> Happenings:
    """The future in which everything goes as it was planned, in so many periods of so many steps."""
    gates, regions = len(scene.gates.tables.gate), len(scene.layers.regions)
    return Happenings(
        Conditions(
            period=period,
            travel=np.ones((regions, periods)),
            closed_first=np.zeros(scene.layers.tables.segments + 1, dtype=np.int64),
            closed=np.zeros((0, 2), dtype=np.int64),
            silent=np.full((regions, 2), NEVER, dtype=np.int64),
            wait=np.ones((gates, periods)),
            gate=_rows(GATE, gates, rate=1.0, shut=NEVER),
            place=_rows(PLACE, len(scene.case.places), threatened=NEVER, factor=1.0),
            run_cancelled=np.zeros(len(scene.runs), dtype=np.bool_),
        ),
        group=_rows(GROUP, len(scene.groups), gone=NEVER),
        vehicle=_rows(VEHICLE, len(scene.vehicles), ends=NEVER),
        newcomer=_rows(NEWCOMER, 0),
    )


def _rows(dtype: np.dtype[np.void], count: int, **values: float) -> Rows:
    rows = np.zeros(count, dtype=dtype)
    for name, value in values.items():
        rows[name] = value
    return rows
