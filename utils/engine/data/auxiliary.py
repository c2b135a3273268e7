"""Data that is not prices: splits, dividends, delistings, changes of name, interest."""

# ruff: noqa: A002 - the names and arguments are LEAN's

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from utils.engine.data.base_data import BaseData, number_text
from utils.engine.data.wall_time import NO_TIME, invariant_text
from utils.engine.dotnet.money import exact, round_half_even
from utils.engine.enums import DelistingType, MarketDataType, SplitType

if TYPE_CHECKING:
    from utils.engine.identity.symbol import Symbol


class AuxiliaryData(BaseData):
    """Base of the kinds below."""

    __slots__ = ()

    _data_type: ClassVar[MarketDataType] = MarketDataType.AUXILIARY  # type: ignore[misc]  # a constant here

    def __init__(
        self, symbol: Symbol | None = None, date: datetime | None = None, value: float = 0.0
    ) -> None:
        super().__init__()
        if symbol is not None:
            self.symbol = symbol
        self._time = NO_TIME if date is None else date
        self.value = float(value)


class Split(AuxiliaryData):
    """A split: shares before per share after (`split_factor` 0.5 for two from one)."""

    __slots__ = ("split_factor", "type")
    split_factor: float
    type: SplitType

    def __init__(
        self,
        symbol: Symbol | None = None,
        date: datetime | None = None,
        price: float = 0.0,
        split_factor: float = 0.0,
        type: SplitType = SplitType.SPLIT_OCCURRED,
    ) -> None:
        """`price` is the raw close before the split."""
        super().__init__(symbol, date, price)
        self.split_factor = float(split_factor)
        self.type = type

    @property
    def reference_price(self) -> float:
        """Raw close before the split."""
        return self.value

    @reference_price.setter
    def reference_price(self, value: float) -> None:
        self.value = value

    def __str__(self) -> str:
        kind = "Split Warning" if self.type == SplitType.WARNING else "Split"
        return f"{kind}: {self.symbol}: {number_text(self.split_factor)} | {number_text(self.value)}"


class Dividend(AuxiliaryData):
    """A dividend: `distribution` a share in the security's currency."""

    __slots__ = ("reference_price",)
    reference_price: float

    def __init__(
        self,
        symbol: Symbol | None = None,
        date: datetime | None = None,
        distribution: float = 0.0,
        reference_price: float = 0.0,
    ) -> None:
        """`reference_price` is the raw close before the dividend."""
        super().__init__(symbol, date, distribution)
        self.reference_price = float(reference_price)

    @property
    def distribution(self) -> float:
        """Money a share."""
        return self.value

    @distribution.setter
    def distribution(self, value: float) -> None:
        self.value = value

    @staticmethod
    def compute_distribution(close: float, price_factor_ratio: float | Decimal, decimal_places: int) -> float:
        """Money a share that a ratio of price factors stands for."""
        price = exact(close)
        return float(round_half_even(price - price * exact(price_factor_ratio), decimal_places))

    @classmethod
    def create(
        cls,
        symbol: Symbol,
        date: datetime,
        reference_price: float,
        price_factor_ratio: float | Decimal,
        decimal_places: int = 2,
    ) -> Dividend:
        """The dividend that a ratio of price factors stands for."""
        distribution = cls.compute_distribution(reference_price, price_factor_ratio, decimal_places)
        return cls(symbol, date, distribution, reference_price)

    def __str__(self) -> str:
        amounts = f"{number_text(self.value)} | {number_text(self.reference_price)}"
        return f"Dividend: {self.symbol}: {amounts}"


class Delisting(AuxiliaryData):
    """A delisting; `ticket` is the order that closed the holding, if one did."""

    __slots__ = ("ticket", "type")
    type: DelistingType
    ticket: Any

    def __init__(
        self,
        symbol: Symbol | None = None,
        date: datetime | None = None,
        price: float = 0.0,
        type: DelistingType = DelistingType.DELISTED,
    ) -> None:
        super().__init__(symbol, date, price)
        self.type = type
        self.ticket = None

    def set_order_ticket(self, ticket: Any) -> None:
        """Keep the order that closed the holding."""
        self.ticket = ticket

    def __str__(self) -> str:
        kind = "Delisting Warning" if self.type == DelistingType.WARNING else "Delisted"
        return f"{kind}: {self.symbol} {invariant_text(self.end_time)}"


class SymbolChangedEvent(AuxiliaryData):
    """A change of ticker."""

    __slots__ = ("new_symbol", "old_symbol")
    old_symbol: str
    new_symbol: str

    def __init__(
        self,
        requested_symbol: Symbol | None = None,
        date: datetime | None = None,
        old_symbol: str = "",
        new_symbol: str = "",
    ) -> None:
        super().__init__(requested_symbol, date)
        self.old_symbol = old_symbol
        self.new_symbol = new_symbol

    def __str__(self) -> str:
        return f"{invariant_text(self.time)} {self.old_symbol}->{self.new_symbol}"


class MarginInterestRate(AuxiliaryData):
    """Funding rate of a perpetual future."""

    __slots__ = ("interest_rate",)
    interest_rate: float

    def __init__(
        self, symbol: Symbol | None = None, date: datetime | None = None, interest_rate: float = 0.0
    ) -> None:
        super().__init__(symbol, date, interest_rate)
        self.interest_rate = float(interest_rate)

    def data_time_zone(self) -> str:
        """Rates are in UTC."""
        return "UTC"

    def __str__(self) -> str:
        return f"{self.symbol}: Rate {number_text(self.interest_rate)}"
