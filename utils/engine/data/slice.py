"""All data of one moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar

from utils.engine.data.auxiliary import Delisting, Dividend, MarginInterestRate, Split, SymbolChangedEvent
from utils.engine.data.base_data import BaseData
from utils.engine.data.data_dictionary import (
    DataDictionary,
    Delistings,
    Dividends,
    MarginInterestRates,
    QuoteBars,
    Splits,
    SymbolChangedEvents,
    Ticks,
    TradeBars,
)
from utils.engine.data.option_chain import OptionChains
from utils.engine.data.quote_bar import QuoteBar
from utils.engine.data.symbol_key import missing_key, symbol_of
from utils.engine.data.tick import OpenInterest, Tick
from utils.engine.data.trade_bar import TradeBar
from utils.engine.dotnet.exceptions import InvalidOperationException, NotSupportedException
from utils.engine.dotnet.generic_method import generic_method
from utils.engine.dotnet.key_value_pair import CallableList, KeyValuePair
from utils.engine.dotnet.naming import DotNet
from utils.engine.enums import MarketDataType, SecurityType, TickType

if TYPE_CHECKING:
    from utils.engine.identity.symbol import Symbol

D = TypeVar("D", bound="DataDictionary[Any]")

# What a slice that nobody has looked at has made: it is never written to.
NOTHING: Final[dict[Any, Any]] = {}


class Slice(DotNet):
    """What came at one moment, by kind and by symbol.

    Every collection is made when it is first looked at. A subclass that gets its data elsewhere overrides
    `all_data` and the time, and for speed any of the collections.

    Attributes:
        time: in the algorithm's zone.
        utc_time: the same in UTC.
        all_data: every data point, in the order it came.
    """

    __slots__ = ("_made", "all_data", "time", "utc_time")
    time: datetime
    utc_time: datetime
    all_data: list[BaseData]

    def __init__(self, time: datetime, data: list[BaseData], utc_time: datetime) -> None:
        self.time = time
        self.utc_time = utc_time
        self.all_data = list(data)
        self._made: dict[Any, Any] = NOTHING

    # -- collections by kind

    @property
    def bars(self) -> TradeBars:
        """Trade bars."""
        return self._collection(TradeBars, TradeBar)

    @property
    def quote_bars(self) -> QuoteBars:
        """Quote bars."""
        return self._collection(QuoteBars, QuoteBar)

    @property
    def splits(self) -> Splits:
        """Splits."""
        return self._collection(Splits, Split)

    @property
    def dividends(self) -> Dividends:
        """Dividends."""
        return self._collection(Dividends, Dividend)

    @property
    def delistings(self) -> Delistings:
        """Delistings."""
        return self._collection(Delistings, Delisting)

    @property
    def symbol_changed_events(self) -> SymbolChangedEvents:
        """Changes of name."""
        return self._collection(SymbolChangedEvents, SymbolChangedEvent)

    @property
    def margin_interest_rates(self) -> MarginInterestRates:
        """Funding rates."""
        return self._collection(MarginInterestRates, MarginInterestRate)

    @property
    def ticks(self) -> Ticks:
        """Lists of ticks."""
        ticks: Ticks | None = self._made.get(Ticks)
        if ticks is None:
            ticks = self._keep(Ticks, Ticks(self.time))
            for point in self.all_data:
                if isinstance(point, Tick):
                    ticks._data.setdefault(point.symbol, []).append(point)
        return ticks

    @property
    def option_chains(self) -> DataDictionary[Any]:
        """Chains of options: none, but at the steps of a run."""
        return OptionChains(self.time)

    @property
    def futures_chains(self) -> DataDictionary[Any]:
        """Chains of futures: none."""
        return DataDictionary(self.time)

    @property
    def future_chains(self) -> DataDictionary[Any]:
        """Chains of futures: none."""
        return self.futures_chains

    def _keep(self, kind: Any, made: Any) -> Any:
        """Keep a collection for the next look."""
        if self._made is NOTHING:
            self._made = {}
        self._made[kind] = made
        return made

    def _collection(self, kind: type[D], of: type[BaseData]) -> D:
        collection: D | None = self._made.get(kind)
        if collection is None:
            collection = self._keep(kind, kind(self.time))
            for point in self.all_data:
                if isinstance(point, of):
                    collection._data[point.symbol] = point
        return collection

    # -- one value a symbol

    def _points(self) -> dict[Symbol, Any]:
        """What `slice[symbol]` gives: a bar, a custom data point or a list of ticks.

        The kind that came last wins. A symbol that has only a split, a dividend or the like is a key too; its
        value is None.
        """
        points: dict[Symbol, Any] | None = self._made.get(Slice)
        if points is None:
            points = self._keep(Slice, {})
            for point in self.all_data:
                if point._data_type is _TRADE_BAR:
                    points[point.symbol] = point
                elif _is_default_data(point):
                    _put(points, point)
        return points

    def _sorted(self) -> list[tuple[Symbol, Any]]:
        points = self._points()
        if len(points) < 2:
            return list(points.items())
        return sorted(points.items(), key=_symbol)

    @property
    def has_data(self) -> bool:
        """Whether there is any data."""
        return bool(self._points())

    @property
    def count(self) -> int:
        """How many symbols there are."""
        return len(self._points())

    @property
    def keys(self) -> CallableList[Symbol]:
        """The symbols."""
        return CallableList(symbol for symbol, _ in self._sorted())

    @property
    def values(self) -> CallableList[BaseData]:
        """The data, ticks one by one."""
        return CallableList(point for _, point in self.items())

    def items(self) -> list[tuple[Symbol, BaseData]]:
        """Tuples of symbol and data, ticks one by one."""
        found: list[tuple[Symbol, BaseData]] = []
        for symbol, data in self._sorted():
            if isinstance(data, list):
                found.extend((symbol, tick) for tick in data)
            elif data is not None:
                found.append((symbol, data))
        return found

    def __iter__(self) -> Iterator[KeyValuePair[Symbol, BaseData]]:
        return iter([KeyValuePair(symbol, point) for symbol, point in self.items()])

    def __len__(self) -> int:
        return self.count

    def __bool__(self) -> bool:
        return True

    def __contains__(self, symbol: object) -> bool:
        return self.contains_key(symbol)

    def contains_key(self, symbol: Any) -> bool:
        """Whether there is data of a symbol or ticker."""
        key = symbol_of(symbol) if symbol.__class__ is str else symbol
        return key in self._points()

    def __getitem__(self, symbol: Symbol | str) -> Any:
        key: Any = symbol_of(symbol) if symbol.__class__ is str else symbol
        try:
            return self._points()[key]
        except KeyError:
            raise missing_key("Slice", symbol) from None

    def __setitem__(self, symbol: Symbol | str, value: object) -> None:
        raise NotSupportedException("Slice: its data cannot be set")

    def setdefault(self, symbol: Any, default_value: object = None) -> Any:
        """The data of a symbol.

        Raises:
            KeyNotFoundException: there is none; a slice takes no default.
        """
        return self[symbol]

    def pop(self, symbol: Any, default_value: Any = None) -> Any:
        """`default_value`, where there is no data of the symbol.

        Raises:
            InvalidOperationException: there is; a slice gives nothing away.
        """
        if symbol in self:
            self.remove(symbol)
        return default_value

    def remove(self, symbol: Any) -> bool:
        """A slice gives nothing away.

        Raises:
            InvalidOperationException: always.
        """
        raise InvalidOperationException(f"Slice: {symbol} cannot be removed")

    def clear(self) -> None:
        """A slice gives nothing away.

        Raises:
            InvalidOperationException: always.
        """
        raise InvalidOperationException("Slice: it cannot be cleared")

    def get_keys(self) -> CallableList[Symbol]:
        """The symbols."""
        return self.keys

    def get_values(self) -> CallableList[BaseData]:
        """The data, ticks one by one."""
        return self.values

    def try_get(self, kind: type, symbol: Any, data: object = None) -> tuple[bool, Any]:
        """Whether there is data of a type and symbol, and the data; `data` is .NET's out parameter."""
        found = self._of_type(kind).get(symbol)
        return found is not None, found

    def try_get_value(self, symbol: Any, value: object = None) -> tuple[bool, Any]:
        """Whether there is data of a symbol, and the data; `value` stands for .NET's out parameter."""
        data = self._value(symbol)
        return data is not None, data

    def _value(self, symbol: Any) -> Any:
        key: Any = symbol_of(symbol) if symbol.__class__ is str else symbol
        return self._points().get(key)

    @generic_method
    def get(self, key: Any, default_value: Any = None) -> Any:
        """Data of a symbol (`get(symbol[, default])`), of a type (`get(TradeBar)`), or of both.

        `get(TradeBar, symbol)` and `get[TradeBar](symbol)` raise KeyNotFoundException without data.
        """
        if not isinstance(key, type):
            value = self._value(key)
            return default_value if value is None else value
        collection = self._of_type(key)
        return collection if default_value is None else collection[default_value]

    def _of_type(self, kind: type) -> DataDictionary[Any]:
        name = _COLLECTIONS.get(kind)
        if name is not None:
            return getattr(self, name)  # type: ignore[no-any-return]  # one of the properties above
        found: DataDictionary[Any] | None = self._made.get(kind)
        if found is None:
            found = self._keep(kind, DataDictionary(self.time))
            if issubclass(kind, Tick):
                self._last_ticks(found, open_interest=kind is OpenInterest)
            else:
                for point in self.all_data:
                    if type(point) is kind:
                        found._data[point.symbol] = point
        return found

    def _last_ticks(self, into: DataDictionary[Any], open_interest: bool) -> None:
        for symbol, ticks in self.ticks.items():
            for tick in ticks:
                if (tick.tick_type == TickType.OPEN_INTEREST) == open_interest:
                    into._data[symbol] = tick

    def merge_slice(self, input_slice: Slice) -> None:
        """Take in another slice of the same moment; where both have data, this one's stays.

        Raises:
            InvalidOperationException: the other is of another time.
        """
        if input_slice.utc_time != self.utc_time:
            raise InvalidOperationException(
                f"Slice: one of {input_slice.utc_time} cannot be merged into one of {self.utc_time}"
            )
        self.all_data = [*input_slice.all_data, *self.all_data]
        self._made = NOTHING


_COLLECTIONS: dict[type, str] = {
    TradeBar: "bars",
    QuoteBar: "quote_bars",
    Split: "splits",
    Dividend: "dividends",
    Delisting: "delistings",
    SymbolChangedEvent: "symbol_changed_events",
    MarginInterestRate: "margin_interest_rates",
}


_TRADE_BAR = MarketDataType.TRADE_BAR


def _symbol(item: tuple[Symbol, Any]) -> Symbol:
    return item[0]


def _is_default_data(point: BaseData) -> bool:
    """Whether `slice[symbol]` may be this: an equity's quotes are not."""
    if point.symbol.security_type != SecurityType.EQUITY:
        return True
    if isinstance(point, Tick):
        return point.tick_type != TickType.QUOTE
    return point._data_type != MarketDataType.QUOTE_BAR


def _put(values: dict[Any, Any], point: BaseData) -> None:
    if point._data_type == MarketDataType.AUXILIARY:
        values.setdefault(point.symbol, None)
    elif point._data_type == MarketDataType.TICK:
        ticks = values.get(point.symbol)
        if isinstance(ticks, list):
            ticks.append(point)
        else:
            values[point.symbol] = [point]
    else:
        values[point.symbol] = point
