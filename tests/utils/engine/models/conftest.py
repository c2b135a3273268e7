"""An algorithm that was made and not run: its account and its securities, with prices set by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from utils.data.lean.series import LeanSeries
from utils.engine.algorithm.environment import Environment, enter
from utils.engine.clock import to_ns
from utils.engine.data.trade_bar import TradeBar
from utils.engine.dotnet.money import use_money_context
from utils.engine.feed.data_folder import DataFolder
from utils.engine.made_up_data import prepare_folder
from utils.engine.models.fees.constant_fee_model import ConstantFeeModel

OPEN = datetime(2024, 1, 3, 15)  # UTC: 10:00 in New York, a Wednesday


@pytest.fixture
def algorithm(tmp_path: Path) -> Iterator[Any]:
    """An account of 100,000 dollars while the New York exchange is open; fees are nothing."""
    from utils.engine.algorithm.qc_algorithm import QCAlgorithm

    use_money_context()
    for series in (
        "equity/usa/daily/spy",
        "crypto/coinbase/daily/btcusd",
        "crypto/bybit/daily/btcusd",
        "forex/oanda/daily/eurusd",
    ):
        prepare_folder(tmp_path, LeanSeries.parse(series))
    environment = Environment(DataFolder(tmp_path), {}, tmp_path / "store", log=lambda _line: None)
    enter(environment)
    made: Any = QCAlgorithm()
    made._warming_up = False
    environment.clock.utc_ns = to_ns(OPEN)
    yield made


@pytest.fixture
def priced() -> Callable[..., Any]:
    """Gives a security a price and no fees."""

    def price(security: Any, value: float) -> Any:
        minute = timedelta(minutes=1)
        bar = TradeBar(OPEN - minute, security.symbol, value, value, value, value, 1000, minute)
        security.set_market_price(bar)
        security.set_fee_model(ConstantFeeModel(0))
        return security

    return price
