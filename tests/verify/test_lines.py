"""Trips of lines: a good one passes; each way to spoil it is found out by the rule that it breaks.

::

    far --0.5 h-- near --1 h-- hub --1 h-- north (PL: 1 h wait)

A bus (10 seats) of the far village picks up both villages, sets two people down at the hub and takes the
others across; a van takes those two on. Steps are half hours, and so are loading, unloading and a change.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from overland.case import digest
from overland.case.model import Case, Mode, Role
from overland.plan.document import Certificate, Left, Plan, Replanned, Stop, Totals, Trip
from overland.verify import recompute, verify
from tests.builders import centre, crossing, fleet, group, hours, mode, place, policy, road, small_case
from tests.lines import line
from tests.verify.handmade import trip, with_figures

LINE = line("villages", ("far", "board"), ("near", "board"), ("hub", "hub"), ("north", "across"))


def village_case(**overrides: Any) -> Case:
    """Fourteen people, of whom five find no room."""
    values: dict[str, Any] = {
        "horizon_hours": 12,
        "places": (
            place("far", Role.ASSEMBLY, Role.DEPOT),
            place("near"),
            place("hub", Role.HUB, Role.DEPOT),
        ),
        "roads": (road("far", "near", 30), road("near", "hub", 60), road("hub", "north", 60)),
        "crossings": (crossing("north", "PL"),),
        "crossing_modes": (mode("north", Mode.BUS, 60, 1),),
        "reception": (centre("PL"),),
        "groups": (
            group("F1", "far", 3),
            group("F2", "far", 2),
            group("N1", "near", 4),
            group("W1", "near", 5),
        ),
        "fleets": (fleet("buses", "far", 1, 10), fleet("vans", "hub", 1, 8)),
        "lines": LINE,
        "policy": policy(),
    }
    return small_case(**(values | overrides))


def stop(
    node: str,
    kind: Any,
    moments: tuple[float | None, float | None, float | None],
    on: str = "",
    off: str = "",
) -> Stop:
    arrive, depart, passed = (None if moment is None else hours(moment) for moment in moments)
    return Stop(
        node=node, kind=kind, arrive=arrive, depart=depart, passed=passed, on=on.split(), off=off.split()
    )


STOPS = [
    stop("far", "board", (None, 0.5, None), on="F1 F2"),
    stop("near", "board", (1, 1.5, None), on="N1"),
    stop("hub", "hub", (2.5, 3, None), off="F2"),
    stop("north", "across", (4, None, 5), off="F1 N1"),
]


def villages(**fields: Any) -> Trip:
    made = trip("T1", "buses-01", "far", "across", "north", (0.5, 4, 5, 7), "F1", "F2", "N1")
    return made.model_copy(update={"line": "villages", "stops": STOPS} | fields)


def plan_of(case: Case, *trips: Trip, left: tuple[str, ...] = ("W1",)) -> Plan:
    nothing = Totals(people=0, out=0, stranded=0, exposure=0, left_cost=0, vehicle_hours=0, cleared=None)
    plan = Plan(
        case=case.id,
        case_digest=digest(case),
        overland="test",
        seed=0,
        seconds=0,
        trips=[*trips, trip("T2", "vans-01", "hub", "across", "north", (3, 4, 5, 7), "F2")],
        moves=[],
        rides=[],
        drives=[],
        left=[Left(group=g, stranded=False, reason="no room") for g in left],
        totals=nothing,
        certificate=Certificate(cost=0, bound=0, gap=0, envelope=[]),
        values=[],
    )
    return with_figures(case, plan)


def rules_broken(case: Case, plan: Plan) -> set[str]:
    return {violation.rule for violation in verify(case, plan)}


def test_the_good_plan_breaks_no_rule_and_costs_what_it_does_by_hand() -> None:
    case = village_case()
    plan = plan_of(case, villages())
    assert [str(violation) for violation in verify(case, plan)] == []
    right = recompute(case, plan)
    assert right.vehicle_hours == 0.5 + 1 + 1 + 1  # standing at stops is no driving
    # far: half an hour of loading, then until across; F2 waits half an hour at the hub
    assert right.exposure == pytest.approx(3 * 5 + 2 * (0.5 + 2 + 0.5 + 2) + 4 * (1.5 + 3.5))
    assert right.cleared == hours(5)


def test_the_document_of_a_trip_without_a_line_is_as_it_was() -> None:
    plain = trip("T2", "vans-01", "hub", "across", "north", (3, 4, 5, 7), "F2")
    assert not {"line", "stops"} & plain.model_dump().keys()
    assert Trip.model_validate_json(villages().model_dump_json()) == villages()


def with_stop(number: int, **fields: Any) -> list[Stop]:
    changed = [*STOPS]
    changed[number] = changed[number].model_copy(update=fields)
    return changed


def held_at_the_hub() -> Trip:
    stops = with_stop(2, depart=hours(3.5))
    stops[3] = stops[3].model_copy(update={"arrive": hours(4.5), "passed": hours(5.5)})
    return villages(stops=stops, arrive=hours(4.5), passed=hours(5.5), free=hours(7.5))


SPOILT: dict[str, tuple[Callable[[], Trip], set[str]]] = {
    "it stands too long at a stop": (held_at_the_hub, {"stop-time"}),
    "it is at a stop too early": (
        lambda: villages(stops=with_stop(1, arrive=hours(0.5))),
        {"arrival", "stop-time"},
    ),
    "it leaves a stop out": (lambda: villages(stops=[STOPS[0], STOPS[2], STOPS[3]]), {"line"}),
    "its stops are in another order": (
        lambda: villages(stops=[STOPS[1], STOPS[0], *STOPS[2:]]),
        {"line"},
    ),
    "its origin is another stop": (lambda: villages(origin="near"), {"line"}),
    "it is of no line": (lambda: villages(line="towns"), {"unknown-id"}),
    "it has stops, and no line": (lambda: villages(line=None), {"unknown-id"}),
    "a stop has no arrival": (lambda: villages(stops=with_stop(1, arrive=None)), {"line"}),
    "it is part of a convoy": (lambda: villages(convoy="east"), {"convoy"}),
    "it is free too early": (lambda: villages(free=hours(6)), {"free"}),
    "people pass at the hub": (lambda: villages(stops=with_stop(2, passed=hours(3))), {"passing"}),
    "people pass too early": (
        lambda: villages(stops=with_stop(3, passed=hours(4.5)), passed=hours(4.5), free=hours(6.5)),
        {"passing"},
    ),
    "somebody gets on twice": (
        lambda: villages(stops=with_stop(1, on=["N1", "F1"])),
        {"aboard", "journey", "origin", "seats"},
    ),
    "somebody never gets off": (
        lambda: villages(stops=with_stop(3, off=["N1"])),
        {"aboard", "accounted"},
    ),
    "somebody gets on where people get off": (
        lambda: villages(stops=with_stop(2, on=["W1"])),
        {"aboard", "accounted"},
    ),
    "somebody is not among those of the trip": (lambda: villages(groups=["F1", "F2"]), {"aboard"}),
    "somebody boards where it is not": (
        lambda: villages(stops=[
            STOPS[0].model_copy(update={"on": ["F2"]}),
            STOPS[1].model_copy(update={"on": ["F1", "N1"]}),
            *STOPS[2:],
        ]),
        {"origin"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", SPOILT)
def test_a_spoilt_trip_is_found_out(what: str) -> None:
    case = village_case()
    make, rules = SPOILT[what]
    found = verify(case, plan_of(case, make()))
    assert {violation.rule for violation in found} == rules, "\n".join(map(str, found))


@pytest.mark.parametrize(
    ("kind", "where", "end", "free"),
    [("across", "north", (4, None, 5), 7), ("foot", "north", (4, None, 5), 4.5), ("hub", "hub", None, 3)],
)
def test_it_is_free_as_any_trip_that_ends_so(kind: str, where: str, end: Any, free: float) -> None:
    """Across when it has turned round behind the border, else when it has unloaded."""
    case = village_case(
        crossing_modes=(mode("north", Mode.BUS, 60, 1), mode("north", Mode.FOOT, 60, 1)),
        lines=line("villages", ("far", "board"), ("near", "board"), ("hub", "hub"), ("north", kind))
        if end
        else LINE[:3],
    )
    last = (
        stop(where, kind, end, off="F1 N1") if end else stop("hub", "hub", (2.5, None, None), off="F1 F2 N1")
    )
    stops = [*STOPS[: 3 if end else 2], last]
    for late in (0, 1, -1):
        made = villages(
            stops=stops,
            destination=where,
            kind=kind,
            arrive=last.arrive,
            passed=last.passed,
            free=hours(free + late / 2),
        )
        found = [violation for violation in verify(case, plan_of(case, made)) if violation.rule == "free"]
        side = "late" if late > 0 else "early"
        assert [violation.subject for violation in found] == ["trip T1"] * abs(late)
        assert all(f"buses-01 is free at {where} at" in violation.message for violation in found)
        assert all(f"(30 min too {side})" in violation.message for violation in found)


def test_everybody_aboard_finds_a_seat() -> None:
    case = village_case(fleets=(fleet("buses", "far", 1, 8), fleet("vans", "hub", 1, 8)))
    assert rules_broken(case, plan_of(case, villages())) == {"seats"}


def test_its_driving_is_added_up() -> None:
    tired = fleet("buses", "far", 1, 10, max_driving_hours=2.0)
    case = village_case(fleets=(tired, fleet("vans", "hub", 1, 8)))
    assert rules_broken(case, plan_of(case, villages())) == {"driving"}


def test_its_duty_lasts_until_it_is_free() -> None:
    long, short = (
        fleet("buses", "far", 1, 10, max_driving_hours=3.0, max_duty_hours=span) for span in (7.0, 6.5)
    )
    for bus, rules in ((long, set()), (short, {"duty"})):
        case = village_case(fleets=(bus, fleet("vans", "hub", 1, 8)))
        assert rules_broken(case, plan_of(case, villages())) == rules


def test_no_seat_stays_empty_on_the_ride_that_must_be_filled() -> None:
    case = village_case()
    alone = replace(case, groups=(*case.groups[:3], group("W1", "near", 1)))
    assert rules_broken(alone, plan_of(alone, villages())) == {"loading-rule"}


def test_seats_may_stay_empty_on_other_rides_but_no_lower_class_rides_before_a_higher_one() -> None:
    case = village_case()
    for category, rules in (("citizens", set()), ("vulnerable", {"loading-rule"})):
        more = replace(case, groups=(*case.groups, group("X1", "far", 1, category=category)))
        assert rules_broken(more, plan_of(more, villages(), left=("W1", "X1"))) == rules


def test_rides_count_against_the_limits_of_their_places() -> None:
    case = village_case(crossing_modes=(mode("north", Mode.BUS, 4, 1),))
    assert "crossing-rate" in rules_broken(case, plan_of(case, villages()))
    slow = replace(
        village_case(),
        places=(
            place("far", Role.ASSEMBLY, Role.DEPOT, boarding_per_hour=2),
            *village_case().places[1:],
        ),
    )
    assert rules_broken(slow, plan_of(slow, villages())) == {"boarding-rate"}


def test_whoever_only_a_line_takes_across_is_not_stranded() -> None:
    """Roads are not driven through a crossing, but a vehicle drives on from where people walk across."""
    case = village_case(
        crossings=(crossing("gate", "HU"), crossing("north", "PL")),
        crossing_modes=(mode("gate", Mode.FOOT, 60, 0), mode("north", Mode.BUS, 60, 1)),
        roads=(road("far", "near", 30), road("near", "gate", 30), road("gate", "north", 30)),
        reception=(centre("PL"), centre("HU")),
        groups=(group("F1", "far", 3, can_walk=False),),
        fleets=(fleet("buses", "far", 1, 10),),
        lines=line("round", ("near", "board"), ("gate", "foot"), ("north", "across")),
    )
    at_near = replace(case, groups=(group("F1", "near", 3, can_walk=False),))
    for known, is_stranded in ((at_near, False), (replace(at_near, lines=()), True), (case, True)):
        left = [Left(group="F1", stranded=is_stranded, reason="so it is")]
        plan = plan_of(known, left=()).model_copy(update={"trips": [], "left": left})
        assert rules_broken(known, with_figures(known, plan)) == set()


@pytest.mark.parametrize(("now", "rules"), [(0.5, {"ready"}), (1.0, set()), (2.0, set())])
def test_with_its_first_stop_all_of_it_is_past(now: float, rules: set[str]) -> None:
    """Nobody judges then that somebody is not ready in time for a stop to come."""
    case = village_case()
    late = replace(case, groups=(*case.groups[:2], group("N1", "near", 4, ready=hours(2)), case.groups[3]))
    marks = Replanned(now=hours(now), known=hours(now), running_digest="", missed=[], change_price=0)
    plan = plan_of(late, villages()).model_copy(update={"replanned": marks})
    assert rules_broken(late, plan) == rules
