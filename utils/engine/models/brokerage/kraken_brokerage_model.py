"""Kraken."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, ClassVar

from utils.engine.dotnet.money import ONE
from utils.engine.enums import AccountType, OrderType, SecurityType
from utils.engine.models.brokerage import order_rules as rules
from utils.engine.models.brokerage.order_rules import Refusal
from utils.engine.models.brokerage.selective_brokerage_model import Markets, SelectiveBrokerageModel
from utils.engine.models.fees.kraken_fee_model import KrakenFeeModel

_MONEY = ("USD", "EUR")
_AGAINST_MONEY_ONLY = ("BTC", "USDT", "USDC")
_AGAINST_ETHER_TOO = ("REP", "XTZ", "ADA", "EOS", "TRX", "LINK")


class KrakenBrokerageModel(SelectiveBrokerageModel):
    """Coins; orders are not changed."""

    _securities = (SecurityType.CRYPTO,)
    _orders = (
        OrderType.LIMIT,
        OrderType.MARKET,
        OrderType.STOP_MARKET,
        OrderType.STOP_LIMIT,
        OrderType.LIMIT_IF_TOUCHED,
    )
    _fees = KrakenFeeModel
    _markets: ClassVar[Markets] = {SecurityType.CRYPTO: "kraken"}
    _benchmark = ("BTCUSD", SecurityType.CRYPTO, "kraken")
    _takes_updates = False

    coin_leverage: dict[str, int]

    def __init__(self, account_type: AccountType = AccountType.CASH) -> None:
        super().__init__(account_type)
        self.coin_leverage = {
            "BTC": 5,
            "ETH": 5,
            "USDT": 2,
            "XMR": 2,
            "REP": 2,
            "XRP": 3,
            "BCH": 2,
            "XTZ": 2,
            "LTC": 3,
            "ADA": 3,
            "EOS": 3,
            "DASH": 3,
            "TRX": 3,
            "LINK": 3,
            "USDC": 3,
        }

    def _exact_leverage(self, security: Any) -> Decimal:
        """That of the coin, against the currencies it has leverage in."""
        if self.account_type == AccountType.CASH:
            return ONE
        levered = (
            (_AGAINST_MONEY_ONLY, _MONEY),
            (_AGAINST_ETHER_TOO, ("BTC", "ETH", *_MONEY)),
            (tuple(self.coin_leverage), ("BTC", *_MONEY)),
        )
        pair, ticker = security.symbol.id.symbol, security.symbol.value
        for coins, currencies in levered:
            coin = next((one for one in coins if pair.startswith(one)), None)
            if coin is not None and ticker.endswith(currencies):
                return Decimal(self.coin_leverage[coin])
        return ONE

    def _refusals(self, security: Any, order: Any) -> Iterator[Refusal]:
        yield rules.least_size(security, order.exact_quantity)
        yield from super()._refusals(security, order)
