"""A stand-in for LEAN's `AlgorithmImports`, enough to run a project's main.py over bars.

Names and signatures are held against quantconnect-stubs by the type checker; this holds what the code does.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from tests.trading.execution.lean_double import SYMBOL, Lean

ROOT = Path(__file__).parents[2]


class QCAlgorithm:
    """What an algorithm asked for, noted; orders go to `lean`."""

    def __init__(self, lean: Lean, parameters: dict[str, str], stored: dict[str, str] | None = None) -> None:
        self.lean = lean
        self.parameters = parameters
        self.object_store = SimpleNamespace(
            contains_key=lambda key: key in (stored or {}), read=lambda key: (stored or {})[key]
        )
        self.calls: list[tuple[str, tuple[Any, ...]]] = []
        self.scheduled: list[tuple[timedelta, Any]] = []
        self.logs: list[str] = []
        self.is_warming_up = False
        self.live_mode = False
        self.market_open = True
        self.prices: dict[str, float] = {}
        self.current_slice = SimpleNamespace(option_chains={})
        self.date_rules = SimpleNamespace(every_day=lambda symbol: symbol)
        self.time_rules = SimpleNamespace(every=lambda interval: interval)
        self.schedule = SimpleNamespace(on=lambda _day, every, call: self.scheduled.append((every, call)))

    def get_parameter(self, name: str, default: Any = None) -> Any:
        """LEAN converts to the default's type."""
        value = self.parameters.get(name)
        if value is None:
            return default
        return value if default is None else type(default)(value)

    def get_parameters(self) -> dict[str, str]:
        return self.parameters

    @property
    def portfolio(self) -> Any:
        portfolio = self.lean.portfolio
        portfolio.cash_book = SimpleNamespace(convert_to_account_currency=lambda amount: amount)
        return portfolio

    @property
    def securities(self) -> Any:
        if self.prices:
            return {symbol: SimpleNamespace(price=price) for symbol, price in self.prices.items()}
        found = self.lean.securities
        found[SYMBOL].fee_model = SimpleNamespace(
            get_order_fee=lambda asked: SimpleNamespace(
                value=SimpleNamespace(
                    amount=self.lean.fee(asked.order.quantity, asked.security.price), currency="USD"
                )
            )
        )
        return found

    @property
    def transactions(self) -> Any:
        return self.lean.transactions

    @property
    def utc_time(self) -> int:
        return self.lean.utc_time

    def market_order(self, *arguments: Any) -> Any:
        return self.lean.market_order(*arguments)

    def stop_market_order(self, *arguments: Any) -> Any:
        return self.lean.stop_market_order(*arguments)

    def limit_order(self, *arguments: Any) -> Any:
        return self.lean.limit_order(*arguments)

    def log(self, message: str) -> None:
        self.logs.append(message)

    error = log

    def is_market_open(self, _symbol: Any) -> bool:
        return self.market_open

    def _note(self, name: str, *arguments: Any) -> None:
        self.calls.append((name, arguments))

    def set_start_date(self, *arguments: Any) -> None:
        self._note("start", *arguments)

    def set_end_date(self, *arguments: Any) -> None:
        self._note("end", *arguments)

    def set_cash(self, cash: float) -> None:
        self._note("cash", cash)
        self.lean.cash = cash

    def set_brokerage_model(self, *arguments: Any) -> None:
        self._note("brokerage", *arguments)

    def set_warm_up(self, bars: int) -> None:
        self._note("warm up", bars)

    def add_equity(self, ticker: str, *arguments: Any, **options: Any) -> Any:
        return self._security("equity", ticker, *arguments, *options.values())

    def add_crypto(self, ticker: str, *arguments: Any) -> Any:
        return self._security("crypto", ticker, *arguments)

    def add_forex(self, ticker: str, *arguments: Any) -> Any:
        return self._security("forex", ticker, *arguments)

    def add_option(self, ticker: str, resolution: Any) -> Any:
        self._note("option", ticker, resolution)
        option = SimpleNamespace(symbol=f"?{ticker}", filter=None)
        option.set_filter = lambda select: self._note("filter", ticker, select)
        return option

    def _security(self, kind: str, ticker: str, *arguments: Any) -> Any:
        self._note(kind, ticker, *arguments)
        return SimpleNamespace(
            symbol=ticker,
            type=kind,
            symbol_properties=SimpleNamespace(lot_size=self.lean.lot_size, minimum_price_variation=0.01),
            set_slippage_model=lambda model: self._note("slippage", model),
            set_fill_model=lambda model: self._note("fill model", model),
        )

    def _indicator(self, *arguments: Any) -> Any:
        self._note("indicator", *arguments)
        return SimpleNamespace(is_ready=True, current=SimpleNamespace(value=100.0))

    identity = rsi = macd = bb = ichimoku = _indicator


class FillModel:
    """The base of the project's fill models: fills whatever it is asked to."""

    def stop_market_fill(self, _asset: Any, order: Any) -> str:
        return f"stop {order.id} filled"

    def limit_fill(self, _asset: Any, order: Any) -> str:
        return f"limit {order.id} filled"


class TradeBar:
    def __init__(self, time: datetime, prices: Iterable[float]) -> None:
        self.time = time
        self.open, self.high, self.low, self.close, self.volume = prices


def load_main(project: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The main.py of a project, importing the stand-in."""
    stand_in = ModuleType("AlgorithmImports")
    names = {
        "QCAlgorithm": QCAlgorithm,
        "FeeModel": type("FeeModel", (), {}),
        "EquityFillModel": type("EquityFillModel", (FillModel,), {}),
        "ImmediateFillModel": type("ImmediateFillModel", (FillModel,), {}),
        "TradeBar": TradeBar,
        "Resolution": SimpleNamespace(MINUTE="minute", HOUR="hour", DAILY="daily"),
        "AccountType": SimpleNamespace(CASH="cash", MARGIN="margin"),
        "BrokerageName": SimpleNamespace(DEFAULT="default", CHARLES_SCHWAB="schwab"),
        "SecurityType": SimpleNamespace(EQUITY="equity", FOREX="forex"),
        "DataNormalizationMode": SimpleNamespace(RAW="raw"),
        "ConstantSlippageModel": lambda fraction: ("constant", fraction),
        "MarketOrder": lambda symbol, quantity, _time: SimpleNamespace(symbol=symbol, quantity=quantity),
        "OrderFeeParameters": lambda security, order: SimpleNamespace(security=security, order=order),
        "OrderEvent": lambda order, _time, _fee: f"order {order.id} waits",
        "OrderFee": SimpleNamespace(ZERO=0),
    }
    stand_in.__dict__.update(names)
    monkeypatch.setitem(sys.modules, "AlgorithmImports", stand_in)
    path = ROOT / "algorithms" / project / "main.py"
    spec = importlib.util.spec_from_file_location(f"{project}_main", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
