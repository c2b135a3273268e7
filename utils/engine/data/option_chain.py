"""The contracts on an underlying at one moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from utils.engine.data.base_data import BaseData
from utils.engine.data.data_dictionary import DataDictionary, QuoteBars, Ticks, TradeBars
from utils.engine.data.option_contract import OptionContract
from utils.engine.data.option_universe import OptionUniverse
from utils.engine.data.quote_bar import QuoteBar
from utils.engine.data.wall_time import NO_TIME
from utils.engine.enums import MarketDataType, SecurityType, TickType
from utils.engine.identity.security_identifier import is_option
from utils.engine.identity.symbol import Symbol

if TYPE_CHECKING:
    import pandas as pd

_WITH_OPTIONS = (SecurityType.EQUITY, SecurityType.INDEX, SecurityType.FUTURE)


class OptionContracts(DataDictionary[OptionContract]):
    """Contracts by symbol."""

    __slots__ = ()


class OptionChain(BaseData):
    """Contracts that have data at a moment, or that a listing has.

    Attributes:
        underlying: latest data of the underlying.
        contracts: by symbol.
    """

    __slots__ = ("_flatten", "_frame", "contracts", "ticks", "underlying")
    underlying: Any
    contracts: OptionContracts
    ticks: Ticks

    data_type = MarketDataType.OPTION_CHAIN

    def __init__(self, canonical_option_symbol: Symbol, time: datetime, flatten: bool = True) -> None:
        super().__init__()
        self.symbol, self._time = canonical_option_symbol, time
        self._flatten = flatten
        self._frame: Any = None
        self.underlying = QuoteBar()
        self.contracts = OptionContracts(time)
        self.ticks = Ticks(time)

    @classmethod
    def of_listing(
        cls,
        canonical: Symbol,
        time: datetime,
        rows: Iterable[OptionUniverse],
        symbol_properties: Any,
        flatten: bool,
    ) -> OptionChain:
        """The chain of a listing's contracts that have not expired by a time."""
        chain = cls(canonical, time, flatten)
        first: OptionUniverse | None = None
        for row in rows:
            first = first or row
            if row.expiry is not None and row.expiry.date() >= time.date():
                contract = OptionContract(row.symbol, symbol_properties, row.end_time, listed=row)
                chain.contracts._data[row.symbol] = contract
        if first is not None:
            chain.underlying = first.underlying
        return chain

    @property
    def trade_bars(self) -> TradeBars:
        """Bars of the contracts' trades."""
        bars = TradeBars(self.contracts.time)
        self._collect(bars, TickType.TRADE)
        return bars

    @property
    def quote_bars(self) -> QuoteBars:
        """Bars of the contracts' quotes."""
        bars = QuoteBars(self.contracts.time)
        self._collect(bars, TickType.QUOTE)
        return bars

    def _collect(self, bars: DataDictionary[Any], kind: TickType) -> None:
        for symbol, contract in self.contracts._data.items():
            bar = contract.bar(kind)
            if bar is not None:
                bars._data[symbol] = bar

    @property
    def count(self) -> int:
        """How many contracts there are."""
        return len(self.contracts)

    def __len__(self) -> int:
        return len(self.contracts)

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[OptionContract]:
        return iter(self.contracts.values)

    def contains_key(self, key: Any) -> bool:
        """Whether there is a contract of a symbol."""
        return self.contracts.contains_key(key)

    @property
    def data_frame(self) -> pd.DataFrame:
        """The contracts as LEAN's table, a row each."""
        if self._frame is None:
            from utils.engine.frames.chains import chain_frame

            self._frame = chain_frame(self, self._flatten)
        return self._frame  # type: ignore[no-any-return]  # made above

    def __str__(self) -> str:
        return f"{self.symbol}: {len(self.contracts)} contracts"


class OptionChains(DataDictionary[OptionChain]):
    """Chains by canonical symbol; an underlying or a contract finds its chain too."""

    __slots__ = ("_flatten", "_frame")

    def __init__(self, time: datetime = NO_TIME, flatten: bool = True) -> None:
        super().__init__(time)
        self._flatten = flatten
        self._frame: Any = None

    def __getitem__(self, symbol: Any) -> OptionChain:
        return super().__getitem__(canonical_of(symbol))

    def contains_key(self, symbol: Any) -> bool:
        """Whether there is a chain."""
        return super().contains_key(canonical_of(symbol))

    def get(self, symbol: Any, default_value: OptionChain | None = None) -> OptionChain | None:
        """The chain, else `default_value`."""
        return super().get(canonical_of(symbol), default_value)

    @property
    def data_frame(self) -> pd.DataFrame:
        """The contracts of all chains as LEAN's table."""
        if self._frame is None:
            from utils.engine.frames.chains import chains_frame

            self._frame = chains_frame(self, self._flatten)
        return self._frame  # type: ignore[no-any-return]  # made above


def canonical_of(symbol: Any) -> Any:
    """The symbol that stands for all options on an underlying, or of a contract's kind."""
    symbol = getattr(symbol, "symbol", symbol)
    if isinstance(symbol, str):
        from utils.engine.data.symbol_key import symbol_of

        symbol = symbol_of(symbol)
    if not isinstance(symbol, Symbol):
        return symbol
    if symbol.security_type in _WITH_OPTIONS:
        return Symbol.create_canonical_option(symbol)
    return symbol.canonical if is_option(symbol.security_type) else symbol
