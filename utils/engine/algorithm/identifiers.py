"""Symbols by their industry-standard identifiers, and the other way round."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from utils.engine.algorithm.base import AlgorithmBase
from utils.engine.identity.security_definitions import SecurityDefinition, security_definitions
from utils.engine.identity.symbol import Symbol


class Identifiers(AlgorithmBase):
    """`self.cusip(symbol)`, `self.cusip("03783310")` and their kin; None for what the data does not know."""

    def cusip(self, what: Any, trading_date: datetime | None = None) -> Any:
        """CUSIP of a symbol, or symbol of a CUSIP on a date."""
        return self._identifier("cusip", what, trading_date)

    def composite_figi(self, what: Any, trading_date: datetime | None = None) -> Any:
        """Composite FIGI of a symbol, or symbol of one on a date."""
        return self._identifier("composite_figi", what, trading_date)

    def sedol(self, what: Any, trading_date: datetime | None = None) -> Any:
        """SEDOL of a symbol, or symbol of one on a date."""
        return self._identifier("sedol", what, trading_date)

    def isin(self, what: Any, trading_date: datetime | None = None) -> Any:
        """ISIN of a symbol, or symbol of one on a date."""
        return self._identifier("isin", what, trading_date)

    def cik(self, what: Any, trading_date: datetime | None = None) -> Any:
        """Central Index Key of a symbol, or all symbols of one on a date."""
        if isinstance(what, Symbol):
            return what.cik
        day = self._day(trading_date)
        found = (_symbol(one, day) for one in security_definitions() if what and one.cik == int(what))
        return [symbol for symbol in found if symbol is not None]

    def _identifier(self, kind: str, what: Any, trading_date: datetime | None) -> Any:
        if isinstance(what, Symbol):
            return getattr(what, kind)
        wanted = str(what or "").upper()
        for one in security_definitions():
            known = getattr(one, kind)
            if wanted and known is not None and known.upper() == wanted:
                return _symbol(one, self._day(trading_date))
        return None

    def _day(self, trading_date: datetime | None) -> date:
        return (trading_date or self.time).date()


def _symbol(definition: SecurityDefinition, day: date) -> Symbol | None:
    ticker = definition.ticker(day)
    return None if ticker is None else Symbol(definition.id, ticker)
