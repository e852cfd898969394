"""Who has no way out, whatever the means."""

from dataclasses import replace
from datetime import time
from typing import Any

import pytest

from overland.case.model import Case, Closure, EntryRule, Mode, Papers, Role, Service
from overland.verify.terms import Terms
from tests.builders import centre, fleet, group, hours, mode, policy, small_case
from tests.verify.handmade import rich_case

NO_HUBS = tuple(replace(place, roles=place.roles - {Role.HUB}) for place in small_case().places)


def stranded(case: Case, key: str) -> bool:
    terms = Terms(case)
    return terms.stranded(terms.groups[key])


def alone(place: str, case: Any = small_case, **fields: Any) -> bool:
    """Whether a group would be stranded there."""
    overrides = {key: fields.pop(key) for key in list(fields) if key in Case.__dataclass_fields__}
    return stranded(case(groups=(group("G1", place, 4, **fields),), **overrides), "G1")


def test_a_place_whose_road_is_closed_for_good_strands_people() -> None:
    assert alone("island", rich_case)
    assert not alone("town", rich_case)


def test_limits_strand_nobody() -> None:
    assert not alone("town", fleets=(fleet("cars", "town", 1, 1),))
    assert not alone("town", reception=(centre("PL", 0), centre("HU", 0)))
    assert not alone("town", policy=policy(country_share={"PL": 0.0, "HU": 0.0}))
    assert not alone("town", crossing_modes=(mode("west", Mode.BUS, 0, 1),))


def test_without_vehicles_and_services_who_has_no_car_is_stranded() -> None:
    assert alone("town", fleets=())
    assert alone("town", fleets=(fleet("buses", "capital", 0),))
    assert not alone("town", fleets=(), own_car=True)


def test_seats_of_a_service_are_a_limit() -> None:
    case = rich_case()
    full = Service(**{f: getattr(case.services[0], f) for f in Service.__dataclass_fields__} | {"seats": 0})
    assert not alone("capital", rich_case, fleets=(), services=(full,))
    assert not alone("hub", rich_case, fleets=(), services=(full,))
    assert alone("town", rich_case, fleets=(), services=(full,))


def test_a_crew_must_be_able_to_drive_to_the_border_or_to_the_hub() -> None:
    direct = {"fleets": (fleet("buses", "capital", max_driving_hours=4.5),)}
    by_the_hub = {"fleets": (fleet("buses", "capital", max_driving_hours=3.5),)}
    not_even = {"fleets": (fleet("buses", "capital", max_driving_hours=3.0),)}
    assert not alone("town", **direct)
    assert not alone("town", **by_the_hub)
    assert alone("town", **not_even)


def test_papers_that_no_country_admits_strand_people() -> None:
    rules = (EntryRule(country="*", nationality="*", papers="valid", admitted=True),)
    assert alone("capital", papers=Papers.EXPIRED, entry_rules=rules)
    assert not alone("capital", papers=Papers.VALID, entry_rules=rules)


def test_kin_that_no_country_admits_strand_the_group() -> None:
    rules = (EntryRule(country="*", nationality="IL", papers="*", admitted=True),)
    assert alone("capital", kin=1, kin_nationality="UA", entry_rules=rules)
    assert not alone("capital", kin=4, kin_nationality="IL", entry_rules=rules)


def test_a_crossing_on_foot_strands_who_cannot_walk() -> None:
    on_foot = {"crossing_modes": (mode("west", Mode.FOOT),)}
    assert alone("capital", can_walk=False, **on_foot)
    assert not alone("capital", **on_foot)


def test_needs_that_nothing_takes_strand_who_has_them() -> None:
    able = fleet("ambulances", "hub", 1, 2, access=frozenset(["stretcher", "wheelchair"]))
    assert alone("capital", needs=frozenset(["wheelchair"]))
    assert not alone("capital", needs=frozenset(["wheelchair"]), fleets=(able,))
    assert alone("capital", needs=frozenset(["wheelchair", "oxygen"]), fleets=(able,))
    nowhere = replace(able, count=0)
    assert alone("capital", needs=frozenset(["stretcher"]), fleets=(nowhere, fleet("buses", "capital")))
    tired = replace(able, max_driving_hours=2.5)  # three hours from the capital to west, one from the hub
    buses = fleet("buses", "capital")
    assert alone("capital", needs=frozenset(["stretcher"]), fleets=(tired, buses), places=NO_HUBS)
    assert not alone("capital", fleets=(tired, buses), places=NO_HUBS)


def test_the_needs_of_those_who_drive_themselves_do_not_matter() -> None:
    terms = Terms(small_case(groups=(group("G1", "town", own_car=True, needs=frozenset(["wheelchair"])),)))
    assert terms.drives(terms.groups["G1"])


@pytest.mark.parametrize(("ready", "late"), [(42.5, False), (43, True)])
def test_the_last_departure_is_that_which_passes_at_the_end_of_the_horizon(ready: float, late: bool) -> None:
    # from town to west 4.5 h by bus, then 1 h of waiting, or half an hour on foot: 43 + 5 = 48
    case = {"crossing_modes": (mode("west", Mode.BUS, 20, 1),)}
    assert alone("town", ready=hours(ready), **case) is late


def test_a_border_that_never_opens_again_strands_people() -> None:
    closes_soon = (mode("south", Mode.BUS, 20, 0, opens=time(8), closes=time(11)),)  # 3 h after the start
    assert not alone("hub", crossing_modes=closes_soon)
    assert alone("hub", crossing_modes=closes_soon, ready=hours(26.5), horizon_hours=47)


def test_a_closed_road_strands_people_until_it_opens() -> None:
    until = hours(40)
    assert not alone("town", closures=(Closure(road="capital-town", start=hours(0), end=until),))
    assert alone("town", closures=(Closure(road="capital-town", start=hours(0), end=None),))


def test_a_car_that_gets_nobody_out_makes_no_driver() -> None:
    terms = Terms(small_case(groups=(group("G1", "town", own_car=True, ready=hours(42)),)))
    assert not terms.drives(terms.groups["G1"])  # 4.5 h of driving and 2 h of waiting
    assert not terms.stranded(terms.groups["G1"])  # but by bus
