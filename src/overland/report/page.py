"""One self-contained HTML page of a plan: it opens from a file, without a network, and prints."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from overland.case.model import Basis, Case
from overland.plan.document import Plan
from overland.report import charts, words
from overland.report.drawn_roads import classes_by_tier, drawn_roads
from overland.report.duties import duties_of, names_of
from overland.report.figures import (
    certificate_sentence,
    figures_of,
    left_rows,
    marks_of,
    place_rows,
    reasons_of,
)
from overland.report.geography import country_labels, frame_of, outline_paths
from overland.report.loads import centre_loads, country_loads, gate_loads
from overland.report.movements import headcounts_of, journeys_of
from overland.report.scene import scene_of, still_layers
from overland.report.tracks import tracks_of
from overland.roads import RoadTimes


def write_report(case: Case, plan: Plan, times: RoadTimes, path: Path) -> None:
    """Write the page of a plan so that a reader never sees half of it.

    Parameters
    ----------
    case : Case
        The case the plan is for.
    plan : Plan
        The plan.
    times : RoadTimes
        Road times of the case.
    path : Path
        File to write; replaced if it is there.
    """
    draft = path.with_suffix(path.suffix + ".part")
    draft.write_text(render_report(case, plan, times, datetime.now(UTC)), encoding="utf-8")
    draft.replace(path)


def render_report(case: Case, plan: Plan, times: RoadTimes, made: datetime) -> str:
    """Render the page of a plan as HTML.

    Parameters
    ----------
    case, plan, times : Case, Plan, RoadTimes
        As for :func:`write_report`.
    made : datetime
        When the page is made, as it will say.
    """
    return environment().get_template("page.html.j2").render(_context(case, plan, times, made))


def environment() -> Environment:
    """The templates of the pages, with the words they use."""
    environment = Environment(
        loader=PackageLoader("overland.report"),
        autoescape=select_autoescape(["html.j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "number": words.number,
        "percent": words.percent,
        "at_most": words.at_most,
        "country": words.country,
        "count": words.count,
        "span": words.span,
        "script_json": script_json,
    }
    return environment


def script_json(value: Any) -> Markup:
    """JSON that cannot end the script element it stands in, whatever names it holds."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


def _context(case: Case, plan: Plan, times: RoadTimes, made: datetime) -> dict[str, Any]:
    """Everything the templates show."""
    sizes = {group.id: group.size for group in case.groups}
    journeys = journeys_of(case, plan)
    counts = headcounts_of(case, journeys)
    tracks = tracks_of(case, plan, times, sizes)
    fleets = duties_of(case, plan, sizes)
    frame = frame_of(case)
    roads = drawn_roads(times)
    duties = [duty for fleet in fleets for duty in fleet.duties]
    scene = scene_of(case, plan, frame, counts, tracks, duties, roads)
    marks = marks_of(case, plan, counts.out)
    left = left_rows(case, plan, journeys)
    return {
        "case": case,
        "plan": plan,
        "made": words.moment_in_year(made, case.zone),
        "start": words.moment_in_year(case.start, case.zone),
        "figures": figures_of(case, plan, marks),
        "certificate": certificate_sentence(case, plan),
        "scene": scene,
        "outlines": outline_paths(frame.project),
        "country_labels": country_labels(frame),
        "still": still_layers(case, frame, tracks, roads),
        "road_classes": classes_by_tier(roads),
        "credit": "" if times.ground is None else times.ground.network.source.get("attribution", ""),
        "axis": charts.day_axis(case, scene["last"]),
        "curve": charts.curve_of(case, plan, counts.out, marks, scene["last"]),
        "timeline": charts.timeline_rows(case, scene["totals"], scene["last"]),
        "gates": charts.strips_of(case, gate_loads(case, journeys), scene["last"]),
        "countries": country_loads(case, journeys),
        "centres": centre_loads(case, journeys),
        "fleets": fleets,
        "trips": charts.trip_rows(case, plan, sizes, names_of(case)),
        "cars": charts.car_rows(case, plan, times, names_of(case)),
        "places": place_rows(case, counts, journeys),
        "left": left,
        "left_reasons": reasons_of(left),
        "values_most": max([value.saves for value in plan.values], default=0.0),
        "assumptions": [note for note in case.notes if note.basis is Basis.ASSUMPTION],
        "facts": [note for note in case.notes if note.basis is Basis.FACT],
    }
