"""Orders as LEAN's JSON, and the hash over all orders of a backtest.

LEAN writes what a kind of order declares itself before what every order has; `_OWN` follows that order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, Final

from utils.engine.dotnet.naming import pascal_case
from utils.engine.dotnet.rounding import smart_rounding
from utils.engine.enums import OrderType
from utils.engine.results.json_text import json_text, time_text
from utils.engine.results.symbol_json import symbol_fields

Rounding = Callable[[Decimal], Decimal]

# The fields that each kind declares, in LEAN's order; names from `exact_` attributes are prices.
_OWN: Final[dict[OrderType, tuple[str, ...]]] = {
    OrderType.LIMIT: ("limit_price", "type"),
    OrderType.STOP_MARKET: ("stop_price", "type"),
    OrderType.TRAILING_STOP: ("trailing_amount", "trailing_as_percentage", "type", "stop_price"),
    OrderType.STOP_LIMIT: ("stop_price", "stop_triggered", "limit_price", "type"),
    OrderType.LIMIT_IF_TOUCHED: ("type", "trigger_price", "limit_price", "trigger_touched"),
    OrderType.COMBO_MARKET: ("type", "quantity"),
    OrderType.COMBO_LIMIT: ("type", "quantity"),
    OrderType.COMBO_LEG_LIMIT: ("type", "limit_price", "quantity"),
}
_COMMON: Final = (
    "id", "contingent_id", "broker_id", "symbol", "price", "price_currency", "time", "created_time",
    "last_fill_time", "last_update_time", "canceled_time", "quantity", "type", "status", "tag", "properties",
    "security_type", "direction", "value", "order_submission_data", "is_marketable", "group_order_manager",
    "price_adjustment_mode",
)  # fmt: skip
_MONEY: Final = frozenset(
    {"price", "quantity", "limit_price", "stop_price", "trigger_price", "trailing_amount"}
)
_LEFT_OUT_WHEN_NONE: Final = frozenset(
    {"last_fill_time", "last_update_time", "canceled_time", "tag", "group_order_manager"}
)


def order_fields(
    order: Any, rounding: Rounding | None = None, *, camel_case: bool = True
) -> dict[str, object]:
    """The fields of an order in LEAN's order, under LEAN's names.

    Args:
        order: of `utils.engine.orders`.
        rounding: applied to the fill price and to the order's own prices; None keeps them as they are.
        camel_case: of a brokerage's properties, as in result files; else .NET's names, as in the hash.
    """
    own = _OWN.get(order.type, ("type",))
    names = [*own, *(name for name in _COMMON if name not in own)]
    # The limits of combos are not among the prices that LEAN rounds.
    unrounded = "limit_price" if order.type == OrderType.COMBO_LEG_LIMIT else ""
    fields: dict[str, object] = {}
    for name in names:
        value = _field(order, name, None if name == unrounded else rounding)
        if name == "properties":
            value = _properties_fields(order.properties, _camel_case if camel_case else pascal_case)
        if value is not None or name not in _LEFT_OUT_WHEN_NONE:
            fields[_camel_case(name)] = value
    return fields


def order_list_hash(orders: Iterable[Any]) -> str:
    """LEAN's OrderListHash: MD5 over the JSON of the orders by id, with prices rounded to seven digits."""
    by_id = sorted(orders, key=lambda order: order.id)
    joined = ",".join(json_text(order_fields(order, smart_rounding, camel_case=False)) for order in by_id)
    return hashlib.md5(joined.encode(), usedforsecurity=False).hexdigest()


def _field(order: Any, name: str, rounding: Rounding | None) -> object:
    if name in _MONEY:
        amount: Decimal = getattr(order, f"exact_{name}")
        return amount if rounding is None or name == "quantity" else rounding(amount)
    if name == "value":
        price = order.exact_price if rounding is None else rounding(order.exact_price)
        return order.exact_quantity * price
    value = None if name == "properties" else getattr(order, name)
    if value is None:
        return None
    write = _NESTED.get(name)
    return write(value) if write is not None else value


def _submission_fields(sent: Any) -> dict[str, object]:
    return {
        _camel_case(name): getattr(sent, f"exact_{name}") for name in ("bid_price", "ask_price", "last_price")
    }


def _group_fields(group: Any) -> dict[str, object]:
    return {
        "id": group.id,
        "quantity": group.exact_quantity,
        "count": group.count,
        "limitPrice": group.exact_limit_price,
        "orderIds": sorted(group.order_ids),
        "direction": group.direction,
    }


def _properties_fields(properties: Any, name_of: Callable[[str], str]) -> dict[str, object]:
    """What a brokerage's properties declare, then the time in force."""
    common = ("time_in_force", "exchange")
    fields: dict[str, object] = {
        name_of(name): value
        for name, value in vars(properties).items()
        if name not in common and not name.startswith("_")
    }
    fields["timeInForce"] = _time_in_force_fields(properties.time_in_force)
    if properties.exchange is not None:
        exchange = properties.exchange
        named = {"code": exchange.code, "name": exchange.name, "market": exchange.market}
        named["security_types"] = list(exchange.security_types)
        fields[name_of("exchange")] = {name_of(name): value for name, value in named.items()}
    return fields


def _time_in_force_fields(time_in_force: Any) -> dict[str, object]:
    kind = type(time_in_force).__name__
    if kind == "GoodTilCanceledTimeInForce":
        return {}
    fields: dict[str, object] = {"$type": f"QuantConnect.Orders.TimeInForces.{kind}"}
    if kind == "GoodTilDateTimeInForce":
        fields["Expiry"] = time_text(time_in_force.expiry).removesuffix("Z")  # in no time zone
    return fields


def _camel_case(name: str) -> str:
    pascal = pascal_case(name)
    return pascal[:1].lower() + pascal[1:]


_NESTED: Final[dict[str, Callable[[Any], object]]] = {
    "symbol": symbol_fields,
    "order_submission_data": _submission_fields,
    "group_order_manager": _group_fields,
}
