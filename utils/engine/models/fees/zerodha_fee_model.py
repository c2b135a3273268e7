"""Zerodha's fees."""

from __future__ import annotations

from decimal import Decimal

from utils.engine.models.fees.india_fee_model import IndiaFeeModel


class ZerodhaFeeModel(IndiaFeeModel):
    """India's taxes with Zerodha's commission."""

    _commission = Decimal("0.0003")
    _greatest_commission = Decimal(20)
    _sale_tax = Decimal("0.00025")
    _exchange = Decimal("0.0000345")
    _state_tax = Decimal("0.18")
    _supervision = Decimal("0.000001")
    _stamp = Decimal("0.00003")
    _stamp_from_order_value = True
