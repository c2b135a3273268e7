"""How much of one security's volume a strategy can take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from utils.engine.dotnet.money import ONE, ZERO, exact
from utils.engine.enums import Resolution, SecurityType

_MINUTE: Final = timedelta(minutes=1)
_YEAR_ONE: Final = datetime(1, 1, 1)

# A fill matters for this long after the position is closed.
_EFFECT: Final = timedelta(days=30)

# The part of a bar's volume that a strategy may take.
_SHARE: Final = {
    Resolution.DAILY: Decimal("0.02"),
    Resolution.HOUR: Decimal("0.05"),
    Resolution.MINUTE: Decimal("0.20"),
    Resolution.SECOND: Decimal("0.50"),
    Resolution.TICK: Decimal("0.50"),
}

# Volume per bar of markets that do not report one.
_UNREPORTED: Final = {SecurityType.FOREX: Decimal(25_000_000), SecurityType.CFD: Decimal(200)}

_DOLLARS_A_MINUTE: Final = 6_000_000


@dataclass(frozen=True)
class CapacityBar:
    """Close (the security's currency), volume (units) and length of a bar."""

    close: Decimal
    volume: Decimal
    period: timedelta

    @classmethod
    def of_quotes(cls, security: Any, bar: Any) -> CapacityBar:
        """A quote bar, its volume estimated."""
        size = exact(bar.last_bid_size) + exact(bar.last_ask_size)
        volume = _UNREPORTED.get(security.symbol.security_type, size / 2)
        return cls(exact(bar.close), volume, bar.period)

    @property
    def resolution(self) -> Resolution:
        """The resolution whose bars are at most this long."""
        if self.period >= timedelta(days=1):
            return Resolution.DAILY
        if self.period >= timedelta(hours=1):
            return Resolution.HOUR
        if self.period >= _MINUTE:
            return Resolution.MINUTE
        return Resolution.SECOND if self.period >= timedelta(seconds=1) else Resolution.TICK


class SymbolCapacity:
    """Sums the market's dollar volume in the bars after each fill of a security.

    Args:
        security: of the fills.
    """

    def __init__(self, security: Any) -> None:
        self.security = security
        self.sale_volume = ZERO
        self.trades = 0
        self._dollar_volume = self._average_dollar_volume = self._share = ZERO
        self._fast_trading_discount = ONE
        self._start_over = False
        self._last_fill: datetime | None = None
        self._last_bar: datetime | None = None
        self._last_volume = ZERO

    @property
    def market_dollar_volume(self) -> Decimal:
        """What the strategy could have traded in the bars it looked at, in the account's currency."""
        return self._dollar_volume * self._share

    def on_fill(self, event: Any) -> None:
        """Take in a fill."""
        value = event.exact_fill_price * abs(event.exact_fill_quantity) * self._multiplier
        self.sale_volume += self._rate * value
        since = event.utc_time - (self._last_fill or event.utc_time - timedelta(days=1))
        # Trading more than twice a session counts less of each bar.
        discount = 2 * (exact(since / _MINUTE) / 390)
        self._fast_trading_discount = min(ONE, max(Decimal("0.20"), discount))
        if self._start_over:
            self._dollar_volume, self.trades, self._start_over = ZERO, 0, False
        self.trades += 1
        self._last_fill = event.utc_time

    def on_bar(self, bar: CapacityBar, utc_time: datetime) -> bool:
        """Take in a bar with volume; whether to look at the next ones too."""
        price = bar.close * self._rate
        minutes = exact((utc_time - self._last_bar) / _MINUTE) if self._last_bar is not None else ZERO
        if minutes:
            self._average_dollar_volume = price * (bar.volume + self._last_volume) / minutes
        else:
            self._average_dollar_volume = price * bar.volume
        self._last_bar, self._last_volume = utc_time, bar.volume
        if not self._counts(bar.resolution, utc_time):
            return False
        self._share = _SHARE[bar.resolution]
        self._dollar_volume += price * self._fast_trading_discount * bar.volume * self._multiplier
        return True

    def start_over(self) -> None:
        """Begin a new span: sales now, volumes with the next fill."""
        self._start_over = True
        self.sale_volume = ZERO

    def matters(self, utc_time: datetime) -> bool:
        """Whether the security is held or was traded lately."""
        return self.security.holdings.invested or utc_time < (self._last_fill or _YEAR_ONE) + _EFFECT

    def _counts(self, resolution: Resolution, utc_time: datetime) -> bool:
        fill = self._last_fill
        if fill is None:
            return False
        if resolution == Resolution.HOUR:
            return utc_time == _round_up(fill, timedelta(hours=1))
        if resolution == Resolution.DAILY:
            midnight = utc_time.replace(hour=0, minute=0, second=0, microsecond=0)
            return utc_time == fill or midnight == _round_up(fill, timedelta(days=1))
        return utc_time <= fill + timedelta(minutes=self._minutes_watched(resolution))

    def _minutes_watched(self, resolution: Resolution) -> int:
        """The thinner the market, the longer it takes to trade."""
        fewest, dollars = (1, _DOLLARS_A_MINUTE)
        if resolution != Resolution.MINUTE:
            fewest, dollars = (5, _DOLLARS_A_MINUTE // 60)
        average = self._average_dollar_volume
        minutes = dollars / average if average else Decimal(10)
        return int(min(Decimal(120), max(Decimal(fewest), minutes)))

    @property
    def _rate(self) -> Decimal:
        rate: Decimal = self.security.quote_currency.exact_conversion_rate
        return rate

    @property
    def _multiplier(self) -> Decimal:
        multiplier: Decimal = self.security.symbol_properties.exact_contract_multiplier
        return multiplier


def _round_up(time: datetime, interval: timedelta) -> datetime:
    return _YEAR_ONE - (_YEAR_ONE - time) // interval * interval
