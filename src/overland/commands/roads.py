"""``overland roads``: networks of real roads and railways."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from overland.commands.roads_ways import export, route, show

if TYPE_CHECKING:
    from overland.roads.network import Network
    from overland.roads.osm.road_import import Dropped, Wanted

app = typer.Typer(
    help="Networks of real roads and railways, from OpenStreetMap.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


CLASSES = "motorway..tertiary"


@app.command("import")
def import_roads(
    extract: Annotated[
        Path, typer.Argument(help="An extract of the map (.osm.pbf).", metavar="EXTRACT", show_default=False)
    ],
    output: Annotated[Path, typer.Option("-o", "--output", help="The network to write.")] = Path(
        "roads.parquet"
    ),
    classes: Annotated[
        str, typer.Option(help="Classes of roads: a range (ferries come along) or a list with commas.")
    ] = CLASSES,
    layer: Annotated[str, typer.Option(help="`road` or `rail`.")] = "road",
    bbox: Annotated[str | None, typer.Option(help="Only this box: west,south,east,north in degrees.")] = None,
    polygon: Annotated[Path | None, typer.Option(help="Only the polygons of this GeoJSON file.")] = None,
    country: Annotated[
        str, typer.Option(help="Country (UA, DE …) whose speed limits hold where none is on the map.")
    ] = "",
    speeds: Annotated[Path | None, typer.Option(help="Speeds to use instead of ours, in TOML.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress.")] = False,
) -> None:
    """Turn an OpenStreetMap extract into a network of roads, or of railways.

    Keeps the largest part in which every place can be reached from every other, and says what was dropped.
    """
    from overland.commands.progress import stages

    _check_installed()
    from overland.roads.network_file import write_network
    from overland.roads.osm.road_import import import_network

    wanted = _wanted(classes, layer, bbox, polygon, country, speeds)
    _check_output(output)
    with stages(quiet=quiet) as show:
        network, dropped = import_network(extract, wanted, show)
        show("writing", 0, None)
        write_network(network, output)
    _print_summary(network, dropped, output)


# A latitude south of the equator begins like an option.
app.command(context_settings={"ignore_unknown_options": True})(route)
for command in (show, export):
    app.command()(command)


def _wanted(
    classes: str, layer: str, bbox: str | None, polygon: Path | None, country: str, speeds: Path | None
) -> Wanted:
    from overland.errors import UsageError
    from overland.roads.osm import area
    from overland.roads.osm.road_import import LAYERS, Wanted, parse_classes
    from overland.roads.osm.speeds import read_speeds

    if layer not in LAYERS:
        raise UsageError(f"--layer: '{layer}' is not a layer; there are {' and '.join(LAYERS)}")
    if layer == "rail" and classes != CLASSES:
        raise UsageError("--classes: railways have none; leave it out with --layer rail")
    if bbox is not None and polygon is not None:
        raise UsageError("--bbox and --polygon: give one of them")
    within = area.box(bbox) if bbox is not None else area.polygon(polygon) if polygon is not None else None
    chosen = ("rail",) if layer == "rail" else parse_classes(classes)
    return Wanted(chosen, read_speeds(speeds, country.upper()), within)


def _check_installed() -> None:
    """Say how to get what reads maps, which not everybody needs."""
    from importlib.util import find_spec

    from overland.errors import UsageError

    if missing := [name for name in ("osmium", "pyarrow") if find_spec(name) is None]:
        raise UsageError(f"{' and '.join(missing)} not installed; `pip install overland[roads]` brings it")


def _check_output(output: Path) -> None:
    """Say before the work, not after it, that the network cannot be written there."""
    from overland.errors import UsageError

    if output.is_dir():
        raise UsageError(
            f"--output: {output} is a folder; name a file in it, such as {output / 'roads.parquet'}"
        )
    if not output.absolute().parent.is_dir():
        raise UsageError(f"--output: the folder {output.parent} does not exist; make it first")


def _print_summary(network: Network, dropped: Dropped, output: Path) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False, soft_wrap=True)
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column(justify="right")
    table.add_column()
    for number, what in _figures(network, dropped):
        table.add_row(number, what)
    console.print(table)
    console.print(f"Written to {output}", markup=False)


def _figures(network: Network, dropped: Dropped) -> list[tuple[str, str]]:
    """What a network contains and what it lacks, in the order of the summary."""
    from overland.roads.network import BRIDGE, CLASSES, FERRY, TUNNEL

    segments = network.segments
    km = [
        (f"{segments.metres[segments.road_class == number].sum() / 1000:,.1f}", f"km {name}")
        for number, name in enumerate(CLASSES)
        if (segments.road_class == number).any()
    ]
    marked = [
        (f"{int((segments.marks & mark > 0).sum()):,}", what)
        for mark, what in ((BRIDGE, "bridges"), (TUNNEL, "tunnels"), (FERRY, "ferries"))
    ]
    places = [(f"{len(network.borders):,}", "border points"), (f"{len(network.stations):,}", "stations")]
    rail = segments.road_class.size > 0 and CLASSES[segments.road_class[0]] == "rail"
    return [
        (f"{len(network):,}", "nodes"),
        (f"{len(segments):,}", "segments"),
        *km,
        *marked,
        places[rail],
        (
            f"{dropped.metres / 1000:,.1f}",
            f"km dropped, not connected both ways ({dropped.pieces:,} pieces, {dropped.nodes:,} nodes)",
        ),
        (f"{dropped.points:,}", f"{places[rail][1]} dropped, far from what was kept or at another's node"),
    ]
