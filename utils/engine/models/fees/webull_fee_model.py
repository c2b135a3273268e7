"""Webull's fees."""

from __future__ import annotations

from utils.engine.enums import SecurityType
from utils.engine.errors import NotSupportedByEngine
from utils.engine.models.fees.fee_model import FeeModel
from utils.engine.models.fees.order_fee import OrderFee
from utils.engine.models.fees.order_fee_parameters import OrderFeeParameters


class WebullFeeModel(FeeModel):
    """Shares and options on them are free."""

    def get_order_fee(self, parameters: OrderFeeParameters) -> OrderFee:
        """The fee of an order.

        Raises:
            NotSupportedByEngine: of an option on an index.
        """
        if parameters.security.type == SecurityType.INDEX_OPTION:
            raise NotSupportedByEngine("WebullFeeModel of SecurityType.IndexOption")
        return OrderFee.ZERO
