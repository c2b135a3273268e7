"""The options trading bot: what it subscribes to, within which limits, and what its scans log."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from tests.algorithms.lean_imports import QCAlgorithm, load_main
from tests.trading.execution.lean_double import Lean
from trading.settings import Settings

KEY = "options_trading_bot/settings.json"


class Universe:
    """LEAN's OptionFilterUniverse over a grid of contracts."""

    def __init__(self, price: float, strikes: range, expiries: int) -> None:
        self.underlying = SimpleNamespace(price=price)
        self.calls: list[tuple[Any, ...]] = []
        self.found = [
            SimpleNamespace(
                symbol=SimpleNamespace(
                    id=SimpleNamespace(strike_price=float(strike), date=datetime(2016, 1, 1 + day)),
                    value=f"{strike} {day} {right}",
                )
            )
            for strike in strikes
            for day in range(expiries)
            for right in "CP"
        ]

    def include_weeklys(self) -> Universe:
        return self

    def strikes(self, low: int, high: int) -> Universe:
        self.calls.append(("strikes", low, high))
        return self

    def expiration(self, low: int, high: int) -> Universe:
        self.calls.append(("expiration", low, high))
        return self

    def __iter__(self) -> Any:
        return iter(self.found)

    def contracts(self, symbols: list[Any]) -> list[Any]:
        return symbols


def started(monkeypatch: pytest.MonkeyPatch, stored: dict[str, Any] | None = None, **parameters: str) -> Any:
    main = load_main("options_trading_bot", monkeypatch)
    objects = {} if stored is None else {KEY: json.dumps(stored)}
    names = {name.replace("__", "."): value for name, value in parameters.items()}
    bot = main.OptionsTradingBot(Lean(), names, objects)
    bot.initialize()
    return bot


def called(bot: QCAlgorithm, name: str) -> list[tuple[Any, ...]]:
    return [arguments for called, arguments in bot.calls if called == name]


def test_its_subscriptions_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    bot = started(monkeypatch)
    equities = called(bot, "equity")
    assert [ticker for ticker, *_ in equities] == list(Settings().universe.equities)
    assert all(rest == ["minute", "raw"] for _, *rest in equities)
    assert [ticker for ticker, _ in called(bot, "option")] == list(Settings().universe.option_underlyings)
    assert called(bot, "brokerage") == [("schwab", "margin")]
    assert bot.logs == ["LLM sentiment: openai, anthropic"]


def test_fewer_chains_when_the_settings_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = {"resource_limits": {"max_option_chains": 3}, "llm": {"enabled": False}}
    bot = started(monkeypatch, stored)
    assert len(called(bot, "option")) == 3
    assert bot.logs == []
    assert len(called(started(monkeypatch, stored, resource_limits__max_option_chains="1"), "option")) == 1


def test_a_chain_keeps_the_contracts_nearest_to_the_money(monkeypatch: pytest.MonkeyPatch) -> None:
    bot = started(monkeypatch)
    _, select = called(bot, "filter")[0]
    universe = Universe(100.0, range(80, 121), 5)
    kept = select(universe)
    assert len(kept) == 100
    assert universe.calls == [("strikes", -10, 10), ("expiration", 0, 45)]
    farthest = max(abs(symbol.id.strike_price - 100.0) for symbol in kept)
    assert farthest == 5.0  # 10 contracts a strike, 2 strikes a distance
    assert select(universe) == kept


def test_its_scans_run_at_the_settings_intervals(monkeypatch: pytest.MonkeyPatch) -> None:
    bot = started(monkeypatch)
    assert [interval for interval, _ in bot.scheduled] == [timedelta(seconds=60), timedelta(seconds=300)]
    quiet = started(monkeypatch, {"movement_scanner": {"enabled": False}})
    assert [interval for interval, _ in quiet.scheduled] == [timedelta(seconds=300)]


def test_the_movement_scan_logs_moves_in_its_range(monkeypatch: pytest.MonkeyPatch) -> None:
    bot = started(monkeypatch, {"technical_indicators": {"ichimoku": {"enabled": False}}})
    bot.logs.clear()
    bot.prices = dict.fromkeys(Settings().universe.equities, 100.0) | {
        "AAPL": 103.0,
        "TSLA": 97.5,
        "SPY": 101.9,
        "XOM": 104.1,
        "JPM": 0.0,
    }
    scan = bot.scheduled[0][1]
    scan()
    assert bot.logs == [
        "AAPL moved +3.00 %, rsi 100.00, macd 100.00, bollinger 100.00",
        "TSLA moved -2.50 %",
    ]
    bot.market_open = False
    scan()
    assert len(bot.logs) == 2


def contract(bid: float, ask: float, open_interest: int) -> Any:
    return SimpleNamespace(bid_price=bid, ask_price=ask, open_interest=open_interest)


def test_the_options_scan_counts_liquid_contracts(monkeypatch: pytest.MonkeyPatch) -> None:
    bot = started(monkeypatch)
    bot.logs.clear()
    liquid = contract(0.96, 1.04, 100)
    wide, few, unquoted, crossed = (
        contract(0.94, 1.06, 100),
        contract(1.0, 1.01, 99),
        contract(0.0, 0.05, 1000),
        contract(1.1, 1.0, 1000),
    )
    bot.current_slice.option_chains["?SPY"] = [liquid, wide, few, unquoted, crossed]
    bot.scheduled[1][1]()
    assert bot.logs == ["SPY chain: 5 contracts, 1 liquid"]


def test_wrong_settings_stop_it_with_key_and_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match=f"^{KEY}: resource_limits.max_chains: no such setting"):
        started(monkeypatch, {"resource_limits": {"max_chains": 5}})
