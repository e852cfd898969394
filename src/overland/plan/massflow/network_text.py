"""Flow networks as text files, a record a line, as the public evacuation networks are written.

% anything                        a remark
V node people [x y]               a node and the people there (fewer than 0: a sink); the place is not read
S node people                     people at a node
R node step                       first step at which the people of a node may leave (0 if not given)
T node people                     a sink; it must have room for all who may come
E from to capacity transit        a one-way road: persons a step, steps
N, TIME, SCALE number             number of nodes (checked); horizon and unit (not used)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from overland.case.faults import FaultLog, shown
from overland.case.textfile import LineTooLongError, open_text
from overland.errors import FlowError
from overland.plan.massflow.flow_network import MOST_PEOPLE, MOST_STEPS, FlowNetwork

RECORDS = {
    "V": "V node people [x y]",
    "S": "S node people",
    "R": "R node step",
    "T": "T node people",
    "E": "E from to capacity transit",
    "N": "N number",
    "TIME": "TIME steps",
    "SCALE": "SCALE number",
}
FIELDS = {"V": (2, 4), "S": (2,), "R": (2,), "T": (2,), "E": (4,), "N": (1,), "TIME": (1,), "SCALE": (1,)}


@dataclass(slots=True)
class _Read:
    file: str
    log: FaultLog
    number: dict[str, int] = field(default_factory=dict)
    arcs: list[tuple[int, int, int, int]] = field(default_factory=list)
    supply: dict[int, int] = field(default_factory=dict)
    release: dict[int, int] = field(default_factory=dict)
    room: dict[int, int] = field(default_factory=dict)
    room_line: dict[int, int] = field(default_factory=dict)
    nodes: tuple[int, int] | None = None  # number said, line

    def node(self, name: str) -> int:
        return self.number.setdefault(name, len(self.number))

    def fault(self, line: int | None, column: str, message: str) -> None:
        self.log.add(self.file, line, column, column or "record", message)


def read_flow_network(path: Path) -> FlowNetwork:
    """Read a flow network.

    Raises
    ------
    FlowError
        Naming all faults with their lines, or what makes no sense as a whole.
    """
    log = FaultLog()
    read = _Read(path.name, log)
    file = open_text(path.parent, path.name, log, required=False)
    if file is None and not log.total:
        raise FlowError(f"{path}: there is no such file")
    if file is not None:
        try:
            for line, text in enumerate(file.lines(), start=1):
                _read_record(read, line, text)
        except LineTooLongError:
            read.fault(None, "", "a line is longer than a million characters; this is not a flow network")
        _check_whole(read)
    if log.total:
        raise FlowError("\n".join(f"{path}{str(fault)[len(path.name) :]}" for fault in log.listed()))
    try:
        return FlowNetwork.of(tuple(read.number), read.arcs, read.supply, list(read.room), read.release)
    except FlowError as error:
        raise FlowError(f"{path}: {error}") from error


def write_flow_network(network: FlowNetwork, path: Path) -> None:
    """Write a flow network, so that reading it gives the same one."""
    lines = ["% flow network of overland: persons a step, steps", f"N {len(network)}"]
    lines += [
        f"V {name} {people}" for name, people in zip(network.names, network.supply.tolist(), strict=True)
    ]
    lines += [f"R {network.names[v]} {step}" for v, step in enumerate(network.release.tolist()) if step]
    lines.append(f"T {network.names[network.sink]} {network.people}")
    columns = (
        network.tail.tolist(),
        network.head.tolist(),
        network.capacity.tolist(),
        network.transit.tolist(),
    )
    lines += [
        f"E {network.names[u]} {network.names[v]} {capacity} {transit}"
        for u, v, capacity, transit in zip(*columns, strict=True)
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _read_record(read: _Read, line: int, text: str) -> None:
    kind, *fields = text.split("%", 1)[0].split() or [""]
    if not kind:
        return
    if kind not in RECORDS:
        known = ", ".join(RECORDS)
        read.fault(line, "", f"{shown(kind)} is not a kind of record; there are {known}, and % for remarks")
    elif len(fields) not in FIELDS[kind]:
        read.fault(line, kind, f"has {len(fields)} values; a line is: {RECORDS[kind]}")
    else:
        _KINDS[kind](read, line, fields)


def _whole(read: _Read, line: int, column: str, text: str, lowest: int, most: int) -> int | None:
    try:
        value = int(text)
    except ValueError:
        read.fault(line, column, f"{shown(text)} is not a whole number")
        return None
    if not lowest <= value <= most:
        read.fault(line, column, f"{value:,} is not between {lowest:,} and {most:,}")
        return None
    return value


def _people(read: _Read, line: int, name: str, people: int) -> None:
    v = read.node(name)
    if people < 0:
        _sink(read, line, v, -people)
    elif people and read.supply.setdefault(v, people) != people:
        read.fault(
            line,
            "people",
            f"{people:,} people at {shown(name)}, where an earlier line has {read.supply[v]:,}",
        )


def _sink(read: _Read, line: int, v: int, people: int) -> None:
    read.room_line.setdefault(v, line)
    read.room[v] = max(people, read.room.get(v, 0))


def _read_v(read: _Read, line: int, fields: list[str]) -> None:
    if (people := _whole(read, line, "people", fields[1], -MOST_PEOPLE, MOST_PEOPLE)) is not None:
        _people(read, line, fields[0], people)


def _read_s(read: _Read, line: int, fields: list[str]) -> None:
    if (people := _whole(read, line, "people", fields[1], 0, MOST_PEOPLE)) is not None:
        _people(read, line, fields[0], people)


def _read_r(read: _Read, line: int, fields: list[str]) -> None:
    if (step := _whole(read, line, "step", fields[1], 0, MOST_STEPS)) is not None:
        read.release[read.node(fields[0])] = step


def _read_t(read: _Read, line: int, fields: list[str]) -> None:
    if (people := _whole(read, line, "people", fields[1], 0, 2**62)) is not None:
        _sink(read, line, read.node(fields[0]), people)


def _read_e(read: _Read, line: int, fields: list[str]) -> None:
    capacity = _whole(read, line, "capacity", fields[2], 0, 2**62)
    transit = _whole(read, line, "transit", fields[3], 0, MOST_STEPS)
    if capacity is not None and transit is not None:
        read.arcs.append((read.node(fields[0]), read.node(fields[1]), capacity, transit))


def _read_n(read: _Read, line: int, fields: list[str]) -> None:
    if (nodes := _whole(read, line, "N", fields[0], 1, 2**31)) is not None:
        read.nodes = nodes, line


def _pass_over(_read: _Read, _line: int, _fields: list[str]) -> None:
    pass


_KINDS: dict[str, Callable[[_Read, int, list[str]], None]] = {
    "V": _read_v,
    "S": _read_s,
    "R": _read_r,
    "T": _read_t,
    "E": _read_e,
    "N": _read_n,
    "TIME": _pass_over,
    "SCALE": _pass_over,
}


def _check_whole(read: _Read) -> None:
    """What no line shows by itself."""
    if read.nodes is not None and read.nodes[0] != len(read.number):
        read.fault(read.nodes[1], "N", f"says {read.nodes[0]:,} nodes; the file has {len(read.number):,}")
    people = sum(n for v, n in read.supply.items() if v not in read.room)
    names = list(read.number)
    for v, room in read.room.items():
        if room < people:
            message = (
                f"sink {shown(names[v])} has room for {room:,} of {people:,} people; a limit on all who ever "
                "come is not planned here: give it room for all, or put a narrow road before it"
            )
            read.fault(read.room_line[v], "people", message)
