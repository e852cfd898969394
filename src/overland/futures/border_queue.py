"""The waits that our people meet at the border when everybody flees (docs/border-queue.md)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from overland.case.model import Case
from overland.futures.border_kernel import flow, waits_in_line
from overland.futures.flight import Flight
from overland.plan.border import forecast_hours, opening
from overland.roads.times import RoadTimes

Floats = NDArray[np.float64]

_PARTS = 4  # of an hour, at whose beginnings a gate is looked at
AHEAD_HOURS = 480  # beyond the horizon, in which the queue before one who comes late has to pass


@dataclass(frozen=True, slots=True)
class BorderWaits:
    """What happens at the border. A *gate* is one mode of one crossing, in the order of the case.

    Attributes
    ----------
    waits : float64 (gates, hours)
        Hours of wait of one who comes at the beginning of each hour; infinite if never passed.
    arrived, across, queued : float64 (gates, hours)
        Persons of everybody else who come and who pass in each hour, and who queue at the end of it.
    left : float64 (hours,)
        Persons who set out in each hour.
    """

    waits: Floats
    arrived: Floats
    across: Floats
    queued: Floats
    left: Floats


@dataclass(frozen=True, slots=True)
class BorderQueue:
    """The model of a case, ready to be run many times. Make one with :meth:`of`.

    Attributes
    ----------
    flight : Flight
    hours : int
        The horizon.
    residents, hazard : float64 (origins,)
        Persons; hazard of the place.
    drive : float64 (origins, gates)
        Hours of a car on free roads; infinite where there is no way.
    rate : float64 (gates,)
        Persons of ours in an open hour.
    is_open, forecast : float64 (gates, hours + AHEAD_HOURS), (gates, hours)
        Share of each hour in which the gate is open; forecast hours of wait.
    crossing, country : int64 (gates,)
        Numbers of the crossing and the country of each gate.
    countries : tuple of str
        Countries by number.
    """

    flight: Flight
    hours: int
    residents: Floats
    hazard: Floats
    drive: Floats
    rate: Floats
    is_open: Floats
    forecast: Floats
    crossing: NDArray[np.int64]
    country: NDArray[np.int64]
    countries: tuple[str, ...]

    @classmethod
    def of(cls, case: Case, times: RoadTimes, flight: Flight, hours: int | None = None) -> BorderQueue:
        """Prepare the model.

        Parameters
        ----------
        case, times : Case, RoadTimes
            The case and its road times. Everybody drives by the roads that are open at its start.
        flight : Flight
            Parameters and residents; the places it names are places of the case.
        hours : int, optional
            Horizon from the start of the case; by default that of the case, rounded up to hours.
        """
        hours = case.horizon_hours if hours is None else hours
        hazard = {place.id: place.hazard for place in case.places}
        crossings = {crossing.id: number for number, crossing in enumerate(case.crossings)}
        lands = {land: number for number, land in enumerate(dict.fromkeys(x.country for x in case.crossings))}
        gates = case.crossing_modes
        country = [lands[case.crossings[crossings[gate.crossing]].country] for gate in gates]
        return cls(
            flight=flight,
            hours=hours,
            residents=np.array(list(flight.residents.values()), dtype=np.float64),
            hazard=np.array([hazard[place] for place in flight.residents], dtype=np.float64),
            drive=_drives(case, times, flight),
            rate=np.array([gate.rate_per_hour for gate in gates], dtype=np.float64),
            is_open=open_share(case, hours + AHEAD_HOURS),
            forecast=forecast_hours(case, 60, hours),
            crossing=np.array([crossings[gate.crossing] for gate in gates], dtype=np.int64),
            country=np.array(country, dtype=np.int64),
            countries=tuple(lands),
        )

    def run(
        self,
        war_begins_hours: float,
        random: Generator | None = None,
        working: Floats | None = None,
    ) -> BorderWaits:
        """Let everybody flee.

        Parameters
        ----------
        war_begins_hours : float
            When the war begins, in hours from the start of the case; beyond the horizon: not in it.
        random : Generator, optional
            Draws what is uncertain; without it everything has its central value.
        working : float64 (gates,) or (gates, hours), optional
            The part of its service that a gate has; 0 where it is closed. The last hour's holds beyond
            the horizon.

        Raises
        ------
        ValueError
            If the war begins before the case: who had left by then is not known.
        """
        if not war_begins_hours >= 0:
            raise ValueError(f"the war begins {war_begins_hours} h after the start of the case")
        total, origins, service_of, draw_of = self._drawn(random)
        since = np.arange(self.hours + AHEAD_HOURS, dtype=np.float64) - war_begins_hours
        leaving = self._leaving(since[: self.hours], total * origins)
        rate = self.rate * self._by_country(self.flight.service, 1.0)
        service = (rate * service_of)[:, None] * self.is_open * self._growth(since)
        if working is not None:
            service *= self._in_each_hour(working)
        ends = np.concatenate([np.zeros((len(self.rate), 1)), np.cumsum(service, axis=1)], axis=1)
        daily = (ends[:, 24 : 24 + self.hours] - ends[:, : self.hours]) / 24
        journey = self.drive * self.flight.choosing.slowness
        attraction = self._attraction(rate, journey, draw_of)
        leaving[:, attraction.sum(axis=1) <= 0] = 0.0  # they have nowhere to go
        choosing = self.flight.choosing
        arrived, across, queued = flow(
            np.ascontiguousarray(leaving),
            attraction,
            np.where(np.isfinite(journey), journey, 0.0),
            service,
            daily,
            self.forecast,
            choosing.spread_hours,
            choosing.known_after_hours,
            int(min(war_begins_hours, self.hours)),
        )
        waits = waits_in_line(queued, service, self.forecast)
        return BorderWaits(waits, arrived, across, queued, leaving.sum(axis=1))

    def _in_each_hour(self, working: Floats) -> Floats:
        """Of each gate and hour, also beyond the horizon."""
        each = np.broadcast_to(working.reshape(len(self.rate), -1), (len(self.rate), self.hours))
        beyond = np.repeat(each[:, -1:], AHEAD_HOURS, axis=1)
        return np.concatenate([each, beyond], axis=1)

    def _leaving(self, since: Floats, factor: Floats) -> Floats:
        """Persons who set out in each hour, by origin."""
        leaving = self.flight.leaving
        time = np.maximum(np.append(since, since[-1] + 1), 0)
        left = leaving.at_once_share * -np.expm1(-time / leaving.at_once_hours)
        peaks = 2 * time / leaving.peak_hours
        left += leaving.share * (1 - (1 + peaks + peaks**2 / 2) * np.exp(-peaks))
        left += leaving.daily_share * time / 24
        relative = self.hazard**leaving.hazard_power
        persons = self.residents * relative
        mean = persons.sum() / self.residents.sum() if self.residents.sum() else 1.0
        weights: Floats = persons / mean if mean else persons
        result: Floats = np.diff(left)[:, None] * (weights * factor)[None, :]
        return result

    def _growth(self, since: Floats) -> Floats:
        """Persons of everybody passed to one of ours, by gate and hour."""
        serving = self.flight.serving
        missing = 1 - self._by_country(self.flight.at_first, 1.0)
        left = np.exp(-np.maximum(since, 0) / serving.ramp_hours)
        result: Floats = serving.everybody * (1 - missing[:, None] * left[None, :])
        return result

    def _attraction(self, rate: Floats, journey: Floats, drawn: Floats) -> Floats:
        """What each gate attracts people of each origin by, when nobody waits."""
        hours = journey / self.flight.choosing.spread_hours
        nearest = np.min(hours, axis=1, initial=np.inf)
        nearest = np.where(np.isfinite(nearest), nearest, 0.0)
        size = rate * np.exp(self._by_country(self.flight.attraction, 0.0) + drawn[self.country])
        result: Floats = size[None, :] * np.exp(nearest[:, None] - hours)
        return result

    def _by_country(self, values: dict[str, float], usual: float) -> Floats:
        """The value of the country of each gate."""
        result: Floats = np.array([values.get(land, usual) for land in self.countries])[self.country]
        return result

    def _drawn(self, random: Generator | None) -> tuple[float, Floats, Floats, Floats]:
        """Factors of the total, the origins and the service of gates; what is added to the constants."""
        origins, crossings = len(self.residents), self.crossing
        if random is None:
            return 1.0, np.ones(origins), np.ones(len(crossings)), np.zeros(len(self.countries))
        sd = self.flight.uncertainty
        total = float(np.exp(sd.total * random.standard_normal()))
        of_origins = np.exp(sd.origins * random.standard_normal(origins))
        of_crossings = np.exp(sd.service * random.standard_normal(int(crossings.max(initial=-1)) + 1))
        of_countries = sd.attraction * random.standard_normal(len(self.countries))
        return total, of_origins, of_crossings[crossings], of_countries


def open_share(case: Case, hours: int) -> Floats:
    """The share of each hour from the start in which each gate is open: float64 (gates, hours)."""
    parts = opening(case, 60 / _PARTS, hours * _PARTS)
    return parts.reshape(len(parts), hours, _PARTS).mean(axis=2)


def _drives(case: Case, times: RoadTimes, flight: Flight) -> Floats:
    """Hours of a car from each origin to each gate."""
    columns = [times.index[gate.crossing] for gate in case.crossing_modes]
    drive = np.full((len(flight.residents), len(columns)), np.inf)
    for row, place in enumerate(flight.residents):
        steps = times.table("car", place)[0][columns].astype(np.float64)
        drive[row] = np.where(steps < 0, np.inf, steps * case.step_hours)
    return drive
