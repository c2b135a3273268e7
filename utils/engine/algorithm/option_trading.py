"""Trading options: strategies by name, exercise."""

from __future__ import annotations

from typing import Any

from utils.engine.algorithm.combos import Combos
from utils.engine.algorithm.trading import Quantity
from utils.engine.dotnet.money import ZERO, exact
from utils.engine.enums import OrderType
from utils.engine.option_strategies.option_strategy import OptionStrategy
from utils.engine.orders.properties import OrderProperties
from utils.engine.orders.ticket import OrderTicket


class OptionTrading(Combos):
    """`exercise_option`; `buy`, `sell` and `order` of strategies."""

    def exercise_option(
        self,
        option_symbol: Any,
        quantity: int,
        asynchronous: bool = False,
        tag: str = "",
        order_properties: OrderProperties | None = None,
    ) -> OrderTicket:
        """Exercise contracts that are held; the quantity's sign does not matter."""
        terms = (asynchronous, tag, order_properties)
        return self._send(OrderType.OPTION_EXERCISE, option_symbol, -abs(exact(quantity)), *terms)

    def buy(  # type: ignore[override]  # LEAN's overloads
        self, symbol: Any, quantity: Quantity, *terms: Any, **named: Any
    ) -> OrderTicket | list[OrderTicket]:
        """A market order to buy: a security, or an option strategy's legs together."""
        if isinstance(symbol, OptionStrategy):
            return self._order_strategy(symbol, abs(exact(quantity)), *terms, **named)
        return super().buy(symbol, quantity)

    def sell(  # type: ignore[override]  # LEAN's overloads
        self, symbol: Any, quantity: Quantity, *terms: Any, **named: Any
    ) -> OrderTicket | list[OrderTicket]:
        """A market order to sell: a security, or an option strategy's legs together."""
        if isinstance(symbol, OptionStrategy):
            return self._order_strategy(symbol, -abs(exact(quantity)), *terms, **named)
        return super().sell(symbol, quantity)

    def order(  # type: ignore[override]  # LEAN's overloads
        self, symbol: Any, quantity: Quantity, *terms: Any, **named: Any
    ) -> OrderTicket | list[OrderTicket]:
        """A market order: of a security, or of an option strategy's legs together."""
        if isinstance(symbol, OptionStrategy):
            return self._order_strategy(symbol, exact(quantity), *terms, **named)
        return super().order(symbol, quantity, *terms, **named)

    def _order_strategy(
        self,
        strategy: OptionStrategy,
        quantity: Quantity,
        asynchronous: bool = False,
        tag: str | None = "",
        order_properties: OrderProperties | None = None,
    ) -> list[OrderTicket]:
        strategy.set_symbols()
        if tag is None:
            tag = f"{strategy.name} ({int(quantity)})"
        legs = [*strategy.underlying_legs, *strategy.option_legs]
        return self._send_combo(legs, int(quantity), ZERO, asynchronous, tag, order_properties)
