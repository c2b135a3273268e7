"""Combo orders: legs that fill together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal

from utils.engine.algorithm.trading import Quantity, Trading
from utils.engine.dotnet.money import ZERO, exact
from utils.engine.enums import OrderType
from utils.engine.errors import AlgorithmError
from utils.engine.orders.group import GroupOrderManager
from utils.engine.orders.leg import Leg
from utils.engine.orders.properties import OrderProperties
from utils.engine.orders.requests import SubmitOrderRequest
from utils.engine.orders.ticket import OrderTicket


class Combos(Trading):
    """Sending combo orders."""

    def combo_market_order(
        self,
        legs: list[Leg],
        quantity: int,
        asynchronous: bool = False,
        tag: str = "",
        order_properties: OrderProperties | None = None,
    ) -> list[OrderTicket]:
        """Legs together at the market."""
        return self._send_combo(legs, quantity, ZERO, asynchronous, tag, order_properties)

    def combo_limit_order(
        self,
        legs: list[Leg],
        quantity: int,
        limit_price: Quantity,
        asynchronous: bool = False,
        tag: str = "",
        order_properties: OrderProperties | None = None,
    ) -> list[OrderTicket]:
        """Legs together at a net limit or better."""
        if not limit_price:
            raise AlgorithmError("ComboLimitOrder requires a limit price")
        if any(leg.order_price for leg in legs):
            raise AlgorithmError("ComboLimitOrder does not support limit prices for individual legs")
        return self._send_combo(legs, quantity, exact(limit_price), asynchronous, tag, order_properties)

    def combo_leg_limit_order(
        self,
        legs: list[Leg],
        quantity: int,
        asynchronous: bool = False,
        tag: str = "",
        order_properties: OrderProperties | None = None,
    ) -> list[OrderTicket]:
        """Legs together, each at its own limit or better."""
        if not all(leg.order_price for leg in legs):
            raise AlgorithmError("ComboLegLimitOrder requires a limit price for each leg")
        return self._send_combo(legs, quantity, ZERO, asynchronous, tag, order_properties)

    def _send_combo(
        self,
        legs: Sequence[Leg],
        quantity: int,
        limit: Decimal,
        asynchronous: bool,
        tag: str,
        properties: OrderProperties | None,
    ) -> list[OrderTicket]:
        divisor = math.gcd(*(int(leg.quantity) for leg in legs))
        if divisor != 1:
            raise AlgorithmError(
                "The global combo quantity should be used to increase or reduce the size of the "
                "order, while the "
                "leg quantities should be used to specify the ratio of the order: divide the legs by "
                f"{divisor} and order {quantity * divisor} of them"
            )
        kind = OrderType.COMBO_LIMIT if limit else OrderType.COMBO_MARKET
        group = GroupOrderManager(len(legs), quantity, limit)
        group.id = self.transactions.get_increment_group_order_manager_id()
        requests = []
        for leg in legs:
            if leg.order_price is not None:
                limit, kind = exact(leg.order_price), OrderType.COMBO_LEG_LIMIT
            request = SubmitOrderRequest.of(
                kind,
                self._security_for_order(leg.symbol).symbol,
                exact(leg.quantity) * group.exact_quantity,
                self.utc_time,
                tag,
                self._properties(properties),
                limit_price=limit,
                group_order_manager=group,
                asynchronous=asynchronous,
            )
            answer = self._check(request)
            if answer.is_error:
                return [OrderTicket.refused(self.transactions, request, answer)]
            requests.append(request)
        return [self.transactions.add_order(request) for request in requests]
