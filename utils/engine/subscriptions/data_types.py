"""Which data each kind of security has."""

from __future__ import annotations

from utils.engine.data.quote_bar import QuoteBar
from utils.engine.data.tick import OpenInterest, Tick
from utils.engine.data.trade_bar import TradeBar
from utils.engine.enums import Resolution, SecurityType, TickType

_AVAILABLE = {
    SecurityType.BASE: (TickType.TRADE,),
    SecurityType.EQUITY: (TickType.TRADE, TickType.QUOTE),
    SecurityType.INDEX: (TickType.TRADE,),
    SecurityType.FOREX: (TickType.QUOTE,),
    SecurityType.CFD: (TickType.QUOTE,),
    SecurityType.CRYPTO: (TickType.TRADE, TickType.QUOTE),
    SecurityType.OPTION: (TickType.QUOTE, TickType.TRADE, TickType.OPEN_INTEREST),
    SecurityType.INDEX_OPTION: (TickType.QUOTE, TickType.TRADE, TickType.OPEN_INTEREST),
}


def available(security_type: SecurityType, resolution: Resolution | None = None) -> tuple[TickType, ...]:
    """Data of a kind of security; low-resolution equities have no quotes."""
    kinds = _AVAILABLE.get(security_type, (TickType.TRADE,))
    low = resolution in (Resolution.HOUR, Resolution.DAILY)
    if low and security_type == SecurityType.EQUITY:
        return tuple(kind for kind in kinds if kind != TickType.QUOTE)
    return kinds


def bar_type(resolution: Resolution, tick_type: TickType) -> type:
    """Class of the data."""
    if tick_type == TickType.OPEN_INTEREST:
        return OpenInterest
    if resolution == Resolution.TICK:
        return Tick
    return QuoteBar if tick_type == TickType.QUOTE else TradeBar
