"""Positions by fraction of the portfolio."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from utils.engine.algorithm.option_trading import OptionTrading
from utils.engine.algorithm.order_checks import zero_price_message
from utils.engine.algorithm.portfolio_target import PortfolioTarget
from utils.engine.dotnet.money import ZERO, exact, text
from utils.engine.dotnet.surface import exact_answer
from utils.engine.enums import OrderType
from utils.engine.orders.properties import OrderProperties
from utils.engine.orders.ticket import OrderTicket

Terms = tuple[bool, str | None, OrderProperties | None]


class PositionSizing(OptionTrading):
    """`set_holdings`, `liquidate`, `calculate_order_quantity`."""

    def set_holdings(self, *targets: Any, **named: Any) -> list[OrderTicket]:
        """Order what brings a symbol to a fraction of the portfolio, or several symbols at once.

        `set_holdings(symbol, percentage, liquidate_existing_holdings=False, asynchronous=False, tag=None,
        order_properties=None)`, or a list of `PortfolioTarget` in the place of the first two.
        """
        first = targets[0] if targets else named.get("symbol", named.get("targets"))
        several = isinstance(first, (list, tuple))
        names = ["targets"] if several else ["symbol", "percentage"]
        names += ["liquidate_existing_holdings", "asynchronous", "tag", "order_properties"]
        given = dict(zip(names, targets, strict=False)) | named
        if isinstance(given.get("asynchronous"), str):  # the overload that has the tag there
            given["tag"], given["asynchronous"] = given["asynchronous"], False
        terms = (given.get("asynchronous", False), given.get("tag"), given.get("order_properties"))
        liquidate = given.get("liquidate_existing_holdings", False)
        if several:
            return self._set_several(list(given["targets"]), liquidate, terms)
        quantity = self.exact_order_quantity(given["symbol"], exact(given["percentage"]))
        return self._set_one(given["symbol"], quantity or ZERO, liquidate, terms)

    def _set_several(
        self, targets: list[PortfolioTarget], liquidate: bool, terms: Terms
    ) -> list[OrderTicket]:
        tickets: list[OrderTicket] = []
        if liquidate:
            tickets += self._liquidate_others({target.symbol for target in targets}, terms)
        deltas = [
            PortfolioTarget(t.symbol, self.exact_order_quantity(t.symbol, t.exact_quantity) or ZERO)
            for t in targets
        ]
        for target in self._by_margin_impact(deltas):
            tickets += self._set_one(target.symbol, target.exact_quantity, False, terms)
        return tickets

    def _by_margin_impact(self, deltas: list[PortfolioTarget]) -> list[PortfolioTarget]:
        """What frees margin first, then the larger before the smaller."""
        if self.is_warming_up:
            return []
        keyed = []
        for target in deltas:
            security = self.securities[target.symbol]
            lot = security.symbol_properties.exact_lot_size
            quantity = target.exact_quantity - target.exact_quantity % lot
            if not security.has_data or not security.is_tradable or abs(quantity) < lot:
                continue
            existing = self.transactions.processor.records.projected_quantity(security)
            reducing = existing != 0 and abs(quantity + existing) < abs(existing)
            keyed.append((not reducing, -abs(quantity * security.exact_price), target))
        keyed.sort(key=lambda item: item[:2])
        return [target for _, _, target in keyed]

    def _set_one(self, symbol: Any, quantity: Decimal, liquidate: bool, terms: Terms) -> list[OrderTicket]:
        tickets: list[OrderTicket] = []
        resolved = self.securities.symbol_of(symbol)
        if liquidate:
            tickets += self._liquidate_others({resolved}, terms)
        for ticket in self.transactions.get_open_order_tickets():
            if ticket.symbol == resolved and ticket.order_type in (
                OrderType.MARKET,
                OrderType.MARKET_ON_OPEN,
            ):
                quantity -= ticket.exact_quantity_remaining
        if not quantity:
            return tickets
        security = self.securities.get(symbol)
        if security is None:
            self.error(f"{symbol} not found in portfolio. Request this data when initializing the algorithm.")
            return tickets
        asynchronous, tag, properties = terms
        send = self.market_order if security.exchange.exchange_open else self.market_on_open_order
        return [*tickets, send(security, quantity, asynchronous, tag or "", properties)]

    def _liquidate_others(self, kept: set[Any], terms: Terms) -> list[OrderTicket]:
        others = sorted((s for s in self.securities.keys if s not in kept), key=lambda symbol: symbol.value)
        return self.liquidate(others, tag=terms[1], order_properties=terms[2])

    def calculate_order_quantity(self, symbol: Any, target: float) -> float:
        """Quantity to order so that a symbol comes to a fraction of the portfolio."""
        return float(self.exact_order_quantity(symbol, exact(target)) or ZERO)

    def exact_order_quantity(self, symbol: Any, fraction: Decimal) -> Decimal | None:
        """`calculate_order_quantity` in decimals; None when it cannot be told."""
        from utils.engine.models.buying_power.parameters import (
            GetMaximumOrderQuantityForTargetBuyingPowerParameters as Parameters,
        )

        settings, size = self.settings, abs(fraction)
        largest = settings.exact_max_absolute_portfolio_target_percentage
        smallest = settings.exact_min_absolute_portfolio_target_percentage
        if size > largest or (size and size < smallest):
            self.error(
                f"The portfolio target percent: {text(fraction)}, does not comply with the current "
                "'Algorithm.Settings' 'MaxAbsolutePortfolioTargetPercentage': "
                f"{text(largest)} or 'MinAbsolutePortfolioTargetPercentage': {text(smallest)}. Skipping"
            )
            return None
        security = self.securities.get(symbol)
        if security is None:
            self.error(f"{symbol} not found in portfolio. Request this data when initializing the algorithm.")
            return None
        if not security.exact_price:
            self.error(zero_price_message(security.symbol))
            return None
        worth = self.portfolio.exact_total_portfolio_value
        adjusted = fraction * self.portfolio.exact_total_portfolio_value_less_free_buffer / worth
        model = security.buying_power_model
        share = adjusted / exact_answer(model.get_leverage, security)
        minimum = settings.exact_minimum_order_margin_portfolio_percentage
        result = model.get_maximum_order_quantity_for_target_buying_power(
            Parameters(self.portfolio, security, share, minimum)
        )
        if result.is_error:
            self.error(
                f"Unable to compute order quantity of {security.symbol}. Reason: {result.reason} "
                "Returning null."
            )
            return None
        return exact(getattr(result, "exact_quantity", None) or result.quantity)

    def liquidate(
        self,
        symbol: Any = None,
        asynchronous: Any = False,
        tag: str | None = None,
        order_properties: OrderProperties | None = None,
    ) -> list[OrderTicket]:
        """Close positions at the market and cancel open orders: of all symbols, of one or of several."""
        if isinstance(asynchronous, str):  # the overload that has the tag there
            asynchronous, tag = False, asynchronous
        if not self.settings.liquidate_enabled:
            self.debug(
                "Liquidate() is currently disabled by settings. To re-enable please set "
                "'Settings.LiquidateEnabled' to true"
            )
            return []
        tag = "Liquidated" if tag is None else tag
        if symbol is None:
            symbols = sorted(self.securities.keys, key=lambda one: one.value)
        else:
            symbols = list(symbol) if isinstance(symbol, (list, tuple)) else [symbol]
        tickets = []
        for one in symbols:
            security = self.securities.get(one)
            if security is None:
                self._tell_once(
                    f"Warning: liquidate ignored symbol '{one}' because it has not been added to the "
                    "algorithm. "
                    "Add the security before liquidating it."
                )
                continue
            ticket = self._liquidate_one(security, asynchronous, tag, order_properties)
            if ticket is not None:
                tickets.append(ticket)
        return tickets

    def _liquidate_one(
        self, security: Any, asynchronous: bool, tag: str, properties: OrderProperties | None
    ) -> OrderTicket | None:
        holding = security.holdings
        quantity = holding.exact_quantity if holding.invested else ZERO
        waiting = list(self.transactions.get_open_order_tickets(security.symbol))
        if (
            len(waiting) == 1
            and quantity
            and waiting[0].exact_quantity == -quantity
            and waiting[0].order_type == OrderType.MARKET
        ):
            return None
        under_way = ZERO
        for ticket in waiting:
            if ticket.order_type == OrderType.MARKET:
                under_way += ticket.exact_quantity_remaining
            else:
                self.transactions.cancel_order(ticket.order_id, tag)
        if not quantity:
            return None
        return self.market_order(security, -quantity - under_way, asynchronous, tag, properties)
