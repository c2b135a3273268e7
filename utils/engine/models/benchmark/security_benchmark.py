"""A benchmark that is a security's price."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from utils.engine.dotnet.naming import DotNet


class SecurityBenchmark(DotNet):
    """The price of a security in the account's currency.

    Attributes:
        security: a security, or anything else with a symbol.
    """

    security: Any

    def __init__(self, security: Any) -> None:
        self.security = security

    def evaluate(self, _time: datetime) -> float:
        """Price now."""
        rate: Decimal = self.security.quote_currency.exact_conversion_rate
        return float(self.security.exact_price * rate)

    @staticmethod
    def create_instance(securities: Any, symbol: Any) -> SecurityBenchmark:
        """The benchmark of a symbol, by the security of that symbol when there is one already."""
        known = securities.known(symbol)
        return SecurityBenchmark(_Named(symbol) if known is None else known)


class _Named:
    """A security that is only named yet; the run subscribes to it."""

    def __init__(self, symbol: Any) -> None:
        self.symbol = symbol
