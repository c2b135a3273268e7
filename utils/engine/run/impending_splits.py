"""Closes positions in options before their underlying is split: contracts are not adjusted, as in LEAN."""

from __future__ import annotations

from typing import Any, Final

from utils.engine.clock import local_to_utc, to_datetime, utc_to_local
from utils.engine.data.auxiliary import Delisting, Split
from utils.engine.dotnet.money import ZERO
from utils.engine.enums import DelistingType, OrderType, SplitType
from utils.engine.feed.config import INCREMENTS
from utils.engine.feed.fill_forward import nanoseconds
from utils.engine.identity.security_identifier import is_option
from utils.engine.orders.kinds import MarketOnCloseOrder
from utils.engine.orders.requests import SubmitOrderRequest

NEVER: Final = 1 << 62
_CANCELED: Final = (
    "Canceled due to impending split. Separate MarketOnClose order submitted to liquidate position."
)
_LIQUIDATED: Final = "Liquidated due to impending split. Option splits are not currently supported."


class ImpendingSplits:
    """Splits of the next trading day, from their warning until the last moment for an order at the close.

    Attributes:
        next_due: that moment of the earliest, UTC nanoseconds.
    """

    def __init__(self, algorithm: Any) -> None:
        self._algorithm = algorithm
        self._waiting: list[tuple[int, Split]] = []
        self._last_dates: dict[Any, Any] = {}  # of options that are about to be delisted
        self.next_due = NEVER

    def note(self, events: list[Any]) -> None:
        """Take in the corporate events of a moment."""
        for event in events:
            if isinstance(event, Delisting):
                if event.type == DelistingType.WARNING:
                    self._last_dates[event.symbol] = event.time.date()
                else:
                    self._last_dates.pop(event.symbol, None)
            elif isinstance(event, Split) and event.type == SplitType.WARNING:
                self._waiting.append((self._last_moment(event), event))
        self.next_due = min((due for due, _ in self._waiting), default=NEVER)

    def _last_moment(self, split: Split) -> int:
        """Until when an order can be sent for the close, by the bars of the underlying."""
        security = self._algorithm.securities[split.symbol]
        hours = security.exchange.hours
        close = hours.get_next_market_close(security.local_time, False)
        last = local_to_utc(close - MarketOnCloseOrder.submission_time_buffer, hours.time_zone)
        period = nanoseconds(INCREMENTS[security.resolution])
        zone = security.subscriptions[0].data_time_zone
        wall = utc_to_local(last, zone)
        return local_to_utc(to_datetime(wall - wall % period), zone) if period else last

    def process(self, now: int) -> None:
        """Send orders for the close, when it is time."""
        if now < self.next_due:
            return
        due = [split for moment, split in self._waiting if moment <= now]
        self._waiting = [(moment, split) for moment, split in self._waiting if moment > now]
        self.next_due = min((moment for moment, _ in self._waiting), default=NEVER)
        if self._algorithm.is_warming_up:
            return
        for split in reversed(due):
            self._close_options(split)

    def _close_options(self, split: Split) -> None:
        algorithm = self._algorithm
        for option in algorithm.securities.active():
            symbol = option.symbol
            if not is_option(symbol.security_type) or symbol.underlying != split.symbol:
                continue
            if not option.invested or self._last_dates.get(symbol) == option.local_time.date():
                continue
            algorithm.transactions.cancel_open_orders(symbol, _CANCELED)
            quantity = -option.holdings.exact_quantity
            terms = (symbol, quantity, ZERO, ZERO, algorithm.utc_time, _LIQUIDATED)
            algorithm.transactions.add_order(
                SubmitOrderRequest(OrderType.MARKET_ON_CLOSE, option.type, *terms)
            )
            option.is_tradable = False
            algorithm.debug(
                f"MarketOnClose order submitted for option contract '{symbol}' due to impending "
                f"{split.symbol.value} split event. Option splits are not currently supported."
            )
