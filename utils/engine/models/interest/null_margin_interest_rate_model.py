"""Borrowed money costs nothing."""

from __future__ import annotations

from typing import ClassVar

from utils.engine.dotnet.naming import DotNet
from utils.engine.models.interest.margin_interest_rate_parameters import MarginInterestRateParameters


class MarginInterestRateModel(DotNet):
    """Base of interest models."""

    NULL: ClassVar[MarginInterestRateModel]

    def apply_margin_interest_rate(
        self, margin_interest_rate_parameters: MarginInterestRateParameters
    ) -> None:
        """Charge the interest that is due."""


class NullMarginInterestRateModel(MarginInterestRateModel):
    """Charges nothing."""


MarginInterestRateModel.NULL = NullMarginInterestRateModel()
