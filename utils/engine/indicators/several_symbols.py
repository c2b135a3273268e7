"""Indicators of two symbols."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from math import fsum
from typing import Any, ClassVar

from utils.engine.clock import local_to_utc, to_datetime
from utils.engine.dotnet.enums import LeanEnum
from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.indicators.changes import RateOfChange
from utils.engine.indicators.kinds import BarIndicator
from utils.engine.indicators.naming import named, setting_text
from utils.engine.securities.as_symbol import as_symbol


class _SymbolData:
    """One symbol's closes, and its input that waits for the others'."""

    def __init__(self, symbol: Any, period: int) -> None:
        self.zone = _time_zone(symbol)
        self.closes: deque[float] = deque(maxlen=period)
        self.waiting: tuple[datetime, float] | None = None

    def reset(self) -> None:
        """Forget all inputs."""
        self.closes.clear()
        self.waiting = None


def _time_zone(symbol: Any) -> Any:
    """Time zone of a symbol's exchange."""
    from utils.engine.exchange.market_hours_database import MarketHoursDatabase

    hours = MarketHoursDatabase.from_data_folder()
    return hours.get_exchange_hours(symbol.id.market, symbol, symbol.security_type).time_zone


class MultiSymbolIndicator(BarIndicator):
    """Takes in bars of several symbols and computes when it has one of each for the same time.

    Args:
        name: its name.
        symbols: the symbols.
        period: closes of each that it looks back on.
    """

    can_block: ClassVar[bool] = False

    def __init__(self, name: str, symbols: list[Any], period: int) -> None:
        self._data = {symbol: _SymbolData(symbol, period) for symbol in symbols}
        self._points = period
        super().__init__(name)
        zones = {str(data.zone) for data in self._data.values()}
        self.warm_up_period = period + (len(zones) > 1)

    def _start(self) -> None:
        self._value = 0.0
        self._unit: timedelta | None = None
        for data in self._data.values():
            data.reset()

    def _ready(self) -> bool:
        return all(len(data.closes) == self._points for data in self._data.values())

    def _compute(self) -> float:
        """The value, when every symbol has a new close."""
        raise NotImplementedError

    def _price(self, data: Any) -> float:
        """What it takes of an input."""
        close: float = data.close
        return close

    def _next(self, data: Any) -> float:
        entry = self._data.get(data.symbol)
        if entry is None:
            known = ", ".join(map(str, self._data))
            raise ArgumentException(
                f"Input symbol {data.symbol} does not correspond to any of the symbols this indicator works "
                f"on ({known})"
            )
        if self._samples == 1:
            self._unit = _unit(data.end_time - data.time)
        entry.waiting = (_whole(_utc(data.end_time, entry.zone), self._unit), self._price(data))
        if self._samples == 1:
            return 0.0
        waiting = [one.waiting for one in self._data.values()]
        if len({one and one[0] for one in waiting}) == 1:
            for one in self._data.values():
                assert one.waiting is not None
                one.closes.append(one.waiting[1])
            self._value = self._compute()
        return self._value


def _unit(span: timedelta) -> timedelta | None:
    """The unit of time that end times are rounded down to, None for no rounding."""
    if span > timedelta(hours=1):
        return timedelta(days=1)
    for unit in (timedelta(hours=1), timedelta(minutes=1)):
        if span >= unit:
            return unit
    return None


def _utc(time: datetime, zone: Any) -> datetime:
    from zoneinfo import ZoneInfo

    return to_datetime(local_to_utc(time, ZoneInfo(zone) if isinstance(zone, str) else zone))


def _whole(time: datetime, unit: timedelta | None) -> datetime:
    return time if unit is None else time - (time - datetime.min) % unit


class DualSymbolIndicator(MultiSymbolIndicator):
    """Of a target symbol against a reference symbol."""

    def __init__(self, name: str, target_symbol: Any, reference_symbol: Any, period: int) -> None:
        target, reference = as_symbol(target_symbol), as_symbol(reference_symbol)
        super().__init__(name, [target, reference], period)
        self._target = self._data[target]
        self._reference = self._data[reference]


def _mean(values: Any) -> float:
    return fsum(values) / len(values)


def _covariance(x: Any, y: Any) -> float:
    """Of a sample; 0 of fewer than two."""
    if len(x) < 2:
        return 0.0
    mean_x, mean_y = _mean(x), _mean(y)
    return fsum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True)) / (len(x) - 1)


class _OfReturns(DualSymbolIndicator):
    """Base of those that look at the returns of both."""

    _kind: ClassVar[str]

    def __init__(self, name: str, target_symbol: Any, reference_symbol: Any, period: int) -> None:
        if period < 2:
            raise ArgumentException(
                f"Period parameter for {self._kind} indicator must be greater than 2 but was {period}."
            )
        self._period = period
        self._target_returns: deque[float] = deque(maxlen=period)
        self._reference_returns: deque[float] = deque(maxlen=period)
        super().__init__(name, target_symbol, reference_symbol, 2)
        self.warm_up_period += period - 1

    def _start(self) -> None:
        super()._start()
        self._target_returns.clear()
        self._reference_returns.clear()

    def _ready(self) -> bool:
        return len(self._target_returns) == self._period and len(self._reference_returns) == self._period

    def _take_returns(self) -> None:
        for data, returns in (
            (self._target, self._target_returns),
            (self._reference, self._reference_returns),
        ):
            if len(data.closes) == 2:
                old, new = data.closes
                returns.append((new / old if old != 0 else 0.0) - 1.0)


def _with_period_first(arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    """(symbol, symbol, period), also of LEAN's old order (period, symbol, symbol)."""
    return (*arguments[1:], arguments[0]) if isinstance(arguments[0], int) else arguments


class Beta(_OfReturns):
    """How much the target moves with the reference."""

    _kind = "Beta"

    @named(lambda *settings: f"B({_with_period_first(settings)[2]})")
    def __init__(self, name: str, target_symbol: Any, reference_symbol: Any, period: Any) -> None:
        super().__init__(name, *_with_period_first((target_symbol, reference_symbol, period)))

    def _compute(self) -> float:
        self._take_returns()
        variance = _covariance(self._reference_returns, self._reference_returns)
        return _covariance(self._target_returns, self._reference_returns) / (variance or 1.0)


class Covariance(_OfReturns):
    """Covariance of the returns."""

    _kind = "Covariance"

    @named(lambda *settings: f"COV({_with_period_first(settings)[2]})")
    def __init__(self, name: str, target_symbol: Any, reference_symbol: Any, period: Any) -> None:
        super().__init__(name, *_with_period_first((target_symbol, reference_symbol, period)))

    def _compute(self) -> float:
        self._take_returns()
        return _covariance(self._target_returns, self._reference_returns)


class CorrelationType(LeanEnum):
    """Of the values, or of their ranks."""

    PEARSON = 0
    SPEARMAN = 1


class Correlation(DualSymbolIndicator):
    """Correlation of the closes."""

    @named("Correlation({period})")
    def __init__(
        self,
        name: str,
        target_symbol: Any,
        reference_symbol: Any,
        period: int,
        correlation_type: CorrelationType = CorrelationType.PEARSON,
    ) -> None:
        if period < 2:
            raise ArgumentException(
                f"Period parameter for Correlation indicator must be greater than 2 but was {period}"
            )
        super().__init__(name, target_symbol, reference_symbol, period)
        self._type = correlation_type

    def _compute(self) -> float:
        x, y = list(self._target.closes), list(self._reference.closes)
        if self._type == CorrelationType.SPEARMAN:
            x, y = _ranks(x), _ranks(y)
        scale = _covariance(x, x) * _covariance(y, y)
        return _covariance(x, y) / scale**0.5 if scale > 0 else 0.0


def _ranks(values: list[float]) -> list[float]:
    """Places in order from 1; equal values share the middle of theirs."""
    ordered = sorted(values)
    return [ordered.index(value) + (ordered.count(value) + 1) / 2 for value in values]


def _alpha_name(target: Any, reference: Any, alpha: Any, beta: Any = None, rate: Any = None) -> str:
    periods = f"{alpha}" if beta is None else f"{alpha},{beta}"
    end = "" if hasattr(rate, "get_interest_rate") else f",{setting_text(rate)}"
    return f"ALPHA({target},{reference},{periods}{end})"


class Alpha(BarIndicator):
    """Return of the target beyond what its beta to the reference gives.

    Args:
        name: its name.
        target_symbol: the target.
        reference_symbol: the reference.
        alpha_period: bars of the returns.
        beta_period: returns of the beta; left out, as many.
        risk_free_rate: a number, or a model with `get_interest_rate(date)`.

    Raises:
        ArgumentException: equal symbols, or a period that is too short.
    """

    can_block: ClassVar[bool] = False

    @named(_alpha_name)
    def __init__(
        self,
        name: str,
        target_symbol: Any,
        reference_symbol: Any,
        alpha_period: int,
        beta_period: Any = None,
        risk_free_rate: Any = None,
    ) -> None:
        target_symbol, reference_symbol = as_symbol(target_symbol), as_symbol(reference_symbol)
        if target_symbol == reference_symbol:
            raise ArgumentException("The target and reference symbols cannot be the same.")
        if beta_period is not None and not isinstance(beta_period, int):
            # LEAN has an overload of one period, with the rate next to it.
            beta_period, risk_free_rate = None, beta_period
        beta = alpha_period if beta_period is None else beta_period
        if alpha_period < 1:
            raise ArgumentException("The period must be equal or greater than 1.")
        if beta < 2:
            raise ArgumentException("The beta period must be equal or greater than 2.")
        super().__init__(name)
        self._target_symbol, self._reference_symbol = target_symbol, reference_symbol
        self._period = alpha_period
        self._rate = risk_free_rate
        self._target_return = RateOfChange(f"{name}_TargetROC", alpha_period)
        self._reference_return = RateOfChange(f"{name}_ReferenceROC", alpha_period)
        self._beta = Beta(f"{name}_Beta", target_symbol, reference_symbol, beta)
        self.warm_up_period = max(alpha_period, beta) + 1

    def _start(self) -> None:
        self._alpha = 0.0

    def _ready(self) -> bool:
        return self._target_return._ready() and self._beta._ready() and self._reference_return._ready()

    def _next(self, data: Any) -> float:
        if data.symbol == self._target_symbol:
            self._target_return._push(self._stamp, data.close)
        elif data.symbol == self._reference_symbol:
            self._reference_return._push(self._stamp, data.close)
        else:
            raise ArgumentException(f"The input symbol {data.symbol} is not the target or reference symbol.")
        self._beta._push(self._stamp, data)
        if self._target_return._samples == self._reference_return._samples > 0:
            self._alpha = self._present_alpha() if self._ready() else 0.0
        return self._alpha

    def _present_alpha(self) -> float:
        target = self._target_return._latest / self._period
        reference = self._reference_return._latest / self._period
        rate = self._rate or 0.0
        if hasattr(rate, "get_interest_rate"):
            rate = rate.get_interest_rate(self._target_return.current.end_time)
        return target - (float(rate) + self._beta._latest * (reference - float(rate)))
