"""What gives a new security its models, its leverage and its first price."""

from __future__ import annotations

from typing import Any

import pytest

from utils.engine.data.trade_bar import TradeBar
from utils.engine.enums import AccountType, BrokerageName
from utils.engine.errors import AlgorithmError
from utils.engine.models.brokerage.brokerage_model_security_initializer import (
    BrokerageModelSecurityInitializer,
)
from utils.engine.models.brokerage.composite_security_initializer import CompositeSecurityInitializer
from utils.engine.models.brokerage.default_brokerage_model import DefaultBrokerageModel
from utils.engine.models.brokerage.security_seeder import FuncSecuritySeeder, SecuritySeeder
from utils.engine.models.buying_power.cash_buying_power_model import CashBuyingPowerModel
from utils.engine.models.buying_power.security_margin_model import (
    PatternDayTradingMarginModel,
    SecurityMarginModel,
)
from utils.engine.models.fees.bybit_fee_model import BybitFeeModel
from utils.engine.models.fees.constant_fee_model import ConstantFeeModel
from utils.engine.models.fees.gdax_fee_model import GDAXFeeModel
from utils.engine.models.fees.interactive_brokers_fee_model import InteractiveBrokersFeeModel
from utils.engine.models.fills.equity_fill_model import EquityFillModel
from utils.engine.models.fills.immediate_fill_model import ImmediateFillModel

OPEN_PRICE = 123.25


def point(security: Any, price: float = OPEN_PRICE) -> TradeBar:
    return TradeBar(security.local_time, security.symbol, price, price, price, price, 10)


class TestOfABrokerage:
    def test_leverage_is_the_brokerages_whatever_the_model_says(self, algorithm: Any) -> None:
        class Own(DefaultBrokerageModel):
            def get_buying_power_model(self, security: Any) -> Any:  # noqa: ARG002 - LEAN's
                return SecurityMarginModel(7)

            def get_leverage(self, security: Any) -> float:
                return super().get_leverage(security) * 1.5

        algorithm.set_brokerage_model(Own())
        assert algorithm.add_equity("SPY").leverage == 3.0

    def test_leverage_python_gives_does_not_reach_leans_own_model(self, algorithm: Any) -> None:
        class Own(DefaultBrokerageModel):
            def get_leverage(self, security: Any) -> float:  # noqa: ARG002 - LEAN's
                return 5

        security = algorithm.add_equity("SPY")
        assert Own().get_buying_power_model(security).get_leverage(security) == 2.0
        algorithm.set_brokerage_model(Own())
        # The security was there: it has the new models with the leverage it had.
        assert algorithm.securities["SPY"].leverage == 2.0

    def test_the_model_of_day_traders_keeps_its_own(self, algorithm: Any) -> None:
        class Own(DefaultBrokerageModel):
            def get_buying_power_model(self, security: Any) -> Any:  # noqa: ARG002 - LEAN's
                return PatternDayTradingMarginModel()

        algorithm.set_brokerage_model(Own())
        assert algorithm.add_equity("SPY").leverage == 4.0

    def test_leverage_of_the_subscription_comes_last(self, algorithm: Any) -> None:
        assert algorithm.add_equity("SPY", leverage=3).leverage == 3.0

    def test_securities_that_were_there_get_the_models_of_a_new_brokerage(self, algorithm: Any) -> None:
        coin = algorithm.add_crypto("BTCUSD", market="bybit")
        assert isinstance(coin.fee_model, ConstantFeeModel)
        algorithm.set_brokerage_model(BrokerageName.BYBIT, AccountType.CASH)
        assert isinstance(coin.fee_model, BybitFeeModel)
        assert isinstance(coin.buying_power_model, CashBuyingPowerModel)


class TestOfTheUser:
    def test_without_a_brokerages_models_there_are_lean_s_first_ones(self, algorithm: Any) -> None:
        algorithm.set_security_initializer(lambda security: security.set_leverage(1))
        share, coin = algorithm.add_equity("SPY"), algorithm.add_crypto("BTCUSD")
        pair = algorithm.add_forex("EURUSD")
        assert isinstance(share.fill_model, EquityFillModel)
        assert isinstance(share.fee_model, InteractiveBrokersFeeModel)
        assert isinstance(coin.fee_model, GDAXFeeModel)
        assert isinstance(coin.buying_power_model, CashBuyingPowerModel)
        assert isinstance(pair.fill_model, ImmediateFillModel)
        assert share.leverage == coin.leverage == pair.leverage == 1.0

    def test_first_models_have_leverage(self, algorithm: Any) -> None:
        algorithm.set_security_initializer(lambda _security: None)
        assert algorithm.add_equity("SPY").leverage == 2.0
        assert algorithm.add_forex("EURUSD").leverage == 50.0

    def test_a_brokerage_does_not_undo_a_users_initializer(self, algorithm: Any) -> None:
        algorithm.set_security_initializer(lambda security: security.set_fee_model(ConstantFeeModel(3)))
        algorithm.set_brokerage_model(BrokerageName.INTERACTIVE_BROKERS_BROKERAGE)
        assert isinstance(algorithm.add_equity("SPY").fee_model, ConstantFeeModel)

    def test_added_ones_come_after_the_brokerages(self, algorithm: Any) -> None:
        lines: list[str] = []
        algorithm._environment.log = lines.append
        algorithm.add_security_initializer(lambda security: security.set_fee_model(ConstantFeeModel(3)))
        algorithm.set_brokerage_model(BrokerageName.BYBIT, AccountType.CASH)
        assert "a custom security initializer has been added" in lines[-1]
        coin = algorithm.add_crypto("BTCUSD", market="bybit")
        assert isinstance(coin.fee_model, ConstantFeeModel)
        assert isinstance(coin.buying_power_model, CashBuyingPowerModel)
        assert isinstance(algorithm.security_initializer, CompositeSecurityInitializer)
        assert len(algorithm.security_initializer.initializers) == 2

    def test_are_set_while_the_algorithm_is_initialized(self, algorithm: Any) -> None:
        algorithm._locked = True
        for method in (algorithm.set_security_initializer, algorithm.add_security_initializer):
            with pytest.raises(AlgorithmError, match="after the algorithm was initialized"):
                method(lambda _security: None)


class TestSeeders:
    @pytest.mark.parametrize("several", [False, True])
    def test_price_of_a_function(self, algorithm: Any, several: bool) -> None:
        seeder = FuncSecuritySeeder(lambda s: [point(s, 1.0), point(s)] if several else point(s))
        algorithm.set_security_initializer(BrokerageModelSecurityInitializer(DefaultBrokerageModel(), seeder))
        assert algorithm.add_equity("SPY").price == OPEN_PRICE

    def test_a_new_price_replaces_the_one_there_was(self, algorithm: Any) -> None:
        security = algorithm.add_equity("SPY")
        security.set_market_price(point(security, 1.0))
        seeder = FuncSecuritySeeder(point)
        BrokerageModelSecurityInitializer(DefaultBrokerageModel(), seeder).initialize(security)
        assert security.price == OPEN_PRICE

    def test_whether_there_was_a_price(self, algorithm: Any) -> None:
        security = algorithm.add_equity("SPY")
        assert FuncSecuritySeeder(point).seed_security(security)
        assert not FuncSecuritySeeder(lambda _security: []).seed_security(security)
        assert not FuncSecuritySeeder(lambda _security: None).seed_security(security)
        assert SecuritySeeder.NULL.seed_security(security)

    def test_what_a_function_raises_is_told_in_the_log(self, algorithm: Any) -> None:
        lines: list[str] = []
        algorithm._environment.log = lines.append
        assert not FuncSecuritySeeder(lambda _security: 1 / 0).seed_security(algorithm.add_equity("SPY"))
        assert lines == ["Could not seed price for security SPY: division by zero"]
