"""Money Line in LEAN: the strategy's stepper, bar by bar, and the executor that turns its events into orders.

Everything is set by the project's parameters: what is traded, when, on what terms, and the strategy's own.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from AlgorithmImports import *

from trading.bars import Bar as PriceBar  # LEAN has a Bar of its own
from trading.execution.account import Terms
from trading.execution.executor import EventExecutor
from trading.simulation.instrument import Fees
from trading.strategies.fields import from_text
from trading.strategies.registry import get_strategy

RESOLUTIONS = {"minute": Resolution.MINUTE, "hour": Resolution.HOUR, "daily": Resolution.DAILY}
ACCOUNTS = {"cash": AccountType.CASH, "margin": AccountType.MARGIN}
EPOCH = date(1970, 1, 1).toordinal()


class MoneyLineAlgorithm(QCAlgorithm):
    """One security, one strategy."""

    def initialize(self) -> None:
        """Read the parameters, subscribe and wire strategy to executor."""
        self.set_start_date(datetime.fromisoformat(self.get_parameter("start_date", "2000-01-03")))
        self.set_end_date(datetime.fromisoformat(self.get_parameter("end_date", "2020-12-31")))
        self.set_cash(self.get_parameter("cash", 100_000.0))
        account = self._choice("account", "margin", ACCOUNTS)
        self.set_brokerage_model(BrokerageName.DEFAULT, account)
        security = self._add_security()
        self._symbol: Symbol = security.symbol
        self._quotes_only = security.type == SecurityType.FOREX

        slippage = self.get_parameter("slippage", 0.0)
        if slippage > 0:
            security.set_slippage_model(ConstantSlippageModel(slippage))
        stated = self._stated_fees(security)
        terms = Terms(
            lot_size=security.symbol_properties.lot_size,
            tick_size=security.symbol_properties.minimum_price_variation,
            can_short=account == AccountType.MARGIN,
            fee=stated.of if stated else self._fee,
            slippage=slippage,
            allocation=self.get_parameter("allocation", 0.95),
        )
        name = self.get_parameter("strategy", "money_line")
        self._executor = EventExecutor(self, self._symbol, name, terms)
        gap_fills = security.type == SecurityType.EQUITY
        fills = BracketEquityFillModel if gap_fills else BracketImmediateFillModel
        security.set_fill_model(fills(self, self._executor, stated))

        strategy = get_strategy(name)
        given = {name: self.get_parameter(name) for name in strategy.params_model.model_fields}
        stated_params = {name: from_text(value) for name, value in given.items() if value is not None}
        params = strategy.parse(stated_params)
        self._stepper = strategy.stepper(params)
        self.log(f"{name}: {params}")

        warm_up_bars = self.get_parameter("warm_up_bars", 0)
        if warm_up_bars > 0:
            self.set_warm_up(warm_up_bars)
        elif self.live_mode:
            self.log("warm_up_bars is 0: no event comes until the indicators are ready")

    def on_data(self, data: Slice) -> None:
        """Feed one bar to the stepper, and its event to the executor."""
        bars: Any = data.quote_bars if self._quotes_only else data.bars
        bar = bars.get(self._symbol)
        if bar is None:
            return
        day = bar.time.date().toordinal() - EPOCH
        volume = 0.0 if self._quotes_only else bar.volume
        row = PriceBar(bar.open, bar.high, bar.low, bar.close, volume, day)
        event = self._stepper.update(row)
        if self.is_warming_up:
            self._executor.observe(row, event)
        else:
            self._executor.on_bar(row, event)

    def on_order_event(self, order_event: OrderEvent) -> None:
        """Tell the executor."""
        self._executor.on_order_event(order_event)

    def _add_security(self) -> Security:
        """Subscribe to what the parameters name; bars without a trade are left out, as in the data."""
        add: dict[str, Any] = {"equity": self.add_equity, "crypto": self.add_crypto, "forex": self.add_forex}
        security: Security = self._choice("security_type", "equity", add)(
            self.get_parameter("symbol", "SPY"),
            self._choice("resolution", "daily", RESOLUTIONS),
            self.get_parameter("market", "usa"),
            False,
        )
        return security

    def _stated_fees(self, security: Security) -> StatedFeeModel | None:
        """Fees of parameters fee_rate, fee_per_unit, fee_minimum, fee_maximum_rate; None: LEAN's own."""
        given = {name: self.get_parameter(f"fee_{name}") for name in Fees.model_fields}
        stated = {name: float(value) for name, value in given.items() if value is not None}
        if not stated:
            return None
        model = StatedFeeModel(Fees(**stated), self.account_currency)
        security.set_fee_model(model)
        return model

    def _choice(self, name: str, default: str, choices: dict[str, Any]) -> Any:
        value = self.get_parameter(name, default)
        if value not in choices:
            raise ValueError(f"parameter {name} = {value!r}: must be one of {', '.join(choices)}")
        return choices[value]

    def _fee(self, quantity: float, _price: float) -> float:
        """The fee model's fee of a market order now, in the account's currency."""
        security = self.securities[self._symbol]
        order = MarketOrder(self._symbol, quantity, self.utc_time)
        fee = security.fee_model.get_order_fee(OrderFeeParameters(security, order))
        return self.portfolio.cash_book.convert_to_account_currency(fee.value).amount


class StatedFeeModel(FeeModel):
    """Fees as the parameters state them, of the price that an order filled at.

    LEAN asks for a fee right after the fill, but does not say at what price: the fill model notes it here.
    """

    def __init__(self, fees: Fees, currency: str) -> None:
        super().__init__()
        self._fees = fees
        self._currency = currency
        self.fill_price = 0.0

    def noted(self, event: OrderEvent) -> OrderEvent:
        """The event of a fill, its price noted."""
        self.fill_price = event.fill_price
        return event

    def get_order_fee(self, parameters: OrderFeeParameters) -> OrderFee:
        """The fee of the order that has just filled."""
        return OrderFee(CashAmount(self.of(parameters.order.quantity, self.fill_price), self._currency))

    def of(self, quantity: float, price: float) -> float:
        """The fee of an order, money."""
        return self._fees.of_order(abs(quantity), price)


class BracketEquityFillModel(EquityFillModel):
    """Fills of equities; the sibling of a filled stop or target does not fill."""

    def __init__(
        self, algorithm: MoneyLineAlgorithm, executor: EventExecutor, fees: StatedFeeModel | None
    ) -> None:
        super().__init__()
        self._algorithm = algorithm
        self._executor = executor
        self._noted = fees.noted if fees else _as_it_is

    def market_fill(self, asset: Security, order: MarketOrder) -> OrderEvent:
        """Fill at the market."""
        return self._noted(super().market_fill(asset, order))

    def market_on_open_fill(self, asset: Security, order: MarketOnOpenOrder) -> OrderEvent:
        """Fill at the next open."""
        return self._noted(super().market_on_open_fill(asset, order))

    def stop_market_fill(self, asset: Security, order: StopMarketOrder) -> OrderEvent:
        """Fill a stop if the executor lets it."""
        if self._executor.may_fill(order):
            return self._noted(super().stop_market_fill(asset, order))
        return OrderEvent(order, self._algorithm.utc_time, OrderFee.ZERO)

    def limit_fill(self, asset: Security, order: LimitOrder) -> OrderEvent:
        """Fill a target if the executor lets it."""
        if self._executor.may_fill(order):
            return self._noted(super().limit_fill(asset, order))
        return OrderEvent(order, self._algorithm.utc_time, OrderFee.ZERO)


class BracketImmediateFillModel(ImmediateFillModel):
    """Fills of crypto and forex; the sibling of a filled stop or target does not fill."""

    def __init__(
        self, algorithm: MoneyLineAlgorithm, executor: EventExecutor, fees: StatedFeeModel | None
    ) -> None:
        super().__init__()
        self._algorithm = algorithm
        self._executor = executor
        self._noted = fees.noted if fees else _as_it_is

    def market_fill(self, asset: Security, order: MarketOrder) -> OrderEvent:
        """Fill at the market."""
        return self._noted(super().market_fill(asset, order))

    def stop_market_fill(self, asset: Security, order: StopMarketOrder) -> OrderEvent:
        """Fill a stop if the executor lets it."""
        if self._executor.may_fill(order):
            return self._noted(super().stop_market_fill(asset, order))
        return OrderEvent(order, self._algorithm.utc_time, OrderFee.ZERO)

    def limit_fill(self, asset: Security, order: LimitOrder) -> OrderEvent:
        """Fill a target if the executor lets it."""
        if self._executor.may_fill(order):
            return self._noted(super().limit_fill(asset, order))
        return OrderEvent(order, self._algorithm.utc_time, OrderFee.ZERO)


def _as_it_is(event: OrderEvent) -> OrderEvent:
    return event
