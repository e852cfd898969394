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

from overland.case.model import PASSED_BY, Case, Convoy, Mode, Role
from overland.roads import RoadTimes
from overland.verify.borders import Borders
from overland.verify.lines import Lines
from overland.verify.rounding import whole
from overland.verify.timetable import Timetable

NEVER = -1


class Ways:
    """The last step at which one can leave a place and still pass a crossing, with every limit dropped.

    Vehicles are everywhere: a trip of a fleet needs only a road that its crew can drive without a rest.
    """

    def __init__(
        self,
        case: Case,
        times: RoadTimes,
        borders: Borders,
        timetable: Timetable,
        convoys: tuple[Convoy, ...],
        lines: Lines,
    ) -> None:
        self._case = case
        self._times = times
        self._convoys = convoys
        self._lines = lines
        self._borders = borders
        # (from, to) → steps of boarding and alighting, and access
        self._stretches: dict[tuple[str, str], list[tuple[int, int, frozenset[str]]]] = defaultdict(list)
        for run in timetable.runs():
            for i, j in combinations(range(len(run.calls)), 2):
                here, there = run.calls[i], run.calls[j]
                if run.stretch(here.stop, there.stop) == (i, j):
                    call = here.board, there.alight, run.service.access
                    self._stretches[here.stop, there.stop].append(call)
        self._change = case.steps_of_hours(case.policy.hub_change_minutes / 60)
        self._hubs = {place.id for place in case.places if Role.HUB in place.roles}
        self._crossings = {crossing.id: crossing.country for crossing in case.crossings}
        self._drivable: dict[tuple[str, frozenset[str]], int] = {}  # profile, access → steps a crew can drive
        for fleet in case.fleets:
            if fleet.count > 0:
                kind = (times.profile_of(fleet), fleet.access)
                longest = max(1, whole(fleet.max_driving_hours * 60 / case.step_minutes))
                self._drivable[kind] = max(longest, self._drivable.get(kind, 0))
        self._tables: dict[tuple[str, str], NDArray[np.int16]] = {}
        self._by_car: dict[tuple[str, str], int] = {}
        self._direct: dict[tuple[str, str, bool, frozenset[str]], int] = {}
        self._rides: dict[tuple[str, frozenset[str], bool, frozenset[str]], int] = {}

    def last_by_car(self, place: str, countries: Iterable[str]) -> int:
        """Last step at which an own car can leave for one of these countries; NEVER if there is none."""
        admitted = frozenset(countries)
        return max((self._car(place, x) for x in self._leading_to(admitted)), default=NEVER)

    def last_ride(self, place: str, countries: Iterable[str], *, walks: bool, needs: frozenset[str]) -> int:
        """Last step at which a rider can leave for one of these countries; NEVER if there is none."""
        admitted = frozenset(countries)
        key = (place, admitted, walks, needs)
        if key not in self._rides:
            last = self.last_direct(place, admitted, walks=walks, needs=needs)
            if place not in self._hubs:
                for hub in self._hubs:
                    onward = self.last_direct(hub, admitted, walks=walks, needs=needs) - self._change
                    last = max(last, self._last_to_hub(place, hub, onward, needs))
            self._rides[key] = last
        return self._rides[key]

    def _leading_to(self, countries: frozenset[str]) -> list[str]:
        return [x for x, country in self._crossings.items() if country in countries]

    def last_direct(
        self, place: str, countries: frozenset[str], *, walks: bool, needs: frozenset[str]
    ) -> int:
        """Last step at which a rider can leave for a crossing, without a change; NEVER if there is none."""
        crossings = self._leading_to(countries)
        return max((self._to_crossing(place, x, walks, needs) for x in crossings), default=NEVER)

    def _crews(self, needs: frozenset[str]) -> list[tuple[str, int]]:
        """Profiles of vehicles that can take some needs, and how long crews of such vehicles can drive."""
        return [
            (profile, longest) for (profile, access), longest in self._drivable.items() if needs <= access
        ]

    def _car(self, place: str, crossing: str) -> int:
        key = (place, crossing)
        if key not in self._by_car:
            self._by_car[key] = self._last_departure("car", place, crossing, self._case.steps, [Mode.CAR])
        return self._by_car[key]

    def _to_crossing(self, place: str, crossing: str, walks: bool, needs: frozenset[str]) -> int:
        key = (place, crossing, walks, needs)
        if key not in self._direct:
            modes = [Mode.BUS, Mode.FOOT] if walks else [Mode.BUS]
            trips = [
                self._last_departure(profile, place, crossing, longest, modes)
                for profile, longest in self._crews(needs)
            ]
            rides = [*self._rail(place, crossing, needs), *self._escorted(place, crossing, modes, needs)]
            for mode in modes:
                rides += [step for step, _ in self._on_lines(place, crossing, mode, needs)]
            self._direct[key] = max([NEVER, *trips, *rides])
        return self._direct[key]

    def _escorted(self, place: str, crossing: str, modes: list[Mode], needs: frozenset[str]) -> Iterable[int]:
        """Steps at which convoys leave that one can pass a crossing with."""
        for step, road in self._convoy_roads(place, crossing, needs):
            if any(self._borders.passing((crossing, mode), step + road) is not None for mode in modes):
                yield step

    def _convoy_roads(self, place: str, node: str, needs: frozenset[str]) -> Iterable[tuple[int, int]]:
        """Steps at which convoys leave a place, and how long each drives to a node."""
        for convoy in self._convoys:
            step = self._case.step_of(convoy.departs, up=True)
            if convoy.place == place and 0 <= step < self._case.steps:
                for profile, longest in self._crews(needs):
                    road = self._times.steps(f"{profile}+{convoy.corridor}", place, node, step)
                    if 0 <= road <= longest:
                        yield step, road

    def _on_lines(
        self, place: str, node: str, mode: Mode | None, needs: frozenset[str]
    ) -> Iterable[tuple[int, int]]:
        """Steps at which trips of lines leave a place, and when those who get off at a node are there.

        At a crossing, they can pass it in time.
        """
        for line, stops in self._lines.stops.items():
            for i, j in self._lines.rides(line):
                if (stops[i].stop, stops[j].stop, PASSED_BY.get(stops[j].kind)) != (place, node, mode):
                    continue
                for profile, longest in self._crews(needs):
                    for run in self._lines.runs(profile, line):
                        if run is not None and run.driven <= longest and run.until(j, stops) is not None:
                            yield run.leaves[i], run.arrives[j]

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

    def _rides_between(self, place: str, node: str, needs: frozenset[str]) -> Iterable[tuple[int, int]]:
        """Steps of boarding and alighting of runs that can take some needs."""
        for board, alight, access in self._stretches.get((place, node), ()):
            if needs <= access:
                yield board, alight

    def _rail(self, place: str, crossing: str, needs: frozenset[str]) -> Iterable[int]:
        way = (crossing, Mode.RAIL)
        for board, alight in self._rides_between(place, crossing, needs):
            if board >= 0 and alight <= self._case.steps and self._borders.passing(way, alight) is not None:
                yield board

    def _last_to_hub(self, place: str, hub: str, deadline: int, needs: frozenset[str]) -> int:
        """Last step at which one can leave a place to be at a hub by a step."""
        last = NEVER
        for board, alight in self._rides_between(place, hub, needs):
            if alight <= deadline:
                last = max(last, board)
        for step, road in self._convoy_roads(place, hub, needs):
            if step + road <= deadline:
                last = max(last, step)
        for step, arrive in self._on_lines(place, hub, None, needs):
            if arrive <= deadline:
                last = max(last, step)
        for profile, longest in self._crews(needs):
            roads = self._roads(profile, place, hub)
            steps = np.arange(len(roads))
            fits = (roads >= 0) & (roads <= longest) & (steps + roads <= deadline)
            last = max([last, *np.flatnonzero(fits)[-1:].tolist()])
        return last
