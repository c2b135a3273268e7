"""The report as a reader sees it: in Chromium, on a desk and on a phone, with no network."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import yaml
from click.testing import CliRunner, Result
from playwright.sync_api import Browser, Page, sync_playwright

from scripts.sweep import main
from utils.data.synthetic import reference_bars

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
HOSTILE = "</script><b>x"
GRID = {"atr_period": [7, 10, 14], "multiplier": [1.0, 1.5], "stop_atr": [0, 2], "adx_min": [0, 10, 20]}


def sweep(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished sweep of 36 combinations, the last fifth of its bars held out."""
    folder = tmp_path_factory.mktemp("report")
    bars = reference_bars(12_000)
    stamps = bars.time.astype("datetime64[ns]").astype("datetime64[s]")
    columns = (stamps, bars.open, bars.high, bars.low, bars.close, bars.volume)
    lines = [",".join(map(str, row)) for row in zip(*columns, strict=True)]
    (folder / "bars.csv").write_text("\n".join(["timestamp,open,high,low,close,volume", *lines]))
    content = {
        "name": "small",
        "strategy": "money_line",
        "grid": GRID,
        "fixed": {"ma_slow": 100, "ma_gap_min": -1, "volume_min": 0, "target_atr": 4},
        "data": {"path": str(folder / "bars.csv")},
        "instrument": {"security_type": "crypto", "lot_size": 1e-5},
    }
    (folder / "small.yaml").write_text(yaml.safe_dump(content))
    result = sweep("run", folder / "small.yaml", "--db", folder / "small.db")
    assert result.exit_code == 0, result.output
    return folder / "small.db"


@pytest.fixture(scope="module")
def report(database: Path) -> Path:
    path = database.with_suffix(".html")
    result = sweep("report", "--db", database, "--output", path)
    assert result.exit_code == 0, result.output
    return path


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


def opened(browser: Browser, report: Path, width: int, problems: list[str], scheme: str = "light") -> Page:
    """The page in a window of `width`; errors and requests to anywhere go to `problems`."""
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on(
        "request",
        lambda request: (
            None if request.url.startswith(("file:", "data:", "blob:")) else problems.append(request.url)
        ),
    )
    page.goto(report.as_uri())
    page.wait_for_selector("#map .heatmaplayer")
    return page


def test_the_file_needs_nothing_else(report: Path) -> None:
    text = report.read_text()
    assert len(text) < 6_000_000
    own = re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL)
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", own)


def test_the_numbers_are_the_stores(
    report: Path, database: Path, browser: Browser, problems: list[str]
) -> None:
    page = opened(browser, report, 1280, problems)
    cells = page.locator("#top tbody tr").first.locator("th, td").all_inner_texts()
    page.close()
    connection = sqlite3.connect(database)
    pnl, sharpe, trades = connection.execute(
        "SELECT pnl, sharpe, total_trades FROM strategies WHERE combo = ?", (int(cells[0]),)
    ).fetchone()
    (best,) = connection.execute("SELECT max(sharpe) FROM strategies WHERE total_trades >= 10").fetchone()
    connection.close()
    assert sharpe == best
    assert cells[1:3] == [f"{pnl:,.0f}", f"{sharpe:.2f}"]
    assert str(trades) in cells


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


def test_the_dark_scheme_is_dark(report: Path, browser: Browser, problems: list[str]) -> None:
    ink = {}
    for scheme in ("light", "dark"):
        page = opened(browser, report, 1280, problems, scheme)
        ink[scheme] = page.evaluate("document.getElementById('map').layout.font.color")
        page.close()
    assert ink["light"] != ink["dark"]
    assert problems == []


def test_a_hostile_name_stays_text(database: Path, browser: Browser, problems: list[str]) -> None:
    copy = database.with_name("hostile.db")
    shutil.copy(database, copy)
    connection = sqlite3.connect(copy)
    with connection:
        connection.execute("UPDATE sweeps SET id = ?, name = ?", (HOSTILE, HOSTILE))
        connection.execute("UPDATE chunks SET sweep = ?", (HOSTILE,))
        connection.execute("UPDATE strategies SET sweep = ?", (HOSTILE,))
    connection.close()
    path = copy.with_suffix(".html")
    result = sweep("report", "--db", copy, "--output", path)
    assert result.exit_code == 0, result.output
    page = opened(browser, path, 1280, problems)
    assert page.locator("h1").inner_text() == HOSTILE
    page.close()
    assert problems == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--db", "absent.db", "--output", "x.html"], "absent.db"),
        (["--db", "{db}", "--symbol", "XYZ", "--output", "x.html"], "XYZ"),
        (["--db", "{db}", "--output", "/proc/no/x.html"], "/proc/no/x.html"),
    ],
)
def test_what_cannot_be_reported(database: Path, arguments: list[str], says: str) -> None:
    result = sweep("report", *(argument.replace("{db}", str(database)) for argument in arguments))
    assert result.exit_code == 1
    assert result.stderr.startswith("error: ")
    assert result.stderr.count("\n") == 1
    assert says in result.stderr
