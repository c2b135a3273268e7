"""The dashboard's figures: what it costs a running sweep, and how soon its page is there.

The sweep runs in this process, alternately without and with a dashboard that 50 clients listen to, both in
processes of their own on the same cores.
"""

from __future__ import annotations

import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from trading.bars import Bars
from utils.bench.sweeps import Figures, timed_sweep
from utils.data.synthetic import reference_bars
from utils.sweep.config import SweepConfig, load_config

ROOT = Path(__file__).resolve().parents[2]
CLIENTS = 50
PAIRS = 5
PAGES = 7
BARS = 40_000
FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
SWEEP: Mapping[str, Any] = {
    "holdout": 0,
    "chunk_size": 1024,
    "grid.target_atr": [0, 2, 3, 4, 5, 6, 7, 8],
    "grid.stop_atr": [0, 1.5, 2, 2.5, 3, 3.5, 4, 5],
}
"""262,144 combinations over the reference sweep's first bars: seconds, in which the observer looks often."""


def load() -> Figures:
    """Seconds of a sweep with a dashboard and its clients over those without: median of pairs."""
    config, bars = _sweep_inputs()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        timed_sweep(config, bars[:5000], folder / "warm-up.db")
        without, beside, events = [], [], 0
        for pair in range(PAIRS):
            without.append(_without(config, bars, folder / f"without-{pair}"))
            seconds, seen = _beside_dashboard(config, bars, folder / f"with-{pair}")
            beside.append(seconds)
            events += seen
    ratios = [slow / fast for slow, fast in zip(beside, without, strict=True)]
    return {
        "clients": CLIENTS,
        "pairs": PAIRS,
        "seconds_without": round(statistics.median(without), 3),
        "seconds_with": round(statistics.median(beside), 3),
        "slower": round(statistics.median(ratios) - 1, 4),
        "slower_by_pair": [round(ratio - 1, 3) for ratio in ratios],
        "slower_fastest": round(min(beside) / min(without) - 1, 4),
        "events_a_client": round(events / CLIENTS / PAIRS, 1),
    }


def first_paint() -> Figures:
    """Seconds until Chromium first paints the page, and until the state is in it; each in a fresh context."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - a development dependency

    chromium = shutil.which("chromium")
    if chromium is None:
        return {"skipped": "not measured: there is no chromium"}
    config, bars = _sweep_inputs()
    paints, filled = [], []
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        timed_sweep(config, bars[:5000], folder / "small.db")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        with _dashboard(folder) as url, _clients(url):
            for _ in range(PAGES):
                page = browser.new_context().new_page()
                page.goto(url)
                page.wait_for_selector("#top tbody tr")
                paints.append(page.evaluate(FIRST_PAINT))
                filled.append(page.evaluate("performance.now()"))
                page.context.close()
        browser.close()
    return {
        "pages": PAGES,
        "clients": CLIENTS,
        "first_paint_s": round(statistics.median(paints) / 1000, 3),
        "first_paint_worst_s": round(max(paints) / 1000, 3),
        "with_state_s": round(statistics.median(filled) / 1000, 3),
    }


MEASUREMENTS: Mapping[str, Callable[[], Figures]] = {
    "dashboard/load": load,
    "dashboard/first-paint": first_paint,
}


def _sweep_inputs() -> tuple[SweepConfig, Bars]:
    return load_config(Path("config/sweeps/money_line_reference.yaml"), SWEEP), reference_bars(BARS)


def _without(config: SweepConfig, bars: Bars, folder: Path) -> float:
    folder.mkdir()
    return timed_sweep(config, bars, folder / "sweep.db")


def _beside_dashboard(config: SweepConfig, bars: Bars, folder: Path) -> tuple[float, int]:
    """Seconds of the sweep, and the events that all clients got."""
    folder.mkdir()
    with _dashboard(folder) as url, _clients(url) as clients:
        seconds = timed_sweep(config, bars, folder / "sweep.db")
        assert clients.stdin is not None
        assert clients.stdout is not None
        clients.stdin.write("count\n")
        clients.stdin.flush()
        return seconds, int(clients.stdout.readline())


@contextmanager
def _dashboard(folder: Path) -> Iterator[str]:
    """A dashboard over `folder`; its page's address."""
    command = [sys.executable, str(ROOT / "scripts" / "dashboard.py"), "--port", "0", "--folder", str(folder)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process.stdout.readline().partition(": ")[2].partition("#")[0]
    finally:
        process.terminate()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


@contextmanager
def _clients(url: str) -> Iterator[subprocess.Popen[str]]:
    """Clients of its events, in a process of their own; each has begun when this returns."""
    port = url.rpartition(":")[2].partition("/")[0]
    process = subprocess.Popen(
        [sys.executable, "-m", "utils.bench.dashboard", port],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        if process.stdout.readline() != "listening\n":
            raise RuntimeError("the clients could not connect")
        yield process
    finally:
        process.kill()
        process.communicate()


def listen(port: int) -> None:
    """Be the clients: count events until standard input asks how many there were."""
    import selectors  # noqa: PLC0415 - of this process only

    waiting = selectors.DefaultSelector()
    for _ in range(CLIENTS):
        client = socket.create_connection(("127.0.0.1", port), timeout=30)
        client.sendall(f"GET /api/cluster/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
        if not client.recv(65536).startswith(b"HTTP/1.1 200"):
            sys.exit(1)
        client.setblocking(False)
        waiting.register(client, selectors.EVENT_READ)
    waiting.register(sys.stdin, selectors.EVENT_READ, "asked")
    print("listening", flush=True)  # noqa: T201
    events = 0
    while True:
        for key, _ in waiting.select():
            if key.data == "asked":
                print(events, flush=True)  # noqa: T201
                sys.stdin.readline()
                continue
            assert isinstance(key.fileobj, socket.socket)
            received = key.fileobj.recv(1 << 20)
            events += received.count(b"\nevent: ")
            if not received:
                waiting.unregister(key.fileobj)


if __name__ == "__main__":
    listen(int(sys.argv[1]))
