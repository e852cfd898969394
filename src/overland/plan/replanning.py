"""Plan anew while a plan is running: the past stays, instructions change as little as a price allows."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

import overland
from overland.case import digest
from overland.case.model import Case
from overland.plan.anneal import anneal
from overland.plan.build import Draft, draft_plan, drop_empty_trips
from overland.plan.cars import CarWays, car_ways
from overland.plan.costing import Records, totals_of
from overland.plan.document import Certificate, Plan, Replanned, Trip
from overland.plan.hazard import cumulative_hazard
from overland.plan.keeping import keep_possible, with_instructions
from overland.plan.play import play_everything
from overland.plan.problem import Problem, build_problem
from overland.plan.repair import bring_within_limits
from overland.plan.standing import Standing, standing_of
from overland.plan.state import new_state
from overland.plan.tables import Tables, tables_of
from overland.roads import RoadTimes

Ints = NDArray[np.int64]

CHANGE_PRICE = 2.0
"""Weighted person-hours that telling one person something else counts for, unless it is stated."""

HOT, COLD = 1.0, 0.3  # temperatures of the search: the running plan is good
SCRATCH_HOT = 100.0  # at first, without a running plan to start from
MENDED_BY = 0.6  # of the time: when the search goes back to a plan within all limits if it has found none
CHUNK = 2_000  # moves between two looks at the clock
LEAST_MOVES = 20_000  # even if the time is over: what events have broken is mended by then


def replan(
    case: Case,
    running: Plan,
    now: datetime,
    *,
    missed: Iterable[str] = (),
    change_price: float = CHANGE_PRICE,
    time_limit: float = 3.0,
    seed: int = 0,
    times: RoadTimes | None = None,
    from_scratch: bool = False,
) -> Plan:
    """Plan a case anew from a moment on, while a plan is running.

    What leaves before the moment is as in the running plan, whatever has changed. If nothing has changed, the
    running plan goes on as it is.

    Parameters
    ----------
    case : Case
        The case as it is known now.
    running : Plan
        A plan of the case as it was.
    now : datetime
        Nothing new leaves before it.
    missed : iterable of str
        Groups that did not take the last departure they were to take before now.
    change_price : float
        What the search charges for each person whose instruction changes, in weighted person-hours. It is no
        part of the cost of the plan.
    time_limit : float
        Seconds, with the building of the problem; road times that are not at hand come on top.
    seed : int
        Of the search.
    times : RoadTimes, optional
        Road times of the case as it is now, if they are at hand.
    from_scratch : bool
        Start from nothing but the past, to see what keeping to the running plan is worth.

    Returns
    -------
    Plan
        A feasible plan from now on, with the past. No bound is claimed but 0.

    Raises
    ------
    PlanError
        If the moment or the past does not fit the case.
    """
    begun, missed = time.monotonic(), sorted(set(missed))
    standing = standing_of(case, running, now, missed)
    marks = Replanned(
        now=case.time_of(standing.now),
        known=now.astimezone(UTC),
        running_digest=running.case_digest,
        missed=missed,
        change_price=change_price,
    )
    fingerprint = digest(case)
    if not missed and not from_scratch and running.case_digest == fingerprint:
        return running.model_copy(update={"replanned": marks})
    problem = build_problem(case, times, standing)
    tables = tables_of(problem, for_bound=False)
    cars = car_ways(problem, tables, cumulative_hazard(case))
    tables = with_instructions(problem, tables, cars, running, change_price)
    search = _Search(problem, tables, cars)
    if not from_scratch:
        keep_possible(problem, tables, cars, search.state, running)
    search.run(begun + time_limit, seed, scratch=from_scratch)
    seconds = time.monotonic() - begun
    return _document(problem, standing, running, search.draft(), fingerprint, marks, seed, seconds)


class _Search:
    """Repairs what events have broken, and improves it."""

    def __init__(self, problem: Problem, tables: Tables, cars: CarWays) -> None:
        self._problem, self._tables, self._cars = problem, tables, cars
        self.state = new_state(problem, tables, cars)

    def run(self, until: float, seed: int, *, scratch: bool = False) -> None:
        """Search until a moment of the monotonic clock, or a little longer; the state is the best plan then.

        What events have broken is mended from the broken state: too many at one crossing are soon sent
        elsewhere, while a plan without them has left many behind.
        """
        state, tables = self.state, self._tables
        play_everything(tables, self._cars, state)
        broken = self._decisions()
        bring_within_limits(tables, self._cars, state)
        best, cost = self._decisions(), self._cost()
        self._set(broken)
        hot, cold = (SCRATCH_HOT, COLD) if scratch else (HOT, COLD)
        begun, moves, mended = time.monotonic(), 0, False
        most = 4_000 * (len(tables.size) + len(state.count) + len(state.way)) + 4_000
        least = min(LEAST_MOVES, most)
        while ((now := time.monotonic()) < until or moves < least) and moves < most:
            share = (now - begun) / (until - begun) if now < until else 1.0
            done = min(share, moves / least)
            if done > MENDED_BY and not mended and state.total[2] > 0:
                self._set(best)
            mended = mended or done > MENDED_BY
            before = cost
            cost, _ = anneal(
                tables, self._cars, state, CHUNK, hot * (cold / hot) ** done,
                100.0 + 400.0 * done, seed if moves == 0 else -1, cost, best,
            )  # fmt: skip
            mended = mended or cost < before
            moves += CHUNK
        self._set(best)

    def _cost(self) -> float:
        total = self.state.total
        return float(total[0] + self._tables.driven_cost * total[1] + total[3])

    def _decisions(self) -> tuple[Ints, ...]:
        return tuple(array.copy() for array in self._arrays())

    def _arrays(self) -> tuple[Ints, ...]:
        s = self.state
        return s.count, s.place, s.option, s.target, s.open, s.way, s.step

    def _set(self, decisions: tuple[Ints, ...]) -> None:
        for array, kept in zip(self._arrays(), decisions, strict=True):
            array[:] = kept
        play_everything(self._tables, self._cars, self.state)

    def draft(self) -> Draft:
        """What is done from now on, on paper."""
        drop_empty_trips(self._tables, self._cars, self.state)
        return draft_plan(self._problem, self._tables, self._cars, self.state)


def _document(
    problem: Problem,
    standing: Standing,
    running: Plan,
    draft: Draft,
    fingerprint: str,
    marks: Replanned,
    seed: int,
    seconds: float,
) -> Plan:
    past, case = standing.past, problem.case
    records = Records(
        trips=[*past.trips, *_named(draft.trips, running)],
        moves=[*past.moves, *draft.moves],
        rides=[*past.rides, *draft.rides],
        drives=[*past.drives, *draft.drives],
        left=draft.left,
    )
    totals, cost = totals_of(case, records)
    return Plan(
        case=case.id,
        case_digest=fingerprint,
        overland=overland.__version__,
        seed=seed,
        seconds=round(seconds, 1),
        trips=list(records.trips),
        moves=list(records.moves),
        rides=list(records.rides),
        drives=list(records.drives),
        left=list(records.left),
        totals=totals,
        certificate=Certificate(cost=cost, bound=0.0, gap=1.0 if cost > 0 else 0.0, envelope=[]),
        values=[],
        replanned=marks,
    )


def _named(trips: list[Trip], running: Plan) -> list[Trip]:
    """Trips with their old ids where vehicle, place and step are as before.

    Ids also say who boards first among buses that leave a place at one step; there all are new if one is.
    """
    old = {(trip.origin, trip.depart, trip.vehicle): trip.id for trip in running.trips}
    number = max([int(i[1:]) for i in _numbered(running)], default=0)
    fresh = {
        (trip.origin, trip.depart) for trip in trips if (trip.origin, trip.depart, trip.vehicle) not in old
    }
    if any(trip.line is not None for trip in trips):  # which leave more places than their origin
        fresh = {(trip.origin, trip.depart) for trip in trips}
    named = []
    for trip in trips:
        key = old.get((trip.origin, trip.depart, trip.vehicle))
        if key is None or (trip.origin, trip.depart) in fresh:
            number += 1
            key = f"T{number:05d}"
        named.append(trip.model_copy(update={"id": key}))
    return named


def _numbered(running: Plan) -> list[str]:
    return [trip.id for trip in running.trips if trip.id[:1] == "T" and trip.id[1:].isdecimal()]
