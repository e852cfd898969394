"""The page as text: complete, self-contained and safe, whatever the case lacks or holds."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from overland.case import Case
from overland.plan.document import Plan
from overland.report import words, write_report
from overland.roads import RoadTimes
from tests.builders import START, fleet, group, small_case
from tests.report.conftest import Shown, show
from tests.report.naive import naive_plan

HOSTILE = "<script>alert(1)</script></title>\"'&\u2028 שלום"


class Outline(HTMLParser):
    """What a browser would load or run, and whether elements are closed in order."""

    VOID = frozenset({"meta", "link", "input", "br", "hr", "img"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.scripts = 0
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        self.loaded += [value or "" for name, value in attrs if name in ("src", "href", "xlink:href", "data")]
        assert not any(name.startswith("on") for name, _ in attrs)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def hostile_case() -> Case:
    """The small case with names that would break a careless page."""
    case = small_case(title=HOSTILE, description=HOSTILE)
    return replace(
        case,
        places=tuple(replace(p, name=f"{HOSTILE} {p.id}", region=HOSTILE) for p in case.places),
        crossings=tuple(replace(x, name=HOSTILE, name_abroad=HOSTILE) for x in case.crossings),
        reception=tuple(replace(r, name=HOSTILE) for r in case.reception),
    )


def figure(html: str, key: str) -> str:
    """A headline figure as text."""
    found = re.search(rf'data-figure="{key}">\s*(?:<dd class="value">)?([^<]*)<', html)
    assert found
    return found[1].strip()


def test_the_page_loads_nothing_from_anywhere(bundled: Shown) -> None:
    outline = Outline(bundled.html)
    assert outline.open == []
    assert all(reference.startswith(("#", "data:")) for reference in outline.loaded)
    assert "url(http" not in bundled.html
    assert "@import" not in bundled.html


def test_the_page_is_small_enough_to_send(bundled: Shown) -> None:
    assert len(bundled.html.encode()) < 2_500_000


def test_headline_figures_are_those_of_the_plan(bundled: Shown) -> None:
    totals, proof, html = bundled.plan.totals, bundled.plan.certificate, bundled.html
    assert figure(html, "people") == f"{totals.people:,}"
    assert figure(html, "out") == f"{totals.out:,}"
    assert figure(html, "left") == f"{totals.people - totals.out:,}"
    assert figure(html, "cost") == f"{proof.cost:,.0f}"
    assert figure(html, "bound") == f"{proof.bound:,.0f}"
    assert figure(html, "gap") == "10.0 %"
    assert figure(html, "exposure") == f"{totals.exposure:,.0f}"


@pytest.mark.parametrize("hours", [24, 48, 72])
def test_people_out_after_days_are_counted_from_the_plan(bundled: Shown, hours: int) -> None:
    size = {group.id: group.size for group in bundled.case.groups}
    until = bundled.case.start + timedelta(hours=hours)
    legs = [*bundled.plan.trips, *bundled.plan.rides]
    out = sum(size[g] for leg in legs if leg.passed and leg.passed <= until for g in leg.groups)
    out += sum(size[drive.group] for drive in bundled.plan.drives if drive.passed <= until)
    assert figure(bundled.html, f"out{hours}") == f"{out:,}"


def test_hostile_names_are_text() -> None:
    html = show(hostile_case()).html
    outline = Outline(html)
    assert outline.open == []
    assert outline.scripts == 2  # the data and the program
    assert "<script>alert" not in html


def nobody_leaves(case: Case) -> Plan:
    """A plan of everybody left."""
    return naive_plan(replace(case, fleets=(), crossing_modes=(), services=(), service_stops=()))


LACKING = {
    "no people": small_case(groups=()),
    "no fleets": small_case(fleets=()),
    "vehicles that are never used": small_case(groups=(), fleets=(fleet("buses", "capital", 3),)),
    "no vehicles in a fleet": small_case(fleets=(fleet("buses", "capital", 0),)),
    "no crossings": small_case(
        crossings=(), crossing_modes=(), reception=(), roads=small_case().roads[:2], waits=()
    ),
    "no modes": small_case(crossing_modes=()),
    "a short horizon": small_case(horizon_hours=6),
    "one group": small_case(groups=(group("G1", "capital", 1),)),
    "a start at midnight": small_case(start=START - timedelta(hours=8)),
}


@pytest.mark.parametrize("case", LACKING.values(), ids=LACKING.keys())
def test_a_case_that_lacks_things_has_a_page(case: Case) -> None:
    shown = show(case)
    assert Outline(shown.html).open == []
    assert "nan" not in shown.html.replace("</span", "")


def test_a_plan_that_leaves_everybody_says_so() -> None:
    case = small_case()
    html = show(case, nobody_leaves(case)).html
    assert "Nobody passes the border in this plan." in html
    assert figure(html, "cleared") == "–"
    assert "17 people are not out when the plan ends." in html


def test_own_cars_have_their_advice(small: Shown) -> None:
    assert len(small.plan.drives) == 1
    drive = small.plan.drives[0]
    advice = small.html.split("Advice to own cars by place and hour")[1]
    leave, expected = (words.moment(at, small.case.zone) for at in (drive.depart, drive.arrive))
    assert f"<td>{leave}</td>" in advice
    assert f"<td>{expected}</td>" in advice
    nobody = small.plan.model_copy(update={"drives": []})
    assert "Advice to own cars" not in show(small.case, nobody).html


def test_a_plan_that_leaves_nobody_says_so(small: Shown) -> None:
    assert "Nobody: everybody in the case gets out." in small.html


def test_the_page_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    case = small_case()
    path = tmp_path / "report.html"
    path.write_text("before", encoding="utf-8")
    write_report(case, naive_plan(case), RoadTimes.of(case), path)
    assert path.read_text(encoding="utf-8").endswith("</html>\n")
    assert [file.name for file in tmp_path.iterdir()] == ["report.html"]
