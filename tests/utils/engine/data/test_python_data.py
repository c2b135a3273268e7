"""Custom data types."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

import pytest

from utils.engine.data.base_data import BaseData
from utils.engine.data.python_data import PythonData
from utils.engine.data.subscription_data_source import (
    FileFormat,
    SubscriptionDataSource,
    SubscriptionTransportMedium,
)
from utils.engine.data.trade_bar import TradeBar
from utils.engine.dotnet.exceptions import KeyNotFoundException, NotImplementedException
from utils.engine.enums import MarketDataType, SecurityType
from utils.engine.errors import NotSupportedByEngine
from utils.engine.identity.symbol import Symbol

CUSTOM = Symbol.create("RAIN", SecurityType.EQUITY, "usa")
DATE = datetime(2018, 4, 3)


class Rain(PythonData):
    """In LEAN's older naming style."""

    def GetSource(self, config: Any, date: datetime, is_live_mode: bool) -> SubscriptionDataSource:  # noqa: ARG002
        return SubscriptionDataSource("https://example.org/rain.csv")

    def Reader(self, config: Any, line: str, date: datetime, is_live_mode: bool) -> BaseData | None:  # noqa: ARG002
        day, value = line.split(",")
        rain: Any = Rain()
        rain.Symbol = config
        rain.Time = datetime.strptime(day, "%Y-%m-%d")
        rain.EndTime = rain.Time + timedelta(days=1)
        rain.Value = float(value)
        rain["Open"] = float(value) - 1.0
        rain.station = "north"
        return cast(BaseData, rain)


class Wind(PythonData):
    """With an `__init__` that does not call the base's."""

    def __init__(self) -> None:
        self.gust = 3.0


def read() -> Any:
    return Rain().reader(CUSTOM, "2018-04-03,12.5", DATE, False)


def test_either_naming_style_overrides() -> None:
    assert Rain().get_source(None, DATE, False).source.endswith("rain.csv")
    assert read().value == 12.5


def test_fields_in_any_case_and_as_attributes() -> None:
    rain = read()
    assert rain["open"] == rain["Open"] == rain.open == rain.Open == 11.5
    assert rain.station == "north"
    assert rain["value"] == rain["Price"] == 12.5
    assert rain["time"] == DATE
    assert rain["EndTime"] == rain.end_time == DATE + timedelta(days=1)
    assert rain.data_type == MarketDataType.BASE
    assert rain.has_property("OPEN")
    with pytest.raises(KeyNotFoundException, match="snow"):
        rain["snow"]
    with pytest.raises(AttributeError):
        _ = rain.snow


def test_fields_of_the_base_can_be_set_by_name() -> None:
    rain = Rain()
    rain["Value"] = 5.0
    rain["Time"] = DATE
    assert (rain.value, rain.time, rain.end_time) == (5.0, DATE, DATE)


def test_end_time_alone_sets_the_time() -> None:
    rain = Rain()
    rain.end_time = DATE
    assert rain.time == DATE
    rain.time = DATE - timedelta(days=1)
    assert rain.end_time == DATE


def test_an_own_init_need_not_call_the_base() -> None:
    wind = Wind()
    assert wind.gust == 3.0
    assert wind.value == 0.0
    assert not wind.is_fill_forward


def test_a_copy_has_its_own_fields() -> None:
    rain = read()
    twin = rain.clone(True)
    twin["open"] = 0.0
    assert rain["open"] == 11.5
    assert twin.is_fill_forward


def test_what_is_not_written_is_named() -> None:
    with pytest.raises(NotImplementedException, match="Wind"):
        Wind().reader(None, "", DATE, False)
    with pytest.raises(NotSupportedByEngine, match=r"TradeBar\.Reader"):
        TradeBar().reader(None, "", DATE, False)


@pytest.mark.parametrize(
    ("source", "medium"),
    [
        ("HTTP://example.org/a.csv", SubscriptionTransportMedium.REMOTE_FILE),
        ("/data/a.csv", SubscriptionTransportMedium.LOCAL_FILE),
    ],
)
def test_medium_follows_from_the_source(source: str, medium: SubscriptionTransportMedium) -> None:
    made = SubscriptionDataSource(source)
    assert made.transport_medium == medium
    assert made.format == FileFormat.CSV
    assert str(made) == f"{medium}: Csv {source}"
    assert made == SubscriptionDataSource(source, medium)


def test_headers() -> None:
    made = SubscriptionDataSource("x", SubscriptionTransportMedium.REST, FileFormat.CSV, {"a": "b"})
    assert [(header.key, header.value) for header in made.headers] == [("a", "b")]
    assert made != SubscriptionDataSource("x", SubscriptionTransportMedium.REST)
