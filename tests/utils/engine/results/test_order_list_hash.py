"""The hash of an order list, against the hashes LEAN publishes with its regression algorithms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from utils.engine.dotnet.money import use_money_context
from utils.engine.enums import DataNormalizationMode, OrderStatus, SecurityType
from utils.engine.orders.kinds import LimitOrder, MarketOnOpenOrder, MarketOrder
from utils.engine.orders.order import Order, OrderSubmissionData
from utils.engine.orders.properties import OrderProperties
from utils.engine.orders.time_in_force import TimeInForce
from utils.engine.results.json_text import json_text
from utils.engine.results.order_json import order_fields, order_list_hash


@dataclass(frozen=True)
class Identifier:
    text: str
    security_type: SecurityType = SecurityType.EQUITY

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Ticker:
    value: str
    id: Identifier
    underlying: Any = None


SPY = Ticker("SPY", Identifier("SPY R735QTJ8XC9X"))
FACTOR = Decimal("0.8646266")


@pytest.fixture(autouse=True)
def _money() -> None:
    use_money_context()


def filled(order: Order, price: str, filled_at: datetime, quotes: tuple[Decimal, Decimal, Decimal]) -> Order:
    order.id = 1
    order.broker_id = ["1"]
    order.exact_price = Decimal(price)
    order.price_currency = "USD"
    order.status = OrderStatus.FILLED
    order.last_fill_time = filled_at
    order.order_submission_data = OrderSubmissionData(*quotes)
    order.price_adjustment_mode = DataNormalizationMode.ADJUSTED
    return order


def test_no_orders_hash_to_the_md5_of_nothing() -> None:
    assert order_list_hash([]) == "d41d8cd98f00b204e9800998ecf8427e"


def test_hash_of_the_basic_template_is_the_published_one() -> None:
    """688 SPY bought at 9:31 on 2013-10-07; submission prices keep the digits of raw price times factor."""
    time = datetime(2013, 10, 7, 13, 31)
    quotes = (Decimal("167.4400") * FACTOR, Decimal("167.4500") * FACTOR, Decimal("167.4400") * FACTOR)
    order = filled(MarketOrder(SPY, 688, time), "144.78172417000", time, quotes)
    assert order_list_hash([order]) == "3da9fa60bf95b9ed148b95e02e0cfc9e"


def test_hash_of_the_parameterized_template_is_the_published_one() -> None:
    """689 SPY bought at 9:32 on 2013-10-10."""
    time = datetime(2013, 10, 10, 13, 32)
    quotes = (Decimal("144.70390777600"), Decimal("144.71255404200"), Decimal("144.70390777600"))
    order = filled(MarketOrder(SPY, 689, time), "144.71255404200", time, quotes)
    assert order_list_hash([order]) == "1fd15c0ef2042df5cd6e6d590000318e"


def test_hash_of_an_order_on_the_open_is_the_published_one() -> None:
    """697 SPY on daily bars: sent at the close of 2013-10-08, filled at the next open, known at its close."""
    close, opened = Decimal("165.4800") * FACTOR, Decimal("165.8200") * FACTOR
    order = MarketOnOpenOrder(SPY, 697, datetime(2013, 10, 8, 20))
    filled(order, str(opened), datetime(2013, 10, 9, 20), (close, close, close))
    assert order_list_hash([order]) == "70f21e930175a2ec9d465b21edc1b6d9"


def test_hash_of_limit_orders_with_every_time_in_force_is_the_published_one() -> None:
    """Six orders of 10 SPY: two of each time in force, the far one to rest or expire, the other to fill."""
    sent, later = datetime(2013, 10, 7, 13, 31), datetime(2013, 10, 7, 13, 32)
    quotes = (Decimal("167.4400") * FACTOR, Decimal("167.4500") * FACTOR, Decimal("167.4400") * FACTOR)
    until = {
        TimeInForce.GOOD_TIL_CANCELED: None,
        TimeInForce.DAY: datetime(2013, 10, 7, 20),
        TimeInForce.good_til_date(datetime(2013, 10, 10)): datetime(2013, 10, 10, 20),
    }
    orders: list[Order] = []
    for (time_in_force, expiry), limits in zip(
        until.items(), ((100, 160), (140, 180), (100, 160)), strict=True
    ):
        for limit in limits:
            properties = OrderProperties()
            properties.time_in_force = time_in_force
            order = LimitOrder(SPY, 10, limit, sent, "", properties)
            filled(order, str(Decimal("167.4700") * FACTOR), later, quotes)
            if limit < 145:  # the market never gets there
                order.status = OrderStatus.SUBMITTED if expiry is None else OrderStatus.CANCELED
                order.exact_price, order.last_fill_time, order.canceled_time = Decimal(0), None, expiry
            orders.append(order)
            order.id = len(orders)
            order.broker_id = [str(order.id)]
    assert order_list_hash(reversed(orders)) == "a0588650916ed396fb5793375118e7b3"


def test_json_of_an_order_is_lean_s_to_the_character() -> None:
    time = datetime(2013, 10, 7, 13, 31)
    quotes = (Decimal("144.77307790400"), Decimal("144.78172417000"), Decimal("144.77307790400"))
    order = filled(MarketOrder(SPY, 688, time), "144.7817", time, quotes)
    assert json_text(order_fields(order)) == (
        '{"type":0,"id":1,"contingentId":0,"brokerId":["1"],"symbol":{"value":"SPY","id":"SPY R735QTJ8XC9X",'
        '"permtick":"SPY"},"price":144.7817,"priceCurrency":"USD","time":"2013-10-07T13:31:00Z",'
        '"createdTime":"2013-10-07T13:31:00Z","lastFillTime":"2013-10-07T13:31:00Z","quantity":688.0,"status":3,'
        '"tag":"","properties":{"timeInForce":{}},"securityType":1,"direction":0,"value":99609.8096,'
        '"orderSubmissionData":{"bidPrice":144.77307790400,"askPrice":144.78172417000,'
        '"lastPrice":144.77307790400},"isMarketable":true,"priceAdjustmentMode":1}'
    )
