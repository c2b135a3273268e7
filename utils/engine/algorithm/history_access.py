"""`self.history`."""

from __future__ import annotations

from typing import Any, Final

from utils.engine.algorithm.base import AlgorithmBase
from utils.engine.data.quote_bar import QuoteBar
from utils.engine.data.trade_bar import TradeBar
from utils.engine.enums import Resolution
from utils.engine.feed.config import SubscriptionDataConfig
from utils.engine.feed.history_method import HistoryMethod
from utils.engine.securities.as_symbol import as_symbol

_LOOKBACK: Final = 5
_SECOND_LOOKBACK: Final = {Resolution.MINUTE: 24 * 60, Resolution.HOUR: 24, Resolution.DAILY: 10}


def _is_quote(point: Any) -> bool:
    return isinstance(point, QuoteBar)


class HistoryAccess(AlgorithmBase):
    """Data of the past."""

    history: HistoryMethod

    def _init_history(self) -> None:
        self.history = HistoryMethod(self, self._environment.data)

    def history_bars(self, symbol: Any, count: int, resolution: Resolution) -> list[Any]:
        """The latest bars of a symbol."""
        return self.history.bars(symbol, count, resolution)

    def get_last_known_price(self, security: Any) -> Any:
        """Latest bar of a security or symbol out of its history, of trades before quotes, or None."""
        points = self.get_last_known_prices(security)
        return min(points, key=_is_quote) if points else None

    def get_last_known_prices(self, security: Any) -> list[Any]:
        """Latest bar of each subscription of a security or symbol, earliest first; those of quotes last."""
        symbol = as_symbol(getattr(security, "symbol", security))
        known = security if hasattr(security, "subscriptions") else self.securities.known(symbol)
        points = []
        for config in known.subscriptions if known is not None else ():
            if config.type in (TradeBar, QuoteBar):
                points.extend(self._latest_point(self._subscribed(config)))
        return sorted(points, key=lambda point: (point.time, _is_quote(point)))

    def _subscribed(self, config: SubscriptionDataConfig) -> SubscriptionDataConfig:
        """A configuration, or that of the engine's own that stands for it until it is subscribed to."""
        known = self.subscription_manager.configs_of(config.symbol, internal=True)
        same = [other for other in known if other.type is config.type]
        return config if config in known or not same else same[0]

    def _latest_point(self, config: SubscriptionDataConfig) -> list[Any]:
        """The latest bar of a subscription, looked for ever longer ago as LEAN does."""
        resolution = max(config.resolution, Resolution.MINUTE)
        spans = ((resolution, _LOOKBACK), (resolution, _SECOND_LOOKBACK[resolution]), (Resolution.DAILY, 50))
        for wanted, count in spans:
            found = self.history[config.type](config.symbol, count, wanted, fill_forward=False)
            if found:
                return [found[-1]]
        return []

    def history_start(self, config: SubscriptionDataConfig, bars: int, resolution: Resolution | None) -> int:
        """When the last bars of a subscription begin, UTC nanoseconds."""
        wanted = config if resolution is None else config.copy(resolution=resolution)
        return self.history.requests.start(wanted, bars, extended=config.extended_market_hours)
