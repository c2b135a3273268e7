"""Settings of how orders are worked, spreads entered and positions closed."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from trading.sections import Count, Percent, Seconds, Section


class OrderExecution(Section):
    """How orders are worked.

    An order that rests longer than `cancel_after_seconds` (in a backtest, `cancel_after_bars` bars: a timer
    of seconds would fire before the first fill) is cancelled and sent again, better by
    `price_improvement_pct` percent of the quoted spread, at most `max_tries` times in all. It starts at the
    mid, and to enter is never worse than it by more than `max_slippage_pct` percent.

    Shares that an assignment or an exercise delivered are traded away at the market, at the next open if it
    is shut, unless `close_delivered_shares` is false.
    """

    cancel_after_seconds: Seconds = 2.5
    cancel_after_bars: Count = 1
    max_tries: Annotated[int, Field(ge=1, le=20)] = 4
    price_improvement_pct: Percent = 25
    max_slippage_pct: Percent = 5
    max_quote_age_seconds: Seconds = 120
    min_quote_size: Annotated[int, Field(ge=0)] = 1
    close_delivered_shares: bool = True


class TwoPartSpread(Section):
    """A spread entered in two parts: the debit (a contract bought) first, then the credit (one sold).

    The credit is a contract of the same expiry and right, farther out of the money by at most `max_width`
    strikes. The pair costs at most `max_net_debit_pct` percent of the distance of its strikes. When the
    credit cannot be had at that price, `second_leg_missed` says what becomes of the debit: `unwind` sells it,
    `hold` keeps it as a long option under the same exits.
    """

    enabled: bool = True
    contracts: Annotated[int, Field(ge=1, le=1000)] = 4
    max_width: Annotated[int, Field(ge=1, le=100)] = 4
    max_net_debit_pct: Percent = 60
    second_leg_missed: Literal["unwind", "hold"] = "unwind"


class ProfitTaking(Section):
    """When a position is closed, in percent of what it cost.

    At each of `levels_pct` a further `fraction_pct` percent of the contracts is closed. From the first level
    on a trailing stop closes the rest when the value falls `trailing_stop_pct` percent below its highest.
    `max_holding_days` counts calendar days, 0 for no limit. Positions are also closed before the exchange
    shuts for longer than `close_before_shut_days` (0: never), as over a holiday and a weekend: that begins,
    and entries end, `minutes_before_close` before the close.
    """

    levels_pct: Annotated[tuple[Annotated[float, Field(gt=0, le=100_000)], ...], Field(max_length=20)] = (
        100,
        200,
        400,
        1000,
    )
    fraction_pct: Percent = 25
    trailing_stop_pct: Percent = 30
    stop_loss_pct: Percent = 50
    close_days_before_expiry: Annotated[float, Field(ge=0, le=365)] = 1
    max_holding_days: Annotated[float, Field(ge=0, le=1000)] = 0
    close_before_shut_days: Annotated[float, Field(ge=0, le=365)] = 3
    minutes_before_close: Annotated[int, Field(ge=5, le=180)] = 20

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        if any(low >= high for low, high in zip(self.levels_pct, self.levels_pct[1:], strict=False)):
            raise ValueError("levels_pct must ascend")
        return self
