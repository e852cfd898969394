"""Every row of the Ukraine case says what it rests on, and every assumption is marked as one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from overland.case.model import Basis, Case, Place

SOURCED = [
    "places",
    "roads",
    "crossings",
    "crossing_modes",
    "reception",
    "groups",
    "fleets",
    "entry_rules",
    "services",
    "closures",
    "corridors",
    "waits",
    "headcounts",
    "posts",
    "threats",
]
ALWAYS_ASSUMED = [
    "groups",
    "headcounts",
    "fleets",
    "services",
    "crossing_modes",
    "waits",
    "reception",
    "closures",
]


def rows(case: Case) -> Iterator[tuple[str, object, str]]:
    for table in SOURCED:
        for row in getattr(case, table):
            yield table, row, row.source


def test_every_table_with_a_source_is_looked_at(case: Case) -> None:
    with_source = {
        field.name
        for field in fields(case)
        if isinstance(table := getattr(case, field.name), tuple) and table and hasattr(table[0], "source")
    }
    assert with_source == {*SOURCED, "notes"}


def test_every_row_names_a_note(case: Case) -> None:
    known = {note.id for note in case.notes}
    assert [(table, row) for table, row, source in rows(case) if source not in known] == []


def test_ids_of_notes_tell_facts_from_assumptions(case: Case) -> None:
    for note in case.notes:
        assert note.id.startswith("F-" if note.basis is Basis.FACT else "A-"), note.id
        assert note.text
        assert note.source


def test_what_nobody_can_know_is_marked_as_assumed(case: Case) -> None:
    for table, row, source in rows(case):
        if table in ALWAYS_ASSUMED:
            assert source.startswith("A-"), (table, row)


def test_who_is_where_is_marked_as_assumed(case: Case) -> None:
    gathering = {group.place for group in case.groups}
    assumed: list[Place] = [place for place in case.places if place.id in gathering]
    assert all(place.source.startswith("A-") for place in assumed)
