"""Instances of the isolated community evacuation problem: read from folders, drawn at random, written.

A folder is read as K. F. Krutein published his (github.com/singfie/ICEP-exact-implementation, MIT licence;
branches ``deterministic-icep``, ``robust-icep``, ``rolling-horizon-icep``; the model is that of K. F. Krutein
and A. Goodchild, Transportation Research E 161, 2022). One folder is one instance, with CSV tables in
``input`` and ``incidences`` (or with a capital); of them these are read, and of these the columns named::

    input/vessels.csv               Vessel_name Regular_origin max_cap vmax v_loaded "loading time"
                                    "time to availability"        knots and minutes
    input/island docks.csv          Dock Location                 where people can board
    input/mainland docks.csv        Dock                          where they are safe
    input/vessel compatibility.csv  Dock Resource Compatibility   1: the vessel can use the dock
    input/scenarios.csv             Location private_evac Demand_0 … Demand_n
    incidences/zeta.csv             Origin Destination Distance   from where vessels start, nautical miles
    incidences/gamma.csv            Origin Destination Distance   from the island to the mainland, loaded
    incidences/delta.csv            Origin Destination Distance   back, empty

``Demand_0`` is the forecast when all begins, ``Demand_1`` … what is believed one interval after another, and
the last one the truth; it counts everybody of the location, also those who are out already. How long an
interval is stands in the name of the folder (``…_update_interval_15_…``: minutes). Who evacuates privately
does so at once.
"""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil, hypot, inf, sqrt
from operator import le
from pathlib import Path

from overland.errors import CaseError, Fault

BEST_KNOWN = "best-known.csv"  # beside the instances: columns instance, perfect, rolling, once (minutes)
SPREADS, INTERVALS, RATIOS = (0.2, 0.4, 0.6), (15, 30, 60), (2, 3, 4)  # of the published experiments


@dataclass(frozen=True)
class Vessel:
    """What carries people; speeds are knots, times minutes."""

    name: str
    origin: str  # where it is at first
    seats: int
    speed: float  # empty
    loaded_speed: float
    loading: float  # and as long for unloading
    available: float  # not before


@dataclass(frozen=True)
class Instance:
    """An isolated community evacuation problem, with what comes to be believed of its demand."""

    name: str
    vessels: tuple[Vessel, ...]
    location: dict[str, str]  # of each dock of the island
    safe: tuple[str, ...]  # docks of the mainland
    usable: frozenset[tuple[str, str]]  # vessel, dock
    start: dict[tuple[str, str], float]  # nautical miles from origin to dock of the island
    out: dict[tuple[str, str], float]  # from a dock of the island to one of the mainland
    back: dict[tuple[str, str], float]  # and from there to the island
    forecasts: tuple[dict[str, int], ...]  # people by location; the last one is true
    interval: int  # minutes from one forecast to the next

    @property
    def truth(self) -> dict[str, int]:
        """People of each location who have to be taken."""
        return self.forecasts[-1]

    @cached_property
    def locations(self) -> tuple[str, ...]:
        """Those that have somebody by some forecast."""
        found = dict.fromkeys(self.location.values())
        return tuple(a for a in found if any(forecast[a] for forecast in self.forecasts))

    def known(self) -> Instance:
        """The same with perfect information."""
        return replace(self, forecasts=self.forecasts[-1:])

    def docks(self, vessel: Vessel, location: str) -> list[str]:
        """Docks of a location that a vessel may do well to use."""
        return [b for b in self._useful[vessel.name][0] if self.location[b] == location]

    def havens(self, vessel: Vessel, dock: str) -> list[str]:
        """Docks of the mainland that a vessel may do well to go to from one of the island."""
        return [c for c in self._useful[vessel.name][1] if (dock, c) in self.out]

    @cached_property
    def _useful(self) -> dict[str, tuple[list[str], list[str]]]:
        """Docks of island and mainland by vessel, without those that another one is as good as in all ways."""
        return {vessel.name: self._useful_to(vessel) for vessel in self.vessels}

    def _useful_to(self, vessel: Vessel) -> tuple[list[str], list[str]]:
        safe = [c for c in self.safe if (vessel.name, c) in self.usable]
        docks = [
            b
            for b in self.location
            if (vessel.name, b) in self.usable and any((b, c) in self.out for c in safe)
        ]

        def way(miles: dict[tuple[str, str], float], start: str, end: str) -> float:
            return miles.get((start, end), inf)

        def by_dock(b: str) -> list[float]:
            ways = [(way(self.out, b, c), way(self.back, c, b)) for c in safe]
            return [way(self.start, vessel.origin, b), *(miles for pair in ways for miles in pair)]

        def by_haven(c: str) -> list[float]:
            return [m for b in docks for m in (way(self.out, b, c), way(self.back, c, b))]

        while True:
            before = len(docks) + len(safe)
            docks = [b for a in self.locations for b in _best(docks, by_dock, self.location, a)]
            safe = _best(safe, by_haven)
            if len(docks) + len(safe) == before:
                return docks, safe

    def first(self, vessel: Vessel, dock: str) -> float | None:
        """Minute at which a vessel can leave a dock of the island for the first time, loaded."""
        miles = self.start.get((vessel.origin, dock))
        if miles is None:
            return None
        return vessel.available + 60 * miles / vessel.speed + vessel.loading

    def crossing(self, vessel: Vessel, dock: str, haven: str) -> float:
        """Minutes from leaving the island until everybody is off the vessel."""
        return 60 * self.out[dock, haven] / vessel.loaded_speed + vessel.loading

    def again(self, vessel: Vessel, haven: str, dock: str) -> float | None:
        """Minutes from being empty on the mainland until leaving the island loaded."""
        miles = self.back.get((haven, dock))
        return None if miles is None else 60 * miles / vessel.speed + vessel.loading


def _best(
    docks: list[str], ways: Callable[[str], list[float]], location: dict[str, str] | None = None, at: str = ""
) -> list[str]:
    """Docks, of a location if there are any, to which no other is as near in all ways."""
    kept = [dock for dock in docks if location is None or location[dock] == at]
    for dock in list(kept):
        mine = ways(dock)
        if any(other != dock and all(map(le, ways(other), mine)) for other in kept):
            kept.remove(dock)
    return kept


def read_folder(folder: Path) -> list[Instance]:
    """All instances of a folder, by name: the folders in it, or the folder itself.

    Raises
    ------
    CaseError
        If there are none, or one of them cannot be read.
    """
    folders = sorted(path.parent for name in ("input", "Input") for path in folder.glob(f"*/{name}"))
    if not folders and any((folder / name).is_dir() for name in ("input", "Input")):
        folders = [folder]
    if not folders:
        wanted = "holds no instances; they are folders with the folders input and incidences in them"
        raise CaseError([Fault(str(folder), None, "", wanted)])
    return [read_instance(path) for path in dict.fromkeys(folders)]


def read_instance(folder: Path) -> Instance:
    """Read one instance.

    Raises
    ------
    CaseError
        With the file and line at fault, and what would be right.
    """
    islands = _Table(folder, "input", "island docks.csv").rows(Dock=str, Location=str)
    mainland = _Table(folder, "input", "mainland docks.csv").rows(Dock=str)
    vessels = _Table(folder, "input", "vessels.csv")
    compatible = _Table(folder, "input", "vessel compatibility.csv").rows(
        Dock=str, Resource=str, Compatibility=float
    )
    found = tuple(
        Vessel(row[0], row[1], int(row[2]), row[3], row[4], row[5], row[6])
        for row in vessels.rows(
            **{"Vessel_name": str, "Regular_origin": str, "max_cap": _above, "vmax": _above},
            **{"v_loaded": _above, "loading time": _number, "time to availability": _number},
        )
    )
    location = {dock: where for dock, where in islands}
    instance = Instance(
        name=folder.resolve().name,
        vessels=found,
        location=location,
        safe=tuple(dock for (dock,) in mainland),
        usable=frozenset((vessel, dock) for dock, vessel, can in compatible if can),
        start=_miles(folder, "zeta.csv"),
        out=_miles(folder, "gamma.csv"),
        back=_miles(folder, "delta.csv"),
        forecasts=_forecasts(folder, location),
        interval=_interval(folder),
    )
    for a in instance.locations:
        if not any(
            instance.first(vessel, b) is not None for vessel in found for b in instance.docks(vessel, a)
        ):
            raise CaseError([Fault(str(folder), None, "", f"no vessel can bring anybody from {a}")])
    return instance


def _miles(folder: Path, name: str) -> dict[tuple[str, str], float]:
    rows = _Table(folder, "incidences", name).rows(Origin=str, Destination=str, Distance=_number)
    return {(start, end): miles for start, end, miles in rows}


def _forecasts(folder: Path, location: dict[str, str]) -> tuple[dict[str, int], ...]:
    table = _Table(folder, "input", "scenarios.csv")
    count = sum(re.fullmatch(r"Demand_\d+", name) is not None for name in table.columns)
    if count == 0:
        table.fault(1, "Demand_0", "needs the columns Demand_0, Demand_1 …, one after another")
    columns: dict[str, Callable[[str], object]] = {"Location": str, "private_evac": _number}
    columns |= {f"Demand_{i}": _number for i in range(count)}
    found = tuple(dict.fromkeys(location.values(), 0) for _ in range(count))
    for line, (where, private, *people) in enumerate(table.rows(**columns), start=2):
        if where not in location.values():
            table.fault(line, "Location", f"{where} has no dock in island docks.csv")
        for forecast, number in zip(found, people, strict=True):
            forecast[where] = max(0, ceil(number - private))
    if not sum(found[-1].values()):
        table.fault(None, f"Demand_{count - 1}", "there is nobody to evacuate")
    return found


def _interval(folder: Path) -> int:
    found = re.search(r"update_interval_(\d+)", folder.resolve().name)
    return max(1, int(found.group(1))) if found else INTERVALS[0]


def _number(text: str) -> float:
    value = float(text)
    if not 0 <= value < 1e9:
        raise ValueError
    return value


def _above(text: str) -> float:
    if not (value := _number(text)):
        raise ValueError
    return value


class _Table:
    """A CSV table; what does not fit is an error that says where."""

    def __init__(self, folder: Path, part: str, name: str) -> None:
        self._path = folder / part / name
        if not self._path.exists():
            self._path = folder / part.capitalize() / name
        try:
            with self._path.open(encoding="utf-8-sig", newline="") as file:
                reader = csv.DictReader(file)
                self._rows = list(reader)
                self.columns = list(reader.fieldnames or ())
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            self.fault(None, "", f"cannot be read as a table: {error}")

    def fault(self, line: int | None, column: str, message: str) -> None:
        raise CaseError([Fault(str(self._path), line, column, message)])

    def rows(self, **columns: Callable[[str], object]) -> list[tuple]:
        for name in columns:
            if name not in self.columns:
                self.fault(1, name, f"is missing; the columns that are read are {', '.join(columns)}")
        found = []
        for line, row in enumerate(self._rows, start=2):
            values = []
            for name, read in columns.items():
                try:
                    values.append(read((row[name] or "").strip()))
                except ValueError:
                    self.fault(line, name, f"{row[name]!r} does not fit; a number is due, not below 0")
            found.append(tuple(values))
        if not found:
            self.fault(None, "", "is empty")
        return found


def read_best_known(folder: Path) -> dict[str, tuple[float | None, ...]]:
    """Published minutes of each instance: perfect information, rolling, once; empty without the file."""
    path = folder / BEST_KNOWN
    if not path.exists():
        return {}
    known: dict[str, tuple[float | None, ...]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            try:
                values = [row[column] for column in ("perfect", "rolling", "once")]
                known[row["instance"]] = tuple(float(text) if text else None for text in values)
            except (KeyError, TypeError, ValueError):
                wanted = "needs the columns instance, perfect, rolling and once (minutes, or empty)"
                raise CaseError([Fault(str(path), line, "", wanted)]) from None
    return known


def random_instances(count: int, seed: int) -> list[Instance]:
    """Instances in the manner of the published experiments.

    2 to 4 locations with one or two docks each and 2 or 3 docks on the mainland lie in a square of 12 nautical
    miles; 3 to 6 vessels of 12 to 300 seats, 11 to 25 knots, 3 to 10 minutes of loading, available within an
    hour, each able to use nine docks of ten. The people are 2, 3 or 4 times what all vessels carry at once,
    shared out at random (Dirichlet). Each forecast but the last is drawn by itself for each location: skew-normal
    (shape −2) around the truth with a scale of 0.2, 0.4 or 0.6 of it; so many of them that the truth is
    known after 2, 3 or 4 hours.
    """
    draw = random.Random(seed)
    return [_random_instance(draw, f"random-{seed}-{number:02d}") for number in range(1, count + 1)]


def _random_instance(draw: random.Random, name: str) -> Instance:
    location = {
        f"dock {i}{j}": f"location {i}" for i in range(draw.randint(2, 4)) for j in range(draw.randint(1, 2))
    }
    safe = tuple(f"haven {j}" for j in range(draw.randint(2, 3)))
    at = {dock: (draw.uniform(0, 12), draw.uniform(0, 12)) for dock in (*location, *safe)}

    def miles(starts: tuple[str, ...], ends: tuple[str, ...]) -> dict[tuple[str, str], float]:
        return {(a, b): round(0.5 + hypot(*(p - q for p, q in zip(at[a], at[b], strict=True))), 2)
                for a in starts for b in ends}  # fmt: skip

    vessels = tuple(_random_vessel(draw, f"vessel {k}", safe) for k in range(1, draw.randint(3, 6) + 1))
    usable = {(v.name, dock) for v in vessels for dock in at if draw.random() < 0.9}
    usable |= {(v.name, v.origin) for v in vessels} | {(vessels[0].name, dock) for dock in at}
    spread, interval, ratio = draw.choice(SPREADS), draw.choice(INTERVALS), draw.choice(RATIOS)
    parts = {a: draw.expovariate(1.0) for a in dict.fromkeys(location.values())}
    people = ratio * sum(vessel.seats for vessel in vessels)
    truth = {a: max(1, round(people * part / sum(parts.values()))) for a, part in parts.items()}
    forecasts = [
        {a: max(0, round(number * (1 + spread * _skew_normal(draw)))) for a, number in truth.items()}
        for _ in range(60 * ratio // interval)
    ]
    docks = tuple(location)
    return Instance(
        f"{name}_update_interval_{interval}", vessels, location, safe, frozenset(usable), miles(safe, docks),
        miles(docks, safe), miles(safe, docks), (*forecasts, truth), interval,
    )  # fmt: skip


def _random_vessel(draw: random.Random, name: str, safe: tuple[str, ...]) -> Vessel:
    speed = float(draw.randint(11, 25))
    seats, loading = draw.choice((12, 12, 40, 120, 250, 300)), float(draw.randint(3, 10))
    return Vessel(name, draw.choice(safe), seats, speed, speed, loading, round(draw.uniform(5, 60), 1))


def _skew_normal(draw: random.Random, shape: float = -2.0) -> float:
    lean = shape / sqrt(1 + shape * shape)
    return lean * abs(draw.gauss(0, 1)) + sqrt(1 - lean * lean) * draw.gauss(0, 1)


def write_instance(instance: Instance, folder: Path) -> None:
    """Write an instance as it is read."""
    tables: dict[str, list[tuple]] = {
        "input/vessels.csv": [
            ("Vessel_name", "Regular_origin", "max_cap", "vmax", "v_loaded", "loading time",
             "time to availability"),
            *((v.name, v.origin, v.seats, v.speed, v.loaded_speed, v.loading, v.available)
              for v in instance.vessels),
        ],
        "input/island docks.csv": [("Dock", "Location"), *instance.location.items()],
        "input/mainland docks.csv": [("Dock",), *((dock,) for dock in instance.safe)],
        "input/vessel compatibility.csv": [
            ("Dock", "Resource", "Compatibility"),
            *((dock, v.name, int((v.name, dock) in instance.usable))
              for v in instance.vessels for dock in (*instance.location, *instance.safe)),
        ],
        "input/scenarios.csv": [
            ("Location", "private_evac", *(f"Demand_{i}" for i in range(len(instance.forecasts)))),
            *((a, 0, *(forecast[a] for forecast in instance.forecasts)) for a in instance.truth),
        ],
    }  # fmt: skip
    for name, miles in (("zeta", instance.start), ("gamma", instance.out), ("delta", instance.back)):
        rows = [(*pair, number) for pair, number in miles.items()]
        tables[f"incidences/{name}.csv"] = [("Origin", "Destination", "Distance"), *rows]
    for name, lines in tables.items():
        path = folder / instance.name / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(lines)
