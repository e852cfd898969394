"""Who gets aboard: those who are to, then those who stand by, as a dispatcher would have it."""

from __future__ import annotations

from overland.futures.orders import FOOT, HUB
from overland.futures.play import WAITING, Play, expose_under_way, is_there, leave_place
from overland.plan.kernels import subkernel


@subkernel
def _where_off(g: int, on: int, play: Play) -> int:
    """The stop at which a group is to get off that gets on at another."""
    group = play.world.orders.group[g]
    return int(group.off if group.on == on else group.then_off)


@subkernel
def _keep(play: Play, first: int, last: int, people: int) -> None:
    for stop in range(first, last):
        play.stop[stop].taken += people


@subkernel
def _give_back(g: int, play: Play) -> None:
    """Give the seats back that are kept for a group on its next departure."""
    on = play.person[g].on
    if on >= 0:
        _keep(play, on, _where_off(g, on, play), -play.person[g].size)
        play.person[g].on = -1


@subkernel
def _give_back_later(g: int, node: int, play: Play) -> None:
    """Give the seats back that are kept after a change, unless the group goes to the node where that is."""
    then = play.person[g].then
    if then >= 0 and play.world.orders.stop[then].node != node:
        _keep(play, then, _where_off(g, then, play), -play.person[g].size)
        play.person[g].then = -1


@subkernel
def _board(g: int, off: int, step: int, play: Play) -> None:
    """Put a group aboard until a stop; its seats are kept already."""
    leave_place(g, step, play)
    play.person[g].next_off, play.stop[off].first_off = play.stop[off].first_off, g


@subkernel
def load(stop: int, step: int, play: Play) -> None:
    """All who can get on at a stop do: those who are to, then those who stand by while there are seats.

    Who is to and is not there has missed it, and stands by from then on.
    """
    orders = play.world.orders
    node = orders.stop[stop].node
    play.stop[stop].left = True
    for i in range(orders.stop[stop].listed_first, orders.stop[stop].listed_end):
        g = orders.listed[i]
        if play.person[g].on != stop:
            continue
        if is_there(g, node, step, play):
            play.person[g].on = -1
            _board(g, _where_off(g, stop, play), step, play)
        else:
            _give_back(g, play)
            play.person[g].missed += 1
            stand_by_from_now(g, node, play)
    seats = orders.trip[orders.stop[stop].trip].seats
    spare = orders.stop[stop].planned - play.stop[stop].taken
    before, g = -1, play.node[node].first_standing
    while g >= 0 and play.stop[stop].taken < seats:
        after = play.person[g].next_standing
        if is_there(g, node, step, play):
            spare -= _stand_by(g, stop, step, spare, play)
        if play.person[g].at != node:
            _take_out(g, before, node, play)
        else:
            before = g
        g = after
    g = play.node[node].first_change
    while g >= 0 and play.stop[stop].taken < seats:
        if is_there(g, node, step, play):
            spare -= _stand_by(g, stop, step, spare, play)
        g = play.person[g].next_change
    before, g = -1, play.node[node].first_new
    while g >= 0 and play.stop[stop].taken < seats and play.person[g].ready <= step:
        after = play.person[g].next_standing
        spare -= _stand_by(g, stop, step, spare, play)
        if play.person[g].at == node:
            before = g
        elif before < 0:
            play.node[node].first_new = after
        else:
            play.person[before].next_standing = after
        g = after


@subkernel
def stand_by_from_now(g: int, node: int, play: Play) -> None:
    """A group at home stands by, behind those who board before it."""
    if play.person[g].home != node or play.person[g].at != node:
        return  # those who change stand by anyway
    rank, before, there = play.world.orders.group[g].rank, -1, play.node[node].first_standing
    while there >= 0 and play.world.orders.group[there].rank < rank:
        before, there = there, play.person[there].next_standing
    if there == g:
        return
    play.person[g].next_standing = there
    if before < 0:
        play.node[node].first_standing = g
    else:
        play.person[before].next_standing = g


@subkernel
def _take_out(g: int, before: int, node: int, play: Play) -> None:
    """Take a group out of those who stand by at a node, where it comes after another (-1: first)."""
    if before < 0:
        play.node[node].first_standing = play.person[g].next_standing
    else:
        play.person[before].next_standing = play.person[g].next_standing


@subkernel
def overdue(stop: int, play: Play) -> None:
    """What should have left a stop has not: those who were to get on there stand by."""
    orders = play.world.orders
    if play.stop[stop].left:
        return
    for i in range(orders.stop[stop].listed_first, orders.stop[stop].listed_end):
        g = orders.listed[i]
        if play.person[g].on == stop:
            stand_by_from_now(g, orders.stop[stop].node, play)


@subkernel
def _stand_by(g: int, stop: int, step: int, spare: int, play: Play) -> int:
    """Let a group board that is there and stands by, if it may; returns the people who do.

    It stands by if its own departure was to be earlier, or is over. Whom the plan leaves behind may only have
    seats that others were to have.
    """
    orders = play.world.orders
    if g < len(orders.group):
        own = play.person[g].on
        if orders.group[g].drive >= 0 or (own >= 0 and orders.stop[own].leaves >= step):
            return 0
        if orders.group[g].on < 0 and play.person[g].size > spare:
            return 0
    off = _stop_to_get_off(g, stop, play)
    if off < 0:
        return 0
    _give_back(g, play)
    _give_back_later(g, orders.stop[off].node, play)
    _keep(play, stop, off, play.person[g].size)
    _board(g, off, step, play)
    return int(play.person[g].size)


@subkernel
def _stop_to_get_off(g: int, stop: int, play: Play) -> int:
    """The first stop at which a group without a seat of its own may get off, if there are seats; or -1."""
    orders, gates = play.world.orders, play.world.gates
    trip, known = orders.stop[stop].trip, g < len(orders.group)
    if known and not orders.fits[g, orders.trip[trip].access]:
        return -1
    walks, home = not known or orders.group[g].walks, play.person[g].home
    for off in range(stop + 1, orders.trip[trip].end):
        if play.stop[off - 1].taken + play.person[g].size > orders.trip[trip].seats:
            return -1
        gate, kind = play.stop[off].gate, orders.stop[off].kind
        if kind == HUB and play.person[g].at == home and orders.stop[off].node != home:
            return off
        if gate >= 0 and play.person[g].admits >> gates.gate[gate].country & 1 and (walks or kind != FOOT):
            return off
    return -1


@subkernel
def reach_hub(stop: int, step: int, play: Play) -> None:
    """Those who get off at a hub are there, and wait for what takes them on."""
    node, g = play.world.orders.stop[stop].node, play.stop[stop].first_off
    play.stop[stop].first_off = -1
    while g >= 0:
        after = play.person[g].next_off
        expose_under_way(g, step, play)
        play.person[g].node, play.person[g].fate = node, WAITING
        play.person[g].at, play.person[g].since, play.person[g].ready = (
            node,
            step,
            step + play.world.terms.change,
        )
        if play.node[node].first_change < 0:
            play.node[node].first_change = g
        else:
            play.person[play.node[node].last_change].next_change = g
        play.node[node].last_change = g
        play.person[g].on, play.person[g].then = play.person[g].then, -1
        if play.person[g].on >= 0 and play.stop[play.person[g].on].left:
            play.person[g].missed += 1
            _give_back(g, play)
        g = after
