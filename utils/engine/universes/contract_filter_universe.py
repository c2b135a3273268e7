"""Filters of the contracts on an underlying."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Self

from utils.engine.data.option_universe import OptionUniverse
from utils.engine.dotnet.exceptions import InvalidOperationException
from utils.engine.dotnet.naming import DotNet
from utils.engine.identity.symbol import Symbol

_STANDARD, _WEEKLY = 1, 2


class ContractSecurityFilterUniverse(DotNet):
    """Contracts of a moment; each filter leaves some of them out and gives this object back.

    Attributes:
        local_time: the moment in the exchange's zone.
    """

    local_time: datetime

    def __init__(self) -> None:
        self._data: list[OptionUniverse] = []
        self._types = _STANDARD | _WEEKLY
        self._types_applied = False

    def _begin(self, data: Iterable[OptionUniverse], local_time: datetime) -> None:
        self._data, self.local_time = list(data), local_time
        self._types, self._types_applied = _STANDARD | _WEEKLY, False

    # Of one kind of contract

    def _is_standard(self, symbol: Symbol) -> bool:
        """Whether a contract expires with the monthly ones."""
        raise NotImplementedError

    def _reference_date(self, day: datetime) -> datetime:
        """The date that times to expiry count from."""
        return day

    # Collections

    @property
    def all_symbols(self) -> list[Symbol]:
        """Symbols of the contracts."""
        return [row.symbol for row in self._data]

    @property
    def count(self) -> int:
        """How many contracts there are."""
        return len(self._data)

    def __len__(self) -> int:
        return len(self._data)

    def __iter__(self) -> Iterator[OptionUniverse]:
        return iter(self._data)

    def __getitem__(self, index: Any) -> Any:
        return self._data[index]

    def _keep(self, wanted: Callable[[OptionUniverse], Any]) -> Self:
        self._data = [row for row in self._data if wanted(row)]
        return self

    def _keep_symbols(self, symbols: Iterable[Any]) -> Self:
        """Exactly these contracts, those without a line too."""
        known = {row.symbol: row for row in self._data}
        rows = []
        for one in symbols:
            symbol = one if isinstance(one, Symbol) else one.symbol
            rows.append(known.get(symbol) or OptionUniverse(symbol=symbol, time=self.local_time))
        self._data = rows
        return self

    def _empty(self) -> Self:
        self._data = []
        return self

    # By kind of expiry

    def apply_types_filter(self) -> Self:
        """Leave out the kinds of expiry that are not wanted; once."""
        if not self._types_applied and self._types != _STANDARD | _WEEKLY:
            standard: dict[datetime | None, bool] = {}
            for row in self._data:
                if row.expiry not in standard:
                    standard[row.expiry] = self._is_standard(row.symbol)
            wanted = self._types == _STANDARD
            self._keep(lambda row: standard[row.expiry] == wanted)
        self._types_applied = True
        return self

    def _require_no_types(self, name: str) -> None:
        if self._types_applied:
            raise InvalidOperationException(
                f"Type filters have already been applied, please call {name}() before applying other filters "
                "such as FrontMonth() or BackMonths()"
            )

    def standards_only(self) -> Self:
        """Monthly contracts only."""
        self._require_no_types("StandardsOnly")
        self._types = _STANDARD
        return self

    def include_weeklys(self) -> Self:
        """Weekly contracts too; they are included anyway."""
        self._require_no_types("IncludeWeeklys")
        self._types |= _WEEKLY
        return self

    def weeklys_only(self) -> Self:
        """Weekly contracts only."""
        self._types = _WEEKLY
        return self

    # By expiry

    def front_month(self) -> Self:
        """The nearest expiry."""
        return self._of_first_expiry(True)

    def back_months(self) -> Self:
        """All but the nearest expiry."""
        return self._of_first_expiry(False)

    def back_month(self) -> Self:
        """The second nearest expiry."""
        return self.back_months().front_month()

    def _of_first_expiry(self, wanted: bool) -> Self:
        self.apply_types_filter()
        self._data.sort(key=_expiry)
        if self._data:
            first = self._data[0].expiry
            self._keep(lambda row: (row.expiry == first) == wanted)
        return self

    def expiration(self, min_expiry: timedelta | int, max_expiry: timedelta | int) -> Self:
        """Contracts that expire so many days, or such a time, from now."""
        midnight = datetime(self.local_time.year, self.local_time.month, self.local_time.day)
        reference = self._reference_date(midnight)
        first, last = (_moved(reference, span) for span in (min_expiry, max_expiry))
        return self._keep(lambda row: first <= _expiry(row) <= last)

    # By a function or a list

    def contracts(self, contracts: Any) -> Self:
        """Exactly these contracts: a list, or a function from the contracts to a list."""
        return self._keep_symbols(list(contracts(self._data) if callable(contracts) else contracts))

    def where(self, predicate: Callable[[OptionUniverse], Any]) -> Self:
        """Contracts for which a function is true."""
        return self._keep(predicate)

    def select(self, map_func: Callable[[OptionUniverse], Any]) -> Self:
        """What a function makes of each contract."""
        return self._keep_symbols([map_func(row) for row in self._data])

    def select_many(self, map_func: Callable[[OptionUniverse], Iterable[Any]]) -> Self:
        """All of what a function makes of each contract."""
        return self._keep_symbols([one for row in self._data for one in map_func(row)])

    def where_contains(self, filter_list: Iterable[Any]) -> Self:
        """Contracts that a list has."""
        wanted = {one if isinstance(one, Symbol) else one.symbol for one in filter_list}
        return self._keep(lambda row: row.symbol in wanted)

    def only_apply_filter_at_market_open(self) -> Self:
        """Nothing: filters are applied once a day."""
        return self


def _expiry(row: OptionUniverse) -> datetime:
    assert row.expiry is not None
    return row.expiry


def _moved(day: datetime, span: timedelta | int) -> datetime:
    """A date moved by a span, as far as there are dates."""
    try:
        return day + (span if isinstance(span, timedelta) else timedelta(days=span))
    except OverflowError:
        return datetime.max
