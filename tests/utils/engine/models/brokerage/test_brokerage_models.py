"""Which orders each brokerage takes, its leverage, markets and accounts: LEAN's terms by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.utils.engine.models.brokerage.brokerage_asset import (
    AUCTIONS,
    EVENING,
    KINDS,
    NOW,
    PLAIN,
    SINGLE,
    Asset,
    T,
    model_of,
    verdict,
)
from utils.engine.dotnet.exceptions import (
    ArgumentException,
    ArgumentOutOfRangeException,
    InvalidOperationException,
    NotSupportedException,
)
from utils.engine.dotnet.money import exact
from utils.engine.enums import AccountType, BrokerageName, OrderType, SecurityType
from utils.engine.errors import NotSupportedByEngine
from utils.engine.models.brokerage.alpaca_brokerage_model import AlpacaBrokerageModel
from utils.engine.models.brokerage.factory import brokerage_name_of, create_brokerage_model
from utils.engine.models.buying_power.cash_buying_power_model import CashBuyingPowerModel
from utils.engine.models.buying_power.security_margin_model import SecurityMarginModel
from utils.engine.models.settlement.immediate_settlement_model import AccountCurrencyImmediateSettlementModel

# What each brokerage trades, and the kinds of orders it takes in it, at 17:00: opening orders are sent
# from 19:00 at Alpaca, from 6:00 at TradeStation.
TABLE: dict[str, dict[SecurityType, tuple[OrderType, ...]]] = {
    "DEFAULT": dict.fromkeys(KINDS, SINGLE),
    "INTERACTIVE_BROKERS_BROKERAGE": {
        SecurityType.EQUITY: SINGLE,
        SecurityType.CFD: SINGLE,
        SecurityType.FOREX: (*PLAIN, T.TRAILING_STOP, T.LIMIT_IF_TOUCHED),
        SecurityType.INDEX: (*PLAIN, T.TRAILING_STOP, T.LIMIT_IF_TOUCHED),
    },
    "INTERACTIVE_BROKERS_FIX": {
        SecurityType.EQUITY: (*PLAIN, *AUCTIONS, T.TRAILING_STOP),
        SecurityType.CFD: (*PLAIN, *AUCTIONS, T.TRAILING_STOP),
        SecurityType.FOREX: (*PLAIN, T.TRAILING_STOP),
        SecurityType.INDEX: (*PLAIN, T.TRAILING_STOP),
    },
    "TRADIER_BROKERAGE": {SecurityType.EQUITY: PLAIN},
    "OANDA_BROKERAGE": dict.fromkeys((SecurityType.FOREX, SecurityType.CFD), PLAIN),
    "FXCM_BROKERAGE": dict.fromkeys((SecurityType.FOREX, SecurityType.CFD), PLAIN[:3]),
    "BITFINEX": {SecurityType.CRYPTO: PLAIN},
    "BINANCE": {SecurityType.CRYPTO: (T.MARKET, T.LIMIT, T.STOP_LIMIT)},
    "BINANCE_US": {SecurityType.CRYPTO: (T.MARKET, T.LIMIT, T.STOP_LIMIT)},
    "GDAX": {SecurityType.CRYPTO: (T.MARKET, T.LIMIT, T.STOP_LIMIT)},
    "COINBASE": {SecurityType.CRYPTO: (T.MARKET, T.LIMIT, T.STOP_LIMIT)},
    "ALPHA_STREAMS": dict.fromkeys(KINDS, SINGLE),
    "ALPACA": {
        SecurityType.EQUITY: (*PLAIN, T.TRAILING_STOP, T.MARKET_ON_CLOSE),
        SecurityType.CRYPTO: (T.MARKET, T.LIMIT, T.STOP_LIMIT),
    },
    "ZERODHA": {SecurityType.EQUITY: PLAIN},
    "SAMCO": {SecurityType.EQUITY: PLAIN[:3]},
    "KRAKEN": {SecurityType.CRYPTO: (*PLAIN, T.LIMIT_IF_TOUCHED)},
    "FTX": {SecurityType.CRYPTO: PLAIN},
    "FTXUS": {SecurityType.CRYPTO: PLAIN},
    "EXANTE": {},
    "WOLVERINE": {SecurityType.EQUITY: (*PLAIN, T.MARKET_ON_CLOSE)},
    "TD_AMERITRADE": {SecurityType.EQUITY: PLAIN},
    "RBI": {SecurityType.EQUITY: PLAIN},
    "BYBIT": {SecurityType.CRYPTO: (*PLAIN, T.TRAILING_STOP)},
    "EZE": dict.fromkeys((SecurityType.EQUITY, SecurityType.INDEX), (*PLAIN, *AUCTIONS)),
    "AXOS": {SecurityType.EQUITY: (T.MARKET, T.LIMIT, T.MARKET_ON_CLOSE)},
    "TRADE_STATION": {SecurityType.EQUITY: (*PLAIN, T.MARKET_ON_CLOSE, T.TRAILING_STOP)},
    "TERMINAL_LINK": {SecurityType.EQUITY: (*PLAIN, T.MARKET_ON_OPEN)},
    "CHARLES_SCHWAB": {SecurityType.EQUITY: (*PLAIN, *AUCTIONS)},
    "TASTYTRADE": {SecurityType.EQUITY: PLAIN},
    "WEBULL": {SecurityType.EQUITY: (*PLAIN, T.TRAILING_STOP)},
    "PUBLIC": {SecurityType.EQUITY: PLAIN, SecurityType.CRYPTO: PLAIN},
    "BLOOMBERG_FIX": {SecurityType.EQUITY: (*PLAIN, *AUCTIONS)},
}


@pytest.mark.parametrize("name", TABLE)
def test_kinds_of_securities_and_orders(name: str) -> None:
    model = model_of(name)
    taken = {
        kind: {one for one in SINGLE if verdict(model, Asset(kind, local_time=EVENING), one, 30_000)[0]}
        for kind in KINDS
    }
    assert taken == {kind: set(TABLE[name].get(kind, ())) for kind in KINDS}
    assert type(brokerage_name_of(model)) is BrokerageName


def test_every_name_of_lean_has_a_model_or_a_refusal() -> None:
    of_futures = ("BINANCE_FUTURES", "BINANCE_COIN_FUTURES", "DYDX", "TRADING_TECHNOLOGIES")
    for name in of_futures:
        with pytest.raises(NotSupportedByEngine, match=name):
            model_of(name)
    with pytest.raises(ArgumentOutOfRangeException):
        model_of("ATREYU")  # LEAN has the name only
    assert {name.name for name in BrokerageName} == {*TABLE, *of_futures, "ATREYU"}


def test_names_of_models() -> None:
    unnamed = {
        "INTERACTIVE_BROKERS_FIX": "INTERACTIVE_BROKERS_BROKERAGE",
        "TERMINAL_LINK": "DEFAULT",
    }
    for name in TABLE:
        assert brokerage_name_of(model_of(name)).name == unnamed.get(name, name)

    class Own(AlpacaBrokerageModel):
        pass

    assert brokerage_name_of(Own()) == BrokerageName.ALPACA


LEVERAGE: dict[str, dict[str, str]] = {
    "DEFAULT": {"EQUITY": "2", "FOREX": "50", "CFD": "50"},
    "INTERACTIVE_BROKERS_BROKERAGE": {"EQUITY": "2", "FOREX": "50", "CFD": "10"},
    "OANDA_BROKERAGE": {"EQUITY": "2", "FOREX": "50", "CFD": "50"},
    "FXCM_BROKERAGE": {"EQUITY": "2", "FOREX": "50", "CFD": "50"},
    "TRADIER_BROKERAGE": {"EQUITY": "2", "FOREX": "50", "CFD": "50"},
    "ALPHA_STREAMS": {"FOREX": "10", "CFD": "10"},
    "EXANTE": {"EQUITY": "1.2", "FOREX": "1.05"},
    "BINANCE": dict.fromkeys([kind.name for kind in KINDS], "3"),
    "BYBIT": dict.fromkeys([kind.name for kind in KINDS], "10"),
    "FTX": dict.fromkeys([kind.name for kind in KINDS], "3"),
    "KRAKEN": {"CRYPTO": "5"},
}


@pytest.mark.parametrize("name", LEVERAGE)
def test_leverage_of_margin_accounts(name: str) -> None:
    model = model_of(name)
    found = {kind.name: exact(model.get_leverage(Asset(kind))) for kind in KINDS}
    assert found == {kind.name: Decimal(LEVERAGE[name].get(kind.name, "1")) for kind in KINDS}


def test_leverage_of_others() -> None:
    coin, share, pair = Asset(SecurityType.CRYPTO), Asset(), Asset(SecurityType.FOREX)
    assert model_of("BITFINEX").get_leverage(coin) == 3.3
    assert model_of("SAMCO").get_leverage(share) == model_of("ZERODHA").get_leverage(share) == 5
    for name, other in (("BITFINEX", share), ("SAMCO", pair), ("ZERODHA", coin)):
        with pytest.raises(ArgumentException, match=f"Invalid security type: {other.type}"):
            model_of(name).get_leverage(other)
        # Conversion rates have securities nobody asked for; cash accounts have no leverage.
        assert model_of(name).get_leverage(Asset(other.type, internal=True)) == 1
        assert model_of(name, AccountType.CASH).get_leverage(other) == 1


@pytest.mark.parametrize(
    ("ticker", "expected"),
    [
        ("BTCEUR", 5),
        ("BTCETH", 1),
        ("ETHBTC", 5),
        ("USDTUSD", 2),
        ("ADAETH", 3),
        ("XRPETH", 1),
        ("XRPBTC", 3),
        ("LTCGBP", 1),
    ],
)
def test_leverage_at_kraken_is_that_of_the_pair(ticker: str, expected: int) -> None:
    asset = Asset(SecurityType.CRYPTO, ticker, "kraken")
    assert model_of("KRAKEN").get_leverage(asset) == expected
    assert model_of("KRAKEN", AccountType.CASH).get_leverage(asset) == 1


@pytest.mark.parametrize(
    ("name", "account", "error"),
    [
        ("OANDA_BROKERAGE", AccountType.CASH, InvalidOperationException),
        ("ALPHA_STREAMS", AccountType.CASH, ArgumentException),
        ("EZE", AccountType.CASH, NotSupportedException),
        ("BLOOMBERG_FIX", AccountType.CASH, NotSupportedException),
        ("COINBASE", AccountType.MARGIN, ArgumentException),
        ("GDAX", AccountType.MARGIN, ArgumentException),
        ("BINANCE_US", AccountType.MARGIN, ArgumentException),
    ],
)
def test_accounts_a_brokerage_does_not_have(name: str, account: AccountType, error: type[Exception]) -> None:
    with pytest.raises(error):
        create_brokerage_model(None, BrokerageName[name], account)


def test_alpaca_has_margin_accounts_only() -> None:
    assert model_of("ALPACA", AccountType.CASH).account_type == AccountType.MARGIN


@pytest.mark.parametrize(
    ("name", "kind", "market"),
    [
        ("DEFAULT", "CRYPTO", "coinbase"),
        ("INTERACTIVE_BROKERS_BROKERAGE", "CFD", "interactivebrokers"),
        ("INTERACTIVE_BROKERS_BROKERAGE", "CRYPTO", None),
        ("OANDA_BROKERAGE", "CRYPTO", None),
        ("FXCM_BROKERAGE", "FOREX", "fxcm"),
        ("AXOS", "FOREX", None),
        ("KRAKEN", "CRYPTO", "kraken"),
        ("FTXUS", "CRYPTO", "ftxus"),
        ("BINANCE_US", "CRYPTO", "binanceus"),
        ("BINANCE", "FOREX", "oanda"),
        ("BYBIT", "CRYPTO_FUTURE", "bybit"),
        ("SAMCO", "OPTION", "india"),
        ("ZERODHA", "EQUITY", "india"),
        ("ZERODHA", "OPTION", "usa"),
    ],
)
def test_default_markets(name: str, kind: str, market: str | None) -> None:
    assert model_of(name).default_markets.get(SecurityType[kind]) == market


@pytest.mark.parametrize(
    ("name", "benchmark"),
    [
        ("DEFAULT", "SPY"),
        ("TRADIER_BROKERAGE", "SPY"),
        ("OANDA_BROKERAGE", "EURUSD"),
        ("FXCM_BROKERAGE", "EURUSD"),
        ("SAMCO", "NIFTYBEES"),
        ("BITFINEX", "BTCUSD"),
        ("BYBIT", "BTCUSDC"),
    ],
)
def test_benchmarks(name: str, benchmark: str) -> None:
    assert model_of(name).get_benchmark(None).value == benchmark


@pytest.mark.parametrize("name", ["INTERACTIVE_BROKERS_BROKERAGE", "AXOS"])
def test_benchmarks_that_never_move(name: str) -> None:
    assert model_of(name).get_benchmark(None)(NOW) == 0


def test_models_of_securities() -> None:
    assert isinstance(model_of("COINBASE").get_buying_power_model(Asset()), CashBuyingPowerModel)
    pair = Asset(SecurityType.FOREX)
    margin = model_of("DEFAULT").get_buying_power_model(pair)
    assert type(margin) is SecurityMarginModel and margin.get_leverage(pair) == 50
    cash = model_of("DEFAULT", AccountType.CASH).get_buying_power_model(pair)
    assert isinstance(cash, CashBuyingPowerModel)
    for name in ("OANDA_BROKERAGE", "FXCM_BROKERAGE"):
        contract = model_of(name).get_settlement_model(Asset(SecurityType.CFD))
        assert isinstance(contract, AccountCurrencyImmediateSettlementModel)
        assert not isinstance(
            model_of(name).get_settlement_model(pair), AccountCurrencyImmediateSettlementModel
        )
    with pytest.raises(ArgumentOutOfRangeException, match="Not supported security type Equity"):
        model_of("BYBIT").get_fee_model(Asset())


FEES = {
    "DEFAULT": "InteractiveBrokersFeeModel ConstantFeeModel",
    "INTERACTIVE_BROKERS_FIX": "InteractiveBrokersFeeModel InteractiveBrokersFeeModel",
    "TRADIER_BROKERAGE": "ConstantFeeModel ConstantFeeModel",
    "OANDA_BROKERAGE": "ConstantFeeModel ConstantFeeModel",
    "FXCM_BROKERAGE": "FxcmFeeModel FxcmFeeModel",
    "BITFINEX": "BitfinexFeeModel BitfinexFeeModel",
    "BINANCE_US": "BinanceFeeModel BinanceFeeModel",
    "GDAX": "CoinbaseFeeModel CoinbaseFeeModel",
    "ALPHA_STREAMS": "AlphaStreamsFeeModel AlphaStreamsFeeModel",
    "ALPACA": "AlpacaFeeModel AlpacaFeeModel",
    "ZERODHA": "ZerodhaFeeModel ZerodhaFeeModel",
    "SAMCO": "SamcoFeeModel SamcoFeeModel",
    "KRAKEN": "KrakenFeeModel KrakenFeeModel",
    "FTX": "FTXFeeModel FTXFeeModel",
    "FTXUS": "FTXUSFeeModel FTXUSFeeModel",
    "EXANTE": "ExanteFeeModel ExanteFeeModel",
    "WOLVERINE": "WolverineFeeModel WolverineFeeModel",
    "TD_AMERITRADE": "TDAmeritradeFeeModel TDAmeritradeFeeModel",
    "RBI": "RBIFeeModel RBIFeeModel",
    "EZE": "EzeFeeModel EzeFeeModel",
    "AXOS": "AxosFeeModel AxosFeeModel",
    "TRADE_STATION": "TradeStationFeeModel TradeStationFeeModel",
    "TERMINAL_LINK": "InteractiveBrokersFeeModel ConstantFeeModel",
    "CHARLES_SCHWAB": "CharlesSchwabFeeModel CharlesSchwabFeeModel",
    "TASTYTRADE": "TastytradeFeeModel TastytradeFeeModel",
    "WEBULL": "WebullFeeModel WebullFeeModel",
    "PUBLIC": "PublicFeeModel PublicFeeModel",
    "BLOOMBERG_FIX": "InteractiveBrokersFeeModel ConstantFeeModel",
}


@pytest.mark.parametrize("name", FEES)
def test_fees_of_shares_and_of_currencies(name: str) -> None:
    model = model_of(name)
    assets = (Asset(), Asset(SecurityType.FOREX))
    assert [type(model.get_fee_model(asset)).__name__ for asset in assets] == FEES[name].split()


class TestMessages:
    def test_of_kinds(self) -> None:
        assert verdict(model_of("OANDA_BROKERAGE"), Asset())[1] == (
            "Warning - Code: NotSupported - The OandaBrokerageModel does not support Equity security type."
        )
        assert verdict(model_of("SAMCO"), Asset(), T.STOP_LIMIT)[1] == (
            "Warning - Code: NotSupported - The SamcoBrokerageModel does not support StopLimit order type. "
            "Only supports [Market,Limit,StopMarket]"
        )
        assert "not supported by RBI" in verdict(model_of("RBI"), Asset(), T.MARKET_ON_OPEN)[1]

    def test_of_an_own_model_has_its_name(self) -> None:
        class Mine(AlpacaBrokerageModel):
            pass

        assert "The Mine does not support Forex" in verdict(Mine(), Asset(SecurityType.FOREX))[1]
