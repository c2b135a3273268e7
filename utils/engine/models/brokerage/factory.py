"""Brokerage models by name."""

from __future__ import annotations

from typing import Any

from utils.engine.dotnet.exceptions import ArgumentOutOfRangeException
from utils.engine.enums import AccountType, BrokerageName
from utils.engine.errors import NotSupportedByEngine
from utils.engine.models.brokerage.alpaca_brokerage_model import AlpacaBrokerageModel
from utils.engine.models.brokerage.alpha_streams_brokerage_model import AlphaStreamsBrokerageModel
from utils.engine.models.brokerage.axos_clearing_brokerage_model import AxosClearingBrokerageModel
from utils.engine.models.brokerage.binance_brokerage_model import (
    BinanceBrokerageModel,
    BinanceUSBrokerageModel,
)
from utils.engine.models.brokerage.bitfinex_brokerage_model import BitfinexBrokerageModel
from utils.engine.models.brokerage.bloomberg_fix_brokerage_model import BloombergFixBrokerageModel
from utils.engine.models.brokerage.bybit_brokerage_model import BybitBrokerageModel
from utils.engine.models.brokerage.charles_schwab_brokerage_model import CharlesSchwabBrokerageModel
from utils.engine.models.brokerage.coinbase_brokerage_model import CoinbaseBrokerageModel, GDAXBrokerageModel
from utils.engine.models.brokerage.default_brokerage_model import DefaultBrokerageModel
from utils.engine.models.brokerage.exante_brokerage_model import ExanteBrokerageModel
from utils.engine.models.brokerage.eze_brokerage_model import EzeBrokerageModel
from utils.engine.models.brokerage.ftx_brokerage_model import FTXBrokerageModel, FTXUSBrokerageModel
from utils.engine.models.brokerage.fxcm_brokerage_model import FxcmBrokerageModel
from utils.engine.models.brokerage.interactive_brokers_brokerage_model import InteractiveBrokersBrokerageModel
from utils.engine.models.brokerage.interactive_brokers_fix_model import InteractiveBrokersFixModel
from utils.engine.models.brokerage.kraken_brokerage_model import KrakenBrokerageModel
from utils.engine.models.brokerage.oanda_brokerage_model import OandaBrokerageModel
from utils.engine.models.brokerage.public_brokerage_model import PublicBrokerageModel
from utils.engine.models.brokerage.rbi_brokerage_model import RBIBrokerageModel
from utils.engine.models.brokerage.samco_brokerage_model import SamcoBrokerageModel
from utils.engine.models.brokerage.tastytrade_brokerage_model import TastytradeBrokerageModel
from utils.engine.models.brokerage.td_ameritrade_brokerage_model import TDAmeritradeBrokerageModel
from utils.engine.models.brokerage.terminal_link_brokerage_model import TerminalLinkBrokerageModel
from utils.engine.models.brokerage.trade_station_brokerage_model import TradeStationBrokerageModel
from utils.engine.models.brokerage.tradier_brokerage_model import TradierBrokerageModel
from utils.engine.models.brokerage.webull_brokerage_model import WebullBrokerageModel
from utils.engine.models.brokerage.wolverine_brokerage_model import WolverineBrokerageModel
from utils.engine.models.brokerage.zerodha_brokerage_model import ZerodhaBrokerageModel

_MODELS: dict[BrokerageName, type[DefaultBrokerageModel]] = {
    BrokerageName.DEFAULT: DefaultBrokerageModel,
    BrokerageName.INTERACTIVE_BROKERS_BROKERAGE: InteractiveBrokersBrokerageModel,
    BrokerageName.INTERACTIVE_BROKERS_FIX: InteractiveBrokersFixModel,
    BrokerageName.TRADIER_BROKERAGE: TradierBrokerageModel,
    BrokerageName.OANDA_BROKERAGE: OandaBrokerageModel,
    BrokerageName.FXCM_BROKERAGE: FxcmBrokerageModel,
    BrokerageName.BITFINEX: BitfinexBrokerageModel,
    BrokerageName.BINANCE: BinanceBrokerageModel,
    BrokerageName.BINANCE_US: BinanceUSBrokerageModel,
    BrokerageName.GDAX: GDAXBrokerageModel,
    BrokerageName.COINBASE: CoinbaseBrokerageModel,
    BrokerageName.ALPHA_STREAMS: AlphaStreamsBrokerageModel,
    BrokerageName.ZERODHA: ZerodhaBrokerageModel,
    BrokerageName.SAMCO: SamcoBrokerageModel,
    BrokerageName.KRAKEN: KrakenBrokerageModel,
    BrokerageName.FTX: FTXBrokerageModel,
    BrokerageName.FTXUS: FTXUSBrokerageModel,
    BrokerageName.EXANTE: ExanteBrokerageModel,
    BrokerageName.WOLVERINE: WolverineBrokerageModel,
    BrokerageName.TD_AMERITRADE: TDAmeritradeBrokerageModel,
    BrokerageName.RBI: RBIBrokerageModel,
    BrokerageName.BYBIT: BybitBrokerageModel,
    BrokerageName.EZE: EzeBrokerageModel,
    BrokerageName.AXOS: AxosClearingBrokerageModel,
    BrokerageName.TRADE_STATION: TradeStationBrokerageModel,
    BrokerageName.TERMINAL_LINK: TerminalLinkBrokerageModel,
    BrokerageName.CHARLES_SCHWAB: CharlesSchwabBrokerageModel,
    BrokerageName.TASTYTRADE: TastytradeBrokerageModel,
    BrokerageName.WEBULL: WebullBrokerageModel,
    BrokerageName.PUBLIC: PublicBrokerageModel,
    BrokerageName.BLOOMBERG_FIX: BloombergFixBrokerageModel,
}
# They trade futures only, of coins or other.
_OF_FUTURES = (
    BrokerageName.BINANCE_FUTURES,
    BrokerageName.BINANCE_COIN_FUTURES,
    BrokerageName.DYDX,
    BrokerageName.TRADING_TECHNOLOGIES,
)
# Models that LEAN knows under the name of the model they derive from.
_WITHOUT_NAME = (InteractiveBrokersFixModel, TerminalLinkBrokerageModel)


def create_brokerage_model(
    _transactions: Any, name: BrokerageName, account_type: AccountType
) -> DefaultBrokerageModel:
    """The model of a brokerage.

    Raises:
        NotSupportedByEngine: it trades futures.
        ArgumentOutOfRangeException: LEAN has the name and no model.
    """
    if name == BrokerageName.ALPACA:
        return AlpacaBrokerageModel()
    if name in _OF_FUTURES:
        raise NotSupportedByEngine(f"BrokerageName.{name.name}")
    if name not in _MODELS:
        raise ArgumentOutOfRangeException(f"There is no brokerage model of {name} (Parameter 'brokerage')")
    return _MODELS[name](account_type)


def brokerage_name_of(model: Any) -> BrokerageName:
    """Name of a model's brokerage; a user's own model is that of the class it derives from."""
    names = {kind: name for name, kind in _MODELS.items() if kind not in _WITHOUT_NAME}
    names[AlpacaBrokerageModel] = BrokerageName.ALPACA
    found = (names[kind] for kind in type(model).__mro__ if kind in names)
    return next(found, BrokerageName.DEFAULT)
