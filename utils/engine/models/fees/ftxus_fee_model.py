"""Fees of FTX in the US."""

from __future__ import annotations

from decimal import Decimal

from utils.engine.models.fees.ftx_fee_model import FTXFeeModel


class FTXUSFeeModel(FTXFeeModel):
    """FTX's way at higher rates."""

    _MAKER, _TAKER = Decimal("0.001"), Decimal("0.004")
