"""The arrays of a problem in the form that compiled kernels take: one flat named tuple."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from overland.plan.presence import all_moves, first_buses
from overland.plan.problem import Problem

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Shorts = NDArray[np.int16]
Bools = NDArray[np.bool_]


class Tables(NamedTuple):
    """See :class:`Problem` and the classes it is made of for the meaning of each array."""

    horizon: int
    now: int  # nothing leaves before this step
    hours: float
    loading: int
    change: int
    penalty: float
    driven_cost: float  # cost of one road step of a vehicle
    weights: Floats  # distinct weights, ascending; a group's *class* is its position here
    hazard: Floats  # (places, T + 1)
    # vehicles by type
    type_profile: Ints
    type_make: Ints
    type_seats: Ints
    type_driving: Ints
    type_rest: Ints
    type_duty: Ints
    first_bus: Ints  # (types, places) first step at which a vehicle of the type can leave a place loaded
    empty: Shorts  # (profiles, T, stations, places)
    moves: (
        Shorts  # (profiles, T, nodes, stands): the same from and to all places of the case, see `all_moves`
    )
    stand: Ints  # (stands,) node of each
    # bus options; the last four are (T, options), so that a kernel at one step reads memory in order
    option_first: Ints
    option_access: Ints
    option_convoy: Ints
    option_only: Ints
    option_kind: Ints
    option_station: Ints
    option_gate: Ints
    option_country: Ints
    road: Shorts
    safe: Shorts
    free: Shorts
    room: Shorts
    # lines: see `lines.py`
    option_line: Ints
    line_place: Ints
    line_option: Ints
    family_first: Ints
    ride_first: Ints
    ride_place: Ints
    ride_option: Ints
    ride_part: Floats
    ride_rest: Ints
    ride_leaves: Shorts
    # service calls
    call_first: Ints
    call_step: Ints
    call_safe: Ints
    call_gate: Ints
    call_country: Ints
    call_hub: Ints
    call_seats: Ints
    leg_first: Ints
    leg_last: Ints
    call_access: Ints
    # shared limits
    limit: Ints
    gate_row: Ints
    reception_row: Ints
    country_row: Ints
    boarding_row: Ints
    # riders
    rider_first: Ints
    size: Ints
    ready: Ints
    weight: Floats
    rank: Ints  # class of each rider group
    kind: Ints
    kind_admits: Ints
    kind_walks: Bools
    kind_fits: Bools  # (kinds, accesses) whether vehicles and services of an access can take people of a kind
    kind_hub_last: Ints
    arrived: Ints  # of those who are at a hub to change already: since when; -1 for all others
    hubs: Ints
    hub_capacity: Ints
    # what people were told in the running plan, if there is one: see `told.py`
    change_price: float
    told_step: Ints  # (2, riders) of the departure from the place, and from a hub; -1: nothing
    told_way: Ints
    told_car_step: Ints  # (drivers,)
    told_car_way: Ints


def tables_of(problem: Problem, *, for_bound: bool = True) -> Tables:
    """Lay out a problem for the kernels.

    Without what only a bound needs it is quicker: ``moves`` and ``stand`` are empty then, and a bus may be
    sought where none can be yet.
    """
    vehicles, options, calls = problem.vehicles, problem.options, problem.calls
    limits, riders = problem.limits, problem.riders
    types, places = len(vehicles.type_seats), len(problem.places)
    if for_bound:
        moves, stand = all_moves(problem)
        first_bus = np.maximum(first_buses(problem, moves, stand), problem.now)
    else:
        moves, stand = np.zeros((0, 0, 0, 0), dtype=np.int16), np.zeros(0, dtype=np.int64)
        first_bus = np.full((types, places), problem.now, dtype=np.int64)
    everybody = np.concatenate([riders.weight, problem.drivers.weight])
    weights = np.unique(everybody) if len(everybody) else np.ones(1)
    return Tables(
        horizon=problem.horizon,
        now=problem.now,
        hours=problem.hours,
        loading=problem.loading,
        change=problem.change,
        penalty=problem.left_penalty,
        driven_cost=problem.vehicle_hour_cost * problem.hours,
        weights=weights,
        hazard=problem.hazard,
        type_profile=vehicles.type_profile,
        type_make=vehicles.type_make,
        type_seats=vehicles.type_seats,
        type_driving=vehicles.type_driving,
        type_rest=vehicles.type_rest,
        type_duty=vehicles.type_duty,
        first_bus=first_bus,
        empty=np.ascontiguousarray(problem.empty.transpose(0, 3, 1, 2)),
        moves=moves,
        stand=stand,
        option_first=options.first,
        option_access=options.access,
        option_convoy=options.convoy,
        option_only=options.only,
        option_kind=options.kind,
        option_station=options.station,
        option_gate=options.gate,
        option_country=options.country,
        road=np.ascontiguousarray(options.road.T),
        safe=np.ascontiguousarray(options.safe.T),
        free=np.ascontiguousarray(options.free.T),
        room=np.ascontiguousarray(options.room.T),
        option_line=options.lines.of_option,
        line_place=options.lines.place,
        line_option=options.lines.option,
        family_first=options.lines.family_first,
        ride_first=options.lines.ride_first,
        ride_place=options.lines.ride_place,
        ride_option=options.lines.ride_option,
        ride_part=options.lines.ride_part,
        ride_rest=options.lines.ride_rest,
        ride_leaves=options.lines.ride_leaves,
        call_first=calls.first,
        call_step=calls.step,
        call_safe=calls.safe,
        call_gate=calls.gate,
        call_country=calls.country,
        call_hub=calls.hub,
        call_seats=calls.seats,
        leg_first=calls.leg_first,
        leg_last=calls.leg_last,
        call_access=calls.access,
        limit=limits.limit,
        gate_row=limits.gate_row,
        reception_row=limits.reception_row,
        country_row=limits.country_row,
        boarding_row=limits.boarding_row,
        rider_first=riders.first,
        size=riders.size,
        ready=riders.ready,
        weight=riders.weight,
        rank=np.searchsorted(weights, riders.weight).astype(np.int64),
        kind=riders.kind,
        kind_admits=riders.kind_admits,
        kind_walks=riders.kind_walks,
        kind_fits=riders.kind_fits,
        kind_hub_last=riders.kind_hub_last,
        arrived=riders.arrived,
        hubs=problem.hubs,
        hub_capacity=problem.hub_capacity,
        change_price=0.0,
        told_step=np.full((2, len(riders.id)), -1, dtype=np.int64),
        told_way=np.full((2, len(riders.id)), -1, dtype=np.int64),
        told_car_step=np.full(len(problem.drivers.id), -1, dtype=np.int64),
        told_car_way=np.full(len(problem.drivers.id), -1, dtype=np.int64),
    )
