"""``overland roads route``, ``show`` and ``export``: ways on real roads, to read, to look at, to hand on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from overland.case.model import Case
    from overland.exchange import Line
    from overland.roads.intervals import Interval
    from overland.roads.network import Network
    from overland.roads.route import Route
    from overland.roads.snapping import Snap

NetworkArgument = Annotated[
    Path,
    typer.Argument(help="Network made by `overland roads import`.", metavar="NETWORK", show_default=False),
]
Origin = Annotated[str, typer.Argument(help="Latitude,longitude; with --case also a place.", metavar="FROM")]
Target = Annotated[str, typer.Argument(help="Latitude,longitude; with --case also a place.", metavar="TO")]
FromOption = Annotated[str, typer.Option("--from", help="Start of a route; latitude,longitude or a place.")]
ToOption = Annotated[str, typer.Option("--to", help="End of a route; latitude,longitude or a place.")]
CaseOption = Annotated[
    Path | None, typer.Option("--case", help="Case whose closures, threats and corridors hold.")
]
LeavingOption = Annotated[
    str,
    typer.Option("--leaving", help="Local time of the case, such as '2022-02-24 06:00'. Default: its start."),
]
OutputOption = Annotated[Path, typer.Option("-o", "--output", help="File to write; replaced if it is there.")]


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A network, and a route on it where one is asked for."""

    network: Network
    case: Case | None
    closed: dict[int, list[Interval]]  # segment → minutes after the start of the case
    snaps: tuple[Snap, Snap] | None = None
    route: Route | None = None
    alternatives: tuple[Route, ...] = ()
    minutes: float = 0.0  # after the start of the case

    def clock(self, minutes: float) -> str:
        """Minutes after the start as a local moment of the case, or as a span without one."""
        if self.case is None:
            return _span(minutes)
        moment = (self.case.start + timedelta(minutes=minutes)).astimezone(self.case.zone)
        return f"{moment:%a %d %b %H:%M}"


def route(
    network: NetworkArgument,
    origin: Origin,
    target: Target,
    case: CaseOption = None,
    leaving: LeavingOption = "",
    alternatives: Annotated[
        int, typer.Option(min=0, max=9, help="Genuinely different ways to look for besides.")
    ] = 0,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Write it, too: .geojson, .gpx or .kml.")
    ] = None,
) -> None:
    """Say how long it is from here to there, leaving then, if this is closed.

    Exits with 1 if there is no way.
    """
    from overland.exchange import write_lines

    asked = _ask(network, case, origin, target, leaving, alternatives)
    _print_route(asked)
    if asked.route is None:
        raise typer.Exit(1)
    if alternatives:
        _print_alternatives(asked)
    if output is not None:
        others = [
            _route_line(other, f"Alternative {number}")
            for number, other in enumerate(asked.alternatives, start=1)
        ]
        write_lines([_route_line(asked.route), *others], output, _title(asked, f"{origin} to {target}"))
        typer.echo(f"Wrote {output}")


def show(
    network: NetworkArgument,
    output: OutputOption = Path("roads.svg"),
    origin: FromOption = "",
    target: ToOption = "",
    case: CaseOption = None,
    leaving: LeavingOption = "",
) -> None:
    """Draw a network, what is closed at a time, and a route: an SVG picture that any browser opens."""
    from overland.report.roadmap import write_roadmap

    asked = _ask(network, case, origin, target, leaving)
    if asked.snaps is not None:
        _print_route(asked)
    closed = _closed_at(asked)
    write_roadmap(asked.network, output, closed, None if asked.route is None else asked.route.line)
    segments = len(asked.network.segments)
    typer.echo(f"Wrote {output}: {segments:,} stretches of road, {len(closed):,} of them closed then.")


def export(
    network: NetworkArgument,
    output: OutputOption,
    origin: FromOption = "",
    target: ToOption = "",
    case: CaseOption = None,
    leaving: LeavingOption = "",
) -> None:
    """Write the whole network, or a route, for other programs: .geojson, .gpx or .kml."""
    from overland.exchange import write_lines

    asked = _ask(network, case, origin, target, leaving)
    if asked.snaps is None:
        write_lines(_network_lines(asked.network), output, _title(asked, network.stem))
    else:
        _print_route(asked)
        if asked.route is None:
            raise typer.Exit(1)
        write_lines([_route_line(asked.route)], output, _title(asked, f"{origin} to {target}"))
    typer.echo(f"Wrote {output}")


def _ask(
    network: Path, case: Path | None, origin: str, target: str, leaving: str, alternatives: int = 0
) -> Asked:
    from overland.case import read_case
    from overland.errors import UsageError
    from overland.roads.closings import check_ways, closed_intervals, closings_of
    from overland.roads.network_file import read_network
    from overland.roads.route import alternative_routes, fastest_route
    from overland.roads.snapping import graph_with, snap

    if bool(origin) != bool(target):
        raise UsageError("a route has two ends: give both --from and --to")
    if leaving and case is None:
        raise UsageError("--leaving: only a case says what is closed when; add --case")
    known = None if case is None else read_case(case)
    roads = read_network(network)
    closed, minutes = {}, 0.0
    if known is not None:
        check_ways(roads, known)
        closed, minutes = closed_intervals(roads, closings_of(known)), _minutes(known, leaving)
    asked = Asked(roads, known, closed, minutes=minutes)
    if not origin:
        return asked
    ends = [(text, *_point(known, text)) for text in (origin, target)]
    first, second = snap(roads, ends)
    graph = graph_with(roads, [first, second], closed)
    found = fastest_route(roads, graph, len(roads), len(roads) + 1, minutes)
    others: list[Route] = []
    if found is not None and alternatives:
        others = alternative_routes(roads, graph, len(roads), len(roads) + 1, found, alternatives)
    return Asked(roads, known, closed, (first, second), found, tuple(others), minutes)


def _point(case: Case | None, text: str) -> tuple[float, float]:
    """Longitude and latitude of a place of the case, or of a text ``latitude,longitude``."""
    from overland.errors import UsageError

    if case is not None:
        at = {place.id: (place.longitude, place.latitude) for place in case.places}
        at |= {crossing.id: (crossing.longitude, crossing.latitude) for crossing in case.crossings}
        if text in at:
            return at[text]
    parts = text.split(",")
    try:
        latitude, longitude = (float(part) for part in parts)
    except ValueError:
        or_place = "" if case is None else ", nor a place or crossing of the case"
        raise UsageError(
            f"{text!r} is not a point such as 49.84,24.03 (latitude,longitude){or_place}"
        ) from None
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        raise UsageError(f"{text!r} is not on the globe; the order is latitude,longitude")
    return longitude, latitude


def _minutes(case: Case, leaving: str) -> float:
    from overland.case.cells import CellError, moment
    from overland.errors import UsageError

    if not leaving:
        return 0.0
    try:
        when: datetime = moment(leaving, case.zone)
    except CellError as error:
        raise UsageError(f"--leaving: {error.message}") from error
    if when < case.start:
        raise UsageError(f"--leaving: {leaving} is before the case begins")
    return (when - case.start).total_seconds() / 60


def _closed_at(asked: Asked) -> set[int]:
    """Segments that are closed at the moment asked for."""
    return {
        segment
        for segment, intervals in asked.closed.items()
        if any(start <= asked.minutes < end for start, end in intervals)
    }


def _print_route(asked: Asked) -> None:
    from rich.console import Console
    from rich.table import Table

    assert asked.snaps is not None
    console, found = Console(highlight=False, soft_wrap=True), asked.route
    for end, at in zip(("start", "end"), asked.snaps, strict=True):
        console.print(f"{end}: {at.metres:,.0f} m from the road")
    if found is None:
        console.print("[bold]there is no way[/bold], however long one waits")
        return
    console.print(
        f"[bold]{found.metres / 1000:,.1f} km in {_span(found.arrive - found.depart)}[/bold]"
        + (f", of them {_span(found.waiting)} waiting for roads to open" if found.waiting else "")
        + (f"; there on {asked.clock(found.arrive)}" if asked.case else "")
    )
    table = Table()
    for heading in ("from", "km", "road"):
        table.add_column(heading, justify="right" if heading == "km" else "left")
    for stretch in found.stretches:
        table.add_row(asked.clock(stretch.enter), f"{stretch.metres / 1000:,.1f}", stretch.name or "—")
    console.print(table)


def _print_alternatives(asked: Asked) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False, soft_wrap=True)
    if not asked.alternatives:
        console.print("no other way is different enough and not much longer")
        return
    table = Table(title="Other ways")
    for heading in ("km", "time", "mainly by"):
        table.add_column(heading, justify="left" if heading == "mainly by" else "right")
    for other in asked.alternatives:
        table.add_row(f"{other.metres / 1000:,.1f}", _span(other.arrive - other.depart), _mainly(other))
    console.print(table)


def _mainly(route: Route) -> str:
    """The roads on which most of a route runs, in the order in which they are first met."""
    metres: dict[str, float] = {}
    for stretch in route.stretches:
        if stretch.name:
            metres[stretch.name] = metres.get(stretch.name, 0.0) + stretch.metres
    longest = sorted(metres, key=lambda name: -metres[name])[:3]
    return ", ".join(name for name in metres if name in longest)


def _span(minutes: float) -> str:
    hours, rest = divmod(round(minutes), 60)
    return f"{hours} h {rest:02} min" if hours else f"{rest} min"


def _title(asked: Asked, what: str) -> str:
    """A title that gives credit to those who made the map, as its licence asks."""
    credit = asked.network.source.get("attribution", "")
    return f"{what} ({credit})" if credit else what


def _route_line(found: Route, name: str = "Route") -> Line:
    from overland.exchange import Line

    about: dict[str, str | float | int] = {
        "km": round(found.metres / 1000, 3),
        "minutes": round(found.arrive - found.depart, 1),
        "waiting_minutes": round(found.waiting, 1),
    }
    return Line(name, found.line, about)


def _network_lines(network: Network) -> list[Line]:
    from overland.exchange import Line
    from overland.roads.network import BRIDGE, CLASSES, FERRY, NEVER, TUNNEL

    segments, lines = network.segments, []
    for i in range(len(segments)):
        about: dict[str, str | float | int] = {
            "class": CLASSES[segments.road_class[i]],
            "metres": round(float(segments.metres[i]), 1),
            "ways": " ".join(str(way) for way in segments.ways(i)),
        }
        for key, millis in (("minutes", segments.along[i]), ("minutes_back", segments.against[i])):
            if millis != NEVER:
                about[key] = round(float(millis) / 60_000, 2)
        for mark, word in ((BRIDGE, "bridge"), (TUNNEL, "tunnel"), (FERRY, "ferry")):
            if segments.marks[i] & mark:
                about[word] = "yes"
        lines.append(Line(segments.name[i], segments.line(i), about))
    return lines
