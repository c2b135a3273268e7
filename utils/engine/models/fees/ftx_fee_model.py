"""FTX's fees."""

from __future__ import annotations

from decimal import Decimal

from utils.engine.dotnet.money import ONE
from utils.engine.enums import OrderDirection
from utils.engine.models.fees.fee_model import FeeModel, is_maker, traded_price
from utils.engine.models.fees.order_fee import OrderFee
from utils.engine.models.fees.order_fee_parameters import OrderFeeParameters
from utils.engine.securities.cash_amount import CashAmount


class FTXFeeModel(FeeModel):
    """A share of the notional in the quote currency; of the coin for makers that buy."""

    _MAKER, _TAKER = Decimal("0.0002"), Decimal("0.0007")

    def get_order_fee(self, parameters: OrderFeeParameters) -> OrderFee:
        """The fee of an order."""
        order, security = parameters.order, parameters.security
        maker = is_maker(order)
        price, currency = traded_price(order, security), security.quote_currency.symbol
        if maker and order.direction == OrderDirection.BUY:
            price, currency = ONE, security.base_currency.symbol
        rate = self._MAKER if maker else self._TAKER
        return OrderFee(CashAmount(price * abs(order.exact_quantity) * rate, currency))
