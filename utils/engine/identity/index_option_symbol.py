"""Options on indices: which tickers they have, and how these settle."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

from utils.engine.dotnet.naming import DotNet

# Weeklies, and Nasdaq's afternoon-settled and reduced-value options, have tickers other than their index's.
_INDEX_OF: Final = {"RUTW": "RUT", "SPXW": "SPX", "VIXW": "VIX", "NDXP": "NDX", "NQX": "NDX"}
# They expire by the week and by the month.
_BY_WEEK_AND_MONTH: Final = ("NQX", "SPXW", "RUTW")
# Their expiry is the day after the last one they trade on.
_EXPIRE_THE_DAY_AFTER: Final = ("SPX", "NDX", "VIX", "VIXW", "RUT")

_FRIDAY: Final = 4


class IndexOptionSymbol(DotNet):
    """What the tickers of index options tell."""

    @staticmethod
    def is_standard(symbol: Any) -> bool:
        """Whether a contract expires with the monthly ones."""
        if symbol.id.market != "usa" or symbol.id.symbol not in _BY_WEEK_AND_MONTH:
            return True
        expiry = symbol.id.date.date()
        return bool(third_friday(expiry) == expiry)

    @staticmethod
    def is_am_settled(symbol: Any) -> bool:
        """Whether a contract settles at the open of its last date, not at the close."""
        return symbol.id.symbol.upper() not in _INDEX_OF

    @staticmethod
    def is_index_option(ticker: str) -> bool:
        """Whether a ticker is known to be an index option's."""
        return ticker.upper() in (*_INDEX_OF, "SPX", "NDX", "VIX", "RUT")

    @staticmethod
    def map_to_underlying(index_option: str) -> str:
        """Ticker of the index that options with a ticker are on."""
        return _INDEX_OF.get(index_option.upper(), index_option)

    @staticmethod
    def get_last_trading_date(ticker: str, expiration_date: datetime) -> datetime:
        """Last date on which contracts of an expiry trade."""
        return expiration_date - _offset(ticker)

    @staticmethod
    def get_expiry_date(ticker: str, last_trading_date: datetime) -> datetime:
        """Expiry of the contracts that trade for the last time on a date."""
        return last_trading_date + _offset(ticker)


def third_friday(day: date) -> date:
    """The third Friday of a date's month."""
    first = day.replace(day=1)
    return first + timedelta(days=(_FRIDAY - first.weekday()) % 7 + 14)


def _offset(ticker: str) -> timedelta:
    return timedelta(days=1 if ticker in _EXPIRE_THE_DAY_AFTER else 0)
