"""What a plan orders, as arrays to be carried out: who boards what, and what each vehicle does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Rows = NDArray[np.void]

NEVER = 1 << 30
"""A step that does not come."""
RUN = -1
"""In place of the vehicle of a trip: it is the run of a service."""
BOARD, HUB, FOOT, ACROSS, RAIL = range(5)
"""What happens at a stop; people get on at those of kind ``BOARD``, and at those of runs that are hubs."""
TRIP, MOVE = 0, 1


GROUP = np.dtype(
    [
        *(
            (name, "i8")
            for name in ("size", "ready", "home", "rank", "admits", "on", "off", "then", "then_off")
        ),
        *((name, "i8") for name in ("drive", "drive_at", "drive_takes")),
        ("weight", "f8"),
        ("walks", "?"),
    ]
)
TRIP_ROW = np.dtype(
    [*((name, "i8") for name in ("first", "end", "vehicle", "seats", "access", "leaves")), ("escorted", "?")]
)
STOP = np.dtype(
    [
        *((name, "i8") for name in ("node", "kind", "gate", "trip", "arrives", "leaves", "passes", "stays")),
        *((name, "i8") for name in ("way", "planned", "listed_first", "listed_end")),
    ]
)
VEHICLE = np.dtype(
    [(name, "i8") for name in ("first", "end", "node", "available", "layer", "driving", "rest", "duty")]
)
EVENT = np.dtype([(name, "i8") for name in ("kind", "trip", "way", "begins", "drives", "lasts")])


class Orders(NamedTuple):
    """A plan as the execution takes it. Steps and nodes are those of the case, places first, then crossings.

    Attributes
    ----------
    group : GROUP (groups,)
        ``size``, ``ready`` (first step at which it can leave, as far as is known), ``home`` (place),
        ``rank`` in the order in which those at home board, countries it ``admits`` to (bit ``c``),
        ``weight``, whether it ``walks`` across a border; stops at which it is to get ``on`` and ``off``,
        ``then`` and ``then_off`` from a hub (-1 for none); of own cars the way they ``drive``, the step
        ``drive_at`` which they leave, and ``drive_takes``, the steps on the road (-1 for riders).
    fits : bool (groups, accesses)
        Whether a vehicle or service of an access has all that the group needs.
    trip : TRIP_ROW (trips,)
        Of vehicles, as in the plan, then runs of services: stops from ``first`` to before ``end``,
        ``vehicle`` (``RUN`` for none), ``seats``, ``access``, the step at which it ``leaves``, whether it
        is ``escorted``.
    stop : STOP (stops,)
        ``node``, ``kind``, ``gate`` that is passed by those who get off (-1 for none), ``trip``; the steps
        at which it ``arrives``, ``leaves`` and ``passes`` as planned (-1 where that does not apply), how
        many it ``stays`` in the middle of a trip or to unload; the ``way`` from the stop before; people
        ``planned`` to be aboard on leaving; the groups who are to get on,
        ``listed[listed_first:listed_end]``.
    listed : int64
    vehicle : VEHICLE (vehicles,)
        Events from ``first`` to before ``end``; the ``node`` it is at, the step from which it is
        ``available``, the ``layer`` it drives on; road steps between rests (``driving``), steps of a
        ``rest`` and of a ``duty``.
    event : EVENT (events,)
        A ``trip`` or an empty move by a ``way``: the step at which it ``begins`` (loading included), road
        steps it ``drives``, and all the steps it ``lasts``.
    hazard : float64 (places, T + 1)
        Hazard-weighted hours from the start until each step.
    """

    group: Rows
    fits: NDArray[np.bool_]
    trip: Rows
    stop: Rows
    listed: Ints
    vehicle: Rows
    event: Rows
    hazard: Floats


def rows_of(dtype: np.dtype[np.void], columns: Mapping[str, object]) -> Rows:
    """Rows of some columns of the same length."""
    count = len(next(iter(columns.values())))  # type: ignore[arg-type]
    rows = np.zeros(count, dtype=dtype)
    for name, values in columns.items():
        rows[name] = values
    return rows
