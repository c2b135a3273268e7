"""A benchmark that is a security's price."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from utils.engine.dotnet.naming import DotNet
from utils.engine.identity.symbol import Symbol
from utils.engine.models.benchmark.func_benchmark import FuncBenchmark


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


def as_benchmark(chosen: Any) -> Any:
    """A benchmark of what was given as one: itself, a function of UTC time, a symbol or a security."""
    if isinstance(chosen, Symbol):
        return SecurityBenchmark(_Named(chosen))
    if hasattr(chosen, "evaluate"):
        return chosen
    if callable(chosen):
        return FuncBenchmark(chosen)
    return SecurityBenchmark(chosen)


class _Named:
    """A security that is only named yet; the run subscribes to it."""

    def __init__(self, symbol: Any) -> None:
        self.symbol = symbol
