"""What a particular brokerage is told about an order; in a backtest only some of it has an effect."""

from __future__ import annotations

import copy
from typing import Any, ClassVar

from utils.engine.dotnet.enums import LeanEnum
from utils.engine.dotnet.exceptions import InvalidOperationException
from utils.engine.enums import OrderPosition
from utils.engine.orders.properties import OrderProperties


class _BrokerageOrderProperties(OrderProperties):
    """Properties with what they are at first, by name, in the class attribute `_FIRST`."""

    _FIRST: ClassVar[dict[str, Any]] = {}

    def __init__(self, exchange: Any = None) -> None:
        super().__init__(exchange)
        for name, value in self._FIRST.items():
            setattr(self, name, copy.copy(value))


class AlpacaOrderProperties(_BrokerageOrderProperties):
    """Alpaca's."""

    outside_regular_trading_hours: bool
    _FIRST: ClassVar[dict[str, Any]] = {"outside_regular_trading_hours": False}


class BinanceOrderProperties(_BrokerageOrderProperties):
    """Binance's."""

    post_only: bool
    _FIRST: ClassVar[dict[str, Any]] = {"post_only": False}


class BitfinexOrderProperties(_BrokerageOrderProperties):
    """Bitfinex'."""

    post_only: bool
    hidden: bool
    _FIRST: ClassVar[dict[str, Any]] = {"post_only": False, "hidden": False}


class BybitOrderProperties(_BrokerageOrderProperties):
    """Bybit's."""

    post_only: bool
    reduce_only: bool | None
    _FIRST: ClassVar[dict[str, Any]] = {"post_only": False, "reduce_only": None}


class CharlesSchwabOrderProperties(_BrokerageOrderProperties):
    """Charles Schwab's."""

    extended_regular_trading_hours: bool
    _FIRST: ClassVar[dict[str, Any]] = {"extended_regular_trading_hours": False}


class CoinbaseOrderProperties(_BrokerageOrderProperties):
    """Coinbase's."""

    post_only: bool
    self_trade_prevention_id: bool
    _FIRST: ClassVar[dict[str, Any]] = {"post_only": False, "self_trade_prevention_id": False}


class GDAXOrderProperties(CoinbaseOrderProperties):
    """Coinbase's under its former name."""


class EzeOrderProperties(_BrokerageOrderProperties):
    """Eze's."""

    route: str | None
    account: str | None
    notes: str | None
    account_type: str | None

    def __init__(
        self,
        route: str | None = None,
        account: str | None = None,
        notes: str | None = None,
        account_type: str | None = None,
    ) -> None:
        super().__init__()
        self.route, self.account, self.notes, self.account_type = route, account, notes, account_type


class FTXOrderProperties(_BrokerageOrderProperties):
    """FTX'."""

    post_only: bool
    reduce_only: bool
    _FIRST: ClassVar[dict[str, Any]] = {"post_only": False, "reduce_only": False}


class FixOrderProperties(_BrokerageOrderProperties):
    """Those of brokerages reached over FIX."""

    AUTOMATED_EXECUTION_ORDER_PRIVATE: ClassVar[str] = "1"
    AUTOMATED_EXECUTION_ORDER_PUBLIC: ClassVar[str] = "2"
    MANUAL_ORDER: ClassVar[str] = "3"

    additional_properties: dict[str, str]
    handle_instruction: str | None
    notes: str | None
    _FIRST: ClassVar[dict[str, Any]] = {
        "additional_properties": {},
        "handle_instruction": None,
        "notes": None,
    }

    def clone(self) -> OrderProperties:
        """A copy of its own."""
        clone = copy.copy(self)
        clone.additional_properties = dict(self.additional_properties)
        return clone


class BloombergFixOrderProperties(FixOrderProperties):
    """Bloomberg's over FIX."""

    @property
    def locate_broker(self) -> str | None:
        """Who lends the shares of a short sale."""
        return self.additional_properties.get("5700")

    @locate_broker.setter
    def locate_broker(self, value: str | None) -> None:
        self._set("5700", value)

    @property
    def locate_reqd(self) -> str | None:
        """Whether a short sale needs a lender."""
        return self.additional_properties.get("114")

    @locate_reqd.setter
    def locate_reqd(self, value: str | None) -> None:
        self._set("114", value)

    def _set(self, tag: str, value: str | None) -> None:
        if value is None:
            self.additional_properties.pop(tag, None)
        else:
            self.additional_properties[tag] = value


class IndiaOrderProperties(_BrokerageOrderProperties):
    """Those of Indian brokerages: the exchange and the kind of the position."""

    class IndiaProductType(LeanEnum):
        """Within the day, delivery, or carried over."""

        MIS = 0
        CNC = 1
        NRML = 2

    def __init__(self, exchange: Any, product_type: IndiaProductType | None = None) -> None:
        super().__init__(exchange)
        self._product_type = None if product_type is None else product_type.name

    @property
    def product_type(self) -> str | None:
        """Kind of the position."""
        return self._product_type


class InteractiveBrokersFixOrderProperties(_BrokerageOrderProperties):
    """Interactive Brokers' over FIX."""

    account: str | None
    _FIRST: ClassVar[dict[str, Any]] = {"account": None}


class InteractiveBrokersOrderProperties(_BrokerageOrderProperties):
    """Interactive Brokers'."""

    account: str | None
    fa_group: str | None
    fa_method: str | None
    fa_percentage: int
    fa_profile: str | None
    outside_regular_trading_hours: bool
    _FIRST: ClassVar[dict[str, Any]] = {
        "account": None,
        "fa_group": None,
        "fa_method": None,
        "fa_percentage": 0,
        "fa_profile": None,
        "outside_regular_trading_hours": False,
    }


class KrakenOrderProperties(_BrokerageOrderProperties):
    """Kraken's; the fee is asked for in one currency at most."""

    post_only: bool
    no_market_price_protection: bool
    conditional_order: Any
    _FIRST: ClassVar[dict[str, Any]] = {
        "post_only": False,
        "no_market_price_protection": False,
        "conditional_order": None,
    }

    def __init__(self) -> None:
        super().__init__()
        self._fee_in_base = self._fee_in_quote = False

    @property
    def fee_in_base(self) -> bool:
        """Whether the fee is to be taken in the base currency."""
        return self._fee_in_base

    @fee_in_base.setter
    def fee_in_base(self, value: bool) -> None:
        if value:
            self._fee_in_base, self._fee_in_quote = True, False

    @property
    def fee_in_quote(self) -> bool:
        """Whether the fee is to be taken in the quote currency."""
        return self._fee_in_quote

    @fee_in_quote.setter
    def fee_in_quote(self, value: bool) -> None:
        if value:
            self._fee_in_base, self._fee_in_quote = False, True


class PublicOrderProperties(_BrokerageOrderProperties):
    """Public's; the brokerage model decides on margin when nothing is said."""

    outside_regular_trading_hours: bool
    use_margin: bool | None
    _FIRST: ClassVar[dict[str, Any]] = {"outside_regular_trading_hours": False, "use_margin": None}


class RBIOrderProperties(_BrokerageOrderProperties):
    """RBI's."""


class TDAmeritradeOrderProperties(_BrokerageOrderProperties):
    """TD Ameritrade's."""


class TastytradeOrderProperties(_BrokerageOrderProperties):
    """Tastytrade's."""


class TradeStationOrderProperties(_BrokerageOrderProperties):
    """TradeStation's."""

    all_or_none: bool
    outside_regular_trading_hours: bool
    post_only: bool
    _FIRST: ClassVar[dict[str, Any]] = {
        "all_or_none": False,
        "outside_regular_trading_hours": False,
        "post_only": False,
    }


class TradierOrderProperties(_BrokerageOrderProperties):
    """Tradier's."""

    outside_regular_trading_hours: bool
    _FIRST: ClassVar[dict[str, Any]] = {"outside_regular_trading_hours": False}


class TradingTechnologiesOrderProperties(FixOrderProperties):
    """Trading Technologies'."""


class WebullOrderProperties(_BrokerageOrderProperties):
    """Webull's."""

    outside_regular_trading_hours: bool
    _FIRST: ClassVar[dict[str, Any]] = {"outside_regular_trading_hours": False}


class WolverineOrderProperties(_BrokerageOrderProperties):
    """Wolverine's."""

    exchange_post_fix: str | None
    locate_broker: str | None
    position_side: OrderPosition | None
    _FIRST: ClassVar[dict[str, Any]] = {
        "exchange_post_fix": None,
        "locate_broker": None,
        "position_side": None,
    }


class dYdXOrderProperties(_BrokerageOrderProperties):  # noqa: N801 - LEAN's name
    """dYdX'; an order rests only, or is filled at once only."""

    gas_limit: int
    reduce_only: bool
    good_til_block_offset: int
    _FIRST: ClassVar[dict[str, Any]] = {
        "gas_limit": 1_000_000,
        "reduce_only": False,
        "good_til_block_offset": 20,
    }

    def __init__(self) -> None:
        super().__init__()
        self._post_only = self._ioc = False

    @property
    def post_only(self) -> bool:
        """Whether the order must rest in the book."""
        return self._post_only

    @post_only.setter
    def post_only(self, value: bool) -> None:
        self._post_only = self._unless(value, self._ioc, "PostOnly", "IOC")

    @property
    def ioc(self) -> bool:
        """Whether what is not filled at once is canceled."""
        return self._ioc

    @ioc.setter
    def ioc(self, value: bool) -> None:
        self._ioc = self._unless(value, self._post_only, "IOC", "PostOnly")

    @staticmethod
    def _unless(value: bool, other: bool, name: str, name_of_other: str) -> bool:
        if value and other:
            raise InvalidOperationException(
                f"Cannot set {name} when {name_of_other} is already set. Only one execution type can be "
                "active at a time."
            )
        return value
