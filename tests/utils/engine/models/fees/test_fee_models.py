"""Fees of orders, computed by hand from the brokerages' rates."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.engine.dotnet.exceptions import ArgumentException, KeyNotFoundException
from utils.engine.dotnet.money import use_money_context
from utils.engine.enums import SecurityType
from utils.engine.errors import NotSupportedByEngine
from utils.engine.exchange.security_exchange_hours import SecurityExchangeHours
from utils.engine.exchange.time_zones import TimeZones
from utils.engine.identity.symbol import Symbol
from utils.engine.models.fees.alpaca_fee_model import AlpacaFeeModel
from utils.engine.models.fees.alpha_streams_fee_model import AlphaStreamsFeeModel
from utils.engine.models.fees.axos_fee_model import AxosFeeModel
from utils.engine.models.fees.binance_coin_futures_fee_model import BinanceCoinFuturesFeeModel
from utils.engine.models.fees.binance_fee_model import BinanceFeeModel
from utils.engine.models.fees.bitfinex_fee_model import BitfinexFeeModel
from utils.engine.models.fees.bybit_fee_model import BybitFeeModel
from utils.engine.models.fees.charles_schwab_fee_model import CharlesSchwabFeeModel
from utils.engine.models.fees.coinbase_fee_model import CoinbaseFeeModel
from utils.engine.models.fees.constant_fee_model import ConstantFeeModel
from utils.engine.models.fees.exante_fee_model import ExanteFeeModel
from utils.engine.models.fees.eze_fee_model import EzeFeeModel
from utils.engine.models.fees.fee_model import FeeModel
from utils.engine.models.fees.ftx_fee_model import FTXFeeModel
from utils.engine.models.fees.ftxus_fee_model import FTXUSFeeModel
from utils.engine.models.fees.fxcm_fee_model import FxcmFeeModel
from utils.engine.models.fees.gdax_fee_model import GDAXFeeModel
from utils.engine.models.fees.interactive_brokers_fee_model import InteractiveBrokersFeeModel
from utils.engine.models.fees.kraken_fee_model import KrakenFeeModel
from utils.engine.models.fees.modified_fill_quantity_order_fee import ModifiedFillQuantityOrderFee
from utils.engine.models.fees.order_fee import OrderFee
from utils.engine.models.fees.order_fee_parameters import OrderFeeParameters
from utils.engine.models.fees.public_fee_model import PublicFeeModel
from utils.engine.models.fees.rbi_fee_model import RBIFeeModel
from utils.engine.models.fees.samco_fee_model import SamcoFeeModel
from utils.engine.models.fees.tastytrade_fee_model import TastytradeFeeModel
from utils.engine.models.fees.trade_station_fee_model import TradeStationFeeModel
from utils.engine.models.fees.webull_fee_model import WebullFeeModel
from utils.engine.models.fees.zerodha_fee_model import ZerodhaFeeModel
from utils.engine.orders.kinds import LimitOrder, MarketOrder
from utils.engine.orders.order import Order, OrderSubmissionData
from utils.engine.securities.cash import CashBook
from utils.engine.securities.cash_amount import CashAmount

LATE = datetime(2023, 8, 1)


@pytest.fixture(autouse=True)
def money() -> None:
    """Decimals as in a run."""
    use_money_context()


def security(
    ticker: str, kind: SecurityType, market: str, quote: str, price: str = "100", **named: Any
) -> Any:
    """Priced at `price`, bid a unit below, asked a unit above."""
    last = Decimal(price)
    return SimpleNamespace(
        symbol=Symbol.create(ticker, kind, market),
        type=kind,
        exact_price=last,
        exact_bid_price=last - 1,
        exact_ask_price=last + 1,
        quote_currency=SimpleNamespace(symbol=quote, exact_conversion_rate=Decimal(1)),
        base_currency=SimpleNamespace(symbol=ticker.removesuffix(quote)),
        symbol_properties=SimpleNamespace(exact_contract_multiplier=Decimal(1)),
        **named,
    )


SPY = security("SPY", SecurityType.EQUITY, "usa", "USD")
CHEAP = security("SPY", SecurityType.EQUITY, "usa", "USD", "0.5")
TCS = security("TCS", SecurityType.EQUITY, "india", "INR")
HSBC = security("HSBC", SecurityType.EQUITY, "hkfe", "HKD")
EURUSD = security("EURUSD", SecurityType.FOREX, "oanda", "USD", "1.2")
FXCM_MAJOR = security("EURUSD", SecurityType.FOREX, "fxcm", "USD", "1.2")
FXCM_MINOR = security("NZDUSD", SecurityType.FOREX, "fxcm", "USD", "0.6")
GOLD = security("XAUUSD", SecurityType.CFD, "oanda", "USD", "1800")
NIKKEI = security("JP225JPY", SecurityType.CFD, "oanda", "JPY", "100")
BTCUSD = security("BTCUSD", SecurityType.CRYPTO, "coinbase", "USD")
USDTUSD = security("USDTUSD", SecurityType.CRYPTO, "coinbase", "USD", "1")


def market(asset: Any, quantity: float, time: datetime = LATE) -> Order:
    return MarketOrder(asset.symbol, quantity, time)


def limit(asset: Any, quantity: float, price: float, **properties: Any) -> LimitOrder:
    order = LimitOrder(asset.symbol, quantity, price, LATE)
    order.order_submission_data = OrderSubmissionData(
        asset.exact_bid_price, asset.exact_ask_price, asset.exact_price
    )
    for name, value in properties.items():
        setattr(order.properties, name, value)
    return order


def fee(model: Any, asset: Any, order: Order) -> str:
    return str(model.get_order_fee(OrderFeeParameters(asset, order)))


@pytest.mark.parametrize(
    ("model", "asset", "quantity", "expected"),
    [
        (FeeModel(), SPY, 10, "0 USD"),
        (ConstantFeeModel(-1.50), SPY, 10, "1.5 USD"),
        (ConstantFeeModel(2, "EUR"), SPY, 10, "2 EUR"),
        (InteractiveBrokersFeeModel(), SPY, 100, "1 USD"),
        (InteractiveBrokersFeeModel(), SPY, -1000, "5 USD"),
        (InteractiveBrokersFeeModel(), CHEAP, 1000, "2.5 USD"),  # half a percent of 500
        (InteractiveBrokersFeeModel(), TCS, 10, "6 INR"),
        (InteractiveBrokersFeeModel(), TCS, 1000, "10 INR"),
        (InteractiveBrokersFeeModel(), EURUSD, 1000, "2 USD"),
        (InteractiveBrokersFeeModel(), EURUSD, -1_000_000, "24 USD"),
        (InteractiveBrokersFeeModel(1_500_000_000), EURUSD, 1_000_000, "18 USD"),
        (InteractiveBrokersFeeModel(3_000_000_000), EURUSD, 1_000_000, "12 USD"),
        (InteractiveBrokersFeeModel(6_000_000_000), EURUSD, 1_000_000, "9.6 USD"),
        (InteractiveBrokersFeeModel(), GOLD, 100, "3.6 USD"),
        (InteractiveBrokersFeeModel(), NIKKEI, -10, "40 JPY"),
        (AxosFeeModel(), SPY, -100, "0.35 USD"),
        (AxosFeeModel(0.01), SPY, 100, "1 USD"),
        (CharlesSchwabFeeModel(), SPY, 100, "0 QCC"),
        (AlpacaFeeModel(), SPY, 100, "0 USD"),
        (AlpacaFeeModel(), BTCUSD, 2, "0.005 BTC"),
        (AlpacaFeeModel(), BTCUSD, -2, "0.5 USD"),
        (BinanceFeeModel(), BTCUSD, 2, "0.002 BTC"),
        (BinanceFeeModel(), BTCUSD, -2, "0.198 USD"),
        (BinanceFeeModel(0.0002, 0.0004), BTCUSD, 2, "0.0008 BTC"),
        (BybitFeeModel(), BTCUSD, -2, "0.198 USD"),
        (BitfinexFeeModel(), BTCUSD, 2, "0.004 BTC"),
        (CoinbaseFeeModel(), BTCUSD, 2, "1.616 USD"),
        (GDAXFeeModel(), BTCUSD, -2, "1.584 USD"),
        (CoinbaseFeeModel(), USDTUSD, 1000, "0.02 USD"),  # asked at 2
        (KrakenFeeModel(), BTCUSD, 2, "0.5252 USD"),
        (KrakenFeeModel(), BTCUSD, -2, "0.0052 BTC"),
        (KrakenFeeModel(), USDTUSD, -1000, "2 USDT"),
        (FTXFeeModel(), BTCUSD, 2, "0.1414 USD"),
        (FTXUSFeeModel(), BTCUSD, -2, "0.792 USD"),
        (FxcmFeeModel(), FXCM_MAJOR, 5000, "0.2 USD"),
        (FxcmFeeModel("EUR"), FXCM_MINOR, -5000, "0.3 EUR"),
        (FxcmFeeModel(), GOLD, 10, "0 USD"),
        (ExanteFeeModel(), SPY, 100, "2 USD"),
        (ExanteFeeModel(0.01), EURUSD, -1000, "12 USD"),
        (EzeFeeModel(), SPY, 100, "0 USD"),
        (RBIFeeModel(), SPY, 100, "0 USD"),
        (TastytradeFeeModel(), SPY, 100, "0 USD"),
        (TradeStationFeeModel(), SPY, 100, "0 USD"),
        (TradeStationFeeModel(False), SPY, 100, "5 USD"),
        (WebullFeeModel(), SPY, 100, "0 QCC"),
        (AlphaStreamsFeeModel(), SPY, -1000, "5 USD"),
        (AlphaStreamsFeeModel(), EURUSD, 1_000_000, "2.4 USD"),
        (AlphaStreamsFeeModel(), BTCUSD, 2, "0.404 USD"),
        (AlphaStreamsFeeModel(), GOLD, 2, "0 USD"),
        (PublicFeeModel(), BTCUSD, 0.1, "0.49 USD"),
        (PublicFeeModel(), BTCUSD, 5, "6.29 USD"),
        (PublicFeeModel(), BTCUSD, -6, "7.5 USD"),
        # 10,000: commission 3 (2), exchange 0.34, state tax 0.60 (0.42), supervision 0.01, stamp 0.30.
        (ZerodhaFeeModel(), TCS, 100, "4.25 INR"),
        (SamcoFeeModel(), TCS, 100, "3.07 INR"),
        # Sold: a tax of 2.50 in place of the stamp.
        (ZerodhaFeeModel(), TCS, -100, "6.45 INR"),
        # 200,000: a commission of 20 at most, exchange 6.90, state tax 4.84, supervision 0.20, stamp 6.
        (ZerodhaFeeModel(), TCS, 2000, "37.94 INR"),
    ],
)
def test_market_orders(model: Any, asset: Any, quantity: float, expected: str) -> None:
    assert fee(model, asset, market(asset, quantity)) == expected


@pytest.mark.parametrize(
    ("model", "price", "properties", "expected"),
    [
        (BinanceFeeModel(0.001, 0.002), 100, {}, "0.002 BTC"),
        (BinanceFeeModel(0.001, 0.002), 101, {}, "0.004 BTC"),  # marketable: at the ask
        (BinanceFeeModel(0.001, 0.002), 101, {"post_only": True}, "0.002 BTC"),
        (BitfinexFeeModel(), 100, {}, "0.002 BTC"),
        (BitfinexFeeModel(), 100, {"hidden": True}, "0.004 BTC"),
        (AlpacaFeeModel(), 100, {}, "0.003 BTC"),
        (AlpacaFeeModel(), 101, {"post_only": True}, "0.005 BTC"),
        (CoinbaseFeeModel(), 100, {}, "1.212 USD"),  # of the ask, not of the limit
        (KrakenFeeModel(), 100, {}, "0.32 USD"),
        (KrakenFeeModel(), 100, {"fee_in_base": True}, "0.0032 BTC"),
        (FTXFeeModel(), 100, {}, "0.0004 BTC"),
        (AlphaStreamsFeeModel(), 100, {}, "0.2 USD"),
    ],
)
def test_limit_orders_of_makers_and_takers(
    model: Any, price: float, properties: dict[str, bool], expected: str
) -> None:
    assert fee(model, BTCUSD, limit(BTCUSD, 2, price, **properties)) == expected


@pytest.mark.parametrize(
    ("asset", "time", "expected"),
    [
        (BTCUSD, datetime(2019, 3, 23, 1, 29), "0.606 USD"),
        (BTCUSD, datetime(2019, 3, 23, 1, 30), "0.505 USD"),
        (BTCUSD, datetime(2019, 10, 8, 0, 30), "1.616 USD"),
        (USDTUSD, datetime(2022, 5, 31), "0.004 USD"),
        (USDTUSD, datetime(2022, 6, 1), "0.00004 USD"),
    ],
)
def test_coinbase_had_other_fees_before(asset: Any, time: datetime, expected: str) -> None:
    assert fee(CoinbaseFeeModel(), asset, market(asset, 2, time)) == expected


def test_public_charges_out_of_regular_hours() -> None:
    hours = SecurityExchangeHours.always_open(TimeZones.NEW_YORK)
    always = SimpleNamespace(**{**vars(SPY), "exchange": SimpleNamespace(hours=hours)})
    assert fee(PublicFeeModel(), always, market(SPY, 1)) == "0 USD"
    shut = SecurityExchangeHours(TimeZones.NEW_YORK, (), {}, {}, {})
    never = SimpleNamespace(**{**vars(SPY), "exchange": SimpleNamespace(hours=shut)})
    assert fee(PublicFeeModel(), never, market(SPY, 1)) == "2.99 USD"


def test_what_a_brokerage_does_not_trade_is_refused() -> None:
    with pytest.raises(ArgumentException, match="Unsupported security type: Crypto"):
        fee(InteractiveBrokersFeeModel(), BTCUSD, market(BTCUSD, 1))
    with pytest.raises(KeyNotFoundException, match="unexpected equity Market hkfe"):
        fee(InteractiveBrokersFeeModel(), HSBC, market(HSBC, 1))
    with pytest.raises(KeyNotFoundException, match="unexpected equity Market india"):
        fee(AlphaStreamsFeeModel(), TCS, market(TCS, 1))
    with pytest.raises(NotSupportedByEngine, match="BinanceCoinFuturesFeeModel"):
        BinanceCoinFuturesFeeModel()


def test_a_users_model_gives_floats() -> None:
    class Cents(FeeModel):
        def GetOrderFee(self, parameters: Any) -> OrderFee:  # noqa: ARG002 - LEAN's
            return OrderFee(CashAmount(0.1 * 3, "USD"))

    given_fee = Cents().get_order_fee(OrderFeeParameters(SPY, market(SPY, 1)))
    assert given_fee.value.exact_amount == Decimal("0.3")  # fifteen digits of the float
    assert (given_fee.Value.Amount, float(given_fee)) == (0.3, 0.3)


def test_fees_leave_the_cash_book() -> None:
    book = CashBook()
    book.add("BTC", 1, 100)
    portfolio = SimpleNamespace(cash_book=book)
    OrderFee(CashAmount(0.25, "BTC")).apply_to_portfolio(portfolio, None)
    assert book["BTC"].amount == 0.75
    # Taken out of the coins that were bought: its worth is owed in dollars.
    filled = SimpleNamespace(exact_fill_price=Decimal(200))
    ModifiedFillQuantityOrderFee(CashAmount(0.25, "BTC"), "USD", Decimal(2)).apply_to_portfolio(
        portfolio, filled
    )
    assert (book["BTC"].amount, book["USD"].amount) == (0.75, -100)


def test_zero_is_of_no_currency() -> None:
    assert (str(OrderFee.ZERO), OrderFee.Zero is OrderFee.ZERO) == ("0 QCC", True)


@given(st.integers(1, 10**6), st.integers(1, 10**7))
def test_shares_at_interactive_brokers_cost_at_least_a_dollar(quantity: int, ticks: int) -> None:
    asset = security("SPY", SecurityType.EQUITY, "usa", "USD", str(Decimal(ticks) / 100))
    order = market(asset, quantity)
    paid = InteractiveBrokersFeeModel().get_order_fee(OrderFeeParameters(asset, order)).value.exact_amount
    by_share = Decimal(quantity) * 5 / 1000
    greatest = asset.exact_price * quantity * 5 / 1000
    assert paid == (1 if by_share < 1 else min(by_share, greatest))
