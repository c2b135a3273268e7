"""`self.indicator_history`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final

from utils.engine.algorithm.field import Field
from utils.engine.algorithm.history_access import HistoryAccess
from utils.engine.clock import to_datetime, utc_to_local
from utils.engine.data.quote_bar import QuoteBar
from utils.engine.data.slice import Slice
from utils.engine.data.symbol_key import symbol_of
from utils.engine.data.trade_bar import TradeBar
from utils.engine.enums import DataNormalizationMode, Resolution, SecurityType
from utils.engine.errors import AlgorithmError
from utils.engine.feed.history_requests import Span, Terms, symbols_of
from utils.engine.indicators.base import IndicatorBase
from utils.engine.indicators.indicator_history import IndicatorHistory, replay
from utils.engine.indicators.kinds import TradeBarIndicator
from utils.engine.indicators.option_greeks import OptionIndicatorBase
from utils.engine.indicators.python_indicator import PythonIndicator
from utils.engine.indicators.updater import updater

_QUOTE_FIELDS: Final = tuple(
    getattr(Field, f"{side}_{field}") for side in ("bid", "ask") for field in ("open", "high", "low", "close")
)
_NAMES: Final = ("symbol", "symbols", "period", "span", "start", "end", "resolution", "selector", "history")


class IndicatorHistoryAccess(HistoryAccess):
    """Values of indicators in the past."""

    def indicator_history(self, indicator: Any, *terms: Any, **named: Any) -> IndicatorHistory:
        """Values that an indicator had; it is reset, and left as the past data makes it.

        `indicator_history(indicator, symbols, period | span | start, end[, resolution[, selector]])` takes a
        symbol or several, and so much data before that the indicator is ready for as many values as are asked
        for. `indicator_history(indicator, slices[, selector])` takes the slices of a `history`.

        Args:
            indicator: one of LEAN's, or the algorithm's own.
            period, span, start, end: how far back, in bars, as a timedelta, or times of the algorithm's zone.
            selector: what of a bar it is fed with, e.g. `Field.VOLUME`.

        Raises:
            AlgorithmError: arguments that are none of the forms.
            NotSupportedByEngine: data that is not read.
        """
        given = _arguments(terms, named)
        if not isinstance(indicator, IndicatorBase):
            indicator = PythonIndicator(indicator)
        selector = given.get("selector")
        slices = given.get("history")
        if slices is None:
            slices = self._slices_for(indicator, given)
        return replay(indicator, _inputs(indicator, slices, selector), updater(indicator, selector))

    def _slices_for(self, indicator: IndicatorBase, given: dict[str, Any]) -> list[Slice]:
        """Slices that hold the values asked for, and what the indicator needs before."""
        symbols = symbols_of(given.get("symbol", given.get("symbols")), symbol_of)
        resolution = given.get("resolution")
        terms = Terms(resolution=resolution, data_normalization_mode=normalization_for(indicator))
        before = int(getattr(indicator, "warm_up_period", 0) or 0)
        if "period" in given:
            periods = given["period"] + (before - 1 if before > 0 < given["period"] else before)
            return self.history.slices(symbols, Span(periods=periods), terms)
        now = self.time
        start, end = given.get("start"), given.get("end")
        if "span" in given:
            start, end = now - given["span"], now
        if before > 1:
            start = self._earlier(symbols, Span(start=start, end=end), resolution, before - 1)
        return self.history.slices(symbols, Span(start=start, end=end), terms)

    def _earlier(
        self, symbols: list[Any], span: Span, resolution: Resolution | None, bars: int
    ) -> date | datetime | None:
        """When a number of bars before a span begins, of all symbols the earliest."""
        requests = self.history.requests
        starts = [
            requests.start(
                request.config, bars, extended=request.config.extended_market_hours, until=request.start
            )
            for request in requests.create(symbols, None, span, Terms(resolution=resolution))
        ]
        return to_datetime(utc_to_local(min(starts), self._zone)) if starts else span.start


def _arguments(terms: tuple[Any, ...], named: dict[str, Any]) -> dict[str, Any]:
    """Arguments by name.

    Raises:
        AlgorithmError: they are none of the forms.
    """
    rest, given = list(terms), {name: value for name, value in named.items() if name in _NAMES}
    if rest and _are_slices(rest[0]):
        given["history"] = rest.pop(0)
    elif rest and not given.keys() & {"symbol", "symbols", "history"}:
        given["symbol"] = rest.pop(0)
    if "history" not in given and rest and not given.keys() & {"period", "span", "start"}:
        first = rest.pop(0)
        given[_kind_of_span(first)] = first
        if "start" in given and "end" not in given and rest:
            given["end"] = rest.pop(0)
    after = ("selector",) if "history" in given else ("resolution", "selector")
    given |= zip(after, rest, strict=False)
    complete = "history" in given or (
        given.keys() & {"symbol", "symbols"}
        and (given.keys() & {"period", "span"} or given.keys() >= {"start", "end"})
    )
    if not complete or len(rest) > len(after) or named.keys() - set(_NAMES):
        raise AlgorithmError(
            "indicator_history: give symbols and a number of bars, a timedelta, or a start and an end; "
            "or slices of a history"
        )
    return {name: value for name, value in given.items() if value is not None}


def _are_slices(given: Any) -> bool:
    return isinstance(given, (list, tuple)) and (not given or isinstance(given[0], Slice))


def _kind_of_span(value: Any) -> str:
    if isinstance(value, date):
        return "start"
    return "span" if isinstance(value, timedelta) else "period"


def normalization_for(indicator: IndicatorBase) -> DataNormalizationMode | None:
    """Indicators of options on shares need prices that go with the strikes."""
    if (
        isinstance(indicator, OptionIndicatorBase)
        and indicator.option_symbol.underlying.security_type == SecurityType.EQUITY
    ):
        return DataNormalizationMode.SCALED_RAW
    return None


def _inputs(
    indicator: IndicatorBase, slices: Iterable[Slice], selector: Callable[[Any], Any] | None
) -> Iterator[Any]:
    """The data of slices that an indicator is fed with."""
    kind: type | None = None
    if isinstance(indicator, TradeBarIndicator):
        kind = TradeBar
    elif not indicator.of_bars:
        kind = _kind_for(selector)
    for one in slices:
        if kind is not None:
            yield from one.get(kind).values
            continue
        for symbol in one.keys:
            found, data = one.try_get_value(symbol)
            if found:
                yield data[-1] if isinstance(data, list) else data


def _kind_for(selector: Callable[[Any], Any] | None) -> type | None:
    """The kind of bar that has what a selector of `Field` takes."""
    if any(selector is field for field in _QUOTE_FIELDS):
        return QuoteBar
    return TradeBar if selector is Field.volume else None
