"""What borrowed shares cost."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from utils.engine.dotnet.money import ZERO, exact
from utils.engine.dotnet.naming import DotNet
from utils.engine.dotnet.surface import read_only_float_of
from utils.engine.models.interest.margin_interest_rate_parameters import MarginInterestRateParameters

_DAYS_OF_YEAR = 360


class ShortMarginInterestRateModel(DotNet):
    """Charges shorts the shortable provider's fee rate, pays longs its rebate rate, once a day.

    `amount` is what was charged so far, in the quote currency.
    """

    amount = read_only_float_of("exact_amount")

    def __init__(self) -> None:
        self.exact_amount = ZERO
        self._since: datetime | None = None
        self._was_short = False

    def apply_margin_interest_rate(
        self, margin_interest_rate_parameters: MarginInterestRateParameters
    ) -> None:
        """Charge the days since the last charge, or since the position was opened."""
        security, now = margin_interest_rate_parameters.security, margin_interest_rate_parameters.time
        holding = security.holdings
        if not holding.exact_quantity:
            self._since = None
            return
        is_short = holding.exact_quantity < 0
        if self._since is None or is_short != self._was_short:
            self._was_short, self._since = is_short, now
            return
        days = (now.date() - self._since.date()).days
        if not days:
            return
        rate = self._rate(security)
        if not rate:
            self._since = None
            return
        fee = rate * holding.exact_holdings_value / _DAYS_OF_YEAR * days
        self.exact_amount += fee
        security.quote_currency.add_amount(fee)
        self._since = now

    def _rate(self, security: Any) -> Decimal:
        provider = getattr(security, "shortable_provider", None)
        if provider is None:
            return ZERO
        day = security.local_time.replace(hour=0, minute=0, second=0, microsecond=0)
        rate_of = provider.fee_rate if self._was_short else provider.rebate_rate
        return exact(rate_of(security.symbol, day) or 0)
