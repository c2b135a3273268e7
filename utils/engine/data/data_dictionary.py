"""Data keyed by symbol."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from utils.engine.data.auxiliary import Delisting, Dividend, MarginInterestRate, Split, SymbolChangedEvent
from utils.engine.data.quote_bar import QuoteBar
from utils.engine.data.symbol_key import missing_key, symbol_of
from utils.engine.data.tick import Tick
from utils.engine.data.trade_bar import TradeBar
from utils.engine.data.wall_time import NO_TIME
from utils.engine.dotnet.exceptions import ArgumentException, NotSupportedException
from utils.engine.dotnet.key_value_pair import CallableList, KeyValuePair
from utils.engine.dotnet.naming import DotNet

if TYPE_CHECKING:
    from utils.engine.identity.symbol import Symbol

T = TypeVar("T")


class DataDictionary(DotNet, Generic[T]):
    """A dictionary by symbol (or ticker), in the order of the symbols.

    Iterating gives pairs (`.key`, `.value`), as .NET does; `items()` gives tuples. `keys` and `values` are
    lists, called or not.
    """

    __slots__ = ("_data", "time")
    time: datetime
    _data: dict[Symbol, T]

    def __init__(self, time: datetime = NO_TIME) -> None:
        self.time = time
        self._data = {}

    def _sorted(self) -> list[tuple[Symbol, T]]:
        if len(self._data) < 2:
            return list(self._data.items())
        return sorted(self._data.items(), key=_by_symbol)

    def __getitem__(self, symbol: Symbol | str) -> T:
        key = symbol_of(symbol) if symbol.__class__ is str else symbol
        try:
            return self._data[key]  # type: ignore[index]  # a string was turned into a Symbol above
        except KeyError:
            raise missing_key(type(self).__name__, symbol) from None

    def __setitem__(self, symbol: Symbol | str, value: T) -> None:
        key = symbol_of(symbol)
        if key is None:
            raise missing_key(type(self).__name__, symbol)
        self._data[key] = value

    def __contains__(self, symbol: object) -> bool:
        return self.contains_key(symbol)

    def __len__(self) -> int:
        return len(self._data)

    def __bool__(self) -> bool:
        return bool(self._data)

    def __iter__(self) -> Iterator[KeyValuePair[Symbol, T]]:
        return iter([KeyValuePair(symbol, value) for symbol, value in self._sorted()])

    @property
    def count(self) -> int:
        """How many symbols there are."""
        return len(self._data)

    @property
    def keys(self) -> CallableList[Symbol]:
        """The symbols."""
        return CallableList(symbol for symbol, _ in self._sorted())

    @property
    def values(self) -> CallableList[T]:
        """The data."""
        return CallableList(value for _, value in self._sorted())

    def items(self) -> list[tuple[Symbol, T]]:
        """Tuples of symbol and data."""
        return self._sorted()

    def contains_key(self, symbol: Any) -> bool:
        """Whether there is data of a symbol or ticker."""
        key = symbol_of(symbol) if symbol.__class__ is str else symbol
        return key is not None and key in self._data

    def get(self, symbol: Any, default_value: T | None = None) -> T | None:
        """The data of a symbol or ticker, else `default_value`."""
        key = symbol_of(symbol) if symbol.__class__ is str else symbol
        return self._data.get(key, default_value) if key is not None else default_value

    def get_value(self, symbol: Any) -> T | None:
        """The data of a symbol or ticker, else None."""
        return self.get(symbol)

    def try_get_value(self, symbol: Any, value: object = None) -> tuple[bool, T | None]:
        """Whether there is data of a symbol, and the data; `value` stands for .NET's out parameter."""
        return self.contains_key(symbol), self.get(symbol)

    def add(self, symbol: Any, value: T | None = None) -> None:
        """Add the data of a symbol: `add(symbol, data)` or `add(data)`.

        Raises:
            ArgumentException: the symbol has data already.
        """
        data: Any = symbol if value is None else value
        key = symbol_of(data.symbol if value is None else symbol)
        if key is None:
            raise missing_key(type(self).__name__, symbol)
        if key in self._data:
            raise ArgumentException(f"An item with the same key has already been added. Key: {key}")
        self._data[key] = data

    def remove(self, symbol: Any) -> bool:
        """Take away the data of a symbol; whether there was any."""
        key = symbol_of(symbol)
        return key is not None and self._data.pop(key, None) is not None

    def pop(self, symbol: Any, default_value: T | None = None) -> T | None:
        """Take away the data of a symbol and give it back, else `default_value`."""
        key = symbol_of(symbol)
        return default_value if key is None else self._data.pop(key, default_value)

    def popitem(self) -> None:
        """LEAN's dictionaries have none.

        Raises:
            NotSupportedException: always.
        """
        raise NotSupportedException(f"popitem method is not supported for {type(self).__name__}")

    def setdefault(self, symbol: Any, default_value: T | None = None) -> T | None:
        """The data of a symbol; `default_value` becomes it where there is none."""
        if not self.contains_key(symbol):
            self[symbol] = default_value  # type: ignore[assignment]  # None as .NET's default
        return self.get(symbol)

    def update(self, other: Any) -> None:
        """Take over all of another dictionary."""
        for symbol, value in other.items():
            self[symbol] = value

    def copy(self) -> dict[Symbol, T]:
        """The same as a Python dict."""
        return dict(self._sorted())

    def fromkeys(self, sequence: Iterable[Any], value: T | None = None) -> dict[Any, T | None]:
        """A Python dict of some symbols; `value` for those without data."""
        return {symbol: self.get(symbol, value) for symbol in sequence}

    def clear(self) -> None:
        """Take away everything."""
        self._data.clear()


def _by_symbol(item: tuple[Symbol, Any]) -> str:
    return item[0].value  # as symbols compare, but faster


class TradeBars(DataDictionary[TradeBar]):
    """Trade bars by symbol."""

    __slots__ = ()


class QuoteBars(DataDictionary[QuoteBar]):
    """Quote bars by symbol."""

    __slots__ = ()


class Ticks(DataDictionary[list[Tick]]):
    """Lists of ticks by symbol."""

    __slots__ = ()


class Splits(DataDictionary[Split]):
    """Splits by symbol."""

    __slots__ = ()


class Dividends(DataDictionary[Dividend]):
    """Dividends by symbol."""

    __slots__ = ()


class Delistings(DataDictionary[Delisting]):
    """Delistings by symbol."""

    __slots__ = ()


class SymbolChangedEvents(DataDictionary[SymbolChangedEvent]):
    """Changes of name by symbol."""

    __slots__ = ()


class MarginInterestRates(DataDictionary[MarginInterestRate]):
    """Funding rates by symbol."""

    __slots__ = ()
