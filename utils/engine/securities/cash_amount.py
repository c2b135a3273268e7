"""An amount of a currency."""

from __future__ import annotations

from decimal import Decimal

from utils.engine.dotnet.money import exact, normalize, text
from utils.engine.dotnet.naming import DotNet
from utils.engine.dotnet.surface import read_only_float_of


class CashAmount(DotNet):
    """An amount of a currency, fixed."""

    currency: str
    amount = read_only_float_of("exact_amount")

    def __init__(self, amount: float | Decimal, currency: str) -> None:
        self.exact_amount = exact(amount)
        self.currency = currency

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, CashAmount):
            return NotImplemented
        return self.exact_amount == other.exact_amount and self.currency == other.currency

    def __hash__(self) -> int:
        return hash((self.exact_amount, self.currency))

    def __str__(self) -> str:
        return f"{text(normalize(self.exact_amount))} {self.currency}"
