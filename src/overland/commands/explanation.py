"""The explanation of a plan in the terminal: sentences first, then a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overland.report.words import number

if TYPE_CHECKING:
    from rich.console import Console

    from overland.case.model import Case
    from overland.plan.document import Plan
    from overland.plan.explain.explanation import Again, Explanation, Saving

ROWS_SHOWN = 20
SETTLED_GAP = 0.1  # with a larger one estimates tell little of amounts


def print_explanation(case: Case, plan: Plan, found: Explanation) -> None:
    """Print what binds and what would help."""
    from rich.console import Console

    console = Console(highlight=False)
    console.print(f"\n[bold]{case.title}: what would help[/bold]")
    for line in preface(plan, found):
        console.print(line)
    for saving in found.savings:
        if saving.checked is not None:
            console.print(f"\n[bold]{sentence(saving)}[/bold]")
            if saving.why:
                console.print(f"  {saving.why}")
            console.print(f"  {judgement(saving, found)}")
    _print_table(console, found)


def preface(plan: Plan, found: Explanation) -> list[str]:
    """What must be known to read the figures."""
    lines = [
        f"The plan costs {number(found.cost)} weighted person-hours at risk; no plan costs less than "
        f"{number(found.bound)}. What is saved is counted in the same hours."
    ]
    gap = (found.cost - found.bound) / found.cost if found.cost > 0 else 0.0
    if plan.objective != "exposure":
        lines.append(
            f"The plan was made for {plan.objective}; what is said here is of its cost (exposure and "
            "driving) among plans that need not clear as early."
        )
    if found.has_prices and gap > SETTLED_GAP:
        lines.append(
            f"Estimates come from the bound, which is {gap:.0%} below the plan: take them for what is worth "
            "most, not for amounts. A longer run of the planner from this plan (--start) may better them."
        )
    if not found.has_prices:
        lines.append(
            "The proof has no prices yet (the planner had too little time for its bound): nothing can "
            "be estimated: plan for longer, from this plan (--start), and explain that."
        )
    elif not found.savings:
        lines.append("By these prices nothing that could be asked for would save anything.")
    if found.again is not None:
        lines.append(_baseline(found, found.again))
    if not found.complete:
        lines.append("Ended before everything was estimated and checked: this is what there is.")
    return lines


def _baseline(found: Explanation, again: Again) -> str:
    best = min(again.costs)
    effort = f"{again.rounds:,} rounds" if again.rounds else f"{again.seconds:,.0f} s"
    times = "once" if len(again.seeds) == 1 else f"{len(again.seeds)} times"
    chance = (
        "how much is chance is not known from one search"
        if again.noise is None
        else f"by chance alone its cost differs by {number(again.noise)}"
    )
    return (
        f"Planned anew without any change ({times}, {effort} each) the cost is {number(best)}, "
        f"{number(found.cost - best)} less than the plan's; {chance}. What follows is measured against that."
    )


def sentence(saving: Saving) -> str:
    """What a change would save, in a sentence."""
    what = saving.what[0].upper() + saving.what[1:]
    checked = "" if saving.checked is None else f"; re-solved: {_hours(saving.checked.saves)}"
    if saving.saves is None:
        return f"{what}: no estimate (prices do not know of it){checked}."
    about = f"about {_hours(saving.saves)} weighted person-hours"
    return f"{what} would save {about} (estimate from prices){checked}."


def judgement(saving: Saving, found: Explanation) -> str:
    """How far the check can be trusted, and what is proven."""
    assert saving.checked is not None
    checked, noise = saving.checked, found.again.noise if found.again else None
    if noise is None:
        trust = "One search cannot tell this from chance (see --searches)."
    elif checked.is_clear:
        trust = f"That is more than chance: the searches say {_each(saving, found)}."
    else:
        trust = (
            f"That is within the noise of the search, no evidence for or against the estimate: the searches "
            f"say {_each(saving, found)}."
        )
    return (
        f"{trust} Proven: with it no plan costs less than {number(checked.bound)} "
        f"({number(checked.lowers_bound)} below the bound without it)."
    )


def _each(saving: Saving, found: Explanation) -> str:
    """What each search says that is saved: ``150 and 180``."""
    assert saving.checked is not None
    assert found.again is not None
    pairs = zip(found.again.costs, saving.checked.costs, strict=True)
    *others, last = [_hours(before - after) for before, after in pairs]
    return f"{', '.join(others)} and {last}" if others else last


def _hours(value: float) -> str:
    """Hours to two or three figures: more would be pretence."""
    digits = -1 if abs(value) >= 100 else 0
    return f"{round(value, digits):,.0f}".replace("-", "−").replace("−0", "0") if value else "0"


def _print_table(console: Console, found: Explanation) -> None:
    from rich.table import Table

    if not found.savings:
        return
    table = Table(title="What one more would save (weighted person-hours)")
    table.add_column("change")
    for heading in ("estimate", "re-solved", "bound falls by"):
        table.add_column(heading, justify="right")
    for saving in found.savings[:ROWS_SHOWN]:
        checked = saving.checked
        table.add_row(
            saving.what,
            "?" if saving.saves is None else _hours(saving.saves),
            "" if checked is None else _hours(checked.saves) + ("" if checked.is_clear else " (noise)"),
            "" if checked is None else _hours(checked.lowers_bound),
        )
    console.print()
    console.print(table)
    if (rest := len(found.savings) - ROWS_SHOWN) > 0:
        console.print(f"and {rest:,} more in explanation.json")
