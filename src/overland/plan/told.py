"""What people were told, and whether a state of the search tells them otherwise.

An *instruction* of a group is the step at which it leaves its place, or a hub, and the way it goes: by a
service or a bus to a hub, or through which crossing and how. It has changed if the way is another, if the
step is more than one off, or if the group is left.
"""

from __future__ import annotations

from overland.plan.kernels import inner_kernel, open_inner_kernel
from overland.plan.tables import Tables

HUBS = 1_000_000
"""Ways to hubs are numbered by hub; those through gates by gate from this number on."""

TOLERANCE = 1  # steps


@open_inner_kernel
def way_number(hub: int, gate: int, by_service: bool) -> int:
    """A number for each way that people can tell apart; ``hub`` is -1 for a way through a gate."""
    return 2 * (hub if hub >= 0 else HUBS + gate) + int(by_service)


@inner_kernel
def told_otherwise(tables: Tables, g: int, own: bool, step: int, way: int) -> int:
    """1 if a group that leaves its own place (or came to change) was told something else, otherwise 0."""
    if tables.change_price <= 0.0:
        return 0
    stage = 0 if own else 1
    told = tables.told_step[stage, g]
    if told < 0:
        return 0
    return int(abs(step - told) > TOLERANCE or tables.told_way[stage, g] != way)


@inner_kernel
def left_otherwise(tables: Tables, g: int, own: bool) -> int:
    """1 if a group that is left was told to leave, otherwise 0."""
    return int(tables.change_price > 0.0 and tables.told_step[0 if own else 1, g] >= 0)


@inner_kernel
def drives_otherwise(tables: Tables, g: int, way: int, step: int) -> int:
    """1 if a driver was told another way or step, or is left though it was told to leave, otherwise 0."""
    if tables.change_price <= 0.0 or tables.told_car_step[g] < 0:
        return 0
    return int(tables.told_car_way[g] != way or abs(step - tables.told_car_step[g]) > TOLERANCE)
