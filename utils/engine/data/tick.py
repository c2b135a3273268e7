"""Single trades and quotes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from utils.engine.data.base_data import BaseData, number_text
from utils.engine.data.exchange_codes import exchange_code, exchange_name
from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.enums import MarketDataType, SecurityType, TickType

if TYPE_CHECKING:
    from utils.engine.identity.symbol import Symbol


class Tick(BaseData):
    """A trade (`value`, `quantity`), a quote (bid and ask) or open interest (`value`) at a moment."""

    __slots__ = (
        "_exchange",
        "ask_price",
        "ask_size",
        "bid_price",
        "bid_size",
        "quantity",
        "sale_condition",
        "suspicious",
        "tick_type",
    )
    tick_type: TickType
    quantity: float
    sale_condition: str
    suspicious: bool
    bid_price: float
    ask_price: float
    bid_size: float
    ask_size: float

    _data_type: ClassVar[MarketDataType] = MarketDataType.TICK  # type: ignore[misc]  # a constant here

    def __init__(
        self, time: datetime | Tick | None = None, symbol: Symbol | None = None, *values: Any
    ) -> None:
        """LEAN's forms, told apart by the number of `values` and whether they begin with a text.

        Nothing: an empty tick. A tick: its copy. Else after `time` and `symbol`:
        `bid, ask` | `open_interest` | `last, bid, ask` | `bid_size, bid_price, ask_size, ask_price` |
        `sale_condition, exchange, quantity, price` |
        `sale_condition, exchange, bid_size, bid_price, ask_size, ask_price`.

        Raises:
            ArgumentException: no such form.
        """
        super().__init__()
        self.tick_type = TickType.TRADE
        self._exchange = self.sale_condition = ""
        self.suspicious = False
        self.quantity = self.bid_price = self.ask_price = self.bid_size = self.ask_size = 0.0
        if time is None:
            return
        if isinstance(time, Tick):
            self._copy(time)
            return
        assert symbol is not None
        self._time = time
        self.symbol = symbol
        self._take(values)

    def _copy(self, original: Tick) -> None:
        for name in ("symbol", "_time", "value", *Tick.__slots__):
            setattr(self, name, getattr(original, name))

    def _take(self, values: tuple[Any, ...]) -> None:
        if values and isinstance(values[0], str):
            self.sale_condition, self._exchange = values[0], str(values[1])
            values = values[2:]
            if len(values) == 2:
                self.quantity, self.value = float(values[0]), float(values[1])
                return
        numbers = [float(value) for value in values]
        self.tick_type = TickType.QUOTE
        if len(numbers) == 1:
            self.tick_type = TickType.OPEN_INTEREST
            self.value = numbers[0]
        elif len(numbers) == 2:
            self.bid_price, self.ask_price = numbers
            self.value = (self.bid_price + self.ask_price) / 2.0
        elif len(numbers) == 3:
            self.value, self.bid_price, self.ask_price = numbers
        elif len(numbers) == 4:
            self.bid_size, self.bid_price, self.ask_size, self.ask_price = numbers
            self.set_value()
        else:
            raise ArgumentException(f"Tick: no form with {len(numbers)} numbers")

    @property
    def last_price(self) -> float:
        """The value."""
        return self.value

    @property
    def exchange(self) -> str:
        """Name of the exchange; empty for an unknown one. Set by name or code."""
        return exchange_name(self._exchange)

    @exchange.setter
    def exchange(self, value: str) -> None:
        self._exchange = value

    @property
    def exchange_code(self) -> str:
        """Code of the exchange; empty for an unknown one. Set by name or code."""
        return exchange_code(self._exchange)

    @exchange_code.setter
    def exchange_code(self, value: str) -> None:
        self._exchange = value

    @property
    def parsed_sale_condition(self) -> int:
        """The sale condition as a number; it is written in hexadecimal."""
        return int(self.sale_condition, 16) if self.sale_condition else 0

    def set_value(self) -> None:
        """Make the value the middle of the quote, or the side there is."""
        both = self.bid_price * self.ask_price != 0.0
        self.value = (self.bid_price + self.ask_price) / (2.0 if both else 1.0)

    def update(
        self,
        last_trade: float,
        bid_price: float,
        ask_price: float,
        volume: float,
        bid_size: float,
        ask_size: float,
    ) -> None:
        """Become this trade or quote."""
        self.value = last_trade
        self.bid_price = bid_price
        self.ask_price = ask_price
        self.bid_size = bid_size
        self.ask_size = ask_size
        self.quantity = volume

    def is_valid(self) -> bool:
        """Whether it has a price and a size (an index needs no size)."""
        if self.tick_type == TickType.TRADE:
            sized = self.quantity > 0.0 or self.symbol.security_type == SecurityType.INDEX
            return self.value > 0.0 and sized
        if self.tick_type == TickType.QUOTE:
            bid = self.bid_price > 0.0 and self.bid_size > 0.0
            return bid or (self.ask_price > 0.0 and self.ask_size > 0.0)
        return self.value > 0.0

    def __str__(self) -> str:
        if self.tick_type == TickType.TRADE:
            return f"{self.symbol}: Price: {number_text(self.value)} Quantity: {number_text(self.quantity)}"
        if self.tick_type == TickType.QUOTE:
            bid = f"{number_text(self.bid_size)}@{number_text(self.bid_price)}"
            ask = f"{number_text(self.ask_size)}@{number_text(self.ask_price)}"
            return f"{self.symbol}: Bid: {bid} Ask: {ask}"
        return f"{self.symbol}: OpenInterest: {number_text(self.value)}"


class OpenInterest(Tick):
    """How many contracts are open."""

    __slots__ = ()

    def __init__(
        self,
        time: datetime | Tick | None = None,
        symbol: Symbol | None = None,
        open_interest: float = 0.0,
    ) -> None:
        if isinstance(time, datetime):
            super().__init__(time, symbol, open_interest)
        else:
            super().__init__(time)
        self.tick_type = TickType.OPEN_INTEREST
