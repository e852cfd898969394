"""Partners may take every seat that they are offered, and the limits hold; and there are no more."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from overland.case.model import Case, EntryRule, Group, Role
from overland.plan.document import Plan, Replanned, Ride
from overland.plan.play import play_everything
from overland.plan.sheets import SPARE_SEAT_COLUMNS, write_spare_seats
from overland.plan.spare_seats import Offer, spare_seats
from overland.verify import verify
from tests.builders import group, hours, policy
from tests.plan.arrays import Arrays, random_chains
from tests.plan.test_boarding import SHARED, played, somebody_is_stuck
from tests.strategies import tiny_cases
from tests.verify.handmade import good_plan, rich_case

LIMITS = SHARED | {"seats"}
ANYBODY = (EntryRule(country="*", nationality="*", papers="*", admitted=True),)


def taken(case: Case, plan: Plan, offers: list[Offer]) -> tuple[Case, Plan]:
    """The case and the plan in which partners have taken every offer; the shares are of as many as before."""
    guests: dict[str, Group] = {}
    trips = {trip.id: trip for trip in plan.trips}
    rides = {(ride.run, ride.origin, ride.destination): ride for ride in plan.rides}
    for i, offer in enumerate(offers):
        guest = group(f"X{i}", offer.origin, offer.seats)
        guests[guest.id] = guest
        if offer.mode == "bus":
            trip = trips[offer.departure]
            trips[trip.id] = trip.model_copy(update={"groups": [*trip.groups, guest.id]})
            continue
        moments = {"depart": offer.depart, "arrive": offer.arrive, "passed": offer.passed}
        key = (offer.vehicle_or_run, offer.origin, offer.destination)
        ride = rides.get(key) or Ride(run=key[0], origin=key[1], destination=key[2], groups=[], **moments)  # type: ignore[arg-type]
        assert (ride.depart, ride.arrive, ride.passed) == tuple(moments.values())
        rides[key] = ride.model_copy(update={"groups": [*ride.groups, guest.id]})
    before = sum(one.size for one in case.groups)
    now = before + sum(one.size for one in guests.values())
    shares = {country: share * before / now for country, share in case.policy.country_share.items()}
    more = replace(
        case,
        groups=(*case.groups, *guests.values()),
        policy=replace(case.policy, country_share=shares),
        entry_rules=ANYBODY,
    )
    return more, plan.model_copy(update={"trips": [*trips.values()], "rides": [*rides.values()]})


def broken(case: Case, plan: Plan) -> list[str]:
    return [str(violation) for violation in verify(case, plan) if violation.rule in LIMITS]


@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(tiny_cases(), st.integers(0, 1000))
def test_all_offers_can_be_taken_at_once_and_then_there_are_none(case: Case, seed: int) -> None:
    arrays = Arrays.of(case)
    state = arrays.state()
    random_chains(arrays, state, np.random.default_rng(seed))
    play_everything(arrays.tables, arrays.cars, state)
    assume(not somebody_is_stuck(arrays, state))
    plan = played(arrays, state)
    assume(broken(case, plan) == [])
    offers = spare_seats(case, plan)
    full, crowded = taken(case, plan, offers)
    assert broken(full, crowded) == []
    hubs = {place.id for place in case.places if Role.HUB in place.roles}
    assert [offer for offer in spare_seats(full, crowded) if offer.destination not in hubs] == []


def offered(case: Case, plan: Plan) -> dict[tuple[str, str], int]:
    return {(offer.departure, offer.origin): offer.seats for offer in spare_seats(case, plan)}


def test_what_is_free_is_offered_within_the_limits() -> None:
    wide = rich_case(policy=policy())  # no share of Poland
    places = tuple(replace(place, boarding_per_hour=None, waiting_capacity=None) for place in wide.places)
    wide = replace(wide, places=places)
    offers = offered(wide, good_plan(wide))
    assert offers["T0002", "capital"] == 20 - 5
    assert offers["T0006", "hub"] == 8 - 2
    assert offers["T0004", "town"] == 20 - 3
    # of ten seats on the train four are taken to the hub and two beyond
    assert offers["train@2022-02-17", "capital"] == 4
    assert offers["train@2022-02-17", "hub"] == 10 - 2 - 4
    assert offers["train@2022-02-18", "capital"] == 10


def test_departures_share_what_a_limit_has_left() -> None:
    """Poland takes 31 of 33, and 25 go there; of the capital, 24 may leave in two hours, and 15 do."""
    case = rich_case()
    offers = spare_seats(case, good_plan(case))
    assert [(o.departure, o.seats) for o in offers if o.destination == "west"] == [("T0001", 6)]
    early = [(o.departure, o.seats) for o in offers if o.origin == "capital" and o.depart < hours(2)]
    assert early == [("T0001", 6), ("T0002", 24 - 15 - 6)]


def test_a_hub_shelters_whom_partners_bring_to_the_end() -> None:
    """It shelters four; three of ours come by the bus that has seventeen seats free."""
    case = rich_case()
    to_hub = [(o.departure, o.seats) for o in spare_seats(case, good_plan(case)) if o.destination == "hub"]
    assert to_hub == [("T0004", 1)]


def test_of_a_re_plan_only_what_leaves_from_now_on_is_offered() -> None:
    case = rich_case()
    plan, now = good_plan(case), hours(4)
    marks = Replanned(now=now, known=now, running_digest=plan.case_digest, missed=[], change_price=0.0)
    offers = spare_seats(case, plan.model_copy(update={"replanned": marks}))
    assert offers
    assert min(offer.depart for offer in offers) >= now
    assert min(offer.depart for offer in spare_seats(case, plan)) < now


def test_the_sheet(tmp_path: Path) -> None:
    chair = frozenset(["wheelchair"])
    case = rich_case()
    case = replace(case, fleets=tuple(replace(fleet, access=chair) for fleet in case.fleets))
    plan = good_plan(case)
    write_spare_seats(case, spare_seats(case, plan), tmp_path / "spare-seats.csv")
    with (tmp_path / "spare-seats.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == [column.name for column in SPARE_SEAT_COLUMNS]
    assert list(next(row for row in rows if row["departure"] == "T0002").values()) == [
        "T0002", "bus", "buses-02", "capital", "south", "HU", "no",
        "2022-02-17 08:30", "2022-02-17 12:00", "2022-02-17 12:30", "3", "wheelchair",
    ]  # fmt: skip
