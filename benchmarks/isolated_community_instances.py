"""Instances of the isolated community evacuation problem, read from folders.

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
interval is stands in the name of the folder (``…_update_interval_15_…``: minutes; 15 if it does not). Who
evacuates privately does so at once.

The experiments of rolling plans are the folders of ``dissertation_test_D1`` and ``_D2`` in the branches. What
was published for them, ``evac_time_true`` of the models D-ICEP BENCHMARK, RH-ICEP and D-ICEP in
``dissertation_experiment_results/result_summary_all_after_changes.csv`` of ``deterministic-icep``, may stand
beside them in ``best-known.csv``, with the columns instance, perfect, rolling and once (minutes).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil, inf
from operator import le
from pathlib import Path

import instance_files
from instance_files import not_negative
from isolated_community_tables import Table, above_zero, from_zero, whole_above_zero

from overland.errors import CaseError, Fault

BEST_KNOWN = "best-known.csv"  # beside the instances: columns instance, perfect, rolling, once (minutes)
INTERVAL = 15  # minutes, where the name of the folder does not say


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
        """Docks of island and mainland by vessel, but those that another one is as near as in all ways."""
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
    islands = Table(folder, "input", "island docks.csv").rows(Dock=str, Location=str)
    mainland = Table(folder, "input", "mainland docks.csv").rows(Dock=str)
    vessels = Table(folder, "input", "vessels.csv")
    compatible = Table(folder, "input", "vessel compatibility.csv").rows(
        Dock=str, Resource=str, Compatibility=from_zero
    )
    found = tuple(
        Vessel(*row)
        for row in vessels.rows(
            **dict.fromkeys(("Vessel_name", "Regular_origin"), str),
            max_cap=whole_above_zero,
            **dict.fromkeys(("vmax", "v_loaded"), above_zero),
            **dict.fromkeys(("loading time", "time to availability"), from_zero),
        )
    )
    location = dict(islands)
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
    rows = Table(folder, "incidences", name).rows(Origin=str, Destination=str, Distance=from_zero)
    return {(start, end): miles for start, end, miles in rows}


def _forecasts(folder: Path, location: dict[str, str]) -> tuple[dict[str, int], ...]:
    table = Table(folder, "input", "scenarios.csv")
    count = sum(re.fullmatch(r"Demand_\d+", name) is not None for name in table.columns)
    if count == 0:
        table.fault(1, "Demand_0", "needs the columns Demand_0, Demand_1 …, one after another")
    columns: dict[str, Callable[[str], object]] = {"Location": str, "private_evac": from_zero}
    columns |= {f"Demand_{i}": from_zero for i in range(count)}
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
    return max(1, int(found.group(1))) if found else INTERVAL


def read_best_known(folder: Path) -> dict[str, tuple[float | None, ...]]:
    """Published minutes of each instance: perfect information, rolling, once; empty without the file."""
    wanted = "needs the columns instance, perfect, rolling and once (minutes not below 0, or empty)"
    return instance_files.read_best_known(
        folder / BEST_KNOWN, ("perfect", "rolling", "once"), _minutes, wanted
    )


def _minutes(texts: list[str]) -> tuple[float | None, ...]:
    return tuple(not_negative(text) if text else None for text in texts)
