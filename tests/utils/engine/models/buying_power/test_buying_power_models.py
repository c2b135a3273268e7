"""Margin models on an account of 100,000 dollars: figures worked out by hand from LEAN's rules."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from utils.engine.clock import to_ns
from utils.engine.dotnet.exceptions import ArgumentException, InvalidOperationException
from utils.engine.dotnet.money import ONE, exact
from utils.engine.enums import OrderDirection
from utils.engine.models.buying_power.buying_power_model import BuyingPowerModel
from utils.engine.models.buying_power.cash_buying_power_model import CashBuyingPowerModel
from utils.engine.models.buying_power.parameters import (
    BuyingPowerParameters,
    GetMaximumOrderQuantityForTargetBuyingPowerParameters,
    HasSufficientBuyingPowerForOrderParameters,
    InitialMarginParameters,
    InitialMarginRequiredForOrderParameters,
    MaintenanceMarginParameters,
    ReservedBuyingPowerForPositionParameters,
)
from utils.engine.models.buying_power.security_margin_model import (
    ConstantBuyingPowerModel,
    NullBuyingPowerModel,
    PatternDayTradingMarginModel,
    SecurityMarginModel,
)
from utils.engine.models.fees.constant_fee_model import ConstantFeeModel
from utils.engine.orders.kinds import MarketOrder

EVENING = datetime(2024, 1, 3, 22)  # UTC: 17:00 in New York


@pytest.fixture
def spy(algorithm: Any, priced: Any) -> Any:
    """A share at 100 dollars."""
    return priced(algorithm.add_equity("SPY"), 100.0)


def initial(model: Any, security: Any, quantity: float) -> float:
    value: float = model.get_initial_margin_requirement(InitialMarginParameters(security, quantity)).value
    return value


def maintenance(model: Any, security: Any) -> float:
    terms = MaintenanceMarginParameters.for_current_holdings(security)
    value: float = model.get_maintenance_margin(terms).value
    return value


def to_target(algorithm: Any, security: Any, share: float, least: float = 0.001) -> Any:
    return security.buying_power_model.get_maximum_order_quantity_for_target_buying_power(
        GetMaximumOrderQuantityForTargetBuyingPowerParameters(algorithm.portfolio, security, share, least)
    )


class TestTerms:
    def test_leverage(self, spy: Any) -> None:
        model = SecurityMarginModel(4)
        assert (initial(model, spy, 10), model.get_leverage(spy)) == (250.0, 4.0)
        assert model.required_free_buying_power_percent == 0.0

    @pytest.mark.parametrize(
        "model",
        [
            SecurityMarginModel(0.5, 0.3, 0.05),
            SecurityMarginModel(
                required_free_buying_power_percent=0.05,
                maintenance_margin_requirement=0.3,
                initial_margin_requirement=0.5,
            ),
            BuyingPowerModel(0.5, 0.3, required_free_buying_power_percent=0.05),
        ],
    )
    def test_fractions_by_place_or_by_name(self, model: Any, spy: Any) -> None:
        spy.holdings.set_holdings(100.0, -10)
        assert (initial(model, spy, -10), maintenance(model, spy)) == (-500.0, 300.0)
        assert model.required_free_buying_power_percent == 0.05

    def test_leverage_by_name(self, spy: Any) -> None:
        model = BuyingPowerModel(required_free_buying_power_percent=0.1, leverage=5)
        assert (model.get_leverage(spy), model.required_free_buying_power_percent) == (5.0, 0.1)
        assert BuyingPowerModel().get_leverage(spy) == 1.0

    @pytest.mark.parametrize("terms", [(0.5,), (1.5, 0.3, 0), (0.5, -0.1, 0), (0.5, 0.3, 2), (2, 1.5)])
    def test_out_of_range(self, terms: tuple[float, ...]) -> None:
        with pytest.raises(ArgumentException):
            BuyingPowerModel(*terms)

    @pytest.mark.parametrize(
        ("terms", "named"),
        [
            ((1, 1, 1, 1), {}),
            ((2,), {"leverage": 3}),
            ((), {"leverege": 3}),
            ((), {"initial_margin_requirement": 1}),
        ],
    )
    def test_of_no_constructor(self, terms: tuple[float, ...], named: dict[str, float]) -> None:
        with pytest.raises(TypeError, match="initial_margin_requirement"):
            BuyingPowerModel(*terms, **named)


class TestFloatsAtTheSurface:
    def test_a_users_model_calculates_with_what_ours_answers(self, algorithm: Any, spy: Any) -> None:
        class Half(SecurityMarginModel):
            def get_leverage(self, security: Any) -> float:
                return super().get_leverage(security) * 0.5

            def get_margin_remaining(self, portfolio: Any, security: Any, direction: Any) -> float:
                return super().get_margin_remaining(portfolio, security, direction) * 0.5

        model = Half(4)
        spy.set_buying_power_model(model)
        assert spy.leverage == 2.0
        assert model.get_margin_remaining(algorithm.portfolio, spy, OrderDirection.BUY) == 50_000.0
        # Half the leverage for half the money of twice the margin: LEAN divides the share by the leverage,
        # and the model asks a quarter of the price.
        assert algorithm.calculate_order_quantity(spy.symbol, 1.0) == 1_995.0

    def test_no_digit_is_lost_between_models_of_the_engine(self, spy: Any) -> None:
        model = SecurityMarginModel(Decimal("3.3"))
        assert exact(model.get_leverage(spy)) == ONE / (ONE / Decimal("3.3"))

    def test_lean_does_not_see_what_python_overrides_when_it_calls_itself(
        self, algorithm: Any, spy: Any
    ) -> None:
        class Free(SecurityMarginModel):
            def get_initial_margin_requirement(self, parameters: Any) -> Any:  # noqa: ARG002 - LEAN's
                raise AssertionError("asked")

        spy.set_buying_power_model(Free(2))
        assert to_target(algorithm, spy, 0.5).quantity == 1_000.0  # half of 100,000 at 50 a share


class TestOrders:
    def test_what_remains_is_less_by_what_positions_tie_up(self, algorithm: Any, spy: Any) -> None:
        spy.set_buying_power_model(SecurityMarginModel(0.5, 0.25, 0.1))
        algorithm.portfolio.set_cash(90_000)
        spy.holdings.set_holdings(100.0, 100)  # worth 10,000: 2,500 to keep, 5,000 to open

        def power(side: OrderDirection) -> float:
            model = spy.buying_power_model
            value: float = model.get_buying_power(BuyingPowerParameters(algorithm.portfolio, spy, side)).value
            return value

        assert power(OrderDirection.BUY) == 100_000 - 2_500 - 10_000
        assert power(OrderDirection.SELL) == 100_000 - 2_500 - 10_000 + 2_500 + 5_000

    @pytest.mark.parametrize(("quantity", "enough"), [(1_998, True), (1_999, False), (-1_998, True)])
    def test_margin_and_fee_must_be_there(
        self, algorithm: Any, spy: Any, quantity: float, enough: bool
    ) -> None:
        spy.set_fee_model(ConstantFeeModel(60))  # 1,998 shares need 99,900 and the fee
        ticket = algorithm.limit_order(spy.symbol, quantity, 1.0)
        assert (ticket.status.name == "SUBMITTED") is enough

    def test_an_order_that_only_closes_needs_none(self, algorithm: Any, spy: Any) -> None:
        spy.holdings.set_holdings(100.0, 5_000)
        algorithm.portfolio.set_cash(-600_000)
        ticket = algorithm.limit_order(spy.symbol, -5_000, 200.0)
        assert ticket.status.name == "SUBMITTED"


class TestLeastMarginOfAnOrder:
    """LEAN leaves out orders below a share of the account, 100 dollars here, unless no margin remains."""

    def test_small_changes_are_left_out(self, algorithm: Any, spy: Any) -> None:
        algorithm.portfolio.set_cash(50_000)
        spy.holdings.set_holdings(100.0, 500)  # margin 25,000 of 100,000
        result = to_target(algorithm, spy, 0.2495)  # 50 less
        assert (result.quantity, result.is_error) == (0.0, False)
        assert to_target(algorithm, spy, 0.249).quantity == -2.0  # 100 less: not below

    def test_without_margin_left_they_are_not(self, algorithm: Any, spy: Any) -> None:
        algorithm.portfolio.set_cash(-100_000)
        spy.holdings.set_holdings(100.0, 2_000)  # margin 100,000 of 100,000
        assert algorithm.portfolio.margin_remaining == 0.0
        assert to_target(algorithm, spy, 0.9995).quantity == -1.0
        assert to_target(algorithm, spy, 0.9995, least=0.0).quantity == -1.0


class TestOtherModels:
    def test_of_day_traders(self, algorithm: Any, spy: Any) -> None:
        model = PatternDayTradingMarginModel()
        spy.holdings.set_holdings(100.0, 10)
        assert (initial(model, spy, 10), maintenance(model, spy), model.get_leverage(spy)) == (250, 250, 4)
        algorithm._environment.clock.utc_ns = to_ns(EVENING)
        assert (initial(model, spy, 10), maintenance(model, spy), model.get_leverage(spy)) == (500, 500, 2)

    def test_of_day_traders_keeps_its_leverage(self, spy: Any) -> None:
        spy.set_buying_power_model(PatternDayTradingMarginModel())
        spy.set_leverage(10)
        assert spy.leverage == 4.0

    def test_null_ties_up_nothing_but_asks_margin_for_orders(self, algorithm: Any, spy: Any) -> None:
        model = NullBuyingPowerModel()
        spy.set_buying_power_model(model)
        spy.holdings.set_holdings(100.0, 10)
        order = MarketOrder(spy.symbol, 1_000_000, EVENING)
        portfolio = algorithm.portfolio
        assert model.has_sufficient_buying_power_for_order(
            HasSufficientBuyingPowerForOrderParameters(portfolio, spy, order)
        ).is_sufficient
        reserved = model.get_reserved_buying_power_for_position(ReservedBuyingPowerForPositionParameters(spy))
        assert (maintenance(model, spy), reserved.absolute_used_buying_power) == (0.0, 0.0)
        required = model.get_initial_margin_required_for_order(
            InitialMarginRequiredForOrderParameters(portfolio.cash_book, spy, order)
        )
        assert required.value == 100_000_000.0

    def test_constant(self, spy: Any) -> None:
        model = ConstantBuyingPowerModel(7)
        spy.holdings.set_holdings(100.0, -10)
        model.set_leverage(spy, 3)
        assert (initial(model, spy, -10), maintenance(model, spy)) == (-70.0, 70.0)


class TestCash:
    @pytest.fixture
    def coin(self, algorithm: Any, priced: Any) -> Any:
        """A coin at 100 dollars on a cash account."""
        security = priced(algorithm.add_crypto("BTCUSD", market="coinbase"), 100.0)
        security.set_buying_power_model(CashBuyingPowerModel())
        security.base_currency.exact_conversion_rate = Decimal(100)
        return security

    def test_has_no_leverage_and_keeps_no_margin(self, coin: Any) -> None:
        coin.holdings.set_holdings(100.0, 3)
        model = coin.buying_power_model
        assert (initial(model, coin, 3), maintenance(model, coin), model.get_leverage(coin)) == (300, 0, 1)
        model.set_leverage(coin, 1)
        with pytest.raises(InvalidOperationException, match="Cash accounts have no leverage"):
            model.set_leverage(coin, 2)

    def test_open_orders_reserve_money(self, algorithm: Any, coin: Any) -> None:
        assert algorithm.limit_order(coin.symbol, 600, 90.0).status.name == "SUBMITTED"  # 54,000
        assert algorithm.limit_order(coin.symbol, 500, 92.0).status.name == "SUBMITTED"  # 46,000
        assert algorithm.limit_order(coin.symbol, 1, 1.0).status.name == "INVALID"

    def test_only_coins_that_are_there_are_sold(self, algorithm: Any, coin: Any) -> None:
        coin.base_currency.set_amount(2)
        assert algorithm.limit_order(coin.symbol, -1.5, 200.0).status.name == "SUBMITTED"
        assert algorithm.limit_order(coin.symbol, -0.6, 200.0).status.name == "INVALID"
        assert algorithm.limit_order(coin.symbol, -0.5, 200.0).status.name == "SUBMITTED"
