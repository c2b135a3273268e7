"""Names of LEAN's that stand beside the algorithm: rounding, currencies, benchmarks, identifiers, filters."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

import pytest

from utils.engine.algorithm.compression import Compression
from utils.engine.algorithm.extensions import Extensions
from utils.engine.enums import OrderDirection, SecurityType
from utils.engine.errors import NotSupportedByEngine
from utils.engine.models.benchmark.func_benchmark import FuncBenchmark
from utils.engine.securities.currencies import Currencies
from utils.engine.testing import Backtest, LeanData

SPY = "equity/usa/daily/spy"


@pytest.mark.parametrize(
    ("number", "digits", "expected"),
    [(0.0, 3, 0.0), (143.6149, 5, 143.61), (0.00123456, 2, 0.0012), (-98765.0, 2, -99000.0), (2.5, 1, 2.0)],
)
def test_rounding_to_significant_digits(number: float, digits: int, expected: float) -> None:
    assert Extensions.round_to_significant_digits(number, digits) == expected


def test_kinds_and_directions() -> None:
    kinds = [SecurityType.EQUITY, SecurityType.INDEX, SecurityType.OPTION, SecurityType.INDEX_OPTION]
    assert [Extensions.is_option(kind) for kind in kinds] == [False, False, True, True]
    assert [Extensions.has_options(kind) for kind in kinds] == [True, True, False, False]
    assert [Extensions.get_order_direction(quantity) for quantity in (2, -0.5, 0)] == [
        *(OrderDirection.BUY, OrderDirection.SELL, OrderDirection.HOLD)
    ]


def test_interfaces_are_there_to_be_named() -> None:
    from AlgorithmImports import ConstantFeeModel, IFeeModel, IIndicator, SimpleMovingAverage
    from QuantConnect.Securities.Positions import IPositionGroup

    assert isinstance(ConstantFeeModel(1), IFeeModel)
    assert isinstance(SimpleMovingAverage(3), IIndicator)
    assert not isinstance(None, IPositionGroup)


def test_spans_by_name() -> None:
    lean_time: Any = import_module("QuantConnect").Time
    assert lean_time.ONE_DAY == lean_time.OneDay == timedelta(days=1)


def test_archives_in_memory() -> None:
    packed = Compression.zip_bytes(list(b"a,b\n"), "data")
    assert Compression.unzip_data(packed) == {"data": "a,b\n"}


def test_json_of_dotnet_is_refused_by_name() -> None:
    with pytest.raises(NotSupportedByEngine, match="JsonConvert"):
        _ = import_module("Newtonsoft.Json").JsonConvert


def test_currencies_have_codes_and_signs() -> None:
    assert (Currencies.USD, Currencies.NULL_CURRENCY) == ("USD", "QCC")
    assert Currencies.get_currency_symbol("EUR") == "€"
    assert Currencies.get_currency_symbol("XYZ") == "XYZ"


def algorithm(initialize: Any) -> Any:
    from AlgorithmImports import QCAlgorithm, Resolution

    class One(QCAlgorithm):
        def initialize(self) -> None:
            self.set_start_date(2020, 1, 2)
            self.set_end_date(2020, 1, 10)
            self.spy = self.add_equity("SPY", Resolution.DAILY)
            initialize(self)

        def on_data(self, _slice: Any) -> None:
            if not self.portfolio.invested:
                self.set_holdings("SPY", 0.5)
            elif self.time.day == 8:
                self.remove_security("SPY")

    return One


def test_a_removed_security_is_sold_with_a_tag(backtest: Backtest, lean_data: LeanData) -> None:
    data = lean_data.daily(SPY, "2020-01-02", [100, 101, 102, 103, 104, 105, 106])
    outcome = backtest(algorithm(lambda _: None), data)
    assert outcome.completed, outcome.error
    assert [order.tag for order in outcome.orders] == ["", "Removed"]


def test_a_filter_of_data_is_refused_by_name(backtest: Backtest, lean_data: LeanData) -> None:
    data = lean_data.daily(SPY, "2020-01-02", [100, 101])
    outcome = backtest(algorithm(lambda self: self.spy.set_data_filter(object())), data)
    assert not outcome.completed
    assert "NotSupportedByEngine: Security.set_data_filter" in str(outcome.error)


def test_a_brokerage_model_chooses_the_benchmark(backtest: Backtest, lean_data: LeanData) -> None:
    from AlgorithmImports import DefaultBrokerageModel

    class Flat(DefaultBrokerageModel):
        def get_benchmark(self, _securities: Any) -> Any:
            return FuncBenchmark(lambda time: 7 if time > datetime(1998, 1, 1) else 0)

    data = lean_data.daily(SPY, "2020-01-02", [100, 101, 102, 103, 104, 105, 106])
    outcome = backtest(algorithm(lambda self: self.set_brokerage_model(Flat())), data)
    assert outcome.completed, outcome.error
    assert outcome.statistics["Beta"] == "0"


def test_the_changes_of_securities_have_a_name() -> None:
    from AlgorithmImports import SecurityChanges

    assert SecurityChanges.__module__ == "utils.engine.run.security_changes"
