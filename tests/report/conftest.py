"""A plan of the bundled case and of the small case, and their pages, made once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from overland.case import Case, read_case
from overland.plan.document import Plan
from overland.report.drawn_roads import drawn_roads
from overland.report.duties import duties_of
from overland.report.geography import frame_of
from overland.report.movements import Headcounts, headcounts_of, journeys_of
from overland.report.page import render_report
from overland.report.scene import Scene, scene_of
from overland.report.tracks import tracks_of
from overland.roads import RoadTimes
from tests.builders import small_case
from tests.report.naive import naive_plan

BUNDLED = Path(__file__).parents[2] / "cases" / "ukraine-2022"
MADE = datetime(2022, 2, 17, 5, tzinfo=UTC)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


@dataclass(frozen=True)
class Shown:
    """A case with a plan and everything the page is made from."""

    case: Case
    plan: Plan
    counts: Headcounts
    scene: Scene
    html: str


def show(case: Case, plan: Plan | None = None) -> Shown:
    """Make the page of a case, of its naive plan unless another is given."""
    times = RoadTimes.of(case)
    plan = plan or naive_plan(case, times)
    sizes = {group.id: group.size for group in case.groups}
    counts = headcounts_of(case, journeys_of(case, plan))
    duties = [duty for fleet in duties_of(case, plan, sizes) for duty in fleet.duties]
    tracks, roads = tracks_of(case, plan, times, sizes), drawn_roads(times)
    scene = scene_of(case, plan, frame_of(case), counts, tracks, duties, roads)
    return Shown(case, plan, counts, scene, render_report(case, plan, times, MADE))


@pytest.fixture(scope="session")
def bundled() -> Shown:
    return show(read_case(BUNDLED))


@pytest.fixture(scope="session")
def small() -> Shown:
    return show(small_case())


@pytest.fixture(scope="session")
def bundled_page(bundled: Shown, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(bundled.html, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no Chromium on this machine: scripts/ensure-chromium says how to get one")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@dataclass
class Opened:
    """A page in a browser without a network, with what went wrong while it was looked at."""

    page: Page
    requests: list[str]
    faults: list[str]


@pytest.fixture
def look(browser: Browser) -> Iterator[object]:
    """Open a file in the browser: ``look(path, width=1280)``. A fault in the console fails the test."""
    opened: list[Opened] = []

    def look_at(path: Path, *, width: int = 1280, at: str = "", **options: object) -> Opened:
        context = browser.new_context(viewport={"width": width, "height": 900}, offline=True, **options)
        view = Opened(context.new_page(), [], [])
        opened.append(view)

        def only_files(route: Route) -> None:
            view.requests.append(route.request.url)
            if route.request.url.startswith("file:"):
                route.continue_()
            else:
                route.abort()

        context.route("**/*", only_files)
        view.page.on("console", lambda message: view.faults.append(message.text))
        view.page.on("pageerror", lambda error: view.faults.append(str(error)))
        view.page.goto(path.as_uri() + at)
        return view

    yield look_at
    for view in opened:
        view.page.context.close()
        assert view.faults == []
