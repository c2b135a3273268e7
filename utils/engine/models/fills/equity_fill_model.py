"""How orders in shares are filled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from utils.engine.data.quote_bar import QuoteBar
from utils.engine.data.trade_bar import TradeBar
from utils.engine.dotnet.money import ZERO, text
from utils.engine.enums import OrderDirection, OrderStatus
from utils.engine.models.fills.fill_model import BUY, SELL, FillModel, filled
from utils.engine.models.fills.market_data import (
    at,
    close_of,
    local_of,
    no_market_data,
    subscribed_types,
    utc_of,
)
from utils.engine.orders.order_event import OrderEvent

_SHORT_BAR = 3600  # seconds: shorter bars may lie outside of regular hours


@dataclass(frozen=True)
class BestEffort:
    """A price of one side, where it is from, and since when it is known when it is old."""

    price: Decimal
    message: str = ""
    stale_since: datetime | None = None


class EquityFillModel(FillModel):
    """Market orders fill at the other side of the quote; limits, stops and triggers go by trades.

    A gap beyond a stop or limit fills at the open. Stops and triggers are touched at their price, limits only
    beyond it.
    """

    def market_fill(self, asset: Any, order: Any) -> OrderEvent:
        """Fill at the ask or bid; at the latest trade where there is no quote."""
        fill = self._unfilled(asset, order)
        if order.status == OrderStatus.CANCELED or not self.is_exchange_open(asset, False):
            return fill
        slip = self._slippage(asset, order)
        configs = self.get_subscription_data_configs(asset)
        best = self._best(asset, order.direction, order.time)
        if best.stale_since is not None:
            known_since = utc_of(asset, best.stale_since)
            if self._waits_for_fresh_data_on_stale(known_since, order.time, configs):
                return fill
        fill.message = best.message
        price = best.price + slip if order.direction == BUY else best.price - slip
        return filled(fill, price, order.exact_quantity)

    def stop_market_fill(self, asset: Any, order: Any) -> OrderEvent:
        """Fill at the stop, at the open when a gap went beyond it."""
        fill = self._unfilled(asset, order)
        if order.status == OrderStatus.CANCELED or not self.is_exchange_open(asset, False):
            return fill
        bar = self._fresh_bar(asset, order.time)
        if bar is None:
            return fill
        stop, selling = order.exact_stop_price, order.direction == SELL
        opened, high, low = (asset.cache.exact_of(TradeBar, name) for name in ("open", "high", "low"))
        if not (low <= stop if selling else high >= stop):
            return fill
        gap = opened <= stop if selling else opened >= stop
        if gap:
            fill.message = _gap(asset, bar, opened, "an unfavorable gap")
        price = self._slipped(asset, order, opened if gap else stop)
        return filled(fill, price, order.exact_quantity)

    def limit_fill(self, asset: Any, order: Any) -> OrderEvent:
        """Fill at the limit, at the open when a gap made it better."""
        fill = self._unfilled(asset, order)
        if order.status == OrderStatus.CANCELED or not self._is_open_as_subscribed(asset):
            return fill
        bar = self._fresh_bar(asset, order.time)
        if bar is None:
            return fill
        limit, buying = order.exact_limit_price, order.direction == BUY
        opened, high, low = (asset.cache.exact_of(TradeBar, name) for name in ("open", "high", "low"))
        if not (low < limit if buying else high > limit):
            return fill
        gap = opened < limit if buying else opened > limit
        if gap:
            fill.message = _gap(asset, bar, opened, "a favorable gap")
        return filled(fill, opened if gap else limit, order.exact_quantity)

    def limit_if_touched_fill(self, asset: Any, order: Any) -> OrderEvent:
        """Fill at the quote once the trigger was touched and the quote is within the limit."""
        fill = self._unfilled(asset, order)
        if order.status == OrderStatus.CANCELED or not self._is_open_as_subscribed(asset):
            return fill
        if self._fresh_bar(asset, order.time) is None:
            return fill
        limit, trigger, buying = order.exact_limit_price, order.exact_trigger_price, order.direction == BUY
        high, low = asset.cache.exact_of(TradeBar, "high"), asset.cache.exact_of(TradeBar, "low")
        if not ((low <= trigger if buying else high >= trigger) or order.trigger_touched):
            return fill
        order.trigger_touched = True
        best = self._best(asset, order.direction, order.time)
        if best.price <= limit if buying else best.price >= limit:
            fill.message = best.message
            return filled(fill, best.price, order.exact_quantity)
        return fill

    def market_on_open_fill(self, asset: Any, order: Any) -> OrderEvent:
        """Fill at the open of the first bar of the next session."""
        fill = self._unfilled(asset, order)
        if order.status == OrderStatus.CANCELED:
            return fill
        ordered, ends, price = local_of(asset, order.time), datetime.min, ZERO
        if TradeBar in self.get_subscribed_types(asset):
            bar = asset.cache.get_data(TradeBar)
            if bar is not None:
                short = bar.period.total_seconds() < _SHORT_BAR
                if bar.time < ordered or (short and not asset.exchange.date_time_is_open(bar.time)):
                    return fill
                ends, price = bar.end_time, asset.cache.exact_of(TradeBar, "open")
        if ordered >= ends:
            return fill
        if asset.exchange.date_time_is_open(ordered) and ordered.date() == ends.date():
            return fill
        if not self.is_exchange_open(asset, False):
            return fill
        return self._auction(asset, order, fill, price)

    def market_on_close_fill(self, asset: Any, order: Any) -> OrderEvent:
        """Fill at the close of the session."""
        fill = self._unfilled(asset, order)
        if order.status == OrderStatus.CANCELED or self._before_close(asset, order):
            return fill
        price = ZERO
        if TradeBar in self.get_subscribed_types(asset):
            price = asset.cache.exact_of(TradeBar, "close") or ZERO
        else:
            fill.message = (
                f"Warning: No trade information available at {at(asset.local_time, asset)}, "
                "order filled using Quote data"
            )
        return self._auction(asset, order, fill, price)

    def _auction(self, asset: Any, order: Any, fill: OrderEvent, price: Decimal) -> OrderEvent:
        """Fill at a price, at the quote when it is zero."""
        slip = self._slippage(asset, order)
        if not price:
            best = self._best(asset, order.direction, order.time)
            price = best.price
            fill.message += best.message
        return filled(fill, price + slip if order.direction == BUY else price - slip, order.exact_quantity)

    def get_subscribed_types(self, asset: Any) -> set[type]:
        """Types of data the algorithm asked for of a security."""
        return subscribed_types(asset, self.get_subscription_data_configs(asset), internal=False)

    def _fresh_bar(self, asset: Any, ordered: datetime) -> Any:
        """The latest trade bar, if it ended after the order was sent."""
        if TradeBar not in self.get_subscribed_types(asset):
            return None
        bar = asset.cache.get_data(TradeBar)
        return None if bar is None or utc_of(asset, bar.end_time) <= ordered else bar

    def _best(self, asset: Any, direction: OrderDirection, ordered: datetime) -> BestEffort:
        """The other side of the quote, else the latest trade; the newer of them when both are old.

        Raises:
            InvalidOperationException: there is neither.
        """
        side = "ask" if direction == BUY else "bid"
        cut_off = local_of(asset, ordered) - self.parameters.stale_price_time_span
        types, cache = self.get_subscribed_types(asset), asset.cache
        found: tuple[datetime, BestEffort] | None = None
        for kind, name in ((QuoteBar, f"{side}_close"), (TradeBar, "close")):
            bar = cache.get_data(kind) if kind in types else None
            if bar is None or (found is not None and bar.end_time <= found[0]):
                continue
            price, known = close_of(asset, kind, name), at(bar.end_time, asset)
            if kind is QuoteBar:
                message = f"Warning: fill at stale price ({known}), using QuoteBar data."
            else:
                message = (
                    f"Warning: No quote information available at {known}, order filled using TradeBar data"
                )
            if bar.end_time >= cut_off:
                return BestEffort(price, "" if kind is QuoteBar else message)
            found = (bar.end_time, BestEffort(price, message, bar.end_time))
        if found is None:
            raise no_market_data(asset, side)
        return found[1]


def _gap(asset: Any, bar: Any, opened: Decimal, kind: str) -> str:
    return f"Due to {kind} at {at(bar.end_time, asset)}, order filled using the open price ({text(opened)})"
