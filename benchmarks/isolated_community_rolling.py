"""Plans for an isolated community, and plans anew as its people become known."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from math import ceil

import numpy as np
from isolated_community_case import START, STEPS, case_of, groups_at, minutes_of, moment_of
from isolated_community_exact import exact_clearance, late_by
from isolated_community_instances import Instance
from isolated_community_legs import area

import overland
from overland.case import digest
from overland.case.events import Event
from overland.case.model import Case
from overland.plan import solve
from overland.plan.costing import Records, totals_of
from overland.plan.document import Certificate, Left, Plan
from overland.plan.envelope import envelope
from overland.plan.problem import build_problem
from overland.plan.replanning import replan
from overland.plan.rolling import rolling_plan
from overland.plan.setting import Setting
from overland.roads import RoadTimes
from overland.verify import verify


@dataclass(frozen=True)
class Outcome:
    """What came of a way of planning."""

    clearance: float | None  # minutes; None if somebody is left
    exact: float  # minutes, if the trips are made as soon as can be, whatever was known when
    late: float  # minutes by which exact times exceed those of the plan; below 0: nowhere
    faults: int  # by the verifier, of all plans on the way
    plans: int


def horizon_of(instance: Instance) -> int:
    """Minutes that are enough for any forecast after the last has come, with one vessel after another."""
    most = {a: max(forecast[a] for forecast in instance.forecasts) for a in instance.locations}
    free = [vessel.available for vessel in instance.vessels]
    cycles = []
    for vessel in instance.vessels:
        cycle = {}
        for a in instance.locations:
            ways = [
                instance.crossing(vessel, b, c)
                + max(instance.first(vessel, b) or 0, instance.again(vessel, c, b) or 0)
                for b in instance.docks(vessel, a)
                for c in instance.havens(vessel, b)
            ]  # fmt: skip
            if ways:
                cycle[a] = min(ways)
        cycles.append(cycle)
    while any(most.values()):
        end, k, a = min(
            (free[k] + minutes, k, a)
            for k, cycle in enumerate(cycles)
            for a, minutes in cycle.items()
            if most[a]
        )
        free[k], most[a] = end, max(0, most[a] - instance.vessels[k].seats)
    return ceil(1.25 * max(free)) + instance.interval * (len(instance.forecasts) - 1)


def clearance_of(plan: Plan) -> float | None:
    """Minutes until everybody is safe; None if somebody is left."""
    if plan.left or plan.totals.cleared is None:
        return None
    return minutes_of(plan.totals.cleared)


def _outcome(instance: Instance, plan: Plan, faults: int, plans: int) -> Outcome:
    exact, late = exact_clearance(instance, plan), late_by(instance, plan)
    return Outcome(clearance_of(plan), exact, late, faults, plans)


def plan_known(instance: Instance, parcel: int, work: int) -> tuple[Outcome, float]:
    """By the planner, for the truth; and the minutes before which nobody can clear it.

    The plan is for the earliest clearance, in rounds of work; what is proven is the envelope of the
    generous case.
    """
    known, horizon = instance.known(), horizon_of(instance)
    case = case_of(known, parcel, horizon)
    plan = solve(case, objective="clearance", work=work, time_limit=3600.0)
    outcome = _outcome(instance, plan, len(verify(case, plan)), 1)
    problem = build_problem(case_of(known, parcel, horizon, doubling=None, generous=True))
    setting = Setting.of(problem)
    curve = envelope(problem, setting.tables, setting.cars)
    return outcome, int(np.argmax(curve >= len(problem.case.groups))) / STEPS


def plan_first(instance: Instance, parcel: int, seeds: int) -> tuple[Case, Plan, Outcome]:
    """By re-planning from nothing, for the first forecast: the earliest clearance of some seeds."""
    case = case_of(instance, parcel, horizon_of(instance))
    times, nothing = RoadTimes.of(case), _nothing(case)
    plans = [
        replan(
            case, nothing, START, change_price=0.0, time_limit=0.0, seed=seed, times=times, from_scratch=True
        )
        for seed in range(seeds)
    ]  # fmt: skip
    plan = min(plans, key=_rank)
    faults = sum(len(verify(case, plan, times, nothing)) for plan in plans)
    return case, plan, _outcome(instance, plan, faults, seeds)


def _nothing(case: Case) -> Plan:
    """The plan in which everybody is left, to begin with."""
    left = [Left(group=group.id, stranded=False, reason="nothing is planned yet") for group in case.groups]
    totals, cost = totals_of(case, Records(trips=[], moves=[], rides=[], drives=[], left=left))
    return Plan(
        case=case.id, case_digest=digest(case), overland=overland.__version__, seed=0, seconds=0.0, trips=[],
        moves=[], rides=[], drives=[], left=left, totals=totals, values=[],
        certificate=Certificate(cost=cost, bound=0.0, gap=1.0, envelope=[]),
    )  # fmt: skip


def plan_rolling(
    instance: Instance,
    parcel: int,
    case: Case,
    plan: Plan,
    *,
    only_truth: bool = False,
    change_price: float = 0.0,
    seconds: float = 0.0,
    seeds: int = 1,
) -> tuple[Plan, Outcome]:
    """Plan anew at each forecast, or when the truth is known only.

    Parameters
    ----------
    seconds : float
        Of each re-plan. With 0 it makes the fewest moves that a re-plan makes, always the same.
    seeds : int
        Re-plans at each forecast, of which the best goes on: who is left, clearance, cost.
    """
    last = len(instance.forecasts) - 1
    told, times = _Forecasts(instance, parcel), RoadTimes.of(case)
    faults, plans = 0, 1
    for number in [last] if only_truth else range(1, last + 1):
        events = told.events(case, plan, number)
        if not events:
            continue
        turns = [
            next(
                rolling_plan(
                    case,
                    plan,
                    events,
                    every_hours=instance.interval * STEPS / 60,
                    change_price=change_price,
                    time_limit=seconds,
                    seed=seed,
                    times=times,
                )
            )
            for seed in range(seeds)
        ]
        faults += sum(len(verify(turn.case, turn.plan, times, plan)) for turn in turns)
        best = min(turns, key=lambda turn: _rank(turn.plan))
        case, plan, plans = best.case, best.plan, plans + 1
    return plan, _outcome(instance, plan, faults, plans)


def _rank(plan: Plan) -> tuple[int, float, float]:
    return len(plan.left), clearance_of(plan) or 0.0, plan.certificate.cost


class _Forecasts:
    """Events that make the people who wait those of a forecast, less those who have left."""

    def __init__(self, instance: Instance, parcel: int) -> None:
        self._instance, self._parcel = instance, parcel
        self._next = {a: ceil(instance.forecasts[0][a] / parcel) for a in instance.locations}

    def events(self, case: Case, plan: Plan, number: int) -> list[Event]:
        known = moment_of(number * self._instance.interval)
        leaves = {group: trip.depart for trip in plan.trips for group in trip.groups}
        found: list[Event] = []

        def tell(kind: str, **fields: str | int | list[str]) -> None:
            found.append(Event("forecasts", len(found) + 1, kind, known, fields))

        for a, people in self._instance.forecasts[number].items():
            if a not in self._instance.locations:
                continue
            place = area(self._instance, a)
            there = [group.id for group in case.groups if group.place == place]
            gone = sum(leaves.get(group, known) < known for group in there)
            more = max(0, ceil(people / self._parcel) - gone) - (len(there) - gone)
            for group in groups_at(self._instance, a, self._next[a], more):
                tell("group_added", id=group.id, place=place, size=1, category="all",
                     ready=START.isoformat(), needs=sorted(group.needs))  # fmt: skip
            self._next[a] += max(0, more)
            last_first = sorted(
                there, key=lambda group: leaves.get(group, datetime.max.replace(tzinfo=START.tzinfo))
            )
            for group in last_first[len(there) + min(0, more) :]:
                tell("group_withdrawn", group=group)
        return found


def left_if_never_changed(instance: Instance, plan: Plan, parcel: int) -> int:
    """People of the truth for whom the first plan has no seat at their location."""
    seats: Counter[str] = Counter()
    for trip in plan.trips:
        vessel = instance.vessels[int(trip.vehicle.split("-")[1])]
        seats[trip.origin] += vessel.seats // parcel * parcel
    return sum(max(0, people - seats[area(instance, a)]) for a, people in instance.truth.items() if people)
