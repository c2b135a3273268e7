"""Order events as LEAN writes them in logs: one line, long or short."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from utils.engine.dotnet.money import normalize, text
from utils.engine.dotnet.rounding import smart_rounding
from utils.engine.identity.security_identifier import is_option
from utils.engine.securities.currencies import currency_symbol

if TYPE_CHECKING:
    from utils.engine.orders.order_event import OrderEvent


class _Labels(NamedTuple):
    """What stands before each figure that an event may have."""

    fill_quantity: str
    fill_price: str
    limit: str
    stop: str
    trailing: str
    trigger: str
    fee: str
    message: str
    assignment: str


_LONG = _Labels(
    "FillQuantity: ",
    "FillPrice: ",
    "LimitPrice: ",
    "StopPrice: ",
    "TrailingAmount: ",
    "TriggerPrice: ",
    "OrderFee: ",
    "Message: ",
    "IsAssignment: ",
)
_SHORT = _Labels("FQ:", "FP:", "LP:", "SP:", "TA: ", "TP:", "OF:", "M:", "IA:")


def long_text(event: OrderEvent) -> str:
    """The event in words."""
    begin = (
        f"Time: {event.utc_time:%m/%d/%Y %H:%M:%S} OrderID: {event.order_id} EventID: {event.id} "
        f"Symbol: {event.symbol.value} Status: {event.status} "
        f"Quantity: {text(normalize(event.exact_quantity))}"
    )
    return " ".join((begin, *_figures(event, _LONG, "")))


def short_text(event: OrderEvent) -> str:
    """The event in few characters."""
    begin = (
        f"{event.utc_time:%m/%d/%Y %H:%M:%S} OID:{event.order_id} {event.symbol.value} {event.status} "
        f"Q:{text(normalize(event.exact_quantity))}"
    )
    return " ".join((begin, *_figures(event, _SHORT, currency_symbol(event.fill_price_currency))))


def _figures(event: OrderEvent, labels: _Labels, before_fee: str) -> Iterator[str]:
    sign = currency_symbol(event.fill_price_currency)

    def price(value: Decimal) -> str:
        return f"{sign}{text(smart_rounding(value))}"

    if event.exact_fill_quantity:
        yield f"{labels.fill_quantity}{text(event.exact_fill_quantity)}"
        yield f"{labels.fill_price}{price(event.exact_fill_price)}"
    if event.exact_limit_price is not None:
        yield f"{labels.limit}{price(event.exact_limit_price)}"
    if event.exact_stop_price is not None:
        yield f"{labels.stop}{price(event.exact_stop_price)}"
    if event.exact_trailing_amount is not None:
        amount = event.exact_trailing_amount
        shown = f"{text(amount * 100)}%" if event.trailing_as_percentage else f"{sign}{text(amount)}"
        yield f"{labels.trailing}{shown}"
    if event.exact_trigger_price is not None:
        yield f"{labels.trigger}{price(event.exact_trigger_price)}"
    if event.order_fee.value.exact_amount:
        yield f"{labels.fee}{before_fee}{event.order_fee}"
    if event.message:
        yield f"{labels.message}{event.message}"
    if is_option(event.symbol.security_type):
        yield f"{labels.assignment}{event.is_assignment}"
