"""Order events as LEAN's JSON."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from utils.engine.securities.currencies import NULL_CURRENCY

_EPOCH: Final = datetime(1970, 1, 1)


def event_fields(event: Any, algorithm_id: str) -> dict[str, object]:
    """The fields of an order event in LEAN's order, under LEAN's names.

    Args:
        event: of `utils.engine.orders`.
        algorithm_id: stem of the result files.
    """
    fields: dict[str, object] = {
        "id": f"{algorithm_id}-{event.order_id}-{event.id}",
        "algorithmId": algorithm_id,
        "orderId": event.order_id,
        "orderEventId": event.id,
        "symbol": str(event.symbol.id),
        "symbolValue": event.symbol.value,
        "symbolPermtick": event.symbol.id.symbol,
        "time": (event.utc_time - _EPOCH) / timedelta(seconds=1),
        "status": _camel_case(str(event.status)),
    }
    fee = event.order_fee.value
    if fee.currency not in ("", NULL_CURRENCY):
        fields |= {"orderFeeAmount": fee.exact_amount, "orderFeeCurrency": fee.currency}
    fields |= {
        "fillPrice": event.exact_fill_price,
        "fillPriceCurrency": event.fill_price_currency,
        "fillQuantity": event.exact_fill_quantity,
        "direction": _camel_case(str(event.direction)),
    }
    if event.message:
        fields["message"] = event.message
    fields |= {"isAssignment": event.is_assignment, "quantity": event.exact_quantity}
    if event.exact_stop_price is not None:
        fields["stopPrice"] = event.exact_stop_price
    if event.exact_limit_price is not None:
        fields["limitPrice"] = event.exact_limit_price
    if event.is_in_the_money:
        fields["isInTheMoney"] = True
    return fields


def _camel_case(name: str) -> str:
    return name[:1].lower() + name[1:]
