"""What the bot must remember: its spreads with their ladders, and each underlying's volatility by day."""

from __future__ import annotations

import math
from datetime import date, datetime
from typing import Final

from pydantic import Field

from trading.execution.order_record import Record
from trading.execution.profit_ladder import Ladder, Valuation
from trading.execution.quotes import Quote
from trading.execution.spread import Spread
from trading.options.volatility_rank import iv_percentile
from trading.state.snapshot import Snapshot

DAYS_KEPT: Final = 252
"""Days of volatility kept: a year."""

LEAST_DAYS: Final = 20
"""Days below which there is no percentile: a month of sessions."""


class Position(Record):
    """What is known of a spread besides its orders.

    Attributes:
        ladder: None until the spread is complete.
        opened: when it was decided on.
        fees: paid so far, in the account's currency.
    """

    ladder: Ladder | None = None
    opened: datetime
    fees: float = 0.0


class DailyVolatility(Record):
    """Volatility at the money in thirty days, as it was last seen on a day."""

    day: date
    volatility: float


class Book(Snapshot):
    """All that is saved for a restart.

    Attributes:
        spreads: closed ones too, while orders of theirs may still be reported.
        positions: by the spread's id.
        volatility: by ticker, a year's days.
        made: spreads so far; numbers the next.
    """

    kind = "options_bot_book"
    version = 1

    spreads: tuple[Spread, ...] = ()
    positions: dict[str, Position] = Field(default_factory=dict)
    volatility: dict[str, tuple[DailyVolatility, ...]] = Field(default_factory=dict)
    made: int = 0

    def with_position(self, spread_id: str, position: Position) -> Book:
        """With what is known of a spread."""
        return self.model_copy(update={"positions": self.positions | {spread_id: position}})

    def with_volatility(self, ticker: str, day: date, volatility: float) -> Book:
        """With a day's volatility, in place of what that day had before."""
        if not math.isfinite(volatility):
            return self
        days = tuple(one for one in self.volatility.get(ticker, ()) if one.day < day)
        kept = (*days, DailyVolatility(day=day, volatility=volatility))[-DAYS_KEPT:]
        return self.model_copy(update={"volatility": self.volatility | {ticker: kept}})

    def percentile(self, ticker: str, day: date) -> float:
        """Percent of the days before one on which the volatility was lower than at last; NaN of too few."""
        days = self.volatility.get(ticker, ())
        before = [one.volatility for one in days if one.day < day]
        if len(before) < LEAST_DAYS:
            return math.nan
        return 100 * float(iv_percentile(days[-1].volatility, before))

    def with_spreads(self, spreads: tuple[Spread, ...]) -> Book:
        """With these spreads as they are now, and what is known of no others."""
        ids = {spread.id for spread in spreads}
        positions = {one: position for one, position in self.positions.items() if one in ids}
        return self.model_copy(update={"spreads": spreads, "positions": positions})


def valuation(spread: Spread, position: Position, long: Quote, short: Quote, now: datetime) -> Valuation:
    """A spread by its mids; without a two-sided quote of a leg its value is NaN.

    Args:
        now: the time in New York, naive.
    """
    held, sold = spread.held, -spread.short.filled
    hedged = sold / held if held else 0.0
    quoted = long.two_sided and (short.two_sided or sold == 0)
    value = long.mid - hedged * short.mid if quoted else math.nan
    bought = sum(order.filled for order in spread.long.orders if order.filled > 0)
    credit = sum(-order.filled for order in spread.short.orders if order.filled < 0)
    basis = spread.long.average_price(1) - spread.short.average_price(-1) * min(1.0, credit / max(bought, 1))
    days_held = (now - position.opened).total_seconds() / 86_400
    return Valuation(held, basis, value, (spread.long.contract.expiry - now.date()).days, days_held)
