"""Instances of the bus evacuation problem: read from text files, or drawn at random.

A file is read as J. Loyola Vitali published hers (*A GRASP for the bus evacuation problem*, IEEE CEC 2017;
github.com/jjloyola/bep-grasp); the publications before it (D. R. Bish, OR Spectrum 2011; M. Goerigk, B. Grün,
P. Heßler, Computers & OR 2013) describe their instances, but no files of theirs were found. Blank lines do
not count; numbers are whole, and depots and pick-ups numbered from 1 on, one after another::

    buses capacity                        of all depots; of one bus: people, or 1 if demand is in bus loads
    depots  buses of each …
    pick-ups  total demand  demand of each …
    shelters  total capacity  capacity of each …
    depot number  distance to each pick-up …          a line for each depot
    pick-up number  distance to each shelter …        a line for each pick-up; there and back the same
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import reduce
from math import gcd
from pathlib import Path

import instance_files
from instance_files import ENCODING, reason

from overland.errors import CaseError, Fault

BEST_KNOWN = (
    "best-known.csv"  # beside the instances: columns instance (name without .txt), value, proven (0, 1)
)


@dataclass(frozen=True)
class Instance:
    """A bus evacuation problem; distances are steps."""

    name: str
    capacity: int  # of a bus
    buses: tuple[int, ...]  # of each depot
    demand: tuple[int, ...]  # of each pick-up
    room: tuple[int, ...]  # of each shelter
    start: tuple[tuple[int, ...], ...]  # from each depot to each pick-up
    distance: tuple[tuple[int, ...], ...]  # between each pick-up and each shelter

    def in_loads(self) -> Instance:
        """The same problem with people counted in the largest parcels that nobody needs to split."""
        parcel = reduce(gcd, (*self.demand, *self.room), self.capacity)
        return Instance(
            self.name,
            self.capacity // parcel,
            self.buses,
            tuple(number // parcel for number in self.demand),
            tuple(number // parcel for number in self.room),
            self.start,
            self.distance,
        )

    def greedy(self) -> int:
        """Longest tour when the trip that ends first is made next, again and again, with all it can take."""
        waiting, room = list(self.demand), list(self.room)
        free = [(0, self.start[depot]) for depot, count in enumerate(self.buses) for _ in range(count)]
        back = list(zip(*self.distance, strict=True))
        longest = 0
        while any(waiting):
            end, bus, i, j = min(
                (since + way[i] + self.distance[i][j], bus, i, j)
                for bus, (since, way) in enumerate(free)
                for i, people in enumerate(waiting)
                for j, places in enumerate(room)
                if people and places
            )
            load = min(self.capacity, waiting[i], room[j])
            waiting[i] -= load
            room[j] -= load
            free[bus] = end, back[j]
            longest = max(longest, end)
        return longest


def read_folder(folder: Path, unit: int = 1) -> list[Instance]:
    """All instances of a folder (``*.txt``), by name.

    Raises
    ------
    CaseError
        If there are none, or one of them cannot be read.
    """
    files = sorted(folder.glob("*.txt"))
    if not files:
        raise CaseError([Fault(str(folder), None, "", "holds no instances; they are files named *.txt")])
    return [read_instance(file, unit) for file in files]


def read_best_known(folder: Path) -> dict[str, tuple[int, bool]]:
    """Best known longest tour of each instance, and whether it is proven; empty without the file."""
    wanted = "needs the columns instance, value (a whole number, not below 0) and proven (0 or 1)"
    return instance_files.read_best_known(folder / BEST_KNOWN, ("value", "proven"), _best_known, wanted)


def _best_known(texts: list[str]) -> tuple[int, bool]:
    value, proven = map(int, texts)
    if value < 0 or proven not in (0, 1):
        raise ValueError(texts)
    return value, proven == 1


def read_instance(path: Path, unit: int = 1) -> Instance:
    """Read one file.

    Parameters
    ----------
    unit : int
        Distance of one step; distances are rounded up to whole steps.

    Raises
    ------
    CaseError
        With the line at fault, and what would be right.
    """
    lines = _Lines(path)
    fleet, capacity = lines.record("buses and their capacity", 2)
    depots, *buses = lines.counted("depots and the buses of each", 1)
    lines.must(fleet == sum(buses), f"the depots have {sum(buses)} buses, not {fleet}")
    pick_ups, total, *demand = lines.counted("pick-ups, total demand and that of each", 2)
    lines.must(total == sum(demand), f"the demands add up to {sum(demand)}, not to {total}")
    lines.must(total > 0, "there is nobody to evacuate")
    shelters, total, *room = lines.counted("shelters, total capacity and that of each", 2)
    lines.must(total == sum(room), f"the capacities add up to {sum(room)}, not to {total}")
    lines.must(total >= sum(demand), f"{sum(demand)} people have only room for {total}")
    lines.must(sum(buses) > 0 and capacity > 0, "no bus can take anybody")
    start = [lines.distances("depot", k + 1, pick_ups) for k in range(depots)]
    distance = []
    for i in range(pick_ups):
        row = lines.distances("pick-up", i + 1, shelters)
        lines.must(min(row) > 0, "a shelter at no distance: it must be at least 1")
        distance.append(row)
    lines.end()

    def steps(rows: list[list[int]]) -> tuple[tuple[int, ...], ...]:
        return tuple(tuple(-(-number // unit) for number in row) for row in rows)

    return Instance(
        path.stem, capacity, tuple(buses), tuple(demand), tuple(room), steps(start), steps(distance)
    )


class _Lines:
    """Lines of whole numbers, one after another; what does not fit is an error that says where."""

    def __init__(self, path: Path) -> None:
        self._path, self._line = path, 0
        try:
            text = path.read_text(encoding=ENCODING)
        except (OSError, UnicodeDecodeError) as error:
            raise CaseError(
                [Fault(str(path), None, "", f"cannot be read as text: {reason(error)}")]
            ) from None
        self._rows = [(n, row.split()) for n, row in enumerate(text.splitlines(), start=1) if row.strip()]

    def must(self, holds: bool, message: str) -> None:
        if not holds:
            raise CaseError([Fault(str(self._path), self._line or None, "", message)])

    def record(self, what: str, length: int | None = None) -> list[int]:
        self.must(bool(self._rows), f"ends before the line with {what}")
        self._line, words = self._rows.pop(0)
        numbers = [int(word) for word in words if word.isascii() and word.isdigit()]
        self.must(len(numbers) == len(words), f"{what}: only whole numbers, none below 0")
        many = f"{what}: {length} numbers are due, not {len(words)}"
        self.must(length is None or len(words) == length, many)
        return numbers

    def counted(self, what: str, before: int) -> list[int]:
        numbers = self.record(what)
        self.must(numbers[0] > 0, f"{what}: at least one")
        due = before + numbers[0]
        self.must(len(numbers) == due, f"{what}: {due} numbers are due, not {len(numbers)}")
        return numbers

    def distances(self, what: str, due: int, count: int) -> list[int]:
        number, *found = self.record(f"{what} {due} and {count} distances", 1 + count)
        self.must(number == due, f"{what} {due} is due, not {number}")
        return found

    def end(self) -> None:
        if self._rows:
            self._line = self._rows[0][0]
        self.must(not self._rows, "more lines than pick-ups")


def random_instances(count: int, seed: int) -> list[Instance]:
    """Instances as the published random ones, some larger.

    One depot, demands of 1 to 5 bus loads, distances of 1 to 10, shelters for 1 to 10 loads (enlarged one by
    one until all find room), 5 to 20 pick-ups, 3 to 8 shelters, 2 to 6 buses.
    """
    draw = random.Random(seed)
    found = []
    for number in range(1, count + 1):
        pick_ups, shelters = draw.randint(5, 20), draw.randint(3, 8)
        demand = [draw.randint(1, 5) for _ in range(pick_ups)]
        room = [draw.randint(1, 10) for _ in range(shelters)]
        while sum(room) < sum(demand):
            room[draw.randrange(shelters)] += 1
        distance = [tuple(draw.randint(1, 10) for _ in range(shelters)) for _ in range(pick_ups)]
        start = tuple(draw.randint(1, 10) for _ in range(pick_ups))
        buses = (draw.randint(2, 6),)
        name = f"random-{seed}-{number:02d}"
        found.append(Instance(name, 1, buses, tuple(demand), tuple(room), (start,), tuple(distance)))
    return found
