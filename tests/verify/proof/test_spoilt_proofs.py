"""A proof that does not prove the bound is refused, and the message says why."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from overland.case.model import Case
from overland.errors import PlanError
from overland.plan.document import Plan
from overland.plan.proof import Proof, Table, Toll, VehicleType, packed, read_proof, unpacked, write_proof
from overland.verify.proof import certify
from tests.plan.arrays import Arrays
from tests.verify.handmade import good_plan, rich_case
from tests.verify.proof.proofs import proof_at


@cache
def sound() -> tuple[Case, Plan, Proof]:
    """A case, a plan with the bound of the proof, and the proof."""
    case = rich_case()
    arrays = Arrays.of(case)
    bound = arrays.bound()
    bound.take(bound.evaluate(bound.zero_prices()))
    for _ in range(3):
        bound.improve(5.0)
    assert bound.best is not None
    prices = bound.best.prices
    prices.toll[arrays.problem.limits.country_row[arrays.problem.countries.index("PL")]] = 0.25
    proof = proof_at(arrays, prices)
    plan = good_plan(case)
    certificate = plan.certificate.model_copy(update={"bound": proof.bound_hours})
    return case, plan.model_copy(update={"certificate": certificate}), proof


def refusal(**fields: Any) -> str:
    """What is said of the sound proof with other fields."""
    case, plan, proof = sound()
    found = certify(case, plan, proof.model_copy(update=fields))
    assert found.violations
    assert {violation.rule for violation in found.violations} == {"proof"}
    return "\n".join(map(str, found.violations))


def with_call(**fields: Any) -> list[VehicleType]:
    """The vehicles with the first table of calls changed."""
    first, *others = sound()[2].vehicles
    return [first.model_copy(update={"call": first.call.model_copy(update=fields)}), *others]


def toll(**fields: Any) -> list[Toll]:
    """The tolls and one more."""
    values = {"kind": "crossing", "subject": "west", "detail": "bus", "period": 1, "price": 5}
    return [*sound()[2].tolls, Toll.model_construct(**(values | fields))]


def test_a_sound_proof_holds() -> None:
    case, plan, proof = sound()
    found = certify(case, plan, proof)
    assert found.violations == ()
    assert found.bound is not None
    assert proof.tolls
    assert found.bound >= proof.bound_hours > 0.5 * plan.certificate.cost


def test_a_bound_that_is_claimed_too_high_is_refused_with_the_difference() -> None:
    case, plan, proof = sound()
    found = certify(case, plan, proof)
    assert found.bound is not None
    message = refusal(bound=round((found.bound + 2) * 1024))
    assert "bound of the proof: recomputed from the prices it is " in message
    assert "2 less than the" in message or "1.99" in message or "2.00" in message
    certificate = plan.certificate.model_copy(update={"bound": found.bound + 3})
    (violation,) = certify(case, plan.model_copy(update={"certificate": certificate}), proof).violations
    assert violation.subject == "certificate.bound"


def test_another_case_or_another_state_of_it_is_refused() -> None:
    assert "the proof is for case other, not small" in refusal(case="other")
    assert "the case has changed" in refusal(case_digest="0" * 64)
    assert "steps: are 5, but the case has 96" in refusal(steps=5)


def test_a_proof_for_plans_that_meet_a_deadline_is_none_for_all_plans() -> None:
    assert "the plan's bound is that of all plans, the proof's is not" in refusal(deadline=40)
    case, plan, proof = sound()
    certificate = plan.certificate.model_copy(update={"deadline": case.time_of(40)})
    of_some = plan.model_copy(update={"certificate": certificate})
    (violation,) = certify(case, of_some, proof).violations
    assert "that of those that clear by 2022-02-18 02:00 UTC" in str(violation)
    assert certify(case, of_some, proof.model_copy(update={"deadline": 40})).violations == ()
    late = proof.model_copy(update={"deadline": 97})
    beyond = of_some.model_copy(
        update={"certificate": certificate.model_copy(update={"deadline": case.time_of(97)})}
    )
    assert "is step 97, but the case has 96" in str(certify(case, beyond, late).violations[0])


def test_a_changed_price_lowers_the_bound() -> None:
    vehicle = sound()[2].vehicles[0]
    rows = unpacked(vehicle.call, 97)
    dear = packed(vehicle.call.nodes, [[price + 1024 * 500 for price in row] for row in rows])
    vehicles = with_call(**dear.model_dump())
    assert "less than the" in refusal(vehicles=vehicles)


def test_tolls_of_unknown_limits_are_refused() -> None:
    for change in (
        {"subject": "nowhere"},
        {"detail": "boat"},
        {"detail": "rail", "subject": "south"},
        {"period": 48},
        {"period": -1},
        {"kind": "reception", "subject": "pl-centre", "detail": "2022-02-17", "period": 1},
        {"kind": "country", "subject": "HU", "detail": "", "period": 0},
        {"kind": "boarding", "subject": "town", "detail": ""},
        {"kind": "service", "subject": "train", "detail": "train@2022-02-19", "period": 0},
        {"kind": "service", "subject": "train", "detail": "train@2022-02-17", "period": 2},
    ):
        assert "the case has no such limit" in refusal(tolls=toll(**change))


def test_a_negative_toll_and_one_that_stands_there_twice_are_refused() -> None:
    assert "is negative (-5)" in refusal(tolls=toll(price=-5))
    assert "stands in the proof twice" in refusal(tolls=[*toll(), *toll()[-1:]])


def test_prices_that_would_not_fit_are_refused() -> None:
    assert "are too large for what people pay" in refusal(tolls=toll(price=2**40))


def test_fleets_must_be_those_of_the_case() -> None:
    buses, vans = sound()[2].vehicles
    assert "fleet vans: has no prices" in refusal(vehicles=[buses])
    assert "fleet buses: has prices twice" in refusal(vehicles=[buses, buses, vans])
    other = vans.model_copy(update={"fleets": ["carts"]})
    assert "fleet carts: has prices, but the case has no vehicles" in refusal(vehicles=[buses, vans, other])
    both = buses.model_copy(update={"fleets": ["buses", "vans"]})
    assert "have the same prices, but are not alike" in refusal(vehicles=[both])


def test_tables_must_be_whole() -> None:
    table = sound()[2].vehicles[0].call
    half = packed(table.nodes, unpacked(table, 97)[:1])
    assert "a table of prices holds 97 where" in refusal(vehicles=with_call(packed=half.packed))
    assert "cannot be unpacked" in refusal(vehicles=with_call(packed="rubbish!"))
    assert "a table of prices holds" in refusal(vehicles=with_call(packed=table.packed[:12]))
    assert "there is no place or crossing 'atlantis'" in refusal(
        vehicles=with_call(nodes=["atlantis", *table.nodes[1:]])
    )
    assert "stands there twice" in refusal(vehicles=with_call(nodes=[table.nodes[0]] * len(table.nodes)))


def test_a_proof_is_read_as_it_was_written(tmp_path: Path) -> None:
    proof = sound()[2]
    write_proof(proof, tmp_path / "proof.json")
    assert read_proof(tmp_path / "proof.json") == proof
    assert (tmp_path / "proof.json").stat().st_size < 30_000


def test_prices_are_unpacked_as_they_were_packed() -> None:
    rows = [[0, 5, -7, 2**30], [3, 3, 3, -(2**30)]]
    assert unpacked(packed(["a", "b"], rows), 4) == rows
    with pytest.raises(ValueError, match="too large"):
        packed(["a"], [[2**31]])
    with pytest.raises(PlanError, match="holds more where 3 belong"):
        unpacked(packed(["a"], [[1, 2, 3, 4]]), 3)
    with pytest.raises(PlanError, match="too large"):
        unpacked(Table(nodes=["a"] * 1000, packed=""), 10**6)


def test_what_is_no_proof_is_an_error_of_the_user(tmp_path: Path) -> None:
    path = tmp_path / "proof.json"
    with pytest.raises(PlanError, match="cannot be read"):
        read_proof(path)
    text = sound()[2].model_dump_json()
    for broken, message in (
        ("{", "is not a proof"),
        (text[:-100], "is not a proof"),
        (text.replace("overland-proof/1", "overland-proof/9"), "format: "),
        (text.replace('"price":256', '"price":-256'), "price: Input should be greater than or equal to 0"),
    ):
        path.write_text(broken, encoding="utf-8")
        with pytest.raises(PlanError, match=message):
            read_proof(path)
