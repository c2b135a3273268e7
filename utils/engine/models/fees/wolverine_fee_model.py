"""Wolverine's fees."""

from __future__ import annotations

from decimal import Decimal

from utils.engine.dotnet.money import exact
from utils.engine.models.fees.fee_model import FeeModel


class WolverineFeeModel(FeeModel):
    """Orders are free in backtests.

    LEAN's class hides its base's method instead of overriding it, so that its engine never asks for the
    amount a share.
    """

    def __init__(self, fees_per_share: float | Decimal | None = None) -> None:
        self.exact_fees_per_share = exact(Decimal("0.005") if fees_per_share is None else fees_per_share)
