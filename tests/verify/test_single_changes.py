"""No field of a good plan can be changed without notice, even when its figures are made to fit."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from overland.plan.document import Plan
from overland.roads import RoadTimes
from overland.verify import verify
from tests.verify.handmade import good_plan, rich_case, with_figures

CASE = rich_case()
PLAN = good_plan(CASE)
TIMES = RoadTimes.of(CASE)
NODES = [node.id for node in (*CASE.places, *CASE.crossings)]
GROUPS = [group.id for group in CASE.groups]
TABLES = ("trips", "moves", "rides", "drives", "left")
OTHERS: dict[str, list[Any]] = {
    "vehicle": ["buses-01", "buses-02", "buses-03", "vans-01"],
    "origin": NODES,
    "destination": NODES,
    "kind": ["across", "foot", "hub"],
    "run": ["train@2022-02-17", "train@2022-02-18"],
    "group": GROUPS,
    "stranded": [True, False],
}

AS_GOOD = {"trips[5].vehicle = buses-03"}  # it has stood at the hub since it brought people there


def others(name: str, value: Any) -> Iterator[Any]:
    """Other values that a field might have."""
    if name in OTHERS:
        yield from OTHERS[name]
    elif name == "groups":
        yield from ([*value, key] for key in GROUPS if key not in value)
        yield from ([key for key in value if key != gone] for gone in value)
    elif name in {"depart", "arrive", "passed", "free"} and value is not None:
        yield None
        for minutes in (-1440, -30, -1, 1, 30, 60, 1440):
            yield value + timedelta(minutes=minutes)


def changes(table: str) -> Iterator[tuple[str, Plan]]:
    """The plan with one field of one record changed."""
    records = getattr(PLAN, table)
    for i, record in enumerate(records):
        for name, value in record:
            for other in others(name, value):
                if other != value and not (other is None and name != "passed"):
                    changed = record.model_copy(update={name: other})
                    rest = [*records[:i], changed, *records[i + 1 :]]
                    yield f"{table}[{i}].{name} = {other}", PLAN.model_copy(update={table: rest})


@pytest.mark.parametrize("table", TABLES)
def test_a_changed_field_is_found_out(table: str) -> None:
    unnoticed = set()
    for what, plan in changes(table):
        readable = Plan.model_validate_json(plan.model_dump_json(warnings=False)) if _valid(plan) else None
        if readable is not None and not verify(CASE, with_figures(CASE, readable), TIMES):
            unnoticed.add(what)
    assert unnoticed <= AS_GOOD


@pytest.mark.parametrize("table", TABLES)
def test_a_record_taken_out_is_found_out(table: str) -> None:
    records = getattr(PLAN, table)
    for i, record in enumerate(records):
        plan = PLAN.model_copy(update={table: [*records[:i], *records[i + 1 :]]})
        assert verify(CASE, with_figures(CASE, plan), TIMES), record


def _valid(plan: Plan) -> bool:
    return all(drive.passed is not None for drive in plan.drives)
