"""Eze's fees."""

from __future__ import annotations

from utils.engine.models.fees.fee_model import FeeModel


class EzeFeeModel(FeeModel):
    """Orders are free."""
