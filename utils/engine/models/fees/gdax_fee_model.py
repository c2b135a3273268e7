"""Coinbase's fees under its former name."""

from __future__ import annotations

from utils.engine.models.fees.coinbase_fee_model import CoinbaseFeeModel


class GDAXFeeModel(CoinbaseFeeModel):
    """Coinbase under its former name."""
