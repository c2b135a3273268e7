"""What volatility models have in common: the history they begin with anew."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from utils.engine.algorithm.environment import present
from utils.engine.clock import to_ns
from utils.engine.dotnet.exceptions import InvalidOperationException
from utils.engine.enums import Resolution
from utils.engine.feed.history import HistoryRequest
from utils.engine.feed.history_start import start_of_bars
from utils.engine.models.volatility.null_volatility_model import VolatilityModel


class BaseVolatilityModel(VolatilityModel):
    """Base of volatility models, a user's too: `volatility` as a property, `update(security, data)`.

    As in LEAN, a backtest calls `update` with every bar, and begins anew from history when a share of which
    prices are raw is split or pays a dividend.
    """

    subscription_data_config_provider: Any

    def __init__(self) -> None:
        self.subscription_data_config_provider = None

    def set_subscription_data_config_provider(self, subscription_data_config_provider: Any) -> None:
        """Where the subscriptions of securities are found."""
        self.subscription_data_config_provider = subscription_data_config_provider

    def get_history_requirements(
        self,
        security: Any,
        utc_time: datetime,
        resolution: Resolution | None = None,
        bar_count: int | None = None,
    ) -> list[HistoryRequest]:
        """The bars to begin with: none, or the last ones of a resolution, daily by default.

        Raises:
            InvalidOperationException: it is not known what is subscribed to.
        """
        if bar_count is None:
            return []
        if self.subscription_data_config_provider is None:
            raise InvalidOperationException(
                f"{type(self).__name__}.GetHistoryRequirements(): SubscriptionDataConfigProvider was not set."
            )
        configs = self.subscription_data_config_provider.get_subscription_data_configs(security.symbol)
        wanted = Resolution.DAILY if resolution is None else resolution
        extended = any(config.extended_market_hours for config in configs) and wanted != Resolution.HOUR
        first = min(configs, key=lambda config: config.tick_type)
        config = first.copy(
            resolution=wanted, type=None, extended_market_hours=extended, fill_data_forward=True
        )
        data, now = present().data, to_ns(utc_time)
        sessions = data.sessions(data.series(config))
        start = start_of_bars(sessions, now, wanted, bar_count, extended=extended, strict=False)
        return [HistoryRequest(config, start, now)]
