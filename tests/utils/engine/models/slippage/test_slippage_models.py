"""How far orders move prices: computed by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from utils.engine.data.bar import Bar
from utils.engine.data.quote_bar import QuoteBar
from utils.engine.data.tick import Tick
from utils.engine.data.trade_bar import TradeBar
from utils.engine.dotnet.exceptions import InvalidOperationException
from utils.engine.dotnet.money import exact
from utils.engine.enums import SecurityType
from utils.engine.identity.symbol import Symbol
from utils.engine.models.slippage.alpha_streams_slippage_model import AlphaStreamsSlippageModel
from utils.engine.models.slippage.constant_slippage_model import ConstantSlippageModel
from utils.engine.models.slippage.null_slippage_model import NullSlippageModel
from utils.engine.models.slippage.volume_share_slippage_model import VolumeShareSlippageModel
from utils.engine.orders.kinds import MarketOrder
from utils.engine.securities.cache import SecurityCache

SPY = Symbol.create("SPY", SecurityType.EQUITY, "usa")
EURUSD = Symbol.create("EURUSD", SecurityType.FOREX, "oanda")
TEN = datetime(2021, 3, 1, 10)
MINUTE = timedelta(minutes=1)


class Asset:
    """A security with a latest bar."""

    def __init__(self, symbol: Symbol, bar: Any = None) -> None:
        self.symbol, self.type = symbol, symbol.security_type
        self.cache = SecurityCache(symbol.security_type)
        if bar is not None:
            self.cache.take_point(bar)

    def get_last_data(self) -> Any:
        return self.cache.get_data()


def trades(symbol: Symbol, volume: float) -> Asset:
    """A trade bar that closed at 200."""
    return Asset(symbol, TradeBar(TEN, symbol, 200, 200, 200, 200, volume, MINUTE))


def slippage(model: Any, asset: Asset, quantity: float = 10) -> Decimal:
    found = model.get_slippage_approximation(asset, MarketOrder(asset.symbol, quantity))
    assert isinstance(found, float)  # what a user's model may calculate with
    return exact(found)


MODELS = (
    NullSlippageModel(),
    ConstantSlippageModel(0.001),
    VolumeShareSlippageModel(),
    AlphaStreamsSlippageModel(),
)


@pytest.mark.parametrize("model", MODELS)
def test_without_data_there_is_none(model: Any) -> None:
    assert slippage(model, Asset(SPY)) == 0


def test_fractions_of_the_price() -> None:
    assert slippage(NullSlippageModel.INSTANCE, trades(SPY, 100)) == 0
    assert slippage(ConstantSlippageModel(0.001), trades(SPY, 100), -10) == Decimal("0.2")
    assert slippage(AlphaStreamsSlippageModel(), trades(SPY, 100)) == Decimal("0.02")
    assert slippage(AlphaStreamsSlippageModel(), trades(EURUSD, 100)) == 0


@pytest.mark.parametrize(
    ("quantity", "volume", "expected"),
    [
        (10, 1000, "0.002"),  # a hundredth of the volume: 0.0001 x 0.1 x 200
        (-10, 1000, "0.002"),
        (100, 1000, "0.0125"),  # at most a fortieth: 0.000625 x 0.1 x 200
        (10, 0, "0.0125"),
    ],
)
def test_share_of_the_volume(quantity: float, volume: float, expected: str) -> None:
    assert slippage(VolumeShareSlippageModel(), trades(SPY, volume), quantity) == Decimal(expected)


def test_limit_and_impact_are_the_users() -> None:
    model = VolumeShareSlippageModel(0.5, 0.2)
    assert slippage(model, trades(SPY, 100), 40) == Decimal("6.4")  # 0.16 x 0.2 x 200


@pytest.mark.parametrize(("quantity", "expected"), [(10, "0.002"), (-10, "0.0005")])
def test_quotes_have_sizes_instead_of_volume(quantity: float, expected: str) -> None:
    side = Bar(200, 200, 200, 200)
    bar = QuoteBar(TEN, EURUSD, side, 1000, side, 2000, MINUTE)
    assert slippage(VolumeShareSlippageModel(), Asset(EURUSD, bar), quantity) == Decimal(expected)


def test_currencies_report_no_volume() -> None:
    assert slippage(VolumeShareSlippageModel(), trades(EURUSD, 0)) == 0


def test_data_without_volume_is_refused() -> None:
    with pytest.raises(InvalidOperationException, match="no volume in market data of type Tick"):
        slippage(VolumeShareSlippageModel(), Asset(SPY, Tick(TEN, SPY, 1.0, 2.0)))
