"""What one more of something would save: only of what binds, most valuable first."""

from __future__ import annotations

from overland.case.model import Case, Mode
from overland.plan import solve
from overland.plan.document import Value
from overland.plan.values import MODE_WORDS, WORTH_SAYING
from tests.builders import fleet, group, mode, small_case


def values(case: Case) -> list[Value]:
    """The values that come with a plan."""
    return solve(case, time_limit=10.0).values  # it ends by itself long before


def crowd(people: int, *, rate: float, buses: int) -> Case:
    """Many groups of four in the capital who can leave by one crossing."""
    return small_case(
        groups=tuple(group(f"G{i:02d}", "capital", 4) for i in range(people // 4)),
        fleets=(fleet("buses", "capital", count=buses),),
        crossing_modes=(mode("west", Mode.BUS, rate, 0.5),),
    )


def test_a_crossing_that_everybody_queues_for_is_worth_most() -> None:
    found = values(crowd(80, rate=4, buses=10))
    assert (found[0].kind, found[0].subject) == ("crossing", "west")
    assert found[0].limit == f"West {MODE_WORDS['bus']}"
    assert found[0].unit == "ten more persons an hour"


def test_where_buses_are_short_one_more_bus_is_worth_something() -> None:
    found = values(crowd(120, rate=500, buses=1))
    fleets = [value for value in found if value.kind == "fleet"]
    assert [value.subject for value in fleets] == ["capital"]
    assert fleets[0].unit == "one more bus"
    assert fleets[0].saves > 100


def test_values_are_worth_saying_and_come_most_valuable_first() -> None:
    found = values(crowd(80, rate=10, buses=2))
    assert all(value.saves >= WORTH_SAYING for value in found)
    assert [value.saves for value in found] == sorted((v.saves for v in found), reverse=True)


def test_where_nothing_binds_nothing_is_worth_more() -> None:
    drivers = tuple(group(f"G{i}", "capital", 2, own_car=True) for i in range(3))
    modes = (mode("west", Mode.CAR, 1000, 0),)
    assert values(small_case(groups=drivers, fleets=(), crossing_modes=modes)) == []
