"""``overland massflow``: everybody of a city by roads that are too narrow for all, as early as possible."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from overland.commands.folders import make_folder

if TYPE_CHECKING:
    from overland.plan.massflow.earliest_arrival import Watcher
    from overland.plan.massflow.flow_network import FlowNetwork
    from overland.plan.massflow.mass_flow import MassFlow


def massflow(
    network: Annotated[
        Path,
        typer.Argument(
            help="Flow network (text), or roads made by `overland roads import` (.parquet).",
            metavar="NETWORK",
            show_default=False,
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="Folder for the flow and its proof; made if it is not there."),
    ] = None,
    time_limit: Annotated[
        float, typer.Option("--time-limit", help="Seconds to search.", min=0.1, max=86_400.0)
    ] = 600.0,
    check: Annotated[
        Path | None, typer.Option("--verify", help="Only check the flow in this folder, from its files.")
    ] = None,
    people: Annotated[
        Path | None, typer.Option(help="With roads: CSV of latitude, longitude, people.")
    ] = None,
    safe: Annotated[
        Path | None,
        typer.Option(
            help="With roads: CSV of latitude, longitude of safe places. Default: its border points."
        ),
    ] = None,
    step_seconds: Annotated[
        float, typer.Option(help="With roads: length of a step.", min=1.0, max=3600.0)
    ] = 60.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures for a program to read.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print no progress.")] = False,
) -> None:
    """Bring most people to safety by every moment, where roads are what binds, and prove it.

    Exits with 0; with 1 if a flow that is checked breaks a rule or is not what it says; with 2 if files
    cannot be read. Ctrl-C ends the search; the best flow until then is printed and written.
    """
    from overland.plan.massflow.earliest_arrival import earliest_arrival
    from overland.plan.massflow.network_text import write_flow_network
    from overland.plan.massflow.records import figures, write_records

    known = _network(network, people, safe, step_seconds)
    if check is not None:
        _verify(known, check, as_json=as_json)
        return
    if output is not None:
        make_folder(output, "the flow")
    with _following(quiet=quiet) as progress:
        flow = earliest_arrival(known, time_limit, progress)
    if output is not None:
        write_records(flow, output)
        write_flow_network(known, output / "network.dat")
    if as_json:
        typer.echo(json.dumps({**figures(flow), "seconds": round(flow.seconds, 3)}, indent=1))
    else:
        _print_outcome(flow, figures(flow), output)


def _print_outcome(flow: MassFlow, found: dict[str, Any], output: Path | None) -> None:
    _print_figures(found)
    if flow.interrupted:
        typer.echo("interrupted: those not yet planned for go as roads are free")
    typer.echo(f"seconds      {flow.seconds:,.1f}")
    if output is not None:
        network = output / "network.dat"
        typer.echo(f"written to   {output}; check it: overland massflow {network} --verify {output}")


def _network(network: Path, people: Path | None, safe: Path | None, step_seconds: float) -> FlowNetwork:
    from overland.errors import UsageError
    from overland.plan.massflow.network_text import read_flow_network

    if network.suffix != ".parquet":
        if people is not None or safe is not None:
            raise UsageError("--people and --safe: only for roads (.parquet); a flow network names its own")
        return read_flow_network(network)
    if people is None:
        raise UsageError("--people: say where people are: a CSV file with latitude, longitude, people")
    from overland.plan.massflow.road_capacity import flow_network_of_roads
    from overland.plan.massflow.road_places import read_places
    from overland.roads.network_file import read_network

    roads = read_network(network)
    return flow_network_of_roads(
        roads, read_places(people, counted=True), None if safe is None else read_places(safe), step_seconds
    )


def _print_figures(found: dict[str, Any]) -> None:
    optimal = (
        "the earliest possible" if found["clearance"] == found["clearance_bound"] else "not proven earliest"
    )
    least = (
        "the least possible" if found["gap"] == 0 else f"at least {found['bound']:,}: gap {found['gap']:.2%}"
    )
    typer.echo(f"people       {found['people']:,}")
    typer.echo(
        f"clearance    step {found['clearance']:,} ({optimal}; not before {found['clearance_bound']:,})"
    )
    typer.echo(f"sum          {found['total']:,} person-steps ({least})")
    typer.echo(f"mean         {found['mean']:,.1f} steps")
    typer.echo(f"50/95/100 %  steps {found['out_50']:,} / {found['out_95']:,} / {found['clearance']:,}")


def _verify(network: FlowNetwork, folder: Path, *, as_json: bool) -> None:
    from overland.plan.massflow.verification import verify_records

    found, wrong = verify_records(network, folder)
    if as_json:
        typer.echo(json.dumps({"violations": wrong, "figures": found}, indent=1))
    elif wrong:
        for message in wrong:
            typer.echo(message)
    else:
        typer.echo(f"{folder}: the flow keeps every rule, and its bound holds. Recomputed:")
        _print_figures(found)
    if wrong:
        raise typer.Exit(1)


@contextmanager
def _following(*, quiet: bool) -> Iterator[Watcher]:
    """Show how many have been brought out."""
    from overland.commands.progress import stages
    from overland.plan.massflow.earliest_arrival import warm_up

    with stages(quiet=quiet) as show:
        show("compiling", 0, None)
        warm_up()
        yield lambda now: show("mass flow", now.out, now.people)
