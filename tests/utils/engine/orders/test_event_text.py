"""Lines of order events, as LEAN's regression algorithms expect them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from utils.engine.enums import OrderDirection, OrderStatus, SecurityType
from utils.engine.identity.symbol import Symbol
from utils.engine.models.fees.order_fee import OrderFee
from utils.engine.orders.order_event import OrderEvent
from utils.engine.securities.cash_amount import CashAmount


def an_event(message: str = "") -> OrderEvent:
    fee = OrderFee(CashAmount(Decimal(1), "USD"))
    event = OrderEvent(
        72,
        Symbol.create("SPY", SecurityType.EQUITY, "usa"),
        datetime(2013, 10, 10, 13, 31),
        OrderStatus.FILLED,
        OrderDirection.SELL,
        Decimal("144.643383914"),
        Decimal(-1),
        fee,
        message,
    )
    event.fill_price_currency, event.exact_quantity = "USD", Decimal("-1.0")
    event.id = 399
    return event


def test_prices_have_their_sign_and_seven_digits() -> None:
    event = an_event()
    event.exact_limit_price, event.exact_trigger_price = Decimal("144.35509028"), Decimal("143.610")
    assert str(event) == (
        "Time: 10/10/2013 13:31:00 OrderID: 72 EventID: 399 Symbol: SPY Status: Filled Quantity: -1 "
        "FillQuantity: -1 FillPrice: $144.6434 LimitPrice: $144.3551 TriggerPrice: $143.61 OrderFee: 1 USD"
    )


def test_a_trailing_amount_is_a_price_or_a_percentage() -> None:
    event = an_event("gone")
    event.exact_stop_price, event.exact_trailing_amount = Decimal("1234.56789"), Decimal("0.05")
    assert "StopPrice: $1234.5679 TrailingAmount: $0.05 OrderFee: 1 USD Message: gone" in str(event)
    event.trailing_as_percentage = True
    assert "TrailingAmount: 5.00%" in str(event)


def test_the_short_line_says_the_same() -> None:
    event = an_event()
    event.exact_limit_price = Decimal("144.35509028")
    assert event.short_to_string() == (
        "10/10/2013 13:31:00 OID:72 SPY Filled Q:-1 FQ:-1 FP:$144.6434 LP:$144.3551 OF:$1 USD"
    )
