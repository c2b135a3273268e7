"""Slippage as the impact of an order on the market."""

from __future__ import annotations

import math
from collections import deque
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from utils.engine.consolidators.consolidator import attach
from utils.engine.consolidators.trade_bar_consolidator import TradeBarConsolidator
from utils.engine.data.trade_bar import TradeBar
from utils.engine.dotnet.exceptions import SystemException
from utils.engine.dotnet.money import ONE, ZERO, DecimalFloat, exact
from utils.engine.dotnet.naming import DotNet
from utils.engine.dotnet.random import Random
from utils.engine.enums import Resolution, SecurityType
from utils.engine.errors import NotSupportedByEngine
from utils.engine.statistics.sample_statistics import variance

_DAY = timedelta(days=1)
_HISTORY = timedelta(days=370)


class MarketImpactSlippageModel(DotNet):
    """Permanent and temporary impact of an order, with noise, times a random share.

    After Almgren, Thum, Hauptmann and Li, "Direct Estimation of Equity Market Impact" (2005), as LEAN has it.
    One model is for one security.

    Args:
        algorithm: gives the history.
        non_negative: whether a fill is never better than the price.
        latency, impact_time: seconds until an order is executed, and until its impact has passed.
        alpha, beta: exponents of permanent and temporary impact.
        gamma, eta: coefficients of permanent and temporary impact.
        delta: exponent of the shares outstanding by volume; without fundamental data of no effect.
        random_seed: of .NET's generator.

    Raises:
        SystemException: a latency or an impact time of zero.
    """

    def __init__(
        self,
        algorithm: Any,
        non_negative: bool = True,
        latency: float = 0.075,
        impact_time: float = 1800.0,
        alpha: float = 0.891,
        beta: float = 0.600,
        gamma: float = 0.314,
        eta: float = 0.142,
        delta: float = 0.267,
        random_seed: int = 50,
    ) -> None:
        if latency <= 0:
            raise SystemException("Latency cannot be less than or equal to 0.")
        if impact_time <= 0:
            raise SystemException("impactTime cannot be less than or equal to 0.")
        self._algorithm, self._non_negative = algorithm, non_negative
        self._latency, self._impact_time = latency, impact_time
        self._permanent, self._temporary = (gamma, alpha), (eta, beta)
        self._random = Random(random_seed)
        self._days: _Days | None = None

    def get_slippage_approximation(self, asset: Any, order: Any) -> float:
        """How far the fill is from the price.

        Raises:
            SystemException: of a security without volume.
            NotSupportedByEngine: where LEAN would look the shares outstanding up.
        """
        if asset.type in (SecurityType.FOREX, SecurityType.CFD):
            raise SystemException(
                f"Asset of {asset.type} is not supported as MarketImpactSlippageModel requires volume data"
            )
        if self._days is None:
            self._days = _Days(self._algorithm, asset)
        days = self._days
        if not days.volume:
            return 0.0
        _refuse_fundamentals(self._algorithm)
        length = asset.exchange.hours.regular_market_duration / _DAY
        execution = timedelta(seconds=self._latency) / _DAY / length
        impact = execution + timedelta(seconds=self._impact_time) / _DAY / length
        rate = float(abs(order.exact_quantity)) / execution / days.volume
        noise = days.deviation * math.sqrt(impact)
        permanent = days.deviation * execution * _power(rate, *self._permanent) + self._normal() * noise
        temporary = days.deviation * _power(rate, *self._temporary) + self._normal() * noise
        realized = temporary + permanent * 0.5
        share = min(exact(realized * self._random.next_double()), ONE)
        price: Decimal = asset.exact_price
        return DecimalFloat((max(ZERO, share) if self._non_negative else share) * price)

    def _normal(self) -> float:
        """A number of the standard normal distribution, after Box and Muller."""
        one, other = 1 - self._random.next_double(), 1 - self._random.next_double()
        return math.sqrt(-2.0 * math.log(one)) * math.cos(2.0 * math.pi * other)


class _Days:
    """Deviation of daily returns over a year, and average volume of ten days; they follow the algorithm."""

    def __init__(self, algorithm: Any, asset: Any) -> None:
        self.deviation, self.volume = 0.0, 0.0
        self._closes: deque[Decimal] = deque(maxlen=252)
        self._volumes: deque[Decimal] = deque(maxlen=10)
        consolidator = TradeBarConsolidator(_DAY)
        attach(consolidator, self._take)
        algorithm.subscription_manager.add_consolidator(asset.symbol, consolidator)
        for bar in algorithm.history[TradeBar](asset.symbol, _HISTORY, Resolution.DAILY):
            consolidator.update(bar)

    def _take(self, _sender: Any, bar: Any) -> None:
        self._closes.appendleft(exact(bar.close))
        self._volumes.appendleft(exact(bar.volume))
        if len(self._closes) < 2:
            return
        closes = list(self._closes)
        returns = [float((new - old) / old) if old else 0.0 for new, old in pairwise(closes)]
        self.deviation = math.sqrt(variance(returns))
        self.volume = float(sum(self._volumes, ZERO) / len(self._volumes))


def _power(rate: float, coefficient: float, exponent: float) -> float:
    return coefficient * math.pow(rate, exponent)


def _refuse_fundamentals(algorithm: Any) -> None:
    if (algorithm._environment.data.root / "equity" / "usa" / "fundamental" / "fine").is_dir():
        raise NotSupportedByEngine("Security.Fundamentals")
