"""The account: cash, holdings, margin."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from utils.engine.clock import Clock
from utils.engine.dotnet.money import ZERO, exact
from utils.engine.dotnet.surface import read_only_float_of
from utils.engine.enums import DataNormalizationMode, OrderDirection, SecurityType
from utils.engine.errors import AlgorithmError
from utils.engine.orders.kinds import MarketOrder
from utils.engine.orders.order import Order
from utils.engine.orders.order_event import OrderEvent
from utils.engine.securities.cash import Cash, CashBook
from utils.engine.securities.holding import SecurityHolding
from utils.engine.securities.keyed import SymbolKeyed
from utils.engine.securities.security import Security
from utils.engine.securities.security_manager import SecurityManager

# Counted through the cash book: their holdings are cash of another currency.
_SWAPS = (SecurityType.FOREX, SecurityType.CRYPTO)
# Cost nothing up front; only their profit counts.
_BY_PROFIT = (SecurityType.CFD, SecurityType.CRYPTO_FUTURE)


class SecurityPortfolioManager(SymbolKeyed[SecurityHolding]):  # LEAN's name
    """Holdings by symbol, cash by currency, and what the account is worth.

    Attributes:
        positions: groups of positions for margin.
        margin_call_model: what happens when margin runs out.
    """

    cash_book: CashBook
    unsettled_cash_book: CashBook
    securities: SecurityManager
    transactions: Any
    positions: Any
    margin_call_model: Any

    cash = read_only_float_of("exact_cash")
    unsettled_cash = read_only_float_of("exact_unsettled_cash")
    total_portfolio_value = read_only_float_of("exact_total_portfolio_value")
    total_portfolio_value_less_free_buffer = read_only_float_of(
        "exact_total_portfolio_value_less_free_buffer"
    )
    total_holdings_value = read_only_float_of("exact_total_holdings_value")
    total_fees = read_only_float_of("exact_total_fees")
    total_profit = read_only_float_of("exact_total_profit")
    total_net_profit = read_only_float_of("exact_total_net_profit")
    total_unrealized_profit = read_only_float_of("exact_total_unrealized_profit")
    total_unrealised_profit = read_only_float_of("exact_total_unrealized_profit")
    total_sale_volume = read_only_float_of("exact_total_sale_volume")
    total_margin_used = read_only_float_of("exact_total_margin_used")
    margin_remaining = read_only_float_of("exact_margin_remaining")

    def __init__(self, securities: SecurityManager, clock: Clock, settings: Any) -> None:
        self.securities = securities
        self._clock, self._settings = clock, settings
        self._invested: bool | None = None  # None: to be found out
        securities.on_change = self._forget_invested
        self.cash_book, self.unsettled_cash_book = CashBook(), CashBook()
        self._base = self.cash_book[self.cash_book.account_currency]
        self._base.set_amount(100_000)
        self.transactions = self.positions = self.margin_call_model = None
        self.sessions: Callable[[Security], Any] = lambda _security: None
        self._currency_was_set = self._cash_was_set = self._cash_symbol_was_set = False

    def _entries(self) -> Iterable[tuple[Any, SecurityHolding]]:
        return ((symbol, security.holdings) for symbol, security in self.securities.items())

    def _find(self, symbol: Any) -> SecurityHolding | None:
        security = self.securities._find(symbol)
        return None if security is None else security.holdings

    def _missing(self, symbol: Any) -> str:
        return self.securities._missing(symbol)

    # Cash

    @property
    def exact_cash(self) -> Decimal:
        """Settled cash in the account's currency."""
        return self.cash_book.exact_total_value_in_account_currency

    @property
    def exact_unsettled_cash(self) -> Decimal:
        """Cash of sales that has not settled, in the account's currency."""
        return self.unsettled_cash_book.exact_total_value_in_account_currency

    def set_account_currency(self, currency: str, starting_cash: float | None = None) -> None:
        """Keep the account in a currency; before any security is added, once.

        Raises:
            AlgorithmError: securities were added already.
        """
        currency = currency.upper()
        if self._currency_was_set:
            return
        if len(self.securities):
            raise AlgorithmError("Cannot change AccountCurrency after adding a Security.")
        self._currency_was_set = True
        previous, amount, rate = self._base, self._base.exact_amount, self._base.exact_conversion_rate
        self.cash_book.account_currency = self.unsettled_cash_book.account_currency = currency
        self._base = self.cash_book[currency]
        if self._cash_symbol_was_set and previous.symbol != currency:
            self._base.set_amount(0)
            self.add_cash(previous.symbol, amount, rate)
        if starting_cash is not None:
            self.set_cash(starting_cash)

    def set_cash(self, *terms: Any) -> None:
        """Set the cash: `set_cash(amount)` in the account's currency, or `(currency, amount, rate)`."""
        self._cash_was_set = True
        if len(terms) == 1:
            self._cash_symbol_was_set = False
            self._base.set_amount(terms[0])
            return
        self._cash_symbol_was_set = True
        symbol, amount = str(terms[0]).upper(), terms[1]
        self.add_cash(symbol, exact(amount), exact(terms[2]) if len(terms) > 2 else ZERO)

    def add_cash(self, symbol: str, amount: Decimal = ZERO, rate: Decimal = ZERO) -> Cash:
        """Keep cash of a currency, with its twin for what is unsettled, which shares its rate."""
        cash = self.cash_book.add(symbol, amount, rate)
        self.ensure_unsettled(cash)
        return cash

    def ensure_unsettled(self, cash: Cash) -> None:
        """Give a currency its twin in the unsettled book."""
        book = self.unsettled_cash_book
        if cash.symbol not in book:
            book.add(cash.symbol, ZERO, ZERO)
        book[cash.symbol].currency_conversion = cash.currency_conversion

    # Worth

    @property
    def exact_total_portfolio_value(self) -> Decimal:
        """Worth of the account: cash and holdings."""
        total = self.exact_cash + self.exact_unsettled_cash
        for security in self.securities.active():
            holding = security.holdings
            if not holding.invested or security.type in _SWAPS:
                continue
            by_profit = security.type in _BY_PROFIT
            total += holding.exact_unrealized_profit if by_profit else holding.exact_holdings_value
        return total

    @property
    def exact_total_portfolio_value_less_free_buffer(self) -> Decimal:
        """Worth of the account that orders by fraction may use."""
        worth = self.exact_total_portfolio_value
        free = self._settings.exact_free_portfolio_value
        if free is None:
            free = worth * self._settings.exact_free_portfolio_value_percentage
        left: Decimal = worth - free
        return left

    def invalidate_total_portfolio_value(self) -> None:
        """Nothing is kept that could go stale."""

    @property
    def exact_total_holdings_value(self) -> Decimal:
        """Sum of the sizes of all holdings' worth."""
        return self._sum(lambda holding: abs(holding.exact_holdings_value))

    @property
    def exact_total_unrealized_profit(self) -> Decimal:
        """Profit if all were closed now."""
        return self._sum(lambda holding: holding.exact_unrealized_profit)

    @property
    def exact_total_fees(self) -> Decimal:
        """Fees so far."""
        return self._total(lambda holding: holding.exact_total_fees)

    @property
    def exact_total_profit(self) -> Decimal:
        """Realized profit so far, before fees."""
        return self._total(lambda holding: holding.exact_profit)

    @property
    def exact_total_net_profit(self) -> Decimal:
        """Realized profit so far, after fees."""
        return self._total(lambda holding: holding.exact_net_profit)

    @property
    def exact_total_sale_volume(self) -> Decimal:
        """Value traded so far."""
        return self._total(lambda holding: holding.exact_total_sale_volume)

    @property
    def total_absolute_holdings_cost(self) -> float:
        """Sum of the sizes of all costs."""
        return float(self._sum(lambda holding: abs(holding.exact_holdings_cost)))

    @property
    def total_unlevered_absolute_holdings_cost(self) -> float:
        """Sum of the sizes of all costs by leverage."""
        return sum(
            security.holdings.unlevered_absolute_holdings_cost for security in self.securities.active()
        )

    def _sum(self, part: Callable[[SecurityHolding], Decimal]) -> Decimal:
        return sum((part(security.holdings) for security in self.securities.active()), ZERO)

    def _total(self, part: Callable[[SecurityHolding], Decimal]) -> Decimal:
        return sum((part(security.holdings) for security in self.securities.ever()), ZERO)

    @property
    def invested(self) -> bool:
        """Whether any position is held."""
        invested = self._invested
        if invested is None:
            held = (security.holdings.invested for security in self.securities.active())
            invested = self._invested = any(held)
        return invested

    def _forget_invested(self) -> None:
        self._invested = None

    @property
    def hold_stock(self) -> bool:
        """Whether any position is held."""
        return self.invested

    # Margin

    @property
    def exact_total_margin_used(self) -> Decimal:
        """What the positions tie up."""
        used: Decimal = self.positions.exact_reserved_buying_power(self)
        return used

    @property
    def exact_margin_remaining(self) -> Decimal:
        """What new positions may tie up."""
        return self.exact_margin_remaining_of(self.exact_total_portfolio_value)

    def exact_margin_remaining_of(self, total_portfolio_value: Decimal) -> Decimal:
        """Margin that remains, given the worth of the account."""
        return total_portfolio_value - self.exact_unsettled_cash - self.exact_total_margin_used

    def exact_reserved_buying_power(self, security: Security) -> Decimal:
        """What a position ties up."""
        from utils.engine.models.buying_power.parameters import ReservedBuyingPowerForPositionParameters

        terms = ReservedBuyingPowerForPositionParameters(security)
        used = security.buying_power_model.get_reserved_buying_power_for_position(terms)
        found = getattr(used, "exact_absolute_used_buying_power", None)
        return exact(used.absolute_used_buying_power) if found is None else exact(found)

    def get_margin_remaining(self, target: Any, direction: OrderDirection = OrderDirection.BUY) -> float:
        """Margin for an order in a symbol, or what remains of a portfolio value."""
        if isinstance(target, (int, float, Decimal)):
            return float(self.exact_margin_remaining_of(exact(target)))
        return self.get_buying_power(target, direction)

    def get_buying_power(self, symbol: Any, direction: OrderDirection = OrderDirection.BUY) -> float:
        """What an order in a symbol may tie up."""
        from utils.engine.models.buying_power.parameters import BuyingPowerParameters

        security = self.securities[symbol]
        terms = BuyingPowerParameters(self, security, direction)
        return float(security.buying_power_model.get_buying_power(terms).value)

    def has_sufficient_buying_power_for_order(self, orders: list[Order]) -> Any:
        """Whether the account can carry these orders together; LEAN's result with its reason."""
        return self.positions.has_sufficient_buying_power_for_orders(self, orders)

    def exact_market_order_fees(self, security: Security, quantity: Decimal) -> Decimal:
        """Fees of a market order in the account's currency."""
        from utils.engine.models.fees.order_fee_parameters import OrderFeeParameters

        order = MarketOrder(security.symbol, quantity, self._clock.utc)
        fee = security.fee_model.get_order_fee(OrderFeeParameters(security, order))
        return self.cash_book.in_account_currency(fee.value).exact_amount

    # What happens to the account

    def process_fills(self, fills: list[OrderEvent]) -> None:
        """Apply fills."""
        for fill in fills:
            security = self.securities[fill.symbol]
            security.portfolio_model.process_fill(self, security, fill)

    def quantity_changed(self, security: Security) -> None:
        """A position changed."""
        self._forget_invested()
        if self.positions is not None:
            self.positions.quantity_changed(security)

    def add_transaction_record(self, time: Any, profit: Decimal, is_win: bool) -> None:
        """Record a round trip's profit."""
        self.transactions.add_transaction_record(time, profit, is_win)

    def apply_dividend(self, dividend: Any, mode: DataNormalizationMode) -> None:
        """Pay a dividend, when prices are not adjusted for it."""
        if mode not in (DataNormalizationMode.RAW, DataNormalizationMode.SPLIT_ADJUSTED):
            return
        security = self.securities[dividend.symbol]
        rate = security.quote_currency.exact_conversion_rate
        total = security.holdings.exact_quantity * exact(dividend.distribution) * rate
        self._base.add_amount(total)
        security.holdings.add_new_dividend(total)

    def apply_split(self, split: Any, security: Security, mode: DataNormalizationMode) -> None:
        """Split a position, when prices are not adjusted for it; a fraction of a share is paid out."""
        if security.type != SecurityType.EQUITY or mode != DataNormalizationMode.RAW:
            return
        factor = exact(split.split_factor)
        quantity = security.holdings.exact_quantity / factor
        whole = Decimal(int(quantity))
        fraction = quantity - whole
        security.holdings.set_holdings(security.holdings.exact_average_price * factor, whole)
        if not security.has_data:
            self._base.add_amount(fraction * exact(split.reference_price) * factor)
            return
        security.cache.apply_split(factor)
        self._base.add_amount(fraction * security.exact_price)

    def set_margin_call_model(self, model: Any) -> None:
        """Choose what happens when margin runs out."""
        self.margin_call_model = model

    def set_positions(self, position_group_model: Any) -> None:
        """Choose how positions are grouped for margin."""
        self.positions = position_group_model
        self.positions.initialize(self.securities)
