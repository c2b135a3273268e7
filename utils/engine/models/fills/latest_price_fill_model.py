"""Fills from whatever came last."""

from __future__ import annotations

from typing import Any

from utils.engine.data.quote_bar import QuoteBar
from utils.engine.data.trade_bar import TradeBar
from utils.engine.enums import OrderDirection
from utils.engine.models.fills.immediate_fill_model import ImmediateFillModel
from utils.engine.models.fills.market_data import latest_prices
from utils.engine.models.fills.prices import Prices


class LatestPriceFillModel(ImmediateFillModel):
    """Fills from the newer of quote and trade, from the quote when they are as old as each other."""

    def get_prices(self, asset: Any, direction: OrderDirection) -> Prices:
        """The prices an order of a side is filled from."""
        quote, trade = asset.cache.get_data(QuoteBar), asset.cache.get_data(TradeBar)
        if quote is None:
            kinds: set[type] = set()
        else:
            kinds = {TradeBar if trade is not None and trade.end_time > quote.end_time else QuoteBar}
        return latest_prices(asset, direction, kinds)
