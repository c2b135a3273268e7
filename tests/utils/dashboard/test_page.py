"""The page as a person meets it: in Chromium, by mouse, keyboard and screen reader, on desk and phone."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from tests.utils.dashboard.conftest import complete
from tests.utils.dashboard.sweeping import TOKEN, settings_in, store_state, sweep_file
from tests.utils.sweep.report.test_page import ARGUMENTS, CHROMIUM
from utils.dashboard.server import DashboardServer, running_dashboard
from utils.sweep.store import Store, SweepRecord

FIRST_PAINT_SECONDS = 10.0  # this machine may be busy; `bench.py dashboard` measures it
expect.set_options(timeout=60_000)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip("no chromium: install it to test the dashboard")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def problems() -> Iterator[list[str]]:
    """Errors of the page's scripts, refused resources and requests to elsewhere: there must be none."""
    found: list[str] = []
    yield found
    assert found == []


def opened(
    browser: Browser,
    server: DashboardServer,
    problems: list[str],
    *,
    token: str | None = TOKEN,
    **options: Any,
) -> Page:
    page = browser.new_page(**{"viewport": {"width": 1280, "height": 900}, **options})
    page.set_default_timeout(30_000)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on(
        "request",
        lambda request: None if f":{server.port}/" in request.url or request.url.startswith("data:")
        else problems.append(request.url),
    )  # fmt: skip
    page.goto(server.url + (f"#token={token}" if token else ""))
    expect(page.locator("#connection")).to_have_text("live", timeout=30_000)
    return page


def violations(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.2 A and AA and its best practices."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found for node in rule["nodes"]
    ]


def test_start_progress_stop_resume_and_finish_by_mouse(
    tmp_path: Path, dashboard: DashboardServer, browser: Browser, problems: list[str]
) -> None:
    sweep_file(tmp_path)
    page = opened(browser, dashboard, problems)
    assert TOKEN not in page.url
    page.locator("#start-workers").fill("1")
    page.get_by_role("button", name="Start").click()
    expect(page.locator("#answer")).to_have_text("long is starting")
    expect(page.locator("#focus-state")).to_have_text("running", timeout=90_000)
    expect(page.locator("#done")).to_have_text(re.compile(r"^[1-9]?\d\.\d %$"), timeout=60_000)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#focus-state")).to_have_text("interrupted", timeout=60_000)
    stopped_at = page.locator("#done").inner_text()
    assert stopped_at != "100 %"
    assert store_state(dashboard, "long", "interrupted")["sweeps"]["long"]["combos_done"] < 32_768
    page.get_by_role("button", name="Resume").click()
    expect(page.locator("#focus-state")).to_have_text(re.compile("running|assessing"), timeout=90_000)
    expect(page.locator("#focus-state")).to_have_text("completed", timeout=180_000)
    assert page.locator("#done").inner_text() == "100 %"
    assert page.locator("#top tbody tr").count() == 10
    expect(page.locator("#equity svg polyline")).to_have_count(2, timeout=120_000)
    expect(page.locator("#rates svg polyline")).to_have_count(1)
    connection = sqlite3.connect(tmp_path / "build" / "long.db")
    assert (
        connection.execute("SELECT count(*), count(DISTINCT combo) FROM strategies").fetchone()
        == (32_768,) * 2
    )
    connection.close()
    page.close()


def test_where_a_sweep_runs_is_chosen(
    tmp_path: Path, dashboard: DashboardServer, browser: Browser, problems: list[str]
) -> None:
    sweep_file(tmp_path)
    page = opened(browser, dashboard, problems)
    asked: list[Any] = []

    def answer(route: Route) -> None:
        asked.append(route.request.post_data_json)
        route.fulfill(json={"started": "long"})

    page.route("**/api/cluster/start", answer)
    page.get_by_label("Runs on").select_option("a Ray cluster of its own")
    page.get_by_label("Cores").fill("2")
    page.get_by_role("button", name="Start").click()
    expect(page.locator("#answer")).to_have_text("long is starting")
    assert asked == [{"sweep": "long", "ray": "own", "workers": 2}]
    page.close()


def test_without_the_token_it_only_shows_and_a_wrong_one_is_refused(
    tmp_path: Path, dashboard: DashboardServer, browser: Browser
) -> None:
    sweep_file(tmp_path)
    refused: list[str] = []
    page = opened(browser, dashboard, refused, token=None)
    expect(page.locator("#start")).to_be_hidden()
    page.get_by_label("Token").fill("a-wrong-token-of-somebody")
    page.get_by_role("button", name="Unlock").click()
    expect(page.locator("#answer")).to_contain_text("needs the token")
    expect(page.locator("#start")).to_be_hidden()
    page.get_by_label("Token").fill(TOKEN)
    page.get_by_role("button", name="Unlock").click()
    expect(page.locator("#start")).to_be_visible()
    assert all("401" in problem for problem in refused)
    cookies = page.context.cookies()
    assert [(cookie["httpOnly"], cookie["sameSite"]) for cookie in cookies] == [(True, "Strict")]
    assert TOKEN not in str(cookies)
    page.close()


def test_it_follows_by_events_and_catches_up_after_a_lost_connection(
    tmp_path: Path, browser: Browser, toy_record: SweepRecord
) -> None:
    settings = settings_in(tmp_path)
    lost: list[str] = []
    with Store.to_write(tmp_path / "build" / "toy.db") as store:
        store.add(toy_record)
        with running_dashboard(settings, token=TOKEN) as server:
            page = opened(browser, server, lost)
            expect(page.locator("#combos")).to_have_text("0")
            complete(store, toy_record, store.unfinished("toy")[:2])
            expect(page.locator("#combos")).to_have_text("32")
            port = server.port
        expect(page.locator("#connection")).to_contain_text("connection lost")
        complete(store, toy_record, store.unfinished("toy")[:2])
        with running_dashboard(settings, token=TOKEN, port=port):
            expect(page.locator("#connection")).to_have_text("live", timeout=30_000)
            expect(page.locator("#combos")).to_have_text("64")
            page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing(
    scheme: str,
    width: int,
    dashboard: DashboardServer,
    browser: Browser,
    problems: list[str],
    toy_store: Store,
    toy_record: SweepRecord,
) -> None:
    chunks = toy_store.unfinished("toy")
    complete(toy_store, toy_record, chunks[:5])
    toy_store.start(chunks[5], "local-1")
    size = {"width": width, "height": 800}
    page = opened(browser, dashboard, problems, viewport=size, color_scheme=scheme)
    expect(page.locator("#top tbody tr").first).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    small = page.evaluate(
        "[...document.querySelectorAll('button, select, input')].filter((e) => e.offsetParent)"
        ".map((e) => e.getBoundingClientRect()).filter((r) => r.height < 24 || r.width < 24).length"
    )
    assert small == 0  # WCAG 2.2, target size
    page.close()


def test_the_locked_page_and_a_broken_store_are_sound_too(
    tmp_path: Path, browser: Browser, problems: list[str]
) -> None:
    build = tmp_path / "build"
    build.mkdir()
    (build / "broken.db").write_bytes(b"no database at all" * 400)
    settings = settings_in(tmp_path, databases=(build / "absent.db",))
    with running_dashboard(settings, token=TOKEN) as server:
        page = opened(browser, server, problems, token=None)
        table = page.locator("#sweeps tbody")
        expect(table.locator("tr")).to_have_count(2)
        page.get_by_role("button", name="broken").click()
        expect(page.locator("#focus-problem")).to_contain_text("not a SQLite database")
        page.get_by_role("button", name="absent").click()
        expect(page.locator("#focus-problem")).to_contain_text("there is no such database")
        assert violations(page) == []
        page.close()


def test_all_of_it_by_keyboard(
    tmp_path: Path,
    dashboard: DashboardServer,
    browser: Browser,
    problems: list[str],
    toy_store: Store,
    toy_record: SweepRecord,
) -> None:
    sweep_file(tmp_path)
    complete(toy_store, toy_record, toy_store.unfinished("toy")[:5])
    page = opened(browser, dashboard, problems)
    expect(page.locator("#stop")).to_be_visible()
    expect(page.locator("#top tbody tr").first).to_be_visible()
    reached = []
    for _ in range(15):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                "document.activeElement.id || document.activeElement.textContent.trim().slice(0, 20)"
            )
        )
        style = "getComputedStyle(document.activeElement).outlineStyle"
        on_page = page.evaluate("document.activeElement !== document.body")
        assert not on_page or page.evaluate(style) != "none", reached
    form = ["start-sweep", "start-ray", "start-workers", "start-data", "Start"]
    wanted = ["Skip to the sweeps", "stop", "toy", *form]
    assert [name for name in dict.fromkeys(reached) if name in wanted] == wanted
    page.close()


def test_what_is_read_out_is_polite_and_rare(
    dashboard: DashboardServer,
    browser: Browser,
    problems: list[str],
    toy_store: Store,
    toy_record: SweepRecord,
) -> None:
    page = opened(browser, dashboard, problems)
    expect(page.locator("#announcement")).to_contain_text("toy running, 0 % done")
    assert page.locator("#announcement").get_attribute("aria-live") == "polite"
    page.evaluate(
        "window.said = 0; new MutationObserver(() => { window.said += 1; })"
        ".observe(document.getElementById('announcement'), {childList: true, subtree: true})"
    )
    for chunk in toy_store.unfinished("toy")[:8]:
        complete(toy_store, toy_record, [chunk])
        page.wait_for_timeout(300)
    expect(page.locator("#chunks")).to_have_text("8 of 13")
    assert page.evaluate("window.said") <= 1
    page.close()


def test_names_of_a_store_stay_text(
    tmp_path: Path, browser: Browser, problems: list[str], toy_record: SweepRecord
) -> None:
    hostile = "<img src=x onerror=broken=1>"
    with Store.to_write(tmp_path / "build" / f"{hostile.replace('/', '')}.db") as store:
        store.add(SweepRecord(**{**vars(toy_record), "id": hostile, "strategy": "<b>bold</b>"}))
    with running_dashboard(settings_in(tmp_path), token=TOKEN) as server:
        page = opened(browser, server, problems)
        expect(page.locator("#focus-heading")).to_have_text(hostile)
        assert page.locator("main img, main b").count() == 0
        page.close()


def test_the_first_paint_waits_for_no_sweep(
    dashboard: DashboardServer, browser: Browser, problems: list[str]
) -> None:
    page = opened(browser, dashboard, problems)
    paint = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
    assert page.evaluate(paint) < FIRST_PAINT_SECONDS * 1000
    page.close()
