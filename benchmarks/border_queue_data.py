"""What is known of the flight from Ukraine in 2022: arrivals by country and day, reports of queues."""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray

from overland.case.model import Mode

Floats = NDArray[np.float64]

WAR = datetime.fromisoformat("2022-02-24T05:00:00+02:00")  # the attack, at five in the morning in Kyiv
FIRST_CHECKED = date(2022, 4, 1)  # what is before calibrates
MOST_KM = 60.0  # longer reports are slips of the pen

# Romania: from Ukraine alone, since those who come by Moldova are counted there.
COUNTRIES = {
    "PL": "poland",
    "HU": "hungary",
    "SK": "slovakia",
    "RO": "romania_from_ukraine",
    "MD": "moldova_from_ukraine",
}
ARRIVALS = "arrivals/daily_arrivals_by_country_2022-02-24_2022-05-29.csv"
TIMES = "borders/crowd_crossing_times_2022-03.csv"
REPORTS = "borders/crowd_queue_reports_2022-02-26_2022-03-05.csv"

# Crossings by the first word of the name in the reports that tells them apart.
CROSSINGS = {
    "Ягодин": "yahodyn",
    "Устилуг": "ustyluh",
    "Угринів": "uhryniv",
    "Рава-Руська": "rava-ruska-hrebenne",
    "Грушів": "hrushiv",
    "Краківець": "krakivets",
    "Шегині": "shehyni",
    "Смільниця": "smilnytsia",
    "Малий": "malyi-bereznyi",
    "Ужгород": "uzhhorod-vysne",
    "Чоп": "chop-tysa",
    "Дзвінкове": "dzvinkove",
    "Косино": "kosyno",
    "Лужанка": "luzhanka",
    "Вилок": "vylok",
    "Дякове": "diakove",
    "Солотвино": "solotvyno",
    "Порубне": "porubne",
    "Мамалига": "mamalyha",
    "Кельменці": "kelmentsi-larga",
    "Россошани": "rossoshany",
    "Сокиряни": "sokyriany",
    "Могилів-Подільський": "mohyliv-otaci",
    "Маяки-Удобне-Паланка": "palanca",
    "Старокозаче": "starokozache",
    "Серпневе": "serpneve",
    "Нові": "novi-troiany",
    "Mali": "mali-selmentsi",
    "Могилев-": "mohyliv-otaci",
}


@dataclass(frozen=True)
class QueueReport:
    """The queue of cars at a crossing on one day: the median of all reports of it."""

    crossing: str
    day: date
    km: float
    reports: int


@dataclass(frozen=True)
class CrossingTime:
    """How long somebody says the crossing took, and when they said so."""

    crossing: str
    mode: Mode
    moment: datetime
    hours: float


@dataclass(frozen=True)
class Observed:
    """Days with arrivals in all countries, queues, and times of crossing.

    ``arrivals`` is float64 (days, countries), countries in the order of ``COUNTRIES``.
    """

    days: tuple[date, ...]
    arrivals: Floats
    queues: tuple[QueueReport, ...]
    crossing_times: tuple[CrossingTime, ...] = ()

    @property
    def calibrating(self) -> int:
        """How many days come before the first that is checked."""
        return sum(day < FIRST_CHECKED for day in self.days)


def read_observed(folder: Path) -> Observed:
    """Read the folder ``ukraine-2022`` of the data.

    Raises
    ------
    OSError
        If a file of it cannot be read.
    """
    rows = [row for row in _rows(folder / ARRIVALS) if all(row[column] for column in COUNTRIES.values())]
    counted = [[float(row[column]) for column in COUNTRIES.values()] for row in rows]
    arrivals = np.array(counted, dtype=np.float64)
    for day, country in np.argwhere(arrivals == 0):  # counted on the day after
        arrivals[day : day + 2, country] = arrivals[day + 1, country] / 2
    days = tuple(date.fromisoformat(row["date"]) for row in rows)
    return Observed(days, arrivals, _queues(folder / REPORTS), _times(folder / TIMES))


def _queues(path: Path) -> tuple[QueueReport, ...]:
    found: dict[tuple[str, date], list[float]] = defaultdict(list)
    for row in _rows(path):
        km = float(row["queue_km"] or "nan")
        if math.isnan(km) or not 0 <= km <= MOST_KM:
            continue
        crossing = CROSSINGS[row["crossing_uk"].split()[0]]
        found[crossing, date.fromisoformat(row["timestamp_kyiv"][:10])].append(km)
    return tuple(QueueReport(*key, median(km), len(km)) for key, km in sorted(found.items()))


def _times(path: Path) -> tuple[CrossingTime, ...]:
    found = []
    for row in _rows(path):
        crossing, mode = CROSSINGS[row["crossing"].split()[0]], Mode(row["mode"])
        moment = datetime.fromisoformat(f"{row['timestamp_kyiv']}+02:00")
        found.append(CrossingTime(crossing, mode, moment, float(row["reported_crossing_hours"])))
    return tuple(found)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
