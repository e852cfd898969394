"""Our model and the naive ones, day by day and country by country, and how far off each is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from border_queue_data import COUNTRIES, WAR, CrossingTime, Floats, Observed

from overland.case.model import Case, Mode
from overland.futures.border_queue import BorderQueue, BorderWaits
from overland.futures.flight import Flight
from overland.roads.times import RoadTimes


@dataclass(frozen=True)
class Setting:
    """The case and what was observed, with what ties hours of the one to days of the other.

    ``day_of_hour`` is -1 for hours before the first day.
    """

    case: Case
    times: RoadTimes
    observed: Observed
    hours: int
    war_begins_hours: float
    day_of_hour: np.ndarray

    @classmethod
    def of(cls, case: Case, observed: Observed) -> Setting:
        """As many hours as there are days observed."""
        hours = int(((WAR - case.start).total_seconds() // 3600) + 24 * len(observed.days))
        number = {day: n for n, day in enumerate(observed.days)}
        local = [(case.start + timedelta(hours=h)).astimezone(case.zone).date() for h in range(hours)]
        days = np.array([number.get(day, -1) for day in local])
        begins = (WAR - case.start).total_seconds() / 3600
        return cls(case, RoadTimes.of(case), observed, hours, begins, days)

    def by_day(self, by_gate: Floats) -> Floats:
        """Persons by gate and hour to days and countries."""
        country = {crossing.id: crossing.country for crossing in self.case.crossings}
        lands = np.array([country[gate.crossing] for gate in self.case.crossing_modes])
        result = np.zeros((len(self.observed.days), len(COUNTRIES)))
        for column, land in enumerate(COUNTRIES):
            hourly = by_gate[lands == land].sum(axis=0)
            known = self.day_of_hour >= 0
            result[:, column] = np.bincount(
                self.day_of_hour[known], hourly[known], minlength=len(self.observed.days)
            )
        return result

    def run(self, flight: Flight) -> BorderWaits:
        """Our model from the start of the case to the last day observed."""
        return BorderQueue.of(self.case, self.times, flight, self.hours).run(self.war_begins_hours)

    def queues_km(self, flight: Flight, result: BorderWaits) -> Floats:
        """The queue of cars where and when one was reported: mean of the day, km."""
        gates = [(gate.crossing, gate.mode) for gate in self.case.crossing_modes]
        persons = flight.cars.per_km * flight.cars.persons
        found = []
        for report in self.observed.queues:
            day = self.day_of_hour == self.observed.days.index(report.day)
            found.append(result.queued[gates.index((report.crossing, Mode.CAR)), day].mean() / persons)
        return np.array(found)

    def waits(self, result: BorderWaits) -> list[tuple[CrossingTime, float]]:
        """What people told of gates that the case has, and the wait when they came there, hours."""
        gates = [(gate.crossing, gate.mode) for gate in self.case.crossing_modes]
        found = []
        for told in self.observed.crossing_times:
            came = (told.moment - self.case.start).total_seconds() / 3600 - told.hours
            if (told.crossing, told.mode) in gates:
                found.append((told, float(result.waits[gates.index((told.crossing, told.mode)), int(came)])))
        return found

    def naive(self, flight: Flight) -> dict[str, Floats]:
        """The share of each country by the naive models."""
        model = BorderQueue.of(self.case, self.times, flight, 1)
        lands = np.array(model.countries)[model.country]
        people = model.residents * model.hazard**flight.leaving.hazard_power
        near = model.drive.min(axis=1)
        nearest = (model.drive == near[:, None]) * model.rate
        pull = model.rate / np.maximum(model.drive, 0.5) ** 2
        crossings = [crossing.country for crossing in self.case.crossings]
        split = {
            "nearest crossing": _by_land(people, nearest, lands),
            "gravity": _by_land(people, pull, lands),
            "equal by crossing": np.array([float(crossings.count(land)) for land in COUNTRIES]),
            "equal by country": np.ones(len(COUNTRIES)),
        }
        return {name: share / share.sum() for name, share in split.items()}


def fitted_shares(observed: Observed) -> Floats:
    """The share of each country in all arrivals before those that are checked: naive, but fitted."""
    known = observed.arrivals[: observed.calibrating].sum(axis=0)
    return known / known.sum()


def _by_land(people: Floats, pull: Floats, lands: np.ndarray) -> Floats:
    coming = (people[:, None] * pull / pull.sum(axis=1, keepdims=True)).sum(axis=0)
    return np.array([coming[lands == land].sum() for land in COUNTRIES])


def relative_difference(modelled: Floats, data: Floats) -> Floats:
    """Flee's: of each day, the sum over countries of what is off, over the sum of the data."""
    return np.abs(modelled - data).sum(axis=1) / data.sum(axis=1)


def rescaled(modelled: Floats, data: Floats) -> Floats:
    """Scaled to the total of the data on each day, as Flee also does, so that shares alone are compared."""
    return modelled * (data.sum(axis=1) / modelled.sum(axis=1))[:, None]


@dataclass(frozen=True)
class Errors:
    """Averaged relative differences of a period.

    Attributes
    ----------
    total, rescaled : float
        Of persons since the war began, as Flee counts people in camps; with its own total, and scaled.
    anew : float
        Of persons since the period began.
    daily : float
        Of persons of each day.
    """

    total: float
    rescaled: float
    anew: float
    daily: float


def errors(modelled: Floats, data: Floats, begin: int, end: int) -> Errors:
    """How far off a model is from day ``begin`` up to day ``end``."""
    since, known = np.cumsum(modelled, axis=0)[begin:end], np.cumsum(data, axis=0)[begin:end]
    ours, theirs = modelled[begin:end], data[begin:end]
    return Errors(
        float(relative_difference(since, known).mean()),
        float(relative_difference(rescaled(since, known), known).mean()),
        float(relative_difference(np.cumsum(ours, axis=0), np.cumsum(theirs, axis=0)).mean()),
        float(relative_difference(ours, theirs).mean()),
    )
