"""Which consolidator is made for what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from utils.engine.consolidators.base_data_consolidator import BaseDataConsolidator, DynamicDataConsolidator
from utils.engine.consolidators.calendar import Calendar
from utils.engine.consolidators.factory import (
    consolidator_for,
    create_consolidator,
    create_sized_consolidator,
)
from utils.engine.consolidators.identity import IdentityDataConsolidator
from utils.engine.consolidators.market_hour_aware import MarketHourAwareConsolidator
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
from utils.engine.data.base_data import BaseData
from utils.engine.data.python_data import PythonData
from utils.engine.data.quote_bar import QuoteBar
from utils.engine.data.range_bar import RangeBar
from utils.engine.data.renko_bar import RenkoBar, VolumeRenkoBar
from utils.engine.data.tick import Tick
from utils.engine.data.trade_bar import TradeBar
from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.enums import Resolution, TickType

MINUTE = timedelta(minutes=1)


@dataclass
class Subscription:
    """What a consolidator is made for."""

    symbol: str = "SPY"
    type: type = TradeBar
    tick_type: TickType = TickType.TRADE
    resolution: Resolution = Resolution.MINUTE
    increment: timedelta = MINUTE
    extended_market_hours: bool = False


@pytest.mark.parametrize(
    ("data", "ticks", "made"),
    [
        (TradeBar, None, TradeBarConsolidator),
        (QuoteBar, None, QuoteBarConsolidator),
        (Tick, TickType.TRADE, TickConsolidator),
        (Tick, TickType.QUOTE, TickQuoteBarConsolidator),
        (Tick, TickType.OPEN_INTEREST, OpenInterestConsolidator),
        (PythonData, None, DynamicDataConsolidator),
        (BaseData, None, BaseDataConsolidator),
    ],
)
def test_by_type_of_data(data: type, ticks: TickType | None, made: type) -> None:
    assert type(create_consolidator(MINUTE, data, ticks)) is made


def test_a_period_of_zero_passes_on() -> None:
    assert isinstance(create_consolidator(timedelta(0), TradeBar), IdentityDataConsolidator)


@pytest.mark.parametrize(
    ("period", "made"),
    [
        (None, IdentityDataConsolidator),
        (MINUTE, IdentityDataConsolidator),
        (Resolution.MINUTE, IdentityDataConsolidator),
        (timedelta(minutes=5), TradeBarConsolidator),
        (Resolution.HOUR, TradeBarConsolidator),
        (timedelta(days=1), TradeBarConsolidator),
        (Resolution.DAILY, MarketHourAwareConsolidator),
        (Calendar.WEEKLY, TradeBarConsolidator),
    ],
    ids=lambda one: getattr(one, "__name__", str(one)),
)
def test_by_period(period: Any, made: type) -> None:
    consolidator: Any = consolidator_for(Subscription(), period)
    assert consolidator.output_type is TradeBar
    assert isinstance(consolidator, made)


@pytest.mark.parametrize("period", [timedelta(seconds=1), Resolution.SECOND])
def test_shorter_than_the_data(period: Any) -> None:
    with pytest.raises(ArgumentException, match="SPY"):
        consolidator_for(Subscription(), period)


def test_the_handler_must_take_what_is_given() -> None:
    with pytest.raises(ArgumentException, match="QuoteBar"):
        consolidator_for(Subscription(), timedelta(minutes=5), output_type=QuoteBar)
    assert consolidator_for(Subscription(), timedelta(minutes=5), output_type=BaseData)


@pytest.mark.parametrize(
    ("bar", "resolution", "ticks", "made"),
    [
        (RenkoBar, Resolution.MINUTE, None, RenkoConsolidator),
        (VolumeRenkoBar, Resolution.MINUTE, None, VolumeRenkoConsolidator),
        (RangeBar, Resolution.MINUTE, None, RangeConsolidator),
        (TradeBar, Resolution.MINUTE, None, TradeBarConsolidator),
        (QuoteBar, Resolution.MINUTE, None, QuoteBarConsolidator),
        (BaseData, Resolution.MINUTE, None, BaseDataConsolidator),
        (QuoteBar, Resolution.TICK, TickType.QUOTE, TickQuoteBarConsolidator),
        (TradeBar, Resolution.TICK, None, TickConsolidator),
    ],
)
def test_by_size(bar: type, resolution: Resolution, ticks: TickType | None, made: type) -> None:
    assert type(create_sized_consolidator(bar, 12, resolution, ticks)) is made
