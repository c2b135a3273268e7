"""The base of all data points."""

from __future__ import annotations

from copy import copy
from datetime import datetime, timedelta
from typing import Any, Final, Self

from utils.engine.clock import to_datetime
from utils.engine.data.wall_time import NO_TIME, ONE_MINUTE
from utils.engine.dotnet.exceptions import InvalidOperationException, NotImplementedException
from utils.engine.dotnet.money import exact, text
from utils.engine.dotnet.naming import DotNet
from utils.engine.enums import MarketDataType, Resolution, SecurityType
from utils.engine.errors import NotSupportedByEngine
from utils.engine.identity.symbol import Symbol

_MAPPED: Final = (SecurityType.EQUITY, SecurityType.OPTION)


def empty_symbol() -> Symbol:
    """`Symbol.empty`, what data has before it is told its symbol."""
    return Symbol.empty


class BaseData(DotNet):
    """A value of a symbol at a time.

    Attributes:
        symbol: what the data is of.
        value: the representative value, of bars the close.
        is_fill_forward: whether this is a repetition of earlier data.
    """

    __slots__ = ("_time", "is_fill_forward", "symbol", "value")

    symbol: Symbol
    value: float
    is_fill_forward: bool
    # Nanoseconds since 1970 on the wall clock until `time` is read.
    _time: int | datetime

    _data_type: MarketDataType = MarketDataType.BASE  # of the class: a slice asks each of its points

    # What `supported_resolutions` of a custom type may give.
    ALL_RESOLUTIONS = AllResolutions = tuple(Resolution)
    DAILY_RESOLUTION = DailyResolution = (Resolution.DAILY,)
    MINUTE_RESOLUTION = MinuteResolution = (Resolution.MINUTE,)
    HIGH_RESOLUTION = HighResolution = (Resolution.MINUTE, Resolution.SECOND, Resolution.TICK)

    def __init__(self) -> None:
        self.symbol = empty_symbol()
        self.value = 0.0
        self.is_fill_forward = False
        self._time = NO_TIME

    @property
    def time(self) -> datetime:
        """Start of the data, in the exchange's zone."""
        time = self._time
        if time.__class__ is int:
            self._time = time = to_datetime(time)
        return time  # type: ignore[return-value]  # an int was turned into a datetime above

    @time.setter
    def time(self, value: datetime) -> None:
        self._time = value

    @property
    def end_time(self) -> datetime:
        """When the data is known, in the exchange's zone."""
        return self.time

    @end_time.setter
    def end_time(self, value: datetime) -> None:
        self.time = value

    @property
    def price(self) -> float:
        """The value."""
        return self.value

    @property
    def data_type(self) -> MarketDataType:
        """The kind of data; only that of custom data can be set to another.

        Raises:
            NotSupportedByEngine: when a bar or tick is set to another.
        """
        return self._data_type

    @data_type.setter
    def data_type(self, kind: MarketDataType) -> None:
        if kind == self._data_type:
            return
        if not hasattr(self, "__dict__"):
            raise NotSupportedByEngine(f"{type(self).__name__} of DataType.{kind}")
        vars(self)["_data_type"] = kind

    def update(
        self,
        last_trade: float,
        bid_price: float,
        ask_price: float,
        volume: float,
        bid_size: float,
        ask_size: float,
    ) -> None:
        """Take in a trade or a quote; zero stands for what is not known."""
        self.value = last_trade

    def update_trade(self, last_trade: float, trade_size: float) -> None:
        """Take in a trade."""
        self.update(last_trade, 0.0, 0.0, trade_size, 0.0, 0.0)

    def update_quote(self, bid_price: float, bid_size: float, ask_price: float, ask_size: float) -> None:
        """Take in a quote."""
        self.update(0.0, bid_price, ask_price, 0.0, bid_size, ask_size)

    def update_bid(self, bid_price: float, bid_size: float) -> None:
        """Take in the bid's side of a quote."""
        self.update(0.0, bid_price, 0.0, 0.0, bid_size, 0.0)

    def update_ask(self, ask_price: float, ask_size: float) -> None:
        """Take in the ask's side of a quote."""
        self.update(0.0, 0.0, ask_price, 0.0, 0.0, ask_size)

    def clone(self, fill_forward: bool | None = None) -> Self:
        """A copy; `fill_forward` says what the copy's `is_fill_forward` is."""
        twin = copy(self)
        if fill_forward is not None:
            twin.is_fill_forward = fill_forward
        return twin

    def reader(self, config: Any, line: Any, date: datetime, is_live_mode: bool) -> BaseData | None:
        """Make a data point of a line of the source.

        Raises:
            NotImplementedException: the type does not say how.
            NotSupportedByEngine: the type is one of the engine's, whose files the engine reads itself.
        """
        _refuse_built_in(self, "Reader")
        raise NotImplementedException(
            f"Please implement Reader(SubscriptionDataConfig, string, DateTime, bool) on your custom data "
            f"type: {type(self).__name__}"
        )

    def get_source(self, config: Any, date: datetime, is_live_mode: bool) -> Any:
        """Where the data of a date is.

        Raises:
            NotImplementedException: the type does not say where.
            NotSupportedByEngine: the type is one of the engine's, whose files the engine reads itself.
        """
        _refuse_built_in(self, "GetSource")
        raise NotImplementedException(
            f"Please implement GetSource(SubscriptionDataConfig, DateTime, bool) on your custom data "
            f"type: {type(self).__name__}"
        )

    def requires_mapping(self) -> bool:
        """Whether the symbol's name changes with its map file; custom data goes with what it is about."""
        symbol: Symbol | None = self.symbol
        while symbol is not None and symbol.security_type == SecurityType.BASE:
            symbol = symbol.underlying
        return symbol is not None and symbol.security_type in _MAPPED

    def is_sparse_data(self) -> bool:
        """Whether days without data are nothing to warn of."""
        return bool(self.symbol.security_type == SecurityType.BASE)

    def should_cache_to_security(self) -> bool:
        """Whether the security's prices follow this data."""
        return True

    def default_resolution(self) -> Resolution:
        """Resolution of a subscription that names none."""
        return Resolution.MINUTE

    def supported_resolutions(self) -> list[Resolution]:
        """Resolutions a subscription may name."""
        return list(Resolution)

    def data_time_zone(self) -> str:
        """Name of the time zone of the source's times.

        Raises:
            InvalidOperationException: the data is not custom.
        """
        if self.symbol.security_type != SecurityType.BASE:
            raise InvalidOperationException("BaseData.DataTimeZone(): is only valid for base data types")
        return "America/New_York"

    def __str__(self) -> str:
        return f"{self.symbol}: \u00a4{self.value:,.2f}"

    def to_string(self) -> str:
        """The text of the data point."""
        return str(self)


def _refuse_built_in(data: BaseData, member: str) -> None:
    if type(data).__module__.startswith("utils.engine."):
        raise NotSupportedByEngine(f"{type(data).__name__}.{member}")


class PeriodData(BaseData):
    """Data over a span of time."""

    __slots__ = ("_end",)
    _end: int | datetime

    def __init__(self) -> None:
        super().__init__()
        self._end = NO_TIME + ONE_MINUTE

    @property
    def time(self) -> datetime:
        """Start of the span; setting it moves the span."""
        time = self._time
        if time.__class__ is int:
            self._time = time = to_datetime(time)
        return time  # type: ignore[return-value]  # an int was turned into a datetime above

    @time.setter
    def time(self, value: datetime) -> None:
        period = self.period
        self._time = value
        self._end = value + period

    @property
    def end_time(self) -> datetime:
        """End of the span; setting it changes the period."""
        time = self._end
        if time.__class__ is int:
            self._end = time = to_datetime(time)
        return time  # type: ignore[return-value]  # an int was turned into a datetime above

    @end_time.setter
    def end_time(self, value: datetime) -> None:
        self._end = value

    @property
    def period(self) -> timedelta:
        """Length of the span; setting it moves the end."""
        return self.end_time - self.time

    @period.setter
    def period(self, value: timedelta) -> None:
        self._end = self.time + value


def number_text(value: float) -> str:
    """A number as .NET writes a decimal."""
    return text(exact(value))
