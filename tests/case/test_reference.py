"""The page of docs on the case folder is that of the model as it is."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from overland.case.model import Policy
from overland.case.reference import page
from overland.case.schema import LEDGERS, POLICY_KEYS, READING_ORDER, REFERENCES, TABLES, columns_of

PAGE = Path(__file__).parents[2] / "docs" / "case-format.md"


def test_the_committed_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "stale: run `make docs`"


def test_every_column_and_key_is_on_the_page() -> None:
    text = page()
    for table in TABLES:
        section = text.split(f"\n## {table.file}\n")[1].split("\n## ")[0]
        assert all(f"\n| `{column.name}` |" in section for column in table.columns)


def test_every_field_of_the_policy_is_documented() -> None:
    documented = {key.name for key in POLICY_KEYS} | {ledger.field for ledger in LEDGERS}
    assert documented == {field.name for field in fields(Policy)}


def test_every_column_says_what_it_means() -> None:
    for table in TABLES:
        assert all(len(column.doc) > 5 and column.doc[-1] in ".…" for column in columns_of(table.row)), (
            table.file
        )


def test_tables_are_read_after_those_they_refer_to() -> None:
    assert sorted(READING_ORDER) == sorted(table.field for table in TABLES)
    place = {name: position for position, name in enumerate(READING_ORDER)}
    for table in TABLES:
        for column in table.columns:
            assert all(place[other] < place[table.field] for other in REFERENCES.get(column.ref, ()))
