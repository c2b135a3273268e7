"""What brokerage models are asked about: a security set by hand, and orders in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from tests.utils.engine.models.fills.traded_asset import new_york_hours
from utils.engine.dotnet.money import exact
from utils.engine.enums import AccountType, BrokerageName, OrderType, SecurityType
from utils.engine.exchange.security_exchange import SecurityExchange
from utils.engine.identity.symbol import Symbol
from utils.engine.models.brokerage.factory import create_brokerage_model
from utils.engine.orders.kinds import create_order
from utils.engine.orders.properties import OrderProperties
from utils.engine.orders.requests import SubmitOrderRequest, UpdateOrderFields, UpdateOrderRequest
from utils.engine.orders.time_in_force import TimeInForce

T = OrderType
NOW = datetime(2024, 1, 3, 15)
MORNING, EVENING = datetime(2024, 1, 3, 10), datetime(2024, 1, 3, 17)  # a Wednesday in New York
KINDS = (SecurityType.EQUITY, SecurityType.FOREX, SecurityType.CFD, SecurityType.CRYPTO, SecurityType.INDEX)
TICKERS = {SecurityType.FOREX: "EURUSD", SecurityType.CRYPTO: "BTCUSD", SecurityType.CFD: "XAUUSD"}
SINGLE = tuple(kind for kind in OrderType if "COMBO" not in kind.name and kind != T.OPTION_EXERCISE)
PLAIN = (T.MARKET, T.LIMIT, T.STOP_MARKET, T.STOP_LIMIT)
AUCTIONS = (T.MARKET_ON_OPEN, T.MARKET_ON_CLOSE)


@dataclass
class Asset:
    """What brokerage models read of a security; its price is 100."""

    type: SecurityType = SecurityType.EQUITY
    ticker: str = ""
    market: str = "usa"
    local_time: datetime = MORNING
    held: float = 0
    price: str = "100"
    least: str | None = None
    lot: str = "1"
    internal: bool = False
    has_data: bool = True
    symbol: Symbol = field(init=False)

    def __post_init__(self) -> None:
        self.symbol = Symbol.create(self.ticker or TICKERS.get(self.type, "SPY"), self.type, self.market)
        self.exchange = SecurityExchange(new_york_hours(), lambda: self.local_time)
        self.holdings = SimpleNamespace(exact_quantity=exact(self.held))
        self.exact_price = self.exact_ask_price = self.exact_bid_price = Decimal(self.price)
        self.subscriptions = [SimpleNamespace(is_internal_feed=self.internal)]
        self.symbol_properties = SimpleNamespace(
            exact_minimum_order_size=None if self.least is None else Decimal(self.least),
            exact_lot_size=Decimal(self.lot),
            exact_minimum_price_variation=Decimal("0.01"),
            exact_contract_multiplier=Decimal(1),
            market_ticker="BTC-USD",
        )


def model_of(name: str, account: AccountType | None = None) -> Any:
    brokerage = BrokerageName[name]
    cash_only = name in ("COINBASE", "GDAX", "BINANCE_US")
    return create_brokerage_model(
        None, brokerage, account or (AccountType.CASH if cash_only else AccountType.MARGIN)
    )


def order(asset: Asset, kind: OrderType = T.MARKET, quantity: float = 100, **terms: Any) -> Any:
    """An order; prices are 100 unless given."""
    properties = terms.pop("properties", None) or OrderProperties()
    properties.time_in_force = terms.pop("time_in_force", TimeInForce.GOOD_TIL_CANCELED)
    prices = {"stop_price": exact(100), "limit_price": exact(100), **terms}
    return create_order(
        SubmitOrderRequest.of(kind, asset.symbol, exact(quantity), NOW, "", properties, **prices)
    )


def verdict(model: Any, asset: Asset, *what: Any, **terms: Any) -> tuple[bool, str]:
    allowed, message = model.can_submit_order(asset, order(asset, *what, **terms))
    return allowed, "" if message is None else str(message)


def update(model: Any, asset: Asset, resting: Any, **fields: Any) -> tuple[bool, str]:
    changes = UpdateOrderFields()
    for name, value in fields.items():
        setattr(changes, name, value)
    allowed, message = model.can_update_order(asset, resting, UpdateOrderRequest(NOW, 1, changes))
    return allowed, "" if message is None else str(message)
