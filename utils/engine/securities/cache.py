"""The latest data of a security.

LEAN's cache is written at every data point. Here it is read out of the columns when somebody looks: `_sync`
takes over what became visible since the last look. Data filled forward changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from utils.engine.dotnet.money import ZERO, exact
from utils.engine.dotnet.naming import DotNet
from utils.engine.dotnet.surface import read_only_float_of
from utils.engine.enums import SecurityType, TickType

if TYPE_CHECKING:
    from utils.engine.feed.source import Source

_OHLC = ("open", "high", "low", "close")
_BEST = {"bid_price": "bid_close", "ask_price": "ask_close", "bid_size": "bid_size", "ask_size": "ask_size"}


class SecurityCache(DotNet):
    """Prices and latest bars of one security, as of now."""

    properties: dict[str, Any]

    price = read_only_float_of("exact_price")
    open = read_only_float_of("exact_open")
    high = read_only_float_of("exact_high")
    low = read_only_float_of("exact_low")
    close = read_only_float_of("exact_close")
    bid_price = read_only_float_of("exact_bid_price")
    ask_price = read_only_float_of("exact_ask_price")
    bid_size = read_only_float_of("exact_bid_size")
    ask_size = read_only_float_of("exact_ask_size")
    volume = read_only_float_of("exact_volume")

    def __init__(self, security_type: SecurityType) -> None:
        self.properties = {}
        self._open_interest = 0
        self._type = security_type
        self._sources: list[Source] = []
        self._seen: list[int] = []
        self._at: dict[str, tuple[Any, int, str]] = {}  # where a value lies: columns, row, field
        self._exact: dict[str, Decimal] = {}  # values read so far, or set by hand
        self._prices_end = -1
        self._latest: Any = None  # (source, columns, row) of the latest default data
        self._by_type: dict[type, Any] = {}

    def attach(self, sources: Sequence[Source]) -> None:
        """Follow these sources from now on; trades go before quotes at the same time."""
        self._sync()
        seen = {id(source): row for source, row in zip(self._sources, self._seen, strict=True)}
        self._sources = sorted(sources, key=lambda source: source.config.tick_type)
        self._seen = [seen.get(id(source), -1) for source in self._sources]

    def before_new_columns(self) -> None:
        """Take over what the present columns still have to say."""
        self._sync()
        self._seen = [-1] * len(self._sources)

    def _sync(self) -> None:
        fresh = []
        for index, source in enumerate(self._sources):
            row = source.row
            if row != self._seen[index]:
                real = source.last_real(row)
                if real > self._seen[index]:
                    fresh.append((source.columns.end_time[real], index, source, real))
                self._seen[index] = row
        if fresh:
            fresh.sort(key=lambda item: item[:2])
            for end_time, _, source, row in fresh:
                self._take(source, row, int(end_time))

    def _take(self, source: Source, row: int, end_time: int) -> None:
        columns = source.columns
        if source.config.tick_type == TickType.OPEN_INTEREST:
            self._by_type[source.config.type] = (source, columns, row)
            self._open_interest = int(columns.close[row])
            return
        quotes = source.config.tick_type == TickType.QUOTE
        self._by_type[source.config.type] = (source, columns, row)
        if quotes:
            for name, field in _BEST.items():
                self._set(name, columns, row, field)
        elif (volume := source.last_with_volume(row)) >= 0:
            self._set("volume", columns, volume, "volume")
        # An equity's prices are its trades'; others take what came last, quotes before trades.
        if not (quotes and self._type == SecurityType.EQUITY) and end_time >= self._prices_end:
            self._prices_end = end_time
            self._latest = (source, columns, row)
            if columns.points is None or columns.open[row] == columns.open[row]:  # else custom, and no bar
                for name in _OHLC:
                    self._set(name, columns, row, name)
            self._set("price", columns, row, "close")

    def _set(self, name: str, columns: Any, row: int, field: str) -> None:
        value = float(getattr(columns, field)[row])
        if value == value and value != 0:  # noqa: PLR0124 - a side without quote is NaN
            self._at[name] = (columns, row, field)
            self._exact.pop(name, None)

    def _read(self, name: str) -> Decimal:
        self._sync()
        value = self._exact.get(name)
        if value is None:
            where = self._at.get(name)
            value = ZERO if where is None else where[0].exact_price(where[1], where[2])
            self._exact[name] = value
        return value

    @property
    def exact_price(self) -> Decimal:
        """Latest price."""
        return self._read("price")

    @property
    def exact_open(self) -> Decimal:
        """Open of the latest bar."""
        return self._read("open")

    @property
    def exact_high(self) -> Decimal:
        """High of the latest bar."""
        return self._read("high")

    @property
    def exact_low(self) -> Decimal:
        """Low of the latest bar."""
        return self._read("low")

    @property
    def exact_close(self) -> Decimal:
        """Close of the latest bar."""
        return self._read("close")

    @property
    def exact_bid_price(self) -> Decimal:
        """Latest bid."""
        return self._read("bid_price")

    @property
    def exact_ask_price(self) -> Decimal:
        """Latest ask."""
        return self._read("ask_price")

    @property
    def exact_bid_size(self) -> Decimal:
        """Size at the latest bid."""
        return self._read("bid_size")

    @property
    def exact_ask_size(self) -> Decimal:
        """Size at the latest ask."""
        return self._read("ask_size")

    @property
    def exact_volume(self) -> Decimal:
        """Volume of the latest bar that had any."""
        return self._read("volume")

    @property
    def open_interest(self) -> int:
        """Contracts that were open when they were last counted."""
        self._sync()
        return self._open_interest

    @open_interest.setter
    def open_interest(self, contracts: int) -> None:
        self._open_interest = int(contracts)

    @property
    def exact_last_price(self) -> Decimal:
        """Price of the latest data; what currency conversions go by."""
        return self._read("price")

    def float_price(self) -> float:
        """Latest price without the detour over decimals."""
        self._sync()
        if "price" in self._exact:
            return float(self._exact["price"])
        where = self._at.get("price")
        return 0.0 if where is None else float(getattr(where[0], where[2])[where[1]])

    def get_data(self, kind: type | None = None) -> Any:
        """The latest bar that was not filled forward, of a type or of the type prices come from."""
        self._sync()
        found = self._latest if kind is None else self._by_type.get(kind)
        if found is None:
            return None
        if not isinstance(found, tuple):
            return found
        source, columns, row = found
        return source.bar_of(columns, row)

    def exact_of(self, kind: type, field: str) -> Decimal | None:
        """A field of the latest bar of a type; None without bar, or without quote on that side."""
        self._sync()
        found = self._by_type.get(kind)
        if found is None:
            return None
        if not isinstance(found, tuple):
            side, _, part = field.rpartition("_")  # a field of a side of the quote, as `bid_close`
            holder = getattr(found, side) if side else found
            return None if holder is None else exact(getattr(holder, part))
        _source, columns, row = found
        value = float(getattr(columns, field)[row])
        if value != value:  # noqa: PLR0124 - NaN: no quote on this side
            return None
        price: Decimal = columns.exact_price(row, field)
        return price

    def get_all(self, kind: type) -> list[Any]:
        """The latest data of a type, as list."""
        found = self.get_data(kind)
        return [] if found is None else [found]

    def has_data(self, kind: type | None = None) -> bool:
        """Whether anything came."""
        self._sync()
        return self._latest is not None if kind is None else kind in self._by_type

    def store(self, data: Any) -> None:
        """Keep a data point that no source gives: an event, a custom point."""
        self._by_type[type(data)] = data

    def take_point(self, data: Any) -> None:
        """Set prices from a point made outside of the sources, as the algorithm's own."""

        self._sync()
        self._by_type[type(data)] = data
        quotes = getattr(data, "bid", None) is not None or getattr(data, "ask", None) is not None
        if not (quotes and self._type == SecurityType.EQUITY):
            self._latest = data
            for name in _OHLC:
                value = getattr(data, name, None)
                if value:
                    self._exact[name] = exact(value)
            if data.value:
                self._exact["price"] = exact(data.value)
        if getattr(data, "volume", None):
            self._exact["volume"] = exact(data.volume)
        for side in ("bid", "ask"):
            if getattr(data, side, None) is not None and getattr(data, side).close:
                self._exact[f"{side}_price"] = exact(getattr(data, side).close)
                self._exact[f"{side}_size"] = exact(getattr(data, f"last_{side}_size"))

    def apply_split(self, factor: Decimal) -> None:
        """Bring what is kept in line with a split until new data comes."""
        self._sync()
        for name in ("price", *_OHLC, "bid_price", "ask_price"):
            if name in self._at or name in self._exact:
                self._exact[name] = self._read(name) * factor
        for name in ("volume", "bid_size", "ask_size"):
            if name in self._at or name in self._exact:
                self._exact[name] = self._read(name) / factor

    def reset(self) -> None:
        """Forget everything."""
        self._at.clear()
        self._exact.clear()
        self._by_type.clear()
        self._latest, self._prices_end = None, -1
