"""Settings of the scanners."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from trading.sections import Count, Percent, Seconds, Section


class MovementScanner(Section):
    """Shares that moved, in percent of the previous day's close, on more volume than usual.

    `min_volume_ratio` compares the latest bar with the mean of those before it. With `require_news` a move
    counts only when the sentiment of the news has its sign.
    """

    enabled: bool = True
    scan_interval_seconds: Seconds = 60
    min_move_pct: Percent = 2
    max_move_pct: Percent = 4
    min_volume_ratio: Annotated[float, Field(ge=0, le=1000)] = 1.5
    require_news: bool = False

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        if self.min_move_pct > self.max_move_pct:
            raise ValueError(f"min_move_pct = {self.min_move_pct} exceeds max_move_pct = {self.max_move_pct}")
        return self


class OptionsScanner(Section):
    """Which contracts are subscribed, and which of them are underpriced and liquid enough to trade.

    `strikes_each_side` counts strikes from the money; the spread is (ask − bid) ÷ mid, in percent. A contract
    is underpriced when its mid is at least `min_discount_pct` percent below the model's price. Deltas are
    absolute. `max_iv_percentile` bounds the rank of the underlying's implied volatility in its own history;
    it binds once there is such a history.
    """

    enabled: bool = True
    scan_interval_seconds: Seconds = 300
    min_days_to_expiry: Annotated[int, Field(ge=0, le=1000)] = 0
    max_days_to_expiry: Annotated[int, Field(ge=0, le=1000)] = 45
    strikes_each_side: Count = 10
    min_open_interest: Annotated[int, Field(ge=0)] = 100
    max_spread_pct: Percent = 10
    min_volume: Annotated[int, Field(ge=0)] = 0
    min_delta: Annotated[float, Field(ge=0, le=1)] = 0.25
    max_delta: Annotated[float, Field(ge=0, le=1)] = 0.65
    min_discount_pct: Annotated[float, Field(ge=0, le=100)] = 1
    max_iv_percentile: Percent = 60

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        for name in ("days_to_expiry", "delta"):
            low, high = getattr(self, f"min_{name}"), getattr(self, f"max_{name}")
            if low > high:
                raise ValueError(f"min_{name} = {low} exceeds max_{name} = {high}")
        return self
