"""Gives a new security the models of the brokerage."""

from __future__ import annotations

from typing import Any

from utils.engine.dotnet.naming import DotNet
from utils.engine.dotnet.surface import exact_answer
from utils.engine.models.brokerage.security_seeder import SecuritySeeder


class BrokerageModelSecurityInitializer(DotNet):
    """Sets every model of a security from the brokerage's."""

    def __init__(self, brokerage_model: Any, security_seeder: Any = SecuritySeeder.NULL) -> None:
        self._model, self._seeder = brokerage_model, security_seeder

    def initialize(self, security: Any) -> None:
        """Set the models, with the leverage of the brokerage; then seed the price."""
        model = self._model
        security.fill_model = model.get_fill_model(security)
        security.fee_model = model.get_fee_model(security)
        security.slippage_model = model.get_slippage_model(security)
        security.settlement_model = model.get_settlement_model(security)
        security.buying_power_model = model.get_buying_power_model(security)
        security.margin_interest_rate_model = model.get_margin_interest_rate_model(security)
        security.set_leverage(exact_answer(model.get_leverage, security))
        security.shortable_provider = model.get_shortable_provider(security)
        self._seeder.seed_security(security)
