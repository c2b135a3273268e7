"""Filters of option contracts: by strike, right, Greeks, volatility and open interest."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from utils.engine.data.option_universe import OptionUniverse
from utils.engine.enums import OptionRight, SecurityType
from utils.engine.exchange.option_symbol import OptionSymbol
from utils.engine.identity.index_option_symbol import IndexOptionSymbol
from utils.engine.identity.symbol import Symbol
from utils.engine.universes.strategy_filters import StrategyFilters


class OptionFilterUniverse(StrategyFilters):
    """What a filter of options chooses from.

    Args:
        option: the canonical security.
    """

    def __init__(self, option: Any) -> None:
        super().__init__()
        self._option = option
        self._underlying: OptionUniverse | None = None
        self._strikes: list[float] | None = None
        self._date: datetime | None = None

    def refresh(
        self, contracts: Iterable[OptionUniverse], underlying: OptionUniverse | None, local_time: datetime
    ) -> None:
        """Begin with all contracts of a moment."""
        self._begin(contracts, local_time)
        self._underlying = underlying
        today = datetime(local_time.year, local_time.month, local_time.day)
        if today != self._date:
            self._date, self._strikes = today, None

    @property
    def underlying(self) -> OptionUniverse | None:
        """The underlying's line."""
        return self._underlying

    def _is_standard(self, symbol: Symbol) -> bool:
        if symbol.security_type == SecurityType.INDEX_OPTION:
            return IndexOptionSymbol.is_standard(symbol)
        return OptionSymbol.is_standard(symbol)

    def _reference_date(self, day: datetime) -> datetime:
        """A trading day: what is selected at Friday's end is for Monday."""
        hours = self._option.exchange.hours
        open_day: datetime = day if hours.is_date_open(day) else hours.get_next_trading_day(day)
        return open_day

    def _price(self) -> float:
        assert self._underlying is not None
        return self._underlying.close

    def _today(self) -> datetime:
        assert self._date is not None
        return self._date

    # By strike and right

    def strikes(self, min_strike: int, max_strike: int) -> Self:
        """Strikes so many steps below and above the underlying's price."""
        if self._underlying is None:
            return self
        if self._strikes is None:
            self._strikes = sorted({row.strike for row in self._data})
        strikes = self._strikes
        price = self._price() / self._option.symbol_properties.strike_multiplier
        place = bisect_left(strikes, price)
        if place == len(strikes):
            return self._empty()
        first, last = place + min_strike, place + max_strike
        if strikes[place] != price:  # the step above the price is the first
            if min_strike < 0 < max_strike:
                last -= 1
            elif min_strike > 0:
                first, last = first - 1, last - 1
        first = max(first, 0)
        if first >= len(strikes) or last < 0:
            return self._empty()
        lowest, highest = strikes[first], strikes[min(last, len(strikes) - 1)]
        return self._keep(lambda row: lowest <= row.strike <= highest)

    def calls_only(self) -> Self:
        """Calls only."""
        return self._keep(lambda row: row.right == OptionRight.CALL)

    def puts_only(self) -> Self:
        """Puts only."""
        return self._keep(lambda row: row.right == OptionRight.PUT)

    # By what the listing says

    def delta(self, min: float, max: float) -> Self:  # noqa: A002 - LEAN's names
        """Contracts with a delta from `min` to `max`."""
        return self._keep(lambda row: min <= row.greeks.delta <= max)

    def gamma(self, min: float, max: float) -> Self:  # noqa: A002 - LEAN's names
        """Contracts with a gamma from `min` to `max`."""
        return self._keep(lambda row: min <= row.greeks.gamma <= max)

    def theta(self, min: float, max: float) -> Self:  # noqa: A002 - LEAN's names
        """Contracts with a theta a year from `min` to `max`."""
        return self._keep(lambda row: min <= row.greeks.theta <= max)

    def vega(self, min: float, max: float) -> Self:  # noqa: A002 - LEAN's names
        """Contracts with a vega from `min` to `max`."""
        return self._keep(lambda row: min <= row.greeks.vega <= max)

    def rho(self, min: float, max: float) -> Self:  # noqa: A002 - LEAN's names
        """Contracts with a rho from `min` to `max`."""
        return self._keep(lambda row: min <= row.greeks.rho <= max)

    def implied_volatility(self, min: float, max: float) -> Self:  # noqa: A002 - LEAN's names
        """Contracts with an implied volatility from `min` to `max`."""
        return self._keep(lambda row: min <= row.implied_volatility <= max)

    def open_interest(self, min: float, max: float) -> Self:  # noqa: A002 - LEAN's names
        """Contracts with an open interest from `min` to `max`."""
        return self._keep(lambda row: min <= row.open_interest <= max)

    d, g, t, v, r = delta, gamma, theta, vega, rho
    iv, oi = implied_volatility, open_interest
    IV, OI = implied_volatility, open_interest
