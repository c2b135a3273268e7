"""Slippage by the order's share of the volume."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from utils.engine.dotnet.exceptions import InvalidOperationException
from utils.engine.dotnet.money import DecimalFloat, exact
from utils.engine.dotnet.naming import DotNet
from utils.engine.enums import MarketDataType, OrderDirection, SecurityType

_WITHOUT_VOLUME = (SecurityType.CFD, SecurityType.FOREX, SecurityType.CRYPTO)


class VolumeShareSlippageModel(DotNet):
    """The square of the order's share of the bar's volume, up to a limit, times an impact."""

    def __init__(
        self, volume_limit: float | Decimal = Decimal("0.025"), price_impact: float | Decimal = Decimal("0.1")
    ) -> None:
        self._limit, self._impact = exact(volume_limit), exact(price_impact)

    def get_slippage_approximation(self, asset: Any, order: Any) -> float:
        """How far the fill is from the price.

        Raises:
            InvalidOperationException: the latest data is neither a trade bar nor a quote bar.
        """
        bar = asset.get_last_data()
        if bar is None:
            return 0.0
        volume = _volume(bar, order.direction)
        share = self._limit
        if volume > 0:
            share = min(abs(order.exact_quantity) / volume, self._limit)
        elif asset.type in _WITHOUT_VOLUME:
            return 0.0
        price: Decimal = asset.cache.exact_price
        return DecimalFloat(share * share * self._impact * price)


def _volume(bar: Any, direction: OrderDirection) -> Decimal:
    match bar.data_type:
        case MarketDataType.TRADE_BAR:
            return exact(bar.volume)
        case MarketDataType.QUOTE_BAR:
            return exact(bar.last_bid_size if direction == OrderDirection.BUY else bar.last_ask_size)
    raise InvalidOperationException(
        f"VolumeShareSlippageModel: no volume in market data of type {bar.data_type}"
    )
