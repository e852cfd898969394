"""A flow and its proof as files, and back: what the checker needs besides the network.

- ``flow.csv``: arc, from, to, step, persons
- ``departures.csv``: source, step, arc, to, persons
- ``cuts.csv``: node, first, last, after — the node's copies at the steps first … last lie behind the cuts of
  all last steps of arrivals from ``step + after`` on; step -1 stands for those who wait
- ``out.csv``: step, out, most_out
- ``summary.json``: figures, and the number of the last cut
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from overland.errors import FlowError
from overland.plan.massflow.flow_network import FlowNetwork
from overland.plan.massflow.mass_flow import Cuts, MassFlow, Pattern

FLOW = ("arc", "from", "to", "step", "persons")
DEPARTURES = ("source", "step", "arc", "to", "persons")
CUTS = ("node", "first", "last", "after")
OUT = ("step", "out", "most_out")
FORMAT = "overland-mass-flow 1"
MOST_STEPS = 32_000


def figures(flow: MassFlow) -> dict[str, Any]:
    """What a flow achieves and what no flow can beat."""
    return {
        "people": flow.network.people,
        "clearance": flow.clearance,
        "clearance_bound": flow.clearance_bound,
        "total": flow.total,
        "bound": flow.bound,
        "mean": flow.mean,
        "out_50": flow.step_of_share(0.5),
        "out_95": flow.step_of_share(0.95),
        "gap": flow.gap,
    }


def write_records(flow: MassFlow, folder: Path) -> None:
    """Write a flow to a folder that is there."""
    network, pattern = flow.network, flow.pattern
    names = network.names
    columns = (pattern.arc.tolist(), pattern.enter.tolist(), pattern.persons.tolist())
    rows = [
        (arc, names[network.tail[arc]], names[network.head[arc]], step, persons)
        for arc, step, persons in zip(*columns, strict=True)
    ]
    _write(folder / "flow.csv", FLOW, rows)
    _write(
        folder / "departures.csv",
        DEPARTURES,
        [
            (names[v], step, arc, names[v if arc < 0 else network.head[arc]], n)
            for v, step, arc, n in pattern.first_arcs(network)
        ],
    )
    _write(folder / "cuts.csv", CUTS, ((names[v], *run) for v, *run in _runs(flow.cuts)))
    _write(
        folder / "out.csv",
        OUT,
        zip(range(len(flow.out)), flow.out.tolist(), flow.most_out.tolist(), strict=True),
    )
    about = {"format": FORMAT, "cuts_until": flow.cuts.until, **figures(flow)}
    (folder / "summary.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def read_records(network: FlowNetwork, folder: Path) -> tuple[Pattern, Cuts, dict[str, Any]]:
    """Read what :func:`write_records` has written; nothing of it is believed yet.

    Raises
    ------
    FlowError
        If a file is not there, cannot be read, or names what the network does not have.
    """
    number = {name: v for v, name in enumerate(network.names)}
    path = folder / "summary.json"
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
        until, known = int(about["cuts_until"]), about["format"] == FORMAT
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FlowError(
            f"{path}: this is not the summary of a mass flow; `overland massflow -o` writes one"
        ) from error
    if not known or not -1 <= until <= MOST_STEPS:
        raise FlowError(f"{path}: written by another version of Overland; plan again")
    flow = [row for _, row in _read(folder / "flow.csv", FLOW, number, network)]
    setting_out: dict[tuple[int, int], int] = {}
    for _, (v, step, _arc, _to, persons) in _read(folder / "departures.csv", DEPARTURES, number, network):
        setting_out[v, step] = setting_out.get((v, step), 0) + persons
    columns = np.array(flow, dtype=np.int64).reshape(-1, 5).T
    left = np.array([(v, t, n) for (v, t), n in setting_out.items()], dtype=np.int64).reshape(-1, 3).T
    return (
        Pattern(columns[0], columns[3], columns[4], *left),
        _cuts(network, folder / "cuts.csv", number, until),
        about,
    )


def _runs(cuts: Cuts) -> Iterator[tuple[int, int, int, int]]:
    """Node, first and last step, and how long after a step its copy lies behind the cut."""
    for v, row in enumerate(cuts.behind.tolist()):
        first = None
        after = 0
        for column, behind in enumerate((*row, -1)):
            step = column - 1
            if first is not None and (behind < 0 or behind - step != after or step == 0):
                yield v, first, step - 1, after
                first = None
            if behind >= 0 and first is None:
                first, after = step, behind - step


def _cuts(network: FlowNetwork, path: Path, number: dict[str, int], until: int) -> Cuts:
    behind = np.full((len(network), until + 2), -1, dtype=np.int16)
    for line, (v, first, last, after) in _read(path, CUTS, number, network):
        if not -1 <= first <= last <= until or not 0 <= first + after <= last + after <= until:
            raise FlowError(f"{path}:{line}: steps beyond the last cut, which is that of step {until}")
        behind[v, first + 1 : last + 2] = np.arange(first, last + 1) + after
    return Cuts(until, behind)


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _read(
    path: Path, header: Sequence[str], number: dict[str, int], network: FlowNetwork
) -> Iterator[tuple[int, list[int]]]:
    """Line and values of each row, nodes as numbers."""
    named = [i for i, name in enumerate(header) if name in ("from", "to", "source", "node")]
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            if next(rows, None) != list(header):
                raise FlowError(f"{path}:1: the first row must be: {','.join(header)}")
            for line, cells in enumerate(rows, start=2):
                yield line, _values(f"{path}:{line}", cells, header, named, number, network)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise FlowError(f"{path}: cannot be read: {reason}") from error


def _values(
    where: str,
    cells: list[str],
    header: Sequence[str],
    named: list[int],
    number: dict[str, int],
    network: FlowNetwork,
) -> list[int]:
    if len(cells) != len(header):
        raise FlowError(f"{where}: {len(cells)} cells; there must be {len(header)}: {','.join(header)}")
    try:
        row = [number[cell] if i in named else int(cell) for i, cell in enumerate(cells)]
    except KeyError as error:
        raise FlowError(f"{where}: the network has no node {error}") from error
    except ValueError as error:
        raise FlowError(f"{where}: a whole number is expected: {error}") from error
    if max(abs(value) for value in row) > 2**40:
        raise FlowError(f"{where}: a number is out of all bounds")
    if "arc" in header:
        arc = row[header.index("arc")]
        ends = (row[header.index("from" if "from" in header else "source")], row[header.index("to")])
        stays = arc == -1 and ends == (network.sink, network.sink)
        exists = 0 <= arc < len(network.tail) and (network.tail[arc], network.head[arc]) == ends
        if not stays and not exists:
            raise FlowError(f"{where}: the network's arc {arc} does not lead from and to these nodes")
    return row
