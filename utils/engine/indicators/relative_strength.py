"""The relative strength index."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from utils.engine.indicators.base import IndicatorBase
from utils.engine.indicators.block import advance_below
from utils.engine.indicators.kinds import Indicator
from utils.engine.indicators.moving_averages import MovingAverageType, average
from utils.engine.indicators.naming import named


class RelativeStrengthIndex(Indicator):
    """Average gain against average loss, 0 to 100.

    Attributes:
        average_gain: of the gains.
        average_loss: of the losses, as positive numbers.
        moving_average_type: how they are averaged.
    """

    average_gain: IndicatorBase
    average_loss: IndicatorBase
    moving_average_type: MovingAverageType

    @named("RSI({period})")
    def __init__(
        self, name: str, period: int, moving_average_type: MovingAverageType = MovingAverageType.WILDERS
    ) -> None:
        super().__init__(name)
        self.warm_up_period = period + 1
        self.moving_average_type = moving_average_type
        self.average_gain = average(moving_average_type, period, name + "Up")
        self.average_loss = average(moving_average_type, period, name + "Down")

    def _start(self) -> None:
        self._previous_value: float | None = None

    def _ready(self) -> bool:
        return self.average_gain._ready() and self.average_loss._ready()

    def _next(self, data: float) -> float:
        before, self._previous_value = self._previous_value, data
        if before is not None:
            change = data - before
            self.average_gain._push(self._stamp, change if change > 0 else 0.0)
            self.average_loss._push(self._stamp, -change if change < 0 else 0.0)
        loss = max(self.average_loss._latest, 0.0)
        gain = self.average_gain._latest
        return _strength(gain, loss)

    def _ahead(self, values: list[float]) -> list[float] | None:
        befores = values[:-1] if self._previous_value is None else [self._previous_value, *values[:-1]]
        # Nothing changes at the very first value.
        self._skipped = len(values) - len(befores)
        changes = [now - before for now, before in zip(values[self._skipped :], befores, strict=True)]
        self._gains = [change if change > 0 else 0.0 for change in changes]
        self._losses = [-change if change < 0 else 0.0 for change in changes]
        gains, losses = self.average_gain._ahead(self._gains), self.average_loss._ahead(self._losses)
        if gains is None or losses is None:
            return None
        self._averages = gains, losses
        strengths = map(_strength, gains, [max(loss, 0.0) for loss in losses])
        return [100.0] * self._skipped + list(strengths)

    def _follow(self, values: Sequence[float], times: Sequence[Any], first: int) -> None:
        self._previous_value = values[-1]
        gains, losses = self._averages
        advance_below(self.average_gain, self._skipped, self._gains, gains, times, first)
        advance_below(self.average_loss, self._skipped, self._losses, losses, times, first)


def _strength(gain: float, loss: float) -> float:
    # Half of the tenth decimal rounds to zero.
    return 100.0 if loss <= 5e-11 else 100.0 - 100.0 / (1.0 + max(gain, 0.0) / loss)
