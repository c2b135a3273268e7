"""A position in one security."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from utils.engine.dotnet.money import ZERO, exact, text
from utils.engine.dotnet.naming import DotNet
from utils.engine.dotnet.surface import read_only_float_of


class ConvertibleCashAmount(DotNet):
    """An amount in a security's quote currency, with its worth in the account's."""

    amount = read_only_float_of("exact_amount")
    in_account_currency = read_only_float_of("exact_in_account_currency")
    cash: Any

    def __init__(self, amount: Decimal, cash: Any) -> None:
        self.exact_amount, self.cash = amount, cash

    @property
    def exact_in_account_currency(self) -> Decimal:
        """Worth in the account's currency."""
        worth: Decimal = self.exact_amount * self.cash.exact_conversion_rate
        return worth


class SecurityHolding(DotNet):
    """Quantity, average price, fees and profits of a position; money in the account's currency."""

    target: Any

    quantity = read_only_float_of("exact_quantity")
    average_price = read_only_float_of("exact_average_price")
    price = read_only_float_of("exact_price")
    holdings_cost = read_only_float_of("exact_holdings_cost")
    holdings_value = read_only_float_of("exact_holdings_value")
    total_fees = read_only_float_of("exact_total_fees")
    total_sale_volume = read_only_float_of("exact_total_sale_volume")
    total_dividends = read_only_float_of("exact_total_dividends")
    last_trade_profit = read_only_float_of("exact_last_trade_profit")
    profit = read_only_float_of("exact_profit")
    net_profit = read_only_float_of("exact_net_profit")
    unrealized_profit = read_only_float_of("exact_unrealized_profit")

    def __init__(self, security: Any, portfolio: Any) -> None:
        self._security, self._portfolio = security, portfolio
        self.target = None
        self.exact_average_price = self._quantity = ZERO
        self._invested = False
        self.exact_total_fees = self.exact_total_sale_volume = self.exact_total_dividends = ZERO
        self.exact_last_trade_profit = self._profit = ZERO

    @property
    def symbol(self) -> Any:
        """What is held."""
        return self._security.symbol

    @property
    def type(self) -> Any:
        """Kind of the security."""
        return self._security.type

    @property
    def exact_quantity(self) -> Decimal:
        """Signed quantity held."""
        return self._quantity

    @property
    def exact_price(self) -> Decimal:
        """Latest price of the security."""
        price: Decimal = self._security.exact_price
        return price

    @property
    def leverage(self) -> float:
        """Leverage the security's model allows."""
        return float(self._security.buying_power_model.get_leverage(self._security))

    @property
    def invested(self) -> bool:
        """Whether at least one lot is held."""
        return self._invested

    @property
    def hold_stock(self) -> bool:
        """Whether at least one lot is held."""
        return self._invested

    @property
    def is_long(self) -> bool:
        """Whether the quantity is above zero."""
        return self._quantity > 0

    @property
    def is_short(self) -> bool:
        """Whether the quantity is below zero."""
        return self._quantity < 0

    @property
    def exact_absolute_quantity(self) -> Decimal:
        """Size of the position."""
        return abs(self._quantity)

    @property
    def absolute_quantity(self) -> float:
        """Size of the position."""
        return float(abs(self._quantity))

    @property
    def exact_holdings_cost(self) -> Decimal:
        """What the position cost at its average price."""
        if not self._quantity:
            return ZERO
        return self.exact_quantity_value(self._quantity, self.exact_average_price)

    @property
    def absolute_holdings_cost(self) -> float:
        """Size of the cost."""
        return float(abs(self.exact_holdings_cost))

    @property
    def unlevered_holdings_cost(self) -> float:
        """Cost by leverage."""
        return float(self.exact_holdings_cost) / self.leverage

    @property
    def unlevered_absolute_holdings_cost(self) -> float:
        """Size of the cost by leverage."""
        return abs(self.unlevered_holdings_cost)

    @property
    def exact_holdings_value(self) -> Decimal:
        """What the position is worth at the latest price."""
        return self.exact_quantity_value(self._quantity) if self._quantity else ZERO

    @property
    def absolute_holdings_value(self) -> float:
        """Size of the worth."""
        return float(abs(self.exact_holdings_value))

    @property
    def exact_profit(self) -> Decimal:
        """Realized profit with dividends, before fees."""
        return self._profit + self.exact_total_dividends

    @property
    def exact_net_profit(self) -> Decimal:
        """Realized profit after fees."""
        return self.exact_profit - self.exact_total_fees

    @property
    def exact_unrealized_profit(self) -> Decimal:
        """Profit if the position were closed now, after the fees of that."""
        return self.exact_total_close_profit()

    @property
    def unrealized_profit_percent(self) -> float:
        """Unrealized profit as a fraction of the cost."""
        cost = abs(self.exact_holdings_cost)
        return float(self.exact_unrealized_profit / cost) if cost else 0.0

    def get_quantity_value(self, quantity: float, price: float | None = None) -> ConvertibleCashAmount:
        """Worth of a quantity, at the latest price by default."""
        worth = self._value(exact(quantity), None if price is None else exact(price))
        return ConvertibleCashAmount(worth, self._security.quote_currency)

    def _value(self, quantity: Decimal, price: Decimal | None = None) -> Decimal:
        """Worth of a quantity in the quote currency."""
        security = self._security
        if price is None:
            price = security.exact_price
        worth: Decimal = price * quantity * security.symbol_properties.exact_contract_multiplier
        return worth

    def exact_quantity_value(self, quantity: Decimal, price: Decimal | None = None) -> Decimal:
        """Worth of a quantity in the account's currency."""
        rate: Decimal = self._security.quote_currency.exact_conversion_rate
        return self._value(quantity, price) * rate

    def exact_total_close_profit(
        self,
        include_fees: bool = True,
        exit_price: Decimal | None = None,
        entry_price: Decimal | None = None,
        quantity: Decimal | None = None,
    ) -> Decimal:
        """Profit of closing: a long position sells at the bid, a short one buys at the ask."""
        if quantity is None:
            if not self._invested:
                return ZERO
            quantity = self._quantity
        security = self._security
        fees = ZERO
        if include_fees:
            fees = self._portfolio.exact_market_order_fees(security, -quantity)
        price = exit_price
        if price is None:
            price = security.exact_bid_price if self.is_long else security.exact_ask_price
            price = price or security.exact_price
        entry = self.exact_quantity_value(quantity, entry_price or self.exact_average_price)
        return self.exact_quantity_value(quantity, price) - entry - fees

    def total_close_profit(
        self,
        include_fees: bool = True,
        exit_price: float | None = None,
        entry_price: float | None = None,
        quantity: float | None = None,
    ) -> float:
        """`exact_total_close_profit` of floats."""
        prices = (None if price is None else exact(price) for price in (exit_price, entry_price, quantity))
        return float(self.exact_total_close_profit(include_fees, *prices))

    def add_new_fee(self, fee: Decimal) -> None:
        """Count a fee."""
        self.exact_total_fees += exact(fee)

    def add_new_profit(self, profit: Decimal) -> None:
        """Count a realized profit."""
        self._profit += exact(profit)

    def add_new_sale(self, value: Decimal) -> None:
        """Count traded value."""
        self.exact_total_sale_volume += exact(value)

    def add_new_dividend(self, dividend: Decimal) -> None:
        """Count a dividend."""
        self.exact_total_dividends += exact(dividend)

    def set_last_trade_profit(self, profit: Decimal) -> None:
        """Profit of the latest closing trade."""
        self.exact_last_trade_profit = exact(profit)

    def set_holdings(self, average_price: float | Decimal, quantity: float | Decimal) -> None:
        """Replace the position."""
        self._quantity = exact(quantity)
        self.exact_average_price = exact(average_price)
        lot: Decimal = self._security.symbol_properties.exact_lot_size
        # Dust below a lot cannot be traded and is no position.
        self._invested = abs(self._quantity) >= lot
        self._portfolio.quantity_changed(self._security)

    def __str__(self) -> str:
        quantity, price = text(self._quantity), text(self.exact_average_price)
        return f"{self.symbol.value}: {quantity} @ {self._security.quote_currency.currency_symbol}{price}"
