"""The page of docs on the plan is that of the models as they are."""

from __future__ import annotations

from pathlib import Path

from overland.plan.document import Plan
from overland.plan.explain.explanation import Explanation
from overland.plan.reference import page, records
from overland.plan.sheets import CAR_ADVICE_COLUMNS, MANIFEST_COLUMNS, SPARE_SEAT_COLUMNS, TRIP_COLUMNS

PAGE = Path(__file__).parents[2] / "docs" / "plan-format.md"


def test_the_committed_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "stale: run `make docs`"


RECORDS = [*records(), *records(Explanation)]


def test_every_field_of_every_record_is_on_the_page() -> None:
    text = page()
    assert all(
        f"\n| `{name}` |" in text.split("\n## explanation.json")[1] for name in Explanation.model_fields
    )
    for record in RECORDS:
        section = text.split(f"\n### {record.__name__}\n")[1].split("\n#")[0]
        assert all(f"\n| `{name}` |" in section for name in record.model_fields), record
    assert all(f"\n| `{name}` |" in text.split("\n### ")[0] for name in Plan.model_fields)


def test_every_field_says_what_it_means() -> None:
    for record in RECORDS:
        assert all(field.description for field in record.model_fields.values()), record


def test_every_column_says_what_it_means() -> None:
    columns = (*TRIP_COLUMNS, *MANIFEST_COLUMNS, *CAR_ADVICE_COLUMNS, *SPARE_SEAT_COLUMNS)
    assert all(column.doc.endswith((".", "…")) for column in columns)
