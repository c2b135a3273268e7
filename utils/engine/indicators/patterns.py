"""Turning points and counts of bars."""

from __future__ import annotations

from collections import deque
from datetime import datetime
from typing import Any, ClassVar

from utils.engine.data.base_data import BaseData
from utils.engine.dotnet.enums import LeanEnum
from utils.engine.dotnet.event import Event
from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.dotnet.naming import DotNet
from utils.engine.indicators.changes import Identity
from utils.engine.indicators.kinds import BarIndicator
from utils.engine.indicators.naming import named
from utils.engine.indicators.rolling_window import RollingWindow


class PivotPointType(LeanEnum):
    """Which turn."""

    LOW = -1
    NONE = 0
    HIGH = 1
    BOTH = 2


class PivotPoint(BaseData):
    """A turn: its price as `value`, its time, its type."""

    __slots__ = ("pivot_point_type",)
    pivot_point_type: PivotPointType

    def __init__(self, type: PivotPointType, price: float, time: datetime) -> None:  # noqa: A002 - LEAN's
        super().__init__()
        self.pivot_point_type = type
        self.value = price
        self.time = time


class PivotPointsEventArgs(DotNet):
    """What the event of a new turn tells."""

    pivot_point: PivotPoint

    def __init__(self, pivot_point: PivotPoint) -> None:
        self.pivot_point = pivot_point


def _pivot_name(high: int, low: int | None, _stored: int, _strict: bool) -> str:
    return f"PivotPointsHighLow({high})" if low is None else f"PivotPointsHighLow({high},{low})"


class PivotPointsHighLow(BarIndicator):
    """Highs and lows that the bars around them do not reach.

    Args:
        name: its name.
        surrounding_bars_count_for_high_point: bars on each side of a high.
        surrounding_bars_count_for_low_point: bars on each side of a low; left out, as many.
        last_stored_values: turns that it keeps.
        strict: whether an equal price around it makes a turn none.

    Attributes:
        new_pivot_point_formed: called as `handler(indicator, arguments)` at each turn.
    """

    can_block: ClassVar[bool] = False

    new_pivot_point_formed: Event

    @named(_pivot_name)
    def __init__(
        self,
        name: str,
        surrounding_bars_count_for_high_point: int,
        surrounding_bars_count_for_low_point: int | None = None,
        last_stored_values: int = 100,
        strict: bool = True,
    ) -> None:
        low = surrounding_bars_count_for_low_point
        self._around_high = surrounding_bars_count_for_high_point
        self._around_low = self._around_high if low is None else low
        self._strict = strict
        self._highs: RollingWindow[Any] = RollingWindow(2 * self._around_high + 1)
        self._lows: RollingWindow[Any] = RollingWindow(2 * self._around_low + 1)
        self._points: RollingWindow[PivotPoint] = RollingWindow(last_stored_values)
        self.new_pivot_point_formed = Event()
        super().__init__(name)
        self.warm_up_period = max(self._highs.size, self._lows.size)

    def _start(self) -> None:
        for window in (self._highs, self._lows, self._points):
            window.reset()

    def _ready(self) -> bool:
        return self._highs.is_ready and self._lows.is_ready

    def _next(self, data: Any) -> float:
        self._highs.add(data)
        self._lows.add(data)
        high = self._high_point() if self._highs.is_ready else None
        low = self._low_point() if self._lows.is_ready else None
        for point in (high, low):
            if point is not None:
                self._points.add(point)
                self.new_pivot_point_formed(self, PivotPointsEventArgs(point))
        if high is not None:
            return float(PivotPointType.HIGH if low is None else PivotPointType.BOTH)
        return float(PivotPointType.NONE if low is None else PivotPointType.LOW)

    def _high_point(self) -> PivotPoint | None:
        bars = list(self._highs)
        middle = bars.pop(self._around_high)
        top = max((bar.high for bar in bars), default=None)
        if top is None or top < middle.high or (top == middle.high and not self._strict):
            return PivotPoint(PivotPointType.HIGH, middle.high, middle.end_time)
        return None

    def _low_point(self) -> PivotPoint | None:
        bars = list(self._lows)
        middle = bars.pop(self._around_low)
        bottom = min((bar.low for bar in bars), default=None)
        if bottom is None or bottom > middle.low or (bottom == middle.low and not self._strict):
            return PivotPoint(PivotPointType.LOW, middle.low, middle.end_time)
        return None

    def get_high_pivot_points_array(self) -> list[PivotPoint]:
        """Highs, newest first."""
        return [point for point in self._points if point.pivot_point_type == PivotPointType.HIGH]

    def get_low_pivot_points_array(self) -> list[PivotPoint]:
        """Lows, newest first."""
        return [point for point in self._points if point.pivot_point_type == PivotPointType.LOW]

    def get_all_pivot_points_array(self) -> list[PivotPoint]:
        """Highs and lows, newest first."""
        return list(self._points)


class ZigZag(BarIndicator):
    """The last turn of at least a part of the price.

    Args:
        name: its name.
        sensitivity: the part, between 0 and 1.
        min_trend_length: bars between turns.

    Attributes:
        high_pivot: the last high.
        low_pivot: the last low.
        pivot_type: which of them came last.

    Raises:
        ArgumentException: a setting out of range.
    """

    high_pivot: Identity
    low_pivot: Identity
    pivot_type: PivotPointType

    @named("ZZ({sensitivity},{min_trend_length})")
    def __init__(self, name: str, sensitivity: float = 0.05, min_trend_length: int = 1) -> None:
        if not 0 < sensitivity < 1:
            raise ArgumentException("Sensitivity must be between 0 and 1. (Parameter 'sensitivity')")
        if min_trend_length < 1:
            raise ArgumentException(
                "Minimum trend length must be greater than 0. (Parameter 'minTrendLength')"
            )
        super().__init__(name)
        self.warm_up_period = min_trend_length + 1
        self._sensitivity, self._least = float(sensitivity), min_trend_length
        self.high_pivot = Identity(name + "_HighPivot")
        self.low_pivot = Identity(name + "_LowPivot")

    def _start(self) -> None:
        self.pivot_type = PivotPointType.LOW
        self._pivot: tuple[float, float] | None = None  # high and low of the last turn's bar
        self._count = 0
        self._was_low = False

    def _ready(self) -> bool:
        return self._samples > self._least

    def _next(self, data: Any) -> float:
        if self._pivot is None:
            self._turn(data, True)
            return 0.0
        high, low = self._pivot
        value = low if self._was_low else high
        if self._was_low:
            if data.high >= low * (1.0 + self._sensitivity) and self._count >= self._least:
                self._turn(data, False)
                value = self.high_pivot._latest
            elif data.low <= low:
                self._turn(data, True)
                value = self.low_pivot._latest
        elif data.low <= high * (1.0 - self._sensitivity) and self._count >= self._least:
            self._turn(data, True)
            value = self.low_pivot._latest
        elif data.high >= high:
            self._turn(data, False)
            value = self.high_pivot._latest
        self._count += 1
        return value

    def _turn(self, data: Any, is_low: bool) -> None:
        self._pivot = (data.high, data.low)
        self._count = 0
        if is_low:
            self.low_pivot._push(self._stamp, data.low)
        else:
            self.high_pivot._push(self._stamp, data.high)
        if self._was_low != is_low:
            self.pivot_type = PivotPointType.LOW if is_low else PivotPointType.HIGH
        self._was_low = is_low


class TomDemarkSequentialPhase(LeanEnum):
    """Where the count is."""

    NONE = 0
    BUY_SETUP = 1
    SELL_SETUP = 2
    BUY_COUNTDOWN = 3
    SELL_COUNTDOWN = 4
    BUY_SETUP_PERFECT = 5
    SELL_SETUP_PERFECT = 6


_Phase = TomDemarkSequentialPhase


class TomDemarkSequential(BarIndicator):
    """Counts nine bars of a setup and thirteen of a countdown; its value is a `TomDemarkSequentialPhase`.

    Attributes:
        resistance_price: highest high of a buy setup.
        support_price: lowest low of a sell setup.
        setup_phase_step_count: bars of the setup.
        countdown_phase_step_count: bars of the countdown.
        period: bars that it looks back on.
    """

    resistance_price: float
    support_price: float
    setup_phase_step_count: int
    countdown_phase_step_count: int
    period: int

    def __init__(self, name: str = "TomDemarkSequential") -> None:
        super().__init__(name)
        self.period = 10
        self.warm_up_period = 6

    def _start(self) -> None:
        self.resistance_price = self.support_price = 0.0
        self.setup_phase_step_count = self.countdown_phase_step_count = 0
        self._phase = _Phase.NONE
        # High, low, close; newest first.
        self._bars: deque[tuple[float, float, float]] = deque(maxlen=10)

    def _ready(self) -> bool:
        return self._samples >= 6

    def _next(self, data: Any) -> float:
        self._bars.appendleft((data.high, data.low, data.close))
        if not self._ready():
            return 0.0
        if self._phase == _Phase.NONE:
            return float(self._begin())
        if self._phase in (_Phase.BUY_SETUP, _Phase.SELL_SETUP):
            return float(self._set_up(self._phase == _Phase.BUY_SETUP))
        return float(self._count_down(self._phase == _Phase.BUY_COUNTDOWN))

    def _close(self, back: int) -> float:
        return self._bars[back][2]

    def _begin(self) -> TomDemarkSequentialPhase:
        before, now = self._close(1) - self._close(5), self._close(0) - self._close(4)
        if before > 0 > now:
            self._phase = _Phase.BUY_SETUP
        elif before < 0 < now:
            self._phase = _Phase.SELL_SETUP
        else:
            return _Phase.NONE
        self.setup_phase_step_count = 1
        return self._phase

    def _set_up(self, buying: bool) -> TomDemarkSequentialPhase:
        now, then = self._close(0), self._close(4)
        if not (now < then if buying else now > then):
            self._phase = _Phase.NONE
            return _Phase.NONE
        self.setup_phase_step_count += 1
        if self.setup_phase_step_count < 9:
            return self._phase
        # The oldest nine of the bars that it looks back on.
        bars = list(self._bars)[-9:]
        high2, low2, _ = self._bars[2]
        perfect = self._is_perfect(buying)
        if now < low2 if buying else now > high2:
            self.countdown_phase_step_count = 1
        if buying:
            self._phase = _Phase.BUY_COUNTDOWN
            self.resistance_price = max(high for high, _, _ in bars)
            return _Phase.BUY_SETUP_PERFECT if perfect else _Phase.BUY_SETUP
        self._phase = _Phase.SELL_COUNTDOWN
        self.support_price = min(low for _, low, _ in bars)
        return _Phase.SELL_SETUP_PERFECT if perfect else _Phase.SELL_SETUP

    def _is_perfect(self, buying: bool) -> bool:
        """Whether bar eight or nine goes beyond bars six and seven."""
        side, sign = (1, -1.0) if buying else (0, 1.0)
        nine, eight, seven, six = (sign * self._bars[back][side] for back in range(4))
        return max(nine, eight) > max(seven, six)

    def _count_down(self, buying: bool) -> TomDemarkSequentialPhase:
        now, (high2, low2, _) = self._close(0), self._bars[2]
        if now <= low2 if buying else now >= high2:
            phase = self._phase
            self.countdown_phase_step_count += 1
            if self.countdown_phase_step_count == 13:
                self._phase = _Phase.NONE
            return phase
        if now > self.resistance_price if buying else now < self.support_price:
            self._phase = _Phase.NONE
        return _Phase.NONE
