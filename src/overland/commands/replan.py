"""``overland replan``: plan anew while a plan is running, and say who has to be told what."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from overland.commands.folders import refuse_case
from overland.errors import CaseError, PlanError, UsageError

if TYPE_CHECKING:
    from overland.case.events import Event
    from overland.case.model import Case
    from overland.plan.document import Plan
    from overland.plan.notices import Notice
    from overland.roads import RoadTimes

VERIFYING = 0.5  # time kept for verifying the plan, against that for reading: a busy machine is slow at both
SEARCHING = 0.5  # seconds that are searched at least
SHOWN = 12  # instructions of groups shown in the terminal

CASE, RUNNING = "case", "running.json"


def replan(
    case: Annotated[
        Path,
        typer.Argument(help="The case folder of the running plan.", metavar="CASE", show_default=False),
    ],
    plan: Annotated[
        Path, typer.Argument(help="The running plan, plan.json.", metavar="PLAN", show_default=False)
    ],
    now: Annotated[
        str,
        typer.Option(
            "--now",
            help="Nothing new leaves before: local time of the case, or with an offset.",
            metavar="MOMENT",
            show_default=False,
        ),
    ],
    events: Annotated[
        Path | None,
        typer.Option("--events", help="What has changed, one JSON object a line.", show_default=False),
    ] = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Folder for the new plan; made if it is not there.")
    ] = Path("out-replanned"),
    change_price: Annotated[
        float,
        typer.Option(
            "--change-price",
            help="Weighted person-hours that telling one person something else counts for.",
            min=0.0,
            max=1e6,
        ),
    ] = 2.0,
    time_limit: Annotated[
        float, typer.Option("--time-limit", help="Seconds until the plan is verified.", min=1.0, max=86_400.0)
    ] = 5.0,
    seed: Annotated[int, typer.Option("--seed", help="Of the search.", min=0)] = 0,
) -> None:
    """Plan anew from a moment on: what has left stays, instructions change as little as the price allows.

    Writes the case as it is now, plan.json, running.json (the plan it takes the place of), changes.csv (who
    has to be told what), report.html and sheets: trips.csv, stops.csv (if a trip is of a line),
    manifests.csv, car-advice.csv and spare-seats.csv.
    """
    begun = time.monotonic()
    from overland.case import read_case
    from overland.case.changes import after
    from overland.case.events import between, read_events
    from overland.commands.documents import read_plan_of
    from overland.commands.plan import compile_kernels
    from overland.plan.notices import notices
    from overland.plan.replanning import replan as plan_anew
    from overland.plan.standing import standing_of
    from overland.report import write_report
    from overland.roads import RoadTimes
    from overland.verify import verify

    known = read_case(case)
    _make_sure_nothing_is_lost(case, plan, output)
    running = read_plan_of(known, plan)
    moment = _moment(now, known)
    told = read_events(events, known) if events is not None else ()
    since = running.replanned.known if running.replanned is not None else None
    new = tuple(between(told, since, moment))
    as_of_now = after(known, new)
    _say_what_counts(told, new, since, moment)
    standing_of(as_of_now.case, running, moment, as_of_now.missed)  # refused before anything is written
    draft = _write_case(as_of_now.case, output)
    try:
        changed = _read_changed(draft)
        waited = time.monotonic()
        compile_kernels(quiet=False)
        begun += time.monotonic() - waited
        times = RoadTimes.of(changed)
        times.prepare()
        made = plan_anew(
            changed,
            running,
            moment,
            missed=as_of_now.missed,
            change_price=change_price,
            time_limit=_to_search(begun, time_limit),
            seed=seed,
            times=times,
        )
        violations = verify(changed, made, times, running)
        if violations:
            faults = "\n".join(str(violation) for violation in violations[:SHOWN])
            raise PlanError(
                f"{faults}\nThe new plan breaks rules; nothing has been written. Please report it."
            )
        seconds = time.monotonic() - begun
        found = notices(changed, running, made, known)
        changed, sheets = _write(changed, times, draft, running, made, found, output)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    _print(changed, running, made, found, seconds, output)
    typer.echo(f"sheets    {', '.join(map(str, sheets))}")
    try:
        write_report(changed, made, times, output / "report.html")
    except OSError as error:
        raise UsageError(f"{output}: the report cannot be written: {error.strerror}") from error
    typer.echo(f"report    {output / 'report.html'}")


def _make_sure_nothing_is_lost(case: Path, plan: Path, output: Path) -> None:
    """Refuse a folder for the new plan in which something would be overwritten that is no earlier re-plan."""
    refuse_case(output, case)
    there, other = output / CASE, "give another folder with -o."
    if there.resolve() == case.resolve() or output.resolve() == plan.parent.resolve():
        raise UsageError(f"{output}: the running plan or its case is there and would be overwritten; {other}")
    if there.exists() and not (output / RUNNING).exists():
        raise UsageError(f"{there}: is there already and is not of an earlier re-plan; {other}")


def _moment(text: str, case: Case) -> datetime:
    from overland.case.cells import CellError, moment

    try:
        return moment(text.strip(), case.zone)
    except CellError as error:
        message = error.message if isinstance(error.message, str) else error.message()
        raise UsageError(f"--now: {message}") from error


def _say_what_counts(
    told: Sequence[Event], new: Sequence[Event], since: datetime | None, now: datetime
) -> None:
    later = sum(event.known > now for event in told)
    before = len(told) - len(new) - later
    if before and since is not None:
        which = "event known by" if before == 1 else "events known by"
        are = "is" if before == 1 else "are"
        typer.echo(f"{before} {which} {since:%Y-%m-%d %H:%M} UTC {are} in the case already: left out")
    if later:
        become = "event becomes" if later == 1 else "events become"
        typer.echo(f"{later} {become} known only after now: left out")


def _to_search(begun: float, time_limit: float) -> float:
    """Seconds for building and searching, so that the plan is verified within the limit."""
    elapsed = time.monotonic() - begun
    return max(SEARCHING, time_limit - (1 + VERIFYING) * elapsed)


def _write_case(case: Case, output: Path) -> Path:
    """Write the changed case beside where it is to be, out of the reader's way."""
    from overland.case import write_case

    draft = output / ".case.part"
    try:
        shutil.rmtree(draft, ignore_errors=True)
        write_case(case, draft)
    except OSError as error:
        raise UsageError(f"{output}: cannot be made a folder for the plan: {error.strerror}") from error
    return draft


def _read_changed(folder: Path) -> Case:
    """Read the changed case back: the rules of the folder hold for it as for any other."""
    from overland.case import read_case

    try:
        return read_case(folder)
    except CaseError as error:
        raise PlanError(f"With these events the case has faults:\n{error}") from error


def _write(
    case: Case,
    times: RoadTimes,
    draft: Path,
    running: Plan,
    made: Plan,
    found: list[Notice],
    output: Path,
) -> tuple[Case, list[Path]]:
    from overland.case import read_case
    from overland.plan.document import write_plan
    from overland.plan.notices import write_notices
    from overland.plan.sheets import write_sheets
    from overland.plan.spare_seats import spare_seats

    try:
        shutil.rmtree(output / CASE, ignore_errors=True)
        draft.replace(output / CASE)
        write_plan(made, output / "plan.json")
        write_plan(running, output / RUNNING)
        write_notices(case, found, output / "changes.csv")
        sheets = write_sheets(case, made, times, spare_seats(case, made), output)
        for stale in ("proof.json", "report.html"):  # of a plan that stood here before
            (output / stale).unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(f"{output}: the plan cannot be written: {error.strerror}") from error
    moved = case.network is not None or case.railways is not None  # files of the case, named by their paths
    return read_case(output / CASE) if moved else case, sheets


def _print(case: Case, running: Plan, made: Plan, found: list[Notice], seconds: float, output: Path) -> None:
    from rich.console import Console
    from rich.table import Table

    from overland.report.words import count

    console = Console(highlight=False)
    totals, local = made.totals, case.zone
    assert made.replanned is not None
    console.print(
        f"\n[bold]{case.title}[/bold], from {made.replanned.now.astimezone(local):%a %d %b %H:%M} on"
    )
    console.print(f"verified after {seconds:.1f} s; no bound is claimed for it")
    console.print(
        f"{totals.out:,} of {totals.people:,} people out ({running.totals.out:,} of "
        f"{running.totals.people:,} before); cost {made.certificate.cost:,.0f} weighted person-hours "
        f"({running.certificate.cost:,.0f} before)"
    )
    told = [notice for notice in found if notice.who == "groups"]
    drivers = [notice for notice in found if notice.who == "driver"]
    people, groups = sum(notice.people for notice in told), sum(len(notice.groups) for notice in told)
    console.print(
        f"[bold]to be told: {count(people, 'person', 'people')} in {count(groups, 'group')}, "
        f"{count(len(drivers), 'driver')}[/bold]"
    )
    if told:
        table = Table(title="First to be told")
        for heading in ("where", "people", "before", "after"):
            table.add_column(heading, justify="right" if heading == "people" else "left")
        for notice in told[:SHOWN]:
            table.add_row(
                notice.where, str(notice.people), notice.before or "—", notice.after or "nothing more"
            )
        console.print(table)
        if len(told) > SHOWN:
            console.print(f"and {len(told) - SHOWN:,} more instructions in {output / 'changes.csv'}")
    for who in ("crossing", "hub", "reception"):
        rows = [notice for notice in found if notice.who == who]
        for notice in sorted(rows, key=lambda row: -abs(row.people))[:6]:
            console.print(f"{who} {notice.where}: {notice.after}, not {notice.before.partition(' ')[0]}")
    typer.echo(f"\nplan      {output / 'plan.json'} for the case {output / CASE}")
    typer.echo(f"changes   {output / 'changes.csv'}: who has to be told what")
