"""`self.consolidate`."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import timedelta
from typing import Any, get_type_hints

from utils.engine.algorithm.base import AlgorithmBase
from utils.engine.consolidators.consolidator import attach
from utils.engine.consolidators.factory import consolidator_for, create_sized_consolidator
from utils.engine.data.base_data import BaseData
from utils.engine.data.quote_bar import QuoteBar
from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.enums import Resolution, TickType
from utils.engine.feed.config import SubscriptionDataConfig
from utils.engine.securities.as_symbol import as_symbol


class Consolidating(AlgorithmBase):
    """Bars longer than the subscription's."""

    def consolidate(self, *terms: Any, **named: Any) -> Any:
        """Make longer bars and give them to a handler; returns the consolidator.

        `consolidate(symbol, period, [tick_type,] handler)` with a period as resolution, timedelta or
        `Calendar`; `consolidate[RenkoBar](symbol, size, [tick_type,] handler)` and
        `consolidate(RenkoBar, symbol, size, [tick_type,] handler)` for bars by size.
        """
        parts = list(terms)
        bar_type = parts.pop(0) if parts and isinstance(parts[0], type) else None
        names = ["symbol", "period", "tick_type", "handler"]
        if len(parts) == 3 and "tick_type" not in named and not isinstance(parts[2], TickType):
            names.remove("tick_type")
        given = dict(zip(names, parts, strict=False)) | named
        symbol = as_symbol(given["symbol"])
        period = given.get("period", given.get("size", given.get("calendar", given.get("max_count"))))
        tick_type, handler = given.get("tick_type"), given.get("handler")
        config = self._config_for(symbol, tick_type, bar_type or _wanted_type(handler))
        if isinstance(period, (int, float)) and not isinstance(period, Resolution):
            made = create_sized_consolidator(bar_type or config.type, period, config.resolution, tick_type)
        else:
            made = self._consolidator_of(config, period, bar_type)
        if handler is not None:
            attach(made, lambda _sender, bar: handler(bar))
        self.subscription_manager.add_consolidator(symbol, made, tick_type or config.tick_type)
        return made

    def _consolidator_of(
        self, config: SubscriptionDataConfig, period: Any, output_type: type | None = None
    ) -> Any:
        return consolidator_for(
            config,
            period,
            output_type=output_type,
            daily_precise_end_time=self.settings.daily_precise_end_time,
            daily_extended_market_hours=self.settings.daily_consolidation_use_extended_market_hours,
        )

    def _config_for(
        self, symbol: Any, tick_type: TickType | None = None, kind: type | None = None
    ) -> SubscriptionDataConfig:
        """The subscription a consolidator of a symbol reads: trades before quotes.

        Raises:
            ArgumentException: there is none.
        """
        configs = self.subscription_manager.configs_of(symbol)
        if not configs:
            raise ArgumentException(
                f"Please register to receive data for symbol '{symbol}' using the AddSecurity() function."
            )
        configs = sorted(configs, key=lambda config: (config.tick_type, config.resolution))
        if tick_type is not None:
            configs = [config for config in configs if config.tick_type == tick_type]
        elif kind is not None and issubclass(kind, QuoteBar):
            configs = [config for config in configs if issubclass(config.type, QuoteBar)]
        if not configs:
            raise ArgumentException(f"No subscription of {symbol} with the requested data was found.")
        found: SubscriptionDataConfig = configs[0]
        return found

    def resolve_consolidator(self, symbol: Any, resolution: Any = None, data_type: type | None = None) -> Any:
        """The consolidator of a symbol's data for a resolution or a span of time; its own by default."""
        config = self._config_for(as_symbol(symbol), kind=data_type)
        return self._consolidator_of(config, resolution)

    @staticmethod
    def create_consolidator(period: timedelta, input_type: type, tick_type: TickType | None = None) -> Any:
        """The consolidator of a type of data for a span of time."""
        from utils.engine.consolidators.factory import create_consolidator

        return create_consolidator(period, input_type, tick_type)


def _wanted_type(handler: Callable[..., Any] | None) -> type | None:
    """The type of bar a handler says it takes."""
    if handler is None:
        return None
    try:
        parameters = [p for p in inspect.signature(handler).parameters.values() if p.default is p.empty]
        hints = get_type_hints(handler)
    except (TypeError, ValueError, NameError):
        return None
    wanted = hints.get(parameters[-1].name) if parameters else None
    return wanted if isinstance(wanted, type) and issubclass(wanted, BaseData) else None
