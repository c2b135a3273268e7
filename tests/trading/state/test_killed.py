"""kill -9 with the embedded engine's Object Store, in a process of its own, again and again."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from trading.state.categories import Category
from trading.state.repository import Repository
from utils.engine.algorithm.object_store import ObjectStore

ROOT = Path(__file__).parents[3]

SAVING = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from trading.state.categories import Category
from trading.state.repository import Repository
from utils.engine.algorithm.object_store import ObjectStore

repository = Repository(ObjectStore(Path(sys.argv[1])), "bot/live", lambda: datetime.now(UTC), print)
found = repository.load(Category.TRADING_STATE, "count")
number = 0 if found is None else int(found.envelope.body)
while True:
    number += 1
    repository.save(Category.TRADING_STATE, "count", b"%d" % number)
    sys.stdout.write(f"{number}\\n")
    sys.stdout.flush()
"""

TRADING = """
import os, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from trading.state.blotter import Blotter, saved_state
from trading.state.brokerage_view import BrokerageView
from trading.state.reconciliation import reconcile
from trading.state.repository import Repository
from trading.state.trading_state import OrderDraft, TradingState
from utils.engine.algorithm.object_store import ObjectStore

folder, target = Path(sys.argv[1]), int(sys.argv[2])
late = timedelta(minutes=int(sys.argv[3]))  # as if a minute had passed since the last run
now = lambda: datetime.now(UTC) + late
broker = os.open(folder / "fills", os.O_CREAT | os.O_APPEND | os.O_WRONLY)
held = len((folder / "fills").read_text().splitlines())
repository = Repository(ObjectStore(folder / "store"), "bot/live", now, print)
found = saved_state(repository)
saved = TradingState() if found is None else found[0]
result = reconcile(saved, BrokerageView({"GOOG C": float(held)} if held else {}, ()), "bot", now())
assert result.settled and result.explained, list(map(str, result.findings))
blotter = Blotter("bot", now, repository, result.state)
while blotter.state.holdings().get("GOOG C", 0) < target:
    (order,) = blotter.intend(OrderDraft(symbol="GOOG C", quantity=1, owner="s1", purpose="leg"))
    os.write(broker, f"{order.tag}\\n".encode())  # the broker takes and fills it
    blotter.sent(order.tag, [order.tag])
    blotter.filled(order.tag, 1)
    blotter.closed(order.tag)
"""


def start(script: str, *arguments: object) -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'Library'}"}
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )


def test_what_was_saved_survives_kill_9(tmp_path: Path) -> None:
    chance = random.Random(5)
    saved = 0
    for _ in range(4):
        process = start(SAVING, tmp_path)
        assert process.stdout is not None
        begun = process.stdout.readline()
        assert begun, process.stderr.read() if process.stderr else ""
        assert int(begun) in {saved + 1, saved + 2}
        time.sleep(chance.uniform(0.01, 0.3))
        process.send_signal(signal.SIGKILL)
        acknowledged = (begun + process.communicate(timeout=30)[0]).split("\n")[:-1]
        store = ObjectStore(tmp_path)
        found = Repository(store, "bot/live", lambda: datetime.now(UTC), print).load(
            Category.TRADING_STATE, "count"
        )
        assert found is not None
        saved = int(found.envelope.body)
        assert int(acknowledged[-1]) <= saved <= int(acknowledged[-1]) + 1
        assert len(store.keys) <= 4
    assert saved > 20


def test_an_algorithm_killed_while_it_trades_reaches_its_target_and_no_more(tmp_path: Path) -> None:
    chance = random.Random(6)
    target, kills = 60, 0
    fills = tmp_path / "fills"
    for life in range(6):
        process = start(TRADING, tmp_path, target, life)
        before = len(fills.read_text().splitlines()) if fills.exists() else 0
        deadline = time.monotonic() + 20
        while process.poll() is None and time.monotonic() < deadline:
            if fills.exists() and len(fills.read_text().splitlines()) > before:
                break
            time.sleep(0.002)
        time.sleep(chance.uniform(0, 0.12))
        if process.poll() is not None:
            assert process.returncode == 0, process.communicate()[1]
            break
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=30)
        kills += 1
    assert kills >= 3
    process = start(TRADING, tmp_path, target, 99)
    assert process.wait(60) == 0, process.communicate()[1]
    tags = fills.read_text().splitlines()
    assert len(tags) == len(set(tags)) == target
