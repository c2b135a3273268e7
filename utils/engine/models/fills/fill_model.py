"""How orders are filled where nothing else is said."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from utils.engine.data.trade_bar import TradeBar
from utils.engine.dotnet.exceptions import InvalidOperationException
from utils.engine.dotnet.money import ZERO
from utils.engine.dotnet.naming import DotNet, snake_case
from utils.engine.dotnet.surface import exact_answer
from utils.engine.enums import OrderDirection, OrderStatus, OrderType, Resolution, SecurityType
from utils.engine.feed.config import INCREMENTS
from utils.engine.models.fees.order_fee import OrderFee
from utils.engine.models.fills.fill import Fill
from utils.engine.models.fills.fill_model_parameters import FillModelParameters
from utils.engine.models.fills.market_data import (
    at,
    is_exchange_open,
    last_of_side,
    latest_prices,
    local_of,
    subscribed_types,
    utc_of,
)
from utils.engine.models.fills.prices import Prices
from utils.engine.orders.kinds import TrailingStopOrder
from utils.engine.orders.order_event import OrderEvent

BUY, SELL = OrderDirection.BUY, OrderDirection.SELL


class FillModel(DotNet):
    """Fills every kind of order from the latest quote or trade bar.

    Limits and stops are touched when a bar's low or high is beyond them, strictly. A limit fills at the
    limit, or at the far end of the bar when that is better; a stop at the worse of stop and price. A
    subclass overrides the kinds it fills in another way.
    """

    parameters: FillModelParameters

    def fill(self, parameters: FillModelParameters) -> Fill:
        """Fill an order, or do not."""
        self.parameters = parameters
        name = snake_case(str(parameters.order.type)) + "_fill"
        if parameters.order.type in (
            OrderType.COMBO_MARKET,
            OrderType.COMBO_LIMIT,
            OrderType.COMBO_LEG_LIMIT,
        ):
            return Fill(getattr(self, name)(parameters.order, parameters))
        return Fill(getattr(self, name)(parameters.security, parameters.order))

    def set_python_wrapper(self, wrapper: Any) -> None:
        """LEAN's link to Python models; here they are the same object."""

    # One kind of order each

    def market_fill(self, asset: Any, order: Any) -> OrderEvent:
        """Fill at the price of the moment."""
        return self._market(asset, order, order.exact_quantity)

    def _market(self, asset: Any, order: Any, quantity: Decimal) -> OrderEvent:
        fill = self._unfilled(asset, order)
        if order.status == OrderStatus.CANCELED or not self.is_exchange_open(asset, False):
            return fill
        prices = self.get_prices(asset, order.direction)
        known_since = utc_of(asset, prices.end_time)
        configs = self.get_subscription_data_configs(asset)
        if known_since + self.parameters.stale_price_time_span < order.time:
            if self._waits_for_fresh_data_on_stale(known_since, order.time, configs):
                return fill
            fill.message = f"Warning: fill at stale price ({at(prices.end_time, asset)})"
        price = self._market_price(asset, order, prices, configs)
        return filled(fill, self._slipped(asset, order, price), quantity)

    def stop_market_fill(self, asset: Any, order: Any) -> OrderEvent:
        """Fill a stop once it is touched."""
        fill = self._unfilled(asset, order)
        if order.status == OrderStatus.CANCELED or not self.is_exchange_open(asset, False):
            return fill
        prices = self.get_prices(asset, order.direction)
        if utc_of(asset, prices.end_time) <= order.time:
            return fill
        slip, stop = self._slippage(asset, order), order.exact_stop_price
        touched = prices.exact_low < stop if order.direction == SELL else prices.exact_high > stop
        return _stopped(order, fill, prices, slip) if touched else fill

    def trailing_stop_fill(self, asset: Any, order: Any) -> OrderEvent:
        """Fill a trailing stop once it is touched, else move it after the price."""
        fill = self._unfilled(asset, order)
        if order.status == OrderStatus.CANCELED or not self.is_exchange_open(asset, False):
            return fill
        prices = self.get_prices(asset, order.direction)
        if utc_of(asset, prices.end_time) <= order.time:
            return fill
        slip, stop, selling = self._slippage(asset, order), order.exact_stop_price, order.direction == SELL
        if prices.exact_low <= stop if selling else prices.exact_high >= stop:
            return _stopped(order, fill, prices, slip)
        moved = TrailingStopOrder.updated_stop_price(
            prices.exact_high if selling else prices.exact_low,
            stop,
            order.exact_trailing_amount,
            order.trailing_as_percentage,
            order.direction,
        )
        if moved is not None:
            order.exact_stop_price = moved
            self.parameters.on_order_updated(order)
        return fill

    def stop_limit_fill(self, asset: Any, order: Any) -> OrderEvent:
        """Fill at the limit or better once the stop was touched."""
        fill = self._unfilled(asset, order)
        if order.status == OrderStatus.CANCELED or not self._is_open_as_subscribed(asset):
            return fill
        prices = self.get_prices(asset, order.direction)
        if utc_of(asset, prices.end_time) <= order.time:
            return fill
        buying, stop, limit = order.direction == BUY, order.exact_stop_price, order.exact_limit_price
        touched = prices.exact_high > stop if buying else prices.exact_low < stop
        if not (touched or order.stop_triggered):
            return fill
        if not order.stop_triggered:
            order.stop_triggered = True
            self.parameters.on_order_updated(order)
        current = prices.exact_current
        if current < limit if buying else current > limit:
            price = min(prices.exact_high, limit) if buying else max(prices.exact_low, limit)
            return filled(fill, price, order.exact_quantity)
        return fill

    def limit_if_touched_fill(self, asset: Any, order: Any) -> OrderEvent:
        """Fill at the limit once the trigger was touched and the other side of the quote is there."""
        fill = self._unfilled(asset, order)
        if order.status == OrderStatus.CANCELED or not self._is_open_as_subscribed(asset):
            return fill
        types = self.get_subscribed_types(asset)
        bar = asset.cache.get_data(TradeBar) if TradeBar in types else None
        if bar is None or utc_of(asset, bar.end_time) <= order.time:
            return fill
        selling, trigger, limit = order.direction == SELL, order.exact_trigger_price, order.exact_limit_price
        high, low = asset.cache.exact_of(TradeBar, "high"), asset.cache.exact_of(TradeBar, "low")
        if not ((high >= trigger if selling else low <= trigger) or order.trigger_touched):
            return fill
        order.trigger_touched = True
        quote = last_of_side(asset, "ask" if selling else "bid", types)
        if quote >= limit if selling else quote <= limit:
            return filled(fill, limit, order.exact_quantity)
        return fill

    def limit_fill(self, asset: Any, order: Any) -> OrderEvent:
        """Fill at the limit or better."""
        return self._limit(asset, order, order.exact_limit_price, order.exact_quantity)

    def _limit(self, asset: Any, order: Any, limit: Decimal, quantity: Decimal) -> OrderEvent:
        fill = self._unfilled(asset, order)
        if order.status == OrderStatus.CANCELED or not self._is_open_as_subscribed(asset):
            return fill
        prices = self.get_prices(asset, order.direction)
        if utc_of(asset, prices.end_time) <= order.time:
            return fill
        if order.direction == BUY and prices.exact_low < limit:
            return filled(fill, min(prices.exact_high, limit), quantity)
        if order.direction == SELL and prices.exact_high > limit:
            return filled(fill, max(prices.exact_low, limit), quantity)
        return fill

    def market_on_open_fill(self, asset: Any, order: Any) -> OrderEvent:
        """Fill at the open of the next session."""
        self._refuse_always_open(asset, order)
        fill = self._unfilled(asset, order)
        if order.status == OrderStatus.CANCELED:
            return fill
        bar, ordered = asset.get_last_data(), local_of(asset, order.time)
        if bar is None or ordered >= bar.end_time:
            return fill
        if asset.exchange.date_time_is_open(ordered) and ordered.date() == asset.local_time.date():
            return fill
        if not self.is_exchange_open(asset, False):
            return fill
        price = self.get_prices(asset, order.direction).exact_open
        return filled(fill, self._slipped(asset, order, price), order.exact_quantity)

    def market_on_close_fill(self, asset: Any, order: Any) -> OrderEvent:
        """Fill at the close of the session."""
        self._refuse_always_open(asset, order)
        fill = self._unfilled(asset, order)
        if order.status == OrderStatus.CANCELED or self._before_close(asset, order):
            return fill
        price = self.get_prices(asset, order.direction).exact_close
        return filled(fill, self._slipped(asset, order, price), order.exact_quantity)

    @staticmethod
    def _before_close(asset: Any, order: Any) -> bool:
        closes = asset.exchange.hours.get_next_market_close(local_of(asset, order.time), False)
        return bool(asset.local_time < closes)

    # Combos

    def combo_market_fill(self, order: Any, parameters: FillModelParameters) -> list[OrderEvent]:
        """Fill all legs at the market, or none."""
        fills = []
        for leg, security in _legs(parameters):
            fill = self._market(security, leg, leg.exact_quantity)
            if fill.status != OrderStatus.FILLED:
                return []
            fills.append(fill)
        return fills

    def combo_limit_fill(self, order: Any, parameters: FillModelParameters) -> list[OrderEvent]:
        """Fill all legs when their net price is better than the limit, or none."""
        group = order.group_order_manager
        buying, net, legs = group.direction == BUY, ZERO, []
        for leg, security in _legs(parameters):
            prices = self.get_prices(security, leg.direction)
            if utc_of(security, prices.end_time) < leg.time:
                return []
            price = prices.exact_low if buying else prices.exact_high
            ratio = leg.exact_quantity / group.exact_quantity
            # A share counts as a hundredth of a contract.
            net += price * (ratio / 100 if security.type == SecurityType.EQUITY else ratio)
            legs.append((leg, security, price))
        limit = group.exact_limit_price
        if not (net < limit if buying else net > limit):
            return []
        return [filled(self._unfilled(asset, leg), price, leg.exact_quantity) for leg, asset, price in legs]

    def combo_leg_limit_fill(self, order: Any, parameters: FillModelParameters) -> list[OrderEvent]:
        """Fill all legs at their limits or better, or none."""
        fills = []
        for leg, security in _legs(parameters):
            fill = self._limit(security, leg, leg.exact_limit_price, leg.exact_quantity)
            if fill.status != OrderStatus.FILLED:
                return []
            fills.append(fill)
        return fills

    # What models of the user's own may override too

    def get_prices(self, asset: Any, direction: OrderDirection) -> Prices:
        """The prices an order of a side is filled from."""
        return latest_prices(asset, direction, self.get_subscribed_types(asset))

    def is_exchange_open(self, asset: Any, is_extended_market_hours: bool) -> bool:
        """Whether an order may be filled now."""
        return is_exchange_open(asset, is_extended_market_hours)

    def get_subscription_data_configs(self, asset: Any) -> list[Any]:
        """What is subscribed to of a security, internal subscriptions too."""
        provider = self.parameters.config_provider
        return list(provider.get_subscription_data_configs(asset.symbol, include_internal_configs=True))

    def get_subscribed_types(self, asset: Any) -> set[type]:
        """Types of data there are of a security."""
        return subscribed_types(asset, self.get_subscription_data_configs(asset))

    # Parts

    @staticmethod
    def _unfilled(asset: Any, order: Any) -> OrderEvent:
        return OrderEvent(order, asset.utc_time, OrderFee.ZERO)

    @staticmethod
    def _slippage(asset: Any, order: Any) -> Decimal:
        return exact_answer(asset.slippage_model.get_slippage_approximation, asset, order)

    def _slipped(self, asset: Any, order: Any, price: Decimal) -> Decimal:
        slip = self._slippage(asset, order)
        if order.direction == BUY:
            return price + slip
        return price - slip if order.direction == SELL else price

    def _is_open_as_subscribed(self, asset: Any) -> bool:
        configs = self.get_subscription_data_configs(asset)
        subscribed_types(asset, configs)
        own = [config for config in configs if not config.is_internal_feed] or configs
        return self.is_exchange_open(asset, any(config.extended_market_hours for config in own))

    @staticmethod
    def _waits_for_fresh_data(configs: list[Any]) -> bool:
        """Whether only long bars are subscribed to."""
        own = [config.resolution for config in configs if not config.is_internal_feed]
        return bool(own) and all(one in (Resolution.HOUR, Resolution.DAILY) for one in own)

    def _waits_for_fresh_data_on_stale(self, known_since: Any, ordered: Any, configs: list[Any]) -> bool:
        if self._waits_for_fresh_data(configs):
            return True
        finest: timedelta = INCREMENTS[min(config.resolution for config in configs)]
        return bool(finest) and bool(ordered - known_since > finest)

    def _market_price(self, asset: Any, order: Any, prices: Prices, configs: list[Any]) -> Decimal:
        """An order older than a long bar fills at its open."""
        rested = self._waits_for_fresh_data(configs) and order.time <= utc_of(asset, prices.time)
        return prices.exact_open if rested and prices.exact_open else prices.exact_current

    @staticmethod
    def _refuse_always_open(asset: Any, order: Any) -> None:
        if asset.exchange.hours.is_market_always_open:
            raise InvalidOperationException(
                f"Market never closes for this symbol {asset.symbol}, can no submit a {order.type} order."
            )


def filled(fill: OrderEvent, price: Decimal, quantity: Decimal) -> OrderEvent:
    """A fill of a quantity, the order's whole."""
    fill.status = OrderStatus.FILLED
    fill.exact_fill_price, fill.exact_fill_quantity = price, quantity
    return fill


def _stopped(order: Any, fill: OrderEvent, prices: Prices, slip: Decimal) -> OrderEvent:
    """Fill at the worse of stop and price."""
    if order.direction == SELL:
        price = min(order.exact_stop_price, prices.exact_current - slip)
    else:
        price = max(order.exact_stop_price, prices.exact_current + slip)
    return filled(fill, price, order.exact_quantity)


def _legs(parameters: FillModelParameters) -> list[tuple[Any, Any]]:
    return sorted(parameters.securities_for_orders.items(), key=lambda leg: leg[0].id)
