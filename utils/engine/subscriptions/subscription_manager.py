"""`self.subscription_manager`: what is subscribed to, and which consolidators hang on it."""

from __future__ import annotations

from typing import Any

from utils.engine.clock import Clock
from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.dotnet.key_value_pair import CallableList
from utils.engine.dotnet.naming import DotNet
from utils.engine.enums import SecurityType, TickType
from utils.engine.feed.config import SubscriptionDataConfig
from utils.engine.securities.as_symbol import as_symbol
from utils.engine.subscriptions.data_types import available
from utils.engine.subscriptions.scan_schedule import ScanSchedule


class SubscriptionDataConfigService(DotNet):
    """Looks configurations up."""

    def __init__(self, manager: SubscriptionManager) -> None:
        self._manager = manager

    def get_subscription_data_configs(
        self, symbol: Any = None, include_internal_configs: bool = False
    ) -> CallableList[SubscriptionDataConfig]:
        """Configurations of a symbol, of all symbols by default."""
        wanted = None if symbol is None else as_symbol(symbol)
        return CallableList(
            config
            for config in self._manager.configs
            if (wanted is None or config.symbol == wanted)
            and (include_internal_configs or not config.is_internal_feed)
        )


class SubscriptionManager(DotNet):  # LEAN's name
    """Configurations and consolidators.

    Attributes:
        configs: all configurations, internal ones too.
        consolidating: those with consolidators.
    """

    subscription_data_config_service: SubscriptionDataConfigService

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.configs: list[SubscriptionDataConfig] = []
        self.consolidating: list[SubscriptionDataConfig] = []
        self.scans = ScanSchedule(clock)
        self.subscription_data_config_service = SubscriptionDataConfigService(self)

    @property
    def subscriptions(self) -> CallableList[SubscriptionDataConfig]:
        """Configurations of the algorithm's own."""
        return CallableList(config for config in self.configs if not config.is_internal_feed)

    @property
    def count(self) -> int:
        """Number of the algorithm's own configurations."""
        return len(self.subscriptions)

    def configs_of(self, symbol: Any, *, internal: bool = False) -> list[SubscriptionDataConfig]:
        """Configurations of a symbol."""
        return [c for c in self.configs if c.symbol == symbol and (internal or not c.is_internal_feed)]

    def add(self, config: SubscriptionDataConfig) -> None:
        """Keep a configuration."""
        self.configs.append(config)

    def remove(self, config: SubscriptionDataConfig) -> None:
        """Drop a configuration and its consolidators."""
        for consolidator in list(config.consolidators):
            self.scans.remove(consolidator)
        self.configs = [other for other in self.configs if other is not config]
        self.consolidating = [other for other in self.consolidating if other is not config]

    def add_consolidator(self, symbol: Any, consolidator: Any, tick_type: TickType | None = None) -> None:
        """Feed a consolidator with a symbol's data.

        Raises:
            ArgumentException: the symbol was not added, or has no data of the consolidator's input type.
        """
        symbol = as_symbol(symbol)
        configs = self.configs_of(symbol)
        if not configs:
            raise ArgumentException(
                f"Please subscribe to this symbol before adding a consolidator for it. Symbol: {symbol}"
            )
        for config in configs:
            if suits(config, consolidator, tick_type):
                config.consolidators.add(consolidator)
                if config not in self.consolidating:
                    self.consolidating.append(config)
                self.scans.add(consolidator, config)
                return
        types = ",".join(config.type.__name__ for config in configs)
        if tick_type is not None and all(config.tick_type != tick_type for config in configs):
            kinds = ", ".join(str(config.tick_type) for config in configs)
            raise ArgumentException(
                f"No subscription with the requested Tick Type {tick_type} was found. Available "
                f"Tick Types: {kinds}"
            )
        raise ArgumentException(
            f"Type mismatch found between consolidator and symbol. Symbol: {symbol} does not "
            "support input type: "
            f"{_input_type(consolidator).__name__}. Supported types: {types}."
        )

    def remove_consolidator(self, symbol: Any, consolidator: Any) -> None:
        """Feed a consolidator no longer."""
        for config in list(self.consolidating):
            if consolidator in config.consolidators:
                config.consolidators.remove(consolidator)
                self.scans.remove(consolidator)
                if not config.consolidators:
                    self.consolidating.remove(config)

    def feed(self, config: SubscriptionDataConfig, data: Any) -> None:
        """Give a data point to a configuration's consolidators, and ask them whether their bar is over."""
        local = self._clock.local(config.exchange_time_zone)
        for consolidator in list(config.consolidators):
            consolidator.update(data)
            consolidator.scan(local)


def _input_type(consolidator: Any) -> type:
    kind: type = getattr(consolidator, "input_type", None) or consolidator.InputType
    return kind


def suits(config: SubscriptionDataConfig, consolidator: Any, tick_type: TickType | None) -> bool:
    """Whether a configuration's data is what a consolidator takes."""
    wanted = _input_type(consolidator)
    if tick_type is not None:
        return config.tick_type == tick_type and issubclass(config.type, wanted)
    if wanted is not config.type and _is_general(wanted):
        kinds = available(SecurityType(config.security_type), config.resolution)
        return issubclass(config.type, wanted) and (not kinds or config.tick_type == kinds[0])
    return issubclass(config.type, wanted)


def _is_general(kind: type) -> bool:
    """Whether a type is a base of several kinds of bars."""
    return kind.__name__ in ("BaseData", "IBaseData", "IBaseDataBar", "IBar")
