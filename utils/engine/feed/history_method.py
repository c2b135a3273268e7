"""`self.history` in its forms.

`history(symbols, ...)` and `history(TradeBar, symbols, ...)` give a table; `history(...)` without symbols
gives slices of all securities; `history[TradeBar](symbol, ...)` gives bars, with several symbols a dictionary
of bars for each moment. Splits, dividends, delistings and changes of ticker are had like bars. How far back
is a number of bars, a timedelta, or a start and an end.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from itertools import chain
from typing import Any

from utils.engine.clock import to_datetime, utc_to_local
from utils.engine.data.data_dictionary import DataDictionary
from utils.engine.data.slice import Slice
from utils.engine.data.symbol_key import symbol_of
from utils.engine.errors import AlgorithmError
from utils.engine.feed.auxiliary_history import COLUMNS, AuxiliaryHistory
from utils.engine.feed.data_folder import DataFolder
from utils.engine.feed.history import HistoryProvider, HistoryRequest, timed_bars
from utils.engine.feed.history_requests import HistoryRequestFactory, Span, Terms, symbols_of

_AFTER_SPAN = (
    "resolution",
    "fill_forward",
    "extended_market_hours",
    "data_mapping_mode",
    "data_normalization_mode",
    "contract_depth_offset",
    "flatten",
)
_SYMBOLS = ("symbols", "symbol", "tickers", "ticker")
_SPAN = ("periods", "span", "start", "end")
_USED = ("resolution", "fill_forward", "extended_market_hours", "data_normalization_mode")


class HistoryMethod:
    """An algorithm's `history`.

    Args:
        algorithm: as `HistoryRequestFactory` wants it, and with `securities`.
    """

    def __init__(self, algorithm: Any, data: DataFolder) -> None:
        self._algorithm = algorithm
        self.requests = HistoryRequestFactory(algorithm, data)
        self._provider = HistoryProvider(data)
        self._auxiliary = AuxiliaryHistory(data)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """A table, or slices when no symbols are named.

        Raises:
            AlgorithmError: arguments that are none of the forms.
            NotSupportedByEngine: data that is not read.
        """
        provider, now = self._present()
        if args and _are_requests(args[0]):
            given = [args[0]] if isinstance(args[0], HistoryRequest) else args[0]
            return provider.slices(given, now, self._algorithm._zone)
        data_type = kwargs.pop("type", None)
        if args and isinstance(args[0], type):
            data_type, *args = args  # type: ignore[assignment]  # a list does as well
        symbols, span, terms = _arguments(args, kwargs)
        wanted = self._symbols(symbols)
        if data_type in COLUMNS:
            asked = self.requests.auxiliary(wanted, data_type, span, terms)
            return self._auxiliary.data_frame(asked, now)
        requests = self.requests.create(wanted, data_type, span, terms)
        if symbols is None and data_type is None:
            return provider.slices(requests, now, self._algorithm._zone)
        return provider.data_frame(requests, now)

    def __getitem__(self, data_type: type) -> Any:
        """`history[TradeBar]`: bars instead of a table."""
        return partial(self._typed, data_type)

    def _typed(self, data_type: type, *args: Any, **kwargs: Any) -> list[Any]:
        provider, now = self._present()
        symbols, span, terms = _arguments(args, kwargs)
        wanted = self._symbols(symbols)
        if data_type in COLUMNS:
            asked = self.requests.auxiliary(wanted, data_type, span, terms)
            points = [self._auxiliary.events(request, now) for request in asked]
        else:
            points = [
                timed_bars(request.config, provider.rows(request, now))
                for request in self.requests.create(wanted, data_type, span, terms)
            ]
        if (
            symbols is not None
            and not isinstance(symbols, (list, tuple, set))
            and not hasattr(symbols, "keys")
        ):
            return [point for found in points for _, point in found]
        at: dict[int, DataDictionary[Any]] = {}
        for time, point in chain.from_iterable(points):
            local = to_datetime(utc_to_local(time, self._algorithm._zone))
            at.setdefault(time, DataDictionary(local))[point.symbol] = point
        return [at[time] for time in sorted(at)]

    def bars(self, symbol: Any, periods: int, resolution: Any = None) -> list[Any]:
        """The last bars of a symbol, of its trades when it has them."""
        provider, now = self._present()
        requests = self.requests.create([symbol], None, Span(periods=periods), Terms(resolution=resolution))
        return provider.bars(requests[-1], now) if requests else []

    def slices(self, symbols: list[Any], span: Span, terms: Terms) -> list[Slice]:
        """The data of symbols by the moment it appeared."""
        provider, now = self._present()
        requests = self.requests.create(symbols, None, span, terms)
        return provider.slices(requests, now, self._algorithm._zone)

    def bars_of(self, request: HistoryRequest) -> list[Any]:
        """Bars of a request."""
        provider, now = self._present()
        return provider.bars(request, now)

    def _present(self) -> tuple[HistoryProvider, int]:
        self._provider.daily_precise_end_time = self._algorithm.settings.daily_precise_end_time
        return self._provider, self._algorithm._clock.utc_ns

    def _symbols(self, given: Any) -> list[Any]:
        if given is not None:
            return symbols_of(given, symbol_of)
        return [symbol for symbol in self._algorithm.securities.keys if not symbol.is_canonical()]


def _are_requests(given: Any) -> bool:
    return isinstance(given, HistoryRequest) or (
        isinstance(given, (list, tuple)) and bool(given) and isinstance(given[0], HistoryRequest)
    )


def _is_time(value: Any) -> bool:
    return isinstance(value, (int, timedelta, date)) and not isinstance(value, bool)


def _arguments(args: Any, kwargs: dict[str, Any]) -> tuple[Any, Span, Terms]:
    """Symbols (None: all), how far back, and how."""
    rest = list(args)
    symbols = next((kwargs.pop(name) for name in _SYMBOLS if name in kwargs), None)
    if rest and not _is_time(rest[0]):
        symbols = rest.pop(0)
    named = {name: kwargs.pop(name) for name in _SPAN if name in kwargs}
    if rest and not named and _is_time(rest[0]):
        first = rest.pop(0)
        if isinstance(first, date):
            named["start"] = first
            if rest and isinstance(rest[0], date):
                named["end"] = rest.pop(0)
        else:
            named["span" if isinstance(first, timedelta) else "periods"] = first
    if not named.keys() & {"periods", "span", "start"}:
        raise AlgorithmError("history: give a number of bars, a timedelta, or a start and an end")
    terms = dict(zip(_AFTER_SPAN, rest, strict=False)) | kwargs
    unknown = sorted(set(terms) - set(_AFTER_SPAN))
    if unknown or len(rest) > len(_AFTER_SPAN):
        raise AlgorithmError(f"history: unknown argument {', '.join(unknown) or rest[-1]!r}")
    return symbols, Span(**named), Terms(**{name: terms[name] for name in _USED if name in terms})
