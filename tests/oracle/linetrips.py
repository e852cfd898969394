"""Trips of lines: when they make their stops, and the rides they offer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from overland.case.model import Case, LineStop, Mode, Role

BY = {"foot": Mode.FOOT, "across": Mode.BUS}


@dataclass(frozen=True)
class Head:
    """One trip of a line, by one vehicle (by number)."""

    line: str
    carrier: int | None
    kinds: tuple[str, ...]
    nodes: tuple[str, ...]
    arrives: tuple[int, ...]
    leaves: tuple[int, ...]
    passed: tuple[int | None, ...]
    road: int
    free: int

    @property
    def origin(self) -> str:
        return self.nodes[0]

    @property
    def destination(self) -> str:
        return self.nodes[-1]

    @property
    def depart(self) -> int:
        return self.leaves[0]

    @property
    def filling(self) -> tuple[int, int]:
        """Stops of the ride that must be filled."""
        return max(i for i, kind in enumerate(self.kinds) if kind == "board"), len(self.nodes) - 1


def heads(
    case: Case,
    steps: Callable[[str, str, str, int], int],
    passing: Callable[[str, Mode, int], int | None],
    standing: tuple[int, int],
    up: Callable[[float], int],
    profile: str,
    carrier: int | None,
) -> Iterator[Head]:
    """Every trip of a line by one vehicle; ``standing`` is how long it stands to load and to unload."""
    lines: dict[str, list[LineStop]] = {}
    for row in case.lines:
        lines.setdefault(row.line, []).append(row)
    turn = {m.crossing: up(m.turnaround_hours * 60) for m in case.crossing_modes if m.mode is Mode.BUS}
    for name, stops in lines.items():
        nodes, kinds = tuple(s.stop for s in stops), tuple(str(s.kind) for s in stops)
        for start in range(case.steps):
            moment, arrives, leaves, road = start, [start], [start], 0
            for k in range(1, len(stops)):
                took = steps(profile, nodes[k - 1], nodes[k], moment) if moment < case.steps else -1
                if took < 0:
                    break
                road += took
                arrives.append(moment + took)
                moment += took + (standing[0] if kinds[k] == "board" else standing[1])
                leaves.append(moment)
            else:
                passed = tuple(
                    passing(n, BY[k], a) if k in BY else None
                    for n, k, a in zip(nodes, kinds, arrives, strict=True)
                )
                if kinds[-1] in BY and passed[-1] is None:
                    continue
                free = arrives[-1] + standing[1]
                if kinds[-1] == "across":
                    assert passed[-1] is not None
                    free = passed[-1] + turn[nodes[-1]]
                yield Head(
                    name, carrier, kinds, nodes, tuple(arrives), tuple(leaves[:-1]), passed, road, free
                )


def rides(case: Case, head: Head) -> Iterator[tuple[int, int]]:
    """Stops between which one can ride on a trip."""
    hubs = {p.id for p in case.places if Role.HUB in p.roles}
    for i, on in enumerate(head.kinds):
        for j, off in enumerate(head.kinds):
            if on != "board" or off == "board" or (off == "hub" and head.nodes[i] in hubs):
                continue
            if off == "hub" or head.passed[j] is not None:
                yield i, j
