"""Orders by kind."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from utils.engine.algorithm.order_checks import OrderChecks
from utils.engine.dotnet.enums import LeanEnum
from utils.engine.dotnet.money import exact
from utils.engine.enums import OrderDirection, OrderType, SecurityType
from utils.engine.errors import AlgorithmError
from utils.engine.identity.security_identifier import SecurityIdentifier
from utils.engine.identity.symbol import Symbol
from utils.engine.orders.kinds import TrailingStopOrder
from utils.engine.orders.properties import OrderProperties
from utils.engine.orders.requests import SubmitOrderRequest
from utils.engine.orders.ticket import OrderTicket
from utils.engine.orders.time_in_force import GoodTilDateTimeInForce, TimeInForce
from utils.engine.securities.as_symbol import as_symbol
from utils.engine.securities.security import Security

Quantity = float | Decimal


class Trading(OrderChecks):
    """Sending orders."""

    def _init_trading(self) -> None:
        self._maximum_orders = 10_000
        self._told: set[str] = set()
        self.default_order_properties: OrderProperties | None = OrderProperties()

    def set_maximum_orders(self, max: int) -> None:  # noqa: A002 - LEAN's name
        """Stop the algorithm once it has sent more orders than this."""
        self._maximum_orders = max

    # Orders in one security

    def market_order(
        self,
        symbol: Any,
        quantity: Quantity,
        asynchronous: bool = False,
        tag: str = "",
        order_properties: OrderProperties | None = None,
    ) -> OrderTicket:
        """Buy (or sell, below zero) at the market; while the exchange is shut, at its next open.

        With daily data only, an order during the session is filled at its close, or at the next open when
        that is too near.
        """
        terms = (asynchronous, tag, order_properties)
        if isinstance(symbol, str) and as_symbol(symbol) is None:
            return self._send(OrderType.MARKET, symbol, quantity, *terms)
        security = self._security_for_order(symbol)
        if not security.exchange.exchange_open:
            ticket = self.market_on_open_order(security, quantity, *terms)
            if ticket.submit_request.response.is_success:
                self._tell_once(
                    "Warning: market orders submitted while the market is closed are automatically converted "
                    "into MarketOnOpen orders to fill at the next market open."
                )
            return ticket
        if not security.exchange.hours.is_market_always_open and self._has_daily_data_only(security):
            late = self._too_late_for_the_close(security)
            send = self.market_on_open_order if late else self.market_on_close_order
            ticket = send(security, quantity, *terms)
            if ticket.submit_request.response.is_success:
                self._tell_once(
                    "Warning: market orders on daily resolution data sent during market hours are "
                    "automatically converted into MarketOnClose orders (or MarketOnOpen orders near "
                    "the close)."
                )
            return ticket
        return self._send(OrderType.MARKET, security, quantity, *terms)

    def order(
        self,
        symbol: Any,
        quantity: Quantity,
        asynchronous: Any = False,
        tag: str = "",
        order_properties: OrderProperties | None = None,
    ) -> OrderTicket:
        """A market order."""
        if isinstance(asynchronous, LeanEnum):  # an order type, in an overload LEAN keeps for old code
            asynchronous = False
        return self.market_order(symbol, quantity, asynchronous, tag, order_properties)

    def buy(self, symbol: Any, quantity: Quantity) -> OrderTicket:
        """A market order to buy."""
        return self.market_order(symbol, abs(exact(quantity)))

    def sell(self, symbol: Any, quantity: Quantity) -> OrderTicket:
        """A market order to sell."""
        return self.market_order(symbol, -abs(exact(quantity)))

    def market_on_open_order(
        self,
        symbol: Any,
        quantity: Quantity,
        asynchronous: bool = False,
        tag: str = "",
        order_properties: OrderProperties | None = None,
    ) -> OrderTicket:
        """Buy or sell at the next open."""
        properties = self._auction_properties(order_properties)
        return self._send(OrderType.MARKET_ON_OPEN, symbol, quantity, asynchronous, tag, properties)

    def market_on_close_order(
        self,
        symbol: Any,
        quantity: Quantity,
        asynchronous: bool = False,
        tag: str = "",
        order_properties: OrderProperties | None = None,
    ) -> OrderTicket:
        """Buy or sell at the next close."""
        properties = self._auction_properties(order_properties)
        return self._send(OrderType.MARKET_ON_CLOSE, symbol, quantity, asynchronous, tag, properties)

    def limit_order(
        self,
        symbol: Any,
        quantity: Quantity,
        limit_price: Quantity,
        asynchronous: Any = False,
        tag: str = "",
        order_properties: OrderProperties | None = None,
    ) -> OrderTicket:
        """Buy or sell at a limit or better."""
        asynchronous, tag, order_properties = _shifted(asynchronous, tag, order_properties)
        limit = {"limit_price": exact(limit_price)}
        return self._send(OrderType.LIMIT, symbol, quantity, asynchronous, tag, order_properties, **limit)

    def stop_market_order(
        self,
        symbol: Any,
        quantity: Quantity,
        stop_price: Quantity,
        asynchronous: Any = False,
        tag: str = "",
        order_properties: OrderProperties | None = None,
    ) -> OrderTicket:
        """Buy or sell at the market once the stop is touched."""
        asynchronous, tag, order_properties = _shifted(asynchronous, tag, order_properties)
        stop = {"stop_price": exact(stop_price)}
        return self._send(
            OrderType.STOP_MARKET, symbol, quantity, asynchronous, tag, order_properties, **stop
        )

    def stop_limit_order(
        self,
        symbol: Any,
        quantity: Quantity,
        stop_price: Quantity,
        limit_price: Quantity,
        asynchronous: Any = False,
        tag: str = "",
        order_properties: OrderProperties | None = None,
    ) -> OrderTicket:
        """Buy or sell at a limit or better once the stop is touched."""
        asynchronous, tag, order_properties = _shifted(asynchronous, tag, order_properties)
        prices = {"stop_price": exact(stop_price), "limit_price": exact(limit_price)}
        return self._send(
            OrderType.STOP_LIMIT, symbol, quantity, asynchronous, tag, order_properties, **prices
        )

    def limit_if_touched_order(
        self,
        symbol: Any,
        quantity: Quantity,
        trigger_price: Quantity,
        limit_price: Quantity,
        asynchronous: Any = False,
        tag: str = "",
        order_properties: OrderProperties | None = None,
    ) -> OrderTicket:
        """Buy or sell at a limit or better once the trigger is touched."""
        asynchronous, tag, order_properties = _shifted(asynchronous, tag, order_properties)
        prices = {"trigger_price": exact(trigger_price), "limit_price": exact(limit_price)}
        kind = OrderType.LIMIT_IF_TOUCHED
        return self._send(kind, symbol, quantity, asynchronous, tag, order_properties, **prices)

    def trailing_stop_order(self, symbol: Any, quantity: Quantity, *terms: Any, **named: Any) -> OrderTicket:
        """Buy or sell at the market once a stop that follows the price is touched.

        `(symbol, quantity, trailing_amount, trailing_as_percentage, ...)` starts at its distance from the
        price; `(symbol, quantity, stop_price, trailing_amount, trailing_as_percentage, ...)` at a stop.
        """
        names = ["trailing_amount", "trailing_as_percentage", "asynchronous", "tag", "order_properties"]
        with_stop = "stop_price" in named or (len(terms) > 1 and not isinstance(terms[1], bool))
        given = dict(zip(["stop_price", *names] if with_stop else names, terms, strict=False)) | named
        amount, as_percentage = exact(given["trailing_amount"]), bool(given["trailing_as_percentage"])
        security = self._security_for_order(symbol)
        if with_stop:
            stop = exact(given["stop_price"])
        else:
            side = OrderDirection.BUY if quantity > 0 else OrderDirection.SELL
            stop = TrailingStopOrder.calculate_stop_price(security.exact_price, amount, as_percentage, side)
        return self._send(
            OrderType.TRAILING_STOP,
            security,
            quantity,
            given.get("asynchronous", False),
            given.get("tag", ""),
            given.get("order_properties"),
            stop_price=stop,
            trailing_amount=amount,
            trailing_as_percentage=as_percentage,
        )

    # What all of them need

    def _properties(self, properties: OrderProperties | None) -> OrderProperties | None:
        if properties is not None:
            return properties
        default = self.default_order_properties
        return None if default is None else default.clone()

    def _auction_properties(self, properties: OrderProperties | None) -> OrderProperties | None:
        properties = self._properties(properties)
        if properties is not None and isinstance(properties.time_in_force, GoodTilDateTimeInForce):
            properties.time_in_force = TimeInForce.GOOD_TIL_CANCELED
            self._tell_once(
                "Warning: Good-Til-Date Time-In-Force is not supported for MOO and MOC orders. "
                "The time-in-force will be reset to Good-Til-Canceled (GTC)."
            )
        return properties

    def _send(
        self,
        kind: OrderType,
        symbol: Any,
        quantity: Quantity,
        asynchronous: bool,
        tag: str,
        properties: OrderProperties | None,
        **prices: Any,
    ) -> OrderTicket:
        if isinstance(symbol, str) and as_symbol(symbol) is None:
            target = Symbol(SecurityIdentifier.EMPTY, symbol)  # nobody knows it: the checks will say so
        else:
            target = (symbol if isinstance(symbol, Security) else self._security_for_order(symbol)).symbol
        request = SubmitOrderRequest.of(
            kind,
            target,
            exact(quantity),
            self.utc_time,
            tag,
            self._properties(properties),
            asynchronous=asynchronous,
            **prices,
        )
        return self.submit_order_request(request)

    def submit_order_request(self, request: SubmitOrderRequest) -> OrderTicket:
        """Send an order made by hand."""
        answer = self._check(request)
        if answer.is_error:
            return OrderTicket.refused(self.transactions, request, answer)
        return self.transactions.add_order(request)

    def _security_for_order(self, symbol: Any) -> Security:
        if isinstance(symbol, Security):
            symbol = symbol.symbol
        security = self.securities.get(symbol)
        if security is None:
            resolved = self.securities.symbol_of(symbol)
            if (
                resolved is not None
                and resolved.security_type != SecurityType.INDEX
                and not isinstance(symbol, str)
            ):
                return self.add_security(resolved)
            raise AlgorithmError(
                f"The symbol {symbol} is not found in the algorithm's securities collection "
                "and cannot be re-added due to it being delisted or no longer tradable."
            )
        found: Security = security
        return found

    def _tell_once(self, message: str) -> None:
        """Say something the first time only."""
        if message not in self._told:
            self._told.add(message)
            self.debug(message)


def _shifted(asynchronous: Any, tag: str, properties: Any) -> tuple[bool, str, Any]:
    """LEAN's older overloads have the tag where `asynchronous` is now."""
    if isinstance(asynchronous, str):
        return False, asynchronous, tag if isinstance(tag, OrderProperties) else properties
    return asynchronous, tag, properties
