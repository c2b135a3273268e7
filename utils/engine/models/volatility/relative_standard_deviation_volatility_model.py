"""Volatility as the standard deviation of prices relative to their mean."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from utils.engine.dotnet.exceptions import ArgumentOutOfRangeException
from utils.engine.dotnet.money import ZERO, exact
from utils.engine.enums import Resolution
from utils.engine.feed.history import HistoryRequest
from utils.engine.models.volatility.base_volatility_model import BaseVolatilityModel
from utils.engine.statistics.sample_statistics import mean, standard_deviation


class RelativeStandardDeviationVolatilityModel(BaseVolatilityModel):
    """Standard deviation of the latest prices by their mean.

    Args:
        period_span: a price is taken when this much time is over.
        periods: how many prices.

    Raises:
        ArgumentOutOfRangeException: fewer than two periods.
    """

    def __init__(self, period_span: timedelta, periods: int) -> None:
        super().__init__()
        if periods < 2:
            raise ArgumentOutOfRangeException("'periods' must be greater than or equal to 2.")
        self._span = period_span
        self._prices: deque[float] = deque(maxlen=periods)
        self._last_update = self._first_update()

    @property
    def volatility(self) -> float:
        """As a fraction; zero before the second price."""
        return float(self._volatility())

    def _volatility(self) -> Decimal:
        if len(self._prices) < 2:
            return ZERO
        average = abs(exact(mean(reversed(self._prices))))
        return exact(standard_deviation(reversed(self._prices))) / average if average else ZERO

    def update(self, security: Any, data: Any) -> None:
        """Take in a data point; leave it out when it is too early."""
        if data.end_time - self._last_update >= self._span and data.price > 0:
            self._prices.append(float(data.price))
            self._last_update = data.end_time

    def get_history_requirements(
        self,
        security: Any,
        utc_time: datetime,
        resolution: Resolution | None = None,
        bar_count: int | None = None,
    ) -> list[HistoryRequest]:
        """Begin anew: bars of the shortest resolution that is subscribed to, one more than prices."""
        if bar_count is None:
            self._reset()
            bar_count = (self._prices.maxlen or 0) + 1
            provider = self.subscription_data_config_provider
            configs = provider.get_subscription_data_configs(security.symbol) if provider is not None else ()
            resolution = min((config.resolution for config in configs), default=None)
        return super().get_history_requirements(security, utc_time, resolution, bar_count)

    def _reset(self) -> None:
        self._prices.clear()
        self._last_update = self._first_update()

    def _first_update(self) -> datetime:
        """What LEAN begins to count from; long ago in any case."""
        return datetime.min + self._span * (self._prices.maxlen or 0)
