"""Which consolidator makes what is asked for out of a subscription's data."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from utils.engine.consolidators.base_data_consolidator import BaseDataConsolidator, DynamicDataConsolidator
from utils.engine.consolidators.calendar import CalendarFunction
from utils.engine.consolidators.identity import IdentityDataConsolidator
from utils.engine.consolidators.market_hour_aware import MarketHourAwareConsolidator
from utils.engine.consolidators.period_count import RESOLUTION_SPANS
from utils.engine.consolidators.quote_bar_consolidator import QuoteBarConsolidator
from utils.engine.consolidators.range_consolidator import RangeConsolidator
from utils.engine.consolidators.renko_consolidator import RenkoConsolidator
from utils.engine.consolidators.tick_consolidator import (
    OpenInterestConsolidator,
    TickConsolidator,
    TickQuoteBarConsolidator,
)
from utils.engine.consolidators.trade_bar_consolidator import TradeBarConsolidator
from utils.engine.consolidators.volume_renko_consolidator import VolumeRenkoConsolidator
from utils.engine.data.python_data import DynamicData
from utils.engine.data.quote_bar import QuoteBar
from utils.engine.data.range_bar import RangeBar
from utils.engine.data.renko_bar import RenkoBar, VolumeRenkoBar
from utils.engine.data.tick import Tick
from utils.engine.data.trade_bar import TradeBar
from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.enums import Resolution, TickType


def create_consolidator(
    period: timedelta | CalendarFunction | int, input_type: type, tick_type: TickType | None = None
) -> Any:
    """The consolidator of a type of data by period, calendar or count.

    A period of zero gives one that passes data on.
    """
    if isinstance(period, timedelta) and not period:
        return create_identity_consolidator(input_type)
    if issubclass(input_type, TradeBar):
        return TradeBarConsolidator(period)
    if issubclass(input_type, QuoteBar):
        return QuoteBarConsolidator(period)
    if issubclass(input_type, Tick):
        return _tick_consolidator(period, tick_type)
    if issubclass(input_type, DynamicData):
        return DynamicDataConsolidator(period)
    return BaseDataConsolidator(period)


def _tick_consolidator(period: Any, tick_type: TickType | None) -> Any:
    if tick_type == TickType.QUOTE:
        return TickQuoteBarConsolidator(period)
    # A calendar gives no open interest.
    if tick_type == TickType.OPEN_INTEREST and not callable(period):
        return OpenInterestConsolidator(period)
    return TickConsolidator(period)


def create_identity_consolidator(input_type: type) -> Any:
    """The consolidator that passes data of a type on."""
    for kind in (TradeBar, QuoteBar, Tick, DynamicData):
        if issubclass(input_type, kind):
            return IdentityDataConsolidator.of(kind)()
    return IdentityDataConsolidator()


def create_sized_consolidator(
    bar_type: type, size: float, resolution: Resolution, tick_type: TickType | None = None
) -> Any:
    """The consolidator for bars of a type and size: a brick's size, a range in ticks, or a count.

    Args:
        bar_type: what the handler takes.
        resolution: of the subscription; ticks are counted by their kind.
        tick_type: the kind of ticks.
    """
    if bar_type is VolumeRenkoBar:
        return VolumeRenkoConsolidator(size)
    if bar_type is RenkoBar:
        return RenkoConsolidator(size)
    if bar_type is RangeBar:
        return RangeConsolidator(int(size))
    if resolution == Resolution.TICK:
        return _tick_consolidator(int(size), tick_type)
    if bar_type is TradeBar:
        return TradeBarConsolidator(int(size))
    if bar_type is QuoteBar:
        return QuoteBarConsolidator(int(size))
    return BaseDataConsolidator(int(size))


def consolidator_for(
    subscription: Any,
    period: timedelta | Resolution | CalendarFunction | None = None,
    *,
    output_type: type | None = None,
    daily_precise_end_time: bool = True,
    daily_extended_market_hours: bool = False,
) -> Any:
    """The consolidator of a subscription's data for a period; None: its own resolution.

    Args:
        subscription: has `symbol`, `type`, `tick_type`, `resolution`, `increment`, `extended_market_hours`.
        output_type: what the handler takes; None: anything.
        daily_precise_end_time: `settings.daily_precise_end_time`.
        daily_extended_market_hours: `settings.daily_consolidation_use_extended_market_hours`.

    Raises:
        ArgumentException: the subscription's bars are longer than the period, or the handler takes others.
    """
    kind, ticks = subscription.type, subscription.tick_type
    if period is None:
        period = subscription.increment
    if isinstance(period, Resolution):
        _check_detail(subscription, period < subscription.resolution)
        if period == subscription.resolution:
            made = create_identity_consolidator(kind)
        elif period == Resolution.DAILY:
            extended = daily_extended_market_hours and subscription.extended_market_hours
            made = MarketHourAwareConsolidator(daily_precise_end_time, period, kind, ticks, extended)
        else:
            made = create_consolidator(RESOLUTION_SPANS[period], kind, ticks)
    elif isinstance(period, timedelta):
        _check_detail(subscription, period < subscription.increment)
        same = period == subscription.increment
        made = create_identity_consolidator(kind) if same else create_consolidator(period, kind, ticks)
    else:
        made = create_consolidator(period, kind, ticks)
    if output_type is not None and not issubclass(made.output_type, output_type):
        raise ArgumentException(
            f"consolidate: the consolidator gives {made.output_type.__name__}, the handler takes "
            f"{output_type.__name__}"
        )
    return made


def _check_detail(subscription: Any, too_short: bool) -> None:
    if too_short:
        raise ArgumentException(
            f"{subscription.symbol}: bars cannot be made shorter than its {subscription.resolution} data"
        )
