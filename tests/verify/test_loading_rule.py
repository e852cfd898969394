"""The loading rule in its details: order of departures, services, hubs, limits, those who do not count."""

from dataclasses import replace
from typing import Any

from overland.case.model import Case, Group, Mode, Papers
from overland.plan.document import Plan, Ride, Trip
from overland.verify import verify
from tests.builders import group, hours, mode, policy
from tests.verify.handmade import good_plan, rich_case, ride, trip

CASE = rich_case()
AT_ONCE = (0.5, 3.5, 4.5, 6.5)


def left_behind(case: Case, *legs: Trip | Ride) -> list[tuple[str, str]]:
    """Which departure leaves which group behind, in a plan of these legs (other rules set aside)."""
    plan: Plan = good_plan(case).model_copy(
        update={
            "trips": [leg for leg in legs if isinstance(leg, Trip)],
            "rides": [leg for leg in legs if isinstance(leg, Ride)],
            "moves": [],
            "drives": [],
            "left": [],
        }
    )
    found = [v for v in verify(case, plan) if v.rule == "loading-rule"]
    return [(v.subject, next(w for w in v.message.replace(",", " ").split() if w[:1] == "G")) for v in found]


def with_groups(*groups: Group, **others: Any) -> Case:
    return rich_case(**({"groups": groups, "policy": policy()} | others))


def test_trips_of_one_step_leave_in_the_order_of_their_ids() -> None:
    case = with_groups(group("G1", "capital", 20), group("G2", "capital", 4))
    full, other = [("buses-01", "G1"), ("buses-02", "G2")]
    first = trip("T0001", full[0], "capital", "across", "west", AT_ONCE, full[1])
    second = trip("T0002", other[0], "capital", "across", "west", AT_ONCE, other[1])
    assert left_behind(case, first, second) == []
    swapped = [replaced(first, id="T0002"), replaced(second, id="T0001")]
    assert left_behind(case, *swapped) == []  # G1 does not fit in beside G2
    small = with_groups(group("G1", "capital", 16), group("G2", "capital", 4))
    assert left_behind(small, first, second) == [("trip T0001", "G2")]


def test_who_leaves_by_an_earlier_departure_of_the_step_is_not_left_behind() -> None:
    case = with_groups(group("G1", "capital", 4), group("G2", "capital", 4, ready=hours(2)))
    by_train = ride("capital", "west", (2, 6.5, 7), "G2")
    bus = trip("T0001", "buses-01", "capital", "across", "west", (2, 5, 6, 8), "G1")
    assert left_behind(case, by_train, bus) == []


def test_a_service_need_not_be_filled_but_takes_no_lower_class_first() -> None:
    citizens = group("G1", "capital", 4)
    by_train = ride("capital", "west", (2, 6.5, 7), "G2")
    assert left_behind(with_groups(citizens, group("G2", "capital", 2)), by_train) == []
    assert left_behind(with_groups(citizens, group("G2", "capital", 2, category="kin")), by_train) == []
    many = group("G2", "capital", 4, category="kin")
    assert left_behind(with_groups(citizens, many), by_train) == [(f"ride {by_train.run} capital–west", "G1")]


def test_a_limit_below_the_seats_lets_seats_be_empty() -> None:
    groups = (group("G1", "capital", 4), group("G2", "capital", 4))
    bus = trip("T0001", "buses-01", "capital", "across", "west", AT_ONCE, "G1")
    assert left_behind(with_groups(*groups), bus) == [("trip T0001", "G2")]
    tight = with_groups(*groups, crossing_modes=(mode("west", Mode.BUS, 3.5),))
    assert left_behind(tight, bus) == []  # seven people in two hours
    share = policy(country_share={"PL": 0.9})
    assert left_behind(with_groups(*groups, policy=share), bus) == []  # seven people of eight
    received = tuple(replace(centre, intake_per_day=7) for centre in CASE.reception)
    assert left_behind(with_groups(*groups, reception=received), bus) == []
    boarding = tuple(replace(p, boarding_per_hour=3.5) for p in CASE.places)
    assert left_behind(with_groups(*groups, places=boarding), bus) == []


def test_who_may_not_take_the_bus_is_not_left_behind() -> None:
    aboard = group("G1", "capital", 4)
    bus = trip("T0001", "buses-01", "capital", "across", "west", AT_ONCE, "G1")
    on_foot = trip("T0001", "buses-01", "capital", "foot", "west", (0.5, 3.5, 4, 4), "G1")
    no_papers = group("G2", "capital", 2, papers=Papers.NONE)
    assert left_behind(with_groups(aboard, no_papers), bus) == []
    assert left_behind(with_groups(aboard, group("G2", "capital", 2, can_walk=False)), on_foot) == []
    assert left_behind(with_groups(aboard, group("G2", "capital", 2, ready=hours(1))), bus) == []
    assert left_behind(with_groups(aboard, group("G2", "capital", 2, own_car=True)), bus) == []
    assert left_behind(with_groups(aboard, group("G2", "town", 2)), bus) == []
    chair = group("G2", "capital", 2, needs=frozenset(["wheelchair"]))
    assert left_behind(with_groups(aboard, chair), bus) == []
    able = tuple(replace(fleet, access=frozenset(["wheelchair", "stretcher"])) for fleet in CASE.fleets)
    assert left_behind(with_groups(aboard, chair, fleets=able), bus) == [("trip T0001", "G2")]


def test_a_bus_to_the_hub_may_leave_those_who_would_be_stuck_there() -> None:
    late = (42, 44, None, 44.5)  # from the hub to the border by 45.5, across by 46.5 or on foot by 46
    bus = trip("T0001", "buses-01", "capital", "hub", "hub", late, "G1")
    groups = (group("G1", "capital", 4), group("G2", "capital", 4))
    assert left_behind(with_groups(*groups), bus) == [("trip T0001", "G2")]
    too_late = trip("T0001", "buses-01", "capital", "hub", "hub", (44.5, 46.5, None, 47), "G1")
    assert left_behind(with_groups(*groups), too_late) == []


def test_people_in_transit_count_at_the_hub_once_they_have_changed() -> None:
    case = with_groups(group("G1", "hub", 2), group("G2", "capital", 2))
    to_the_hub = ride("capital", "hub", (2, 4.5, None), "G2")
    onward = trip("T0009", "vans-01", "hub", "across", "west", (9, 10, 11, 13), "G2")
    too_early = trip("T0001", "vans-01", "hub", "across", "west", (4.5, 5.5, 6.5, 8.5), "G1")
    changed = trip("T0001", "vans-01", "hub", "across", "west", (5, 6, 7, 9), "G1")
    assert left_behind(case, to_the_hub, too_early, onward) == []
    assert left_behind(case, to_the_hub, changed, onward) == [("trip T0001", "G2")]


def replaced(leg: Trip, **fields: Any) -> Trip:
    return leg.model_copy(update=fields)
