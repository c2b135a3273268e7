"""TD Ameritrade's fees."""

from __future__ import annotations

from utils.engine.models.fees.fee_model import FeeModel


class TDAmeritradeFeeModel(FeeModel):
    """Orders are free: LEAN's class hides its base's method instead of overriding it."""
