"""What people pay for the vehicle on trips of lines, under prices.

All who are aboard a trip of a line find room on one vehicle: if each pays what the trip costs over the number
of seats, together they pay no more than it costs. Nothing else is asked of such trips: not that they are
filled, nor that those on different rides go together (docs/proof.md).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from overland.plan.kernels import array_subkernel, subkernel
from overland.plan.tables import Tables

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

RIDDEN = -(1 << 40)
"""Departure of people who take a ride on a trip of a line, where buses have their option."""


class Shares(NamedTuple):
    """A person's part of a vehicle by ride, and the step at which the ride leaves: (T, rides).

    Attributes
    ----------
    part : float64
        The least of all vehicles and trips; infinite where there is none.
    type, head : int64
        Type of that vehicle, and step at which the trip leaves its first stop.
    """

    part: Floats
    type: Ints
    head: Ints


class RideFares(NamedTuple):
    """What the people of a place pay for the best ride on a trip of a line, by step and queue.

    Attributes
    ----------
    increment : float64 (T, queues)
        As for services, with the part of the vehicle; infinite where there is no ride.
    ride : int64 (T, queues)
        The best ride of one of the queue's class.
    """

    increment: Floats
    ride: Ints


@subkernel
def line_of_ride(tables: Tables, r: int) -> int:
    """The trip that a ride is on."""
    line = 0
    while tables.ride_first[line + 1] <= r:
        line += 1
    return line


@subkernel
def offer_ride(tables: Tables, shares: Shares, y: int, line: int, t: int, whole: float) -> None:
    """Note what people pay of a trip that costs so much, if that is less than before."""
    for r in range(tables.ride_first[line], tables.ride_first[line + 1]):
        leave = tables.ride_leaves[t, r]
        if leave < 0 or tables.safe[leave, tables.ride_option[r]] < 0:
            continue
        part = whole / tables.type_seats[y]
        if part < shares.part[leave, r]:
            shares.part[leave, r], shares.type[leave, r], shares.head[leave, r] = part, y, t


@array_subkernel
def no_shares(tables: Tables) -> Shares:
    """No trip has been looked at yet."""
    rides = len(tables.ride_place)
    return Shares(
        np.full((tables.horizon, rides), np.inf),
        np.zeros((tables.horizon, rides), np.int64),
        np.zeros((tables.horizon, rides), np.int64),
    )
