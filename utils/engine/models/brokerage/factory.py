"""Brokerage models by name."""

from __future__ import annotations

from typing import Any

from utils.engine.enums import AccountType, BrokerageName
from utils.engine.errors import NotSupportedByEngine
from utils.engine.models.brokerage.coinbase_brokerage_model import CoinbaseBrokerageModel, GDAXBrokerageModel
from utils.engine.models.brokerage.crypto_exchange_models import (
    BinanceBrokerageModel,
    BinanceUSBrokerageModel,
    BitfinexBrokerageModel,
    BybitBrokerageModel,
)
from utils.engine.models.brokerage.default_brokerage_model import DefaultBrokerageModel
from utils.engine.models.brokerage.stock_brokerage_models import (
    AlpacaBrokerageModel,
    AxosClearingBrokerageModel,
    CharlesSchwabBrokerageModel,
    InteractiveBrokersBrokerageModel,
    OandaBrokerageModel,
)

_MODELS: dict[BrokerageName, type[DefaultBrokerageModel]] = {
    BrokerageName.DEFAULT: DefaultBrokerageModel,
    BrokerageName.INTERACTIVE_BROKERS_BROKERAGE: InteractiveBrokersBrokerageModel,
    BrokerageName.OANDA_BROKERAGE: OandaBrokerageModel,
    BrokerageName.BITFINEX: BitfinexBrokerageModel,
    BrokerageName.BINANCE: BinanceBrokerageModel,
    BrokerageName.BINANCE_US: BinanceUSBrokerageModel,
    BrokerageName.GDAX: GDAXBrokerageModel,
    BrokerageName.COINBASE: CoinbaseBrokerageModel,
    BrokerageName.ALPACA: AlpacaBrokerageModel,
    BrokerageName.BYBIT: BybitBrokerageModel,
    BrokerageName.AXOS: AxosClearingBrokerageModel,
    BrokerageName.CHARLES_SCHWAB: CharlesSchwabBrokerageModel,
}


def create_brokerage_model(
    _transactions: Any, name: BrokerageName, account_type: AccountType
) -> DefaultBrokerageModel:
    """The model of a brokerage.

    Raises:
        NotSupportedByEngine: LEAN has it, the engine has not.
    """
    if name not in _MODELS:
        raise NotSupportedByEngine(f"BrokerageName.{name.name}")
    return _MODELS[name](account_type)


def brokerage_name_of(model: Any) -> BrokerageName:
    """Name of a model's brokerage; a user's own model is that of the class it derives from."""
    for kind in type(model).__mro__:
        for name, known in _MODELS.items():
            if kind is known:
                return name
    return BrokerageName.DEFAULT
