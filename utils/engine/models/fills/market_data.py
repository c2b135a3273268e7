"""What fill models read of a security."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from utils.engine.data.quote_bar import QuoteBar
from utils.engine.data.trade_bar import TradeBar
from utils.engine.dotnet.exceptions import InvalidOperationException
from utils.engine.dotnet.money import ZERO
from utils.engine.enums import OrderDirection
from utils.engine.models.fills.prices import Prices
from utils.engine.orders.time_in_force import UTC, moved

_FIELDS = ("open", "high", "low", "close")


def utc_of(asset: Any, local: datetime) -> datetime:
    """A time on the exchange's wall clock in UTC; the beginning of time stays what it is."""
    if local == datetime.min:
        return local
    return moved(local, asset.exchange.hours.time_zone, UTC)


def local_of(asset: Any, utc: datetime) -> datetime:
    """A UTC time on the exchange's wall clock."""
    return moved(utc, UTC, asset.exchange.hours.time_zone)


def subscribed_types(asset: Any, configs: list[Any], *, internal: bool = True) -> set[type]:
    """Types of data of a security.

    Raises:
        InvalidOperationException: there is none.
    """
    types = {config.type for config in configs if internal or not config.is_internal_feed}
    if not types:
        raise InvalidOperationException(
            f"Cannot perform fill for {asset.symbol} because no data subscription were found."
        )
    return types


def latest_prices(asset: Any, direction: OrderDirection, types: set[type]) -> Prices:
    """The side of the latest quote an order trades against, else the latest trades, else what is known."""
    cache = asset.cache
    if direction != OrderDirection.HOLD:
        side = "bid" if direction == OrderDirection.SELL else "ask"
        for kind, prefix in ((QuoteBar, f"{side}_"), (TradeBar, "")):
            if kind not in types:
                continue
            bar = cache.get_data(kind)
            if bar is None:
                continue
            values = [cache.exact_of(kind, prefix + field) for field in _FIELDS]
            if None not in values:
                return Prices(bar.time, bar.end_time, values[3], *values)
    last = cache.get_data()
    start, end = (datetime.min, datetime.min) if last is None else (last.time, last.end_time)
    known = (asset.exact_price, asset.exact_open, asset.exact_high, asset.exact_low, asset.exact_close)
    return Prices(start, end, *known)


def last_of_side(asset: Any, side: str, types: set[type]) -> Decimal:
    """The latest quote of a side, "bid" or "ask"; the latest trade when there is no quote at all.

    Raises:
        InvalidOperationException: there is neither.
    """
    for kind, field in ((QuoteBar, f"{side}_close"), (TradeBar, "close")):
        if kind in types and asset.cache.get_data(kind) is not None:
            return close_of(asset, kind, field)
    raise no_market_data(asset, side)


def close_of(asset: Any, kind: type, field: str) -> Decimal:
    """A field of the latest bar of a type; its close when there is none, as on an empty side of a quote."""
    price: Decimal | None = asset.cache.exact_of(kind, field)
    if price is None:
        price = asset.cache.exact_of(kind, "close")
    return ZERO if price is None else price


def no_market_data(asset: Any, side: str) -> InvalidOperationException:
    """LEAN's complaint about a security that has no price yet."""
    return InvalidOperationException(
        f"Cannot get {side} price to perform fill for {asset.symbol} because no market data was found."
    )


def at(time: datetime, asset: Any) -> str:
    """A time on the exchange's wall clock, as messages tell it."""
    return f"{time:%m/%d/%Y %H:%M:%S} {asset.exchange.hours.time_zone}"


def is_exchange_open(asset: Any, extended: bool) -> bool:
    """Whether a security trades now, or did during its latest bar."""
    now = asset.local_time
    if asset.exchange.hours.is_open(now, extended):
        return True
    bar = asset.get_last_data()
    if bar is None:
        return False
    if (bar.end_time - bar.time).total_seconds() > 3600:
        on_bar = now.date() == bar.end_time.date()
    else:
        on_bar = now <= bar.end_time
    return on_bar and bool(asset.exchange.is_open_during_bar(bar.time, bar.end_time, extended))
