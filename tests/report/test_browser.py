"""The page in a real browser, without a network. Skipped where there is no Chromium."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.report.conftest import Shown, show
from tests.report.test_page import HOSTILE, hostile_case

MOVING = "#vehicles > :not([style*='display: none'])"


def test_it_opens_from_a_file_and_asks_for_nothing_else(look, bundled_page: Path) -> None:
    view = look(bundled_page)
    assert view.requests == [bundled_page.as_uri()]
    assert view.page.locator("#markers circle").count() > 100
    assert view.page.title() == "Ukraine, 17 February 2022 – evacuation plan"


def test_the_slider_moves_vehicles_and_head_counts(look, bundled: Shown, bundled_page: Path) -> None:
    page = look(bundled_page).page
    for step in (40, 60, 90):
        page.locator("#time").fill(str(step))
        expected = bundled.scene["totals"]
        for state in ("waiting", "riding", "hub", "border", "out", "left", "buses_loaded"):
            assert page.locator(f"[data-total={state}]").inner_text() == f"{expected[state][step]:,}"
        moving = [m for m in bundled.scene["moving"] if m[1] <= step < m[2]]
        assert page.locator(MOVING).count() == len(moving)
        assert page.locator("#clock").inner_text() == bundled.scene["clock"][step]
    at = page.locator(MOVING).first.get_attribute("transform")
    page.locator("#time").fill("91")
    assert page.locator(MOVING).first.get_attribute("transform") != at


def test_the_slider_works_with_the_keyboard(look, bundled: Shown, bundled_page: Path) -> None:
    page = look(bundled_page).page
    slider = page.locator("#time")
    slider.focus()
    start = int(slider.input_value())
    page.keyboard.press("ArrowRight")
    assert int(slider.input_value()) == start + 1
    assert bundled.scene["clock"][start + 1] in (slider.get_attribute("aria-valuetext") or "")
    page.keyboard.press("Home")
    assert page.locator("[data-total=out]").inner_text() == "0"
    page.keyboard.press("End")
    assert page.locator("[data-total=out]").inner_text() == f"{bundled.plan.totals.out:,}"


def test_it_plays_and_pauses(look, bundled_page: Path) -> None:
    page = look(bundled_page).page
    page.locator("#time").fill("10")
    page.locator("#play").click()
    expect(page.locator("#time")).to_have_value(re.compile(r"1[2-9]|[2-9]\d|\d{3}"))
    page.locator("#play").click()
    assert page.locator("#play").get_attribute("aria-label") == "Play"


def test_the_map_zooms(look, bundled_page: Path) -> None:
    page = look(bundled_page).page
    whole = page.locator("#map").get_attribute("viewBox")
    page.locator("#zoom-in").click()
    assert page.locator("#map").get_attribute("viewBox") != whole
    page.locator("#zoom-home").click()
    assert page.locator("#map").get_attribute("viewBox") == whole


def test_labels_of_the_map_do_not_overlap(look, bundled_page: Path) -> None:
    boxes = look(bundled_page).page.evaluate(
        """() => [...document.querySelectorAll('#labels text')].filter((e) => e.style.display !== 'none')
        .map((e) => e.getBoundingClientRect()).map((b) => [b.left, b.top + 3, b.right, b.bottom - 3])"""
    )
    assert len(boxes) > 20
    for i, a in enumerate(boxes):
        for b in boxes[i + 1 :]:
            assert a[2] <= b[0] + 1 or b[2] <= a[0] + 1 or a[3] <= b[1] + 1 or b[3] <= a[1] + 1


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_is_wider_than_the_screen(look, bundled_page: Path, width: int) -> None:
    page = look(bundled_page, width=width).page
    for details in page.locator("summary").all():
        details.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_paper_has_no_controls_and_everything_else(look, bundled_page: Path) -> None:
    page = look(bundled_page, at="#t=36").page
    page.emulate_media(media="print", color_scheme="dark")
    for control in ("#play", "#time", "#zoom-in", "#pace", "nav"):
        assert not page.locator(control).is_visible()
    assert page.locator("#map").is_visible()
    assert page.locator("#clock-print").inner_text() == "Fri 18 Feb, 18:00"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(23, 33, 46)"


def test_it_is_dark_for_those_who_want_it_dark(look, bundled_page: Path) -> None:
    page = look(bundled_page, color_scheme="dark").page
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 24, 31)"


def test_hostile_names_are_shown_as_they_are(look, tmp_path: Path) -> None:
    path = tmp_path / "hostile.html"
    path.write_text(show(hostile_case()).html, encoding="utf-8")
    page = look(path).page
    page.on("dialog", lambda _: pytest.fail("a name was run as a program"))
    shown = page.locator("h1").inner_text()
    assert shown.split() == HOSTILE.split()
    assert page.locator("#labels .name").first.text_content().startswith("<script>")


@pytest.mark.parametrize("everything", [True, False])
def test_a_small_case_opens_without_a_fault(look, small: Shown, tmp_path: Path, everything: bool) -> None:
    path = tmp_path / "small.html"
    path.write_text(small.html if everything else show(hostile_case()).html, encoding="utf-8")
    page = look(path, width=390).page
    page.locator("#time").fill("20")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
