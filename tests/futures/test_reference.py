"""The page of docs on futures is that of the models as they are."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel

from overland.futures.future import Future
from overland.futures.reference import page
from overland.futures.stress_report import StressReport
from overland.futures.uncertainty import Uncertainty
from overland.plan.reference import records

PAGE = Path(__file__).parents[2] / "docs" / "futures.md"
SECTIONS = [kind for f in Uncertainty.model_fields.values() if isinstance(kind := f.annotation, type)]


def test_the_committed_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "stale: run `make docs`"


def test_every_field_says_what_it_means() -> None:
    models = [Future, StressReport, *records(Future), *records(StressReport)]
    models += [kind for kind in SECTIONS if issubclass(kind, BaseModel)]
    for record in models:
        assert all(field.description for field in record.model_fields.values()), record


def test_every_section_is_on_the_page() -> None:
    text = page()
    for name in Uncertainty.model_fields:
        assert f"\n### [{name}]\n" in text
