"""Load against capacity: crossings by mode and window, countries, reception centres."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from overland.case.model import Case, Mode
from overland.plan.border import borders_of
from overland.report.movements import Journey
from overland.report.words import MODES, country, day

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Cell:
    """One rate window of one crossing and mode."""

    start: int  # step
    end: int
    people: int
    limit: int  # 0: closed

    @property
    def share(self) -> float:
        """Load as a share of the capacity; one where people pass without any."""
        return self.people / self.limit if self.limit else float(self.people > 0)


@dataclass(frozen=True, slots=True)
class GateLoad:
    """Load of one mode of one crossing."""

    crossing: str
    name: str
    abroad: str
    country: str
    mode: str
    cells: tuple[Cell, ...]

    @property
    def people(self) -> int:
        """Persons who pass in the whole plan."""
        return sum(cell.people for cell in self.cells)

    @property
    def peak(self) -> float:
        """Greatest share of the capacity of a window that is used."""
        return max((cell.share for cell in self.cells), default=0.0)

    @property
    def full_hours(self) -> int:
        """Steps in windows used to 95 % or more."""
        return sum(cell.end - cell.start for cell in self.cells if cell.people and cell.share >= 0.95)


@dataclass(frozen=True, slots=True)
class CountryLoad:
    """Persons passing to one country against the limit the sponsor has set."""

    name: str
    people: int
    limit: int | None
    by_mode: dict[str, int]


@dataclass(frozen=True, slots=True)
class CentreLoad:
    """Intake of one reception centre by local day."""

    name: str
    country: str
    limit: int
    days: tuple[tuple[str, int], ...]

    @property
    def people(self) -> int:
        """Persons taken in over the whole plan."""
        return sum(people for _, people in self.days)

    @property
    def peak(self) -> int:
        """Intake of the busiest day."""
        return max((people for _, people in self.days), default=0)


def _passings(journeys: dict[str, Journey]) -> list[tuple[str, Mode, int, int]]:
    """Crossing, mode, step and persons of each group that gets across."""
    return [
        (last.destination, last.mode, last.passed, journey.size)
        for journey in journeys.values()
        if journey.stages and (last := journey.stages[-1]).passed is not None
    ]


def gate_loads(case: Case, journeys: dict[str, Journey]) -> list[GateLoad]:
    """Load of every mode of every crossing, in the order of the countries' and crossings' total load."""
    borders = borders_of(case)
    load = np.zeros_like(borders.limit)
    gates = {gate: g for g, gate in enumerate(borders.gates)}
    by_country: Counter[str] = Counter()
    by_crossing: Counter[str] = Counter()
    crossings = {crossing.id: crossing for crossing in case.crossings}
    for crossing, mode, step, people in _passings(journeys):
        load[gates[crossing, mode], borders.window[step]] += people
        by_crossing[crossing] += people
        by_country[crossings[crossing].country] += people
    starts = np.flatnonzero(np.diff(borders.window, prepend=-1)).tolist()
    ends = [*starts[1:], case.steps + 1]
    result = []
    for (key, mode), g in gates.items():
        crossing_row = crossings[key]
        cells = tuple(
            Cell(start, end, int(people), int(limit))
            for start, end, people, limit in zip(starts, ends, load[g], borders.limit[g], strict=True)
        )
        result.append(
            GateLoad(
                key,
                crossing_row.name,
                crossing_row.name_abroad,
                country(crossing_row.country),
                MODES[mode],
                cells,
            )
        )

    def rank(gate: GateLoad) -> tuple[int, str, int, str, int, str]:
        code = crossings[gate.crossing].country
        return (-by_country[code], code, -by_crossing[gate.crossing], gate.crossing, -gate.people, gate.mode)

    return sorted(result, key=rank)


def country_loads(case: Case, journeys: dict[str, Journey]) -> list[CountryLoad]:
    """Persons by country against the country's share, the busiest first."""
    crossings = {crossing.id: crossing.country for crossing in case.crossings}
    everybody = sum(group.size for group in case.groups)
    by_mode: dict[str, Counter[str]] = {code: Counter() for code in crossings.values()}
    for crossing, mode, _, people in _passings(journeys):
        by_mode[crossings[crossing]][MODES[mode]] += people
    share = case.policy.country_share
    loads = [
        CountryLoad(
            name=country(code),
            people=modes.total(),
            limit=int(share[code] * everybody + 1e-9) if code in share else None,
            by_mode={name: modes[name] for name in MODES.values()},
        )
        for code, modes in by_mode.items()
    ]
    return sorted(loads, key=lambda load: (-load.people, load.name))


def centre_loads(case: Case, journeys: dict[str, Journey]) -> list[CentreLoad]:
    """Intake of each reception centre by local day, the busiest first."""
    centre_of = {crossing.id: crossing.reception for crossing in case.crossings}
    days = list(dict.fromkeys(day(case.time_of(step), case.zone) for step in range(case.steps + 1)))
    intake: Counter[tuple[str, str]] = Counter()
    for crossing, _, step, people in _passings(journeys):
        intake[centre_of[crossing], day(case.time_of(step), case.zone)] += people
    loads = [
        CentreLoad(
            name=centre.name,
            country=country(centre.country),
            limit=centre.intake_per_day,
            days=tuple((label, intake[centre.id, label]) for label in days),
        )
        for centre in case.reception
    ]
    return sorted(loads, key=lambda load: (-load.people, load.name))
