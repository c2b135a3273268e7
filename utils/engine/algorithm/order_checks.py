"""What speaks against an order before it gets a number."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from utils.engine.algorithm.base import AlgorithmBase
from utils.engine.dotnet.money import text
from utils.engine.enums import OptionStyle, OrderResponseErrorCode, OrderType, Resolution, SecurityType
from utils.engine.errors import AlgorithmError
from utils.engine.identity.security_identifier import is_option
from utils.engine.orders import response as responses
from utils.engine.orders.kinds import MarketOnCloseOrder
from utils.engine.orders.requests import SubmitOrderRequest
from utils.engine.orders.response import OrderResponse
from utils.engine.orders.time_in_force import UTC, moved
from utils.engine.securities.security import Security


class OrderChecks(AlgorithmBase):
    """LEAN's checks before an order is sent."""

    _maximum_orders: int
    _told_of_split = False

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
                f"Unable to submit order with id {request.order_id} which quantity ({text(size)}) "
                "is less than "
                f"lot size ({text(lot)}).",
            )
        if not security.is_tradable:
            message = f"The security with symbol '{request.symbol}' is marked as non-tradable."
            return OrderResponse.error(request, code.NON_TRADABLE_SECURITY, message)
        if request.order_type == OrderType.OPTION_EXERCISE and not security.exchange.exchange_open:
            message = f"{request.order_type} order and exchange not open."
            return OrderResponse.error(request, code.EXCHANGE_NOT_OPEN, message)
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
                "There is no data for this symbol yet, please check the security.HasData flag to "
                "ensure there is "
                "at least one data point."
            )
            return OrderResponse.error(request, code.SECURITY_HAS_NO_DATA, message)
        if self.transactions.orders_count > self._maximum_orders:
            self._stop(f"more than {self._maximum_orders} orders")
            message = (
                f"You have exceeded maximum number of orders ({self._maximum_orders}), for unlimited orders "
                "upgrade your account."
            )
            return OrderResponse.error(request, code.EXCEEDED_MAXIMUM_ORDERS, message)
        refusal = self._exercise_refusal(request, security)
        if refusal is not None:
            return refusal
        answer = self._auction_verdict(request, security)
        return self._split_refusal(request) or answer if answer.is_success else answer

    def _exercise_refusal(self, request: SubmitOrderRequest, security: Any) -> OrderResponse | None:
        """Only options are exercised, European ones at their end, and no more than is held."""
        if request.order_type != OrderType.OPTION_EXERCISE:
            return None
        code, symbol = OrderResponseErrorCode, request.symbol
        if not is_option(security.type):
            message = f"The security with symbol '{symbol}' is not exercisable."
            return OrderResponse.error(request, code.NON_EXERCISABLE_SECURITY, message)
        last = moved(security.expiry, security.exchange.hours.time_zone, UTC).date()
        if security.style == OptionStyle.EUROPEAN and self.utc_time.date() < last:
            message = (
                f"Cannot exercise European style option with symbol '{symbol}' before its expiration date."
            )
            return OrderResponse.error(request, code.EUROPEAN_OPTION_NOT_EXPIRED_ON_EXERCISE, message)
        if security.holdings.is_short:
            message = (
                f"The security with symbol '{symbol}' has a short option position. "
                "Only long option positions are exercisable."
            )
            return OrderResponse.error(request, code.UNSUPPORTED_REQUEST_TYPE, message)
        if abs(request.exact_quantity) > security.holdings.exact_quantity:
            message = (
                f"Cannot exercise more contracts of '{symbol}' than is currently available in the portfolio. "
            )
            return OrderResponse.error(request, code.UNSUPPORTED_REQUEST_TYPE, message)
        return None

    def _split_refusal(self, request: SubmitOrderRequest) -> OrderResponse | None:
        """At the moment of a split, options were picked by the price before it."""
        slice_ = self.current_slice
        if not is_option(request.symbol.security_type) or slice_ is None:
            return None
        if not slice_.splits.contains_key(request.symbol.underlying):
            return None
        message = "Options orders are not allowed when a split occurred for its underlying stock"
        if not self._told_of_split:
            self._told_of_split = True
            self.debug(f"Warning: {message}")
        return OrderResponse.error(request, OrderResponseErrorCode.OPTION_ORDER_ON_STOCK_SPLIT, message)

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
                return OrderResponse.error(
                    request, code.MARKET_ON_OPEN_NOT_ALLOWED_DURING_REGULAR_HOURS, message
                )
        elif self._too_late_for_the_close(security):
            message = (
                "MarketOnClose orders must be placed within "
                f"{MarketOnCloseOrder.submission_time_buffer} before "
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
