"""The report as a reader sees it: in Chromium, on a desk and on a phone, with no network."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.utils.sweep.report.samples import HOSTILE, hostile
from utils.sweep.report.content import Content
from utils.sweep.report.page import render

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip("no chromium: install it to test the report")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def problems() -> list[str]:
    return []


def opened(
    browser: Browser, report: Path, width: int, problems: list[str], drawn: str = "#map .main-svg"
) -> Page:
    """The page in a window of `width`; errors and requests to anywhere go to `problems`."""
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme="light")
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on(
        "request",
        lambda request: (
            None if request.url.startswith(("file:", "data:", "blob:")) else problems.append(request.url)
        ),
    )
    page.goto(report.as_uri())
    page.wait_for_selector(drawn)
    return page


def test_verdict_figures_and_charts_are_there(report: Path, browser: Browser, problems: list[str]) -> None:
    page = opened(browser, report, 1280, problems)
    assert page.locator("#verdict").inner_text().endswith(".")
    assert page.locator("dl .value").count() == 5
    for chart in ("equity", "parallel", "distribution"):
        assert page.locator(f"[data-chart={chart}] svg").count() > 0
    headings = page.locator("h1, h2").all_inner_texts()
    assert len(headings) == len(set(headings)) == 7
    page.close()
    assert problems == []


def test_the_selectors_change_the_map_and_take_the_keyboard(
    report: Path, browser: Browser, problems: list[str]
) -> None:
    page = opened(browser, report, 1280, problems)
    shown = "document.getElementById('map').data[0]"
    sharpe = page.evaluate(f"{shown}.z")
    page.locator("#map-metric").select_option(label="Profit")
    profit = page.evaluate(f"{shown}.z")
    assert np.shape(profit) == np.shape(sharpe)
    assert profit != sharpe
    page.locator("#map-metric").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "map-pair"
    page.keyboard.press("ArrowDown")
    assert page.evaluate(f"{shown}.z") != profit
    page.locator("#map-kind").select_option("best")
    page.close()
    assert problems == []


def test_a_phone_needs_no_sideways_scrolling(report: Path, browser: Browser, problems: list[str]) -> None:
    page = opened(browser, report, 390, problems)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.close()
    assert problems == []


@pytest.mark.parametrize("width", [1280, 390])
def test_a_search_has_its_history_in_place_of_maps(
    search_report: Path, browser: Browser, problems: list[str], width: int
) -> None:
    page = opened(browser, search_report, width, problems, "[data-chart=history] .main-svg")
    assert page.locator("[data-chart=history] .scatterlayer .trace").count() == 2
    assert page.locator("[data-chart=importance] .bars .point").count() == 2
    assert page.locator("#map").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.close()
    assert problems == []


def test_the_charts_follow_the_scheme(report: Path, browser: Browser, problems: list[str]) -> None:
    page = opened(browser, report, 1280, problems)
    ink = [
        f"document.querySelector('{chart}').layout.font.color" for chart in ("#map", "[data-chart=equity]")
    ]
    page_colors = [f"getComputedStyle(document.body).{part}" for part in ("color", "backgroundColor")]
    before = [page.evaluate(color) for color in ink + page_colors]
    page.emulate_media(color_scheme="dark")
    for color, light in zip(ink + page_colors, before, strict=True):
        page.wait_for_function(f"{color} !== '{light}'", timeout=10_000)  # drawn again a moment later
    page.close()
    assert problems == []


def test_hostile_text_stays_text(
    content: Content, tmp_path: Path, browser: Browser, problems: list[str]
) -> None:
    path = tmp_path / "hostile.html"
    path.write_text(render(hostile(content)))
    page = opened(browser, path, 1280, problems)
    assert page.locator("h1").inner_text() == HOSTILE
    assert page.locator("#verdict").inner_text() == HOSTILE
    assert HOSTILE in page.locator("#top tbody tr").first.locator("td").last.inner_text()
    assert page.locator("img, b:has-text('broken')").count() == 0
    assert page.evaluate("window.broken") is None
    page.close()
    assert problems == []


def test_a_sweep_without_a_rankable_row(
    content: Content, tmp_path: Path, browser: Browser, problems: list[str]
) -> None:
    path = tmp_path / "poor.html"
    nothing = {name: np.full_like(table, np.nan) for name, table in content.tables.items()}
    poor = replace(content, leaders=[], curve=None, years=[], sensitivity={}, tables=nothing)
    path.write_text(render(poor))
    page = opened(browser, path, 1280, problems)
    assert page.locator("main").inner_text().count("No row has enough trades to be ranked.") == 1
    assert page.locator("#top, [data-chart=equity]").count() == 0
    page.close()
    assert problems == []
