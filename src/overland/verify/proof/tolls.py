"""The tolls of a proof, looked up by the words that name each limit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from overland.case.model import Mode
from overland.plan.proof import Proof, Toll
from overland.verify.borders import Way
from overland.verify.proof.units import PER_PRICE, RefusedError
from overland.verify.terms import Terms

Ints = NDArray[np.int64]
Key = tuple[str, str, str, int]


@dataclass(frozen=True, slots=True)
class Tolls:
    """What one person pays, in units."""

    _terms: Terms
    _price: dict[Key, int]
    _days: list[date]

    @classmethod
    def none(cls, terms: Terms) -> Tolls:
        """No tolls at all."""
        return cls(terms, {}, sorted(set(terms.borders.days)))

    @classmethod
    def of(cls, terms: Terms, proof: Proof) -> Tolls:
        """Take the tolls of a proof.

        Raises
        ------
        RefusedError
            If a toll is of a limit that the case has not, is negative, or stands there twice.
        """
        tolls = cls(terms, {}, sorted(set(terms.borders.days)))
        for toll in proof.tolls:
            key = (toll.kind, toll.subject, toll.detail, toll.period)
            name = " ".join(str(part) for part in ("toll of", *key) if part != "")
            if tolls.limit(toll) is None:
                raise RefusedError(name, "the case has no such limit")
            if toll.price < 0:
                raise RefusedError(name, f"is negative ({toll.price})")
            if key in tolls._price:
                raise RefusedError(name, "stands in the proof twice")
            tolls._price[key] = toll.price * PER_PRICE
        return tolls

    def limit(self, toll: Toll) -> int | None:
        """Persons that the limit of a toll allows; None if the case has no such limit."""
        terms, subject, period = self._terms, toll.subject, toll.period
        windows = terms.horizon // terms.window_steps + 1
        if toll.kind == "crossing" and 0 <= period < windows:
            modes = {mode.value: mode for mode in Mode}
            way = (subject, modes[toll.detail]) if toll.detail in modes else None
            return terms.borders.limit(way, period) if way in terms.borders.modes else None
        if toll.kind == "reception" and 0 <= period < len(self._days):
            return terms.intake.get(subject) if toll.detail == str(self._days[period]) else None
        if toll.kind == "country" and (toll.detail, period) == ("", 0):
            return terms.country_limit(subject)
        if toll.kind == "boarding" and not toll.detail and 0 <= period < windows and subject in terms.places:
            return terms.boarding_limit(subject)
        if toll.kind == "service":
            run = terms.timetable.run(toll.detail)
            if run is not None and run.service.id == subject and 0 <= period < len(run.calls) - 1:
                return run.seats
        return None

    def total(self, proof: Proof) -> int:
        """All tolls times their limits: the most that people can pay in any plan."""
        return sum(toll.price * PER_PRICE * (self.limit(toll) or 0) for toll in proof.tolls)

    def passing(self, way: Way) -> Ints:
        """What passing a crossing in some way costs at each step 0 … T."""
        terms = self._terms
        crossing, mode = terms.crossings[way[0]], way[1]
        numbers = {day: i for i, day in enumerate(self._days)}
        country = self._price.get(("country", crossing.country, "", 0), 0)
        return np.array(
            [
                country
                + self._price.get(("crossing", crossing.id, mode.value, step // terms.window_steps), 0)
                + self._price.get(("reception", crossing.reception, str(day), numbers[day]), 0)
                for step, day in enumerate(terms.borders.days)
            ],
            dtype=np.int64,
        )

    def boarding(self, place: str) -> Ints:
        """What boarding at a place costs at each step 0 … T − 1."""
        width = self._terms.window_steps
        return np.array(
            [
                self._price.get(("boarding", place, "", step // width), 0)
                for step in range(self._terms.horizon)
            ],
            dtype=np.int64,
        )

    def riding(self, service: str, run: str, first: int, last: int) -> int:
        """What a seat on a run costs between two of its calls."""
        return sum(self._price.get(("service", service, run, leg), 0) for leg in range(first, last))
