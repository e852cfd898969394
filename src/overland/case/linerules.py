"""What must hold between the stops of a line of our own vehicles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Protocol

from overland.case.findings import Finding
from overland.case.model import PASSED_BY, CrossingMode, LineStop, Mode, Place, Role, StopKind

MOST_STOPS = 6
"""Of one line: more would be a timetable, and the search could not decide well who gets on where."""

Numbered = list[tuple[int, LineStop]]


class _Stop(Protocol):
    @property
    def sequence(self) -> int: ...
    @property
    def stop(self) -> str: ...


def check_sequence(
    table: str, stops: Sequence[tuple[int, _Stop]], whose: str, verb: str
) -> Iterator[Finding]:
    """Check that the stops of a line or service are listed in their order, and none twice.

    Parameters
    ----------
    table : str
        Table of the stops.
    stops : sequence of (int, stop)
        Rows of one line or service, with their numbers in the table.
    whose, verb : str
        The line or service, and what it does at its stops.
    """
    seen: set[str] = set()
    for index, row in stops:
        if row.stop in seen:
            yield Finding(table, index, "stop", f"{whose} {verb} {row.stop} twice")
        seen.add(row.stop)
    for (_, earlier), (index, later) in pairwise(stops):
        if later.sequence <= earlier.sequence:
            message = f"must be more than {earlier.sequence}, the stop before; write the stops in their order"
            yield Finding(table, index, "sequence", message)


def check_lines(
    rows: Sequence[LineStop], places: Sequence[Place], modes: Sequence[CrossingMode]
) -> Iterator[Finding]:
    """Check every line: enough stops in order, people get on first and then off, where they can."""
    roles = {place.id: place.roles for place in places}
    passable = {(row.crossing, row.mode) for row in modes}
    lines: dict[str, Numbered] = {}
    for index, row in enumerate(rows):
        lines.setdefault(row.line, []).append((index, row))
    for stops in lines.values():
        yield from _check_number(stops)
        yield from _check_order(stops)
        misplaced = {index: text for index, row in stops if (text := _misplaced(row, roles, passable))}
        for index, message in misplaced.items():
            yield Finding("lines", index, "stop", message)
        at_hubs = {index for index, row in stops if Role.HUB in roles.get(row.stop, frozenset())}
        yield from _check_filling(stops, at_hubs)
        if not misplaced and _gets_on_first(stops):
            yield from _check_rides(stops, at_hubs)


def _check_number(stops: Numbered) -> Iterator[Finding]:
    index, first = stops[0]
    if not 3 <= len(stops) <= MOST_STOPS:
        message = (
            f"{first.line} has {len(stops)} stops; a line has 3 to {MOST_STOPS} "
            "(from one place to one destination a bus may go without a line)"
        )
        yield Finding("lines", index, "line", message)


def _check_order(stops: Numbered) -> Iterator[Finding]:
    yield from check_sequence("lines", stops, stops[0][1].line, "stops at")
    for (_, earlier), (index, later) in pairwise(stops):
        if earlier.kind is not StopKind.BOARD and later.kind is StopKind.BOARD:
            message = f"nobody gets on after {earlier.stop}, where people get off; put this stop before it"
            yield Finding("lines", index, "kind", message)
        if earlier.kind is StopKind.ACROSS:
            message = f"the vehicle has crossed at {earlier.stop}; across is only for the last stop"
            yield Finding("lines", index, "kind", message)
    first, last = stops[0], stops[-1]
    if first[1].kind is not StopKind.BOARD:
        yield Finding("lines", first[0], "kind", f"must be board at the first stop, not {first[1].kind}")
    if last[1].kind is StopKind.BOARD:
        yield Finding("lines", last[0], "kind", "must be hub, foot or across at the last stop, not board")


def _misplaced(
    row: LineStop, roles: dict[str, frozenset[Role]], passable: set[tuple[str, Mode]]
) -> str | None:
    """Why people cannot get on or off at a stop; None if they can."""
    if row.kind in PASSED_BY:
        mode = PASSED_BY[row.kind]
        if row.stop in roles:
            return f"{row.stop} is a place; people get across ({row.kind}) only at a crossing"
        if (row.stop, mode) not in passable:
            return f"crossing_modes.csv has no row for {row.stop} and {mode}"
        return None
    if row.stop not in roles:
        return f"{row.stop} is a crossing; there people get off (foot, or across)"
    if row.kind is StopKind.HUB and Role.HUB not in roles[row.stop]:
        return f"{row.stop} is no hub; people can change only where places.csv says hub"
    return None


def _check_filling(stops: Numbered, at_hubs: set[int]) -> Iterator[Finding]:
    """Who boards last is to go to the last stop: from a hub that must be a crossing."""
    index, last = stops[-1]
    if boarding := _unfilled(stops, at_hubs):
        message = f"from the hub {boarding[1].stop} one goes only to a crossing, not to {last.stop}"
        yield Finding("lines", index, "stop", message)


def _unfilled(stops: Numbered, at_hubs: set[int]) -> tuple[int, LineStop] | None:
    """The last stop where people get on, if they cannot go from there to the last stop of all."""
    boarding = [(index, row) for index, row in stops if row.kind is StopKind.BOARD]
    if boarding and stops[-1][1].kind is StopKind.HUB and boarding[-1][0] in at_hubs:
        return boarding[-1]
    return None


def _gets_on_first(stops: Numbered) -> bool:
    """Whether people get on at the first stops and off at the others; if not, rides cannot be judged."""
    boards = [row.kind is StopKind.BOARD for _, row in stops]
    return boards[0] and not boards[-1] and boards == sorted(boards, reverse=True)


def _check_rides(stops: Numbered, at_hubs: set[int]) -> Iterator[Finding]:
    """Some ride begins or ends at each stop: there is none from hub to hub.

    Nothing more is said of the two stops of the filling ride where that is none already.
    """
    unfilled = _unfilled(stops, at_hubs)
    said = {unfilled[0], stops[-1][0]} if unfilled else set()
    crosses = any(row.kind in PASSED_BY for _, row in stops)
    from_elsewhere = any(row.kind is StopKind.BOARD and index not in at_hubs for index, row in stops)
    for index, row in stops:
        if index in said:
            continue
        if row.kind is StopKind.BOARD and index in at_hubs and not crosses:
            message = (
                f"nobody can get on at {row.stop}: from a hub one goes only to a crossing, "
                f"and {row.line} stops at none; add one, or begin elsewhere"
            )
            yield Finding("lines", index, "stop", message)
        elif row.kind is StopKind.HUB and not from_elsewhere:
            message = (
                f"nobody can get off at {row.stop}: all get on at hubs, and from a hub one goes only to a "
                "crossing; add a stop before it where people get on, or leave it out"
            )
            yield Finding("lines", index, "stop", message)
