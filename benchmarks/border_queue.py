"""How well the border queue of the bundled case describes the flight of 2022, beside naive models.

``python benchmarks/border_queue.py FOLDER`` (FOLDER: ``ukraine-2022`` of the shared data)

Nothing is fitted here: the parameters are those of ``cases/ukraine-2022/flight.toml``, which
``border_queue_calibrate.py`` has fitted to the days before April. docs/border-queue.md explains the figures.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
from border_queue_data import COUNTRIES, Floats, read_observed
from border_queue_models import Setting, errors, fitted_shares

from overland.case.reader import read_case
from overland.futures.border_queue import BorderQueue, BorderWaits
from overland.futures.flight import Flight, read_flight

CASE = Path(__file__).resolve().parent.parent / "cases" / "ukraine-2022"
FIRST_DAYS = 40
RUNS = 200


def periods(setting: Setting) -> dict[str, tuple[int, int]]:
    """Days from and up to which errors are averaged."""
    fitted, last = setting.observed.calibrating, len(setting.observed.days)
    return {
        f"first {FIRST_DAYS} days": (0, FIRST_DAYS),
        "to 31 March (fitted)": (0, fitted),
        "from 1 April (check)": (fitted, last),
    }


def print_models(setting: Setting, flight: Flight, modelled: Floats) -> None:
    """Averaged relative differences of all models; the naive ones have our total of each day."""
    data = setting.observed.arrivals
    models = {"border queue": modelled}
    naive = setting.naive(flight) | {"fixed shares (fitted)": fitted_shares(setting.observed)}
    for name, share in naive.items():
        models[name] = modelled.sum(axis=1, keepdims=True) * share
    for period, (begin, end) in periods(setting).items():
        print(f"\n{period:24}  since war began  rescaled  since period began  by day")
        for name, persons in models.items():
            off = errors(persons, data, begin, end)
            print(f"{name:24}{off.total:17.3f}{off.rescaled:10.3f}{off.anew:20.3f}{off.daily:8.3f}")


def print_countries(setting: Setting, modelled: Floats) -> None:
    """Persons by country and period, and how far off days are."""
    for period, (begin, end) in periods(setting).items():
        print(f"\n{period:24}   arrivals      model      off  days off")
        ours, data = modelled[begin:end], setting.observed.arrivals[begin:end]
        for column, land in enumerate(COUNTRIES):
            known, found = data[:, column], ours[:, column]
            off, days = found.sum() / known.sum() - 1, np.abs(found - known).sum() / known.sum()
            print(f"{land:24}{known.sum():11,.0f}{found.sum():11,.0f}{off:9.1%}{days:10.1%}")


def print_queues(setting: Setting, flight: Flight, result: BorderWaits) -> None:
    """Queues of cars by crossing, km, and relative errors, each day weighted by its reports."""
    modelled = setting.queues_km(flight, result)
    known = np.array([report.km for report in setting.observed.queues])
    reports = np.array([report.reports for report in setting.observed.queues], dtype=np.float64)
    rows: dict[str, list[int]] = defaultdict(list)
    for number, report in enumerate(setting.observed.queues):
        rows[report.crossing].append(number)
    print(f"\n{'queue of cars, km':24}  reports  reported  model  mean error")
    for crossing, numbers in rows.items():
        weights = reports[numbers]
        mean = [float(np.average(x[numbers], weights=weights)) for x in (known, modelled)]
        off = float(np.average(np.abs(known - modelled)[numbers], weights=weights))
        print(f"{crossing:24}{weights.sum():9.0f}{mean[0]:10.1f}{mean[1]:7.1f}{off:12.1f}")
    average = np.full(len(known), np.average(known, weights=reports))
    for name, km in (("all", modelled), ("no queue", 0 * known), ("the same everywhere", average)):
        off = float((np.abs(km - known) * reports).sum() / (known * reports).sum())
        print(f"error over reported: {name:24}{off:6.3f}")
    print(f"correlation with reports: {np.corrcoef(known, modelled)[0, 1]:.2f}")


def print_times(setting: Setting, result: BorderWaits) -> None:
    """What people said the crossing took, and the waits of the model."""
    print(f"\n{'hours to cross':24}  mode  told  model")
    for told, wait in setting.waits(result):
        print(f"{told.crossing:24}  {told.mode:4}{told.hours:6.1f}{wait:7.1f}  {told.moment:%d %B}")


def milliseconds(setting: Setting, flight: Flight) -> float:
    """Time of one run over the horizon of the case, of many with random numbers."""
    model = BorderQueue.of(setting.case, setting.times, flight)
    model.run(0.0)
    started = time.perf_counter()
    for seed in range(RUNS):
        model.run(24.0, np.random.default_rng(seed))
    return (time.perf_counter() - started) / RUNS * 1e3


def main() -> None:
    """Print all errors."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="ukraine-2022 of the shared data")
    arguments = parser.parse_args()
    case = read_case(CASE)
    flight = read_flight(CASE, case)
    setting = Setting.of(case, read_observed(arguments.folder))
    result = setting.run(flight)
    modelled = setting.by_day(result.across)
    print_models(setting, flight, modelled)
    print_countries(setting, modelled)
    print_queues(setting, flight, result)
    print_times(setting, result)
    print(f"\none run over {case.horizon_hours} h: {milliseconds(setting, flight):.1f} ms")


if __name__ == "__main__":
    main()
