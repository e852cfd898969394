"""A change of the plan that the search may try, and on what terms it is kept."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from overland.plan.state import MOST_TRIPS

Ints = NDArray[np.int64]


class Change(NamedTuple):
    """New chains of up to two vehicles and, or, new seats on a service call; written again for each move."""

    vehicle: Ints  # (2,) -1: none
    count: Ints  # type: ignore[assignment]  # (2,); hides tuple.count
    place: Ints  # (2, MOST_TRIPS)
    option: Ints
    target: Ints
    depart: Ints  # this and the following as in the state: they follow from the targets
    road: Ints
    freed: Ints
    since_rest: Ints
    began: Ints
    driven: Ints  # (2,)
    begin: Ints  # (2,) trips at the beginning of the chain that stay as they are
    after: Ints  # (2,) trips at its end that still leave when they did
    call: Ints  # (2,) service call (-1: none), and the seats to open on it


class Terms(NamedTuple):
    """On what terms a change is kept."""

    temperature: float
    excess_price: float  # of one person above a shared limit
    idle_fee: float  # of one more trip with nobody aboard, in the search only: keeps them out of the chains


def no_change() -> Change:
    """A change that changes nothing yet."""

    def trips() -> Ints:
        return np.zeros((2, MOST_TRIPS), dtype=np.int64)

    def pair(value: int) -> Ints:
        return np.full(2, value, dtype=np.int64)

    return Change(
        vehicle=pair(-1),
        count=pair(0),
        place=trips(),
        option=trips(),
        target=trips(),
        depart=trips(),
        road=trips(),
        freed=trips(),
        since_rest=trips(),
        began=trips(),
        driven=pair(0),
        begin=pair(0),
        after=pair(0),
        call=pair(-1),
    )
