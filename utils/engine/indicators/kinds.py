"""The kinds of indicators by what they take in."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, ClassVar, NoReturn

from utils.engine.data.python_data import DynamicData
from utils.engine.data.trade_bar import TradeBar
from utils.engine.dotnet.exceptions import ArgumentException, NotSupportedException
from utils.engine.indicators.base import IndicatorBase
from utils.engine.indicators.data_point import IndicatorDataPoint


class Indicator(IndicatorBase):
    """Takes values; of a bar its close."""


class BarIndicator(IndicatorBase):
    """Takes bars of any kind."""

    of_bars: ClassVar[bool] = True

    def _input(self, data: Any) -> Any:
        if isinstance(data, TradeBar):
            return data
        if hasattr(data, "high") and hasattr(data, "open") and not isinstance(data, DynamicData):
            return data
        raise _wrong(data, "QuantConnect.Data.Market.IBaseDataBar")

    def _value_input(self, point: IndicatorDataPoint) -> NoReturn:
        raise NotSupportedException(
            f"{type(self).__name__} does not support the `Update(DateTime, decimal)` method. Use one of the "
            f"following methods instead: Update(TradeBar), Update(QuoteBar)"
        )


class TradeBarIndicator(BarIndicator):
    """Takes bars of trades."""

    def _input(self, data: Any) -> Any:
        if isinstance(data, TradeBar):
            return data
        raise _wrong(data, "QuantConnect.Data.Market.TradeBar")


class WindowIndicator(Indicator):
    """Takes values and looks back on the last `period` of them.

    Attributes:
        period: values that it looks back on.
    """

    period: int
    _values: deque[float]

    def __init__(self, name: str, period: int) -> None:
        if period < 1:
            raise ArgumentException("RollingWindow must have size of at least 1. (Parameter 'period')")
        self.period = int(period)
        self.warm_up_period = self.period
        super().__init__(name)

    def _start(self) -> None:
        # Oldest first.
        self._values = deque(maxlen=self.period)

    def _ready(self) -> bool:
        return self._samples >= self.period


class Output(Indicator):
    """One of several results of an indicator, which computes it.

    Args:
        name: its name.
        ready: tells whether it counts; left out, once there is one.
    """

    def __init__(self, name: str, ready: Callable[[], bool] | None = None) -> None:
        super().__init__(name)
        self.warm_up_period = 1
        self._is_ready = ready

    def _ready(self) -> bool:
        return self._samples > 0 if self._is_ready is None else self._is_ready()

    def _next(self, data: float) -> float:
        return data


def _wrong(data: object, wanted: str) -> ArgumentException:
    return ArgumentException(
        f"IndicatorBase.Update() 'input' expected to be of type {wanted} but is of type {type(data).__name__}"
    )
