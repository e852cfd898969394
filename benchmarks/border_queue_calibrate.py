"""Fit the parameters of ``flight.toml`` to the arrivals of 24 February to 31 March 2022 and to the reported
queues, and print them. ``border_queue.py`` checks them on what came later.

``python benchmarks/border_queue_calibrate.py FOLDER [--until DATE]``
(FOLDER: ``ukraine-2022`` of the shared data)

A pattern search: along each of a set of directions a step is tried to either side; one that helps is
kept; when none does, all steps are halved. It begins with the parameters one by one and round numbers,
and goes on along directions turned at random (by a fixed seed), since good parameters lie on ridges.
It needs no derivatives and no library.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from border_queue_data import FIRST_CHECKED, Floats, Observed, read_observed
from border_queue_models import Setting, errors, relative_difference

from overland.case.reader import read_case
from overland.futures.border_queue import BorderQueue
from overland.futures.flight import Flight, read_flight

CASE = Path(__file__).resolve().parent.parent / "cases" / "ukraine-2022"
HALVINGS = 6
ROUNDS = 12
WEIGHT_OF_QUEUES = 0.5  # reports are few and rough


@dataclass(frozen=True)
class Fitted:
    """A parameter to fit, where the search starts; its step is a factor unless ``added``."""

    section: str
    name: str
    start: float
    step: float
    added: bool = False

    def value(self, steps: float) -> float:
        """Its value so many steps from the start."""
        return self.start + steps * self.step if self.added else self.start * self.step**steps


FITTED = (
    Fitted("leaving", "at_once_share", 0.01, 1.3),
    Fitted("leaving", "share", 0.05, 1.2),
    Fitted("leaving", "peak_hours", 150, 1.2),
    Fitted("leaving", "daily_share", 0.001, 1.3),
    Fitted("choosing", "spread_hours", 20, 1.3),
    Fitted("serving", "everybody", 2, 1.2),
    Fitted("serving", "ramp_hours", 100, 1.4),
    Fitted("at_first", "PL", 0.3, 1.3),
    Fitted("service", "HU", 0.5, 1.3),
    Fitted("service", "SK", 0.5, 1.3),
    Fitted("service", "RO", 0.5, 1.3),
    Fitted("service", "MD", 0.5, 1.3),
    Fitted("attraction", "MD", 0.0, 0.3, added=True),
)


def flight_at(flight: Flight, steps: Floats) -> Flight:
    """The flight with all fitted parameters so many steps from their starts."""
    sections: dict[str, dict[str, float]] = flight.model_dump()
    for parameter, number in zip(FITTED, steps.tolist(), strict=True):
        sections[parameter.section][parameter.name] = parameter.value(number)
    return Flight.model_validate(sections)


class Objective:
    """What is least for the best parameters; runs until the end of March only."""

    def __init__(self, setting: Setting, flight: Flight) -> None:
        self.setting = setting
        self.model = BorderQueue.of(setting.case, setting.times, flight, setting.hours)
        self.reported = np.array([report.km for report in setting.observed.queues])
        self.counted = np.array([report.reports for report in setting.observed.queues])

    def __call__(self, flight: Flight) -> float:
        """Daily and total relative difference, and the weighted one of the queues."""
        result = replace(self.model, flight=flight).run(self.setting.war_begins_hours)
        modelled, data = self.setting.by_day(result.across), self.setting.observed.arrivals
        daily = relative_difference(modelled, data).mean()
        total = relative_difference(np.cumsum(modelled, axis=0), np.cumsum(data, axis=0)).mean()
        off = np.abs(self.setting.queues_km(flight, result) - self.reported)
        queues = (off * self.counted).sum() / (self.reported * self.counted).sum()
        return float(daily + total + WEIGHT_OF_QUEUES * queues)


def calibrate(flight: Flight, objective: Objective) -> Floats:
    """Search for the best parameters, as steps from their starts."""
    random = np.random.default_rng(0)
    steps = np.zeros(len(FITTED))
    best = objective(flight)
    for number in range(ROUNDS):
        directions = np.eye(len(FITTED))
        if number:
            directions = np.linalg.qr(random.standard_normal(directions.shape))[0]
        size = 1.0
        for _ in range(HALVINGS):
            helped = True
            while helped:
                helped = False
                for direction in (*directions, *-directions):
                    trial = steps + size * direction
                    value = objective(flight_at(flight, trial))
                    if value < best - 1e-5:
                        steps, best, helped = trial, value, True
            size /= 2
        print(f"round {number + 1}: {best:.4f}", flush=True)
    return steps


def main() -> None:
    """Calibrate from round numbers, all else being as the bundled case has it; print what comes out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="ukraine-2022 of the shared data")
    last = FIRST_CHECKED - timedelta(days=1)
    parser.add_argument("--until", type=date.fromisoformat, default=last, help="the last day that is known")
    arguments = parser.parse_args()
    case = read_case(CASE)
    flight = read_flight(CASE, case)
    known = read_observed(arguments.folder)
    days = sum(day <= arguments.until for day in known.days)
    observed = Observed(known.days[:days], known.arrivals[:days], known.queues)
    flight = flight_at(flight, np.zeros(len(FITTED)))
    steps = calibrate(flight, Objective(Setting.of(case, observed), flight))
    for parameter, number in zip(FITTED, steps.tolist(), strict=True):
        print(f"[{parameter.section}] {parameter.name} = {parameter.value(number):.3g}")
    flight = flight_at(flight, steps)
    whole = Setting.of(case, known)
    modelled = whole.by_day(whole.run(flight).across)
    for name, begin, end in (("known", 0, days), ("later", days, len(known.days))):
        print(f"{name} days: {errors(modelled, known.arrivals, begin, end)}")


if __name__ == "__main__":
    main()
