"""Money Line's LEAN project over bars: its trades are the simulator's."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from tests.algorithms.lean_imports import QCAlgorithm, TradeBar, load_main
from tests.trading.execution.lean_double import SYMBOL, Lean
from tests.trading.execution.test_executor_and_simulation import lean_trades, quotes
from tests.trading.strategies.samples import random_walk
from trading.indicators import IndicatorTable
from trading.simulation import Capital, Fees, Instrument, SecurityType, simulate
from trading.strategies.registry import get_strategy

PARAMETERS = {
    "symbol": SYMBOL,
    "security_type": "crypto",
    "market": "coinbase",
    "resolution": "minute",
    "cash": "98765.4321",
    "allocation": "0.93717",
    "atr_period": "7",
    "multiplier": "1.5",
    "ma_fast": "5",
    "ma_slow": "15",
    "adx_min": "5",
    "volume_min": "0.5",
    "stop_atr": "2",
    "target_atr": "3",
}


def initialized(monkeypatch: pytest.MonkeyPatch, lean: Lean, **parameters: str) -> Any:
    main = load_main("money_line", monkeypatch)
    algorithm = main.MoneyLineAlgorithm(lean, PARAMETERS | parameters)
    algorithm.initialize()
    return algorithm


def called(algorithm: QCAlgorithm, name: str) -> tuple[Any, ...]:
    (arguments,) = [arguments for called, arguments in algorithm.calls if called == name]
    return arguments


def test_its_trades_are_the_simulator_s(monkeypatch: pytest.MonkeyPatch) -> None:
    bars = random_walk(7, 1500)
    lean = Lean(gap_fills=False, slippage=0.0005, fee=lambda quantity, price: 0.001 * abs(quantity) * price)
    algorithm = initialized(monkeypatch, lean, slippage="0.0005")
    lean.executor = algorithm._executor
    rows = zip(bars.time.tolist(), quotes(bars), bars.rows(), strict=True)
    for time, quote, row in rows:
        lean.next_bar(quote)
        bar = TradeBar(datetime.fromtimestamp(time / 1e9, UTC), row[:5])
        algorithm.on_data(SimpleNamespace(bars={SYMBOL: bar}, quote_bars={}))
        algorithm.on_data(SimpleNamespace(bars={}, quote_bars={}))
        lean.end_step()

    strategy = get_strategy("money_line")
    params = strategy.parse({k: v for k, v in PARAMETERS.items() if k in strategy.params_model.model_fields})
    instrument = Instrument(
        security_type=SecurityType.CRYPTO, fees=Fees(rate=0.001), slippage=0.0005, tick_size=0.01
    )
    capital = Capital(initial_equity=98_765.4321, allocation=0.93717)
    events = strategy.signals(bars, IndicatorTable(bars), params)
    expected = simulate(bars, events, instrument, capital).trades
    found = lean_trades(lean, bars)
    assert len(found) > 20
    assert [(t.entry_bar, t.exit_bar, t.side, t.lots, t.entry_price, t.exit_price) for t in found] == [
        tuple(
            row[name].item()
            for name in ("entry_bar", "exit_bar", "side", "quantity", "entry_price", "exit_price")
        )
        for row in expected
    ]


def test_subscription_account_and_dates_are_parameters(monkeypatch: pytest.MonkeyPatch) -> None:
    algorithm = initialized(
        monkeypatch,
        Lean(),
        account="cash",
        start_date="2015-01-01",
        end_date="2016-02-03",
        warm_up_bars="500",
    )
    assert called(algorithm, "crypto") == (SYMBOL, "minute", "coinbase", False)
    assert called(algorithm, "brokerage") == ("default", "cash")
    assert called(algorithm, "start") == (datetime(2015, 1, 1),)
    assert called(algorithm, "end") == (datetime(2016, 2, 3),)
    assert called(algorithm, "warm up") == (500,)


@pytest.mark.parametrize("name", ["account", "security_type", "resolution"])
def test_a_wrong_choice_names_the_parameter(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    with pytest.raises(ValueError, match=rf"parameter {name} = 'tulip': must be one of \w+, \w+"):
        initialized(monkeypatch, Lean(), **{name: "tulip"})


def test_a_wrong_strategy_parameter_is_the_strategy_s_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="money_line: ma_fast = 15 must be less than ma_slow = 15"):
        initialized(monkeypatch, Lean(), ma_fast="15")


@pytest.mark.parametrize(
    ("kind", "model"), [("equity", "Equity"), ("crypto", "Immediate"), ("forex", "Immediate")]
)
def test_exits_fill_by_lean_s_model_once_they_may(
    monkeypatch: pytest.MonkeyPatch, kind: str, model: str
) -> None:
    algorithm = initialized(monkeypatch, Lean(lots=10), security_type=kind)
    (fills,) = called(algorithm, "fill model")
    assert type(fills).__mro__[1].__name__ == f"{model}FillModel"
    reduces = SimpleNamespace(id=1, quantity=-10.0)
    assert fills.stop_market_fill(None, reduces) == "stop 1 filled"
    assert fills.limit_fill(None, reduces) == "limit 1 filled"
    adds = SimpleNamespace(id=2, quantity=10.0)
    assert fills.stop_market_fill(None, adds) == "order 2 waits"
    assert fills.limit_fill(None, adds) == "order 2 waits"


@pytest.mark.parametrize(("kind", "fed"), [("equity", 1), ("crypto", 1), ("forex", 2)])
def test_forex_has_quote_bars_alone_others_follow_trades(
    monkeypatch: pytest.MonkeyPatch, kind: str, fed: int
) -> None:
    algorithm = initialized(monkeypatch, Lean(), security_type=kind)
    seen: list[float] = []
    algorithm._stepper = SimpleNamespace(update=lambda row: seen.append(row.close))
    time = datetime(2024, 1, 1, tzinfo=UTC)
    trade, quote = (TradeBar(time, (price, price, price, price, 5.0)) for price in (1.0, 2.0))
    algorithm.on_data(SimpleNamespace(bars={SYMBOL: trade}, quote_bars={SYMBOL: quote}))
    algorithm.on_data(SimpleNamespace(bars={}, quote_bars={}))
    assert seen == [fed]


def test_the_warm_up_sends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    bars = random_walk(7, 400)
    lean = Lean()
    algorithm = initialized(monkeypatch, lean)
    lean.executor = algorithm._executor
    algorithm.is_warming_up = True
    for quote, row in zip(quotes(bars), bars.rows(), strict=True):
        lean.next_bar(quote)
        bar = TradeBar(datetime(2024, 1, 1, tzinfo=UTC), row[:5])
        algorithm.on_data(SimpleNamespace(bars={SYMBOL: bar}, quote_bars={}))
    assert lean.orders == []
