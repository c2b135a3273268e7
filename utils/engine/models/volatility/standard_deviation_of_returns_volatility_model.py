"""Volatility as the standard deviation of returns."""

from __future__ import annotations

import math
from collections import deque
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from utils.engine.dotnet.exceptions import ArgumentOutOfRangeException
from utils.engine.dotnet.money import ZERO, exact
from utils.engine.enums import Resolution
from utils.engine.feed.config import INCREMENTS
from utils.engine.feed.history import HistoryRequest
from utils.engine.models.volatility.base_volatility_model import BaseVolatilityModel
from utils.engine.statistics.sample_statistics import standard_deviation

_PERIODS = {
    Resolution.TICK: 600,
    Resolution.SECOND: 600,
    Resolution.MINUTE: 60 * 24,
    Resolution.HOUR: 24 * 30,
    Resolution.DAILY: 30,
}
_YEAR = exact(math.sqrt(252.0))


class StandardDeviationOfReturnsVolatilityModel(BaseVolatilityModel):
    """Standard deviation of the latest returns, as if each were of a day of 252 a year.

    `(periods, resolution=None, update_frequency=None)` or `(resolution, update_frequency=None)`; a return is
    taken when as much time as the frequency, the resolution's or a day, is over.

    Raises:
        ArgumentOutOfRangeException: fewer than two periods.
    """

    def __init__(
        self,
        periods: int | Resolution | None = None,
        resolution: Resolution | timedelta | None = None,
        update_frequency: timedelta | None = None,
    ) -> None:
        super().__init__()
        if isinstance(periods, Resolution):
            periods, resolution, update_frequency = None, periods, update_frequency or _span(resolution)
        assert resolution is None or isinstance(resolution, Resolution)
        if periods is None:
            periods = _PERIODS[Resolution.DAILY if resolution is None else resolution]
        if periods < 2:
            raise ArgumentOutOfRangeException("'periods' must be greater than or equal to 2.")
        self._resolution = resolution
        own = timedelta(days=1) if resolution is None else INCREMENTS[resolution]
        self._frequency = own if update_frequency is None else update_frequency
        self._returns: deque[float] = deque(maxlen=periods)
        self._last_update, self._last_price = datetime.min, ZERO

    @property
    def volatility(self) -> float:
        """Annualized, as a fraction; zero before the second return."""
        return float(self._volatility())

    def _volatility(self) -> Decimal:
        if len(self._returns) < 2:
            return ZERO
        # From the latest return back, which the last digits show.
        return exact(standard_deviation(reversed(self._returns))) * _YEAR

    def update(self, security: Any, data: Any) -> None:
        """Take in a data point; leave it out when it is too early."""
        price = exact(data.price)
        if data.end_time - self._last_update < self._frequency or price <= 0:
            return
        if self._last_price > 0:
            self._returns.append(float(price / self._last_price) - 1.0)
        self._last_update, self._last_price = data.end_time, price

    def get_history_requirements(
        self,
        security: Any,
        utc_time: datetime,
        resolution: Resolution | None = None,
        bar_count: int | None = None,
    ) -> list[HistoryRequest]:
        """Begin anew: the bars of all returns."""
        if bar_count is None:
            self._reset()
            resolution, bar_count = self._resolution, (self._returns.maxlen or 0) + 1
        return super().get_history_requirements(security, utc_time, resolution, bar_count)

    def _reset(self) -> None:
        self._returns.clear()
        self._last_update, self._last_price = datetime.min, ZERO


def _span(value: Resolution | timedelta | None) -> timedelta | None:
    return value if isinstance(value, timedelta) else None
