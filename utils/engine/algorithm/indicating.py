"""Indicators: made by name, fed by subscriptions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from operator import attrgetter
from typing import Any

from utils.engine.algorithm.indicator_warm_up import IndicatorWarmUp
from utils.engine.clock import Clock
from utils.engine.consolidators.consolidator import attach
from utils.engine.data.trade_bar import TradeBar
from utils.engine.enums import Resolution
from utils.engine.feed.config import SubscriptionDataConfig
from utils.engine.feed.source import Source
from utils.engine.indicators.block import RevealedRows
from utils.engine.indicators.kinds import TradeBarIndicator
from utils.engine.indicators.shortcuts import SHORTCUTS, Shortcut, create_indicator_name
from utils.engine.indicators.updater import updater
from utils.engine.securities.as_symbol import as_symbol


class Ahead:
    """An indicator whose values are computed ahead, a stretch of the time line at a time."""

    def __init__(
        self, indicator: Any, config: SubscriptionDataConfig, clock: Clock, field: str = "close"
    ) -> None:
        self.indicator, self.config, self.field = indicator, config, field
        self._clock = clock
        self._revealed: RevealedRows | None = None
        self._columns: Any = None
        self._base = 0  # the indicator's first row of the present columns

    def load(self, source: Source, on_detached: Callable[[Any], None]) -> bool:
        """Compute the rows to come; False when the indicator cannot be attached."""
        revealed = self._revealed
        if revealed is None:
            revealed = self._revealed = RevealedRows(self._clock, source.rows)
            self._base = revealed.row + 1  # what was visible before is not the indicator's
            taken = self.indicator.attach(
                revealed, field=self.field, detached=on_detached, symbol=self.config.symbol
            )
            if not taken:
                return False
        elif self._columns is not source.columns:
            self._base = 0
        base = self._base
        revealed.rows = [row - base for row in source.rows] if base else source.rows
        if self._columns is not source.columns:
            self._columns = source.columns
            self.indicator.load_block(source.inputs().since(base))
        return True


class Indicating(IndicatorWarmUp):
    """Registration and the shortcuts by name."""

    def _init_indicating(self) -> None:
        self.ahead: list[Ahead] = []
        self.ahead_changed = False

    def register_indicator(
        self,
        symbol: Any,
        indicator: Any,
        resolution: Any = None,
        selector: Callable[[Any], Any] | None = None,
    ) -> None:
        """Feed an indicator with a symbol's bars: as they are, of a resolution, a span or a consolidator."""
        self._feed(symbol, indicator, resolution, selector)

    def _feed(
        self,
        symbol: Any,
        indicator: Any,
        resolution: Any = None,
        selector: Callable[[Any], Any] | None = None,
        field: str = "close",
    ) -> None:
        """Register an indicator; without selector, one of values takes a field of the bars of trades."""
        symbol = as_symbol(symbol)
        if resolution is None or isinstance(resolution, (Resolution, timedelta)) or callable(resolution):
            config = self._config_for(symbol)
            same = resolution in (None, config.resolution, config.increment)
            can_block = selector is None and getattr(indicator, "can_block", False)
            can_block = can_block and not config.is_custom_data  # its points are the user's objects
            field = field if config.type is TradeBar else "close"
            if config.type is not TradeBar and isinstance(indicator, TradeBarIndicator):
                can_block = False
            if same and can_block and config.resolution != Resolution.TICK:
                self.ahead.append(Ahead(indicator, config, self._clock, field))
                self.ahead_changed = self._clock.interrupted = True
                return
            if selector is None and field != "close":
                selector = attrgetter(field)
            consolidator, tick_type = self._consolidator_of(config, resolution), config.tick_type
        else:
            consolidator, tick_type = resolution, None
        self._register(symbol, indicator, consolidator, tick_type, selector)

    def _register(
        self,
        symbol: Any,
        indicator: Any,
        consolidator: Any,
        tick_type: Any,
        selector: Callable[[Any], Any] | None,
    ) -> None:
        take = updater(indicator, selector)
        attach(consolidator, lambda _sender, bar: take(bar))
        kept = getattr(indicator, "consolidators", None)
        if isinstance(kept, list):
            kept.append(consolidator)
        self.subscription_manager.add_consolidator(symbol, consolidator, tick_type)

    def stream(self, indicator: Any) -> None:
        """Feed an indicator bar by bar that was computed ahead so far."""
        for one in self.ahead:
            if one.indicator is indicator:
                consolidator = self._consolidator_of(one.config, None)
                selector = None if one.field == "close" else attrgetter(one.field)
                self._register(one.config.symbol, indicator, consolidator, one.config.tick_type, selector)
        self.ahead = [one for one in self.ahead if one.indicator is not indicator]

    def unregister_indicator(self, indicator: Any) -> None:
        """Feed an indicator no longer."""
        self._forget_ahead([one for one in self.ahead if one.indicator is indicator])
        for config in list(self.subscription_manager.consolidating):
            for consolidator in list(config.consolidators):
                if consolidator in (getattr(indicator, "consolidators", None) or ()):
                    self.subscription_manager.remove_consolidator(config.symbol, consolidator)

    def end_subscription(self, config: SubscriptionDataConfig, *, read_anew: bool) -> None:
        """Compute indicators ahead no longer from a subscription which has ended.

        Args:
            read_anew: the subscription begins again, and feeds them bar by bar.
        """
        gone = [one for one in self.ahead if one.config is config]
        if not read_anew:
            self._forget_ahead(gone)
        for one in gone:
            one.indicator.detach()

    def _forget_ahead(self, gone: list[Ahead]) -> None:
        self.ahead = [one for one in self.ahead if one not in gone]
        for one in gone:
            one.indicator.detach()

    def deregister_indicator(self, indicator: Any) -> None:
        """Another name of `unregister_indicator`."""
        self.unregister_indicator(indicator)

    def create_indicator_name(self, symbol: Any, type: str, resolution: Resolution | None = None) -> str:  # noqa: A002
        """LEAN's name of an indicator: `EMA(14,SPY_min)`."""
        symbol = as_symbol(symbol)
        if resolution is None and symbol is not None:
            resolution = self._config_for(symbol).resolution
        return create_indicator_name(symbol, type, resolution)

    def _create_by_shortcut(self, shortcut: Shortcut, symbol: Any, *args: Any, **kwargs: Any) -> Any:
        call = shortcut.bind(args, kwargs)
        if shortcut.symbols == "many":
            symbols = of = [as_symbol(one) for one in symbol]
        else:
            of = as_symbol(symbol)
            symbols = [of]
        if shortcut.symbols == "two":
            call.settings["reference"] = as_symbol(call.settings["reference"])
            symbols.append(call.settings["reference"])
        resolution = call.resolution
        shown = resolution if isinstance(resolution, Resolution) else self._config_for(symbols[0]).resolution
        indicator = shortcut.make(of, shown, call, self.risk_free_interest_rate_model)
        for one in symbols:
            self._feed(one, indicator, resolution, call.selector, shortcut.field)
        if self.settings.automatic_indicator_warm_up:
            of_trades = shortcut.field != "close" and self._config_for(symbols[0]).type is TradeBar
            selector = attrgetter(shortcut.field) if of_trades and call.selector is None else call.selector
            self.warm_up_indicator(symbols, indicator, resolution, selector)
        return indicator


def _shortcut_method(shortcut: Shortcut) -> Callable[..., Any]:
    def method(self: Indicating, symbol: Any, *args: Any, **kwargs: Any) -> Any:
        return self._create_by_shortcut(shortcut, symbol, *args, **kwargs)

    method.__doc__ = shortcut.__doc__
    return method


for _name, _shortcut in SHORTCUTS.items():
    setattr(Indicating, _name, _shortcut_method(_shortcut))
