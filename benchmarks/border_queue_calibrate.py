"""Fit the parameters of ``flight.toml`` to the arrivals of 24 February to 31 March 2022 and to the reported
queues, and print them. ``border_queue.py`` checks them on what came later.

``python benchmarks/border_queue_calibrate.py FOLDER [--until DATE]`` (FOLDER: ``ukraine-2022`` of the shared data)

A pattern search (Hooke and Jeeves): each parameter in turn is tried a step up and a step down; a step
that helps is kept; when none does, all steps are halved. It needs no derivatives and no library.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from border_queue_data import FIRST_CHECKED, Observed, read_observed
from border_queue_models import Setting, errors, relative_difference

from overland.case.reader import read_case
from overland.futures.border_queue import BorderQueue
from overland.futures.flight import Flight, read_flight

CASE = Path(__file__).resolve().parent.parent / "cases" / "ukraine-2022"
HALVINGS = 6
ROUNDS = 3  # large steps once more from what was found
WEIGHT_OF_QUEUES = 0.5  # reports are few and rough


@dataclass(frozen=True)
class Fitted:
    """A parameter to fit; its step is a factor unless ``added``."""

    section: str
    name: str
    step: float
    added: bool = False
    least: float = -np.inf
    most: float = np.inf

    def of(self, flight: Flight) -> float:
        """Its value."""
        section = getattr(flight, self.section)
        return float(section[self.name] if isinstance(section, dict) else getattr(section, self.name))

    def at(self, flight: Flight, value: float) -> Flight:
        """The flight with another value of the parameter."""
        value = min(max(value, self.least), self.most)
        section = getattr(flight, self.section)
        if isinstance(section, dict):
            return flight.model_copy(update={self.section: {**section, self.name: value}})
        return flight.model_copy(update={self.section: section.model_copy(update={self.name: value})})

    def moved(self, flight: Flight, steps: float) -> Flight:
        """The flight with the parameter so many steps off."""
        value = self.of(flight)
        return self.at(flight, value + steps * self.step if self.added else value * self.step**steps)


FITTED = (
    Fitted("leaving", "at_once_share", 1.3),
    Fitted("leaving", "share", 1.2),
    Fitted("leaving", "peak_hours", 1.2),
    Fitted("leaving", "daily_share", 1.3),
    Fitted("choosing", "spread_hours", 1.3),
    Fitted("serving", "at_first", 1.2),
    Fitted("serving", "later", 1.2),
    Fitted("serving", "ramp_hours", 1.4),
    Fitted("service", "HU", 1.3),
    Fitted("service", "SK", 1.3),
    Fitted("service", "RO", 1.3),
    Fitted("service", "MD", 1.3),
    Fitted("attraction", "MD", 0.3, added=True),
)


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


def calibrate(flight: Flight, objective: Objective) -> tuple[Flight, float]:
    """Search for the parameters from those given."""
    best, step = objective(flight), 1.0
    for _ in range(HALVINGS):
        while True:
            found, value = _explored(flight, best, step, objective)
            if value > best - 1e-5:
                break
            further = _further(flight, found)  # what helped may help again
            flight, best = found, value
            found, value = _explored(further, objective(further), step, objective)
            if value < best:
                flight, best = found, value
        print(f"steps of {step:.4g}: {best:.4f}", flush=True)
        step /= 2
    return flight, best


def _explored(flight: Flight, best: float, step: float, objective: Objective) -> tuple[Flight, float]:
    """Each parameter in turn a step up or down, where that helps."""
    for parameter in FITTED:
        for direction in (step, -step):
            trial = parameter.moved(flight, direction)
            value = objective(trial)
            if value < best:
                flight, best = trial, value
                break
    return flight, best


def _further(before: Flight, after: Flight) -> Flight:
    """All parameters once more by what they have just been moved by."""
    flight = after
    for parameter in FITTED:
        old, new = parameter.of(before), parameter.of(after)
        moved = 2 * new - old if parameter.added else new * new / old
        flight = parameter.at(flight, moved)
    return flight


def main() -> None:
    """Calibrate from the parameters of the bundled case, and print what comes out."""
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
    objective = Objective(Setting.of(case, observed), flight)
    for _ in range(ROUNDS):
        flight, _ = calibrate(flight, objective)
    for parameter in FITTED:
        print(f"[{parameter.section}] {parameter.name} = {parameter.of(flight):.3g}")
    whole = Setting.of(case, known)
    modelled = whole.by_day(whole.run(flight).across)
    for name, begin, end in (("known", 0, days), ("later", days, len(known.days))):
        print(f"{name} days: {errors(modelled, known.arrivals, begin, end)}")


if __name__ == "__main__":
    main()
