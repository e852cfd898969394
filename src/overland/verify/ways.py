"""Who can get out at all: an exhaustive search for the last step at which one can still leave a place.

A way exists for a group exactly if it is ready by that step, so one number for each place and kind of
traveller answers for everybody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from overland.case.model import Case, Mode, Role
from overland.roads import RoadTimes
from overland.verify.borders import Borders
from overland.verify.rounding import whole
from overland.verify.timetable import Timetable

NEVER = -1


class Ways:
    """The last step at which one can leave a place and still pass a crossing, with every limit dropped.

    Vehicles are everywhere: a trip of a fleet needs only a road that its crew can drive without a rest.
    """

    def __init__(self, case: Case, times: RoadTimes, borders: Borders, timetable: Timetable) -> None:
        self._case = case
        self._times = times
        self._borders = borders
        self._stretches: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
        for run in timetable.runs():  # (from, to) → steps of boarding and alighting
            for i, j in combinations(range(len(run.calls)), 2):
                here, there = run.calls[i], run.calls[j]
                if run.stretch(here.stop, there.stop) == (i, j):
                    self._stretches[here.stop, there.stop].append((here.board, there.alight))
        self._change = case.steps_of_hours(case.policy.hub_change_minutes / 60)
        self._hubs = {place.id for place in case.places if Role.HUB in place.roles}
        self._crossings = {crossing.id: crossing.country for crossing in case.crossings}
        self._drivable: dict[str, int] = {}  # profile → road steps that some crew can drive
        for fleet in case.fleets:
            if fleet.count > 0:
                profile = times.profile_of(fleet)
                longest = max(1, whole(fleet.max_driving_hours * 60 / case.step_minutes))
                self._drivable[profile] = max(longest, self._drivable.get(profile, 0))
        self._tables: dict[tuple[str, str], NDArray[np.int16]] = {}
        self._by_car: dict[tuple[str, str], int] = {}
        self._direct: dict[tuple[str, str, bool], int] = {}
        self._rides: dict[tuple[str, frozenset[str], bool], int] = {}

    def last_by_car(self, place: str, countries: Iterable[str]) -> int:
        """Last step at which an own car can leave for one of these countries; NEVER if there is none."""
        admitted = frozenset(countries)
        return max((self._car(place, x) for x in self._leading_to(admitted)), default=NEVER)

    def last_ride(self, place: str, countries: Iterable[str], *, walks: bool) -> int:
        """Last step at which a rider can leave for one of these countries; NEVER if there is none."""
        admitted = frozenset(countries)
        key = (place, admitted, walks)
        if key not in self._rides:
            last = self.last_direct(place, admitted, walks=walks)
            if place not in self._hubs:
                for hub in self._hubs:
                    onward = self.last_direct(hub, admitted, walks=walks) - self._change
                    last = max(last, self._last_to_hub(place, hub, onward))
            self._rides[key] = last
        return self._rides[key]

    def _leading_to(self, countries: frozenset[str]) -> list[str]:
        return [x for x, country in self._crossings.items() if country in countries]

    def last_direct(self, place: str, countries: frozenset[str], *, walks: bool) -> int:
        """Last step at which a rider can leave for a crossing, without a change; NEVER if there is none."""
        return max((self._to_crossing(place, x, walks) for x in self._leading_to(countries)), default=NEVER)

    def _car(self, place: str, crossing: str) -> int:
        key = (place, crossing)
        if key not in self._by_car:
            self._by_car[key] = self._last_departure("car", place, crossing, self._case.steps, [Mode.CAR])
        return self._by_car[key]

    def _to_crossing(self, place: str, crossing: str, walks: bool) -> int:
        key = (place, crossing, walks)
        if key not in self._direct:
            modes = [Mode.BUS, Mode.FOOT] if walks else [Mode.BUS]
            trips = [
                self._last_departure(profile, place, crossing, longest, modes)
                for profile, longest in self._drivable.items()
            ]
            self._direct[key] = max([NEVER, *trips, *self._rail(place, crossing)])
        return self._direct[key]

    def _last_departure(
        self, profile: str, place: str, crossing: str, longest: int, modes: list[Mode]
    ) -> int:
        ways = [(crossing, mode) for mode in modes if (crossing, mode) in self._borders.modes]
        if not ways:
            return NEVER
        roads = self._roads(profile, place, crossing)
        for step in np.flatnonzero((roads >= 0) & (roads <= longest))[::-1].tolist():
            arrival = step + int(roads[step])
            if any(self._borders.passing(way, arrival) is not None for way in ways):
                return int(step)
        return NEVER

    def _roads(self, profile: str, place: str, node: str) -> NDArray[np.int16]:
        """Road steps by departure step; -1 where there is no way."""
        if (profile, place) not in self._tables:
            self._tables[profile, place] = self._times.table(profile, place)
        roads: NDArray[np.int16] = self._tables[profile, place][:, self._times.index[node]]
        return roads

    def _rail(self, place: str, crossing: str) -> Iterable[int]:
        way = (crossing, Mode.RAIL)
        for board, alight in self._stretches.get((place, crossing), ()):
            if board >= 0 and alight <= self._case.steps and self._borders.passing(way, alight) is not None:
                yield board

    def _last_to_hub(self, place: str, hub: str, deadline: int) -> int:
        """Last step at which one can leave a place to be at a hub by a step."""
        last = NEVER
        for board, alight in self._stretches.get((place, hub), ()):
            if alight <= deadline:
                last = max(last, board)
        for profile, longest in self._drivable.items():
            roads = self._roads(profile, place, hub)
            steps = np.arange(len(roads))
            fits = (roads >= 0) & (roads <= longest) & (steps + roads <= deadline)
            last = max([last, *np.flatnonzero(fits)[-1:].tolist()])
        return last
