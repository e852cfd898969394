"""Is a flow what it says, and can nobody do better? From the network, the pattern and the cuts alone.

Written without any of the search's code, in exact whole numbers. Whoever reaches the sink by a step has
crossed every cut between those who wait and the sink's arrivals up to that step, so no more people can be
there than the cut lets through.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from overland.errors import FlowError
from overland.plan.massflow.flow_network import FlowNetwork
from overland.plan.massflow.mass_flow import Cuts, Pattern

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

ALIVE = 1 << 40


def people_out(network: FlowNetwork, pattern: Pattern) -> Ints:
    """People at the sink by each step, after checking every rule of a flow.

    Raises
    ------
    FlowError
        Naming the first rule that is broken, and where.
    """
    _check_numbers(network, pattern)
    _check_capacities(network, pattern)
    _check_supplies(network, pattern)
    leave = pattern.enter + network.transit[pattern.arc]
    steps = 1 + int(max(leave.max(initial=0), pattern.leave.max(initial=0), pattern.enter.max(initial=0)))
    balance = np.zeros(len(network) * steps, dtype=np.int64)
    np.add.at(balance, network.head[pattern.arc] * steps + leave, pattern.persons)
    np.add.at(balance, pattern.source * steps + pattern.leave, pattern.leaving)
    np.subtract.at(balance, network.tail[pattern.arc] * steps + pattern.enter, pattern.persons)
    at = balance.reshape(len(network), steps)
    arrived = at[network.sink].copy()
    at[network.sink] = 0
    if at.any():
        v, step = (int(found[0]) for found in np.nonzero(at))
        what = "vanish" if at[v, step] > 0 else "come from nowhere"
        raise FlowError(f"{abs(int(at[v, step])):,} persons {what} at node {network.names[v]} at step {step}")
    out = np.cumsum(arrived)
    return out[: int(np.argmax(out == network.people)) + 1]


def _check_numbers(network: FlowNetwork, pattern: Pattern) -> None:
    for what, numbers, below in (
        ("an arc", pattern.arc, len(network.tail)),
        ("a source", pattern.source, len(network)),
        ("a step", pattern.enter, ALIVE),
        ("a step", pattern.leave, ALIVE),
    ):
        if len(numbers) and not 0 <= numbers.min() <= numbers.max() < below:
            raise FlowError(f"the pattern names {what} that does not exist")
    if (len(pattern.persons) and pattern.persons.min() <= 0) or (
        len(pattern.leaving) and pattern.leaving.min() <= 0
    ):
        raise FlowError("the pattern has a row without people; each must have 1 or more")


def _check_capacities(network: FlowNetwork, pattern: Pattern) -> None:
    steps = int(pattern.enter.max(initial=0)) + 1
    where, first = np.unique(pattern.arc * steps + pattern.enter, return_index=True)
    if len(where) < len(pattern.arc):
        twice = int(np.setdiff1d(np.arange(len(pattern.arc)), first)[0])
        raise FlowError(f"{_arc(network, int(pattern.arc[twice]))} is twice in the pattern at one step")
    over = np.flatnonzero(pattern.persons > network.capacity[pattern.arc])
    if len(over):
        row = int(over[0])
        arc = int(pattern.arc[row])
        raise FlowError(
            f"{_arc(network, arc)} takes {int(network.capacity[arc]):,} persons a step; "
            f"{int(pattern.persons[row]):,} enter at step {int(pattern.enter[row])}"
        )


def _check_supplies(network: FlowNetwork, pattern: Pattern) -> None:
    gone = np.zeros(len(network), dtype=np.int64)
    np.add.at(gone, pattern.source, pattern.leaving)
    wrong = np.flatnonzero(gone != network.supply)
    if len(wrong):
        v = int(wrong[0])
        raise FlowError(
            f"{int(gone[v]):,} persons set out from {network.names[v]}; {int(network.supply[v]):,} are there"
        )
    early = np.flatnonzero(pattern.leave < network.release[pattern.source])
    if len(early):
        v = int(pattern.source[early[0]])
        raise FlowError(f"people set out from {network.names[v]} before step {int(network.release[v])}")


def upper_bound(network: FlowNetwork, cuts: Cuts, steps: int) -> Ints:
    """The most people who can be at the sink by each of the first steps, whatever the flow.

    Raises
    ------
    FlowError
        If a cut does not part those who wait from the sink.
    """
    if not -1 <= cuts.until < cuts.behind.shape[1] or cuts.behind.shape[0] != len(network):
        raise FlowError("the cuts are not those of this network")
    if cuts.until < 0:
        return np.full(steps, network.people, dtype=np.int64)
    behind = np.where((cuts.behind < 0) | (cuts.behind > cuts.until), ALIVE, cuts.behind.astype(np.int64))
    _check_cuts(network, cuts.until, behind)
    at_cuts = _capacity_of_cuts(network, cuts.until, behind)
    later = _capacity_of_later_cuts(network, behind, max(0, steps - cuts.until - 1))
    return np.minimum(np.concatenate([at_cuts, later])[:steps], network.people)


def _check_cuts(network: FlowNetwork, until: int, behind: Ints) -> None:
    sink = behind[network.sink, 1 : until + 2]
    if len(sink) <= until or (sink > np.arange(until + 1)).any():
        raise FlowError("a cut leaves an arrival at the sink on the wrong side")
    for v in np.flatnonzero(network.supply > 0):
        free = behind[v, 1 + network.release[v] :]
        if len(free) and free.min() < behind[v, 0]:
            raise FlowError(f"a cut runs between those who wait at {network.names[v]} and their road")


def _capacity_of_cuts(network: FlowNetwork, until: int, behind: Ints) -> Ints:
    """What each cut lets through: the people behind it, and the roads that cross it."""
    change = np.zeros(until + 2, dtype=np.int64)
    waiting = np.flatnonzero((network.supply > 0) & (behind[:, 0] <= until))
    np.add.at(change, behind[waiting, 0], network.supply[waiting])
    columns = behind.shape[1]
    ever = behind.min(axis=1) < ALIVE
    for tail, head, capacity, transit in _arcs(network):
        if transit >= columns - 1 or not ever[head]:
            continue
        into, out_of = behind[head, 1 + transit :], behind[tail, 1 : columns - transit]
        crossing = into < out_of
        if crossing.any():
            change += capacity * np.bincount(into[crossing], minlength=until + 2)[: until + 2]
            change -= capacity * np.bincount(np.minimum(out_of[crossing], until + 1), minlength=until + 2)
    return np.cumsum(change[:-1])


def _capacity_of_later_cuts(network: FlowNetwork, behind: Ints, more: int) -> Ints:
    """What the last cut lets through when all of it is put off by one step, two steps and so on.

    A node behind the cut at step 0 then stays behind it at all steps before. Whoever waits at a node with a
    copy behind the cut is counted as if behind it.
    """
    if not more:
        return np.zeros(0, dtype=np.int64)
    within = behind[:, 1:] < ALIVE
    always = within[:, 0]
    sources = (network.supply > 0) & (within.any(axis=1) | (behind[:, 0] < ALIVE))
    through = int(network.supply[sources].sum())
    added = np.zeros(more, dtype=np.int64)
    columns = within.shape[1]
    for tail, head, capacity, transit in _arcs(network):
        if transit < columns:
            through += capacity * int((within[head, transit:] & ~within[tail, : columns - transit]).sum())
        if always[tail]:
            continue
        put_off = np.full(more, always[head])
        put_off[:transit] = False
        skipped = max(0, transit - columns)
        early = within[head, :transit][::-1]
        put_off[skipped : skipped + len(early)] = early[: max(0, more - skipped)]
        added += capacity * put_off
    return through + np.cumsum(added)


def _arcs(network: FlowNetwork) -> list[tuple[int, int, int, int]]:
    capacity = np.minimum(network.capacity, network.people)
    columns = (network.tail, network.head, capacity, network.transit)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def _arc(network: FlowNetwork, arc: int) -> str:
    return f"the road {network.names[network.tail[arc]]} → {network.names[network.head[arc]]}"
