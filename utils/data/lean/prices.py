"""Prices of equities are ten-thousandths in LEAN's files, all others decimals."""

from __future__ import annotations

import numpy as np

from trading.bars import Float64Array
from trading.security_type import SecurityType

EQUITY_SCALE = 10_000.0


def price_scale(security_type: SecurityType) -> float:
    """What a price is multiplied by in a file."""
    return EQUITY_SCALE if security_type is SecurityType.EQUITY else 1.0


def scaled(prices: Float64Array, security_type: SecurityType) -> Float64Array:
    """Prices as a file has them: of equities the nearest ten-thousandths, NaN left as it is."""
    return np.rint(prices * EQUITY_SCALE) if security_type is SecurityType.EQUITY else prices
