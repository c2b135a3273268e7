"""`self.warm_up_indicator`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from utils.engine.algorithm.consolidating import Consolidating
from utils.engine.algorithm.indicator_history_access import IndicatorHistoryAccess, normalization_for
from utils.engine.consolidators.consolidator import attach
from utils.engine.consolidators.factory import create_consolidator, create_identity_consolidator
from utils.engine.consolidators.period_count import RESOLUTION_SPANS
from utils.engine.enums import Resolution
from utils.engine.feed.history_requests import Span, Terms, symbols_of
from utils.engine.indicators.updater import updater
from utils.engine.securities.as_symbol import as_symbol


class IndicatorWarmUp(Consolidating, IndicatorHistoryAccess):
    """Indicators made ready from the past."""

    def warm_up_indicator(
        self,
        symbol: Any,
        indicator: Any,
        resolution: Any = None,
        selector: Callable[[Any], Any] | None = None,
    ) -> None:
        """Feed an indicator with as much of the past as it needs to be ready.

        It forgets what it was fed with before, unless the bars are given by a span of time.

        Args:
            symbol: one, or several if the indicator is of several.
            resolution: of the bars, or their length as a timedelta; left out, that of the subscription.
            selector: what of a bar the indicator is fed with.
        """
        period = getattr(indicator, "warm_up_period", getattr(indicator, "WarmUpPeriod", None))
        if period is None:
            self.debug(
                f"Warning: {getattr(indicator, 'name', indicator)} is not warmed up: "
                "it does not say how much data it needs ('WarmUpPeriod')"
            )
            return
        symbols = symbols_of(symbol, as_symbol)
        if isinstance(resolution, timedelta):
            self._warm_up_by_span(symbols, indicator, int(period), resolution, selector)
        else:
            self.indicator_history(indicator, symbols, 0, resolution, selector)

    def _warm_up_by_span(
        self,
        symbols: list[Any],
        indicator: Any,
        period: int,
        span: timedelta,
        selector: Callable[[Any], Any] | None,
    ) -> None:
        finest = max((r for r, s in RESOLUTION_SPANS.items() if s <= span), key=lambda r: RESOLUTION_SPANS[r])
        count = period * (span // RESOLUTION_SPANS[finest] if finest != Resolution.TICK else 1)
        terms = Terms(resolution=finest, data_normalization_mode=normalization_for(indicator))
        take = updater(indicator, selector)
        consolidators: dict[Any, Any] = {}
        for one in self.history.slices(symbols, Span(periods=count), terms):
            for symbol, data in one.items():
                if symbol not in consolidators:
                    consolidators[symbol] = made = self._warm_up_consolidator(symbol, type(data), span)
                    attach(made, lambda _sender, bar: take(bar))
                consolidators[symbol].update(data)
        for symbol, consolidator in consolidators.items():
            if consolidator.working_data is not None:
                known = self.securities.known(symbol)
                consolidator.scan(self.time if known is None else known.local_time)

    def _warm_up_consolidator(self, symbol: Any, kind: type, span: timedelta) -> Any:
        """What makes bars of a length: by the subscription where there is one, as those to come are made."""
        if self.subscription_manager.configs_of(symbol):
            return self._consolidator_of(self._config_for(symbol, kind=kind), span)
        if span in RESOLUTION_SPANS.values():
            return create_identity_consolidator(kind)
        return create_consolidator(span, kind)
