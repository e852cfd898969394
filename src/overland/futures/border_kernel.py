"""The border queue hour by hour: people leave, choose, travel, queue and pass. Compiled."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@njit(cache=True, nogil=True)
def flow(
    leaving: Floats,
    attraction: Floats,
    journey: Floats,
    service: Floats,
    daily: Floats,
    forecast: Floats,
    spread: float,
    known_after: int,
    first: int,
) -> tuple[Floats, Floats, Floats]:
    """Carry the flight out.

    Parameters
    ----------
    leaving : float64 (hours, origins)
        Persons who set out in each hour.
    attraction : float64 (origins, gates)
        What a gate attracts people of an origin by when nobody waits; 0 where there is no way.
    journey : float64 (origins, gates)
        Hours of the journey.
    service : float64 (gates, hours)
        Persons passed in each hour at most.
    daily : float64 (gates, hours)
        Mean of that in the day to come.
    forecast : float64 (gates, hours)
        Hours of wait that nobody gets below.
    spread : float
        Hours of wait that make a gate e times less attractive.
    known_after : int
        Hours after which waits are known.
    first : int
        Hour before which nobody leaves.

    Returns
    -------
    arrived, across, queued : float64 (gates, hours)
        Persons who come to each gate and pass it in each hour, and who queue at the end of it.
    """
    hours, origins = leaving.shape
    gates = len(service)
    arrived = np.zeros((gates, hours))
    across = np.zeros((gates, hours))
    queued = np.zeros((gates, hours))
    queue = np.zeros(gates)
    appeal = np.empty(gates)
    share = np.empty(gates)
    for hour in range(first, hours):
        _appeals(queued, daily, forecast, max(0, hour - known_after), spread, appeal)
        for origin in range(origins):
            persons = leaving[hour, origin]
            if persons <= 0:
                continue
            if not _shares(attraction[origin], appeal, share):
                _shares(attraction[origin], np.ones(gates), share)
            for gate in range(gates):
                if share[gate] > 0:
                    _arrive(arrived[gate], persons * share[gate], hour + journey[origin, gate])
        for gate in range(gates):
            present = queue[gate] + arrived[gate, hour]
            passed = min(present, service[gate, hour])
            queue[gate] = present - passed
            across[gate, hour] = passed
            queued[gate, hour] = queue[gate]
    return arrived, across, queued


@njit(cache=True, nogil=True)
def _appeals(
    queued: Floats, daily: Floats, forecast: Floats, seen: int, spread: float, appeal: Floats
) -> None:
    """Put into ``appeal`` what is left of the attraction of each gate for the wait known of it."""
    least = np.inf
    for gate in range(len(appeal)):
        appeal[gate] = _known_wait(queued[gate, seen], daily[gate, seen], forecast[gate, seen])
        least = min(least, appeal[gate])
    for gate in range(len(appeal)):
        appeal[gate] = np.exp((least - appeal[gate]) / spread) if least < np.inf else 0.0


@njit(cache=True, nogil=True)
def _known_wait(queued: float, daily: float, forecast: float) -> float:
    """The wait as people hear of it: the queue over what passes in an hour of the day to come."""
    if daily <= 0:
        return np.inf
    return max(forecast, queued / daily)


@njit(cache=True, nogil=True)
def _shares(attraction: Floats, appeal: Floats, share: Floats) -> bool:
    """Put the share of each gate into ``share``; False if no gate attracts anybody."""
    total = 0.0
    for gate in range(len(share)):
        share[gate] = attraction[gate] * appeal[gate]
        total += share[gate]
    if total <= 0:
        return False
    for gate in range(len(share)):
        share[gate] /= total
    return True


@njit(cache=True, nogil=True)
def _arrive(arrived: Floats, persons: float, at: float) -> None:
    """Let people come at a moment: spread over the two hours whose middles are next to it."""
    hour = int(at)
    late = at - hour
    if hour < len(arrived):
        arrived[hour] += persons * (1 - late)
    if hour + 1 < len(arrived):
        arrived[hour + 1] += persons * late


@njit(cache=True, nogil=True)
def waits_in_line(queued: Floats, service: Floats, forecast: Floats) -> Floats:
    """Hours of wait of one who joins the end of the queue at the beginning of each hour.

    Parameters
    ----------
    queued : float64 (gates, hours)
        Persons at the end of each hour.
    service : float64 (gates, more hours)
        Persons passed in each hour at most, for longer than ``queued``.
    forecast : float64 (gates, hours)
        Hours of wait that nobody gets below.

    Returns
    -------
    float64 (gates, hours)
        Infinite where the queue before them has not passed by the end of ``service``.
    """
    gates, hours = queued.shape
    ahead = service.shape[1]
    waits = np.empty((gates, hours))
    for gate in range(gates):
        end = 0  # the hour in which the last of the queue passes; never earlier for who comes later
        passed = 0.0  # from the beginning of the hour of arrival to that of `end`
        for hour in range(hours):
            before = queued[gate, hour - 1] if hour else 0.0
            if before <= 0:
                waits[gate, hour] = forecast[gate, hour]
                end, passed = hour + 1, 0.0
                continue
            if end < hour:
                end, passed = hour, 0.0
            while end < ahead and passed + service[gate, end] < before:
                passed += service[gate, end]
                end += 1
            if end == ahead:
                waits[gate, hour] = np.inf
            else:
                part = (before - passed) / service[gate, end] if service[gate, end] > 0 else 0.0
                waits[gate, hour] = max(forecast[gate, hour], end - hour + part)
            if end > hour:
                passed = max(0.0, passed - service[gate, hour])
            else:
                end, passed = hour + 1, 0.0
    return waits
