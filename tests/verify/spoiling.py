"""How to spoil a good plan: a register of corruptions, and the tools they are made with.

A corruption is a function ``(case, plan) -> (case, plan)``. Most keep the figures right (``figures`` says
otherwise), so that the broken rule is the only thing wrong with the plan.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from overland.case import digest
from overland.case.model import Case
from overland.plan.document import Plan
from tests.verify.handmade import with_figures

Spoil = Callable[[Case, Plan], tuple[Case, Plan]]


@dataclass(frozen=True)
class Corruption:
    """A way to spoil a plan, and all rules that it breaks."""

    name: str
    spoil: Spoil
    breaks: frozenset[str]


CORRUPTIONS: list[Corruption] = []


def breaks(*rules: str, figures: bool = False) -> Callable[[Callable[[Plan], Plan]], Callable[[Plan], Plan]]:
    """Register a corruption of the plan; with ``figures`` its figures are left as they were."""

    def register(corrupt: Callable[[Plan], Plan]) -> Callable[[Plan], Plan]:
        def spoil(case: Case, plan: Plan) -> tuple[Case, Plan]:
            spoilt = corrupt(plan)
            return case, spoilt if figures else with_figures(case, spoilt)

        CORRUPTIONS.append(Corruption(corrupt.__name__, spoil, frozenset(rules)))
        return corrupt

    return register


def breaks_in(*rules: str) -> Callable[[Callable[[Case], Case]], Callable[[Case], Case]]:
    """Register a change of the case that makes the plan a bad one."""

    def register(change: Callable[[Case], Case]) -> Callable[[Case], Case]:
        def spoil(case: Case, plan: Plan) -> tuple[Case, Plan]:
            changed = change(case)
            renewed = plan.model_copy(update={"case_digest": digest(changed)})
            return changed, with_figures(changed, renewed)

        CORRUPTIONS.append(Corruption(change.__name__, spoil, frozenset(rules)))
        return change

    return register


def change(plan: Plan, table: str, index: int | str, **fields: Any) -> Plan:
    """The plan with one record changed; a trip is named by its id."""
    records = list(getattr(plan, table))
    if isinstance(index, str):
        index = next(i for i, record in enumerate(records) if record.id == index)
    records[index] = records[index].model_copy(update=fields)
    return plan.model_copy(update={table: records})


def without(plan: Plan, table: str, *indices: int) -> Plan:
    """The plan without some records."""
    kept = [record for i, record in enumerate(getattr(plan, table)) if i not in indices]
    return plan.model_copy(update={table: kept})


def having(plan: Plan, table: str, *records: Any) -> Plan:
    """The plan with more records."""
    return plan.model_copy(update={table: [*getattr(plan, table), *records]})


def with_group(case: Case, key: str, **fields: Any) -> Case:
    """The case with one group changed."""
    return replace(case, groups=tuple(replace(g, **fields) if g.id == key else g for g in case.groups))


def with_place(case: Case, key: str, **fields: Any) -> Case:
    """The case with one place changed."""
    return replace(case, places=tuple(replace(p, **fields) if p.id == key else p for p in case.places))


def with_total(plan: Plan, **fields: Any) -> Plan:
    """The plan with other totals."""
    return plan.model_copy(update={"totals": plan.totals.model_copy(update=fields)})


def with_certificate(plan: Plan, **fields: Any) -> Plan:
    """The plan with another certificate."""
    return plan.model_copy(update={"certificate": plan.certificate.model_copy(update=fields)})
