"""All that the execution of a plan needs to know of its case."""

from __future__ import annotations

from typing import NamedTuple

from overland.futures.gates import GateTables
from overland.futures.layers import LayerTables, WayTables
from overland.futures.orders import Orders


class Terms(NamedTuple):
    """What holds throughout a case.

    Attributes
    ----------
    horizon : int
        Steps.
    step_minutes : int
    change : int
        Steps from arrival at a hub until one can board.
    patience : int
        Steps: who would pass so much later than planned looks for another gate, and takes one that is as much
        better.
    """

    horizon: int
    step_minutes: int
    change: int
    patience: int


class World(NamedTuple):
    """A plan and its case, as arrays."""

    orders: Orders
    gates: GateTables
    layers: LayerTables
    ways: WayTables
    terms: Terms
