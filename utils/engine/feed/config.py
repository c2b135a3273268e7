"""What a subscription is to."""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from datetime import timedelta, tzinfo
from typing import TYPE_CHECKING, Any, Self

from utils.engine.data.quote_bar import QuoteBar
from utils.engine.data.tick import OpenInterest, Tick
from utils.engine.data.trade_bar import TradeBar
from utils.engine.dotnet.naming import DotNet
from utils.engine.enums import DataNormalizationMode, Resolution, SecurityType, TickType
from utils.engine.errors import NotSupportedByEngine

if TYPE_CHECKING:
    from utils.engine.identity.symbol import Symbol

INCREMENTS = {
    Resolution.TICK: timedelta(0),
    Resolution.SECOND: timedelta(seconds=1),
    Resolution.MINUTE: timedelta(minutes=1),
    Resolution.HOUR: timedelta(hours=1),
    Resolution.DAILY: timedelta(days=1),
}

_TYPES = {TickType.TRADE: TradeBar, TickType.QUOTE: QuoteBar, TickType.OPEN_INTEREST: OpenInterest}

_ARGUMENTS = (
    "type",
    "symbol",
    "resolution",
    "data_time_zone",
    "exchange_time_zone",
    "fill_data_forward",
    "extended_market_hours",
    "is_internal_feed",
    "is_custom_data",
    "tick_type",
    "is_filtered_subscription",
    "data_normalization_mode",
)


class ConsolidatorSet(DotNet):
    """The consolidators that hang on a subscription, in the order they were added."""

    def __init__(self) -> None:
        self._members: dict[int, Any] = {}

    def add(self, consolidator: Any) -> bool:
        """Add a consolidator; whether it was not there."""
        new = id(consolidator) not in self._members
        self._members[id(consolidator)] = consolidator
        return new

    def remove(self, consolidator: Any) -> bool:
        """Take a consolidator out; whether it was there."""
        return self._members.pop(id(consolidator), None) is not None

    discard = remove

    def __contains__(self, consolidator: object) -> bool:
        return id(consolidator) in self._members

    def __iter__(self) -> Iterator[Any]:
        return iter(tuple(self._members.values()))

    def __len__(self) -> int:
        return len(self._members)

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._members)


class SubscriptionDataConfig(DotNet):
    """One kind of data of one symbol.

    Attributes:
        type: class of the data points.
        symbol: whose data; changes when the ticker does.
        increment: length of a bar.
        tick_type: trades or quotes.
        data_time_zone: zone of the times in the files.
        exchange_time_zone: zone of the times of the data points.
        fill_data_forward: whether the last bar is repeated where none is.
        extended_market_hours: whether bars before and after regular hours are given.
        is_internal_feed: whether the engine, not the algorithm, asked for it.
        is_filtered_subscription: whether bars out of market hours are dropped.
        consolidators: what is fed with the data.
        price_scale_factor, sum_of_dividends: what the last bar was adjusted with.
    """

    type: builtins.type
    symbol: Symbol
    resolution: Resolution
    increment: timedelta
    tick_type: TickType
    data_time_zone: tzinfo
    exchange_time_zone: tzinfo
    fill_data_forward: bool
    extended_market_hours: bool
    is_internal_feed: bool
    is_custom_data: bool
    is_filtered_subscription: bool
    data_normalization_mode: DataNormalizationMode
    consolidators: ConsolidatorSet
    price_scale_factor: float
    sum_of_dividends: float

    def __new__(cls, *arguments: Any, **_named: Any) -> Self:
        """Refuse LEAN's way to copy: by the constructor.

        Raises:
            NotSupportedByEngine: another configuration is given.
        """
        if arguments and isinstance(arguments[0], SubscriptionDataConfig):
            raise NotSupportedByEngine("SubscriptionDataConfig of another one")
        return super().__new__(cls)

    def __init__(
        self,
        type: builtins.type | None,  # noqa: A002 - LEAN's name
        symbol: Symbol,
        resolution: Resolution,
        data_time_zone: tzinfo,
        exchange_time_zone: tzinfo,
        fill_data_forward: bool = True,
        extended_market_hours: bool = False,
        is_internal_feed: bool = False,
        is_custom_data: bool = False,
        tick_type: TickType | None = None,
        is_filtered_subscription: bool = True,
        data_normalization_mode: DataNormalizationMode = DataNormalizationMode.ADJUSTED,
    ) -> None:
        """Without a type or a tick type they follow from each other and the resolution."""
        if tick_type is None:
            quotes = type is QuoteBar or (type is not TradeBar and symbol.security_type == SecurityType.FOREX)
            tick_type = TickType.QUOTE if quotes else TickType.TRADE
        if type is None:
            type = _TYPES[TickType(tick_type)]  # noqa: A001 - LEAN's name
            type = Tick if resolution == Resolution.TICK else type  # noqa: A001 - LEAN's name
        self.type = type
        self._sid = symbol.id
        self.symbol = symbol
        self.resolution = Resolution(resolution)
        self.increment = INCREMENTS[self.resolution]
        self.tick_type = TickType(tick_type)
        self.data_time_zone = data_time_zone
        self.exchange_time_zone = exchange_time_zone
        self.fill_data_forward = fill_data_forward and resolution != Resolution.TICK
        self.extended_market_hours = extended_market_hours
        self.is_internal_feed = is_internal_feed
        self.is_custom_data = is_custom_data
        self.is_filtered_subscription = is_filtered_subscription
        self.data_normalization_mode = data_normalization_mode
        self.consolidators = ConsolidatorSet()
        self.price_scale_factor = 1.0
        self.sum_of_dividends = 0.0

    def copy(self, **changes: Any) -> SubscriptionDataConfig:
        """The same with some arguments of the constructor changed; the consolidators are shared."""
        given = {name: getattr(self, name) for name in _ARGUMENTS}
        twin = SubscriptionDataConfig(**(given | changes))
        twin.consolidators = self.consolidators
        return twin

    @property
    def security_type(self) -> SecurityType:
        """Kind of the security."""
        return SecurityType(self.symbol.security_type)

    @property
    def market(self) -> str:
        """Market of the security."""
        return str(self.symbol.id.market)

    @property
    def mapped_symbol(self) -> str:
        """Ticker of the present."""
        return str(self.symbol.value)

    @mapped_symbol.setter
    def mapped_symbol(self, ticker: str) -> None:
        if ticker != self.symbol.value:
            self.symbol = self.symbol.update_mapped_symbol(ticker)

    def _key(self) -> tuple[Any, ...]:
        return (
            self._sid,
            self.type,
            self.tick_type,
            self.resolution,
            self.fill_data_forward,
            self.extended_market_hours,
            self.is_internal_feed,
            self.is_custom_data,
            str(self.data_time_zone),
            str(self.exchange_time_zone),
            self.is_filtered_subscription,
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SubscriptionDataConfig) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash((self._sid, self.tick_type, self.resolution, self.is_internal_feed))

    def __str__(self) -> str:
        internal = ",Internal" if self.is_internal_feed else ""
        name = self.type.__name__
        return (
            f"{self.symbol.value},#0,{self.mapped_symbol},{self.resolution},{name},{self.tick_type},"
            f"{self.data_normalization_mode},OpenInterest{internal}"
        )
