"""``overland check``: say everything that is wrong with a case, or what it contains."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from overland.case.model import Case
    from overland.case.reader import Examination


def check(
    case: Annotated[Path, typer.Argument(help="The case folder.", metavar="CASE", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome for a program to read.")] = False,
) -> None:
    """Name every fault of a case, or sum up what it contains.

    A fault is a line `file:line: column: what is wrong and what would be right`. Exits with 0 if the case is
    sound, with 2 if it has faults.
    """
    from overland.case.reader import examine

    examination = examine(case)
    if examination.case is not None:
        examination = _with_maps(examination.case, examination)
    if as_json:
        typer.echo(json.dumps(_document(examination), ensure_ascii=False, indent=1))
    elif examination.case is None:
        for fault in examination.faults:
            typer.echo(str(fault))
        number = examination.total
        typer.echo(f"{number:,} {'fault' if number == 1 else 'faults'} in {case}", err=True)
    else:
        _print_summary(examination.case)
    if examination.case is None:
        raise typer.Exit(2)


def _with_maps(case: Case, examination: Examination) -> Examination:
    """What came of reading a sound case, once its maps of real roads and railways are read, too."""
    from dataclasses import replace

    from overland.errors import Fault, NetworkError

    faults = []
    if case.network is not None:
        from overland.roads.ground import Ground

        try:
            Ground.of(case)
        except NetworkError as error:
            faults.append(Fault("case.toml", None, "[case] network", str(error)))
    if case.railways is not None:
        from overland.roads.rails import Rails

        try:
            Rails.of(case)
        except NetworkError as error:
            faults.append(Fault("case.toml", None, "[case] railways", str(error)))
    return replace(examination, case=None, faults=tuple(faults), total=len(faults)) if faults else examination


def _document(examination: Examination) -> dict[str, Any]:
    from overland.case import digest

    case = examination.case
    if case is None:
        faults = [asdict(fault) for fault in examination.faults]
        return {"sound": False, "total": examination.total, "faults": faults}
    return {
        "sound": True,
        "total": 0,
        "faults": [],
        "case": case.id,
        "digest": digest(case),
        "start": case.start.isoformat(),
        "horizon_hours": case.horizon_hours,
        "step_minutes": case.step_minutes,
        "contains": dict(_contents(case)),
    }


def _contents(case: Case) -> list[tuple[str, int]]:
    """What a case contains, in the order an officer asks."""
    return [
        ("people", sum(group.size for group in case.groups)),
        ("groups", len(case.groups)),
        ("groups with own car", sum(group.own_car for group in case.groups)),
        ("places", len(case.places)),
        ("assembly areas", sum("assembly" in place.roles for place in case.places)),
        ("hubs", sum("hub" in place.roles for place in case.places)),
        ("roads", len(case.roads)),
        ("networks of real roads", int(case.network is not None)),
        ("crossings", len(case.crossings)),
        ("vehicles", sum(fleet.count for fleet in case.fleets)),
        ("seats in vehicles", sum(fleet.count * fleet.seats for fleet in case.fleets)),
        ("services", len(case.services)),
        ("closures", len(case.closures)),
        ("corridors", len(case.corridors)),
        ("convoys", len(case.convoys)),
        ("threats", len(case.threats)),
        ("notes", len(case.notes)),
    ]


def _print_summary(case: Case) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    start = case.start.astimezone(case.zone)
    countries = ", ".join(sorted({crossing.country for crossing in case.crossings}))
    console.print(Text(case.title, style="bold"))
    console.print(
        Text(
            f"{case.sponsor} out of {case.country} through {countries}; from {start:%Y-%m-%d %H:%M} "
            f"({case.time_zone}) for {case.horizon_hours} h in steps of {case.step_minutes} min"
        )
    )
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column(justify="right")
    table.add_column()
    for what, number in _contents(case):
        table.add_row(f"{number:,}", what)
    console.print(table)
    console.print(Text("The case is sound.", style="green"))
