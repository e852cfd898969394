"""People in transit at a hub: from their arrival until the step at which they board."""

import pytest

from overland.case.model import Case
from overland.plan.document import Plan
from overland.verify import verify
from tests.builders import group
from tests.verify.handmade import good_plan, rich_case, trip
from tests.verify.spoiling import with_place

GROUPS = (group("G1", "capital", 3), group("G2", "capital", 1), group("G3", "town", 2), group("G4", "hub", 9))


def over_capacity(capacity: int, *trips: object) -> list[str]:
    """What the verifier says of the hub, in a plan of these trips (other rules set aside)."""
    case: Case = with_place(rich_case(groups=GROUPS), "hub", waiting_capacity=capacity)
    nothing: dict[str, list[object]] = {"moves": [], "rides": [], "drives": [], "left": []}
    plan: Plan = good_plan(case).model_copy(update={"trips": list(trips), **nothing})
    return [v.message for v in verify(case, plan) if v.rule == "hub-capacity"]


TOGETHER = trip("T0001", "buses-01", "capital", "hub", "hub", (0.5, 2.5, None, 3), "G1", "G2")
FROM_TOWN = trip("T0002", "buses-02", "town", "hub", "hub", (2, 5.5, None, 6), "G3")


def onward(key: str, depart: float, *groups: str) -> object:
    moments = (depart, depart + 1, depart + 2, depart + 4)
    return trip(key, "vans-01", "hub", "across", "west", moments, *groups)


@pytest.mark.parametrize(("capacity", "full"), [(4, False), (3, True)])
def test_each_group_of_one_bus_counts_once_with_its_own_size(capacity: int, full: bool) -> None:
    assert bool(over_capacity(capacity, TOGETHER, onward("T0003", 4, "G1", "G2"))) is full


def test_who_boards_at_a_step_makes_room_for_who_arrives_at_it() -> None:
    late = onward("T0009", 8, "G3")
    assert over_capacity(4, TOGETHER, FROM_TOWN, onward("T0003", 5.5, "G1", "G2"), late) == []
    (found,) = over_capacity(4, TOGETHER, FROM_TOWN, onward("T0003", 6, "G1", "G2"), late)
    assert found == "6 people in transit at 2022-02-17 11:30 UTC, it shelters 4"


def test_the_own_people_of_a_hub_do_not_count() -> None:
    assert over_capacity(0, onward("T0003", 4, "G4")) == []
