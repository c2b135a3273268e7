"""The models a security has before an initializer sets others."""

from __future__ import annotations

from typing import Any

from utils.engine.enums import SecurityType
from utils.engine.identity.security_identifier import is_option
from utils.engine.models.buying_power.buying_power_model import BuyingPowerModel
from utils.engine.models.buying_power.cash_buying_power_model import CashBuyingPowerModel
from utils.engine.models.buying_power.option_margin_model import OptionMarginModel
from utils.engine.models.buying_power.security_margin_model import SecurityMarginModel
from utils.engine.models.fees.constant_fee_model import ConstantFeeModel
from utils.engine.models.fees.fee_model import FeeModel
from utils.engine.models.fees.gdax_fee_model import GDAXFeeModel
from utils.engine.models.fees.interactive_brokers_fee_model import InteractiveBrokersFeeModel
from utils.engine.models.fills.equity_fill_model import EquityFillModel
from utils.engine.models.fills.immediate_fill_model import ImmediateFillModel
from utils.engine.models.interest.null_margin_interest_rate_model import MarginInterestRateModel
from utils.engine.models.settlement.immediate_settlement_model import ImmediateSettlementModel
from utils.engine.models.shortable.null_shortable_provider import NullShortableProvider
from utils.engine.models.slippage.null_slippage_model import NullSlippageModel
from utils.engine.models.volatility.null_volatility_model import VolatilityModel

_LEVERAGE = {
    SecurityType.EQUITY: 2,
    SecurityType.FOREX: 50,
    SecurityType.CFD: 50,
    SecurityType.INDEX: 50,
}


def set_default_models(security: Any) -> None:
    """Give a new security the models of LEAN's constructors: those of no brokerage in particular."""
    kind = security.type
    security.fill_model = EquityFillModel() if kind == SecurityType.EQUITY else ImmediateFillModel()
    security.fee_model = _fee_model(kind)
    security.buying_power_model = _buying_power_model(kind)
    security.slippage_model = NullSlippageModel.INSTANCE
    security.settlement_model = ImmediateSettlementModel()
    security.volatility_model = VolatilityModel.NULL
    security.margin_interest_rate_model = MarginInterestRateModel.NULL
    security.shortable_provider = NullShortableProvider.INSTANCE


def _fee_model(kind: SecurityType) -> FeeModel:
    if kind == SecurityType.CRYPTO:
        return GDAXFeeModel()
    if kind in (SecurityType.CFD, SecurityType.INDEX):
        return ConstantFeeModel(0)
    return InteractiveBrokersFeeModel()


def _buying_power_model(kind: SecurityType) -> BuyingPowerModel:
    if kind == SecurityType.CRYPTO:
        return CashBuyingPowerModel()
    if is_option(kind):
        return OptionMarginModel()
    return SecurityMarginModel(_LEVERAGE.get(kind, 1))
