"""How much money a strategy could trade before it moves its markets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from utils.engine.clock import to_ns
from utils.engine.dotnet.money import MONEY, ZERO, exact
from utils.engine.enums import OrderStatus
from utils.engine.statistics.symbol_capacity import CapacityBar, SymbolCapacity

__all__ = ["CapacityBar", "CapacityEstimate", "CapacityMarket"]

_DAY: Final = timedelta(days=1)
_NEVER: Final = to_ns(datetime.max)

# LEAN shows a capacity to the nearest thousand, with this scale.
_QUANTUM: Final = Decimal("1000.00")


@dataclass(frozen=True)
class CapacityMarket:
    """What the estimate asks of a run.

    Attributes:
        bar: (security) -> its bar at this time step, None when it has none.
        total_portfolio_value: now, in the account's currency.
        leveraged_buying_power: (security) -> the reserved buying power of its position times its leverage.
    """

    bar: Callable[[Any], CapacityBar | None]
    total_portfolio_value: Callable[[], Decimal]
    leveraged_buying_power: Callable[[Any], Decimal]


class CapacityEstimate:
    """LEAN's estimate, renewed every week (daily for short backtests) from the security that limits it.

    A run calls `on_order_event` for each fill, and `update` at the end of each time step at or after
    `next_update`; between, nothing is watched.

    Args:
        start: of the algorithm, in its time zone.
        end: of the algorithm, in its time zone.
        market: of the run.
    """

    def __init__(self, start: datetime, end: datetime, market: CapacityMarket) -> None:
        days = max(min((end - start) / _DAY - 1, 7), 1)
        self._period = timedelta(days=days)
        self._set_next_snapshot(start + self._period)
        self._market = market
        self._by_symbol: dict[Any, SymbolCapacity] = {}
        self._watched: dict[Any, SymbolCapacity] = {}
        self._capacity = ZERO
        self._smallest: Any | None = None

    @property
    def capacity(self) -> Decimal:
        """In the account's currency, to the nearest thousand."""
        return _QUANTUM * (self._capacity / _QUANTUM).to_integral_value(ROUND_HALF_UP, MONEY)

    @property
    def lowest_capacity_asset(self) -> Any | None:
        """Symbol of the security that limits the strategy, None before the first estimate."""
        return self._smallest

    @property
    def next_update(self) -> int:
        """Time (ns UTC) of the next time step that has to call `update`; 0 while a security is watched."""
        if self._watched:
            return 0
        return self._next_snapshot_ns if self._by_symbol else _NEVER

    def _set_next_snapshot(self, time: datetime) -> None:
        self._next_snapshot = time
        # The date counts, so that a snapshot falls due at the midnight at or after it.
        midnight = time.replace(hour=0, minute=0, second=0, microsecond=0)
        self._next_snapshot_ns = to_ns(midnight + _DAY if midnight < time else midnight)

    def on_order_event(self, event: Any, security: Any) -> None:
        """Take in an order event; only fills count."""
        if event.status not in (OrderStatus.FILLED, OrderStatus.PARTIALLY_FILLED):
            return
        symbol = event.symbol
        capacity = self._by_symbol.get(symbol)
        if capacity is None:
            capacity = self._by_symbol[symbol] = SymbolCapacity(security)
        capacity.on_fill(event)
        self._watched.setdefault(symbol, capacity)

    def update(self, utc_time: datetime, *, force: bool = False) -> None:
        """End a time step.

        Args:
            utc_time: of the step.
            force: take a snapshot now; for the end of the backtest.
        """
        for symbol in reversed(list(self._watched)):
            capacity = self._watched[symbol]
            bar = self._market.bar(capacity.security)
            if bar is not None and bar.volume and not capacity.on_bar(bar, utc_time):
                del self._watched[symbol]
        midnight = utc_time.replace(hour=0, minute=0, second=0, microsecond=0)
        if self._by_symbol and (force or midnight >= self._next_snapshot):
            self._take_snapshot(utc_time, midnight)

    def _take_snapshot(self, utc_time: datetime, midnight: datetime) -> None:
        portfolio_value = self._market.total_portfolio_value()
        if not portfolio_value:
            return
        capacities = list(self._by_symbol.values())
        total_sales = sum((capacity.sale_volume for capacity in capacities), ZERO)
        smallest = min(capacities, key=lambda capacity: capacity.market_dollar_volume)
        self._smallest = smallest.security.symbol
        of_sales = smallest.sale_volume / total_sales if total_sales else ZERO
        of_holdings = self._market.leveraged_buying_power(smallest.security) / portfolio_value
        share = max(of_sales, of_holdings)
        new = smallest.market_dollar_volume / smallest.trades / share if share else self._capacity
        if self._capacity:
            new = Decimal("0.33") * new + self._capacity * Decimal("0.66")
        self._capacity = new
        for symbol, capacity in list(self._by_symbol.items()):
            if capacity.matters(utc_time):
                capacity.start_over()
            else:
                del self._by_symbol[symbol]
                self._watched.pop(symbol, None)
        self._set_next_snapshot(midnight + self._period)


def capacity_bar(security: Any, trade_bar: Any | None, quote_bar: Any | None) -> CapacityBar | None:
    """The bar the estimate looks at: trades, or quotes with their size for volume."""
    if trade_bar is not None:
        return CapacityBar(exact(trade_bar.close), exact(trade_bar.volume), trade_bar.period)
    if quote_bar is None:
        return None
    return CapacityBar.of_quotes(security, quote_bar)
