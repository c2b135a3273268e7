"""What a settlement model is given."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from utils.engine.dotnet.naming import DotNet
from utils.engine.securities.cash_amount import CashAmount


class ApplyFundsSettlementModelParameters(DotNet):
    """The money of a fill."""

    portfolio: Any
    security: Any
    utc_time: datetime
    cash_amount: CashAmount
    fill: Any

    def __init__(
        self,
        portfolio: Any,
        security: Any,
        application_time_utc: datetime,
        cash_amount: CashAmount,
        fill: Any,
    ) -> None:
        self.portfolio, self.security, self.utc_time = portfolio, security, application_time_utc
        self.cash_amount, self.fill = cash_amount, fill


class ScanSettlementModelParameters(DotNet):
    """The time to look whether money has settled."""

    portfolio: Any
    security: Any
    utc_time: datetime

    def __init__(self, portfolio: Any, security: Any, time_utc: datetime) -> None:
        self.portfolio, self.security, self.utc_time = portfolio, security, time_utc
