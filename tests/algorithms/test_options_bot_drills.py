"""Faults in the engine, over real quotes: the bot ends flat or hedged, and says why."""

from __future__ import annotations

import importlib
import io
import json
import os
import signal
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.algorithms.goog_day import DAY, cut_out
from tests.algorithms.options_bot_runs import ROOT, BotRun, bot_module
from trading.monitoring.probe import StatedProbe


@pytest.fixture(scope="module")
def goog(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return cut_out(sample_data / "lean", tmp_path_factory.mktemp("goog") / "data")


def bot(**attributes: Any) -> Any:
    """The bot with other attributes or methods."""
    return type("OptionsTradingBot", (bot_module().OptionsTradingBot,), attributes)


def opened_after(run: BotRun, time: str) -> list[str]:
    return [one.subject for one in run.of("spread", "entering") if str(one.time)[11:16] > time]


def test_a_broker_that_is_slow_opens_the_breaker(goog: Path, tmp_path: Path) -> None:
    def latency(self: Any) -> float:
        return 500.0 if self.time.hour >= 10 else 20.0

    run = BotRun(bot(resource_probe=StatedProbe(), _broker_latency_ms=latency), goog, tmp_path)
    moved = [one.reason for one in run.of("risk", "moved")]
    assert any("closed -> open" in reason and "latency" in reason for reason in moved), moved
    assert run.of("spread", "entering")
    assert opened_after(run, "10:01") == []
    run.assert_flat_or_hedged()


def test_memory_at_91_percent_sheds_load_and_closes(goog: Path, tmp_path: Path) -> None:
    base = bot_module().OptionsTradingBot
    probe = StatedProbe()

    def on_data(self: Any, data: Any) -> None:
        if self.time.hour >= 11:
            probe.memory_pct = 91
        base.on_data(self, data)

    run = BotRun(
        type("OptionsTradingBot", (base,), {"resource_probe": probe, "on_data": on_data}), goog, tmp_path
    )
    assert run.of("spread", "entering")
    assert opened_after(run, "11:01") == []
    assert any("load is shed" in one.reason for one in run.of("exit", "closing"))
    assert any("-> open: resources: memory at 91.0 %" in one.reason for one in run.of("risk", "moved"))
    run.assert_flat_or_hedged()
    assert run.holdings() == {}


def test_a_rejected_credit_is_unwound(goog: Path, tmp_path: Path) -> None:
    base = bot_module().OptionsTradingBot

    def limit_order(self: Any, symbol: Any, quantity: float, price: float, live: bool, tag: str) -> Any:
        if "|short|" in tag and quantity < 0:
            quantity *= 100_000  # more than the account can carry: the engine refuses it
        return base.limit_order(self, symbol, quantity, price, live, tag)

    run = BotRun(bot(limit_order=limit_order), goog, tmp_path)
    assert any("was rejected" in one.reason for one in run.decisions)
    assert any("unwinding" in one.reason for one in run.of("spread", "closed"))
    assert run.holdings() == {}
    run.assert_flat_or_hedged()


def test_partial_fills_that_cross_cancellations(goog: Path, tmp_path: Path) -> None:
    from AlgorithmImports import FillModel, OrderStatus

    class OneAtATime(FillModel):
        def limit_fill(self, asset: Any, order: Any) -> Any:
            fill = super().limit_fill(asset, order)
            left = order.quantity - sum(
                one.fill_quantity for one in algorithm[0].transactions.get_order_ticket(order.id).order_events
            )
            if fill.status == OrderStatus.FILLED and abs(left) > 1:
                fill.fill_quantity = 1 if order.quantity > 0 else -1
                fill.status = OrderStatus.PARTIALLY_FILLED
            return fill

    algorithm: list[Any] = []

    def on_securities_changed(self: Any, changes: Any) -> None:
        algorithm[:] = [self]
        for security in changes.added_securities:
            if "GOOG" in str(security.symbol.value) and str(security.symbol.value) != "GOOG":
                security.set_fill_model(OneAtATime())

    run = BotRun(bot(on_securities_changed=on_securities_changed), goog, tmp_path)
    assert "PARTIALLY_FILLED" in {event.status.name for event in run.outcome.order_events}
    assert run.of("spread", "closed")
    run.assert_flat_or_hedged()
    assert run.holdings() == {}


def test_stale_data_opens_the_breaker(goog: Path, tmp_path: Path) -> None:
    data = cut_out_gap(goog, tmp_path / "data", "10:30", "11:00")
    run = BotRun(bot(), data, tmp_path / "run")
    assert any("-> open: stale_data" in one.reason for one in run.of("risk", "moved"))
    assert not [one for one in run.of("spread", "entering") if "10:35" < str(one.time)[11:16] < "11:00"]
    run.assert_flat_or_hedged()


def test_a_language_model_that_is_down_stops_nothing(
    goog: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = bot_module().OptionsTradingBot
    monkeypatch.setenv("OPENAI_API_KEY", "not-a-key-that-is-used")

    def initialize(self: Any) -> None:
        base.initialize(self)
        self._news.take("GOOG", "Alphabet opens an office.", self.utc_time)

    kind = bot(initialize=initialize, llm_endpoints={"openai": "http://127.0.0.1:9"})
    run = BotRun(kind, goog, tmp_path, llm__network_in_backtests=True, llm__max_retries=0)
    assert run.of("spread", "entering")
    assert any("openai" in line for line in map(str, run.outcome.log))
    run.assert_flat_or_hedged()


def test_killed_with_an_open_leg_and_a_working_order_it_goes_on(goog: Path, tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "Library")))}
    script = [sys.executable, str(Path(__file__).with_name("killed_bot.py")), str(goog), str(tmp_path)]
    killed = subprocess.run(script, env=environment, capture_output=True, text=True, timeout=200, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    broker = json.loads((tmp_path / "broker.json").read_text())
    assert broker["held"]
    assert broker["orders"]
    base = bot_module().OptionsTradingBot
    from AlgorithmImports import SecurityIdentifier, Symbol

    def symbol_of(text: str) -> Any:
        identifier = SecurityIdentifier.parse(text)
        return Symbol(identifier, identifier.symbol)

    def on_data(self: Any, data: Any) -> None:
        if self._saved:  # what LEAN does before the first data: it brings the broker's holdings and orders
            for text, quantity, price in broker["held"]:
                self.portfolio[symbol_of(text)].set_holdings(price, quantity)
            for text, quantity, limit, tag in broker["orders"]:
                base.limit_order(self, symbol_of(text), quantity, limit, False, tag)
        base.on_data(self, data)

    run = BotRun(bot(on_data=on_data), goog, tmp_path, backtest__restore_state=True)
    assert run.of("restart", "resumed")
    tags = [str(order.tag) for order in run.outcome.orders]
    assert len(set(tags)) == len(tags)
    resumed = {one.subject for one in run.of("restart", "resumed")}
    assert resumed <= {one.subject for one in run.of("spread", "closed")}
    assert run.holdings() == {}
    run.assert_flat_or_hedged()


def cut_out_gap(data: Path, folder: Path, start: str, end: str) -> Path:
    """A copy of the data without the rows between two times of the day."""
    first, last = (1_000 * 60 * (60 * int(time[:2]) + int(time[3:])) for time in (start, end))
    for source in data.rglob("*"):
        target = folder / source.relative_to(data)
        if source.is_dir():
            target.mkdir(parents=True, exist_ok=True)
        elif DAY in source.name and source.suffix == ".zip":
            target.parent.mkdir(parents=True, exist_ok=True)
            with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
                for name in old.namelist():
                    lines = io.StringIO(old.read(name).decode()).readlines()
                    kept = [line for line in lines if not first <= int(line.split(",")[0]) < last]
                    new.writestr(name, "".join(kept))
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
    return folder


def test_shares_that_an_assignment_delivered_are_traded_away(sample_data: Path, tmp_path: Path) -> None:
    base = bot_module().OptionsTradingBot

    def on_data(self: Any, data: Any) -> None:
        base.on_data(self, data)
        if (self.time.hour, self.time.minute) == (10, 0) and self.time.day == 24:
            self.market_order(self.deep, -2)

    def initialize(self: Any) -> None:
        base.initialize(self)
        lean = importlib.import_module("AlgorithmImports")
        self.deep = lean.Symbol.create_option(
            "GOOG", "usa", lean.OptionStyle.AMERICAN, lean.OptionRight.CALL, 720, datetime(2015, 12, 24)
        )
        self.add_option_contract(self.deep)

    kind = type("OptionsTradingBot", (base,), {"on_data": on_data, "initialize": initialize})
    run = BotRun(
        kind,
        sample_data / "lean",
        tmp_path,
        backtest__end_date="2015-12-28",
        options_scanner__enabled="false",
    )
    [delivered] = run.of("shares", "delivered")
    assert delivered.reason == "-200 shares at 720.00"
    [closed] = run.of("shares", "closed")
    assert str(closed.time).startswith("2015-12-28 09:31")
    assert run.holdings() == {}
