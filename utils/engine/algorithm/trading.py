"""Orders by kind."""

from __future__ import annotations

import math
from datetime import timedelta
from decimal import Decimal
from typing import Any

from utils.engine.algorithm.base import AlgorithmBase
from utils.engine.dotnet.enums import LeanEnum
from utils.engine.dotnet.money import ZERO, exact, text
from utils.engine.dotnet.naming import DotNet
from utils.engine.enums import OrderDirection, OrderResponseErrorCode, OrderType, Resolution, SecurityType
from utils.engine.errors import AlgorithmError
from utils.engine.orders import response as responses
from utils.engine.orders.group import GroupOrderManager
from utils.engine.orders.kinds import MarketOnCloseOrder, TrailingStopOrder
from utils.engine.orders.properties import OrderProperties
from utils.engine.orders.requests import SubmitOrderRequest
from utils.engine.orders.response import OrderResponse
from utils.engine.orders.ticket import OrderTicket
from utils.engine.orders.time_in_force import GoodTilDateTimeInForce, TimeInForce
from utils.engine.securities.security import Security

Quantity = float | Decimal


class Leg(DotNet):
    """A leg of a combo: symbol, ratio, and its limit if it has one of its own."""

    symbol: Any
    quantity: int
    order_price: float | None

    @staticmethod
    def create(symbol: Any, quantity: int, limit_price: float | None = None) -> Leg:
        """A leg."""
        leg = Leg()
        leg.symbol, leg.quantity, leg.order_price = getattr(symbol, "symbol", symbol), quantity, limit_price
        return leg


class Trading(AlgorithmBase):
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
        security = self._security_for_order(symbol)
        terms = (asynchronous, tag, order_properties)
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
                    "automatically converted into MarketOnClose orders (or MarketOnOpen orders near the close)."
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
        return self.market_order(symbol, abs(quantity))

    def sell(self, symbol: Any, quantity: Quantity) -> OrderTicket:
        """A market order to sell."""
        return self.market_order(symbol, -abs(quantity))

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
        return self._send(OrderType.STOP_MARKET, symbol, quantity, asynchronous, tag, order_properties, **stop)

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
        return self._send(OrderType.STOP_LIMIT, symbol, quantity, asynchronous, tag, order_properties, **prices)

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

    # Combos

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
        legs: list[Leg],
        quantity: int,
        limit: Decimal,
        asynchronous: bool,
        tag: str,
        properties: OrderProperties | None,
    ) -> list[OrderTicket]:
        divisor = math.gcd(*(int(leg.quantity) for leg in legs))
        if divisor != 1:
            raise AlgorithmError(
                "The global combo quantity should be used to increase or reduce the size of the order, while the "
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
            request = SubmitOrderRequest(
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
        security = symbol if isinstance(symbol, Security) else self._security_for_order(symbol)
        request = SubmitOrderRequest(
            kind,
            security.symbol,
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
            if resolved is not None and resolved.security_type != SecurityType.INDEX and not isinstance(symbol, str):
                return self.add_security(resolved)
            raise AlgorithmError(
                f"The symbol {symbol} is not found in the algorithm's securities collection "
                "and cannot be re-added due to it being delisted or no longer tradable."
            )
        found: Security = security
        return found

    def _check(self, request: SubmitOrderRequest) -> OrderResponse:
        answer = self._verdict(request)
        if answer.is_error:
            self.error(answer.error_message or "")
        return answer

    def _verdict(self, request: SubmitOrderRequest) -> OrderResponse:
        """What speaks against an order before it gets a number."""
        if self.is_warming_up:
            return responses.warming_up(request)
        security = self.securities.get(request.symbol)
        if security is None:
            return responses.missing_security(request)
        if not request.exact_quantity:
            return responses.zero_quantity(request)
        code = OrderResponseErrorCode
        lot = security.symbol_properties.exact_lot_size
        size, ticker = abs(request.exact_quantity), request.symbol.value
        if size < lot:
            return OrderResponse.error(
                request,
                code.ORDER_QUANTITY_LESS_THAN_LOT_SIZE,
                f"Unable to submit order with id {request.order_id} which quantity ({text(size)}) is less than "
                f"lot size ({text(lot)}).",
            )
        if not security.is_tradable:
            message = f"The security with symbol '{request.symbol}' is marked as non-tradable."
            return OrderResponse.error(request, code.NON_TRADABLE_SECURITY, message)
        if not security.exact_price:
            return OrderResponse.error(request, code.SECURITY_PRICE_ZERO, zero_price_message(request.symbol))
        cash = self.portfolio.cash_book
        quote = security.quote_currency
        if quote.symbol not in cash:
            message = f"{ticker}: requires {quote.symbol} in the cashbook to trade."
            return OrderResponse.error(request, code.QUOTE_CURRENCY_REQUIRED, message)
        if not quote.exact_conversion_rate:
            message = (
                f"{ticker}: requires {quote.symbol} to have a non-zero conversion rate. "
                "This can be caused by lack of data."
            )
            return OrderResponse.error(request, code.CONVERSION_RATE_ZERO, message)
        if security.type in (SecurityType.FOREX, SecurityType.CRYPTO):
            base = security.base_currency.symbol
            if base not in cash:
                message = f"{ticker}: requires {base} and {quote.symbol} in the cashbook to trade."
                return OrderResponse.error(request, code.FOREX_BASE_AND_QUOTE_CURRENCIES_REQUIRED, message)
            if not cash[base].exact_conversion_rate:
                message = (
                    f"{ticker}: requires {base} and {quote.symbol} to have non-zero conversion rates. "
                    "This can be caused by lack of data."
                )
                return OrderResponse.error(request, code.FOREX_CONVERSION_RATE_ZERO, message)
        if not security.has_data:
            message = (
                "There is no data for this symbol yet, please check the security.HasData flag to ensure there is "
                "at least one data point."
            )
            return OrderResponse.error(request, code.SECURITY_HAS_NO_DATA, message)
        if self.transactions.orders_count > self._maximum_orders:
            self.quit_reason = f"more than {self._maximum_orders} orders"
            message = (
                f"You have exceeded maximum number of orders ({self._maximum_orders}), for unlimited orders "
                "upgrade your account."
            )
            return OrderResponse.error(request, code.EXCEEDED_MAXIMUM_ORDERS, message)
        return self._auction_verdict(request, security)

    def _auction_verdict(self, request: SubmitOrderRequest, security: Security) -> OrderResponse:
        kind, hours = request.order_type, security.exchange.hours
        if kind not in (OrderType.MARKET_ON_OPEN, OrderType.MARKET_ON_CLOSE):
            return OrderResponse.success(request)
        if hours.is_market_always_open:
            raise AlgorithmError(
                f"Market never closes for this symbol {security.symbol}, can no submit a {kind}Order order."
            )
        code = OrderResponseErrorCode
        if kind == OrderType.MARKET_ON_OPEN:
            if hours.is_open(security.local_time, False) and not self._has_daily_data_only(security):
                message = "Cannot submit a MarketOnOpen order while the market is open."
                return OrderResponse.error(request, code.MARKET_ON_OPEN_NOT_ALLOWED_DURING_REGULAR_HOURS, message)
        elif self._too_late_for_the_close(security):
            message = (
                f"MarketOnClose orders must be placed within {MarketOnCloseOrder.submission_time_buffer} before "
                "market close. Override this TimeSpan buffer by setting "
                "Orders.MarketOnCloseOrder.SubmissionTimeBuffer in QCAlgorithm.Initialize()."
            )
            return OrderResponse.error(request, code.MARKET_ON_CLOSE_ORDER_TOO_LATE, message)
        return OrderResponse.success(request)

    def _has_daily_data_only(self, security: Security) -> bool:
        configs = self.subscription_manager.configs_of(security.symbol)
        return bool(configs) and all(config.resolution == Resolution.DAILY for config in configs)

    @staticmethod
    def _too_late_for_the_close(security: Security) -> bool:
        hours = security.exchange.hours
        if hours.is_market_always_open:
            return False
        closes: Any = hours.get_next_market_close(security.local_time, False)
        buffer: timedelta = MarketOnCloseOrder.submission_time_buffer
        return bool(security.local_time > closes - buffer)

    def _tell_once(self, message: str) -> None:
        if message not in self._told:
            self._told.add(message)
            self.debug(message)


def _shifted(asynchronous: Any, tag: str, properties: Any) -> tuple[bool, str, Any]:
    """LEAN's older overloads have the tag where `asynchronous` is now."""
    if isinstance(asynchronous, str):
        return False, asynchronous, tag if isinstance(tag, OrderProperties) else properties
    return asynchronous, tag, properties


def zero_price_message(symbol: Any) -> str:
    """LEAN's message about a security that has no price yet."""
    return (
        f"{symbol}: The security does not have an accurate price as it has not yet received a bar of data. "
        "Before placing a trade (or using SetHoldings) warm up your algorithm with SetWarmup, or use "
        "slice.Contains(symbol) to confirm the Slice object has price before using the data. Data does not "
        "necessarily all arrive at the same time so your algorithm should confirm the data is ready before "
        "using it. In live trading this can mean you do not have an active subscription to the asset class "
        "you're trying to trade. If using custom data make sure you've set the 'Value' property."
    )
