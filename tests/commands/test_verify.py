"""``overland verify``: what it prints, and how it ends."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from overland.case import read_case, write_case
from overland.commands.verify import verify
from overland.errors import OverlandError, PlanError
from overland.plan.document import Plan, write_plan
from overland.plan.proof import write_proof
from tests.plan.arrays import Arrays
from tests.verify.handmade import good_plan, rich_case
from tests.verify.proof.proofs import proof_at

app = typer.Typer()
app.command()(verify)


@pytest.fixture
def case(tmp_path: Path) -> Path:
    write_case(rich_case(), tmp_path / "case")
    return tmp_path / "case"


@pytest.fixture
def plan(case: Path, tmp_path: Path) -> Path:
    write_plan(good_plan(read_case(case)), tmp_path / "plan.json")
    return tmp_path / "plan.json"


def run(*arguments: Any) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def edited(plan: Path, **fields: Any) -> Path:
    document = json.loads(plan.read_text()) | fields
    plan.write_text(json.dumps(document))
    return plan


def error(result: Result) -> str:
    assert isinstance(result.exception, OverlandError)
    return str(result.exception)


def test_a_good_plan_is_confirmed_with_its_figures(case: Path, plan: Path) -> None:
    result = run(case, plan)
    assert result.exit_code == 0
    assert "the plan keeps every rule" in result.output
    assert "30 of 33 people" in result.output
    assert "1,316.1" in result.output


def test_each_violation_is_a_line_and_the_exit_code_is_one(case: Path, plan: Path) -> None:
    result = run(case, edited(plan, left=[]))
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert "accounted: group G9: is neither out nor left (size 1, at town)" in lines
    assert lines[-1] == f"7 violations in {plan}"


def test_a_program_reads_violations_and_figures(case: Path, plan: Path) -> None:
    sound = json.loads(run(case, plan, "--json").stdout)
    assert sound["violations"] == []
    assert sound["figures"]["out"] == 30
    broken = run(case, edited(plan, case="another"), "--json")
    assert broken.exit_code == 1
    assert [violation["rule"] for violation in json.loads(broken.stdout)["violations"]] == ["case"]


def test_a_missing_plan_is_an_error_of_the_user(case: Path, tmp_path: Path) -> None:
    missing = tmp_path / "nothing.json"
    assert error(run(case, missing)).startswith(f"{missing}: cannot be read")


@pytest.mark.parametrize("text", [b"", b"{", b"\xff\xfe", b"[" * 10_000])
def test_what_is_not_json_is_an_error_of_the_user(case: Path, plan: Path, text: bytes) -> None:
    plan.write_bytes(text)
    assert error(run(case, plan)).endswith("is not a plan document.")


def test_a_wrong_field_is_named(case: Path, plan: Path) -> None:
    trips = json.loads(plan.read_text())["trips"]
    trips[2]["depart"] = "tomorrow"
    del trips[3]["vehicle"]
    message = error(run(case, edited(plan, trips=trips)))
    assert f"{plan}: trips.2.depart: " in message
    assert f"{plan}: trips.3.vehicle: Field required" in message


def test_a_document_full_of_faults_is_cut_short(case: Path, plan: Path) -> None:
    message = error(run(case, edited(plan, left=[{}] * 100)))
    assert message.count("\n") == 21
    assert "and 280 more" in message


def test_a_plan_error_is_a_value_error() -> None:
    assert issubclass(PlanError, ValueError)
    assert Plan.model_fields["case_digest"].is_required()


def proof_beside(plan: Path, case: Path, share: float = 1.0) -> Path:
    """A proof at no prices, and a plan that claims a share of what it proves."""
    arrays = Arrays.of(read_case(case))
    proof = proof_at(arrays, arrays.bound().zero_prices())
    write_proof(proof, plan.parent / "proof.json")
    certificate = json.loads(plan.read_text())["certificate"]
    bound, cost = share * proof.bound_hours, certificate["cost"]
    edited(plan, certificate=certificate | {"bound": bound, "gap": (cost - bound) / cost})
    return plan.parent / "proof.json"


def test_a_proof_beside_the_plan_is_recomputed(case: Path, plan: Path) -> None:
    proof_beside(plan, case)
    result = run(case, plan)
    assert result.exit_code == 0
    assert re.search(r"bound recomputed: \d[\d,.]*; the certificate holds", result.output)
    assert json.loads(run(case, plan, "--json").stdout)["recomputed_bound"] > 0


def test_without_a_proof_the_bound_is_taken_on_the_planners_word(case: Path, plan: Path) -> None:
    result = run(case, plan)
    assert result.exit_code == 0
    assert "the bound was taken on the planner's word" in result.output
    assert json.loads(run(case, plan, "--json").stdout)["recomputed_bound"] is None


def test_a_bound_that_the_proof_does_not_reach_is_a_violation(case: Path, plan: Path, tmp_path: Path) -> None:
    proof = proof_beside(plan, case, 1.02).rename(tmp_path / "elsewhere.json")
    result = run(case, plan, "--proof", proof)
    assert result.exit_code == 1
    assert "proof: certificate.bound: recomputed from the prices it is" in result.output


def test_a_proof_that_is_asked_for_must_be_there(case: Path, plan: Path, tmp_path: Path) -> None:
    assert "cannot be read" in error(run(case, plan, "--proof", tmp_path / "nothing.json"))
