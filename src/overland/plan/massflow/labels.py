"""Labels of copies, kept valid while the flow changes.

A way from people who still wait to a copy moves forward in time, and backward where it undoes movements. Its
label says how often it has changed: 1 for moving forward all the way, 2 while it undoes for the first time, 3
when it moves forward again. So copies of one odd label support each other in the order of time (and of
``rank`` within a step), those of one even label against it, never in a circle. That makes it easy to tell who
loses the label when a way is full: look at copies by label, then in that order; those without another support
lose it, and those they supported are put in doubt. What lost its label is labelled anew from what has kept
it, as in Dijkstra's algorithm (after Ramalingam & Reps 1996). What gets no label is never reached again.

Counting changes instead of undone movements matters: with those, a copy's label rises by one again and again
while the flow changes far away, and three times as long is spent on following it.
"""

from __future__ import annotations

from typing import Any

from overland.plan.kernels import inner_kernel, kernel
from overland.plan.massflow.expansion import NEVER
from overland.plan.massflow.residual import (
    first_way,
    label_in,
    label_out,
    open_out,
    other_number,
    possible_in,
    way_at,
    ways,
)

SURE, DOUBTED, LOST = 0, 1, 2
"""Marks of copies."""


@inner_kernel
def doubt(room: Any, x: int) -> None:
    """Put a copy on the list of those whose support is to be looked for."""
    room.mark[x] = DOUBTED
    room.after[x] = room.at_label[room.label[x]]
    room.at_label[room.label[x]] = x


@inner_kernel
def _moment(layout: Any, room: Any, x: int) -> int:
    return (x & ((1 << room.bits) - 1)) * layout.ranks + layout.rank[x >> room.bits]


@kernel
def unlabel(layout: Any, room: Any, last: int, count: int) -> int:
    """Take the label from every copy that is no longer supported; returns how many are lost.

    Copies that :func:`doubt` has put on the lists are looked at, and all that hang on them; ``count`` are
    lost already.
    """
    for label in range(room.highest[0] + 1):
        low, high = 1 << 30, -1
        x = room.at_label[label]
        room.at_label[label] = -1
        while x >= 0:
            following, moment = room.after[x], _moment(layout, room, x)
            room.after[x] = room.at_moment[moment]
            room.at_moment[moment] = x
            low, high = min(low, moment), max(high, moment)
            x = following
        ahead = 1 if label & 1 else -1
        moment = low if ahead > 0 else high
        while low <= moment <= high:
            x = room.at_moment[moment]
            if x < 0:
                moment += ahead
                continue
            room.at_moment[moment] = room.after[x]
            if _supported(layout, room, x, label, last):
                room.mark[x] = SURE
                continue
            room.mark[x] = LOST
            room.label[x] = NEVER
            room.lost[count] = x
            count += 1
            for way in range(first_way(room, x), ways(layout, room, x, last)):
                y, kind, arc, _ = way_at(layout, room, x, way)
                if y < 0 or room.mark[y] != SURE or not label <= room.label[y] < NEVER:
                    continue
                if room.parent[y] != other_number(layout, x, room, kind, arc):
                    continue
                if room.label[y] > label:
                    doubt(room, y)
                else:
                    at = _moment(layout, room, y)
                    room.mark[y] = DOUBTED
                    room.after[y] = room.at_moment[at]
                    room.at_moment[at] = y
                    low, high = min(low, at), max(high, at)
    return count


@inner_kernel
def _supported(layout: Any, room: Any, x: int, label: int, last: int) -> bool:
    """Whether there is a way into the copy that gives it its label; the first one becomes its parent."""
    v = x >> room.bits
    if x == v << room.bits and room.left[v] > 0:
        return True
    for way in range(first_way(room, x), ways(layout, room, x, last)):
        y, kind, arc, at = way_at(layout, room, x, way)
        if y < 0 or label_in(layout, kind, arc, room.label[y]) > label:
            continue
        if possible_in(layout, room, kind, arc, at) > 0:
            room.parent[x] = way
            return True
    return False


@kernel
def relabel(layout: Any, room: Any, last: int, count: int) -> None:
    """Label the lost copies anew. Those that get no label are dead for good."""
    highest = room.highest[0]
    for i in range(count):
        x = room.lost[i]
        best = layout.most + 1
        for way in range(first_way(room, x), ways(layout, room, x, last)):
            y, kind, arc, at = way_at(layout, room, x, way)
            if y < 0:
                continue
            label = label_in(layout, kind, arc, room.label[y])
            if label < best and possible_in(layout, room, kind, arc, at) > 0:
                best = label
                room.parent[x] = way
        room.after[x] = best if best <= layout.most else NEVER
    for i in range(count):
        x = room.lost[i]
        if room.after[x] < NEVER:
            highest = max(highest, room.after[x])
            _list(room, x, room.after[x])
    label = 0
    while label <= highest:
        x = room.at_label[label]
        if x < 0:
            label += 1
            continue
        _unlist(room, x)
        room.mark[x] = SURE
        for way in range(first_way(room, x), ways(layout, room, x, last)):
            y, kind, arc, at = way_at(layout, room, x, way)
            if y < 0 or room.mark[y] != LOST:
                continue
            better = label_out(layout, kind, arc, label)
            if better <= layout.most and better < room.label[y] and open_out(layout, room, kind, arc, at):
                if room.label[y] < NEVER:
                    _unlist(room, y)
                _list(room, y, better)
                room.parent[y] = other_number(layout, x, room, kind, arc)
                highest = max(highest, better)
    for i in range(count):
        x = room.lost[i]
        if room.mark[x] == LOST:
            room.mark[x] = SURE
            room.death[x] = last
    room.highest[0] = highest


@inner_kernel
def _list(room: Any, x: int, label: int) -> None:
    first = room.at_label[label]
    room.label[x] = label
    room.after[x] = first
    room.before[x] = -1
    if first >= 0:
        room.before[first] = x
    room.at_label[label] = x


@inner_kernel
def _unlist(room: Any, x: int) -> None:
    following, earlier = room.after[x], room.before[x]
    if earlier < 0:
        room.at_label[room.label[x]] = following
    else:
        room.after[earlier] = following
    if following >= 0:
        room.before[following] = earlier
