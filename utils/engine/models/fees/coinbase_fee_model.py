"""Coinbase's fees."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from utils.engine.dotnet.money import exact
from utils.engine.models.fees.fee_model import FeeModel, is_maker, traded_price
from utils.engine.models.fees.order_fee import OrderFee
from utils.engine.models.fees.order_fee_parameters import OrderFeeParameters
from utils.engine.securities.cash_amount import CashAmount

_STABLE_PAIRS = frozenset(
    {
        "DAIUSDC", "DAIUSD", "GYENUSD", "PAXUSD", "PAXUSDT", "MUSDUSD", "USDCEUR", "USDCGBP", "USDTEUR",
        "USDTGBP", "USDTUSD", "USDTUSDC", "USTEUR", "USTUSD", "USTUSDT", "WBTCBTC",
    }
)  # fmt: skip
# Until a UTC time: fees of makers and of takers.
_PAST = (
    (datetime(2019, 3, 23, 1, 30), Decimal(0), Decimal("0.003")),
    (datetime(2019, 10, 8, 0, 30), Decimal("0.0015"), Decimal("0.0025")),
)
_STABLE_UNTIL = datetime(2022, 6, 1)


class CoinbaseFeeModel(FeeModel):
    """A share of the notional in the quote currency, less for makers; the first tier by default."""

    def __init__(
        self, maker_fee: float | Decimal = Decimal("0.006"), taker_fee: float | Decimal = Decimal("0.008")
    ) -> None:
        self._maker_fee, self._taker_fee = exact(maker_fee), exact(taker_fee)

    def get_order_fee(self, parameters: OrderFeeParameters) -> OrderFee:
        """The fee of an order."""
        order, security = parameters.order, parameters.security
        rate = self._rate(order.time, is_maker(order), security.symbol.value in _STABLE_PAIRS)
        price = traded_price(order, security)
        return OrderFee(CashAmount(price * abs(order.exact_quantity) * rate, security.quote_currency.symbol))

    def _rate(self, time: datetime, maker: bool, stable: bool) -> Decimal:
        if stable:
            taker = Decimal("0.001") if time < _STABLE_UNTIL else Decimal("0.00001")
            return Decimal(0) if maker else taker
        for until, makers, takers in _PAST:
            if time < until:
                return makers if maker else takers
        return self._maker_fee if maker else self._taker_fee
