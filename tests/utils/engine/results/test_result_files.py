"""The files of a backtest, read back."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from utils.engine.dotnet.money import ZERO, use_money_context
from utils.engine.enums import DataNormalizationMode, OrderDirection, OrderStatus, SecurityType
from utils.engine.orders.kinds import LimitOrder, MarketOrder
from utils.engine.orders.order import OrderSubmissionData
from utils.engine.orders.properties import OrderProperties
from utils.engine.orders.time_in_force import TimeInForce
from utils.engine.results.backtest_result import AlgorithmConfiguration, BacktestResult, run_state
from utils.engine.results.result_files import write_results
from utils.engine.results.samples import Samples
from utils.engine.results.statistics_service import RunRecord, StatisticsService
from utils.engine.statistics.capacity import CapacityEstimate, CapacityMarket
from utils.engine.statistics.interest_rate import ConstantRiskFreeRateInterestRateModel
from utils.engine.statistics.trade_builder import TradeBuilder
from utils.errors import UserError

START, END = datetime(2020, 1, 1), datetime(2020, 4, 30, 23, 59, 59, 999999)
DAYS = 120


class Identifier:
    symbol = "SPY"
    security_type = SecurityType.EQUITY

    def __str__(self) -> str:
        return "SPY R735QTJ8XC9X"


class Ticker:
    value = "SPY"
    id = Identifier()
    security_type = SecurityType.EQUITY
    underlying = None


SPY = Ticker()


class Portfolio:
    exact_total_sale_volume = exact_total_fees = exact_total_net_profit = ZERO
    exact_total_unrealized_profit = exact_total_holdings_value = ZERO
    exact_total_portfolio_value = Decimal(100_000)

    def values(self) -> list[Any]:
        return []


@pytest.fixture(autouse=True)
def _money() -> None:
    use_money_context()


def orders() -> list[Any]:
    properties = OrderProperties()
    properties.time_in_force = TimeInForce.DAY
    properties.post_only = True  # type: ignore[attr-defined]  # as a brokerage's properties have it
    resting = LimitOrder(SPY, -5, Decimal("331.5"), START + timedelta(days=2), "take profit", properties)
    filled = MarketOrder(SPY, 10, START + timedelta(days=1))
    for number, order in enumerate((filled, resting), 1):
        order.id = number
        order.broker_id = [str(number)]
        order.price_currency = "USD"
        order.order_submission_data = OrderSubmissionData(Decimal(320), Decimal(321), Decimal("320.5"))
        order.price_adjustment_mode = DataNormalizationMode.ADJUSTED
    filled.status, filled.exact_price, filled.last_fill_time = OrderStatus.FILLED, Decimal(321), filled.time
    resting.status = OrderStatus.SUBMITTED
    return [filled, resting]


def fill_event() -> Any:
    fee = SimpleNamespace(value=SimpleNamespace(exact_amount=Decimal(1), currency="USD"))
    return SimpleNamespace(
        order_id=1, id=2, symbol=SPY, utc_time=datetime(2020, 1, 2), status=OrderStatus.FILLED, order_fee=fee,
        exact_fill_price=Decimal(321), fill_price_currency="USD", exact_fill_quantity=Decimal(10),
        direction=OrderDirection.BUY, message="", is_assignment=False, exact_quantity=Decimal(10),
        exact_stop_price=None, exact_limit_price=None, is_in_the_money=False,
    )  # fmt: skip


def run() -> tuple[StatisticsService, Samples, RunRecord]:
    portfolio = Portfolio()
    market = CapacityMarket(lambda _s: None, lambda: portfolio.exact_total_portfolio_value, lambda _s: ZERO)
    capacity = CapacityEstimate(START, END, market)
    samples = Samples(portfolio, START, END, ZoneInfo("UTC"), benchmark=lambda time: 100 + time.day % 5)
    for day in range(DAYS + 1):
        portfolio.exact_total_portfolio_value = Decimal(100_000 + 37 * day)
        for hour in range(0, 24, 6):
            samples.end_step(START + timedelta(days=day - 1, hours=hour))
        samples.sample_day(START + timedelta(days=day))
    builder = TradeBuilder()
    for order_id, price, quantity, minutes in ((1, 321, 10, 0), (3, 325, -10, 90)):
        event = SimpleNamespace(
            order_id=order_id,
            symbol=SPY,
            utc_time=START + timedelta(days=1, minutes=minutes),
            exact_fill_price=Decimal(price),
            exact_fill_quantity=Decimal(quantity),
        )
        builder.process_fill(event, Decimal(1), Decimal(1))
    record = RunRecord(
        closed_trades=lambda: builder.closed_trades,
        transactions=lambda: {START + timedelta(days=1): Decimal("38.00")},
        winning_times=lambda: [START + timedelta(days=1)],
        losing_times=list,
        total_orders=lambda: 2,
        risk_free_rate_model=lambda: ConstantRiskFreeRateInterestRateModel(0),
        trading_days_per_year=lambda: 252,
    )
    service = StatisticsService(samples, record, portfolio, capacity)
    service.set_summary_statistic("Mine", "7")
    return service, samples, record


@pytest.fixture
def result() -> BacktestResult:
    service, samples, record = run()
    statistics = service.final_results(orders())
    return BacktestResult(
        statistics=statistics,
        runtime_statistics=service.runtime_statistics({}, statistics.summary),
        charts=samples.charts,
        orders=orders(),
        profit_loss=record.transactions(),
        state=run_state(started=START, ended=END, name="demo", hostname="here", orders=2, logs=1),
        configuration=AlgorithmConfiguration("demo", START, END, parameters={"fast": "10"}),
    )


def test_an_algorithm_reads_its_statistics_as_a_dictionary_of_net() -> None:
    service, _, _ = run()
    summary = service.statistics_results().summary
    assert {pair.key: pair.value for pair in summary}["Mine"] == summary["Mine"] == "7"
    assert "Total Orders" in summary
    assert "OrderListHash" not in summary


def test_result_has_lean_s_shape(result: BacktestResult, tmp_path: Path) -> None:
    files = write_results(tmp_path / "run", "demo", result, [fill_event()], ["first", "second"])
    assert {kind: path.name for kind, path in files.items()} == {
        "result": "demo.json",
        "summary": "demo-summary.json",
        "order-events": "demo-order-events.json",
        "log": "demo-log.txt",
    }
    written = json.loads(files["result"].read_text())
    assert list(written) == [
        "rollingWindow",
        "charts",
        "orders",
        "profitLoss",
        "statistics",
        "runtimeStatistics",
        "state",
        "serverStatistics",
        "algorithmConfiguration",
        "totalPerformance",
    ]
    assert written["statistics"]["Total Orders"] == "2"
    assert list(written["statistics"])[-2:] == ["Mine", "OrderListHash"]
    assert written["profitLoss"] == {"2020-01-02T00:00:00Z": 38.0}
    assert written["algorithmConfiguration"]["endDate"] == "2020-04-30T23:59:59Z"
    assert written["state"]["Status"] == "Completed"
    assert set(written["rollingWindow"]["M3_20200430"]) == {
        "tradeStatistics",
        "portfolioStatistics",
        "closedTrades",
    }
    assert files["log"].read_text() == "first\nsecond\n"


def test_trades_and_statistics_of_the_result(result: BacktestResult) -> None:
    total = json.loads(result.text())["totalPerformance"]
    (trade,) = total["closedTrades"]
    assert (trade["entryPrice"], trade["profitLoss"], trade["mfe"], trade["isWin"]) == (
        321.0,
        40.0,
        40.0,
        True,
    )
    assert (trade["duration"], trade["direction"], trade["orderIds"]) == ("01:30:00", 0, [1, 3])
    assert trade["symbols"] == [{"value": "SPY", "id": "SPY R735QTJ8XC9X", "permtick": "SPY"}]
    statistics = total["tradeStatistics"]
    assert (statistics["totalProfitLoss"], statistics["averageMAE"]) == ("40", "0")
    assert statistics["averageTradeDuration"] == "01:30:00"
    portfolio = total["portfolioStatistics"]
    assert (portfolio["endEquity"], portfolio["drawdownRecovery"]) == ("104440", "0")
    assert "valueAtRisk99" in portfolio


def test_orders_of_the_result(result: BacktestResult) -> None:
    written = json.loads(result.text())["orders"]
    assert list(written) == ["1", "2"]
    assert (written["1"]["status"], written["1"]["lastFillTime"]) == (3, "2020-01-02T00:00:00Z")
    resting = written["2"]
    assert list(resting)[:3] == ["limitPrice", "type", "id"]
    assert "lastFillTime" not in resting
    assert (resting["tag"], resting["direction"], resting["isMarketable"]) == ("take profit", 1, False)
    day = {"$type": "QuantConnect.Orders.TimeInForces.DayTimeInForce"}
    assert resting["properties"] == {"postOnly": True, "timeInForce": day}


def test_charts_of_the_result(result: BacktestResult) -> None:
    charts = json.loads(result.text())["charts"]
    equity = charts["Strategy Equity"]["series"]["Equity"]
    assert equity["values"][-1] == [1588204800, 104440.0, 104440.0, 104440.0, 104440.0]
    returns = charts["Strategy Equity"]["series"]["Return"]["values"]
    assert (len(returns), returns[1]) == (DAYS + 1, [1577923200, 0.037])
    assert charts["Benchmark"]["series"]["Benchmark"]["unit"] == "$"


def test_summary_is_small(result: BacktestResult) -> None:
    summary = json.loads(result.summary_text())
    assert "orders" not in summary and "profitLoss" not in summary
    candles = summary["charts"]["Strategy Equity"]["series"]["Equity"]["values"]
    assert len(candles) < 40
    assert candles[-1][4] == 104440
    assert summary["totalPerformance"]["closedTrades"] == []


def test_order_events(result: BacktestResult, tmp_path: Path) -> None:
    files = write_results(tmp_path, "demo", result, [fill_event()], [])
    assert files["order-events"].read_text() == (
        '[{"id":"demo-1-2","algorithmId":"demo","orderId":1,"orderEventId":2,"symbol":"SPY R735QTJ8XC9X",'
        '"symbolValue":"SPY","symbolPermtick":"SPY","time":1577923200.0,"status":"filled","orderFeeAmount":1.0,'
        '"orderFeeCurrency":"USD","fillPrice":321.0,"fillPriceCurrency":"USD","fillQuantity":10.0,'
        '"direction":"buy","isAssignment":false,"quantity":10.0}]'
    )


def test_without_events_there_is_no_file_of_them(result: BacktestResult, tmp_path: Path) -> None:
    assert "order-events" not in write_results(tmp_path, "demo", result, [], [])
    assert not (tmp_path / "demo-order-events.json").exists()


def test_a_folder_that_cannot_be_written_is_named(result: BacktestResult, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(UserError, match="taken"):
        write_results(tmp_path / "taken", "demo", result, [], [])
