"""The exchange of US equities."""

from __future__ import annotations

from utils.engine.enums import SecurityType
from utils.engine.exchange.market_hours_database import MarketHoursDatabase
from utils.engine.exchange.security_exchange import SecurityExchange
from utils.engine.exchange.security_exchange_hours import SecurityExchangeHours
from utils.engine.identity.market import Market

_TRADING_DAYS_PER_YEAR = 252


class EquityExchange(SecurityExchange):
    """Open when US equities are traded, unless other hours are given.

    For custom data that has their hours: `security.exchange = EquityExchange()`.
    """

    def __init__(self, exchange_hours: SecurityExchangeHours | None = None) -> None:
        if exchange_hours is None:
            database = MarketHoursDatabase.from_data_folder()
            exchange_hours = database.get_exchange_hours(Market.USA, None, SecurityType.EQUITY)
        super().__init__(exchange_hours, trading_days_per_year=_TRADING_DAYS_PER_YEAR)
